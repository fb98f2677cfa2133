// Nothing that a template can ask for hangs or takes all the memory, and what is random in Helm has
// the same form and is always the same here.
#include <gtest/gtest.h>

#include "helm/functions_test.h"

namespace plumbline::helm {
namespace {

void ExpectError(std::string_view text, std::string_view part) {
  std::string got = Rendered(text);
  EXPECT_TRUE(got.starts_with("ERROR")) << text << " → " << got.substr(0, 80);
  EXPECT_NE(got.find(part), std::string::npos) << text << " → " << got.substr(0, 200);
}

TEST(Limits, LongTexts) {
  constexpr std::string_view kTooLong = "the text would be longer than 33554432 bytes";
  for (std::string_view text :
       {"{{ repeat 1000000000000 \"x\" }}", "{{ indent 1000000000000 \"x\" }}",
        "{{ nindent 40000000 \"x\" }}", "{{ randAlphaNum 1000000000000 }}",
        "{{ randBytes 1000000000000 }}", "{{ $x := repeat 100000 \"x\" }}{{ replace \"x\" $x $x }}",
        "{{ $x := repeat 100000 \"x\" }}{{ regexReplaceAll \"x\" $x $x }}",
        "{{ $x := repeat 100000 \"x \" }}{{ wrapWith 1 $x $x }}",
        "{{ $x := repeat 1000000 \"x\" }}{{ join $x (until 100) }}"})
    ExpectError(text, kTooLong);
  EXPECT_EQ(Rendered("{{ repeat 1000000000000 \"\" }}"), "");
  EXPECT_EQ(Rendered("{{ repeat 33554432 \"x\" | len }}"), "33554432");
}

TEST(Limits, LongLists) {
  for (std::string_view text :
       {"{{ until 1000000000000 }}", "{{ untilStep 0 1000000000000 1 }}", "{{ seq 1000000000000 }}",
        "{{ seq -9223372036854775808 9223372036854775806 }}"})
    ExpectError(text, "the list would have more than 2000000 numbers");
  ExpectError("{{ repeat 3000000 \"a,\" | splitList \",\" }}", "more than 2000000 items");
  ExpectError("{{ repeat 3000000 \"a,\" | split \",\" }}", "more than 2000000 parts");
  EXPECT_EQ(Rendered("{{ untilStep 0 9223372036854775807 9223372036854775806 }}"),
            "[0 9223372036854775806]");
}

TEST(Limits, WorkIsCounted) {
  gotmpl::ExecutionLimits limits;
  limits.steps = 100'000;
  for (std::string_view text :
       {"{{ $s := \"xxxxxxxx\" }}{{ range until 60 }}{{ $s = print $s $s | upper }}{{ end }}",
        "{{ range until 1000 }}{{ $x := until 1000 }}{{ end }}",
        "{{ $l := until 1000 }}{{ range until 1000 }}{{ $x := has -1 $l }}{{ end }}",
        "{{ range until 10 }}{{ $x := repeat 1000000 \"x\" }}{{ end }}",
        "{{ derivePassword 1 \"long\" \"p\" \"u\" \"s\" }}",
        "{{ range until 1000 }}{{ $x := genCA \"x\" 1 }}{{ end }}"})
    EXPECT_NE(Rendered(text, limits).find("steps"), std::string::npos) << text;
}

TEST(Limits, ValuesThatContainThemselves) {
  const std::string self = "{{ $d := dict }}{{ $_ := set $d \"d\" $d }}";
  EXPECT_EQ(Rendered(self + "{{ toYaml $d }}{{ toJson $d }}{{ toYamlPretty $d }}"), "");
  ExpectError(self + "{{ mustToJson $d }}", "nested more than 500 levels deep");
  ExpectError(self + "{{ deepCopy $d }}", "nested more than 500 levels deep");
  EXPECT_NE(Rendered(self + "{{ toToml $d }}").find("nested more than 500 levels deep"),
            std::string::npos);
  EXPECT_EQ(Rendered(self + "{{ merge $d $d | len }}"), "1");
  ExpectError(self + "{{ $e := dict }}{{ $_ := set $e \"d\" $e }}{{ merge $d $e | len }}",
              "nested more than 500 levels deep");
}

TEST(Limits, DeepTexts) {
  EXPECT_NE(Rendered("{{ fromJsonArray (repeat 100000 \"[\") }}").find("exceeded max depth"),
            std::string::npos);
  EXPECT_NE(Rendered("{{ fromYamlArray (repeat 100000 \"[\") }}").find("error"), std::string::npos);
  EXPECT_NE(Rendered("{{ fromToml (cat \"a = \" (repeat 100000 \"[\")) }}").find("levels deep"),
            std::string::npos);
}

TEST(StandIns, AreWellFormedAndStable) {
  EXPECT_EQ(Rendered("{{ randAlphaNum 8 | len }} {{ randNumeric 3 | regexMatch \"^[0-9]{3}$\" }}"),
            "8 true");
  EXPECT_EQ(Rendered("{{ eq (randAlphaNum 8) (randAlphaNum 8) }}"), "true");
  EXPECT_EQ(
      Rendered("{{ uuidv4 | regexMatch "
               "\"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$\" }}"),
      "true");
  EXPECT_EQ(Rendered("{{ htpasswd \"u\" \"p\" | regexMatch "
                     "\"^u:\\\\$2a\\\\$10\\\\$[./A-Za-z0-9]{53}$\" }}"),
            "true");
  EXPECT_EQ(
      Rendered("{{ $ca := genCA \"ca\" 365 }}{{ $c := genSignedCert \"svc\" (list "
               "\"10.0.0.1\" \"::1\") (list \"svc.ns\") 365 $ca }}{{ $c.Cert | trunc 28 }}"
               "{{ $c.Key | trunc 32 }}{{ typeOf $c }} {{ eq $c.Cert $ca.Cert }}"),
      "-----BEGIN CERTIFICATE-----\n-----BEGIN RSA PRIVATE KEY-----\nsprig.certificate false");
  EXPECT_EQ(Rendered("{{ $c := genSelfSignedCert \"x\" nil nil 1 }}{{ (buildCustomCert (b64enc "
                     "$c.Cert) (b64enc $c.Key)).Key | eq $c.Key }}"),
            "true");
  ExpectError("{{ genSelfSignedCert \"x\" (list \"300.1.1.1\") nil 1 }}",
              "error parsing ip: 300.1.1.1");
  ExpectError("{{ genCAWithKey \"x\" 1 \"no\" }}", "parsing private key: no PEM data in input");
  EXPECT_EQ(Rendered("{{ now | date \"2006-01-02\" }} {{ shuffle \"abc\" | len }}"),
            "2025-01-01 3");
}

// The frame fits the key, and the public exponent 65537 stands in it.
TEST(StandIns, KeysAreDer) {
  std::string body = Rendered(
      "{{ (genCA \"x\" 1).Key | splitList \"\\n\" | rest | join \"\" | trimSuffix \"-----END RSA "
      "PRIVATE KEY-----\" | b64dec }}");
  EXPECT_NE(body.find(std::string("\x02\x03\x01\x00\x01\x02", 6)), std::string::npos);
  EXPECT_EQ(body.size(),
            4u + static_cast<unsigned char>(body[2]) * 256u + static_cast<unsigned char>(body[3]));
}

TEST(Messages, OfTheUserAreMarked) {
  EXPECT_EQ(Rendered("{{ fail \"no way\" }}"), "ERROR error calling fail: no way");
  EXPECT_EQ(Rendered("{{ required \"need it\" \"\" }}"), "ERROR error calling required: need it");
}

}  // namespace
}  // namespace plumbline::helm
