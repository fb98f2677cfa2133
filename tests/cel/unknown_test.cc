// Unknown is a value: it decides nothing, and what is decided without it stays decided.
#include <gtest/gtest.h>

#include "testing.h"

namespace plumbline::cel {
namespace {

constexpr std::string_view kTrue = R"({"bool": true})";
constexpr std::string_view kFalse = R"({"bool": false})";
constexpr std::string_view kUnknown = R"({"unknown": []})";
constexpr std::string_view kElement = R"({"unknown": ["var.x has no default"]})";

constexpr Case kCases[] = {
    {"u", kUnknown},
    {"u.a.b", kUnknown},
    {"u[0]", kUnknown},
    {"[1][u]", kUnknown},
    {"u == 3", kUnknown},
    {"u < 3", kUnknown},
    {"u + 1", kUnknown},
    {"!u", kUnknown},
    {"-u", kUnknown},
    {"false && u", kFalse},
    {"u && false", kFalse},
    {"true && u", kUnknown},
    {"true || u", kTrue},
    {"u || true", kTrue},
    {"false || u", kUnknown},
    {"u && 1 / 0 == 1", kUnknown},
    {"u ? 1 : 2", kUnknown},
    {"true ? 1 : u", R"({"int": "1"})"},
    {"u.startsWith('a')", kUnknown},
    {"size(u)", kUnknown},
    {"u.exists(x, true)", kUnknown},
    {"has(u.x)", kUnknown},
    {"type(u)", kUnknown},
    // Collections with unknown members.
    {"1 in [1, u]", kTrue},
    {"2 in [1, u]", kUnknown},
    {"u in []", kFalse},
    {"u in [1, 2]", kUnknown},
    {"arn in ['x', 'y']", kFalse},
    {"size([u, 1])", R"({"int": "2"})"},
    {"[1, u] == [2, u]", kFalse},
    {"[1, u] == [1, 2]", kUnknown},
    {"[1, u] == [1]", kFalse},
    {"{'a': u}.a", kUnknown},
    {"{'a': u, 'b': 1}.b", R"({"int": "1"})"},
    {"[u, 1].map(x, 7)", R"({"list": [{"int": "7"}, {"int": "7"}]})"},
    // Plain values with unknown elements: the first one's cause is kept.
    {"list[1]", kElement},
    {"list[0]", R"({"int": "1"})"},
    {"3 in list", kTrue},
    {"4 in list", kElement},
    {"list.size()", R"({"int": "3"})"},
    {"list.exists(x, x == 3)", kTrue},
    {"list.exists(x, x == 4)", kElement},
    {"list.all(x, x < 2)", kFalse},
    {"list.all(x, x > 0)", kElement},
    {"list.exists_one(x, x > 0)", kFalse},
    {"list.exists_one(x, x == 1)", kElement},
    {"list.filter(x, x > 0)", kElement},
    {"list.map(x, x)[2]", R"({"int": "3"})"},
    {"list.join(',')", R"x({"error": "no overload of 'join' for (int)"})x"},
    // What is known of an unknown.
    {"arn == null", kFalse},
    {"arn != null", kTrue},
    {"arn.startsWith('arn:')", kTrue},
    {"arn.startsWith('http')", kFalse},
    {"arn.startsWith('arn:aws:s3:::bucket/x')", kUnknown},
    {"arn == 'x'", kFalse},
    {"arn == 'arn:aws:s3:::b'", kUnknown},
};

Calculator& Prepared(Calculator& c) {
  UnknownInfo arn;
  arn.prefix = "arn:aws:s3:::";
  arn.not_null = true;
  return c.Unknown("u").Unknown("arn", arn).ListWithUnknown("list");
}

TEST(Unknown, Table) {
  Calculator c;
  Prepared(c);
  for (const Case& test : kCases) EXPECT_EQ(c.Run(test.source), test.expected) << test.source;
}

TEST(Unknown, Lenient) {
  Calculator c(true);
  Prepared(c);
  EXPECT_EQ(c.Run("has(u.x)"), kUnknown);
  EXPECT_EQ(c.Run("null < u"), kUnknown);
  EXPECT_EQ(c.Run("null && u"), kFalse);
  EXPECT_EQ(c.Run("null || u"), kUnknown);
  EXPECT_EQ(c.Run("null + u"), kUnknown);
  EXPECT_EQ(c.Run("u.x.all(y, y.z)"), kUnknown);
}

}  // namespace
}  // namespace plumbline::cel
