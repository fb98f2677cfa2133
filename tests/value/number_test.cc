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

TEST(Number, SignOfZero) {
  Arena arena;
  EXPECT_EQ(FormatNumber(*Modulo(arena, Value::Int(4), Value::Int(2))), "0");
  EXPECT_EQ(FormatNumber(*Modulo(arena, Value::Int(-4), Value::Int(2))), "0");
  EXPECT_EQ(FormatNumber(*Subtract(arena, Value::Int(4), Value::Int(4))), "0");
  EXPECT_EQ(FormatNumber(Negate(arena, Value::Int(0))), "-0");
  EXPECT_EQ(FormatNumber(*Multiply(arena, Value::Int(0), Value::Int(-1))), "-0");
  EXPECT_EQ(CompareNumbers(Negate(arena, Value::Int(0)), Value::Int(0)), 0);
}

TEST(Number, Formats) {
  Arena arena;
  Value third = *Divide(arena, Value::Int(1), Value::Int(3));
  EXPECT_EQ(FormatFloat(third, 'f', 3), "0.333");
  EXPECT_EQ(FormatFloat(*ParseNumber(arena, "2.5"), 'f', 0), "2");
  EXPECT_EQ(FormatFloat(*ParseNumber(arena, "0.5"), 'f', 0), "0");
  EXPECT_EQ(FormatFloat(Value::Int(123456), 'e', 3), "1.235e+05");
  EXPECT_EQ(FormatFloat(Value::Int(1000000), 'g', -1), "1e+06");
  EXPECT_EQ(FormatFloat(*ParseNumber(arena, "0.0001"), 'g', -1), "0.0001");
  EXPECT_EQ(FormatFloat(Value::Int(1234567), 'g', 10), "1234567");
  EXPECT_EQ(FormatFloat(Value::Int(-255), 'E', 6), "-2.550000E+02");
  EXPECT_EQ(FormatInteger(Value::Int(-255), 16), "-ff");
  EXPECT_EQ(FormatInteger(*ParseNumber(arena, "10000000000"), 8), "112402762000");
}

}  // namespace
}  // namespace plumbline
