// What --set says, and how values, files, globals and nulls come together.
#include <gtest/gtest.h>

#include "helm/chart_fixture.h"

namespace plumbline::helm {
namespace {

std::string Set(std::string text, std::string_view values = "") {
  RenderOptions options;
  options.values.set.push_back(std::move(text));
  return Evaluate(".Values | toJson", values, options);
}

struct Row {
  const char *set, *expected;
};
class SetTable : public ::testing::TestWithParam<Row> {};
TEST_P(SetTable, ReadsAsHelmDoes) {
  EXPECT_EQ(Set(GetParam().set, "l: [a, b]\nm: {k: 1}\ns: x\n"), GetParam().expected)
      << GetParam().set;
}
const char kRest[] = R"("l":["a","b"],"m":{"k":1},"s":"x"})";
std::string With(const char* own) { return "{" + std::string(own) + "," + kRest; }

TEST(SetValues, Typed) {
  for (auto [set, own] :
       {std::pair("a=1", "\"a\":1"), std::pair("a=-5", "\"a\":-5"),
        std::pair("a=007", "\"a\":\"007\""), std::pair("a=1.5", "\"a\":\"1.5\""),
        std::pair("a=TRUE", "\"a\":true"), std::pair("a=", "\"a\":\"\""),
        std::pair("a=b=c", "\"a\":\"b=c\""), std::pair("a={x,1}", "\"a\":[\"x\",1]"),
        std::pair("a={}", "\"a\":[\"\"]"), std::pair("a=b\\,c", "\"a\":\"b,c\""),
        std::pair("a\\.b=c", "\"a.b\":\"c\""), std::pair("a[1]=x", "\"a\":[null,\"x\"]"),
        std::pair("a[0].b=x", "\"a\":[{\"b\":\"x\"}]"),
        std::pair("a[0][1]=x", "\"a\":[[null,\"x\"]]"),
        std::pair("a.b.c=d", "\"a\":{\"b\":{\"c\":\"d\"}}")})
    EXPECT_EQ(Set(set, "l: [a, b]\nm: {k: 1}\ns: x\n"), With(own)) << set;
}

INSTANTIATE_TEST_SUITE_P(
    Changes, SetTable,
    ::testing::Values(
        Row{"l[1]=B", R"({"l":[null,"B"],"m":{"k":1},"s":"x"})"},
        Row{"m=null", R"({"l":["a","b"],"s":"x"})"},
        Row{"m.k=null", R"({"l":["a","b"],"m":{},"s":"x"})"},
        Row{"s", "ERROR failed parsing --set data: key \"s\" has no value"},
        Row{"s,a=1", "ERROR failed parsing --set data: key \"s\" has no value (cannot end with ,)"},
        Row{"a..b=1", "ERROR failed parsing --set data: key map \"a\" has no value"},
        Row{"a={x", "ERROR failed parsing --set data: list must terminate with '}'"},
        Row{"a[", "ERROR failed parsing --set data: error parsing index: EOF"},
        Row{"a[x]=1",
            "ERROR failed parsing --set data: error parsing index: strconv.Atoi: parsing "
            "\"x\": invalid syntax"},
        Row{"a[-1]=1", "ERROR failed parsing --set data: negative -1 index not allowed"},
        Row{"a[70000]=1",
            "ERROR failed parsing --set data: index of 70000 is greater than maximum "
            "supported index of 65536"},
        Row{"a[0]x=1",
            "ERROR failed parsing --set data: unexpected data at end of array index: ['x']"},
        Row{"a=1,a.b=2",
            "ERROR failed parsing --set data: unable to parse key: interface "
            "conversion: interface {} is int64, not map[string]interface {}"}));

TEST(SetValues, NestingIsBounded) {
  std::string deep = "a", lists = "a";
  for (int i = 0; i < 40; ++i) deep += ".a";
  for (int i = 0; i < 10'000; ++i) lists += "[0]";
  EXPECT_NE(Set(deep + "=1").find("greater than maximum supported nested level of 30"),
            std::string::npos);
  EXPECT_NE(Set(lists + "=1").find("lists are nested more than 200 deep"), std::string::npos);
}

TEST(SetValues, JsonAndLiterals) {
  RenderOptions options;
  options.values.json = {R"(a={"b": [1, null]},c="x,y",d=1)"};
  options.values.set_literal = {"e=f,g={h}\\"};
  options.values.set_string = {"n=1"};
  EXPECT_EQ(Evaluate(".Values | toJson", "", options),
            R"({"a":{"b":[1,null]},"c":"x,y","d":1,"e":"f,g={h}\\","n":"1"})");
  options.values.json = {R"(a={"b")"};
  EXPECT_EQ(Evaluate("1", "", options), R"(ERROR failed parsing --set-json data a={"b")");
}

TEST(Values, NullsDeleteDefaultsAndStayWhereThereIsNone) {
  RenderOptions options;
  options.values.files = {"/v.yaml"};
  Outcome out = RenderChart({{"values.yaml", "a: 1\nm: {x: 1, q: {z: 1}}\n"},
                             {"/v.yaml", "a: null\nm: {x: null, q: {z: null, w: null}}\n"},
                             {"templates/a.yaml", "v: {{ .Values | toJson }}"}},
                            options);
  EXPECT_EQ(out.text, "# c/templates/a.yaml\nv: {\"m\":{\"q\":{\"w\":null}}}\n");
}

TEST(Values, ALaterFileWinsAndTheFlagsOverIt) {
  RenderOptions options;
  options.values.files = {"/1.yaml", "/2.yaml"};
  options.values.set = {"m.c=3"};
  Outcome out = RenderChart({{"/1.yaml", "m: {a: 1, b: 1, c: 1}\nl: [1]\n"},
                             {"/2.yaml", "m: {b: 2, c: 2}\nl: [2]\n"},
                             {"templates/a.yaml", "v: {{ .Values | toJson }}"}},
                            options);
  EXPECT_EQ(out.text, "# c/templates/a.yaml\nv: {\"l\":[2],\"m\":{\"a\":1,\"b\":2,\"c\":3}}\n");
}

TEST(Values, FaultsNameTheFile) {
  RenderOptions options;
  options.values.files = {"/v.yaml"};
  EXPECT_EQ(RenderChart({{"/v.yaml", "a: [\n"}}, options).error,
            "failed to parse /v.yaml: error converting YAML to JSON: yaml: line 1: did not find "
            "expected node content");
  EXPECT_EQ(RenderChart({{"/v.yaml", "- 1\n"}}, options).error,
            "failed to parse /v.yaml: error unmarshaling JSON: while decoding JSON: json: cannot "
            "unmarshal array into Go value of type map[string]interface {}");
}

TEST(Values, GlobalsGoDownAndTheParentWins) {
  Outcome out =
      RenderChart({{"values.yaml", "global: {r: eu, m: {a: 1}}\ns: {global: {own: 1, r: us}}\n"},
                   {"charts/s/Chart.yaml", "name: s\nversion: 0.1.0\n"},
                   {"charts/s/values.yaml", "global: {m: {b: 2}}\n"},
                   {"charts/s/templates/a.yaml", "v: {{ .Values.global | toJson }}"}});
  EXPECT_EQ(out.text,
            "# c/charts/s/templates/a.yaml\nv: {\"m\":{\"a\":1,\"b\":2},\"own\":1,\"r\":\"eu\"}\n");
}

TEST(Values, DeepOnesEndWithAMessage) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "{a: ";
  EXPECT_NE(RenderChart({{"values.yaml", "a: " + deep}}).error, "");
  std::string lists(100'000, '[');
  EXPECT_NE(RenderChart({{"values.yaml", "a: " + lists}}).error, "");
  EXPECT_NE(Evaluate("merge .Values .Values (dict \"a\" .Values) | len", "a: {b: 1}"), "");
  EXPECT_EQ(Evaluate("set .Values \"self\" .Values | len", "a: 1"), "2");
}

}  // namespace
}  // namespace plumbline::helm
