// Explanations never disagree with scans: over every example of every built-in rule.
#include "engine/explain.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "cel/trace.h"
#include "engine/functions.h"
#include "engine/rule_set_impl.h"
#include "scan/examples.h"
#include "value/json.h"

namespace plumbline::scan {
namespace {

using engine::ExplainedOutcome;

class PlainWriter final : public engine::ValueWriter {
 public:
  std::string Write(const Value& value, const model::Path&, bool, bool&) override {
    return ToJson(value);
  }
  bool IsSecret(const model::Resource&, const model::Path&) override { return false; }
};

// What the parts of a subject or an element say, by the rules of rules.
ExplainedOutcome Derived(const std::vector<engine::ExplainedCondition>& conditions) {
  bool unknown = false;
  for (const engine::ExplainedCondition& c : conditions) {
    using State = engine::ExplainedStep::State;
    const bool true_ = c.step.state == State::kKnown && c.step.value == "true";
    const bool settled = c.step.state == State::kKnown;
    if (c.part == "assert" && true_)
      return unknown ? ExplainedOutcome::kSilent : ExplainedOutcome::kPass;
    if (c.part == "assert")
      return unknown || !settled ? ExplainedOutcome::kUnknown : ExplainedOutcome::kFail;
    if (settled && !true_) return ExplainedOutcome::kSilent;
    unknown = unknown || !settled;
  }
  return ExplainedOutcome::kSilent;
}

void CheckSubject(const engine::ExplainedSubject& s, const std::string& where) {
  const bool whole = !s.conditions.empty() && s.conditions.back().part != "each";
  if (whole && s.item_count == 0) {
    EXPECT_EQ(Derived(s.conditions), s.outcome) << where;
  }
  for (const engine::ExplainedItem& i : s.items) {
    // An unknown `when` makes every element undetermined.
    if (s.conditions.front().part == "when" && s.conditions.front().step.value != "true") continue;
    EXPECT_EQ(Derived(i.conditions), i.outcome) << where << " element " << i.index;
  }
}

TEST(Explain, AgreesWithTheScan) {
  const engine::RuleSet& rules = engine::RuleSet::BuiltIn();
  PlainWriter writer;
  std::size_t explained = 0;
  for (std::uint32_t rule = 0; rule < rules.size(); ++rule) {
    engine::Selection selection(rules.size());
    selection[rule] = true;
    engine::RunOptions options;
    options.passes = true;
    for (const engine::RuleExample& example : rules.Examples(rule)) {
      EvaluatedExample e;
      EvaluateExample(example, e);
      options.sources = &e.sources;
      std::map<const model::Resource*, std::set<Status>> said;
      for (const engine::Verdict& v : engine::Run(rules, selection, e.graph, options))
        said[v.resource].insert(v.status);
      for (const model::Resource& r : e.graph) {
        const auto x = engine::Explain(rules, rule, e.graph, r, e.sources, writer);
        const std::string where = std::string(rules.Id(rule)) + " " + std::string(r.address);
        const auto statuses = said.find(&r);
        const ExplainedOutcome expected =
            statuses == said.end()                     ? ExplainedOutcome::kSilent
            : statuses->second.contains(Status::kFail) ? ExplainedOutcome::kFail
            : statuses->second.contains(Status::kPass) ? ExplainedOutcome::kPass
                                                       : ExplainedOutcome::kUnknown;
        EXPECT_EQ(x.outcome, expected) << where;
        EXPECT_EQ(statuses == said.end(), !x.reason.empty()) << where;
        if (statuses == said.end() || !x.check.empty()) continue;
        ++explained;
        EXPECT_FALSE(x.subjects.empty()) << where;
        for (const engine::ExplainedSubject& s : x.subjects) CheckSubject(s, where);
      }
    }
  }
  EXPECT_GE(explained, rules.size() * 2);
}

TEST(Explain, TheImageHoldsTheTextsOfItsConditions) {
  const engine::RuleSet& rules = engine::RuleSet::BuiltIn();
  const engine::Image& image = rules.impl().images[0];
  const auto defs = image.All<engine::RuleDef>();
  for (std::uint32_t i = 0; i < defs.size(); ++i) {
    const auto& cold = image.At<engine::ColdRule>(i);
    const auto variables = engine::RuleVariables(nullptr, nullptr, image.Text(cold.element));
    cel::CompileOptions options;
    options.variables = variables;
    options.functions = engine::HostFunctions();
    options.lenient = true;
    const std::pair<std::uint32_t, engine::Str> parts[] = {{defs[i].when, cold.when},
                                                           {defs[i].each, cold.each},
                                                           {defs[i].when_each, cold.when_each},
                                                           {defs[i].condition, cold.condition}};
    for (const auto& [code, text] : parts) {
      EXPECT_EQ(code == engine::kNone, image.Text(text).empty());
      if (code == engine::kNone) continue;
      EXPECT_TRUE(cel::IsCodeOf(image.Text(text), image.Code(code), options))
          << image.Text(defs[i].id) << ": " << image.Text(text);
    }
  }
}

}  // namespace
}  // namespace plumbline::scan
