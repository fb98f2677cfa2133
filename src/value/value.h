// The one immutable value that every language of plumbline computes with: null, bool, number,
// string, list, tuple, set, map, object and **unknown**. 16 bytes, trivially copyable; what it
// points to lives in an arena (or in source text) that must outlive it.
//
// Collections carry Terraform's (cty's) type information: a list, set or map knows its element
// type, so that empty and unknown ones stay typed. JSON and YAML data are tuples and objects. Marks
// (sensitive, ephemeral) are flags of the value itself.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "support/arena.h"
#include "support/source.h"
#include "value/type.h"

namespace plumbline {

enum class Kind : std::uint8_t {
  kNull,
  kBool,
  kNumber,
  kString,
  kList,
  kTuple,
  kSet,
  kMap,
  kObject,
  kUnknown
};

/// How a number is held. All three denote exact numbers; `value/number.h` does arithmetic and
/// printing.
enum class NumberRep : std::uint8_t { kInt, kDouble, kBig };

enum Mark : std::uint8_t { kNoMark = 0, kSensitive = 1, kEphemeral = 2 };

struct BigNumber;  // a 512-bit binary float: value/number.h
class Value;
struct Member;

/// Elements of a list, tuple or set. `type` is the whole type (a set's items are sorted and
/// distinct).
struct ListRep {
  const Type*
      type;  // kList / kSet / kTuple; null for a plain tuple whose type is derived from its items
  std::span<const Value> items;
};

/// Members of a map or object, sorted by key (code-point order = byte order), keys distinct.
struct ObjectRep {
  const Type* type;  // kMap: its type; null for an object whose type is derived from its members
  std::span<const Member> members;
};

/// A resource attribute that an unknown value comes from: how satellites find their bucket.
struct ResourceRef {
  std::string_view address;    // instance address: module.m["a"].aws_s3_bucket.b[0]
  std::string_view attribute;  // "id", "arn", …; empty for the whole resource
};

/// Why something is unknown. `text` is a full clause without a full stop: "var.kms_key has no
/// default", "aws_vpc.main.id is known only after apply".
struct Cause {
  std::string_view text;
  Span span;
};

/// What is known about an unknown value. Everything is optional but `type`.
struct UnknownInfo {
  const Type* type = DynamicType();
  const Cause* cause = nullptr;
  std::span<const ResourceRef> refs;  // resource attributes it is made of
  std::string_view prefix;            // a string's known beginning
  bool not_null = false;
  const Value* json = nullptr;   // jsonencode(x) with unknown parts: x itself
  std::span<const Value> parts;  // a template's parts in order, known strings and unknowns
};

class Value {
 public:
  /// Untyped null.
  constexpr Value() : kind_(Kind::kNull), ptr_(nullptr) {}

  static Value Null(const Type* type = nullptr) {
    Value v;
    v.ptr_ = type;
    return v;
  }
  static Value Bool(bool b) {
    Value v(Kind::kBool);
    v.bool_ = b;
    return v;
  }
  static Value Int(std::int64_t i) {
    Value v(Kind::kNumber);
    v.rep_ = NumberRep::kInt;
    v.int_ = i;
    return v;
  }
  static Value Double(double d) {
    Value v(Kind::kNumber);
    v.rep_ = NumberRep::kDouble;
    v.double_ = d;
    return v;
  }
  static Value Big(const BigNumber* n) {
    Value v(Kind::kNumber);
    v.rep_ = NumberRep::kBig;
    v.ptr_ = n;
    return v;
  }
  /// The bytes are not copied.
  static Value String(std::string_view s) {
    Value v(Kind::kString);
    v.size_ = static_cast<std::uint32_t>(s.size());
    v.ptr_ = s.data();
    return v;
  }
  static Value List(const ListRep* r) { return Value(Kind::kList, r); }
  static Value Tuple(const ListRep* r) { return Value(Kind::kTuple, r); }
  static Value Set(const ListRep* r) { return Value(Kind::kSet, r); }
  static Value Map(const ObjectRep* r) { return Value(Kind::kMap, r); }
  static Value Object(const ObjectRep* r) { return Value(Kind::kObject, r); }
  static Value Unknown(const UnknownInfo* u) { return Value(Kind::kUnknown, u); }

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::kNull; }
  bool is_bool() const { return kind_ == Kind::kBool; }
  bool is_number() const { return kind_ == Kind::kNumber; }
  bool is_string() const { return kind_ == Kind::kString; }
  bool is_unknown() const { return kind_ == Kind::kUnknown; }
  /// List, tuple or set.
  bool is_sequence() const {
    return kind_ == Kind::kList || kind_ == Kind::kTuple || kind_ == Kind::kSet;
  }
  /// Map or object.
  bool is_mapping() const { return kind_ == Kind::kMap || kind_ == Kind::kObject; }

  bool as_bool() const { return bool_; }
  NumberRep number_rep() const { return rep_; }
  std::int64_t as_int() const { return int_; }  // NumberRep::kInt only
  double as_double() const { return double_; }  // NumberRep::kDouble only
  const BigNumber* as_big() const { return static_cast<const BigNumber*>(ptr_); }
  std::string_view as_string() const { return {static_cast<const char*>(ptr_), size_}; }
  const ListRep* list_rep() const { return static_cast<const ListRep*>(ptr_); }
  const ObjectRep* object_rep() const { return static_cast<const ObjectRep*>(ptr_); }
  const UnknownInfo* unknown() const { return static_cast<const UnknownInfo*>(ptr_); }
  const Type* null_type() const { return static_cast<const Type*>(ptr_); }  // may be null: untyped

  /// Elements of a sequence; empty for anything else.
  std::span<const Value> items() const {
    return is_sequence() ? list_rep()->items : std::span<const Value>();
  }
  /// Members of a mapping, sorted by key; empty for anything else.
  std::span<const Member> members() const;
  /// The member's value, or null pointer when this is no mapping or has no such key.
  const Value* Find(std::string_view key) const;

  std::uint8_t marks() const { return marks_; }
  bool sensitive() const { return (marks_ & kSensitive) != 0; }
  Value WithMarks(std::uint8_t marks) const {
    Value v = *this;
    v.marks_ |= marks;
    return v;
  }
  Value WithoutMarks() const {
    Value v = *this;
    v.marks_ = 0;
    return v;
  }

 private:
  explicit constexpr Value(Kind kind) : kind_(kind), int_(0) {}
  Value(Kind kind, const void* p) : kind_(kind), ptr_(p) {}

  Kind kind_;
  NumberRep rep_ = NumberRep::kInt;
  std::uint8_t marks_ = 0;
  std::uint32_t size_ = 0;
  union {
    bool bool_;
    std::int64_t int_;
    double double_;
    const void* ptr_;
  };
};
static_assert(sizeof(Value) == 16);

struct Member {
  std::string_view key;
  Value value;
};

inline std::span<const Member> Value::members() const {
  return is_mapping() ? object_rep()->members : std::span<const Member>();
}

// --- Making values (copied into the arena) ---

Value MakeString(Arena& arena, std::string_view s);
/// A tuple, the form of JSON and YAML sequences and of `[…]` in HCL.
Value MakeTuple(Arena& arena, std::span<const Value> items);
/// `element` is the element type.
Value MakeList(Arena& arena, const Type* element, std::span<const Value> items);
/// Sorts and removes duplicates.
Value MakeSet(Arena& arena, const Type* element, std::span<const Value> items);
/// Sorts by key; of equal keys the last wins. Keys are copied.
Value MakeObject(Arena& arena, std::span<const Member> members);
Value MakeMap(Arena& arena, const Type* element, std::span<const Member> members);
/// An unknown of `type` with a cause text (copied).
Value MakeUnknown(Arena& arena, const Type* type, std::string_view cause, Span span = {});
Value MakeUnknown(Arena& arena, const UnknownInfo& info);

// --- Asking ---

/// The value's exact type; built in the arena for tuples and objects.
const Type* TypeOf(Arena& arena, Value v);
/// Any unknown within, at any depth.
bool HasUnknown(Value v);
/// The first unknown within (depth first), or null pointer.
const UnknownInfo* FirstUnknown(Value v);
/// All marks within, at any depth.
std::uint8_t DeepMarks(Value v);
/// The value with no marks at any depth.
Value WithoutDeepMarks(Arena& arena, Value v);
/// Structural equality including types of empty collections ("RawEquals"); unknowns are equal when
/// their types are. Numbers compare by value whatever their representation.
bool RawEqual(Value a, Value b);
/// A total order used for sets and stable output: strings by code point, numbers by value, false
/// before true, null last.
int Compare(Value a, Value b);

}  // namespace plumbline
