// What go-yaml refuses, in its words.
#include "helm/yaml_check.h"

#include <gtest/gtest.h>

#include "yaml/parse.h"

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

// What our reader takes for simple is not looked at twice: it must never be what go-yaml refuses.
TEST(YamlCheck, AcceptsWhateverIsSimple) {
  constexpr std::string_view kSeed =
      "# c\na: b c  # d\n\"e f\": [1, {g: 'h''i'}, \"\\n\\/\"]\nj:\n- k: l\n  m: |-\n    n: o\n\n  "
      "    p\n"
      "- - q\n-\nr:\n  s: {}\n  t: x:y?z\n  -u: :v\nw: ---\nx: |\n  y";
  constexpr std::string_view kPieces = "\n\n  --::#'\"[]{},|>&*!%@`?.~ab0\\\t/ ";
  std::uint32_t state = 1;
  auto next = [&](std::size_t below) {
    state = state * 1664525u + 1013904223u;
    return static_cast<std::size_t>(state >> 8) % below;
  };
  int simple_ones = 0;
  for (int round = 0; round < 4'000; ++round) {
    std::string text(kSeed);
    for (std::size_t n = 1 + next(4); n > 0; --n) {
      std::size_t at = next(text.size());
      switch (next(3)) {
        case 0:
          text[at] = kPieces[next(kPieces.size())];
          break;
        case 1:
          text.insert(at, 1, kPieces[next(kPieces.size())]);
          break;
        default:
          text.erase(at, 1 + next(6));
      }
    }
    Arena arena;
    Diagnostics diagnostics;
    bool simple = false;
    yaml::ParseWith(yaml::Readers::kAll, kNoFile, text, arena, Limits(), diagnostics, &simple);
    if (!simple) continue;
    ++simple_ones;
    ASSERT_EQ(CheckYaml(text, true).message, CheckYaml(text).message) << text;
  }
  EXPECT_GT(simple_ones, 300);
}

}  // namespace
}  // namespace plumbline::helm
