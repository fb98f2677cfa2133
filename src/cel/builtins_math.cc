// The math extension.
#include <algorithm>
#include <array>
#include <cmath>

#include "cel/builtins.h"

namespace plumbline::cel {
namespace {

using Args = std::span<const Val>;

Val Extreme(Context& context, Args args, std::string_view name, Ordering wanted) {
  Val list = args[0];
  bool from_list = args.size() == 1 && IsList(list);
  std::size_t n = from_list ? ListSize(list) : args.size();
  if (n == 0) return context.NoOverload(name, args);
  Val best;
  for (std::size_t i = 0; i < n; ++i) {
    Val v = from_list ? ListAt(list, i) : args[i];
    if (v.is_unknown()) return v;
    if (!IsNumber(v)) return context.NoOverload(name, args);
    if (i == 0 || CompareNumbers(v, best) == wanted) best = v;
  }
  return best;
}

Val Greatest(Context& context, Args args) {
  return Extreme(context, args, "math.greatest", Ordering::kGreater);
}
Val Least(Context& context, Args args) {
  return Extreme(context, args, "math.least", Ordering::kLess);
}

Val Abs(Context& context, Args args) {
  Val v = args[0];
  if (v.tag() == Tag::kUint) return v;
  if (v.tag() == Tag::kDouble) return Val::Double(std::fabs(v.as_double()));
  if (v.tag() != Tag::kInt) return context.NoOverload("math.abs", args);
  if (v.as_int() == INT64_MIN) return context.Error("int overflow");
  return Val::Int(std::abs(v.as_int()));
}

Val Sign(Context& context, Args args) {
  Val v = args[0];
  if (v.tag() == Tag::kUint) return Val::Uint(v.as_uint() > 0 ? 1 : 0);
  if (v.tag() == Tag::kInt) return Val::Int((v.as_int() > 0) - (v.as_int() < 0));
  if (v.tag() != Tag::kDouble) return context.NoOverload("math.sign", args);
  double d = v.as_double();
  return Val::Double(std::isnan(d) ? d : (d > 0) - (d < 0));
}

Val Sqrt(Context& context, Args args) {
  Val v = args[0];
  if (v.tag() == Tag::kInt) return Val::Double(std::sqrt(static_cast<double>(v.as_int())));
  if (v.tag() == Tag::kUint) return Val::Double(std::sqrt(static_cast<double>(v.as_uint())));
  if (v.tag() != Tag::kDouble) return context.NoOverload("math.sqrt", args);
  return Val::Double(std::sqrt(v.as_double()));
}

template <double (*kFunction)(double)>
Val Rounded(Context& context, Args args) {
  // The lenient dialect has whole numbers as int, which are rounded already.
  if (context.lenient && args[0].tag() == Tag::kInt) return args[0];
  if (args[0].tag() != Tag::kDouble) return context.NoOverload("rounding", args);
  return Val::Double(kFunction(args[0].as_double()));
}

double CeilOf(double d) { return std::ceil(d); }
double FloorOf(double d) { return std::floor(d); }
double RoundOf(double d) { return std::round(d); }
double TruncOf(double d) { return std::trunc(d); }

Val IsNan(Context& context, Args args) {
  if (args[0].tag() != Tag::kDouble) return context.NoOverload("math.isNaN", args);
  return Val::Bool(std::isnan(args[0].as_double()));
}
Val IsInf(Context& context, Args args) {
  if (args[0].tag() != Tag::kDouble) return context.NoOverload("math.isInf", args);
  return Val::Bool(std::isinf(args[0].as_double()));
}
Val IsFinite(Context& context, Args args) {
  if (args[0].tag() != Tag::kDouble) return context.NoOverload("math.isFinite", args);
  return Val::Bool(std::isfinite(args[0].as_double()));
}

bool IsWhole(Val v) { return v.tag() == Tag::kInt || v.tag() == Tag::kUint; }
Val SameKind(Val like, std::uint64_t bits) {
  return like.tag() == Tag::kUint ? Val::Uint(bits) : Val::Int(static_cast<std::int64_t>(bits));
}
bool TwoWhole(Args args) { return IsWhole(args[0]) && args[0].tag() == args[1].tag(); }

Val BitAnd(Context& context, Args args) {
  if (!TwoWhole(args)) return context.NoOverload("math.bitAnd", args);
  return SameKind(args[0], args[0].as_uint() & args[1].as_uint());
}
Val BitOr(Context& context, Args args) {
  if (!TwoWhole(args)) return context.NoOverload("math.bitOr", args);
  return SameKind(args[0], args[0].as_uint() | args[1].as_uint());
}
Val BitXor(Context& context, Args args) {
  if (!TwoWhole(args)) return context.NoOverload("math.bitXor", args);
  return SameKind(args[0], args[0].as_uint() ^ args[1].as_uint());
}
Val BitNot(Context& context, Args args) {
  if (!IsWhole(args[0])) return context.NoOverload("math.bitNot", args);
  return SameKind(args[0], ~args[0].as_uint());
}

Val Shift(Context& context, Args args, bool left) {
  if (!IsWhole(args[0]) || args[1].tag() != Tag::kInt)
    return context.NoOverload("math.bitShift", args);
  std::int64_t by = args[1].as_int();
  if (by < 0) return context.Error("a bit shift must not be negative");
  if (by > 63) return SameKind(args[0], 0);
  return SameKind(args[0], left ? args[0].as_uint() << by : args[0].as_uint() >> by);
}
Val ShiftLeft(Context& context, Args args) { return Shift(context, args, true); }
Val ShiftRight(Context& context, Args args) { return Shift(context, args, false); }

constexpr auto kBuiltins = std::to_array<Builtin>({
    {"math.abs", Style::kGlobal, NullRule::kNull, "N>=", &Abs},
    {"math.bitAnd", Style::kGlobal, NullRule::kNull, "ii>i uu>u", &BitAnd},
    {"math.bitNot", Style::kGlobal, NullRule::kNull, "i>i u>u", &BitNot},
    {"math.bitOr", Style::kGlobal, NullRule::kNull, "ii>i uu>u", &BitOr},
    {"math.bitShiftLeft", Style::kGlobal, NullRule::kNull, "ii>i ui>u", &ShiftLeft},
    {"math.bitShiftRight", Style::kGlobal, NullRule::kNull, "ii>i ui>u", &ShiftRight},
    {"math.bitXor", Style::kGlobal, NullRule::kNull, "ii>i uu>u", &BitXor},
    {"math.ceil", Style::kGlobal, NullRule::kNull, "f>f", &Rounded<&CeilOf>},
    {"math.floor", Style::kGlobal, NullRule::kNull, "f>f", &Rounded<&FloorOf>},
    {"math.greatest", Style::kGlobal, NullRule::kNull, "i+>i u+>u f+>f N+>d L>d", &Greatest},
    {"math.isFinite", Style::kGlobal, NullRule::kFalse, "f>b", &IsFinite},
    {"math.isInf", Style::kGlobal, NullRule::kFalse, "f>b", &IsInf},
    {"math.isNaN", Style::kGlobal, NullRule::kFalse, "f>b", &IsNan},
    {"math.least", Style::kGlobal, NullRule::kNull, "i+>i u+>u f+>f N+>d L>d", &Least},
    {"math.round", Style::kGlobal, NullRule::kNull, "f>f", &Rounded<&RoundOf>},
    {"math.sign", Style::kGlobal, NullRule::kNull, "N>=", &Sign},
    {"math.sqrt", Style::kGlobal, NullRule::kNull, "N>f", &Sqrt},
    {"math.trunc", Style::kGlobal, NullRule::kNull, "f>f", &Rounded<&TruncOf>},
});
static_assert(std::ranges::is_sorted(kBuiltins, {}, &Builtin::name));

}  // namespace

std::span<const Builtin> MathBuiltins() { return kBuiltins; }

}  // namespace plumbline::cel
