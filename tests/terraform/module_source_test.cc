// Module source addresses and version constraints as tables; the answers are terraform 1.11's.
#include <gtest/gtest.h>

#include "terraform/modules/source.h"
#include "terraform/modules/versions.h"

namespace plumbline::terraform {
namespace {

struct SourceCase {
  const char* text;
  const char* expected;
};

std::string Dump(const ModuleSource& s) {
  std::string out;
  switch (s.kind) {
    case SourceKind::kLocal:
      return "local";
    case SourceKind::kUnsupported:
      return "unsupported";
    case SourceKind::kInvalid:
      return "invalid";
    case SourceKind::kRegistry:
      out = "registry " + s.host + "|" + s.ns + "|" + s.name + "|" + s.provider;
      break;
    case SourceKind::kGit:
      out = "git " + s.url;
      break;
    case SourceKind::kHttp:
      out = "http " + s.url;
      break;
  }
  if (!s.subdir.empty()) out += " //" + s.subdir;
  if (!s.ref.empty()) out += " ref=" + s.ref;
  if (!s.archive.empty()) out += " archive=" + s.archive;
  if (!s.checksum.empty()) out += " checksum=" + s.checksum;
  return out;
}

TEST(ModuleSource, IsReadAsTerraformReadsIt) {
  constexpr SourceCase kCases[] = {
      {"./x", "local"},
      {"../x//y", "local"},
      {"/abs/x", "local"},
      {"acme/vpc/aws", "registry |acme|vpc|aws"},
      {"acme/vpc/aws//modules/a", "registry |acme|vpc|aws //modules/a"},
      {"acme/vpc/aws//modules/../b/", "registry |acme|vpc|aws //b"},
      {"mods.example.com/acme/vpc/aws", "registry mods.example.com|acme|vpc|aws"},
      {"Mods.Example.com:8443/acme/vpc/aws", "registry mods.example.com:8443|acme|vpc|aws"},
      {"127.0.0.1:80/a/b/c", "registry 127.0.0.1:80|a|b|c"},
      {"a_b/c-d/e1", "registry |a_b|c-d|e1"},
      {"acme/vpc/AWS", "invalid"},
      {"localhost:8080/a/b/c", "invalid"},
      {"acme/vpc/aws//../x", "invalid"},
      {"foo", "invalid"},
      {"", "invalid"},
      {"gitlab.com/a/b", "invalid"},
      {"mods.example.com/a/b/C", "invalid"},
      {"github.com/o/r", "git https://github.com/o/r.git"},
      {"github.com/o/r.git?ref=v1", "git https://github.com/o/r.git ref=v1"},
      {"github.com/o/r//sub?ref=v1.2.0", "git https://github.com/o/r.git //sub ref=v1.2.0"},
      {"github.com/o/r/sub/dir", "git https://github.com/o/r.git //sub/dir"},
      {"github.com/o", "invalid"},
      {"bitbucket.org/o/r", "git https://bitbucket.org/o/r.git"},
      {"git@github.com:o/r.git//sub?ref=x", "git ssh://git@github.com/o/r.git //sub ref=x"},
      {"git@host.example:/abs/r.git", "git ssh://git@host.example/abs/r.git"},
      {"joe@host.example:o/r.git", "invalid"},
      {"git::git@host.example:o/r.git?ref=a%2Fb", "git ssh://git@host.example/o/r.git ref=a/b"},
      {"git::https://h.example/a/r.git", "git https://h.example/a/r.git"},
      {"git::https://h.example/a/r.git//x/y?ref=v1&depth=1",
       "git https://h.example/a/r.git //x/y ref=v1"},
      {"git::https://h.example/r?a=b&ref=v1", "git https://h.example/r?a=b ref=v1"},
      {"git::https://joe:secret@h.example/r.git", "git https://joe:secret@h.example/r.git"},
      {"git::ssh://git@h.example:2222/r.git?ref=v1", "git ssh://git@h.example:2222/r.git ref=v1"},
      {"git::ssh://git@h.example:o/r.git", "invalid"},
      {"ssh://git@h.example/r.git", "invalid"},
      {"git::file:///srv/r.git//m", "git file:///srv/r.git //m"},
      {"https://h.example/x.zip", "http https://h.example/x.zip"},
      {"https://h.example/x.tar.gz//sub", "http https://h.example/x.tar.gz //sub"},
      {"https://h.example/get?archive=zip&id=3", "http https://h.example/get?id=3 archive=zip"},
      {"https://h.example/x.zip?checksum=sha256:ab",
       "http https://h.example/x.zip checksum=sha256:ab"},
      {"https://h.example/x?u=http://a//b", "http https://h.example/x?u=http://a//b"},
      {"https://h.example/x.zip//../y", "invalid"},
      {"http::https://h.example/x.zip", "http https://h.example/x.zip"},
      {"https://", "invalid"},
      {"ftp://h.example/x.zip", "invalid"},
      {"svn::https://h.example/x", "invalid"},
      {"s3::https://s3.amazonaws.com/b/x.zip", "unsupported"},
      {"b.s3.amazonaws.com/x.zip", "unsupported"},
      {"gcs::https://www.googleapis.com/storage/v1/b/x.zip", "unsupported"},
      {"hg::http://h.example/r", "unsupported"},
      {"file:///srv/x", "unsupported"},
  };
  for (const SourceCase& c : kCases)
    EXPECT_EQ(Dump(ParseModuleSource(c.text)), c.expected) << c.text;
}

TEST(ModuleSource, WhatCannotBeReadSaysWhatWasExpected) {
  for (const char* text : {"foo", "svn::https://h.example/x", "acme/vpc/aws//../x", "s3::x"})
    EXPECT_GT(ParseModuleSource(text).error.size(), 20u) << text;
}

TEST(ModuleSource, PasswordsAreNotShown) {
  ModuleSource s = ParseModuleSource("git::https://joe:secret@h.example/r.git//x?ref=v1");
  EXPECT_EQ(s.shown, "git::https://h.example/r.git");
  EXPECT_EQ(ParseModuleSource("git@h.example:o/r.git").shown, "git::ssh://git@h.example/o/r.git");
  EXPECT_EQ(ShownSource("git::https://joe:secret@h.example/r.git?ref=v1"),
            "git::https://h.example/r.git?ref=v1");
  EXPECT_EQ(ShownSource("git::https://token@h.example/r.git"), "git::https://h.example/r.git");
  EXPECT_EQ(ShownSource("git::ssh://git@h.example/r.git"), "git::ssh://git@h.example/r.git");
  EXPECT_EQ(ShownSource("https://h.example/a@b"), "https://h.example/a@b");
}

TEST(ModuleSource, LoopbackIsThisMachineOnly) {
  for (const char* host : {"127.0.0.1", "127.0.0.1:80", "localhost:1", "[::1]:80", "127.9.9.9"})
    EXPECT_TRUE(IsLoopback(host)) << host;
  for (const char* host : {"127.0.0.1.example.com", "10.0.0.1", "localhost.example", "127.0.0"})
    EXPECT_FALSE(IsLoopback(host)) << host;
}

struct VersionCase {
  const char* constraint;
  const char* expected;
};

TEST(ModuleVersions, TheNewestThatMatchesIsTaken) {
  const std::vector<std::string> kAvailable = {"1.2.3",       "1.10.0",     "1.2.10",     "2.0.0",
                                               "1.9.0-beta1", "0.9.0",      "2.1.0-rc.1", "junk",
                                               "1.2.5",       "3.0.0+build"};
  constexpr VersionCase kCases[] = {
      {"", "3.0.0+build"},
      {"~> 1.2", "1.10.0"},
      {"~> 1.2.0", "1.2.10"},
      {"~> 1.2.5, != 1.2.10", "1.2.5"},
      {"~> 1", "3.0.0+build"},
      {"1.2.3", "1.2.3"},
      {"= 1.2.3", "1.2.3"},
      {"v1.2.3", "1.2.3"},
      {"> 1.2.3, < 1.10", "1.2.10"},
      {">= 1.0, <= 2", "2.0.0"},
      {"1.9.0-beta1", "1.9.0-beta1"},
      {"2.1.0-rc.1", "2.1.0-rc.1"},
      {"= 2.1.0-rc.1", ""},
      {"1.9.0-beta1, != 2", ""},
      {"~> 1.9.0-beta1", ""},
      {">= 2.1.0-rc.1, < 3", ""},
      {"> 3", ""},
      {"!= 3.0.0", "2.0.0"},
      {"= 1.2.3, = 1.2.5", ""},
  };
  for (const VersionCase& c : kCases) {
    auto constraints = ParseConstraints(c.constraint);
    ASSERT_TRUE(constraints.has_value()) << c.constraint;
    EXPECT_EQ(NewestMatching(kAvailable, *constraints), c.expected) << c.constraint;
  }
}

TEST(ModuleVersions, WhatIsNoConstraintIsRefused) {
  for (const char* text : {"latest", "~> ", ">=1.0 <2.0", "1.2.x", "1.0,", "=> 1.0", "1..2"})
    EXPECT_FALSE(ParseConstraints(text).has_value()) << text;
}

TEST(ModuleVersions, OnlyAnEqualityIsExact) {
  auto exact = [](const char* text) { return ExactVersion(*ParseConstraints(text)); };
  EXPECT_EQ(exact("1.2.3"), "1.2.3");
  EXPECT_EQ(exact("= 1.2.3, > 1"), "1.2.3");
  EXPECT_EQ(exact("= 1.2.3, > 2"), "");
  EXPECT_EQ(exact("~> 1.2.3"), "");
  EXPECT_EQ(exact(""), "");
}

TEST(ModuleVersions, AreOrdered) {
  const char* kOrder[] = {"0.9",         "1.0.0-1",       "1.0.0-2",    "1.0.0-10",
                          "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-beta", "1.0.0",
                          "1.0.0.1",     "1.2",           "1.10"};
  for (std::size_t i = 0; i + 1 < std::size(kOrder); ++i) {
    EXPECT_LT(CompareVersions(*ParseVersion(kOrder[i]), *ParseVersion(kOrder[i + 1])), 0)
        << kOrder[i];
  }
  EXPECT_EQ(CompareVersions(*ParseVersion("v1.0"), *ParseVersion("1.0.0+x")), 0);
}

}  // namespace
}  // namespace plumbline::terraform
