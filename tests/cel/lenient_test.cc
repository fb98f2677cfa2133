// The dialect of rules: absent is null, a lone block is a list of one.
#include <gtest/gtest.h>

#include "testing.h"

namespace plumbline::cel {
namespace {

constexpr std::string_view kTrue = R"({"bool": true})";
constexpr std::string_view kFalse = R"({"bool": false})";
constexpr std::string_view kNull = R"({"null": null})";

constexpr Case kCases[] = {
    // Absent is null.
    {"x.none", kNull},
    {"x.none.deeper.still", kNull},
    {"x.text.field", kNull},
    {"x.items[7]", kNull},
    {"x.items[-1]", kNull},
    {"x['none']", kNull},
    {"x.none[0]", kNull},
    {"has(x.text) && !has(x.none) && !has(x.zilch) && !has(x.none.deeper)", kTrue},
    {"x.none == null && x.zilch == null", kTrue},
    {"x.none == 3 || x.none == ''", kFalse},
    // Order with null is never so.
    {"x.none < 3 || x.none >= 3 || 3 > x.none || x.none <= x.none", kFalse},
    {"x.text < 5 || x.text >= 5", kFalse},
    {"x.number == '5' || x.number < '6'", kFalse},
    // Null in conditions.
    {"!x.none", kTrue},
    {"x.none && true", kFalse},
    {"x.none || true", kTrue},
    {"x.none || x.none", kFalse},
    {"x.none ? 1 : 2", R"({"int": "2"})"},
    // Null in collections.
    {"size(x.none) + x.none.size()", R"({"int": "0"})"},
    {"1 in x.none", kFalse},
    {"x.none in ['a']", kFalse},
    {"null in [null]", kTrue},
    {"x.none.exists(i, true)", kFalse},
    {"x.none.all(i, false)", kTrue},
    {"x.none.exists_one(i, true)", kFalse},
    {"x.none.map(i, i)", R"({"list": []})"},
    {"x.none.filter(i, i).size() == 0", kTrue},
    {"x.none.join(',')", R"({"string": ""})"},
    {"x.none.distinct()", R"({"list": []})"},
    // Strings.
    {"x.none.startsWith('a') || x.none.endsWith('a') || x.none.contains('a')", kFalse},
    {"x.none.matches('.*') || x.text.contains(x.none)", kFalse},
    {"x.none.lowerAscii()", kNull},
    {"x.none.split(',')", kNull},
    {"x.none.split(',').exists(p, p == 'a')", kFalse},
    {"int(x.none)", kNull},
    // Arithmetic.
    {"x.none + 1", kNull},
    {"1 - x.none", kNull},
    {"-x.none", kNull},
    {"x.number + 1.5", R"({"double": 6.5})"},
    {"x.number / 2", R"({"int": "2"})"},
    {"x.ratio * 2 == 1", kTrue},
    // A lone block stands for the list of it.
    {"x.block.exists(b, b.on)", kTrue},
    {"x.block.all(b, b.name == 'one' && b.on)", kTrue},
    {"x.block.map(b, b.name)", R"({"list": [{"string": "one"}]})"},
    {"x.block[0].name", R"({"string": "one"})"},
    {"x.block[1].name", kNull},
    {"x.blocks.exists(b, b.on)", kTrue},
    {"x.block.all(k, k in ['name', 'on'])", kTrue},
    {"x.block.exists(k, v, k == 'on' && v)", kTrue},
    // What stays an error.
    {"x.number.startsWith('5')", R"x({"error": "no overload of 'startsWith' for (int, string)"})x"},
    {"x.text && true", R"x({"error": "no overload of 'condition' for (string)"})x"},
};

TEST(Lenient, Table) {
  Calculator c(true);
  c.Var("x", R"({"text": "t", "number": 5, "ratio": 0.5, "zilch": null, "items": [1, 2],
                 "block": {"name": "one", "on": true}, "blocks": [{"on": false}, {"on": true}]})");
  for (const Case& test : kCases) EXPECT_EQ(c.Run(test.source), test.expected) << test.source;
}

TEST(Lenient, TheStandardDialectRefusesTheSame) {
  Calculator c;
  c.Var("x", R"({"zilch": null})");
  EXPECT_EQ(c.Run("x.none"), R"({"error": "no such key: 'none'"})");
  EXPECT_EQ(c.Run("x.zilch < 1"), R"x({"error": "no overload of '<' for (null_type, int)"})x");
  EXPECT_EQ(c.Run("x.zilch || true"), kTrue);
  EXPECT_EQ(c.Run("x.zilch && true"),
            R"x({"error": "no overload of 'condition' for (null_type)"})x");
}

}  // namespace
}  // namespace plumbline::cel
