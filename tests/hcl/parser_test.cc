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
      {"a.0.1",
       "error: two indexes written with dots, .0.1, are read as a fraction: expected [n][m]"},
      {"\"\\uD83D\"",
       "error: \"\\uD83D\" is no character: expected a Unicode code point outside of D800 to DFFF, "
       "written as one escape"},
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

struct Parsed {
  Arena arena;
  Diagnostics diagnostics;
  const Body* body = nullptr;
};

std::string DumpFile(std::string_view text, const Limits& limits = Limits()) {
  Parsed p;
  p.body = ParseFile(0, text, p.arena, limits, p.diagnostics);
  std::string out = Dump(*p.body);
  for (const Diagnostic& d : p.diagnostics) {
    out += std::to_string(d.span.begin) + ": " + d.message + "\n";
  }
  return out;
}

std::string DumpTemplate(std::string_view text) {
  Parsed p;
  const Expr* e = ParseTemplate(0, text, p.arena, Limits(), p.diagnostics);
  return e == nullptr ? "error: " + p.diagnostics.at(0).message : Dump(*e);
}

TEST(File, Bodies) {
  const Case cases[] = {
      {"", ""},
      {"\xEF\xBB\xBF# only a comment", ""},
      {"a = 1\r\nb = 2 # x\r\n", "a = 1\nb = 2\n"},
      {"a = 1 // x\n/* y\n */ b = 2", "a = 1\nb = 2\n"},
      {"b {}\n", "b {\n}\n"},
      {"b x \"y z\" { a = 1 }", "b \"x\" \"y z\" {\n  a = 1\n}\n"},
      {"b {\n  c {\n    d = 1\n  }\n  e = 2\n}\n", "b {\n  e = 2\n  c {\n    d = 1\n  }\n}\n"},
      {"a = {\n  b = 1\n\n  # c\n  d = 2\n}\n", "a = (object b=1 d=2)\n"},
      {"\u00E9t\u00E9 = \u00E0-1\n", "\u00E9t\u00E9 = \u00E0-1\n"},
  };
  for (const Case& c : cases) EXPECT_EQ(DumpFile(c.input), c.expected) << c.input;
}

// The expected values are what Terraform 1.11 makes of the same text.
TEST(File, Heredocs) {
  const Case cases[] = {
      {"a = <<E\nx\ny\nE\n", "a = heredoc:\"x\\ny\\n\"\n"},
      {"a = <<E\nE\n", "a = heredoc:\"\"\n"},
      {"a = <<E\n\\n \"q\" # $${x} $$ %%{\n  E\n",
       "a = heredoc:\"\\\\n \\\"q\\\" # ${x} $$ %{\\n\"\n"},
      {"a = <<E\nnot E\nE2\n EX\nE\n", "a = heredoc:\"not E\\nE2\\n EX\\n\"\n"},
      {"a = <<-E\n    x\n  y\n    z\n    E\n", "a = heredoc:\"  x\\ny\\n  z\\n\"\n"},
      {"a = <<-E\n    x\n\n    y\n  E\n", "a = heredoc:\"x\\n\\ny\\n\"\n"},
      {"a = <<-E\n    x\n  \n    y\n  E\n", "a = heredoc:\"x\\n  \\ny\\n\"\n"},
      {"a = <<-E\n\tx\n        y\n  E\n", "a = heredoc:\"x\\n       y\\n\"\n"},
      {"a = <<-E\n\u2003\u2003x\n    y\n  E\n", "a = heredoc:\"x\\n  y\\n\"\n"},
      {"a = <<-E\n      x\n  ${n}\n      y\n  E\n",
       "a = (heredoc \"    x\\n\" n \"\\n    y\\n\")\n"},
      {"a = <<-E\n    %{ for x in l ~}\n    - ${x}\n    %{ endfor ~}\n    z\n    E\n",
       "a = (heredoc %(for x in l : (heredoc \"    - \" x \"\\n\")) \"    z\\n\")\n"},
      {"a = <<E\nx ${n ~}\n   y\nE\n", "a = (heredoc \"x \" n \"   y\\n\")\n"},
      {"a = <<E\nx\n  ${~ n ~}  \ny\nE\n", "a = (heredoc \"x\\n\" n \"y\\n\")\n"},
      {"a = <<E\r\nx\r\nE\r\n", "a = heredoc:\"x\\r\\n\"\n"},
      {"a = f(<<E\nx\nE\n, 1)\n", "a = (call f heredoc:\"x\\n\" 1)\n"},
      {"a = <<O\n${<<I\nx\nI\n}\nO\n", "a = (heredoc heredoc:\"x\\n\" \"\\n\")\n"},
  };
  for (const Case& c : cases) EXPECT_EQ(DumpFile(c.input), c.expected) << c.input;
}

TEST(Template, Files) {
  const Case cases[] = {
      {"", "\"\""},
      {"plain \\n \"text\"\n", "\"plain \\\\n \\\"text\\\"\\n\""},
      {"${a}", "(template a)"},
      {"a ${x ~}\n   b\n", "(template \"a \" x \"   b\\n\")"},
      {"%{ if a ~}\nx\n%{ endif ~}\n", "(template (%if a \"x\\n\" -) \"\")"},
      {"%{ endif }", "error: %{ endif } without an open %{ if }"},
      {"%{ if a }%{ endfor }", "error: %{ if } is not closed: expected %{ endif }"},
      {"%{ for a in b }", "error: %{ for } is not closed: expected %{ endfor }"},
      {"%{ while }", "error: expected if, else, endif, for or endfor in %{ }, found \"while\""},
  };
  for (const Case& c : cases) EXPECT_EQ(DumpTemplate(c.input), c.expected) << c.input;
}

TEST(Expression, Errors) {
  const Case cases[] = {
      {"", "expected an expression, found the end of the text"},
      {"1 +", "expected an expression, found the end of the text"},
      {"a b", "expected the end of the expression, found \"b\""},
      {"(1", "expected \")\", found the end of the text"},
      {"[1 2]", "expected \",\" or \"]\" behind the element, found \"2\""},
      {"{a 1}", "expected \"=\" and a value behind the key, found \"1\""},
      {"{a = 1 b = 2}", "expected \",\", a line break or } behind the value, found \"b\""},
      {"f(1 2)", "expected \",\" or \")\" behind the argument, found \"2\""},
      {"f(a..., b)", "expected \")\" behind \"...\", found \",\""},
      {"a ? b",
       "expected \":\" and the value for when the condition is false, found the end of the text"},
      {"a.", "expected an attribute name behind \".\", found the end of the text"},
      {"a[0", "expected \"]\", found the end of the text"},
      {"a.*.b.*", "a splat inside a \".*\" splat is not possible: expected [*]"},
      {"1.2.3", "expected a number, found \"1.2.3\""},
      {"'a'", "expected an expression, found \"'\": strings are written in double quotes"},
      {"\"a", "the string is not closed: expected \" before the end of the text"},
      {"\"a\nb\"", "the string is not closed on its line: expected \" (or \\n for a line break)"},
      {"\"\\a\"",
       "\"\\a\" is not an escape: expected \\n, \\r, \\t, \\\", \\\\, \\uNNNN or \\UNNNNNNNN"},
      {"\"\\u12g4\"", "\\u must be followed by four hexadecimal digits"},
      {"\"${a\"", "expected } at the end of ${ }, found \"\"\""},
      {"[for x in y x]", "expected \":\" and the result of \"for\", found \"x\""},
      {"[for x : y]", "expected \"in\" behind the variables of \"for\", found \":\""},
      {"[for x in y : a => b]",
       "a \"for\" in [ ] makes a list: expected one value, found a key with \"=>\""},
      {"{for x in y : a}",
       "expected \"=>\" and a value: a \"for\" in { } makes an object, found \"}\""},
      {"{for = 1}", "expected a variable name behind \"for\", found \"=\""},
      {"<<E\nx\n", "the heredoc is not closed: expected a line with \"E\" alone"},
      {"<<E x\nE\n", "expected the end of the line behind the heredoc marker \"E\", found \" \""},
      {"/* x", "the comment is not closed: expected */"},
      {"a | b", "expected the end of the expression, found \"|\""},
      {"\x01", "expected an expression, found a control character (byte 1)"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(DumpExpression(c.input), "error: " + std::string(c.expected)) << c.input;
  }
}

TEST(File, ErrorsKeepWhatIsReadable) {
  const Case cases[] = {
      {"resource \"a\" \"b\" {\n  x = 1\n  y = \n  z = 3\n}\nresource \"c\" \"d\" {\n  p = 1\n}\n",
       "resource \"a\" \"b\" {\n  x = 1\n  y = (error)\n}\nresource \"c\" \"d\" {\n  p = 1\n}\n"
       "33: expected an expression, found the end of the line\n"},
      {"resource \"a\" \"b\" {\n  x = 1\n  in {\n    y = 2\n\nresource \"c\" \"d\" {\n  p = 1\n}\n",
       "resource \"a\" \"b\" {\n  x = 1\n  in {\n    y = 2\n  }\n}\nresource \"c\" \"d\" {\n  p = "
       "1\n}\n"
       "32: the block is not closed: expected } before the end of the file\n"},
      {"resource \"a\" \"b\" {\n  x = \"open\n}\noutput \"o\" {\n  value = 1\n}\n",
       "resource \"a\" \"b\" {\n  x = (error)\n}\noutput \"o\" {\n  value = 1\n}\n"
       "30: the string is not closed on its line: expected \" (or \\n for a line break)\n"},
      {"}\nlocals {\n  a = 1\n}\n",
       "locals {\n  a = 1\n}\n0: expected an argument or a block, found \"}\"\n"},
      {"a = 1\nb = [\nc = 3\n",
       "a = 1\nb = (error)\nc = 3\n14: expected \",\" or \"]\" behind the element, found \"=\"\n"},
      {"a = 1\na = 2\n",
       "a = 1\na = 2\n6: the argument \"a\" was already set above: expected each argument once\n"},
      {"\"a\" = 1\n",
       "0: expected an argument or block name without quotes, found a quoted string\n"},
      {"b { c {} }\n",
       "b {\n  c {\n  }\n}\n6: expected \"=\" (a block on one line holds a single argument), found "
       "\"{\"\n"},
      {"b \"${x}\" {\n}\n",
       "b \"${x}\" {\n}\n"
       "2: a block label may not hold ${ } or %{ }: expected a plain string\n"},
      {"a = 1 b = 2\n",
       "a = 1\nb = 2\n6: expected the end of the line behind the value of \"a\", found \"b\"\n"},
  };
  for (const Case& c : cases) EXPECT_EQ(DumpFile(c.input), c.expected) << c.input;
}

TEST(File, PartialBodiesSaySo) {
  Parsed p;
  p.body = ParseFile(0, "resource \"a\" \"b\" {\n  x = \n}\nresource \"c\" \"d\" {\n}\n", p.arena,
                     Limits(), p.diagnostics);
  ASSERT_EQ(p.body->blocks.size(), 2u);
  EXPECT_TRUE(p.body->partial);
  EXPECT_TRUE(p.body->blocks[0].body->partial);
  EXPECT_FALSE(p.body->blocks[1].body->partial);
}

TEST(File, Spans) {
  std::string_view text = "res \"a\" b {\n  x = f(y) # c\n}\n";
  Parsed p;
  p.body = ParseFile(7, text, p.arena, Limits(), p.diagnostics);
  auto at = [&](Span s) { return text.substr(s.begin, s.end - s.begin); };
  const Block& b = p.body->blocks[0];
  EXPECT_EQ(b.span.file, 7u);
  EXPECT_EQ(at(b.type_span), "res");
  EXPECT_EQ(at(b.header), "res \"a\" b");
  EXPECT_EQ(at(b.labels[0].span), "\"a\"");
  EXPECT_EQ(at(b.span), "res \"a\" b {\n  x = f(y) # c\n}");
  const Attribute& a = b.body->attributes[0];
  EXPECT_EQ(at(a.name_span), "x");
  EXPECT_EQ(at(a.span), "x = f(y)");
  EXPECT_EQ(at(a.expr->args[0]->span), "y");
}

std::string Repeat(std::string_view s, int n) {
  std::string out;
  for (int i = 0; i < n; ++i) out += s;
  return out;
}

TEST(Limits, DepthIsBounded) {
  const std::string deep[] = {
      "x = " + Repeat("(", 10'000),
      "x = " + Repeat("[", 10'000),
      "x = " + Repeat("{a=", 10'000),
      "x = " + Repeat("f(", 10'000),
      "x = " + Repeat("-", 10'000) + "1\n",
      "x = " + Repeat("!", 10'000) + "a\n",
      "x = " + Repeat("a ? ", 10'000),
      "x = " + Repeat("a ? b : ", 10'000) + "c\n",
      "x = " + Repeat("\"${", 10'000),
      "x = " + Repeat("a[", 10'000),
      "x = " + Repeat("[for a in ", 10'000),
      "x = 1" + Repeat(" + 1", 10'000) + "\n",
      "x = a" + Repeat("[*]", 10'000) + "\n",
      "x = \"" + Repeat("%{ if a }", 10'000) + Repeat("%{ endif }", 10'000) + "\"\n",
      Repeat("b {\n", 10'000),
      Repeat("b {\n", 10'000) + Repeat("}\n", 10'000),
  };
  for (const std::string& text : deep) {
    Parsed p;
    p.body = ParseFile(0, text, p.arena, Limits(), p.diagnostics);
    ASSERT_EQ(p.diagnostics.size(), 1u) << text.substr(0, 30);
    EXPECT_EQ(p.diagnostics[0].code, DiagnosticCode::kLimit) << text.substr(0, 30);
    EXPECT_NE(p.diagnostics[0].message.find("nested too deeply"), std::string::npos);
    Dump(*p.body);
  }
}

TEST(Limits, DepthBelowTheLimitIsRead) {
  for (const char* around : {"()", "[]"}) {
    std::string text =
        "x = " + Repeat({around, 1}, 500) + "1" + Repeat({around + 1, 1}, 500) + "\n";
    Parsed p;
    p.body = ParseFile(0, text, p.arena, Limits(), p.diagnostics);
    EXPECT_TRUE(p.diagnostics.empty());
  }
}

TEST(Limits, LongTextsAreNotDeep) {
  std::string text;
  for (int i = 0; i < 20'000; ++i)
    text += "a" + std::to_string(i) + " = [1, { b = \"c${d}\" }, e.f[0].g]\n";
  Parsed p;
  p.body = ParseFile(0, text, p.arena, Limits(), p.diagnostics);
  EXPECT_TRUE(p.diagnostics.empty());
  EXPECT_EQ(p.body->attributes.size(), 20'000u);
}

TEST(Limits, FileSize) {
  Limits limits;
  limits.max_file_bytes = 10;
  EXPECT_EQ(DumpFile("a = 12345\n", limits), "a = 12345\n");
  EXPECT_EQ(DumpFile("a = 123456\n", limits), "0: the file has 11 bytes: expected at most 10\n");
}

TEST(Limits, NotText) {
  EXPECT_EQ(
      DumpFile("a = \"\xFF\"\nb = 1\n"),
      "a = \"?\"\nb = 1\n5: the file holds a byte that is no UTF-8: expected text in UTF-8\n");
  EXPECT_EQ(DumpFile(std::string_view("\x7F"
                                      "ELF\0\xFF",
                                      6)),
            "5: the file is binary: expected text in UTF-8\n");
}

}  // namespace
}  // namespace plumbline::hcl
