#include "scan/rule_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "scan/glob.h"

namespace plumbline::scan {

std::vector<RuleNumber> RuleTable::Match(std::string_view pattern) const {
  std::vector<RuleNumber> out = rules_->Match(pattern);
  auto diagnostics = DiagnosticRules();
  for (std::size_t i = 0; i < diagnostics.size(); ++i) {
    if (MatchText(pattern, diagnostics[i].id)) out.push_back(Number(i));
  }
  return out;
}

Result<void> RuleTable::Select(const ScanOptions& options, std::vector<std::string>& notices) {
  if (options.rules.empty()) {
    for (RuleNumber r = 0; r < rules_->size(); ++r) {
      enabled_[r] = options.strict || rules_->Kind(r) == RuleKind::kDefect || rules_->Strong(r);
    }
  }
  auto diagnostics = DiagnosticRules();
  for (std::size_t i = 0; i < diagnostics.size(); ++i) {
    enabled_[Number(i)] = options.rules.empty() || diagnostics[i].always;
  }
  for (const std::string& pattern : options.rules) {
    auto matched = Match(pattern);
    if (matched.empty()) {
      return Fail(fmt::format(
          "no rule has the id or alias '{}'; `plumbline rules list` shows all of them", pattern));
    }
    for (RuleNumber r : matched) enabled_[r] = true;
  }
  for (const std::string& pattern : options.excluded_rules) {
    auto matched = Match(pattern);
    if (matched.empty())
      notices.push_back(fmt::format("excluded rule '{}' is not known and has no effect", pattern));
    for (RuleNumber r : matched) enabled_[r] = false;
  }
  return {};
}

Result<void> RuleTable::SetSeverities(const ScanOptions& options) {
  for (RuleNumber r = 0; r < rules_->size(); ++r) severity_[r] = rules_->RuleSeverity(r);
  auto diagnostics = DiagnosticRules();
  for (std::size_t i = 0; i < diagnostics.size(); ++i)
    severity_[Number(i)] = diagnostics[i].severity;
  for (const auto& [pattern, severity] : options.severity_overrides) {
    auto matched = Match(pattern);
    if (matched.empty())
      return Fail(fmt::format("severity of '{}': no rule has this id or alias", pattern));
    for (RuleNumber r : matched) severity_[r] = severity;
  }
  return {};
}

void RuleTable::MakeInfos() {
  std::vector<RuleNumber> order(enabled_.size());
  std::iota(order.begin(), order.end(), 0u);
  auto id = [&](RuleNumber r) {
    return r < rules_->size() ? rules_->Id(r) : DiagnosticRules()[r - rules_->size()].id;
  };
  std::ranges::sort(order, {}, id);
  for (RuleNumber r : order) {
    if (!enabled_[r]) continue;
    infos_.push_back(r < rules_->size() ? rules_->Info(r)
                                        : MakeRuleInfo(DiagnosticRules()[r - rules_->size()]));
    by_number_[r] = &infos_.back();
  }
}

Result<RuleTable> RuleTable::Make(const engine::RuleSet& rules, const ScanOptions& options,
                                  std::vector<std::string>& notices) {
  RuleTable table;
  table.rules_ = &rules;
  std::size_t n = rules.size() + DiagnosticRules().size();
  table.enabled_.resize(n);
  table.severity_.resize(n);
  table.by_number_.resize(n);
  PL_CHECK_OK(table.Select(options, notices));
  PL_CHECK_OK(table.SetSeverities(options));
  // A rule whose findings would all be hidden need not run.
  for (RuleNumber r = 0; r < n; ++r) {
    if (table.severity_[r] < options.minimum_severity) table.enabled_[r] = false;
  }
  table.selection_.assign(table.enabled_.begin(),
                          table.enabled_.begin() + static_cast<std::ptrdiff_t>(rules.size()));
  table.run_count_ = static_cast<std::size_t>(std::ranges::count(table.selection_, true));
  table.MakeInfos();
  return table;
}

}  // namespace plumbline::scan
