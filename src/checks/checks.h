// The few rules that CEL cannot say well: C++ behind the same rule files (`check: NAME` in place of
// `assert`).
//
// A check is a pure function of a resource and its graph. Severity, wording of title and reasons,
// examples and tests are the rule file's.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/resource.h"

namespace plumbline::checks {

/// What a check says of one place of a resource.
struct Outcome {
  enum class Status : std::uint8_t { kFail, kPass, kUnknown };
  Status status = Status::kPass;
  model::Path path;     // into the resource's attributes; keys must live as long as the graph
  std::string message;  // kFail: replaces the rule's message when not empty
  std::string cause;    // kUnknown
};

struct CheckContext {
  const model::ResourceGraph& graph;
  const model::Resource& resource;
};

/// Outcomes in source order; none when the check does not apply.
using CheckFunction = std::vector<Outcome> (*)(const CheckContext& context);

struct Check {
  std::string_view name;
  CheckFunction run;
};

/// All checks, sorted by name.
std::span<const Check> All();
/// A check's index in `All()`; 0xFFFFFFFF when there is none.
std::uint32_t Find(std::string_view name);

}  // namespace plumbline::checks
