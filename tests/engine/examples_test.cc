// How examples of rules are judged: the messages that people who write rules live by.
#include "scan/examples.h"

#include <gtest/gtest.h>

#include "engine/rule_set_impl.h"
#include "fixture.h"

namespace plumbline::scan {
namespace {

constexpr const char* kRule =
    "id: test-rule\ntitle: t\nseverity: low\nkind: defect\nwhy: w\nfix: f\non: "
    "terraform:thing\nassert: self.ok == true\n"
    "at: self.ok\nexamples:\n  terraform:\n    bad: ['# finding']\n    good: ['']\n";

std::string Example(const char* framework, bool bad, const char* text,
                    const std::string& rule = kRule) {
  return RunExample(engine::MustLoad({rule}), 0, {framework, bad, text});
}

TEST(Examples, Terraform) {
  const struct {
    const char* name;
    bool bad;
    const char* text;
    const char* expected;
  } cases[] = {
      {"bad", true, "resource \"thing\" \"a\" {\n  ok = false # finding\n}\n", ""},
      {"bad, absent", true, "resource \"thing\" \"a\" { # finding\n}\n", ""},
      {"good", false, "resource \"thing\" \"a\" {\n  ok = true\n}\n", ""},
      {"no finding", true, "resource \"thing\" \"a\" {\n  ok = true # finding\n}\n",
       "no finding, expected one on line 2 (1 passed)"},
      {"wrong line", true, "resource \"thing\" \"a\" { # finding\n  ok = false\n}\n",
       "the finding stands on line 2 (thing.a ok), expected line 1"},
      {"two findings", true,
       "resource \"thing\" \"a\" { # finding\n}\nresource \"thing\" \"b\" {\n}\n",
       "findings on line 1 (thing.a ok), line 3 (thing.b ok), expected one on line 1"},
      {"undetermined", true,
       "variable \"v\" {\n  type = bool\n}\nresource \"thing\" \"a\" {\n  ok = var.v # "
       "finding\n}\n",
       "no finding, expected one on line 5 (0 passed); undetermined: thing.a: var.v has no "
       "default"},
      {"no mark", true, "resource \"thing\" \"a\" {\n}\n",
       "0 lines are marked \"# finding\"; exactly one must be"},
      {"finding in a good one", false, "resource \"thing\" \"a\" {\n}\n",
       "a finding on line 1 (thing.a ok) where there should be none"},
      {"nothing to look at", false, "resource \"other\" \"a\" {\n}\n",
       "no pass: the rule found nothing that it applies to"},
  };
  for (const auto& c : cases) EXPECT_EQ(Example("terraform", c.bad, c.text), c.expected) << c.name;
}

TEST(Examples, ReferencesAndUnknownsOfTheSameText) {
  EXPECT_EQ(Example("terraform", false,
                    "locals {\n  yes = tobool(\"true\")\n}\nresource \"thing\" \"a\" {\n  count = "
                    "2\n  ok = local.yes\n}\n"),
            "");
}

TEST(Examples, Kubernetes) {
  const std::string rule =
      "id: test-rule\ntitle: t\nseverity: low\nkind: defect\nwhy: w\nfix: f\non: kubernetes:Pod\n"
      "each: self.spec.containers\nassert: it.image.contains(':')\nat: it.image\nexamples:\n  "
      "kubernetes:\n"
      "    bad: ['# finding']\n    good: ['']\n";
  constexpr const char* kPod =
      "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n    - name: a\n      "
      "image: app:1\n"
      "    - name: b\n      image: app # finding\n";
  EXPECT_EQ(Example("kubernetes", true, kPod, rule), "");
  EXPECT_EQ(Example("kubernetes", false, kPod, rule),
            "a finding on line 9 (Pod/default/p spec.containers[1].image) where there "
            "should be none");
}

TEST(Examples, AnErrorInTheRuleIsTold) {
  std::string rule = kRule;
  rule.replace(rule.find("self.ok == true"), 15, "self.ok / 0 == 1");
  const std::string problem =
      Example("terraform", true, "resource \"thing\" \"a\" {\n  ok = 3 # finding\n}\n", rule);
  EXPECT_NE(problem.find("error in the rule"), std::string::npos) << problem;
}

}  // namespace
}  // namespace plumbline::scan
