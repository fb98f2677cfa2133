#include "scan/matrix.h"

#include <gtest/gtest.h>

#include "report/text.h"

namespace plumbline::scan {
namespace {

const RuleInfo& Rule(const char* id) {
  static std::deque<RuleInfo> rules;
  for (const RuleInfo& r : rules) {
    if (r.id == id) return r;
  }
  rules.emplace_back().id = id;
  return rules.back();
}

Draft Of(const char* rule, const char* resource, Status status, std::uint32_t line,
         model::InputMask inputs = 0) {
  Draft d;
  d.finding.rule = &Rule(rule);
  d.finding.resource = resource;
  d.finding.status = status;
  d.finding.location.file = "main.tf";
  d.finding.location.line = line;
  d.inputs = inputs;
  return d;
}

// Input 1 is written on line 10 of each environment's file, input 2 on line 20 of the same file.
std::vector<Origin> Deciders(const Draft&, model::InputMask mask, std::size_t environment) {
  std::vector<Origin> out;
  if ((mask & 1) != 0)
    out.push_back({{std::string(1, static_cast<char>('a' + environment)), 10, 1, 10, 1}, "one"});
  if ((mask & 2) != 0) out.push_back({{"common", 20, 1, 20, 1}, "two"});
  return out;
}

// "rule resource@line status: text [name:file:line …]"
std::vector<std::string> Joined(std::vector<std::vector<Draft>> drafts,
                                std::vector<std::unordered_set<std::string>> resources) {
  Matrix matrix({"dev", "prod", "qa"});
  for (std::size_t i = 0; i < drafts.size(); ++i)
    matrix.Add(i, std::move(drafts[i]), std::move(resources[i]));
  std::vector<std::string> out;
  for (const Draft& d : matrix.Join(Deciders)) {
    const Finding& f = d.finding;
    std::string text = f.rule->id + " " + f.resource + "@" + std::to_string(f.location.line) +
                       ": " + report::EnvironmentsText(f);
    for (const EnvironmentResult& r : f.environment_results) {
      for (const Origin& o : r.decided_by) {
        text += " [" + r.name + ":" + o.location.file + ":" + std::to_string(o.location.line) + "]";
      }
    }
    out.push_back(std::move(text));
  }
  return out;
}

using Lines = std::vector<std::string>;

TEST(MatrixTest, EqualInAll) {
  EXPECT_EQ(Joined({{Of("r", "x", Status::kFail, 1)},
                    {Of("r", "x", Status::kFail, 1)},
                    {Of("r", "x", Status::kFail, 1)}},
                   {{"x"}, {"x"}, {"x"}}),
            Lines{"r x@1: fails in every environment (dev, prod, qa)"});
}

TEST(MatrixTest, FailsPassesAndIsUndetermined) {
  EXPECT_EQ(Joined({{}, {Of("r", "x", Status::kFail, 1, 3)}, {Of("r", "x", Status::kUnknown, 7)}},
                   {{"x"}, {"x"}, {"x"}}),
            Lines{"r x@1: fails in prod; undetermined in qa; passes in dev [dev:a:10] [prod:b:10] "
                  "[qa:c:10]"});
}

TEST(MatrixTest, AbsentIsNotAPass) {
  EXPECT_EQ(Joined({{}, {Of("r", "x", Status::kFail, 1, 1)}, {}}, {{}, {"x"}, {"x"}}),
            Lines{"r x@1: fails in prod; passes in qa; does not exist in dev [dev:a:10] "
                  "[prod:b:10] [qa:c:10]"});
}

TEST(MatrixTest, PlacesAndRulesStayApart) {
  EXPECT_EQ(Joined({{Of("r", "x", Status::kFail, 1)},
                    {Of("r", "x", Status::kFail, 2)},
                    {Of("s", "x", Status::kUnknown, 1)}},
                   {{"x"}, {"x"}, {"x"}}),
            (Lines{"r x@1: fails in dev; passes in prod, qa [dev:a:10] [prod:b:10] [qa:c:10]",
                   "r x@2: fails in prod; passes in dev, qa [dev:a:10] [prod:b:10] [qa:c:10]",
                   "s x@1: undetermined in qa; passes in dev, prod [dev:a:10] [prod:b:10] "
                   "[qa:c:10]"}));
}

TEST(MatrixTest, IgnoredHereFailingThere) {
  EXPECT_EQ(Joined({{Of("r", "x", Status::kIgnored, 1)}, {Of("r", "x", Status::kFail, 1)}, {}},
                   {{"x"}, {"x"}, {}})
                .front()
                .substr(0, 67),
            "r x@1: fails in prod; ignored in dev; does not exist in qa [dev:a:1");
}

}  // namespace
}  // namespace plumbline::scan
