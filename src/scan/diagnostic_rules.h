// The rules that are not about resources but about the input itself: files that cannot be read,
// values that cannot be evaluated, ignores without effect. They live beside the rule set, so that
// `--rule`, `--exclude`, severities and reports treat them like any other rule.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "plumbline/finding.h"
#include "support/diagnostic.h"

namespace plumbline::scan {

struct DiagnosticRule {
  std::string_view id;
  std::string_view title;
  Severity severity = Severity::kMedium;
  RuleKind kind = RuleKind::kDefect;
  bool always = false;  // runs even when --rule names others: what it reports means that something
                        // was not scanned
  std::string_view why;
  std::string_view fix;
};

/// Sorted by id.
std::span<const DiagnosticRule> DiagnosticRules();
/// Index into DiagnosticRules().
std::size_t DiagnosticRuleIndex(DiagnosticCode code);
std::size_t DiagnosticRuleIndex(std::string_view id);
RuleInfo MakeRuleInfo(const DiagnosticRule& rule);

}  // namespace plumbline::scan
