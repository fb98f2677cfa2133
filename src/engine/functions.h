// What rules' CEL expressions see beside standard CEL: the variables, and the functions of
// docs/writing-rules.md.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "cel/cel.h"

namespace plumbline::engine {

/// Slots of the variables of every expression in a rule. Expressions of models have the same slots;
/// there `self` and the element are null.
enum VariableSlot : std::uint32_t {
  kSelfSlot,
  kAddressSlot,
  kResourceSlot,
  kRawSlot,
  kParentSlot,
  kElementSlot,
  kVariableCount
};

/// The functions, in an order that never changes: code stores their index.
std::span<const cel::Function> HostFunctions();

/// The type of the variable `resource`.
const cel::RecordType& ResourceRecordType();

/// Which field of `resource` a slot is.
enum ResourceSlot : std::uint32_t {
  kTypeSlot,
  kNameSlot,
  kResourceAddressSlot,
  kModuleSlot,
  kFrameworkSlot,
  kNamespaceSlot,
  kFileSlot
};

/// Variables for a compilation: `self` and the element typed as given (null: dyn).
std::array<cel::Variable, kVariableCount> RuleVariables(const cel::Type* self,
                                                        const cel::Type* element,
                                                        std::string_view element_name);

// One function a name; see docs/writing-rules.md.
cel::Val ReferencedBy(std::span<const cel::Val> args, const cel::Activation& activation);
cel::Val References(std::span<const cel::Val> args, const cel::Activation& activation);
cel::Val Resources(std::span<const cel::Val> args, const cel::Activation& activation);
cel::Val Policy(std::span<const cel::Val> args, const cel::Activation& activation);
cel::Val Json(std::span<const cel::Val> args, const cel::Activation& activation);
cel::Val CidrIsAny(std::span<const cel::Val> args, const cel::Activation& activation);
cel::Val CidrIsPublic(std::span<const cel::Val> args, const cel::Activation& activation);
cel::Val CidrContains(std::span<const cel::Val> args, const cel::Activation& activation);
cel::Val Quantity(std::span<const cel::Val> args, const cel::Activation& activation);

}  // namespace plumbline::engine
