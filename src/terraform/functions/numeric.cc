// Numeric functions. log() and pow() compute in double precision, as Terraform does; the rest is
// exact.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "terraform/functions/go_math.h"
#include "terraform/functions/registry.h"
#include "value/convert.h"
#include "value/number.h"

namespace plumbline::terraform::functions {
namespace {

bool Negative(Value v) { return CompareNumbers(v, Value::Int(0)) < 0; }

Result<Value> Abs(Call& call) {
  Value v = call.args[0];
  if (CompareNumbers(v, Value::Int(0)) == 0) return Value::Int(0);
  return Negative(v) ? Negate(call.arena, v) : v;
}

// The whole number towards zero: x - x % 1.
Value Truncate(Arena& arena, Value v) {
  if (IsWhole(v) || IsInfinite(v)) return v;
  auto fraction = Modulo(arena, v, Value::Int(1));
  auto whole = fraction ? Subtract(arena, v, *fraction) : std::nullopt;
  return whole.value_or(v);
}

Result<Value> Ceil(Call& call) {
  Value v = call.args[0], whole = Truncate(call.arena, v);
  if (CompareNumbers(whole, v) >= 0) return whole;
  return *Add(call.arena, whole, Value::Int(1));
}

Result<Value> Floor(Call& call) {
  Value v = call.args[0], whole = Truncate(call.arena, v);
  if (CompareNumbers(whole, v) <= 0) return whole;
  return *Subtract(call.arena, whole, Value::Int(1));
}

Result<Value> FromDouble(Call& call, double d) {
  if (std::isnan(d)) return Fail(fmt::format("{}() has no result for these numbers", call.name));
  if (!std::isinf(d)) return Value::Double(d);
  auto v = Divide(call.arena, Value::Int(d < 0 ? -1 : 1), Value::Int(0));
  return *v;
}

Result<double> DoubleArg(Call& call, std::size_t i) {
  double d = ToDouble(call.args[i]);
  if (std::isinf(d) && !IsInfinite(call.args[i]))
    return Fail(fmt::format("argument {} of {}() is too large", i + 1, call.name));
  return d;
}

Result<Value> Log(Call& call) {
  PL_TRY(double number, DoubleArg(call, 0));
  PL_TRY(double base, DoubleArg(call, 1));
  return FromDouble(call, GoLog(number) / GoLog(base));
}

Result<Value> Pow(Call& call) {
  PL_TRY(double number, DoubleArg(call, 0));
  PL_TRY(double exponent, DoubleArg(call, 1));
  return FromDouble(call, GoPow(number, exponent));
}

Result<Value> Extreme(Call& call, int sign) {
  if (call.args.empty()) return Fail(fmt::format("{}() needs at least one number", call.name));
  Value best = call.args[0];
  for (Value v : call.args) {
    if (CompareNumbers(v, best) * sign > 0) best = v;
  }
  return best;
}

Result<Value> Max(Call& call) { return Extreme(call, 1); }
Result<Value> Min(Call& call) { return Extreme(call, -1); }

// 0-9, a-z, A-Z; up to base 36 the case of letters does not matter.
int DigitValue(char c, std::int64_t base) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'z') return c - 'a' + 10;
  if (c >= 'A' && c <= 'Z') return c - 'A' + (base <= 36 ? 10 : 36);
  return 99;
}

Result<const Type*> ParseIntType(Call& call) {
  const Type* t = TypeOf(call.arena, call.args[0]);
  if (t->kind != TypeKind::kString)
    return Fail(fmt::format("parseint() needs a string, but got {}", TypeName(t)));
  return NumberType();
}

Result<Value> ParseInt(Call& call) {
  PL_CHECK_OK(ParseIntType(call));
  PL_TRY(std::int64_t base, WholeArg(call, 1));
  if (base < 2 || base > 62) return Fail("parseint() needs a base between 2 and 62");
  std::string_view text = call.args[0].as_string(), digits = text;
  bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  auto fail = [&] {
    return Fail(fmt::format("parseint() cannot parse \"{}\" as an integer in base {}", text, base));
  };
  if (digits.empty()) return fail();
  Value total = Value::Int(0);
  for (char c : digits) {
    int d = DigitValue(c, base);
    if (d >= base) return fail();
    total = *Add(call.arena, *Multiply(call.arena, total, Value::Int(base)), Value::Int(d));
  }
  return negative && CompareNumbers(total, Value::Int(0)) != 0 ? Negate(call.arena, total) : total;
}

Result<Value> Signum(Call& call) {
  PL_TRY(std::int64_t n, WholeArg(call, 0));
  return Value::Int(n < 0 ? -1 : n > 0 ? 1 : 0);
}

Result<Value> Sum(Call& call) {
  Value list = call.args[0];
  if (!list.is_sequence() && !list.is_mapping())
    return Fail("sum() needs a list, set or tuple of numbers");
  if (list.items().empty()) return Fail("sum() needs a list that is not empty, of numbers");
  if (HasUnknown(list)) return UnknownResult(call, NumberType());
  Value total = Value::Int(0);
  for (Value v : list.items()) {
    if (v.is_null()) return Fail("sum() cannot add null");
    PL_TRY(Value n, Convert(call.arena, v, NumberType()));
    auto next = Add(call.arena, total, n);
    if (!next) return Fail("sum() cannot add opposite infinities");
    total = *next;
  }
  return total;
}

using enum Accepts;

constexpr auto kFunctions = std::to_array<Function>({
    {"abs", {{{kNumber, kDynamic}}}, {}, Returns::kNumber, &Abs},
    {"ceil", {{{kNumber}}}, {}, Returns::kNumber, &Ceil},
    {"floor", {{{kNumber}}}, {}, Returns::kNumber, &Floor},
    {"log", {{{kNumber}, {kNumber}}}, {}, Returns::kNumber, &Log},
    {"max", {}, {kNumber, kDynamic}, Returns::kNumber, &Max},
    {"min", {}, {kNumber, kDynamic}, Returns::kNumber, &Min},
    {"parseint", {{{kAny}, {kNumber}}}, {}, Returns::kNumber, &ParseInt, &ParseIntType},
    {"pow", {{{kNumber}, {kNumber}}}, {}, Returns::kNumber, &Pow},
    {"signum", {{{kNumber}}}, {}, Returns::kNumber, &Signum},
    {"sum", {{{kAny}}}, {}, Returns::kNumber, &Sum},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

std::span<const Function> NumericFunctions() { return kFunctions; }

}  // namespace plumbline::terraform::functions
