// What a plan says of a resource, brought into the shape that the configuration gives it. A plan
// holds every attribute of the provider's schema: what the configuration does not say is null, a
// default or known only after apply. Rules know of defaults themselves; what a provider fills in is
// therefore left out, so that a plan and its sources get the same verdicts.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "support/arena.h"
#include "terraform/plan_file.h"
#include "value/value.h"

namespace plumbline::terraform {

/// The resource attributes that an unknown attribute (dotted path without indices) is made of.
using RefsOf = std::function<std::vector<ResourceRef>(std::string_view path)>;

/// The planned values with unknowns in their places and sensitive parts marked.
Value PlannedValue(const PlannedResource& resource, const RefsOf& refs, Arena& arena);

/// `planned` limited to what `configured` (the attributes that the sources give) holds: there the
/// plan's value where it knows one. Elements of lists keep the order of the sources.
Value RefineByPlan(Value configured, Value planned, Arena& arena);

/// `planned` limited to what the plan's own configuration section says: `expressions` of the
/// resource. Without it (null), what is null, empty or unknown is left out.
Value KeepConfigured(Value planned, const Value* expressions, Arena& arena);

}  // namespace plumbline::terraform
