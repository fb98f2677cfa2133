// Plans in JSON: what is read, what is refused, how values, references and places come about.
#include "terraform/plan.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "memory_fs.h"
#include "support/source.h"
#include "value/json.h"

namespace plumbline::terraform {
namespace {

struct Planned {
  explicit Planned(std::string text, std::map<std::string, std::string> files = {})
      : fs(std::move(files)), parsed(MakeParsedFiles(fs, sources, Limits(), "/p")) {
    FileId file = sources.Add("plan.json", std::move(text));
    plan = LoadPlan(sources, file, Limits(), diagnostics);
    if (plan == nullptr) return;
    std::string dir = fs.IsDirectory("/p") ? "/p" : "";
    EvaluatePlan(plan, dir.empty() ? nullptr : parsed.get(), dir, dir, {}, graph, diagnostics);
  }

  std::string Attributes(std::string_view address) const {
    const model::Resource* r = graph.FindAddress(address);
    return r != nullptr ? ToJson(r->attributes) : "none";
  }
  std::string References(std::string_view address) const {
    std::string out;
    const model::Resource* r = graph.FindAddress(address);
    if (r == nullptr) return "none";
    for (const model::Reference& ref : r->references) {
      out += std::string(ref.attribute) + "->" + std::string(graph.at(ref.target).address) + "." +
             std::string(ref.target_attribute) + " ";
    }
    return out;
  }
  std::string TextAt(std::string_view address, model::Path path) const {
    const model::Resource* r = graph.FindAddress(address);
    Span s = r->source->Locate(*r, path).span;
    return std::string(sources.Path(s.file)) + ":" +
           std::string(sources.Text(s.file).substr(s.begin, s.end - s.begin));
  }

  MemoryFileSystem fs;
  SourceMap sources;
  std::shared_ptr<ParsedFiles> parsed;
  Diagnostics diagnostics;
  std::shared_ptr<const PlanFile> plan;
  model::ResourceGraph graph;
};

std::string PlanOf(std::string resources, std::string changes = "", std::string config = "") {
  return R"({"format_version": "1.2", "planned_values": {"root_module": {"resources": [)" +
         resources + R"(]}}, "resource_changes": [)" + changes + "]" +
         (config.empty()
              ? ""
              : R"(, "configuration": {"root_module": {"resources": [)" + config + "]}}") +
         "}";
}

std::string Resource(const std::string& address, const std::string& values) {
  std::string base = address.substr(0, address.find('['));
  std::string index;
  if (base.size() < address.size()) {
    index = ", \"index\": " + address.substr(base.size() + 1, address.size() - base.size() - 2);
  }
  std::string quoted;
  AppendJsonString(quoted, address);
  return "{\"address\": " + quoted + R"(, "mode": "managed", "type": ")" +
         base.substr(0, base.find('.')) + R"(", "name": ")" + base.substr(base.find('.') + 1) +
         "\"" + index + ", \"values\": " + values + "}";
}

std::string Change(const std::string& address, const std::string& unknown,
                   const std::string& actions = R"(["create"])") {
  std::string quoted;
  AppendJsonString(quoted, address);
  return "{\"address\": " + quoted + ", \"change\": {\"actions\": " + actions +
         ", \"after_unknown\": " + unknown + "}}";
}

TEST(Plan, WhatIsNotSetIsLeftOut) {
  Planned p(
      PlanOf(Resource("aws_a.x", R"({"name": "n", "size": null, "kept": false, "free": "default",
                "rule": [{"port": 22, "text": "", "list": []}], "made": [{"k": "v", "e": ""}]})"),
             Change("aws_a.x", R"({"id": true, "name": false, "arn": true})"),
             R"({"mode": "managed", "type": "aws_a", "name": "x", "expressions": {
          "name": {"constant_value": "n"}, "size": {"references": ["var.s"]}, "kept": {},
          "arn": {"references": ["aws_b.y.arn", "aws_b.y"]},
          "rule": [{"port": {"constant_value": 22}}]}})"));
  EXPECT_EQ(p.Attributes("aws_a.x"),
            R"({"arn":{"$unknown":true},"kept":false,"made":[{"k":"v"}],"name":"n",)"
            R"("rule":[{"port":22}]})");
  const Value* arn = p.graph.FindAddress("aws_a.x")->attributes.Find("arn");
  EXPECT_EQ(arn->unknown()->cause->text, "aws_a.x.arn is known only after apply");
}

TEST(Plan, WithoutConfigurationWhatIsEmptyIsLeftOut) {
  Planned p(PlanOf(Resource("aws_a.x", R"({"a": null, "b": "", "c": [], "d": 0, "e": {"f": ""}})"),
                   Change("aws_a.x", R"({"id": true})")));
  EXPECT_EQ(p.Attributes("aws_a.x"), R"({"d":0,"e":{"f":""}})");
}

TEST(Plan, SensitivePartsAreMarked) {
  Planned p(R"({"format_version": "1.2", "planned_values": {"root_module": {"resources": [
      {"address": "a.b", "type": "a", "name": "b", "mode": "managed",
       "values": {"t": {"k": "v"}, "u": 1}, "sensitive_values": {"t": {"k": true}}}]}}})");
  const Value& attributes = p.graph.FindAddress("a.b")->attributes;
  EXPECT_TRUE(attributes.Find("t")->Find("k")->sensitive());
  EXPECT_FALSE(attributes.Find("u")->sensitive());
}

TEST(Plan, WhatGoesIsNotThere) {
  Planned p(PlanOf(
      Resource("a.b", R"({"k": 1})") + "," + Resource("a.c", R"({"k": 1})"),
      Change("a.b", "{}", R"(["delete"])") + "," + Change("a.c", "{}", R"(["delete", "create"])")));
  EXPECT_EQ(p.Attributes("a.b"), "none");
  EXPECT_EQ(p.Attributes("a.c"), R"({"k":1})");
}

TEST(Plan, InstancesReferToTheirOwnKey) {
  std::string config = R"(
      {"mode": "managed", "type": "a", "name": "b", "expressions": {"n": {}}},
      {"mode": "managed", "type": "a", "name": "c", "expressions": {
          "each": {"references": ["a.b", "each.key"]}, "one": {"references": ["a.b[1].id", "a.b[1]", "a.b"]},
          "in": [{"deep": {"references": ["a.d.id", "a.d"]}}]}},
      {"mode": "managed", "type": "a", "name": "d", "expressions": {}})";
  Planned p(PlanOf(Resource("a.b[0]", R"({"n": 1})") + "," + Resource("a.b[1]", R"({"n": 1})") +
                       "," + Resource("a.c[0]", "{}") + "," + Resource("a.d", "{}"),
                   Change("a.c[0]", R"({"one": true, "in": [{"deep": true}]})"), config));
  EXPECT_EQ(p.References("a.c[0]"), "each->a.b[0]. in.deep->a.d.id one->a.b[1].id ");
  const Value& c = p.graph.FindAddress("a.c[0]")->attributes;
  ASSERT_EQ(c.Find("one")->unknown()->refs.size(), 1u);
  EXPECT_EQ(c.Find("one")->unknown()->refs[0].address, "a.b[1]");
  EXPECT_EQ(c.Find("in")->items()[0].Find("deep")->unknown()->refs[0].address, "a.d");
}

TEST(Plan, ReferencesGoThroughModules) {
  Planned p(R"({"format_version": "1.2", "planned_values": {"root_module": {
      "resources": [)" +
            Resource("a.top[\"k\"]", "{}") + "," + Resource("a.end", "{}") + R"(],
      "child_modules": [{"address": "module.m[\"k\"]", "resources": [{"address":
        "module.m[\"k\"].a.in[0]", "type": "a", "name": "in", "mode": "managed", "index": 0, "values": {}}]},
       {"address": "module.m[\"l\"]", "resources": [{"address":
        "module.m[\"l\"].a.in[0]", "type": "a", "name": "in", "mode": "managed", "index": 0, "values": {}}]}]}},
    "configuration": {"root_module": {"resources": [
        {"mode": "managed", "type": "a", "name": "top", "expressions": {}},
        {"mode": "managed", "type": "a", "name": "end",
         "expressions": {"o": {"references": ["module.m[\"l\"].out", "module.m[\"l\"]", "module.m"]}}}],
      "module_calls": {"m": {"expressions": {"v": {"references": ["a.top", "each.key"]}}, "module": {
        "outputs": {"out": {"expression": {"references": ["a.in[0].id", "a.in[0]", "a.in"]}}},
        "resources": [{"mode": "managed", "type": "a", "name": "in",
          "expressions": {"x": {"references": ["var.v"]}}}]}}}}}})");
  ASSERT_TRUE(p.diagnostics.empty()) << p.diagnostics[0].message;
  EXPECT_EQ(p.References("module.m[\"k\"].a.in[0]"), "x->a.top[\"k\"]. ");
  EXPECT_EQ(p.References("a.end"), "o->module.m[\"l\"].a.in[0].id ");
}

TEST(Plan, PlacesInThePlan) {
  Planned p(PlanOf(Resource("a.b", R"({"rule": [{"p": 1}, {"p": [22]}]})")));
  EXPECT_EQ(p.TextAt("a.b", {{"rule"}, {{}, 1}, {"p"}}), "plan.json:\"p\": [22]");
  EXPECT_EQ(p.TextAt("a.b", {{"rule"}, {{}, 1}, {"q"}}), "plan.json:{");
  EXPECT_EQ(p.TextAt("a.b", {{"none"}}), "plan.json:\"address\": \"a.b\"");
}

TEST(Plan, JoinedWithItsSources) {
  Files files{{"/p/main.tf", R"(variable "n" {
  default = 1
}
resource "a" "many" {
  count = var.n
  open  = count.index == 1
  ref   = a.other.id
  rule {
    port = var.n
  }
}
resource "a" "other" {
  name = data.d.x.name
}
data "d" "x" {}
)"}};
  std::string text = PlanOf(
      Resource("a.many[0]", R"({"open": false, "rule": [{"port": 2, "extra": ""}], "more": "x"})") +
      "," + Resource("a.many[1]", R"({"open": true, "rule": [{"port": 2}]})") + "," +
      Resource("a.other", R"({"name": "known"})"));
  text.insert(text.size() - 1, R"(, "variables": {"n": {"value": 2}})");
  Planned p(text, files);
  EXPECT_EQ(p.Attributes("a.many[0]"),
            R"({"open":false,"ref":{"$unknown":true},"rule":[{"port":2}]})");
  EXPECT_EQ(p.Attributes("a.other"), R"({"name":"known"})");
  EXPECT_EQ(p.References("a.many[1]"), "ref->a.other.id ");
  EXPECT_EQ(p.TextAt("a.many[1]", {{"open"}}), "main.tf:open  = count.index == 1");
  EXPECT_EQ(p.TextAt("a.many[1]", {{"rule"}, {{}, 0}, {"port"}}), "main.tf:port = var.n");
}

TEST(Plan, ElementsOfSetsAreMatchedByContent) {
  Files files{{"/p/main.tf",
               "resource \"a\" \"b\" {\n  rule {\n    port = 1\n    x = a.c.id\n  }\n  rule {\n    "
               "port = 2\n    x = \"b\"\n  }\n}\nresource \"a\" \"c\" {}\n"}};
  Planned p(
      PlanOf(Resource("a.b", R"({"rule": [{"port": 2, "x": "b"}, {"port": 1, "x": "now"}]})") +
             "," + Resource("a.c", "{}")),
      files);
  EXPECT_EQ(p.Attributes("a.b"), R"({"rule":[{"port":1,"x":"now"},{"port":2,"x":"b"}]})");
}

TEST(Plan, BrokenOnesSayWhy) {
  struct Case {
    std::string text, message;
  };
  const Case cases[] = {
      {R"({"format_version": "1.2", "planned_values": {"root_)",
       "the plan is cut short: expected the rest of a JSON value, found the end of the file"},
      {R"({"format_version": "2.0", "planned_values": {}})",
       "the plan's format_version 2.0 is not supported; expected 1.x"},
      {R"({"planned_values": {}})",
       "the plan has no \"format_version\"; expected 1.x, as `terraform show -json` writes it"},
      {R"({"format_version": "1.2"})",
       "the plan has neither \"planned_values\" nor \"resource_changes\""},
      {R"({"format_version": "1.2", "planned_values": {}} x)",
       "expected the end of the file behind the plan"},
      {R"([])", "expected a plan: a JSON object"},
      {R"({"format_version": "1.2" "planned_values": {}})", "the plan is no valid JSON here"},
  };
  for (const Case& c : cases) {
    Planned p(c.text);
    ASSERT_EQ(p.diagnostics.size(), 1u) << c.text;
    EXPECT_EQ(p.diagnostics[0].message, c.message);
  }
}

TEST(Plan, DepthIsBounded) {
  std::string open(2000, '['), close(2000, ']');
  Planned values(PlanOf(Resource("a.b", "{\"x\": " + open + close + "}")));
  ASSERT_EQ(values.diagnostics.size(), 1u);
  std::string modules;
  for (int i = 0; i < 100; ++i) modules += R"({"child_modules": [)";
  modules += "{}";
  for (int i = 0; i < 100; ++i) modules += "]}";
  Planned nested(R"({"format_version": "1.2", "planned_values": {"root_module": )" + modules +
                 "}}");
  ASSERT_EQ(nested.diagnostics.size(), 1u);
  EXPECT_EQ(nested.diagnostics[0].code, DiagnosticCode::kLimit);
}

TEST(Plan, CyclesOfReferencesEnd) {
  Planned p(R"({"format_version": "1.2", "planned_values": {"root_module": {"resources": [
      {"address": "a.b", "type": "a", "name": "b", "mode": "managed", "values": {"x": 1}}],
      "child_modules": [{"address": "module.m", "resources": []}]}},
    "configuration": {"root_module": {"resources": [{"mode": "managed", "type": "a", "name": "b",
        "expressions": {"x": {"references": ["module.m.o"]}}}],
      "module_calls": {"m": {"expressions": {"v": {"references": ["module.m.o", "module.m.o"]}},
        "module": {"outputs": {"o": {"expression": {"references": ["var.v", "var.v"]}}}}}}}}})");
  EXPECT_EQ(p.Attributes("a.b"), R"({"x":1})");
}

}  // namespace
}  // namespace plumbline::terraform
