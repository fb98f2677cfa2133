// Instances of one module call or of one for_each fail at the same place for the same reason: a
// person has one thing to mend, so they become one finding that lists the others. What differs in
// the place, in the verdict or in where the value comes from stays apart.
#include "scan/assemble.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <unordered_map>

namespace plumbline::scan {
namespace {

auto SortKey(const Finding& f) {
  return std::tie(f.location.file, f.location.line, f.location.column, f.rule->id, f.resource,
                  f.status, f.message, f.value);
}

bool SameOriginEnd(const Finding& a, const Finding& b) {
  if (a.origin.empty() || b.origin.empty()) return a.origin.empty() == b.origin.empty();
  const Location &x = a.origin.back().location, &y = b.origin.back().location;
  return x.file == y.file && x.line == y.line && x.column == y.column;
}

bool SamePlace(const Finding& a, const Finding& b) {
  const Location &x = a.location, &y = b.location;
  return a.rule == b.rule && x.line == y.line && x.column == y.column && x.file == y.file;
}

// True when `b` was taken into `a`.
bool Absorb(Finding& a, const Finding& b) {
  if (a.status != b.status || a.note != b.note || !SameOriginEnd(a, b)) return false;
  if (a.environments != b.environments) return false;
  if (a.location.end_line != b.location.end_line || a.location.end_column != b.location.end_column)
    return false;
  if (a.resource == b.resource) return a.message == b.message && a.value == b.value;
  // A diagnostic's resource is only told, not the subject: equal messages are one fault.
  if (a.resource.empty() || b.resource.empty()) return false;
  auto at = std::ranges::lower_bound(a.instances, b.resource);
  if (at != a.instances.end() && *at == b.resource) return true;
  a.instances.insert(at, b.resource);
  return true;
}

void Merge(std::vector<Draft>& drafts) {
  std::vector<Draft> out;
  std::size_t group = 0;  // where the findings of this rule at this place begin in `out`
  for (Draft& d : drafts) {
    if (group == out.size() || !SamePlace(out[group].finding, d.finding)) group = out.size();
    // Passes are listed one by one: each is an answer somebody asked for.
    bool mergeable = d.finding.status != Status::kPass && d.finding.location.line > 0;
    bool absorbed = false;
    for (std::size_t i = group; mergeable && i < out.size() && !absorbed; ++i) {
      absorbed = Absorb(out[i].finding, d.finding);
    }
    if (!absorbed) out.push_back(std::move(d));
  }
  drafts = std::move(out);
}

std::uint64_t Hash(std::uint64_t seed, std::string_view text) {
  // FNV-1a; a separator keeps ("ab","c") and ("a","bc") apart.
  for (char c : text) seed = (seed ^ static_cast<unsigned char>(c)) * 0x100000001B3ull;
  return (seed ^ 0xFF) * 0x100000001B3ull;
}

std::string Fingerprint(const Draft& d) {
  const Finding& f = d.finding;
  std::uint64_t low = 0xCBF29CE484222325ull, high = 0x9AE16A3B2F90404Full;
  for (std::string_view part :
       {std::string_view(f.rule->id), std::string_view(f.resource),
        std::string_view(f.location.file), std::string_view(d.path), std::string_view(d.line)}) {
    low = Hash(low, part);
    high = Hash(high, part);
  }
  return fmt::format("{:016x}{:016x}", low, high);
}

// Equal texts at several places (two identical blocks) are told apart by their order.
void SetFingerprints(std::vector<Draft>& drafts) {
  std::unordered_map<std::string, std::size_t> seen;
  for (Draft& d : drafts) {
    std::string base = Fingerprint(d);
    d.finding.fingerprint = fmt::format("{}:{}", base, ++seen[base]);
  }
}

void Count(const Finding& f, Summary& s) {
  switch (f.status) {
    case Status::kFail:
      ++s.failed;
      ++s.by_severity[static_cast<std::size_t>(f.severity)];
      break;
    case Status::kPass:
      ++s.passed;
      break;
    case Status::kUnknown:
      ++s.unknown;
      break;
    case Status::kIgnored:
      ++s.ignored;
      break;
  }
}

bool Shown(const Finding& f, const AssembleOptions& o) {
  switch (f.status) {
    case Status::kFail:
      return true;
    case Status::kPass:
      return o.include_passed;
    case Status::kUnknown:
      return o.show_unknown;
    case Status::kIgnored:
      return o.include_ignored;
  }
  return true;
}

}  // namespace

void Assemble(std::vector<Draft> drafts, const AssembleOptions& options, Report& report) {
  std::ranges::sort(drafts, [](const Draft& a, const Draft& b) {
    return SortKey(a.finding) < SortKey(b.finding);
  });
  Merge(drafts);
  SetFingerprints(drafts);
  for (Draft& d : drafts) {
    Count(d.finding, report.summary);
    std::ranges::move(d.callers, std::back_inserter(d.finding.origin));
    if (Shown(d.finding, options)) report.findings.push_back(std::move(d.finding));
  }
}

}  // namespace plumbline::scan
