#include "value/number.h"

#include <gtest/gtest.h>

namespace plumbline {
namespace {

TEST(Number, PrintsShortestAtFiveHundredTwelveBits) {
  struct Case {
    const char *in, *out;
  } cases[] = {{"12", "12"},
               {"-3", "-3"},
               {"0.1", "0.1"},
               {"1e21", "1000000000000000000000"},
               {"1.50", "1.5"},
               {"9007199254740993", "9007199254740993"},
               {"-0.00012", "-0.00012"},
               {"10000000000000000.1", "10000000000000000.1"}};
  Arena arena;
  for (const Case& c : cases) {
    auto v = ParseNumber(arena, c.in);
    ASSERT_TRUE(v) << c.in;
    EXPECT_EQ(FormatNumber(*v), c.out);
  }
}

TEST(Number, RefusesWhatIsNoNumber) {
  Arena arena;
  for (const char* s : {"", "a", "1a", "--1", "1e", "0x10", "nan", "inf", ".", "1 "})
    EXPECT_FALSE(ParseNumber(arena, s)) << s;
}

TEST(Number, ArithmeticIsExactBeyondDoubles) {
  Arena arena;
  auto n = [&](const char* s) { return *ParseNumber(arena, s); };
  EXPECT_EQ(CompareNumbers(*Add(arena, n("0.1"), n("0.2")), n("0.3")), 0);
  EXPECT_EQ(FormatNumber(*Add(arena, n("10000000000000000"), n("0.1"))), "10000000000000000.1");
  EXPECT_EQ(FormatNumber(*Divide(arena, n("1"), n("3"))).size(), 157u);  // "0." and 155 digits
  EXPECT_TRUE(IsInfinite(*Divide(arena, n("1"), n("0"))));
  EXPECT_FALSE(Divide(arena, n("0"), n("0")));
  EXPECT_EQ(FormatNumber(*Modulo(arena, n("-10"), n("3"))), "-1");
  EXPECT_EQ(FormatNumber(*Modulo(arena, n("5"), n("0"))), "5");
  EXPECT_EQ(FormatNumber(*Multiply(arena, n("9223372036854775807"), n("2"))),
            "18446744073709551614");
}

}  // namespace
}  // namespace plumbline
