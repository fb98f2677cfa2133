#include "scan/assemble.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace plumbline::scan {
namespace {

RuleInfo MakeRule(std::string id) {
  RuleInfo rule;
  rule.id = std::move(id);
  return rule;
}

Draft MakeDraft(const RuleInfo& rule, std::uint32_t line, std::string resource,
                std::string text = "encrypted = false") {
  Draft d;
  d.finding.rule = &rule;
  d.finding.resource = std::move(resource);
  d.finding.location = {"main.tf", line, 3, line, 20};
  d.finding.message = d.finding.resource + " fails";
  d.path = "encrypted";
  d.line = std::move(text);
  return d;
}

Report Assembled(std::vector<Draft> drafts, AssembleOptions options = {}) {
  Report report;
  Assemble(std::move(drafts), options, report);
  return report;
}

TEST(AssembleTest, InstancesAtOnePlaceBecomeOneFinding) {
  RuleInfo rule = MakeRule("r");
  Report report = Assembled({MakeDraft(rule, 3, "module.b.x"), MakeDraft(rule, 3, "module.a.x"),
                             MakeDraft(rule, 3, "module.c.x"), MakeDraft(rule, 9, "module.a.y")});
  ASSERT_EQ(report.findings.size(), 2u);
  EXPECT_EQ(report.findings[0].resource, "module.a.x");
  EXPECT_EQ(report.findings[0].instances, (std::vector<std::string>{"module.b.x", "module.c.x"}));
  EXPECT_EQ(report.summary.failed, 2u);
}

TEST(AssembleTest, DifferentOriginsStayApart) {
  RuleInfo rule = MakeRule("r");
  Draft a = MakeDraft(rule, 3, "module.a.x"), b = MakeDraft(rule, 3, "module.b.x");
  a.finding.origin = {{{"dev.tfvars", 1, 1, 1, 2}, ""}};
  b.finding.origin = {{{"prod.tfvars", 1, 1, 1, 2}, ""}};
  EXPECT_EQ(Assembled({a, b}).findings.size(), 2u);
}

TEST(AssembleTest, AnswersDifferInStatusStayApart) {
  RuleInfo rule = MakeRule("r");
  Draft a = MakeDraft(rule, 3, "module.a.x"), b = MakeDraft(rule, 3, "module.b.x");
  b.finding.status = Status::kIgnored;
  Report report = Assembled({a, b}, {.include_ignored = true});
  EXPECT_EQ(report.findings.size(), 2u);
  EXPECT_EQ(report.summary.ignored, 1u);
  EXPECT_EQ(Assembled({a, b}).findings.size(), 1u);
}

TEST(AssembleTest, TheOrderOfArrivalDoesNotMatter) {
  RuleInfo r1 = MakeRule("a"), r2 = MakeRule("b");
  std::vector<Draft> drafts = {MakeDraft(r2, 3, "x"), MakeDraft(r1, 3, "x"), MakeDraft(r1, 1, "y"),
                               MakeDraft(r1, 3, "z")};
  auto shape = [](const Report& r) {
    std::string out;
    for (const Finding& f : r.findings) out += f.rule->id + f.resource + f.fingerprint + "\n";
    return out;
  };
  std::string expected = shape(Assembled(drafts));
  std::ranges::reverse(drafts);
  EXPECT_EQ(shape(Assembled(drafts)), expected);
}

TEST(AssembleTest, FingerprintsSurviveMovedLinesAndStayUnique) {
  RuleInfo rule = MakeRule("r");
  std::string before = Assembled({MakeDraft(rule, 3, "x")}).findings[0].fingerprint;
  EXPECT_EQ(Assembled({MakeDraft(rule, 13, "x")}).findings[0].fingerprint, before);
  EXPECT_NE(Assembled({MakeDraft(rule, 3, "x", "encrypted = var.e")}).findings[0].fingerprint,
            before);
  EXPECT_NE(Assembled({MakeDraft(rule, 3, "y")}).findings[0].fingerprint, before);
  Report twice = Assembled({MakeDraft(rule, 3, "x"), MakeDraft(rule, 7, "x")});
  EXPECT_EQ(twice.findings[0].fingerprint, before);
  EXPECT_NE(twice.findings[1].fingerprint, before);
}

}  // namespace
}  // namespace plumbline::scan
