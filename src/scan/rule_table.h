// Which rules a scan runs, with what severity, and their texts for the report: built-in and user
// rules by their index in the RuleSet, followed by the diagnostic rules.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "plumbline/finding.h"
#include "plumbline/scan.h"
#include "scan/diagnostic_rules.h"
#include "support/result.h"

namespace plumbline::scan {

/// A rule's number: an index of the RuleSet, or `size()` of it plus an index of DiagnosticRules().
using RuleNumber = std::uint32_t;

class RuleTable {
 public:
  /// Applies --rule, --exclude, --profile and the severity overrides. A pattern of --rule that
  /// matches nothing is an error; one of --exclude becomes a notice.
  static Result<RuleTable> Make(const engine::RuleSet& rules, const ScanOptions& options,
                                std::vector<std::string>& notices);

  const engine::RuleSet& rules() const { return *rules_; }
  const engine::Selection& selection() const { return selection_; }
  RuleNumber FromDiagnostic(DiagnosticCode code) const { return Number(DiagnosticRuleIndex(code)); }
  RuleNumber FromDiagnosticId(std::string_view id) const { return Number(DiagnosticRuleIndex(id)); }

  bool enabled(RuleNumber rule) const { return enabled_[rule]; }
  Severity severity(RuleNumber rule) const { return severity_[rule]; }
  /// Null for a rule that is not enabled.
  const RuleInfo* info(RuleNumber rule) const { return by_number_[rule]; }
  std::size_t run_count() const { return run_count_; }
  /// Every rule whose id or alias matches; diagnostic rules too.
  std::vector<RuleNumber> Match(std::string_view pattern) const;
  /// The texts of the enabled rules, sorted by id; pointers from info() stay valid when moved out.
  std::deque<RuleInfo> TakeInfos() { return std::move(infos_); }

 private:
  RuleNumber Number(std::size_t diagnostic) const {
    return static_cast<RuleNumber>(rules_->size() + diagnostic);
  }
  Result<void> Select(const ScanOptions& options, std::vector<std::string>& notices);
  Result<void> SetSeverities(const ScanOptions& options);
  void MakeInfos();

  const engine::RuleSet* rules_ = nullptr;
  engine::Selection selection_;
  std::vector<bool> enabled_;
  std::vector<Severity> severity_;
  std::vector<const RuleInfo*> by_number_;
  std::deque<RuleInfo> infos_;
  std::size_t run_count_ = 0;
};

}  // namespace plumbline::scan
