// Rendering ends soon whatever a chart asks for, says where it ended, and knows where lines come
// from.
#include <gtest/gtest.h>

#include <chrono>

#include "helm/chart_fixture.h"

namespace plumbline::helm {
namespace {

// The fault of one template, which must come within a few seconds even in slow builds.
void ExpectFault(const std::string& text, std::string_view part, std::string_view values = "") {
  auto start = std::chrono::steady_clock::now();
  Outcome out = RenderChart({{"templates/bomb.yaml", text}, {"values.yaml", std::string(values)}});
  std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  EXPECT_LT(taken.count(), 10) << text;
  EXPECT_NE(out.error.find(part), std::string::npos) << text << " → " << out.error.substr(0, 300);
  EXPECT_NE(out.error.find("c/templates/bomb.yaml:"), std::string::npos)
      << out.error.substr(0, 300);
}

TEST(Bombs, Recursion) {
  ExpectFault("{{ define \"r\" }}{{ include \"r\" . }}{{ end }}a: {{ include \"r\" . }}",
              "rendering template has a nested reference name: r");
  ExpectFault("{{ define \"r\" }}{{ template \"r\" . }}{{ end }}a: {{ template \"r\" . }}",
              "exceeded maximum template depth");
  ExpectFault("a: {{ tpl .Values.t . }}", "tpl is nested more than",
              "t: '{{ tpl .Values.t . }}'\n");
  ExpectFault(
      "{{ define \"a\" }}{{ include \"b\" . }}{{ end }}{{ define \"b\" }}{{ tpl \"{{ include "
      "\\\"a\\\" . }}\" . }}{{ end }}{{ include \"a\" . }}",
      "templates deep");
}

TEST(Bombs, Loops) {
  ExpectFault("{{ range until 1000000000 }}x{{ end }}", "more than 2000000 numbers");
  ExpectFault("{{ range 1000000000 }}{{ end }}", "range goes on for more than");
  ExpectFault("{{ range until 10000 }}{{ range until 10000 }}{{ end }}{{ end }}", "steps");
  ExpectFault("{{ $l := list 1 }}{{ range until 64 }}{{ $l = concat $l $l }}{{ end }}", "");
}

TEST(Bombs, Texts) {
  ExpectFault("{{ repeat 1000000000 \"x\" }}", "longer than");
  ExpectFault("{{ range until 1000 }}{{ repeat 1000000 \"x\" }}{{ end }}", "more than");
  ExpectFault(
      "{{ $x := repeat 30000000 \"x\" }}{{ range until 100 }}{{ $_ := include \"i\" $x }}"
      "{{ end }}{{ define \"i\" }}{{ . }}{{ end }}",
      "more than");
  // Go takes no field that wide.
  EXPECT_EQ(Evaluate("printf \"%1000000000d\" 1 | trunc 10", ""), "1");
  ExpectFault("{{ $x := \"x\" }}{{ range until 64 }}{{ $x = print $x $x }}{{ end }}",
              "longer than");
  ExpectFault("{{ printf (repeat 100 \"%[1]*[1]d\") 1000000 }}", "longer than");
  ExpectFault("{{ $l := list 1 }}{{ range until 64 }}{{ $l = list $l $l }}{{ end }}{{ print $l }}",
              "longer than");
}

TEST(Bombs, SharedValues) {
  const std::string two =
      "{{ $a := list 1 }}{{ $b := list 1 }}{{ range until 64 }}{{ $a = list $a $a }}{{ $b = list "
      "$b "
      "$b }}{{ end }}";
  EXPECT_EQ(RenderChart({{"templates/a.yaml", two + "x: {{ deepEqual $a $b }}"}}).error, "");
  ExpectFault(two + "{{ toYaml $a | len }}{{ toJson $a | len }}{{ fail \"end\" }}", "end");
}

TEST(Bombs, Templates) {
  ExpectFault("{{ " + std::string(100'000, '('), "");
  std::string ifs;
  for (int i = 0; i < 100'000; ++i) ifs += "{{ if true }}";
  ExpectFault(ifs, "");
}

TEST(Faults, TellTheTemplateTheLineAndTheReason) {
  Outcome out = RenderChart({{"templates/a.yaml", "a: 1\nb: {{ .Values.x.y }}\n"}});
  EXPECT_EQ(
      out.error,
      "template: c/templates/a.yaml:2:13: executing \"c/templates/a.yaml\" at <.Values.x.y>: nil "
      "pointer evaluating interface {}.y");
  EXPECT_EQ(RenderChart({{"templates/a.yaml", "\n{{ nope 1 }}"}}).error,
            "parse error at (c/templates/a.yaml:2): function \"nope\" not defined");
  EXPECT_EQ(
      RenderChart({{"templates/a.yaml", "{{ include \"h\" . }}"},
                   {"templates/_h.tpl", "{{ define \"h\" }}\n{{ fail \"own: words\" }}{{ end }}"}})
          .error,
      "execution error at (c/templates/a.yaml:1:3): own: words");
}

TEST(Faults, OneBadTemplateLeavesTheOthersWhenNotStrict) {
  Files files{{"templates/a.yaml", "a: {{ fail \"x\" }}"},
              {"templates/b.yaml", "kind: B"},
              {"templates/d.yaml", "{{ if }}"},
              {"templates/e.yaml", "a: b: c"}};
  Outcome out = RenderChart(files, {}, false);
  EXPECT_EQ(out.text, "# c/templates/b.yaml\nkind: B\n");
  EXPECT_EQ(out.faults.size(), 3u);
  EXPECT_EQ(RenderChart(files).faults.size(), 1u);
}

using Lines = std::vector<std::string>;

TEST(Origins, LeadThroughIncludeAndIndentation) {
  Outcome out = RenderChart(
      {{"values.yaml", "image: nginx\nres:\n  cpu: 1\n  mem: 2Gi\n"},
       {"templates/_h.tpl", "{{ define \"l\" }}\napp: x\nimg: {{ .Values.image }}\n{{ end }}"},
       {"templates/a.yaml",
        "kind: A\nlabels:\n  {{- include \"l\" . | trim | nindent 2 }}\nres:\n"
        "  {{- toYaml .Values.res | nindent 2 }}\nlast: {{ tpl \"{{ .Values.image }}\" . }}\n"}});
  EXPECT_EQ(out.text,
            "# c/templates/a.yaml\nkind: A\nlabels:\n  app: x\n  img: nginx\nres:\n  cpu: 1\n"
            "  mem: 2Gi\nlast: nginx\n");
  EXPECT_EQ(out.at, (Lines{"templates/a.yaml:1", "templates/a.yaml:2", "templates/_h.tpl:2",
                           "templates/_h.tpl:3", "templates/a.yaml:4", "templates/a.yaml:5",
                           "templates/a.yaml:5", "templates/a.yaml:6"}));
  EXPECT_EQ(out.from, (Lines{"", "", "", "values.yaml:1", "", "values.yaml:3", "values.yaml:4",
                             "values.yaml:1"}));
}

TEST(Origins, LeadToTheFileThatDecided) {
  RenderOptions options;
  options.values.files = {"/v.yaml"};
  options.values.set = {"c=3"};
  Outcome out =
      RenderChart({{"values.yaml", "a: 1\nb: 1\nc: 1\n"},
                   {"/v.yaml", "# over\nb: 2\n"},
                   {"templates/a.yaml",
                    "a: {{ .Values.a }}\nb: {{ .Values.b | quote }}\nc: {{ .Values.c }}\n"}},
                  options);
  EXPECT_EQ(out.from, (Lines{"values.yaml:1", "/v.yaml:2", ""}));
}

TEST(Origins, OfADocumentBehindOthers) {
  Outcome out =
      RenderChart({{"templates/a.yaml",
                    "kind: A\n---\n\n# note\nkind: B\n{{- if true }}\nx: 1\n{{- end }}\n"}});
  EXPECT_EQ(out.at, (Lines{"templates/a.yaml:1", "templates/a.yaml:4", "templates/a.yaml:5",
                           "templates/a.yaml:7"}));
}

}  // namespace
}  // namespace plumbline::helm
