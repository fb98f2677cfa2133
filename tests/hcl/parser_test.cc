#include "hcl/parser.h"

#include <gtest/gtest.h>

namespace plumbline::hcl {
namespace {

struct Case {
  const char* input;
  const char* expected;
};

std::string DumpExpression(std::string_view text) {
  Arena arena;
  Diagnostics diagnostics;
  const Expr* e = ParseExpression(0, text, arena, Limits(), diagnostics);
  if (e == nullptr) return "error: " + (diagnostics.empty() ? "none" : diagnostics[0].message);
  EXPECT_TRUE(diagnostics.empty());
  return Dump(*e);
}

TEST(Expression, Forms) {
  const Case cases[] = {
      {"null", "null"},
      {"true", "true"},
      {"010", "10"},
      {"1.5e2", "150"},
      {"\"a b\"", "\"a b\""},
      {"\"a\\n\\t\\\"\\\\\\u00e9\\U0001F600\"", "\"a\\n\\t\\\"\\\\\u00e9\U0001F600\""},
      {"\"$${a} $$${b} $$ %%{if} 5% $\"", "\"${a} $${b} $$ %{if} 5% $\""},
      {"\"e\xCC\x81\"", "\"\xC3\xA9\""},
      {"a", "a"},
      {"a.b-c.d", "a.b-c.d"},
      {"a[0].b[\"k\"][x.y]", "a[0].b[\"k\"][x.y]"},
      {"a.0.b", "a.0.b"},
      {"a.0.1", "a.0.1"},
      {"a.*.b.0", "a.*.b.0"},
      {"a.*.b[0]", "a.*.b[0]"},
      {"a[*].b[*]", "a[*].b[*]"},
      {"a . b [ 0 ]", "a.b[0]"},
      {"f(x)[0].y", "<(call f x)>[0].y"},
      {"(a).b", "<(parens a)>.b"},
      {"\"s\"[0]", "<\"s\">[0]"},
      {"1 + 2 * 3", "(+ 1 (* 2 3))"},
      {"1 - 2 - 3", "(- (- 1 2) 3)"},
      {"a || b && c == d < e + f % g", "(|| a (&& b (== c (< d (+ e (% f g))))))"},
      {"a <= b != !c", "(!= (<= a b) (! c))"},
      {"-a.b * 2", "(* (- a.b) 2)"},
      {"!-1", "(! (- 1))"},
      {"a ? b : c ? d : e", "(if a b (if c d e))"},
      {"(\n1\n+ 2)", "(parens (+ 1 2))"},
      {"f()", "(call f)"},
      {"f(a, b,)", "(call f a b)"},
      {"f(a...)", "(call f a...)"},
      {"provider::x::y(1)", "(call provider::x::y 1)"},
      {"a :: b (1)", "(call a::b 1)"},
      {"[]", "(tuple)"},
      {"[1, # c\n 2,]", "(tuple 1 2)"},
      {"[a\n[0]]", "(tuple a[0])"},
      {"{}", "(object)"},
      {"{ a = 1, \"b\": 2\n (c) = 3\n\n \"${d}\" = 4, 5 = 6 }",
       "(object a=1 \"b\"=2 (parens c)=3 (template d)=4 5=6)"},
      {"{ true = 1, null = 2, for_each = 3 }", "(object true=1 null=2 for_each=3)"},
      {"{ a.b = 1 }", "(object a.b=1)"},
      {"{\n a = [\n 1\n ]\n b = f(\n 2\n )\n}", "(object a=(tuple 1) b=(call f 2))"},
      {"[for x in y : x.a if x.b]", "(for x in y : x.a if x.b)"},
      {"[for for in [1] : for]", "(for for in (tuple 1) : for)"},
      {"{for k, v in m : k => v...}", "(for{} k,v in m : k => v...)"},
      {"{\nfor k, v in m :\nk => v\nif v != null\n}", "(for{} k,v in m : k => v if (!= v null))"},
      {"\"${a}\"", "(template a)"},
      {"\"${a ~}\"", "(template a)"},
      {"\"x${a}y\"", "(template \"x\" a \"y\")"},
      {"\"a \\n ${~ b ~} \\t c\"", "(template \"a\" b \"c\")"},
      {"\" ${~ b}\"", "(template b \"\")"},
      {"\"${\"${a}\"}\"", "(template (template a))"},
      {"\"${ {a = \"}\"} }\"", "(template (object a=\"}\"))"},
      {"\"%{ if a }x%{ else }${b}%{ endif }\"", "(template (%if a \"x\" (template b \"\")) \"\")"},
      {"\"%{ if a }x%{ endif }y\"", "(template (%if a \"x\" -) \"y\")"},
      {"\"%{ for k, v in m ~} ${v} %{~ endfor ~}  z\"",
       "(template %(for k,v in m : (template v \"\")) \"z\")"},
      {"a /* x\n */ + 1 // end", "(+ a 1)"},
  };
  for (const Case& c : cases) EXPECT_EQ(DumpExpression(c.input), c.expected) << c.input;
}

}  // namespace
}  // namespace plumbline::hcl
