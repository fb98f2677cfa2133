// Type constraints of variables: `object({ name = string, size = optional(number, 3) })` with their
// defaults.
#pragma once

#include <span>
#include <string_view>

#include "hcl/ast.h"
#include "support/arena.h"
#include "support/limits.h"
#include "support/result.h"
#include "terraform/expression.h"
#include "value/value.h"

namespace plumbline::terraform {

struct TypeDefaults;

struct AttrDefault {
  std::string_view name;
  bool has_default = false;
  Value value;  // already of the attribute's type
  const TypeDefaults* inner = nullptr;
};

/// Defaults of optional attributes, shaped as the type. Null where a part of the type has none.
struct TypeDefaults {
  std::span<const AttrDefault> attrs;             // object
  const TypeDefaults* element = nullptr;          // list, set, map
  std::span<const TypeDefaults* const> elements;  // tuple
};

struct TypeConstraint {
  const Type* type = nullptr;   // with optional attributes; never null
  const Type* plain = nullptr;  // the same without the word optional: what converted values have
  const TypeDefaults* defaults = nullptr;
};

/// Reads a type expression; also the bare `list`, `map` and the quoted forms of old code.
/// `evaluator` computes defaults.
Result<TypeConstraint> ParseTypeConstraint(const hcl::Expr& e, ExprEvaluator& evaluator);

/// Fills in defaults, then converts.
Result<Value> ApplyConstraint(Arena& arena, Value v, const TypeConstraint& constraint);

}  // namespace plumbline::terraform
