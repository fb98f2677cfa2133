#include <gtest/gtest.h>

#include <string>

#include "hcl/parser.h"

namespace plumbline::hcl {
namespace {

struct Parsed {
  Arena arena;
  Diagnostics diagnostics;
  const Body* body = nullptr;
};

std::string DumpJson(std::string_view text, bool as_variables = false) {
  Parsed p;
  p.body = ParseJsonFile(0, text, as_variables, p.arena, Limits(), p.diagnostics);
  std::string out = Dump(*p.body);
  for (const Diagnostic& d : p.diagnostics) {
    out += std::to_string(d.span.begin) + ": " + d.message + "\n";
  }
  return out;
}

struct Case {
  const char* input;
  const char* expected;
};

TEST(Json, NestedBlocksOfProviders) {
  auto dump = [](std::string_view text) {
    Parsed p;
    auto known = [](std::string_view type, std::string_view name) {
      return type == "aws_a" && name == "ingress";
    };
    p.body = ParseJsonFile(0, text, false, p.arena, Limits(), p.diagnostics, known);
    EXPECT_TRUE(p.diagnostics.empty());
    return Dump(*p.body);
  };
  // A lone object and a list of one are the same block.
  const std::string lone =
      dump(R"({"resource": {"aws_a": {"x": {"ingress": {"port": 1, "//": "why"}}}}})");
  EXPECT_EQ(lone, "resource \"aws_a\" \"x\" {\n  ingress {\n    port = 1\n  }\n}\n");
  EXPECT_EQ(dump(R"({"resource": {"aws_a": {"x": {"ingress": [{"port": 1}]}}}})"), lone);
  // The name alone says nothing in another type, and a text is no block.
  EXPECT_EQ(dump(R"({"resource": {"aws_b": {"x": {"ingress": {"port": 1}}}}})"),
            "resource \"aws_b\" \"x\" {\n  ingress = (object \"port\"=1)\n}\n");
  EXPECT_EQ(dump(R"({"resource": {"aws_a": {"x": {"ingress": "${var.i}"}}}})"),
            "resource \"aws_a\" \"x\" {\n  ingress = (template var.i)\n}\n");
  EXPECT_EQ(dump(R"({"resource": {"aws_a": {"x": {"ingress": []}}}})"),
            "resource \"aws_a\" \"x\" {\n  ingress = (tuple)\n}\n");
  // What holds a dynamic block is one, whatever its name.
  EXPECT_EQ(
      dump(R"({"resource": {"aws_b": {"x": {"odd": [{"dynamic": {"in": {"for_each": [1],
             "iterator": "i", "labels": ["l"], "content": [{"n": "${i.value}"}]}}}]}}}})"),
      "resource \"aws_b\" \"x\" {\n  odd {\n    dynamic \"in\" {\n      for_each = (tuple 1)\n"
      "      iterator = i\n      labels = (tuple \"l\")\n      content {\n        n = (template "
      "i.value)\n      }\n    }\n  }\n}\n");
}

TEST(Json, SomeAttributesAreNoTemplates) {
  EXPECT_EQ(DumpJson(R"({"variable": {"v": {"default": {"k": "${a}"}, "description": "%{ if"}},
                         "module": {"m": {"source": "./${a}"}},
                         "terraform": {"backend": {"s3": {"bucket": "${b}"}}}})"),
            "variable \"v\" {\n  default = (object \"k\"=\"${a}\")\n  description = \"%{ if\"\n}\n"
            "module \"m\" {\n  source = \"./${a}\"\n}\n"
            "terraform {\n  backend \"s3\" {\n    bucket = \"${b}\"\n  }\n}\n");
}

TEST(Json, Forms) {
  const Case cases[] = {
      {R"({})", ""},
      {R"({"locals": {"a": 1, "//": "note", "b": [true, null, -1.5e2], "c": {"k ${x}": "v"}}})",
       "locals {\n  a = 1\n  b = (tuple true null -150)\n  c = (object (template \"k \" "
       "x)=\"v\")\n}\n"},
      {R"({"//": "note", "resource": {"aws_a": {"x": {"n": "${var.n}", "m": "a-${b}", "d": "$${x}"}}}})",
       "resource \"aws_a\" \"x\" {\n  n = (template var.n)\n  m = (template \"a-\" b)\n  d = "
       "\"${x}\"\n}\n"},
      {R"({"resource": [{"a": {"x": [{"k": 1}, {"k": 2}]}}, {"b": [{"y": {}}]}]})",
       "resource \"a\" \"x\" {\n  k = 1\n}\nresource \"a\" \"x\" {\n  k = 2\n}\nresource \"b\" "
       "\"y\" {\n}\n"},
      {R"([{"output": {"a": {"value": 1}}}, {"output": {"b": {"value": "\u0041\n"}}}])",
       "output \"a\" {\n  value = 1\n}\noutput \"b\" {\n  value = \"A\\n\"\n}\n"},
      {R"j({"variable": {"v": {"type": "list(string)", "validation": {"condition": "${var.v != null}"}}}})j",
       "variable \"v\" {\n  type = (call list string)\n  validation {\n    condition = "
       "(template (!= var.v null))\n  }\n}\n"},
      {R"({"resource": {"a": {"x": {
          "depends_on": ["aws_b.c"], "provider": "aws.west", "ingress": [{"port": 1}],
          "lifecycle": {"ignore_changes": ["tags[\"a\"]"], "precondition": [{"condition": true}]},
          "provisioner": {"local-exec": {"command": "x"}}, "connection": {"type": "ssh"},
          "dynamic": {"setting": {"for_each": "${var.s}", "content": {"n": "${setting.value}"}}}}}}})",
       "resource \"a\" \"x\" {\n  depends_on = (tuple aws_b.c)\n  provider = aws.west\n"
       "  ingress = (tuple (object \"port\"=1))\n"
       "  lifecycle {\n    ignore_changes = (tuple tags[\"a\"])\n    precondition {\n      "
       "condition "
       "= true\n    }\n  }\n"
       "  provisioner \"local-exec\" {\n    command = \"x\"\n  }\n  connection {\n    type = "
       "\"ssh\"\n  }\n"
       "  dynamic \"setting\" {\n    for_each = (template var.s)\n    content {\n      n = "
       "(template "
       "setting.value)\n    }\n  }\n}\n"},
      {R"({"terraform": {"required_version": "1", "required_providers": {"aws": {"source": "h/aws"}},
          "backend": {"s3": {"bucket": "b"}}, "cloud": {"workspaces": {"name": "w"}}}})",
       "terraform {\n  required_version = \"1\"\n  required_providers {\n    aws = (object "
       "\"source\"=\"h/aws\")\n  }\n"
       "  backend \"s3\" {\n    bucket = \"b\"\n  }\n  cloud {\n    workspaces {\n      name = "
       "\"w\"\n    }\n  }\n}\n"},
      {R"({"moved": [{"from": "a.b", "to": "a.c"}], "module": {"m": {"source": "./m", "providers": {"aws": "aws.x"}}}})",
       "moved {\n  from = a.b\n  to = a.c\n}\nmodule \"m\" {\n  source = \"./m\"\n  providers = "
       "(object \"aws\"=aws.x)\n}\n"},
      {R"({"locals": null, "output": 3})",
       "27: expected an object or a list of objects for \"output\"\n"},
      {R"({"locals": {"a": "${"}, "module": {"m": {"b": 1}}})",
       "locals {\n}\nmodule \"m\" {\n  b = 1\n}\n20: expected an expression, found the end of the "
       "text\n"},
      {R"({"locals": {"a": 1}, "resource": {"x": {"y": {"b": 1, }}}})",
       "locals {\n  a = 1\n}\nresource \"x\" \"y\" {\n  b = 1\n}\n54: expected a key in double "
       "quotes, found \"}\"\n"},
      {R"({"a": 1} x)", "a = 1\n9: expected the end of the file, found \"x\"\n"},
      {R"({"a": tru})", "6: expected a value, found \"t\"\n"},
      {"{\"a\": \"x\ny\"}", "8: expected \" at the end of the string, found \"\n\"\n"},
      {R"({"a": "\q"})", "6: the string holds an escape that JSON does not have\n"},
      {"", "0: expected a value, found the end of the file\n"},
  };
  for (const Case& c : cases) EXPECT_EQ(DumpJson(c.input), c.expected) << c.input;
}

TEST(Json, VariablesAreLiteral) {
  EXPECT_EQ(DumpJson(R"({"resource": {"a": "${x}"}, "b": "%{if}"})", true),
            "resource = (object \"a\"=\"${x}\")\nb = \"%{if}\"\n");
}

TEST(Json, PositionsOfValues) {
  Parsed p;
  std::string_view text = R"({"resource": {"a": {"x": {"n": "p-${var.n}", "e": "\t${var.e}"}}}})";
  p.body = ParseJsonFile(3, text, false, p.arena, Limits(), p.diagnostics);
  ASSERT_EQ(p.body->blocks.size(), 1u);
  const Block& block = p.body->blocks[0];
  auto at = [&](Span s) { return text.substr(s.begin, s.end - s.begin); };
  EXPECT_TRUE(p.body->json);
  EXPECT_EQ(at(block.header), R"("x")");
  EXPECT_EQ(at(block.labels[0].span), R"("a")");
  const Attribute& n = *block.body->FindAttribute("n");
  EXPECT_EQ(n.span.file, 3u);
  EXPECT_EQ(at(n.name_span), R"("n")");
  EXPECT_EQ(at(n.expr->span), R"("p-${var.n}")");
  EXPECT_EQ(at(n.expr->args[1]->span), "var.n");
  // Behind an escape the place within the string is not known: the whole string stands for it.
  const Attribute& e = *block.body->FindAttribute("e");
  EXPECT_EQ(at(e.expr->args[1]->span), R"("\t${var.e}")");
}

TEST(Json, DepthIsLimited) {
  Limits limits;
  for (const char* open : {"[", "{\"a\":"}) {
    std::string text = "{\"locals\": {\"a\": ";
    for (int i = 0; i < 10'000; ++i) text += open;
    Parsed p;
    p.body = ParseJsonFile(0, text, false, p.arena, limits, p.diagnostics);
    ASSERT_EQ(p.diagnostics.size(), 1u);
    EXPECT_EQ(p.diagnostics[0].code, DiagnosticCode::kLimit);
    EXPECT_NE(p.diagnostics[0].message.find("nested too deeply"), std::string::npos);
    EXPECT_FALSE(Dump(*p.body).empty());
  }
}

TEST(Json, StringsNestBelowWhereTheyStand) {
  Limits limits;
  limits.max_depth = 20;
  std::string text = R"({"locals": {"a": [[[[[[[[[["${((((((((((1))))))))))}"]]]]]]]]]]}})";
  Parsed p;
  p.body = ParseJsonFile(0, text, false, p.arena, limits, p.diagnostics);
  ASSERT_FALSE(p.diagnostics.empty());
  EXPECT_EQ(p.diagnostics[0].code, DiagnosticCode::kLimit);
}

TEST(Json, LargeMinifiedFile) {
  std::string text = "{\"resource\":{\"a\":{";
  for (int i = 0; text.size() < 5'000'000; ++i) {
    text += (i == 0 ? "\"r" : ",\"r") + std::to_string(i) +
            "\":{\"name\":\"n-${var.x}\",\"tags\":{\"k\":\"v\",\"n\":[1,2,3]}}";
  }
  text += "}}}";
  Parsed p;
  p.body = ParseJsonFile(0, text, false, p.arena, Limits(), p.diagnostics);
  EXPECT_TRUE(p.diagnostics.empty());
  EXPECT_GT(p.body->blocks.size(), 50'000u);
}

}  // namespace
}  // namespace plumbline::hcl
