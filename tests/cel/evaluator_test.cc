// What expressions give: literals, operators, macros, functions; errors and their absorption.
#include <gtest/gtest.h>

#include "testing.h"

namespace plumbline::cel {
namespace {

constexpr std::string_view kTrue = R"({"bool": true})";
constexpr std::string_view kFalse = R"({"bool": false})";

constexpr Case kCases[] = {
    // Literals.
    {"0x1F", R"({"int": "31"})"},
    {"-9223372036854775808", R"({"int": "-9223372036854775808"})"},
    {"18446744073709551615u", R"({"uint": "18446744073709551615"})"},
    {"1.5e3", R"({"double": 1500})"},
    {R"('a\tb\u00e9\U0001F600\x41\101')", R"({"string": "a\tbé😀AA"})"},
    {R"(r'\d+')", R"({"string": "\\d+"})"},
    {"'''it's\n\"x\"'''", R"({"string": "it's\n\"x\""})"},
    {R"(b'\xff\000a')", R"({"bytes": "/wBh"})"},
    {"[1, 'a', null] // comment", R"({"list": [{"int": "1"}, {"string": "a"}, {"null": null}]})"},
    {"{'a': 1, 2: true}",
     R"({"map": [[{"string": "a"}, {"int": "1"}], [{"int": "2"}, {"bool": true}]]})"},
    // Precedence and associativity.
    {"2 + 3 * 4 - 10 / 5 % 2", R"({"int": "14"})"},
    {"7 - 3 - 2", R"({"int": "2"})"},
    {"!false && 1 < 2 || false", kTrue},
    {"false ? 1 : true ? 2 : 3", R"({"int": "2"})"},
    {"-(2) == -2 && --2 == 2", kTrue},
    // Numbers.
    {"9223372036854775807 + 1", R"({"error": "int overflow"})"},
    {"0u - 1u", R"({"error": "uint overflow"})"},
    {"7 / 0", R"({"error": "division by zero"})"},
    {"-7 / 2", R"({"int": "-3"})"},
    {"-7 % 3", R"({"int": "-1"})"},
    {"1 < 1.5 && 2u > 1 && 3.0 == 3", kTrue},
    {"0.0 / 0.0 == 0.0 / 0.0", kFalse},
    // Equality across types and deep.
    {"[1, [2u, 3.0]] == [1.0, [2, 3]]", kTrue},
    {"{'a': [1]} == {'a': [1]}", kTrue},
    {"dyn(1) == dyn('1')", kFalse},
    {"null == dyn(0)", kFalse},
    // Absorption.
    {"1 / 0 == 1 || true", kTrue},
    {"false && 1 / 0 == 1", kFalse},
    {"1 / 0 == 1 && false", kFalse},
    {"true && 1 / 0 == 1", R"({"error": "division by zero"})"},
    {"[1, 0].exists(x, 1 / x == 1)", kTrue},
    {"[0, 1].all(x, 1 / x == 7)", kFalse},
    {"[0, 1].all(x, 1 / x == 1)", R"({"error": "division by zero"})"},
    {"true ? 1 : 1 / 0", R"({"int": "1"})"},
    // Access.
    {"{'a': {'b': 7}}.a.b", R"({"int": "7"})"},
    {"[1, 2][2]", R"({"error": "index out of range"})"},
    {"{'a': 1}['b']", R"({"error": "no such key"})"},
    {"{1: 'x'}[1u] + {1u: 'y'}[1.0]", R"({"string": "xy"})"},
    {"has({'a': null}.a) && !has({'a': 1}.b)", kTrue},
    {"'a' in {'a': 1} && !(2 in [1, 3])", kTrue},
    {"2 in [1, 2u] && !('x' in ['a', null]) && null in [null]", kTrue},
    {"1 / 0 in [1]", R"({"error": "division by zero"})"},
    {"google.protobuf.Int32Value{value: 3} + 1", R"({"int": "4"})"},
    {"{'a': 1, 'a': 2}", R"({"error": "a map has the same key twice"})"},
    // Macros.
    {"[1, 2, 3].filter(x, x > 1).map(x, x * x)", R"({"list": [{"int": "4"}, {"int": "9"}]})"},
    {"[1, 2, 3].map(x, x != 2, x)", R"({"list": [{"int": "1"}, {"int": "3"}]})"},
    {"[1, 2, 2].exists_one(x, x == 1) && ![1, 1].existsOne(x, x == 1)", kTrue},
    {"{'k': 5}.exists(k, k == 'k') && {'k': 5}.all(k, v, v == 5)", kTrue},
    {"[1, 2].map(x, [10, 20].map(y, x + y))[1][0]", R"({"int": "12"})"},
    {"{'a': 1}.transformMap(k, v, v + 1)", R"({"map": [[{"string": "a"}, {"int": "2"}]]})"},
    {"{'a': 'b'}.transformMapEntry(k, v, {v: k})",
     R"({"map": [[{"string": "b"}, {"string": "a"}]]})"},
    {"cel.bind(x, 2 + 3, x * x)", R"({"int": "25"})"},
    {"cel.block([1, cel.index(0) + 1], cel.index(1) * 10)", R"({"int": "20"})"},
    // Strings.
    {"'hello'.size() + size('ü') + size([1]) + size({})", R"({"int": "7"})"},
    {"'a,b,c'.split(',', 2)", R"({"list": [{"string": "a"}, {"string": "b,c"}]})"},
    {"'abc'.split('')", R"({"list": [{"string": "a"}, {"string": "b"}, {"string": "c"}]})"},
    {"['a', 'b'].join('-')", R"({"string": "a-b"})"},
    {"'über'.upperAscii() + 'ÜBER'.lowerAscii()", R"({"string": "üBERÜber"})"},
    {"'banana'.replace('an', 'AN', 1)", R"({"string": "bANana"})"},
    {"'tacocat'.substring(1, 3) + 'x'.charAt(0) + 'über'.reverse()", R"({"string": "acxrebü"})"},
    {"'aXbX'.lastIndexOf('X') - 'aXbX'.indexOf('X')", R"({"int": "2"})"},
    {"' \u00a0x '.trim() == 'x'", kTrue},
    {"'foo123'.matches('^[a-z]+\\\\d{3}$') && matches('x', 'x|y')", kTrue},
    {"strings.quote('a\"\\n')", R"({"string": "\"a\\\"\\n\""})"},
    {"'%s=%d %.2f %x %b %%'.format(['a', 5, 1.005, 255, true])",
     R"({"string": "a=5 1.00 ff 1 %"})"},
    {"'%s'.format([[1, {'k': null}]])", R"({"string": "[1, {k: null}]"})"},
    // Conversions.
    {"int('42') + int(3.9) + int(true ? 1u : 2u)", R"({"int": "46"})"},
    {"string(1.0) + string(true) + string(b'x')", R"({"string": "1truex"})"},
    {"double('x')", R"({"error": "double(): the text is no number"})"},
    {"type(1) == int && type(type(1)) == type && type([]) == list", kTrue},
    // Time.
    {"timestamp('2024-02-29T12:00:00+02:00') + duration('1h30m')",
     R"({"timestamp": "1709206200.000000000"})"},
    {"timestamp('2023-02-29T12:00:00Z')",
     R"({"error": "timestamp(): expected a text such as \"2024-05-01T10:00:00Z\""})"},
    {"timestamp('2024-07-01T12:00:00Z').getHours('Europe/Berlin')", R"({"int": "14"})"},
    {"timestamp('2024-07-01T12:00:00Z').getHours('../etc/passwd')",
     R"({"error": "unknown time zone '../etc/passwd'"})"},
    {"string(duration('-1.5s')) + ' ' + string(timestamp(0))",
     R"({"string": "-1.5s 1970-01-01T00:00:00Z"})"},
    {"duration('9223372037s')", R"({"error": "duration(): expected a text such as \"1h30m\""})"},
    // Extensions.
    {"math.greatest(1, 2.5, 2u) == 2.5 && math.bitAnd(6, 3) == 2", kTrue},
    {"[3, 1, 2].sort() == [1, 2, 3] && [1, 1].distinct() == [1]", kTrue},
    {"sets.contains([1, 2], [2]) && sets.intersects([1], [1, 3])", kTrue},
    {"cidr('10.0.0.0/8').containsIP('10.1.2.3') && ip('::1').isLoopback()", kTrue},
    {"string(ip('2001:DB8:0:0::1'))", R"({"string": "2001:db8::1"})"},
    {"{'a': 1}.?b.orValue(5) + {?'c': optional.of(2)}.c", R"({"int": "7"})"},
    {"base64.decode('aGk') == b'hi' && base64.encode(b'hi') == 'aGk='", kTrue},
};

TEST(Evaluator, Table) {
  for (const Case& c : kCases) EXPECT_EQ(Calculator().Run(c.source), c.expected) << c.source;
}

TEST(Evaluator, UncheckedFaultsAreMetWhenEvaluated) {
  Calculator unchecked(false, false);
  EXPECT_EQ(unchecked.Run("f_unknown(17) || true"), kTrue);
  EXPECT_EQ(unchecked.Run("f_unknown(17)"), R"({"error": "unknown function 'f_unknown'"})");
  EXPECT_EQ(unchecked.Run("null > null"),
            R"x({"error": "no overload of '>' for (null_type, null_type)"})x");
}

TEST(Evaluator, PlainValuesInPlace) {
  Calculator c;
  c.Var("x", R"({"list": [1, 2.5, "a", null], "n": {"m": true}})");
  EXPECT_EQ(c.Run("x.list[1]"), R"({"double": 2.5})");
  EXPECT_EQ(c.Run("x.n.m && 'n' in x && 'a' in x.list"), kTrue);
  EXPECT_EQ(c.Run("x.list == [1, 2.5, 'a', null] && x == {'list': x.list, 'n': {'m': true}}"),
            kTrue);
  EXPECT_EQ(c.Run("x.all(k, k in ['list', 'n'])"), kTrue);
  EXPECT_EQ(c.Run("x.absent"), R"({"error": "no such key: 'absent'"})");
}

TEST(Evaluator, Containers) {
  Calculator c;
  c.Var("a.b.x", "1").Var("x", "2").Var("a.y", "3").Container("a.b");
  EXPECT_EQ(c.Run("x"), R"({"int": "1"})");
  EXPECT_EQ(c.Run(".x"), R"({"int": "2"})");
  EXPECT_EQ(c.Run("y"), R"({"int": "3"})");
  EXPECT_EQ(c.Run("[5].map(x, x + .x)"), R"({"list": [{"int": "7"}]})");
}

}  // namespace
}  // namespace plumbline::cel
