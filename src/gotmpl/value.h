// What Go templates compute with: Go's dynamic values, with the distinctions that templates can see
// (int and int64 and float64, nil and nothing at all, []string and []interface {}).
//
// Values are trivially copyable and live in a Heap. Maps are shared and mutable, as `set` and
// `merge` need; lists are never changed in place. A text or scalar remembers where it comes from:
// an `OriginId` that leads to the line of a values file or, for texts of several lines, to such a
// line for each of its lines.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/arena.h"
#include "support/source.h"

namespace plumbline::gotmpl {

enum class Kind : std::uint8_t {
  kInvalid,  // no value at all: what a pipeline of nil yields
  kNil,      // a nil interface: a null or absent element of a map
  kBool,
  kInt,
  kInt64,
  kUint64,
  kFloat64,
  kString,
  kList,
  kMap,
  kObject,   // something native with fields and methods
  kComplex,  // complex128: literals such as 2i
};

/// The element type of lists and maps as `typeOf` and `%T` tell it.
enum class Element : std::uint8_t {
  kAny,     // interface {}
  kString,  // string
  kInt,     // int
  kByte,    // uint8: printed as bytes are
  kLists,   // []interface {}
};

/// 0: not known.
using OriginId = std::uint32_t;

struct List;
struct Map;
class Object;
class Heap;

struct Complex {
  double real = 0, imaginary = 0;
};

class Value {
 public:
  Value() = default;
  static Value Nil() { return Value(Kind::kNil); }
  static Value Bool(bool b) { return Value(Kind::kBool, b ? 1 : 0); }
  static Value Int(std::int64_t i) { return Value(Kind::kInt, i); }
  static Value Int64(std::int64_t i) { return Value(Kind::kInt64, i); }
  static Value Uint64(std::uint64_t i) {
    return Value(Kind::kUint64, static_cast<std::int64_t>(i));
  }
  static Value Float(double d) {
    Value v(Kind::kFloat64);
    v.float_ = d;
    return v;
  }
  /// The text must outlive the value (a Heap's, a source file's or a literal's).
  static Value String(std::string_view s, OriginId origin = 0) {
    Value v(Kind::kString);
    v.text_ = s.data();
    v.size_ = static_cast<std::uint32_t>(s.size());
    v.origin_ = origin;
    return v;
  }
  static Value Of(const List* list) {
    Value v(Kind::kList);
    v.list_ = list;
    return v;
  }
  static Value Of(Map* map) {
    Value v(Kind::kMap);
    v.map_ = map;
    return v;
  }
  /// A map that goes under the name of chartutil.Values, which its other owners need not share.
  static Value OfValues(Map* map) {
    Value v = Of(map);
    v.size_ = 1;
    return v;
  }
  static Value Of(const Complex* complex) {
    Value v(Kind::kComplex);
    v.complex_ = complex;
    return v;
  }
  static Value Of(Object* object) {
    Value v(Kind::kObject);
    v.object_ = object;
    return v;
  }

  Kind kind() const { return kind_; }
  bool is_invalid() const { return kind_ == Kind::kInvalid; }
  /// nil or nothing at all.
  bool is_nil() const { return kind_ <= Kind::kNil; }
  bool is_string() const { return kind_ == Kind::kString; }
  bool is_list() const { return kind_ == Kind::kList; }
  bool is_map() const { return kind_ == Kind::kMap; }
  bool is_integer() const { return kind_ >= Kind::kInt && kind_ <= Kind::kUint64; }
  bool is_number() const { return kind_ >= Kind::kInt && kind_ <= Kind::kFloat64; }

  bool as_bool() const { return int_ != 0; }
  /// The bits of a kUint64 too.
  std::int64_t as_int() const { return int_; }
  double as_float() const { return float_; }
  std::string_view as_string() const { return {text_, size_}; }
  const List& list() const { return *list_; }
  Map& map() const { return *map_; }
  Object& object() const { return *object_; }
  const Complex& complex() const { return *complex_; }
  /// Whether a map is a chartutil.Values.
  bool is_values() const { return kind_ == Kind::kMap && size_ == 1; }

  /// Whether a list or map handed it out as an interface{}, as messages tell its type then.
  bool is_boxed() const { return boxed_; }
  Value Boxed(bool boxed = true) const {
    Value v = *this;
    v.boxed_ = boxed;
    return v;
  }

  OriginId origin() const { return origin_; }
  Value WithOrigin(OriginId origin) const {
    Value v = *this;
    v.origin_ = origin;
    return v;
  }

 private:
  explicit Value(Kind kind, std::int64_t i = 0) : kind_(kind), int_(i) {}

  Kind kind_ = Kind::kInvalid;
  bool boxed_ = false;
  OriginId origin_ = 0;
  std::uint32_t size_ = 0;
  union {
    std::int64_t int_ = 0;
    double float_;
    const char* text_;
    const List* list_;
    Map* map_;
    Object* object_;
    const Complex* complex_;
  };
};

struct List {
  std::span<const Value> items;
  Element element = Element::kAny;
  bool is_nil = false;              // Go's nil slice: no items, and null in JSON
  std::string_view type_name = {};  // of a named type; a literal
};

struct Entry {
  std::string_view key;
  Value value;
};

/// Sorted by key in byte order, which is the order in which Go's templates and printers visit maps.
struct Map {
  Element element = Element::kAny;
  bool is_nil = false;  // Go's nil map: null in JSON
  std::uint32_t size = 0, capacity = 0;
  Entry* data = nullptr;

  std::span<Entry> entries() const { return {data, size}; }
  /// Null when absent.
  Value* Find(std::string_view key) const;
  /// `key` must outlive the map.
  void Set(Heap& heap, std::string_view key, Value value);
  void Remove(std::string_view key);
};

class Executor;

/// A native value: .Files, .Capabilities.APIVersions, a time, a semantic version …
class Object {
 public:
  virtual ~Object() = default;
  /// As `typeOf` tells it: "time.Time".
  virtual std::string_view TypeName() const = 0;
  /// As `kindOf` tells it.
  virtual std::string_view KindName() const { return "struct"; }
  /// What %v prints.
  virtual std::string Print() const = 0;
  /// What %v prints of one inside of something, where that differs.
  virtual std::string PrintInside() const { return Print(); }
  /// What {{ . }} prints, where that differs.
  virtual std::string PrintAlone() const { return Print(); }
  /// False when there is neither a field nor a method of that name. `args` follow a method's name.
  /// A call that fails sets `*error`.
  virtual bool Get(Heap& heap, std::string_view name, std::span<const Value> args, Value* out,
                   std::string* error) = 0;
  /// Its entries for `range`, `index`, `len`, toYaml …; null when it has none.
  virtual Map* AsMap(Heap&) { return nullptr; }
  /// The same for what is a list with methods; null when it is none.
  virtual const List* AsList() const { return nullptr; }
  /// Its JSON's members in the order of the struct's fields; empty when AsJson says it all.
  virtual std::vector<std::pair<std::string_view, Value>> JsonMembers() const { return {}; }
  /// What encoding/json makes of it.
  virtual Value AsJson(Heap& heap) {
    Map* map = AsMap(heap);
    return map != nullptr ? Value::Of(map) : Value::Nil();
  }
  /// For `empty`, `if` and `default`.
  virtual bool IsTrue() const { return true; }
};

/// A branch of a template that a value has switched off.
struct LeftOut {
  Span from;              // the value
  std::string_view body;  // the branch as it stands in the template
  const LeftOut* next = nullptr;
  std::uint32_t count = 1;  // of the chain
};

/// Where one line of a text comes from: the template's line that made it and the line of values
/// that decided it; each invalid when there is none.
struct LineOrigin {
  Span at, from;
  Span when;                          // the value that had the template print it at all
  const LeftOut* left_out = nullptr;  // what values have kept out of here; a chain
  bool made_up = false;               // a stand-in for something random is in it
  bool computed = false;              // an action printed what comes from no value
};

/// Owns everything that one rendering computes.
class Heap {
 public:
  Heap();
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;
  ~Heap();

  Arena& arena() { return arena_; }
  std::string_view Text(std::string_view s) { return arena_.CopyString(s); }
  Value String(std::string_view s, OriginId origin = 0) {
    return Value::String(arena_.CopyString(s), origin);
  }
  Value MakeList(std::span<const Value> items, Element element = Element::kAny,
                 std::string_view type_name = {});
  /// Go's nil slice.
  Value NilList(Element element = Element::kAny, std::string_view type_name = {});
  Map* MakeMap(Element element = Element::kAny);
  /// Takes over the object.
  template <typename T, typename... Args>
  Value MakeObject(Args&&... args) {
    auto* object = new T(std::forward<Args>(args)...);
    objects_.push_back(object);
    return Value::Of(object);
  }

  /// Of texts that stand in for random ones.
  static constexpr OriginId kMadeUp = 1;
  /// A scalar of a values file.
  OriginId AddOrigin(Span from);
  /// A text, one entry a line.
  OriginId AddOrigin(std::span<const LineOrigin> lines);
  /// Of one line (0-based) of a text; a scalar's holds for all its lines.
  LineOrigin OriginOf(OriginId id, std::size_t line = 0) const;
  /// The origin of a text made from one with the origin `id` by taking away its first `lines` lines
  /// or, when negative, by putting lines in front of it.
  OriginId ShiftOrigin(OriginId id, std::ptrdiff_t lines);

 private:
  Arena arena_;
  std::vector<Object*> objects_;
  std::vector<std::span<const LineOrigin>> origins_;
};

/// Go's truth for `if`, `and`, `or`, `not`: false, 0, "", nil, empty lists and maps are false.
bool IsTrue(Value v);
/// "int", "map[string]interface {}", "[]string", "<nil>" as %T prints it.
std::string TypeName(Value v);
/// reflect's kind: "int", "map", "slice", "invalid" …
std::string_view KindName(Value v);
/// Deeper values are those that contain themselves; walks end there.
inline constexpr int kMaxValueDepth = 600;

/// reflect.DeepEqual.
bool DeepEqual(Value a, Value b);
/// The same value with maps and lists of their own, all the way down.
Value DeepCopy(Heap& heap, Value v);

}  // namespace plumbline::gotmpl
