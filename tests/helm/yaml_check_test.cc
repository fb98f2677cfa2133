// What go-yaml refuses, in its words.
#include "helm/yaml_check.h"

#include <gtest/gtest.h>

namespace plumbline::helm {
namespace {

struct Row {
  const char *text, *expected;
};
class YamlCheck : public ::testing::TestWithParam<Row> {};
TEST_P(YamlCheck, SaysWhatGoYamlSays) {
  EXPECT_EQ(CheckYaml(GetParam().text).message, GetParam().expected) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(Good, YamlCheck,
                         ::testing::Values(Row{"", ""}, Row{"# c\n", ""}, Row{"a: 1\na: 2\n", ""},
                                           Row{"a:\n- 1\n-\n- {b: [c, d: e]}\n", ""},
                                           Row{"? a\n: b\n", ""}, Row{"a: &x {b: 1}\nc: *x\n", ""},
                                           Row{"a: |-2\n    x\n  y\nb: >+\n  z\n\n", ""},
                                           Row{"a: 'it''s'\nb: \"\\u00e9\\\n  x\"\n", ""},
                                           Row{"\"foo\" bar\n", ""},
                                           Row{"%YAML 1.1\n---\na: !!str 1\n...\n]]]\n", ""},
                                           Row{"a: b\n  c\n", ""}));

INSTANTIATE_TEST_SUITE_P(
    Bad, YamlCheck,
    ::testing::Values(Row{"a: b: c", "mapping values are not allowed in this context"},
                      Row{"a: 1\n  b: 2\n",
                          "line 2: mapping values are not allowed in this context"},
                      Row{"a: [", "line 1: did not find expected node content"},
                      Row{"a: [1\nb: 2\n", "line 1: did not find expected ',' or ']'"},
                      Row{"a: {b\n", "line 1: did not find expected ',' or '}'"},
                      Row{"a: 1\n- b\n", "line 1: did not find expected key"},
                      Row{"- a\nb: 1\n", "line 1: did not find expected '-' indicator"},
                      Row{"a: 1\nfoo\nb: 2\n", "line 3: could not find expected ':'"},
                      Row{"a: \"x", "found unexpected end of stream"},
                      Row{"a:\n\tb: 1\n", "line 2: found character that cannot start any token"},
                      Row{"a: @x", "found character that cannot start any token"},
                      Row{"a: \"\\q\"", "found unknown escape character"},
                      Row{"a: *x", "unknown anchor 'x' referenced"},
                      Row{"a: !x!y z", "found undefined tag handle"},
                      Row{"a: \x01", "control characters are not allowed"},
                      Row{"a: \xff", "invalid leading UTF-8 octet"},
                      Row{"%YAML 2.0\n---\na: 1\n", "found incompatible YAML document"},
                      Row{"a: |0\n x\n", "found an indentation indicator equal to 0"}));

TEST(YamlCheck, DeepTextsAreWalkedWithoutRecursion) {
  EXPECT_EQ(CheckYaml(std::string(20'000, '[')).message, "exceeded max depth of 10000");
  std::string deep;
  for (int i = 0; i < 10'100; ++i) deep += "- ";
  EXPECT_EQ(CheckYaml(deep).message, "exceeded max depth of 10000");
}

}  // namespace
}  // namespace plumbline::helm
