// Hostile expressions end in an error, soon, without a crash.
#include <gtest/gtest.h>

#include "testing.h"

namespace plumbline::cel {
namespace {

std::string Repeat(std::string_view text, int n) {
  std::string out;
  for (int i = 0; i < n; ++i) out += text;
  return out;
}

constexpr std::string_view kDeep = "the expression nests deeper than 512 levels";
constexpr std::string_view kSteps = R"({"error": "the expression takes too many steps"})";

TEST(Limits, Nesting) {
  const int n = 100'000;
  for (const std::string& source : {
           Repeat("(", n) + "1" + Repeat(")", n),
           Repeat("[", n),
           Repeat("!", n) + "true",
           Repeat("-", n) + "1",
           Repeat("{1:", n),
           "1" + Repeat("+1", n),
           "x" + Repeat(".y", n),
           "x" + Repeat("[0]", n),
           "x" + Repeat(".f()", n),
           Repeat("true?true:", n) + "true",
           Repeat("[1].map(x,", n),
           Repeat("has(", n),
           Repeat("true||(", n),
       }) {
    EXPECT_NE(Calculator().Run(source).find(kDeep), std::string::npos) << source.substr(0, 20);
  }
}

TEST(Limits, FlatChainsAreNotDeep) {
  EXPECT_EQ(Calculator().Run("true" + Repeat(" && true", 10'000)), R"({"bool": true})");
  EXPECT_EQ(Calculator().Run("size([1" + Repeat(",1", 10'000) + "])"), R"({"int": "10001"})");
}

TEST(Limits, NestedLoops) {
  std::string source = "1", list = "[0,1,2,3,4,5,6,7,8,9]";
  for (int i = 0; i < 30; ++i) source = list + ".map(x, " + source + ")";
  EXPECT_EQ(Calculator().Run(source), kSteps);
  std::string test = "false";
  for (int i = 0; i < 30; ++i) test = list + ".exists(x, " + test + ")";
  EXPECT_EQ(Calculator().Run(test), kSteps);
}

TEST(Limits, DoublingTextsAndLists) {
  std::string text = "size(x)", list = "size(x)", pairs = "x == x";
  for (int i = 0; i < 100; ++i) {
    text = "cel.bind(x, x + x, " + text + ")";
    list = "cel.bind(x, x + x, " + list + ")";
    pairs = "cel.bind(x, [x, x], " + pairs + ")";
  }
  Calculator c;
  EXPECT_NE(c.Run("cel.bind(x, 'a', " + text + ")").find("error"), std::string::npos);
  EXPECT_EQ(c.Run("cel.bind(x, [1], " + list + ")"), kSteps);
  EXPECT_EQ(c.Run("cel.bind(x, [1], " + pairs + ")"), kSteps);
}

TEST(Limits, StringSize) {
  Calculator c;
  c.limits().max_string_bytes = 10;
  EXPECT_EQ(c.Run("'12345' + '67890'"), R"({"string": "1234567890"})");
  EXPECT_EQ(c.Run("'12345' + '678901'"), R"({"error": "a string is longer than 10 bytes"})");
  EXPECT_EQ(c.Run("'aaaa'.replace('a', 'bbb')"),
            R"({"error": "a string is longer than 10 bytes"})");
  EXPECT_EQ(c.Run("['aaaaaa', 'bbbbbb'].join()"),
            R"({"error": "a string is longer than 10 bytes"})");
  EXPECT_EQ(c.Run("'%s%s'.format(['aaaaaa', 'bbbbbb'])"),
            R"({"error": "a string is longer than 10 bytes"})");
}

TEST(Limits, RangesAndFlattening) {
  Calculator c;
  EXPECT_EQ(c.Run("lists.range(9223372036854775807)"), kSteps);
  std::string nested = "x.flatten(1000)";
  for (int i = 0; i < 60; ++i) nested = "cel.bind(x, [x, x], " + nested + ")";
  EXPECT_EQ(c.Run("cel.bind(x, [], " + nested + ")"), kSteps);
}

TEST(Limits, ValuesBuiltDeeperThanTheirExpression) {
  std::string wrap = Repeat("[", 200) + "x" + Repeat("]", 200);
  std::string source = "x == x";
  for (int i = 0; i < 40; ++i) source = "cel.bind(x, " + wrap + ", " + source + ")";
  Calculator c;
  EXPECT_EQ(c.Run("cel.bind(x, 1, " + source + ")"),
            R"({"error": "values nest too deep to be compared"})");
}

TEST(Limits, CodeIsRefusedWhenTampered) {
  std::string code = Compile("[1, 2].map(x, x + 1)", {}).value();
  EXPECT_TRUE(IsValidCode(code));
  EXPECT_FALSE(IsValidCode(code.substr(0, code.size() - 1)));
  EXPECT_FALSE(IsValidCode(""));
  std::string magic = code;
  magic[0] = 'x';
  EXPECT_FALSE(IsValidCode(magic));
  std::string cyclic = code;
  cyclic[sizeof(CodeHeader) + 16 * 5 + 4] = '\x7f';
  EXPECT_FALSE(IsValidCode(cyclic));
}

}  // namespace
}  // namespace plumbline::cel
