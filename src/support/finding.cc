// Names of severities, kinds and statuses: one table each, used for flags, rules and every report.
#include "plumbline/finding.h"

#include <array>
#include <string_view>

namespace plumbline {
namespace {
constexpr std::array<const char*, 5> kSeverities = {"info", "low", "medium", "high", "critical"};
constexpr std::array<const char*, 2> kKinds = {"defect", "opinion"};
constexpr std::array<const char*, 4> kStatuses = {"fail", "pass", "unknown", "ignored"};
}  // namespace

const char* SeverityName(Severity severity) {
  return kSeverities[static_cast<std::size_t>(severity)];
}
const char* RuleKindName(RuleKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }
const char* StatusName(Status status) { return kStatuses[static_cast<std::size_t>(status)]; }

bool ParseSeverity(const std::string& text, Severity& out) {
  for (std::size_t i = 0; i < kSeverities.size(); ++i) {
    if (text != kSeverities[i]) continue;
    out = static_cast<Severity>(i);
    return true;
  }
  return false;
}

}  // namespace plumbline
