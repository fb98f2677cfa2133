// The Common Expression Language: parser, checker, compiler to flat position-independent code,
// three-valued evaluator. Specification: github.com/google/cel-spec (langdef), with the strings
// extension, plus the *lenient* dialect that plumbline's rules use (docs/writing-rules.md,
// "Conditions are CEL").
//
// A compiled expression is a blob of bytes without pointers: built-in rules carry theirs inside the
// executable and are evaluated in place, so loading costs nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/arena.h"
#include "support/limits.h"
#include "support/result.h"
#include "value/value.h"

namespace plumbline::cel {

enum class TypeKind : std::uint8_t {
  kDyn,
  kNull,
  kBool,
  kInt,
  kUint,
  kDouble,
  kString,
  kBytes,
  kList,
  kMap,
  kRecord,
  kDuration,
  kTimestamp,
  kType,
  kNumber,  // int or double, not known which: a Terraform number
  kOptional,
  kIp,
  kCidr,
};

struct RecordType;

/// A static type. Pointers must outlive the compilation.
struct Type {
  TypeKind kind = TypeKind::kDyn;
  const Type* key = nullptr;      // map
  const Type* element = nullptr;  // list, map
  const RecordType* record = nullptr;
};

struct RecordField {
  std::string_view name;
  const Type* type = nullptr;
};

/// A typed model (or an object inside one). `record.name` compiles to a load of the field's slot:
/// its index here.
struct RecordType {
  std::string_view name;
  std::span<const RecordField> fields;
};

class Val;
class Record;
struct Activation;

/// A host function such as `policy(x)`. `Call` gets arguments that are neither errors nor (unless
/// `accepts_unknown`) unknowns.
struct Function {
  std::string_view name;
  std::uint8_t min_args = 1, max_args = 1;
  const Type* result = nullptr;  // null: dyn
  bool accepts_unknown = false;
  Val (*call)(std::span<const Val> args, const Activation& activation) = nullptr;
};

struct Variable {
  std::string_view name;
  const Type* type = nullptr;  // null: dyn
};

struct CompileOptions {
  std::span<const Variable> variables;  // slot = index; also the order of Activation::variables
  std::span<const Function> functions;  // index in this table is stored in the code: append only
  std::string_view container;
  bool lenient = false;            // absent is null: see docs/writing-rules.md
  bool check = true;               // type check; off: everything is dyn
  const Limits* limits = nullptr;  // null: defaults
};

/// Compiled code. Fails with "line:column: message" for syntax and type errors.
Result<std::string> Compile(std::string_view source, const CompileOptions& options);

/// The static result type's name ("bool", "list(string)", "dyn") of a checked expression; for rule
/// checking.
Result<std::string> CheckedType(std::string_view source, const CompileOptions& options);

enum class Tag : std::uint8_t {
  kNull,
  kBool,
  kInt,
  kUint,
  kDouble,
  kString,
  kBytes,
  kList,
  kMap,
  kData,
  kRecord,
  kDuration,
  kTimestamp,
  kType,
  kError,
  kUnknown,
  kOptional,
  kIp,
  kCidr,
};

/// A run-time value, 16 bytes, trivially copyable. `kData` wraps a plumbline::Value collection
/// (list, map, object) in place, without conversion; its scalars are converted when read (whole
/// numbers to int, others to double).
class Val {
 public:
  Val() = default;
  static Val Null() { return Val(); }
  static Val Bool(bool b) {
    Val v(Tag::kBool);
    v.int_ = b;
    return v;
  }
  static Val Int(std::int64_t i) {
    Val v(Tag::kInt);
    v.int_ = i;
    return v;
  }
  static Val Uint(std::uint64_t u) {
    Val v(Tag::kUint);
    v.int_ = static_cast<std::int64_t>(u);
    return v;
  }
  static Val Double(double d) {
    Val v(Tag::kDouble);
    v.double_ = d;
    return v;
  }
  static Val String(std::string_view s) {
    Val v(Tag::kString);
    v.size_ = static_cast<std::uint32_t>(s.size());
    v.ptr_ = s.data();
    return v;
  }
  static Val Bytes(std::string_view s) {
    Val v = String(s);
    v.tag_ = Tag::kBytes;
    return v;
  }
  static Val List(const std::span<const Val>* items) {
    Val v(Tag::kList);
    v.ptr_ = items;
    return v;
  }
  static Val OfRecord(Record* r) {
    Val v(Tag::kRecord);
    v.ptr_ = r;
    return v;
  }
  /// `message` must outlive the evaluation.
  static Val Error(const std::string_view* message) {
    Val v(Tag::kError);
    v.ptr_ = message;
    return v;
  }
  static Val Unknown(const UnknownInfo* info) {
    Val v(Tag::kUnknown);
    v.ptr_ = info;
    return v;
  }
  /// Any plumbline value: scalars become CEL scalars, collections `kData`, unknown stays unknown.
  /// `storage` must outlive it.
  static Val FromValue(const Value* storage);
  static Val Make(Tag tag, const void* p) {
    Val v(tag);
    v.ptr_ = p;
    return v;
  }
  static Val Duration(std::int64_t nanos) {
    Val v(Tag::kDuration);
    v.int_ = nanos;
    return v;
  }
  /// Seconds since 1970 and nanoseconds in [0, 1e9).
  static Val Timestamp(std::int64_t seconds, std::uint32_t nanos) {
    Val v(Tag::kTimestamp);
    v.int_ = seconds;
    v.size_ = nanos;
    return v;
  }
  /// A type as a value: `type(1) == int`. The name is not copied.
  static Val TypeNamed(std::string_view name) {
    Val v = String(name);
    v.tag_ = Tag::kType;
    return v;
  }

  Tag tag() const { return tag_; }
  bool is_true() const { return tag_ == Tag::kBool && int_ != 0; }
  bool is_null() const { return tag_ == Tag::kNull; }
  bool is_error() const { return tag_ == Tag::kError; }
  bool is_unknown() const { return tag_ == Tag::kUnknown; }
  bool as_bool() const { return int_ != 0; }
  std::int64_t as_int() const { return int_; }
  std::uint64_t as_uint() const { return static_cast<std::uint64_t>(int_); }
  double as_double() const { return double_; }
  std::string_view as_string() const { return {static_cast<const char*>(ptr_), size_}; }
  std::span<const Val> as_list() const { return *static_cast<const std::span<const Val>*>(ptr_); }
  const Value& as_data() const { return *static_cast<const Value*>(ptr_); }
  Record* as_record() const { return static_cast<Record*>(const_cast<void*>(ptr_)); }
  std::string_view as_error() const { return *static_cast<const std::string_view*>(ptr_); }
  const UnknownInfo* as_unknown() const { return static_cast<const UnknownInfo*>(ptr_); }
  const void* pointer() const { return ptr_; }
  /// A timestamp's part below the second.
  std::uint32_t as_nanos() const { return size_; }

 private:
  explicit Val(Tag tag) : tag_(tag) {}
  Tag tag_ = Tag::kNull;
  std::uint32_t size_ = 0;
  union {
    std::int64_t int_ = 0;
    double double_;
    const void* ptr_;
  };
};
static_assert(sizeof(Val) == 16);

/// An instance of a RecordType whose fields are computed when first read.
class Record {
 public:
  virtual ~Record() = default;
  virtual Val Get(std::uint32_t slot) = 0;
  virtual const RecordType& type() const = 0;
  /// The whole as a plain value, where something needs it so (equality, printing).
  virtual Value ToValue(Arena& arena) = 0;
};

struct Activation {
  std::span<const Val> variables;
  std::span<const Function> functions;  // the table compiled against
  Arena* arena = nullptr;               // results and temporaries; never null
  void* host = nullptr;                 // for host functions
  const Limits* limits = nullptr;
};

/// Runs code made by `Compile` with the same tables. Errors and unknowns are values; && and ||
/// absorb them as the specification says. The code may lie at any address; the result may point
/// into it.
Val Evaluate(std::string_view code, const Activation& activation);

/// As a plain value: errors become null.
Value ToValue(Val v, Arena& arena);

}  // namespace plumbline::cel
