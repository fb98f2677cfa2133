// What the loader and the compiler refuse, and how they say it.
#include <gtest/gtest.h>

#include "engine/definition.h"
#include "fixture.h"

namespace plumbline::engine {
namespace {

constexpr std::string_view kModel = R"(models:
  test.thing:
    fields:
      flag: {type: bool, default: false}
      names: list(string)
      inner: {type: object, fields: {size: int}}
    sources:
      - terraform: test_thing
)";

std::string Errors(const std::string& rule) {
  auto rules = LoadTexts({std::string(kModel), rule});
  return rules ? "" : rules.error().message;
}

struct Case {
  const char* name;
  std::string rule;
  const char* expected;
};

TEST(Load, RefusesWhatIsWrong) {
  const Case cases[] = {
      {"right", RuleText("on: test.thing\nassert: self.flag\nat: self.flag"), ""},
      {"unknown key", RuleText("on: test.thing\nassert: self.flag\nwhenever: x"),
       "/rules/1.yaml:9: the rule has an unknown key \"whenever\""},
      {"no assert", RuleText("on: test.thing"),
       "/rules/1.yaml:1: the rule needs the key \"assert\""},
      {"unknown model", RuleText("on: test.nothing\nassert: \"true\""),
       "/rules/1.yaml:7: on: there is no model"},
      {"bad raw type", RuleText("on: \"terraform:a b\"\nassert: \"true\""), "is no Terraform type"},
      {"unknown field", RuleText("on: test.thing\nassert: self.flog"), "/rules/1.yaml:8: assert: "},
      {"no bool", RuleText("on: test.thing\nassert: self.names"),
       "assert: must be a bool, is a list"},
      {"syntax", RuleText("on: test.thing\nassert: self.flag &&"), "/rules/1.yaml:8: assert: "},
      {"line of a block text", RuleText("on: test.thing\nassert: |\n  self.flag &&\n  self.flog"),
       "/rules/1.yaml:10: assert: "},
      {"unknown field in at", RuleText("on: test.thing\nassert: self.flag\nat: self.inner.sise"),
       "/rules/1.yaml:9: at: test.thing.inner has no field \"sise\""},
      {"at with a wrong root", RuleText("on: test.thing\nassert: self.flag\nat: it.x"),
       "at: a path begins with self"},
      {"each over no list", RuleText("on: test.thing\neach: self.flag\nassert: it"),
       "each: must be a list, is a bool"},
      {"as without each", RuleText("on: test.thing\nas: x\nassert: self.flag"), "without \"each\""},
      {"open message", RuleText("on: test.thing\nassert: self.flag\nmessage: \"{{address\""),
       "without \"}}\""},
      {"no such check", RuleText("on: test.thing\ncheck: embedded-secrets"), "there is no check"},
      {"bad id", RuleText("on: test.thing\nassert: self.flag", "Bad_Id"), "ids are kebab-case"},
  };
  for (const Case& c : cases) {
    const std::string errors = Errors(c.rule);
    if (*c.expected == '\0') {
      EXPECT_EQ(errors, "") << c.name;
    } else {
      EXPECT_NE(errors.find(c.expected), std::string::npos) << c.name << ": " << errors;
    }
  }
}

TEST(Load, TellsTheMistakesOfEveryFile) {
  const auto rules =
      LoadTexts({"id: a\non: test.x\n", "id: [\non: x\n", "id: b\non: test.y\nseverity: bad\n"});
  ASSERT_FALSE(rules);
  for (const char* file : {"/rules/0.yaml:", "/rules/1.yaml:", "/rules/2.yaml:"}) {
    EXPECT_NE(rules.error().message.find(file), std::string::npos) << rules.error().message;
  }
}

TEST(Load, RefusesDuplicates) {
  const std::string lines = "on: test.thing\nassert: self.flag\naliases: [A-1]";
  const auto rules =
      LoadTexts({std::string(kModel), RuleText(lines), RuleText(lines), std::string(kModel)});
  ASSERT_FALSE(rules);
  for (const char* part :
       {"the id \"test-rule\" is already", "the alias \"A-1\" is already", "declared twice"}) {
    EXPECT_NE(rules.error().message.find(part), std::string::npos) << rules.error().message;
  }
}

TEST(Load, RefusesWrongModels) {
  const struct {
    const char* fields;
    const char* source;
    const char* expected;
  } cases[] = {
      {"a: text", "terraform: x", "field a has the type \"text\""},
      {"a: {type: bool, default: 3}", "terraform: x", "the default of field a is no bool"},
      {"a: {type: object}", "terraform: x", "needs \"fields\""},
      {"a: string", "terraform: x\n        fields: {b: c}", "model m has no field \"b\""},
      {"a: string", "terraform: x\n        fields: {a: {path: b, map2: {}}}",
       "unknown key \"map2\""},
      {"a: string", "terraform: x\n        fields: {a: {cel: 'raw.('}}", "cel: "},
      {"a: string", "kubernetes: a/b/c/d", "is no Kubernetes type"},
      {"a: string", "base: x", "needs \"terraform: TYPE\""},
      {"a: string", "terraform: x\n        fields: {a: 'b..c'}", "is no path"},
      {"a: string", "terraform: x\n        fields: {a: {satellite: y}}", "needs \"via\""},
  };
  for (const auto& c : cases) {
    const auto rules = LoadTexts({"models:\n  m:\n    fields: {" + std::string(c.fields) +
                                  "}\n    sources:\n      - " + c.source + "\n"});
    ASSERT_FALSE(rules) << c.expected;
    EXPECT_NE(rules.error().message.find(c.expected), std::string::npos) << rules.error().message;
  }
}

TEST(Load, LeavesOtherYamlAlone) {
  const auto rules = LoadTexts({"kind: Pod\n", "a: [\n", "- 1\n", ""});
  ASSERT_TRUE(rules) << rules.error().message;
  EXPECT_EQ(rules->size(), 0u);
}

TEST(Load, FindsRulesByAnyName) {
  const RuleSet rules =
      MustLoad({RuleText("on: terraform:x\nassert: 'true'\naliases: [AVD-AWS-0086, CKV_AWS_53]")});
  for (const char* pattern :
       {"test-rule", "TEST-*", "AVD-AWS-0086", "aws-0086", "AWS-0086", "ckv_aws_5?", "*"}) {
    EXPECT_EQ(rules.Match(pattern).size(), 1u) << pattern;
  }
  for (const char* pattern : {"test", "aws-008", "", "ckv_aws_5"})
    EXPECT_EQ(rules.Match(pattern).size(), 0u) << pattern;
  const RuleInfo info = rules.Info(0);
  EXPECT_EQ(info.id, "test-rule");
  EXPECT_EQ(info.provider, "user");
  EXPECT_EQ(rules.Examples(0).size(), 2u);
  EXPECT_EQ(rules.On(0), "terraform:x");
}

TEST(Path, Parse) {
  const struct {
    const char* text;
    const char* expected;  // steps joined by '|', "-" when it is no path
  } cases[] = {{"a", "a"},       {"a.b[0].c", "a|b|0|c"},
               {".", ""},        {"a[\"x.y/z\"].b", "a|x.y/z|b"},
               {"", "-"},        {"a.", "-"},
               {".a", "-"},      {"a..b", "-"},
               {"a[", "-"},      {"a[x]", "-"},
               {"a[0", "-"},     {"a b", "-"},
               {"a[-1]", "-"},   {"a[\"x", "-"},
               {"a[it]", "a|it"}};
  for (const auto& c : cases) {
    const auto path = ParsePath(c.text, std::string_view(c.text) == "a[it]" ? "it" : "");
    std::string got = path ? "" : "-";
    for (const PathStepText& s : path.value_or(PathText())) {
      if (!got.empty()) got += '|';
      got += s.index >= 0 ? std::to_string(s.index) : s.key;
    }
    EXPECT_EQ(got, c.expected) << c.text;
  }
}

}  // namespace
}  // namespace plumbline::engine
