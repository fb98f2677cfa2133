// Resources on their way through nested kustomizations, with the configuration and the variables
// that belong to them.
#pragma once

#include <map>
#include <string>

#include "kustomize/field_spec.h"
#include "kustomize/kustomization.h"
#include "kustomize/resource.h"

namespace plumbline::kustomize {

/// What has been gathered so far.
struct Accumulator {
  explicit Accumulator(const Schema& schema) : resources(schema) {}
  ResMap resources;
  TransformerConfig config;
  std::map<std::string, VarArgs> vars;

  Result<void> AddVar(const VarArgs& var) {
    if (vars.try_emplace(var.name, var).second) return {};
    return Fail("var '" + var.name + "' already encountered");
  }

  /// `index` is that of `resources`.
  Result<void> Join(const Accumulator& other, NameIndex& index) {
    PL_CHECK_OK(resources.AppendAll(other.resources, index));
    PL_CHECK_OK(config.Merge(other.config));
    for (const auto& [name, var] : other.vars) PL_CHECK_OK(AddVar(var));
    return {};
  }
};

}  // namespace plumbline::kustomize
