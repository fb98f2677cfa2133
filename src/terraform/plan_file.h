// A plan as `terraform show -json` writes it, read into its parts. Large sections are skipped where
// they stand; only what rules can see becomes values. Format: Terraform's JSON output format,
// version 1 (and 0.1, 0.2 of older releases).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "support/arena.h"
#include "support/diagnostic.h"
#include "support/limits.h"
#include "support/source.h"
#include "value/value.h"

namespace plumbline::terraform {

/// A byte range of the plan's text.
struct TextRange {
  std::uint32_t begin = 0, end = 0;
  bool empty() const { return begin == end; }
};

/// One resource instance that is there once the plan has been applied, or a data source.
struct PlannedResource {
  bool is_data = false;
  std::string_view address, module, type, name;
  Value key;        // count's number or for_each's text; null without
  Value values;     // an object; null when the plan says nothing
  Value unknown;    // the shape of `values` with true where it is known only after apply
  Value sensitive;  // the same for what is marked sensitive
  TextRange object, values_range, address_range;
};

struct PlanFile {
  Arena arena;
  FileId file = kNoFile;
  std::string_view text;
  std::vector<PlannedResource> resources;
  Value variables;      // {name: {"value": …}}
  Value outputs;        // {name: {"value": …, "sensitive": …}}
  Value configuration;  // null when the plan has none
  TextRange configuration_range, variables_range, outputs_range;
};

/// Reads a plan. False when it is none or broken: then one diagnostic says why.
bool ReadPlan(FileId file, std::string_view text, const Limits& limits, PlanFile& plan,
              Diagnostics& diagnostics);

/// The member of an object, or element of an array, in JSON text: key and value, or the element.
/// Nothing when it is not there. `range` is the container's.
struct FoundMember {
  TextRange whole, value;
};
std::optional<FoundMember> FindMember(std::string_view text, TextRange range, std::string_view key);
std::optional<FoundMember> FindElement(std::string_view text, TextRange range, std::int64_t index);

}  // namespace plumbline::terraform
