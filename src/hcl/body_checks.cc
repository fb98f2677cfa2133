#include "hcl/body_checks.h"

#include <algorithm>
#include <string>
#include <vector>

namespace plumbline::hcl {

namespace {

void Report(const Attribute& a, Diagnostics& diagnostics) {
  diagnostics.push_back({DiagnosticCode::kDuplicate,
                         "the argument \"" + std::string(a.name) +
                             "\" was already set above: expected each argument once",
                         a.name_span});
}

}  // namespace

void ReportDuplicates(std::span<const Attribute> attributes, Diagnostics& diagnostics) {
  // Comparing each with each is fastest for the usual handful and would be quadratic for a hostile
  // file.
  constexpr std::size_t kFew = 16;
  if (attributes.size() <= kFew) {
    for (std::size_t i = 1; i < attributes.size(); ++i) {
      auto before = attributes.first(i);
      bool seen = std::ranges::find(before, attributes[i].name, &Attribute::name) != before.end();
      if (seen) Report(attributes[i], diagnostics);
    }
    return;
  }
  std::vector<const Attribute*> sorted;
  for (const Attribute& a : attributes) sorted.push_back(&a);
  std::ranges::stable_sort(sorted, {}, [](const Attribute* a) { return a->name; });
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    if (sorted[i]->name == sorted[i - 1]->name) Report(*sorted[i], diagnostics);
  }
}

}  // namespace plumbline::hcl
