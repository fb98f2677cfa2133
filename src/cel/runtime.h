// What operators and builtin functions work with while an expression is evaluated: the arena, the
// budget, the dialect, and views of collections whatever holds them. Internal to src/cel.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "cel/cel.h"
#include "cel/code.h"

namespace plumbline::cel {

struct MapEntry {
  Val key, value;
};

/// Entries in insertion order, keys distinct.
struct MapRep {
  std::span<const MapEntry> entries;
};

/// An address or a network; IPv4 in the first four bytes.
struct IpRep {
  std::uint8_t bytes[16];
  bool v6;
  std::uint8_t prefix;
};

/// The state of one evaluation.
class Context {
 public:
  Context(const Activation& act, const Limits& lim, bool is_lenient);

  const Activation& activation;
  const Limits& limits;
  Arena& arena;
  const bool lenient;

  /// Takes `n` from the budget of steps; false when it is used up (then return `StepError()`).
  bool Charge(std::uint64_t n) {
    if (n > steps_left_) {
      steps_left_ = 0;
      return false;
    }
    steps_left_ -= n;
    return true;
  }
  /// Room for `count` values in the arena, counted against the budget.
  bool ChargeMemory(std::uint64_t bytes) { return Charge(bytes / 8 + 1); }

  Val StepError();
  /// The message is copied.
  Val Error(std::string_view message);
  /// "no overload of 'startsWith' for (int, string)".
  Val NoOverload(std::string_view function, std::span<const Val> args);
  /// Copies; an error when the text is longer than the limit.
  Val NewString(std::string_view text);
  Val NewBytes(std::string_view text);
  /// Takes values that already live in the arena.
  Val NewList(std::span<const Val> items);
  Val NewMap(std::span<const MapEntry> entries);
  Val NewOptional(Val value);
  Val NewIp(const IpRep& ip, Tag tag);

 private:
  std::uint64_t steps_left_;
};

/// Grows in the arena; for results of unknown length.
template <typename T>
class ArenaVector {
 public:
  explicit ArenaVector(Context& context) : context_(context) {}
  /// False when the budget is used up.
  [[nodiscard]] bool Push(const T& item) {
    if (size_ == space_.size() && !Grow()) return false;
    space_[size_++] = item;
    return true;
  }
  std::span<T> items() { return space_.first(size_); }
  std::size_t size() const { return size_; }

 private:
  bool Grow() {
    std::size_t capacity = space_.empty() ? 8 : space_.size() * 2;
    if (!context_.ChargeMemory(capacity * sizeof(T))) return false;
    auto bigger = context_.arena.NewArray<T>(capacity);
    std::copy(space_.begin(), space_.end(), bigger.begin());
    space_ = bigger;
    return true;
  }
  Context& context_;
  std::span<T> space_;
  std::size_t size_ = 0;
};

// --- Collections, whatever holds them: CEL lists and maps, plumbline values in place, records ---

bool IsList(Val v);
bool IsMap(Val v);
std::size_t ListSize(Val list);
Val ListAt(Val list, std::size_t i);
std::size_t MapSize(Val map);
MapEntry MapAt(Val map, std::size_t i);
/// Nothing when the key is absent. Number keys are found across int, uint and whole doubles.
std::optional<Val> MapFind(Val map, Val key);
std::optional<Val> MapFind(Val map, std::string_view key);
/// Whether a value may be a map key: bool, int, uint, string.
bool IsKey(Val v);
/// Makes a map; a repeated key is an error.
Val BuildMap(Context& context, std::span<const MapEntry> entries);

/// The type's name as `type(x)` gives it.
std::string_view TypeNameOf(Val v);
/// The address or network.
inline const IpRep& AsIp(Val v) { return *static_cast<const IpRep*>(v.pointer()); }
/// Null pointer: optional.none().
inline const Val* AsOptional(Val v) { return static_cast<const Val*>(v.pointer()); }

// --- Operators ---

/// Equality is total across types: false, true, unknown, or an error when the budget ends.
Val Equal(Context& context, Val a, Val b, std::uint32_t depth = 0);
/// < <= > >=
Val Order(Context& context, Op op, Val a, Val b);
Val Arithmetic(Context& context, Op op, Val a, Val b);
Val Negate(Context& context, Val v);
Val In(Context& context, Val element, Val collection);
Val Index(Context& context, Val collection, Val key);
Val Select(Context& context, Val operand, std::string_view field);
/// `has(x.field)`
Val Has(Context& context, Val operand, std::string_view field);
/// `x.?field`, `x[?key]`
Val OptSelect(Context& context, Val operand, std::string_view field);
Val OptIndex(Context& context, Val operand, Val key);

enum class Ordering : std::int8_t { kLess = -1, kEqual = 0, kGreater = 1, kUnordered = 2 };
bool IsNumber(Val v);
/// Across int, uint and double; unordered with NaN.
Ordering CompareNumbers(Val a, Val b);

// --- Builtin functions ---

using BuiltinFn = Val (*)(Context& context, std::span<const Val> args);

/// What the lenient dialect does when an argument is null.
enum class NullRule : std::uint8_t {
  kPass,   // the function looks itself
  kFalse,  // a test
  kNull,
  kEmpty,  // a null first argument is an empty list
};

enum class Style : std::uint8_t { kGlobal, kMember, kBoth };

/// A function. `overloads` is for the checker: alternatives separated by a space, each
/// "ARGUMENTS>RESULT" with one letter a type (signature.h).
struct Builtin {
  std::string_view name;
  Style style;
  NullRule nulls;
  std::string_view overloads;
  BuiltinFn fn;
};

/// Number of a builtin for `Node::n`; nothing when there is none of this name and style.
std::optional<std::uint16_t> FindBuiltin(std::string_view name, bool member);
const Builtin& BuiltinAt(std::uint16_t number);
std::size_t BuiltinGroupCount();

}  // namespace plumbline::cel
