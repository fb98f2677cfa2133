// Types of values, as Terraform's type system (cty) has them. JSON, YAML and CEL data use the same
// values with the plain types: objects and tuples.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "support/arena.h"

namespace plumbline {

enum class TypeKind : std::uint8_t {
  kDynamic,  // not known, or "any"
  kBool,
  kNumber,
  kString,
  kList,
  kSet,
  kMap,
  kTuple,
  kObject,
};

struct Type;

struct TypeAttr {
  std::string_view name;
  const Type* type = nullptr;
  bool optional = false;  // only in type constraints
};

/// Immutable, arena-owned or static; compare with `SameType`, never by pointer.
struct Type {
  TypeKind kind = TypeKind::kDynamic;
  const Type* element = nullptr;          // list, set, map
  std::span<const Type* const> elements;  // tuple
  std::span<const TypeAttr> attrs;        // object, sorted by name
};

/// Static singletons.
const Type* DynamicType();
const Type* BoolType();
const Type* NumberType();
const Type* StringType();

const Type* ListType(Arena& arena, const Type* element);
const Type* SetType(Arena& arena, const Type* element);
const Type* MapType(Arena& arena, const Type* element);
const Type* TupleType(Arena& arena, std::span<const Type* const> elements);
/// `attrs` in any order, names distinct.
const Type* ObjectType(Arena& arena, std::span<const TypeAttr> attrs);

bool SameType(const Type* a, const Type* b);
/// Terraform's JSON form: "string", ["list","number"], ["object",{"a":"bool"}], "dynamic".
std::string TypeJson(const Type* type);
/// How messages name it: "list of string", "object", "any type".
std::string TypeName(const Type* type);

}  // namespace plumbline
