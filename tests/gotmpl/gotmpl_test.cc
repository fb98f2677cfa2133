// Go's text/template: what templates print, and what they refuse, as the real one does.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "gotmpl/executor.h"

namespace plumbline::gotmpl {
namespace {

// What templates see as `.`: {a: 1, f: 42.0, s: "text", list: [x, y, z], m: {z: 1, a: 2}, null:
// nil}.
Value Data(Heap& heap) {
  Map* m = heap.MakeMap();
  Map* inner = heap.MakeMap();
  inner->Set(heap, "z", Value::Int(1));
  inner->Set(heap, "a", Value::Int(2));
  Value list[] = {Value::String("x"), Value::String("y"), Value::String("z")};
  m->Set(heap, "a", Value::Int(1));
  m->Set(heap, "f", Value::Float(42));
  m->Set(heap, "big", Value::Float(1000000));
  m->Set(heap, "s", Value::String("text"));
  m->Set(heap, "list", heap.MakeList(list));
  m->Set(heap, "m", Value::Of(inner));
  m->Set(heap, "null", Value::Nil());
  m->Set(heap, "yes", Value::Bool(true));
  return Value::Of(m);
}

std::string Rendered(const std::string& text, ExecutionLimits limits = {}) {
  Heap heap;
  FunctionSet functions;
  functions.Add(BuiltinFunctions());
  auto parsed = Parse({"t", text, kNoFile}, functions, heap.arena());
  if (!parsed) return parsed.error().message;
  TemplateSet set;
  for (const Template& t : *parsed) set.Add(t);
  Executor executor(heap, functions, set, limits, true);
  Output out(true);
  if (!executor.Execute((*parsed)[0], Data(heap), out)) return executor.error().message;
  return out.text();
}

struct Row {
  const char* text;
  const char* expected;
};

class Table : public ::testing::TestWithParam<Row> {};
TEST_P(Table, PrintsWhatGoPrints) {
  EXPECT_EQ(Rendered(GetParam().text), GetParam().expected) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Text, Table,
    ::testing::Values(Row{"plain", "plain"}, Row{"", ""}, Row{"a {{- /* c */ -}} b", "ab"},
                      Row{"a\n{{- 1 -}}\n b", "a1b"}, Row{"{{/* c */}}x", "x"}, Row{"{{-1}}", "-1"},
                      Row{"{{ \"a\" }}{{`b\\n`}}", "ab\\n"}, Row{"{{ 'a' }}", "97"},
                      Row{"{{ 0x10 }} {{ 017 }} {{ 1_000 }} {{ 1e3 }}", "16 15 1000 1000"}));

INSTANTIATE_TEST_SUITE_P(
    Variables, Table,
    ::testing::Values(Row{"{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ end }}{{ $x }}", "1"},
                      Row{"{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}", "2"},
                      Row{"{{ if true }}{{ $y := 1 }}{{ end }}{{ $y }}",
                          "template: t:1: undefined variable \"$y\""},
                      Row{"{{ with $x := .m }}{{ $x.a }}{{ $.s }}{{ end }}", "2text"},
                      Row{"{{ $x := 1 }}{{ $x := print $x 2 }}{{ $x }}", "1 2"},
                      Row{"{{ $ := 1 }}{{ $ }}", "1"}));

INSTANTIATE_TEST_SUITE_P(
    Fields, Table,
    ::testing::Values(
        Row{"{{ .a }} {{ .m.z }} {{ .m }} {{ .list }}", "1 1 map[a:2 z:1] [x y z]"},
        Row{"{{ .nope }}|{{ .null }}", "<no value>|<no value>"},
        Row{"{{ .nope.deeper }}",
            "template: t:1:8: executing \"t\" at <.nope.deeper>: nil pointer evaluating interface "
            "{}.deeper"},
        Row{"{{ (.nope).deeper }}", "<no value>"},
        Row{"{{ .s.x }}",
            "template: t:1:5: executing \"t\" at <.s.x>: can't evaluate field x in type interface "
            "{}"},
        Row{"{{ .big }} {{ .f }}", "1e+06 42"}, Row{"{{ print nil .null }}", "<nil> <nil>"},
        Row{"{{ .m.z 1 }}",
            "template: t:1:5: executing \"t\" at <.m.z>: z is not a method but has arguments"}));

INSTANTIATE_TEST_SUITE_P(
    Control, Table,
    ::testing::Values(
        Row{"{{ if .nope }}a{{ else if .a }}b{{ else }}c{{ end }}", "b"},
        Row{"{{ if false }}a{{ else if false }}b{{ else }}c{{ end }}", "c"},
        Row{"{{ with .nope }}a{{ else with .s }}{{ . }}{{ end }}", "text"},
        Row{"{{ with .nope }}a{{ else }}{{ .a }}{{ end }}", "1"},
        Row{"{{ range .list }}{{ . }},{{ end }}", "x,y,z,"},
        Row{"{{ range $i, $e := .list }}{{ $i }}{{ $e }}{{ end }}", "0x1y2z"},
        Row{"{{ range $k, $v := .m }}{{ $k }}={{ $v }};{{ end }}", "a=2;z=1;"},
        Row{"{{ range .nope }}a{{ else }}none{{ end }}", "none"},
        Row{"{{ range .list }}{{ if eq . \"y\" }}{{ continue }}{{ end }}{{ . }}{{ end }}", "xz"},
        Row{"{{ range .list }}{{ if eq . \"y\" }}{{ break }}{{ end }}{{ . }}{{ end }}", "x"},
        Row{"{{ range 3 }}{{ . }}{{ end }}", "012"},
        Row{"{{ range .s }}{{ end }}",
            "template: t:1:9: executing \"t\" at <.s>: range can't iterate over text"},
        Row{"{{ break }}", "template: t:1: {{break}} outside {{range}}"}));

INSTANTIATE_TEST_SUITE_P(
    Templates, Table,
    ::testing::Values(
        Row{"{{ define \"r\" }}[{{ . }}]{{ end }}{{ template \"r\" .a }}", "[1]"},
        Row{"{{ define \"r\" }}{{ $ }}{{ end }}{{ template \"r\" }}", "<no value>"},
        Row{"{{ block \"b\" .s }}<{{ . }}>{{ end }}", "<text>"},
        Row{"{{ define \"r\" }}1{{ end }}{{ define \"r\" }}2{{ end }}",
            "template: t:1: template: multiple definition of template \"r\""},
        Row{"{{ template \"none\" }}",
            "template: t:1:12: executing \"t\" at <{{template \"none\"}}>: template "
            "\"none\" not defined"},
        Row{"{{ define \"r\" }}{{ template \"r\" }}{{ end }}{{ template \"r\" }}",
            "template: t:1:28: executing \"r\" at <{{template \"r\"}}>: exceeded maximum "
            "template depth (150)"}));

INSTANTIATE_TEST_SUITE_P(
    Functions, Table,
    ::testing::Values(
        Row{"{{ eq 1 1 }} {{ eq 1 2 3 1 }} {{ ne \"a\" \"b\" }} {{ lt 1 2 }} {{ ge 2.5 2.5 }}",
            "true true true true true"},
        Row{"{{ eq .f 42 }}",
            "template: t:1:3: executing \"t\" at <eq .f 42>: error calling eq: incompatible types "
            "for comparison: float64 and int"},
        Row{"{{ eq .list .list }}",
            "template: t:1:3: executing \"t\" at <eq .list .list>: error calling eq: "
            "non-comparable type [x y z]: []interface {}"},
        Row{"{{ eq .nope nil }} {{ eq .a .nope }}", "true false"},
        Row{"{{ and .nope .nope.deeper }}|{{ or .s .nope.deeper }}", "<no value>|text"},
        Row{"{{ and 1 0 2 }} {{ or 0 \"\" }}", "0 "}, Row{"{{ not .nope }}", "true"},
        Row{"{{ len .list }} {{ len .s }} {{ len .m }}", "3 4 2"},
        Row{"{{ index .list 1 }} {{ index .m \"z\" }} {{ index .m \"q\" }}", "y 1 <no value>"},
        Row{"{{ index .list 9 }}",
            "template: t:1:3: executing \"t\" at <index .list 9>: error calling index: index out "
            "of range: 9"},
        Row{"{{ slice .s 1 3 }} {{ slice .list 1 }}", "ex [y z]"},
        Row{"{{ html \"<a&'>\" }} {{ urlquery \"a b/ü\" }} {{ js \"a'b\" }}",
            "&lt;a&amp;&#39;&gt; a+b%2F%C3%BC a\\'b"},
        Row{"{{ .s | printf \"%s-%d\" \"a\" }}", "a-%!d(string=text)"},
        Row{"{{ nofunc 1 }}", "template: t:1: function \"nofunc\" not defined"},
        Row{"{{ 1 | 2 }}", "template: t:1: non executable command in pipeline stage 2"},
        Row{"{{ .a | .m }}",
            "template: t:1:8: executing \"t\" at <.m>: m is not a method but has arguments"},
        Row{"{{ printf 5 }}", "template: t:1:10: executing \"t\" at <5>: expected string; found 5"},
        Row{"{{ not }}",
            "template: t:1:3: executing \"t\" at <not>: wrong number of args for not: want 1 got "
            "0"}));

INSTANTIATE_TEST_SUITE_P(
    Printf, Table,
    ::testing::Values(
        Row{"{{ printf \"%v %d %5d|%-5d|%05d\" 1 2 3 4 5 }}", "1 2     3|4    |00005"},
        Row{"{{ printf \"%q %s %v\" \"a\\\"b\" .list .m }}", "\"a\\\"b\" [x y z] map[a:2 z:1]"},
        Row{"{{ printf \"%.2f %e %g %6.1f|\" 3.14159 1500.0 .big 2.25 }}",
            "3.14 1.500000e+03 1e+06    2.2|"},
        Row{"{{ printf \"%x %X %o %b %c %U %t\" 255 255 8 5 65 65 true }}",
            "ff FF 10 101 A U+0041 true"},
        Row{"{{ printf \"%T %T %T %T\" 1 \"s\" .list .m }}",
            "int string []interface {} map[string]interface {}"},
        Row{"{{ printf \"%d\" }} {{ printf \"%!\" }} {{ printf \"a\" 1 }}",
            "%!d(MISSING) %!!(MISSING) a%!(EXTRA int=1)"},
        Row{"{{ printf \"%[2]d %[1]d\" 1 2 }} {{ printf \"%*d\" 5 1 }} {{ printf \"%%\" }}",
            "2 1     1 %"},
        Row{"{{ printf \"%s\" nil }} {{ printf \"%d\" 1.5 }} {{ printf \"%s\" 1 }}",
            "%!s(<nil>) %!d(float64=1.5) %!s(int=1)"},
        Row{"{{ printf \"%+d %x %#x % d\" 3 \"hi\" 10 7 }}", "+3 6869 0xa  7"},
        Row{"{{ 1.0 }} {{ 1e21 }} {{ 0.00001 }} {{ 123456789.5 }}",
            "1 1e+21 1e-05 1.234567895e+08"}));

INSTANTIATE_TEST_SUITE_P(
    Faults, Table,
    ::testing::Values(Row{"{{ if }}", "template: t:1: missing value for if"},
                      Row{"{{ if true }}", "template: t:1: unexpected EOF"},
                      Row{"{{ end }}", "template: t:1: unexpected {{end}}"},
                      Row{"a\n{{ .a", "template: t:2: unclosed action"},
                      Row{"{{ \"a }}", "template: t:1: unterminated quoted string"},
                      Row{"{{ (1 }}", "template: t:1: unclosed left paren"},
                      Row{"{{ 1) }}", "template: t:1: unexpected right paren"},
                      Row{"{{/* a", "template: t:1: unclosed comment"},
                      Row{"{{ .a.b.%c }}", "template: t:1: bad character U+0025 '%'"},
                      Row{"{{ % }}", "template: t:1: unexpected \"%\" in command"},
                      Row{"{{ 1x }}", "template: t:1: bad number syntax: \"1x\""},
                      Row{"{{ true.x }}", "template: t:1: unexpected . after term \"true\""},
                      Row{"{{ else }}", "template: t:1: unexpected {{else}}"},
                      Row{"{{ nil }}",
                          "template: t:1:3: executing \"t\" at <nil>: nil is not a command"}));

TEST(Limits, StepsRoundsDepthAndText) {
  ExecutionLimits limits;
  limits.steps = 1000;
  EXPECT_NE(Rendered("{{ range 100000 }}x{{ end }}", limits).find("more than 1000 steps"),
            std::string::npos);
  limits = {};
  limits.loop = 10;
  EXPECT_NE(Rendered("{{ range 11 }}x{{ end }}", limits).find("more than 10 rounds"),
            std::string::npos);
  EXPECT_EQ(Rendered("{{ range 10 }}x{{ end }}", limits), "xxxxxxxxxx");
  limits = {};
  limits.output_bytes = 100;
  EXPECT_NE(
      Rendered("{{ range 1000 }}{{ \"xxxxxxxxxx\" }}{{ end }}", limits).find("more than 100 bytes"),
      std::string::npos);
  std::string deep;
  for (int i = 0; i < 10000; ++i) deep += "{{ if true }}";
  EXPECT_EQ(Rendered(deep), "template: t:1: nested more than 200 deep");
  EXPECT_EQ(Rendered("{{ " + std::string(10000, '(') + " }}"),
            "template: t:1: nested more than 200 deep");
}

TEST(Origins, LinesKnowTheirTemplateAndTheirValue) {
  Heap heap;
  FunctionSet functions;
  functions.Add(BuiltinFunctions());
  std::string text = "a: 1\n{{ if .on }}\nb: {{ .v }}\n{{- end }}\nc: x\n";
  auto parsed = Parse({"t", text, 7}, functions, heap.arena());
  ASSERT_TRUE(parsed.has_value());
  Map* data = heap.MakeMap();
  data->Set(heap, "on", Value::Bool(true));
  data->Set(heap, "v", Value::String("value", heap.AddOrigin(Span{9, 40, 45})));
  TemplateSet set;
  Executor executor(heap, functions, set, {}, true);
  Output out(true);
  ASSERT_TRUE(executor.Execute((*parsed)[0], Value::Of(data), out));
  EXPECT_EQ(out.text(), "a: 1\n\nb: value\nc: x\n");
  ASSERT_EQ(out.lines().size(), 5u);
  EXPECT_EQ(out.lines()[0].at, (Span{7, 0, 4}));
  EXPECT_FALSE(out.lines()[1].at.valid());
  EXPECT_EQ(out.lines()[2].at.begin, 18u);
  EXPECT_EQ(out.lines()[2].from, (Span{9, 40, 45}));
  EXPECT_FALSE(out.lines()[3].from.valid());
}

}  // namespace
}  // namespace plumbline::gotmpl
