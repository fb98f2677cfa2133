// Terraform's (cty's) type conversion and unification.
#pragma once

#include <span>

#include "support/arena.h"
#include "support/result.h"
#include "value/value.h"

namespace plumbline {

/// `v` as a value of `type`. Object attributes may be optional; extra ones are dropped; `any`
/// inside takes what is there (unified within collections). Unknown stays unknown with the new
/// type, null becomes a typed null; marks are kept.
Result<Value> Convert(Arena& arena, Value v, const Type* type);

/// The type to which all can be converted, as for conditional arms and collection elements; null
/// when there is none.
const Type* Unify(Arena& arena, std::span<const Type* const> types);

}  // namespace plumbline
