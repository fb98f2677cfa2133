// The configuration section of a plan: no values, but which names every expression mentions. From
// these the references between instances are found where no sources are at hand: through module
// arguments, outputs and for_each. What stands behind a local value is not in a plan.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "terraform/plan_file.h"

namespace plumbline::terraform {

/// A resource (index in PlanFile::resources) and the attribute that is mentioned; empty for all.
struct PlanTarget {
  std::size_t resource = 0;
  std::string_view attribute;
  bool operator==(const PlanTarget&) const = default;
};

/// "module.a[\"k\"].module.b" → "a.b"; the root module is "".
std::string ModulePath(std::string_view address);
/// The address without any index.
std::string WithoutKeys(std::string_view address);

class PlanConfiguration {
 public:
  explicit PlanConfiguration(const PlanFile& plan);

  /// What the configuration says of a resource; null when it is not there.
  const Value* Of(const PlannedResource& resource) const;
  /// What an expression of `from` (an attribute's, or a block's with all inside) refers to.
  std::vector<PlanTarget> Targets(const Value& expression, const PlannedResource& from) const;
  /// A module call by the path of module names; null when it is not there.
  struct Call {
    std::string path, parent;  // module paths
    std::string_view name;
    const Value* value = nullptr;
  };
  const std::vector<Call>& calls() const { return calls_; }

 private:
  /// Where an expression stands: the module instance, and whose for_each `each` is.
  struct Place {
    std::string module;
    const Value* owner = nullptr;
    std::string key;  // of the instance: [0], ["a"]
  };
  struct Walk {
    std::vector<PlanTarget> out;
    int steps = 0;
  };
  void Follow(const Value& expression, const Place& place, int depth, Walk& walk) const;
  void FollowName(std::string_view name, const Place& place, int depth, Walk& walk) const;
  void FollowVariable(std::string_view name, const Place& place, int depth, Walk& walk) const;
  void FollowModule(std::string_view rest, const Place& place, int depth, Walk& walk) const;
  void FollowResource(std::string_view name, const Place& place, Walk& walk) const;
  void AddModule(const Value& module, const std::string& path);

  const PlanFile& plan_;
  std::vector<Call> calls_;
  std::unordered_map<std::string, const Value*> modules_;              // by path
  std::unordered_map<std::string, std::size_t> call_index_;            // by path
  std::unordered_map<std::string, const Value*> resources_;            // "path|data.type.name"
  std::unordered_map<std::string, std::vector<std::size_t>> by_base_;  // "module|data.type.name"
  std::unordered_map<std::string, std::size_t> by_key_;                // the same with the key
  std::unordered_set<std::string> module_addresses_;
  std::unordered_map<std::string, std::vector<std::string>> children_;  // "module|name" → addresses
};

}  // namespace plumbline::terraform
