// Static types: names, compatibility, and the overloads of functions.
//
// An overload is written "ARGUMENTS>RESULT" with one letter a type; the receiver is the first
// argument:
//   d dyn   n null   b bool   i int   u uint   f double   N number   s string   y bytes   L list M
//   map   D duration T timestamp   t type   O optional   I ip   C cidr   l list(string)
// "+" behind an argument: one or more. Results also know "=" (the first argument's type) and "e"
// (its element).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cel/cel.h"
#include "support/arena.h"

namespace plumbline::cel {

inline constexpr Type kDynType{TypeKind::kDyn};
inline constexpr Type kNullType{TypeKind::kNull};
inline constexpr Type kBoolType{TypeKind::kBool};
inline constexpr Type kIntType{TypeKind::kInt};
inline constexpr Type kUintType{TypeKind::kUint};
inline constexpr Type kDoubleType{TypeKind::kDouble};
inline constexpr Type kNumberType{TypeKind::kNumber};
inline constexpr Type kStringType{TypeKind::kString};
inline constexpr Type kBytesType{TypeKind::kBytes};
inline constexpr Type kDurationType{TypeKind::kDuration};
inline constexpr Type kTimestampType{TypeKind::kTimestamp};
inline constexpr Type kTypeType{TypeKind::kType};
inline constexpr Type kListType{TypeKind::kList};
inline constexpr Type kMapType{TypeKind::kMap};
inline constexpr Type kOptionalType{TypeKind::kOptional};
inline constexpr Type kIpType{TypeKind::kIp};
inline constexpr Type kCidrType{TypeKind::kCidr};
inline constexpr Type kStringListType{TypeKind::kList, nullptr, &kStringType};

/// "list(string)", "map(string, dyn)", a record's name.
std::string NameOf(const Type* type);
/// The element of a list, map or optional; dyn when it is not known.
const Type* ElementOf(const Type* type);
bool IsDyn(const Type* type);
/// int, uint, double or number.
bool IsNumeric(const Type* type);
/// Whether a value of one may equal a value of the other.
bool Comparable(const Type* a, const Type* b);
bool SameType(const Type* a, const Type* b);
/// The type of a value that has either type: dyn when they differ.
const Type* Common(const Type* a, const Type* b);

/// The result of the first overload that takes `args` (all of them, when types are not known: dyn
/// if they differ). Null pointer when no overload fits. `lenient`: null is taken for anything.
const Type* Resolve(std::string_view overloads, std::span<const Type* const> args, bool lenient);

}  // namespace plumbline::cel
