// Operators on values. Where the lenient dialect differs, it says so here: null compares as "not
// so", arithmetic with null is null, a field or index that is not there is null.
#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "cel/net.h"
#include "cel/runtime.h"
#include "cel/text.h"
#include "cel/time.h"

namespace plumbline::cel {
namespace {

std::string_view Symbol(Op op) {
  switch (op) {
    case Op::kAdd:
      return "+";
    case Op::kSub:
      return "-";
    case Op::kMul:
      return "*";
    case Op::kDiv:
      return "/";
    case Op::kMod:
      return "%";
    case Op::kLt:
      return "<";
    case Op::kLe:
      return "<=";
    case Op::kGt:
      return ">";
    default:
      return ">=";
  }
}

Val BinaryOverload(Context& context, std::string_view symbol, Val a, Val b) {
  const Val args[] = {a, b};
  return context.NoOverload(symbol, args);
}

/// An unknown operand decides before an error, the left one before the right one.
bool Strict(Val a, Val b, Val& out) {
  if (a.is_unknown() || b.is_unknown()) {
    out = a.is_unknown() ? a : b;
    return true;
  }
  if (a.is_error() || b.is_error()) {
    out = a.is_error() ? a : b;
    return true;
  }
  return false;
}

Ordering Sign(int c) {
  return c < 0 ? Ordering::kLess : c > 0 ? Ordering::kGreater : Ordering::kEqual;
}

template <typename T>
Ordering Three(T a, T b) {
  return a < b ? Ordering::kLess : a > b ? Ordering::kGreater : Ordering::kEqual;
}

Ordering Flip(Ordering o) {
  return o == Ordering::kUnordered ? o : static_cast<Ordering>(-static_cast<int>(o));
}

// Beyond 2^53 a whole number is compared as the double nearest to it, as in the reference
// implementation.
Ordering IntWithDouble(std::int64_t i, double d) {
  if (std::isnan(d)) return Ordering::kUnordered;
  return Three(static_cast<double>(i), d);
}

Ordering UintWithDouble(std::uint64_t u, double d) {
  if (std::isnan(d)) return Ordering::kUnordered;
  return Three(static_cast<double>(u), d);
}

}  // namespace

bool IsNumber(Val v) {
  return v.tag() == Tag::kInt || v.tag() == Tag::kUint || v.tag() == Tag::kDouble;
}

Ordering CompareNumbers(Val a, Val b) {
  if (a.tag() == b.tag()) {
    if (a.tag() == Tag::kInt) return Three(a.as_int(), b.as_int());
    if (a.tag() == Tag::kUint) return Three(a.as_uint(), b.as_uint());
    if (std::isnan(a.as_double()) || std::isnan(b.as_double())) return Ordering::kUnordered;
    return Three(a.as_double(), b.as_double());
  }
  if (b.tag() == Tag::kDouble) {
    return a.tag() == Tag::kInt ? IntWithDouble(a.as_int(), b.as_double())
                                : UintWithDouble(a.as_uint(), b.as_double());
  }
  if (a.tag() == Tag::kDouble) return Flip(CompareNumbers(b, a));
  if (a.tag() == Tag::kUint) return Flip(CompareNumbers(b, a));
  if (a.as_int() < 0) return Ordering::kLess;
  return Three(static_cast<std::uint64_t>(a.as_int()), b.as_uint());
}

namespace {

/// Elements and entries decide together: one difference is false, else one unknown is unknown.
class Conjunction {
 public:
  /// False when the answer is settled.
  bool Add(Val v) {
    if (v.is_unknown()) {
      if (!result_.is_unknown()) result_ = v;
      return true;
    }
    if (!v.is_true()) {
      result_ = v;
      return false;
    }
    return true;
  }
  Val result() const { return result_; }

 private:
  Val result_ = Val::Bool(true);
};

Val ListsEqual(Context& context, Val a, Val b, std::uint32_t depth) {
  if (ListSize(a) != ListSize(b)) return Val::Bool(false);
  Conjunction all;
  for (std::size_t i = 0; i < ListSize(a); ++i) {
    if (!all.Add(Equal(context, ListAt(a, i), ListAt(b, i), depth + 1))) break;
  }
  return all.result();
}

Val MapsEqual(Context& context, Val a, Val b, std::uint32_t depth) {
  if (MapSize(a) != MapSize(b)) return Val::Bool(false);
  Conjunction all;
  for (std::size_t i = 0; i < MapSize(a); ++i) {
    if (!context.Charge(MapSize(b))) return context.StepError();
    MapEntry entry = MapAt(a, i);
    std::optional<Val> other = MapFind(b, entry.key);
    if (!other) return Val::Bool(false);
    if (!all.Add(Equal(context, entry.value, *other, depth + 1))) break;
  }
  return all.result();
}

Val OptionalsEqual(Context& context, Val a, Val b, std::uint32_t depth) {
  const Val* x = AsOptional(a);
  const Val* y = AsOptional(b);
  if (!x || !y) return Val::Bool(!x && !y);
  return Equal(context, *x, *y, depth + 1);
}

/// What an unknown is known not to be: null, or a string with another beginning.
Val UnknownEqual(Val unknown, Val other) {
  const UnknownInfo* info = unknown.as_unknown();
  if (info == nullptr) return unknown;
  if (other.is_null() && info->not_null) return Val::Bool(false);
  if (other.tag() == Tag::kString && !other.as_string().starts_with(info->prefix))
    return Val::Bool(false);
  return unknown;
}

Val SameTagEqual(Context& context, Val a, Val b, std::uint32_t depth) {
  switch (a.tag()) {
    case Tag::kNull:
      return Val::Bool(true);
    case Tag::kBool:
    case Tag::kDuration:
      return Val::Bool(a.as_int() == b.as_int());
    case Tag::kTimestamp:
      return Val::Bool(a.as_int() == b.as_int() && a.as_nanos() == b.as_nanos());
    case Tag::kString:
    case Tag::kBytes:
    case Tag::kType:
      return Val::Bool(a.as_string() == b.as_string());
    case Tag::kOptional:
      return OptionalsEqual(context, a, b, depth);
    case Tag::kIp:
    case Tag::kCidr:
      return Val::Bool(SameIp(AsIp(a), AsIp(b)));
    default:
      return Val::Bool(false);
  }
}

/// A record compares as the plain value it stands for.
Val Flatten(Context& context, Val v) {
  if (v.tag() != Tag::kRecord) return v;
  return Val::FromValue(context.arena.New<Value>(v.as_record()->ToValue(context.arena)));
}

}  // namespace

Val Equal(Context& context, Val a, Val b, std::uint32_t depth) {
  if (!context.Charge(1)) return context.StepError();
  if (depth > kMaxValueDepth) return context.Error("values nest too deep to be compared");
  if (a.is_unknown()) return b.is_error() ? a : UnknownEqual(a, b);
  if (b.is_unknown()) return a.is_error() ? b : UnknownEqual(b, a);
  if (a.is_error()) return a;
  if (b.is_error()) return b;
  if (IsNumber(a) && IsNumber(b)) return Val::Bool(CompareNumbers(a, b) == Ordering::kEqual);
  if (a.tag() == Tag::kRecord || b.tag() == Tag::kRecord) {
    if (a.tag() == b.tag() && a.pointer() == b.pointer()) return Val::Bool(true);
    if (!IsMap(a) || !IsMap(b)) return Val::Bool(false);
    return Equal(context, Flatten(context, a), Flatten(context, b), depth + 1);
  }
  if (IsList(a) && IsList(b)) return ListsEqual(context, a, b, depth);
  if (IsMap(a) && IsMap(b)) return MapsEqual(context, a, b, depth);
  return a.tag() == b.tag() ? SameTagEqual(context, a, b, depth) : Val::Bool(false);
}

namespace {

bool Holds(Op op, Ordering o) {
  if (o == Ordering::kUnordered) return false;
  if (op == Op::kLt) return o == Ordering::kLess;
  if (op == Op::kLe) return o != Ordering::kGreater;
  if (op == Op::kGt) return o == Ordering::kGreater;
  return o != Ordering::kLess;
}

}  // namespace

Val Order(Context& context, Op op, Val a, Val b) {
  if (IsNumber(a) && IsNumber(b)) return Val::Bool(Holds(op, CompareNumbers(a, b)));
  if (Val out; Strict(a, b, out)) return out;
  if (a.tag() == b.tag()) {
    switch (a.tag()) {
      case Tag::kString:
      case Tag::kBytes:
        return Val::Bool(Holds(op, Sign(a.as_string().compare(b.as_string()))));
      case Tag::kBool:
      case Tag::kDuration:
        return Val::Bool(Holds(op, Three(a.as_int(), b.as_int())));
      case Tag::kTimestamp: {
        Ordering seconds = Three(a.as_int(), b.as_int());
        return Val::Bool(
            Holds(op, seconds != Ordering::kEqual ? seconds : Three(a.as_nanos(), b.as_nanos())));
      }
      default:
        break;
    }
  }
  bool scalars = (a.is_null() || IsNumber(a) || a.tag() == Tag::kString) &&
                 (b.is_null() || IsNumber(b) || b.tag() == Tag::kString);
  if (context.lenient && (scalars || a.is_null() || b.is_null())) return Val::Bool(false);
  return BinaryOverload(context, Symbol(op), a, b);
}

namespace {

Val Overflow(Context& context, std::string_view type) {
  return context.Error(fmt::format("{} overflow", type));
}

template <typename T>
bool Overflows(Op op, T a, T b, T& out) {
  if (op == Op::kAdd) return __builtin_add_overflow(a, b, &out);
  if (op == Op::kSub) return __builtin_sub_overflow(a, b, &out);
  return __builtin_mul_overflow(a, b, &out);
}

Val IntArithmetic(Context& context, Op op, std::int64_t a, std::int64_t b) {
  if (op == Op::kDiv || op == Op::kMod) {
    if (b == 0) return context.Error(op == Op::kDiv ? "division by zero" : "modulus by zero");
    if (b == -1 && a == std::numeric_limits<std::int64_t>::min()) {
      return op == Op::kDiv ? Overflow(context, "int") : Val::Int(0);
    }
    return Val::Int(op == Op::kDiv ? a / b : a % b);
  }
  std::int64_t out = 0;
  return Overflows(op, a, b, out) ? Overflow(context, "int") : Val::Int(out);
}

Val UintArithmetic(Context& context, Op op, std::uint64_t a, std::uint64_t b) {
  if (op == Op::kDiv || op == Op::kMod) {
    if (b == 0) return context.Error(op == Op::kDiv ? "division by zero" : "modulus by zero");
    return Val::Uint(op == Op::kDiv ? a / b : a % b);
  }
  std::uint64_t out = 0;
  return Overflows(op, a, b, out) ? Overflow(context, "uint") : Val::Uint(out);
}

Val DoubleArithmetic(Context& context, Op op, Val a, Val b) {
  double x = a.as_double(), y = b.as_double();
  switch (op) {
    case Op::kAdd:
      return Val::Double(x + y);
    case Op::kSub:
      return Val::Double(x - y);
    case Op::kMul:
      return Val::Double(x * y);
    case Op::kDiv:
      return Val::Double(x / y);
    default:
      return BinaryOverload(context, Symbol(op), a, b);
  }
}

Val Join(Context& context, Val a, Val b) {
  std::string_view x = a.as_string(), y = b.as_string();
  std::size_t size = x.size() + y.size();
  if (size > context.limits.max_string_bytes) {
    return context.Error(
        fmt::format("a string is longer than {} bytes", context.limits.max_string_bytes));
  }
  if (!context.ChargeMemory(size)) return context.StepError();
  char* p = static_cast<char*>(context.arena.Allocate(size + 1, 1));
  std::copy(x.begin(), x.end(), p);
  std::copy(y.begin(), y.end(), p + x.size());
  return a.tag() == Tag::kString ? Val::String({p, size}) : Val::Bytes({p, size});
}

Val Append(Context& context, Val a, Val b) {
  std::size_t n = ListSize(a), m = ListSize(b);
  if (m == 0) return a;
  if (n == 0) return b;
  if (!context.ChargeMemory((n + m) * sizeof(Val))) return context.StepError();
  auto items = context.arena.NewArray<Val>(n + m);
  for (std::size_t i = 0; i < n; ++i) items[i] = ListAt(a, i);
  for (std::size_t i = 0; i < m; ++i) items[n + i] = ListAt(b, i);
  return context.NewList(items);
}

Val Shift(Context& context, Val time, std::int64_t nanos, bool back) {
  std::int64_t seconds = nanos / kNanosPerSecond;
  std::int64_t rest = nanos % kNanosPerSecond;
  std::int64_t total = back ? time.as_nanos() - rest : time.as_nanos() + rest;
  std::int64_t result = back ? time.as_int() - seconds : time.as_int() + seconds;
  if (total < 0) {
    total += kNanosPerSecond;
    --result;
  } else if (total >= kNanosPerSecond) {
    total -= kNanosPerSecond;
    ++result;
  }
  if (!InTimestampRange(result)) return context.Error("timestamp out of range");
  return Val::Timestamp(result, static_cast<std::uint32_t>(total));
}

Val Difference(Context& context, Val a, Val b) {
  std::int64_t nanos = 0;
  if (__builtin_mul_overflow(a.as_int() - b.as_int(), kNanosPerSecond, &nanos) ||
      __builtin_add_overflow(nanos, std::int64_t{a.as_nanos()} - b.as_nanos(), &nanos)) {
    return Overflow(context, "duration");
  }
  return Val::Duration(nanos);
}

Val TimeArithmetic(Context& context, Op op, Val a, Val b) {
  if (a.tag() == Tag::kDuration && b.tag() == Tag::kDuration) {
    std::int64_t out = 0;
    return Overflows(op, a.as_int(), b.as_int(), out) ? Overflow(context, "duration")
                                                      : Val::Duration(out);
  }
  if (a.tag() == Tag::kTimestamp && b.tag() == Tag::kTimestamp && op == Op::kSub)
    return Difference(context, a, b);
  if (a.tag() == Tag::kTimestamp && b.tag() == Tag::kDuration) {
    return Shift(context, a, b.as_int(), op == Op::kSub);
  }
  if (a.tag() == Tag::kDuration && b.tag() == Tag::kTimestamp && op == Op::kAdd) {
    return Shift(context, b, a.as_int(), false);
  }
  return BinaryOverload(context, Symbol(op), a, b);
}

/// A whole number and another one meet as doubles: a Terraform number does not tell which it is.
Val ToDouble(Val v) {
  if (v.tag() == Tag::kInt) return Val::Double(static_cast<double>(v.as_int()));
  if (v.tag() == Tag::kUint) return Val::Double(static_cast<double>(v.as_uint()));
  return v;
}

}  // namespace

Val Arithmetic(Context& context, Op op, Val a, Val b) {
  if (a.tag() == Tag::kInt && b.tag() == Tag::kInt)
    return IntArithmetic(context, op, a.as_int(), b.as_int());
  if (Val out; Strict(a, b, out)) return out;
  if (context.lenient && (a.is_null() || b.is_null())) return Val::Null();
  if (a.tag() == Tag::kUint && b.tag() == Tag::kUint)
    return UintArithmetic(context, op, a.as_uint(), b.as_uint());
  if (a.tag() == Tag::kDouble && b.tag() == Tag::kDouble)
    return DoubleArithmetic(context, op, a, b);
  if (context.lenient && IsNumber(a) && IsNumber(b))
    return DoubleArithmetic(context, op, ToDouble(a), ToDouble(b));
  bool texts = a.tag() == b.tag() && (a.tag() == Tag::kString || a.tag() == Tag::kBytes);
  if (op == Op::kAdd && texts) return Join(context, a, b);
  if (op == Op::kAdd && IsList(a) && IsList(b)) return Append(context, a, b);
  if (op == Op::kAdd || op == Op::kSub) return TimeArithmetic(context, op, a, b);
  return BinaryOverload(context, Symbol(op), a, b);
}

Val Negate(Context& context, Val v) {
  if (v.is_unknown() || v.is_error() || (context.lenient && v.is_null())) return v;
  if (v.tag() == Tag::kDouble) return Val::Double(-v.as_double());
  if (v.tag() == Tag::kInt) {
    if (v.as_int() == std::numeric_limits<std::int64_t>::min()) return Overflow(context, "int");
    return Val::Int(-v.as_int());
  }
  return context.NoOverload("-", {&v, 1});
}

}  // namespace plumbline::cel
