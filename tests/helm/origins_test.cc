// Where the lines of what functions make come from.
#include <gtest/gtest.h>

#include "gotmpl/executor.h"
#include "helm/functions/functions.h"
#include "helm/yaml_values.h"

namespace plumbline::helm {
namespace {

constexpr std::string_view kValues = "v:\n  image: nginx\n  tag: 1.5\n  text: |\n    a\n    b\n";
constexpr FileId kValuesFile = 3;

struct Made {
  std::string text;
  std::vector<std::string> from;  // the part of the values that each line comes from
};

Made Render(std::string_view text) {
  gotmpl::Heap heap;
  gotmpl::FunctionSet functions;
  AddFunctions(functions);
  auto parsed = gotmpl::Parse({"t", text, kNoFile}, functions, heap.arena());
  EXPECT_TRUE(parsed.has_value());
  gotmpl::TemplateSet set;
  gotmpl::Executor executor(heap, functions, set, {}, true);
  gotmpl::Output out(true);
  EXPECT_TRUE(executor.Execute((*parsed)[0], ReadYaml(heap, kValuesFile, kValues).value, out));
  Made made{out.text(), {}};
  for (const gotmpl::LineOrigin& line : out.lines()) {
    Span s = line.from;
    made.from.emplace_back(s.valid() ? kValues.substr(s.begin, s.end - s.begin) : "");
  }
  return made;
}

using Lines = std::vector<std::string>;

TEST(Origins, OfOneValue) {
  for (std::string_view text :
       {"{{ .v.image }}", "{{ .v.image | quote }}", "{{ squote .v.image }}", "{{ upper .v.image }}",
        "{{ .v.image | trunc 3 }}", "{{ default \"x\" .v.image }}", "{{ .v.image | toString }}",
        "{{ b64enc .v.image }}", "{{ printf \"%s:latest\" .v.image }}",
        "{{ .v.image | replace \"n\" \"m\" }}", "{{ toJson .v.image }}", "{{ toYaml .v.image }}"})
    EXPECT_EQ(Render(text).from, Lines{"nginx"}) << text;
}

TEST(Origins, OfYamlLines) {
  EXPECT_EQ(Render("{{ toYaml .v }}").text, "image: nginx\ntag: 1.5\ntext: |\n  a\n  b");
  Lines plain = Render("{{ toYaml .v }}").from;
  ASSERT_EQ(plain.size(), 5u);
  EXPECT_EQ(plain[0], "nginx");
  EXPECT_EQ(plain[1], "1.5");
  Lines moved = Render("x:{{ toYaml .v | nindent 2 }}").from;
  ASSERT_EQ(moved.size(), 6u);
  EXPECT_EQ(moved[0], "");
  EXPECT_EQ(moved[1], "nginx");
  EXPECT_EQ(moved[2], "1.5");
  EXPECT_EQ(Render("{{ toYaml .v | nindent 2 | trim }}").from, plain);
  EXPECT_EQ(Render("{{ toYaml .v | fromYaml | toYaml }}").from[1], "1.5");
}

TEST(YamlValues, KeepNumbersKeysAndPlaces) {
  gotmpl::Heap heap;
  YamlReading reading = ReadYaml(heap, kValuesFile, "on: 0777\n\"on \": [1, x]\n");
  ASSERT_TRUE(reading.error.empty());
  const gotmpl::Value* v = reading.value.map().Find("true");
  ASSERT_NE(v, nullptr);
  EXPECT_EQ(v->as_float(), 511);
  EXPECT_EQ(heap.OriginOf(v->origin()).from, (Span{kValuesFile, 4, 8}));
  ASSERT_NE(reading.value.map().Find("on "), nullptr);
  EXPECT_EQ(reading.value.map().Find("on ")->list().items.size(), 2u);
}

TEST(YamlValues, FaultsHaveAPlace) {
  gotmpl::Heap heap;
  YamlReading reading = ReadYaml(heap, kValuesFile, "a: 1\nb: [\n");
  EXPECT_NE(reading.error, "");
  EXPECT_TRUE(reading.error_span.valid());
  EXPECT_NE(ReadYaml(heap, kNoFile, "a: .nan").error.find("unsupported value: NaN"),
            std::string::npos);
  EXPECT_TRUE(ReadYaml(heap, kNoFile, "a: \".nan\"").error.empty());
  EXPECT_TRUE(ReadYaml(heap, kNoFile, "").value.is_nil());
}

}  // namespace
}  // namespace plumbline::helm
