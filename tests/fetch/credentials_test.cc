#include "fetch/credentials.h"

#include <gtest/gtest.h>

#include "fetch/http.h"
#include "fetch/package.h"

namespace plumbline::fetch {
namespace {

TEST(Credentials, AreReadFromTerraformsConfiguration) {
  constexpr char kConfig[] =
      "plugin_cache_dir = \"/x\"\n"
      "credentials \"a.example\" {\n  token = \"one\"\n}\n"
      "credentials \"b.example:8443\" { token = \"two\" }\n";
  EXPECT_EQ(TokenInConfig(kConfig, "a.example"), "one");
  EXPECT_EQ(TokenInConfig(kConfig, "b.example:8443"), "two");
  EXPECT_EQ(TokenInConfig(kConfig, "b.example"), "");
  EXPECT_EQ(TokenInConfig("credentials {{{", "a.example"), "");
}

TEST(Credentials, AreReadFromTheFileOfALogin) {
  constexpr char kLogin[] = R"({"credentials":{"a.example":{"token":"one"}}})";
  EXPECT_EQ(TokenOfLogin(kLogin, "a.example"), "one");
  EXPECT_EQ(TokenOfLogin(kLogin, "b.example"), "");
  EXPECT_EQ(TokenOfLogin("[1]", "a.example"), "");
}

TEST(Credentials, AreReadFromNetrc) {
  constexpr char kNetrc[] =
      "machine a.example login joe password s1\n"
      "machine b.example\n  login ann\n  password s2\ndefault login any password s3\n";
  EXPECT_EQ(NetrcLogin(kNetrc, "a.example"), std::make_pair(std::string("joe"), std::string("s1")));
  EXPECT_EQ(NetrcLogin(kNetrc, "b.example"), std::make_pair(std::string("ann"), std::string("s2")));
  EXPECT_EQ(NetrcLogin(kNetrc, "c.example"), std::make_pair(std::string("any"), std::string("s3")));
  EXPECT_FALSE(NetrcLogin("machine a.example login", "a.example").has_value());
}

TEST(Http, AddressesAreResolved) {
  struct {
    const char *base, *reference, *expected;
  } kCases[] = {
      {"https://h.example/.well-known/terraform.json", "/v1/modules/",
       "https://h.example/v1/modules/"},
      {"https://h.example/a/b/download", "./c.zip", "https://h.example/a/b/c.zip"},
      {"https://h.example/a/b/download", "../c.zip//sub?archive=zip",
       "https://h.example/a/c.zip//sub?archive=zip"},
      {"https://h.example:8443/a", "https://other.example/x", "https://other.example/x"},
      {"https://h.example", "/x?u=http://a", "https://h.example/x?u=http://a"},
  };
  for (const auto& c : kCases)
    EXPECT_EQ(ResolveUrl(c.base, c.reference), c.expected) << c.reference;
  EXPECT_EQ(ShownAddress("https://joe:secret@h.example/x?token=1"), "https://h.example/x");
}

TEST(Http, PagesNameAddresses) {
  EXPECT_EQ(TerraformGetOfPage("<html><meta charset=x><META><meta name=\"terraform-get\" "
                               "content=\"https://h.example/x.zip\"></html>"),
            "https://h.example/x.zip");
  EXPECT_EQ(TerraformGetOfPage("<meta name='other' content='x'>"), "");
  EXPECT_EQ(TerraformGetOfPage("<meta name='terraform-get' content='x"), "x");
  EXPECT_EQ(TerraformGetOfPage("<meta name='terraform-get' content="), "");
}

}  // namespace
}  // namespace plumbline::fetch
