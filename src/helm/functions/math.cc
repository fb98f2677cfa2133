// Numbers: conversions, integer and decimal arithmetic, ranges of integers.
#include <algorithm>
#include <array>
#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "helm/functions/common.h"

namespace plumbline::helm {
namespace {

using Unsigned = std::uint64_t;

// Go's integers wrap around.
std::int64_t Add(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<Unsigned>(a) + static_cast<Unsigned>(b));
}
std::int64_t Subtract(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<Unsigned>(a) - static_cast<Unsigned>(b));
}
std::int64_t Multiply(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<Unsigned>(a) * static_cast<Unsigned>(b));
}

bool AddAll(Call& call) {
  std::int64_t sum = 0;
  for (Value v : call.args) sum = Add(sum, ToInt64(v));
  return ReturnInt64(call, sum);
}
bool AddOne(Call& call) { return ReturnInt64(call, Add(ToInt64(call.args[0]), 1)); }
bool Sub(Call& call) {
  return ReturnInt64(call, Subtract(ToInt64(call.args[0]), ToInt64(call.args[1])));
}
bool Mul(Call& call) {
  std::int64_t product = ToInt64(call.args[0]);
  for (Value v : call.args.subspan(1)) product = Multiply(product, ToInt64(v));
  return ReturnInt64(call, product);
}

bool Divide(Call& call, bool modulo) {
  std::int64_t a = ToInt64(call.args[0]), b = ToInt64(call.args[1]);
  if (b == 0) return call.Fail("runtime error: integer divide by zero");
  if (b == -1) return ReturnInt64(call, modulo ? 0 : Subtract(0, a));
  return ReturnInt64(call, modulo ? a % b : a / b);
}
bool Div(Call& call) { return Divide(call, false); }
bool Mod(Call& call) { return Divide(call, true); }

bool Max(Call& call) {
  std::int64_t best = ToInt64(call.args[0]);
  for (Value v : call.args) best = std::max(best, ToInt64(v));
  return ReturnInt64(call, best);
}
bool Min(Call& call) {
  std::int64_t best = ToInt64(call.args[0]);
  for (Value v : call.args) best = std::min(best, ToInt64(v));
  return ReturnInt64(call, best);
}

// math.Max and math.Min: not a number wins, an infinity over it, and -0 is less than 0.
double Extreme(double a, double b, bool max) {
  double infinity = max ? HUGE_VAL : -HUGE_VAL;
  if (a == infinity || b == infinity) return infinity;
  if (std::isnan(a) || std::isnan(b)) return std::numeric_limits<double>::quiet_NaN();
  if (a == 0 && b == 0) return std::signbit(a) == max ? b : a;
  return (a > b) == max ? a : b;
}

bool Extremes(Call& call, bool max) {
  double best = ToFloat64(call.args[0]);
  for (Value v : call.args.subspan(1)) best = Extreme(best, ToFloat64(v), max);
  return ReturnFloat(call, best);
}
bool MaxF(Call& call) { return Extremes(call, true); }
bool MinF(Call& call) { return Extremes(call, false); }

bool Floor(Call& call) { return ReturnFloat(call, std::floor(ToFloat64(call.args[0]))); }
bool Ceil(Call& call) { return ReturnFloat(call, std::ceil(ToFloat64(call.args[0]))); }

// The fraction that rounds up may be chosen; negative numbers have negative fractions and so always
// round down.
bool Round(Call& call) {
  double round_on = call.args.size() > 2 ? call.args[2].as_float() : 0.5;
  double scale = std::pow(10, static_cast<double>(call.Int(1)));
  double digits = scale * ToFloat64(call.args[0]), whole = 0;
  double fraction = std::modf(digits, &whole);
  return ReturnFloat(call, (fraction >= round_on ? std::ceil(digits) : std::floor(digits)) / scale);
}

bool ToInt(Call& call) { return call.Return(Value::Int(ToInt64(call.args[0]))); }
bool Int64(Call& call) { return ReturnInt64(call, ToInt64(call.args[0])); }
bool Float64(Call& call) { return ReturnFloat(call, ToFloat64(call.args[0])); }

bool Atoi(Call& call) {
  bool out_of_range = false;
  auto n = ParseInt(call.Text(0), 10, &out_of_range);
  std::int64_t bound = call.Text(0).starts_with('-') ? std::numeric_limits<std::int64_t>::min()
                                                     : std::numeric_limits<std::int64_t>::max();
  return call.Return(Value::Int(n ? *n : out_of_range ? bound : 0));
}

// From octal digits.
bool ToDecimal(Call& call) {
  return ReturnInt64(call, ParseInt(gotmpl::Sprint(call.args[0]), 8).value_or(0));
}

// --- Decimal arithmetic ---

using BigInt = boost::multiprecision::cpp_int;

// value * 10^exponent, exactly.
struct Decimal {
  BigInt value;
  int exponent = 0;
};

constexpr int kDivisionDigits = 16;

BigInt PowerOfTen(int n) {
  return boost::multiprecision::pow(BigInt(10), static_cast<unsigned>(n));
}

// The shortest decimal that reads as `d`.
Decimal FromFloat(double d) {
  std::string text = gotmpl::FormatFloat(d, 'e', -1);
  auto e = text.find('e');
  Decimal out{0, std::atoi(text.c_str() + e + 1)};
  bool negative = text[0] == '-', fraction = false;
  for (char c : std::string_view(text).substr(0, e)) {
    if (c == '.') fraction = true;
    if (c < '0' || c > '9') continue;
    out.value = out.value * 10 + (c - '0');
    if (fraction) --out.exponent;
  }
  if (negative) out.value = -out.value;
  return out;
}

void Align(Decimal& a, Decimal& b) {
  if (a.exponent > b.exponent) {
    a.value *= PowerOfTen(a.exponent - b.exponent);
    a.exponent = b.exponent;
  } else if (b.exponent > a.exponent) {
    b.value *= PowerOfTen(b.exponent - a.exponent);
    b.exponent = a.exponent;
  }
}

// Sixteen digits behind the point, the last one rounded, halves away from zero.
Decimal Quotient(Decimal a, Decimal b) {
  Align(a, b);
  BigInt n = a.value * PowerOfTen(kDivisionDigits), d = b.value;
  bool negative = (n < 0) != (d < 0);
  n = boost::multiprecision::abs(n);
  d = boost::multiprecision::abs(d);
  BigInt q = (2 * n + d) / (2 * d);
  return {negative ? BigInt(-q) : q, -kDivisionDigits};
}

double ToDouble(const Decimal& d) {
  return std::strtod((d.value.str() + "e" + std::to_string(d.exponent)).c_str(), nullptr);
}

enum class Operation { kAdd, kSubtract, kMultiply, kDivide };

constexpr std::size_t kMaxBits = 1u << 16;

bool Arithmetic(Call& call, double start, std::span<const Value> others, Operation op) {
  auto refuse = [&](double d) {
    return call.Fail("Cannot create a Decimal from " + gotmpl::Sprint(Value::Float(d)));
  };
  if (!std::isfinite(start)) return refuse(start);
  Decimal a = FromFloat(start);
  for (Value v : others) {
    double d = ToFloat64(v);
    if (!std::isfinite(d)) return refuse(d);
    Decimal b = FromFloat(d);
    switch (op) {
      case Operation::kAdd:
      case Operation::kSubtract:
        Align(a, b);
        a.value += op == Operation::kAdd ? b.value : BigInt(-b.value);
        break;
      case Operation::kMultiply:
        a = {a.value * b.value, a.exponent + b.exponent};
        break;
      case Operation::kDivide:
        if (b.value == 0) return call.Fail("decimal division by 0");
        a = Quotient(a, b);
    }
    if (a.value == 0) a.exponent = 0;
    if (a.value != 0 && msb(boost::multiprecision::abs(a.value)) > kMaxBits)
      return call.Fail(fmt::format("the number needs more than {} bits", kMaxBits));
  }
  return ReturnFloat(call, ToDouble(a));
}

bool AddF(Call& call) { return Arithmetic(call, 0, call.args, Operation::kAdd); }
bool AddOneF(Call& call) {
  Value one = Value::Int(1);
  return Arithmetic(call, ToFloat64(call.args[0]), {&one, 1}, Operation::kAdd);
}
bool SubF(Call& call) {
  return Arithmetic(call, ToFloat64(call.args[0]), call.args.subspan(1), Operation::kSubtract);
}
bool MulF(Call& call) {
  return Arithmetic(call, ToFloat64(call.args[0]), call.args.subspan(1), Operation::kMultiply);
}
bool DivF(Call& call) {
  return Arithmetic(call, ToFloat64(call.args[0]), call.args.subspan(1), Operation::kDivide);
}

// --- Ranges ---

// The integers from start to stop, which is left out.
bool Range(Call& call, std::int64_t start, std::int64_t stop, std::int64_t step,
           std::vector<Value>* out) {
  bool down = stop < start;
  if (down ? step >= 0 : step <= 0) return true;
  auto distance = down ? static_cast<__int128>(start) - stop : static_cast<__int128>(stop) - start;
  auto stride = down ? -static_cast<__int128>(step) : static_cast<__int128>(step);
  auto count = (distance + stride - 1) / stride;
  if (count > static_cast<__int128>(kMaxItems))
    return call.Fail(fmt::format("the list would have more than {} numbers", kMaxItems));
  if (!Spend(call, static_cast<std::size_t>(count))) return false;
  out->reserve(static_cast<std::size_t>(count));
  for (__int128 i = 0; i < count; ++i)
    out->push_back(Value::Int(static_cast<std::int64_t>(start + i * static_cast<__int128>(step))));
  return true;
}

bool UntilStep(Call& call) {
  std::vector<Value> numbers;
  return Range(call, call.Int(0), call.Int(1), call.Int(2), &numbers) &&
         ReturnList(call, numbers, Element::kInt);
}

bool Until(Call& call) {
  std::vector<Value> numbers;
  return Range(call, 0, call.Int(0), call.Int(0) < 0 ? -1 : 1, &numbers) &&
         ReturnList(call, numbers, Element::kInt);
}

// As the command of that name counts: both ends are in.
bool Seq(Call& call) {
  if (call.args.empty() || call.args.size() > 3) return call.Return(Value::String(""));
  std::int64_t start = call.args.size() == 1 ? 1 : call.Int(0);
  std::int64_t end = call.Int(call.args.size() - 1);
  std::int64_t direction = end < start ? -1 : 1;
  std::int64_t step = call.args.size() == 3 ? call.Int(1) : direction;
  if (call.args.size() == 3 && direction < 0 && step > 0) return call.Return(Value::String(""));
  std::vector<Value> numbers;
  if (!Range(call, start, Add(end, direction), step, &numbers)) return false;
  std::string out;
  for (Value v : numbers) {
    if (!out.empty()) out += ' ';
    out += std::to_string(v.as_int());
  }
  return ReturnText(call, out);
}

// The least number there is to choose from, every time.
bool RandInt(Call& call) {
  if (call.Int(1) <= call.Int(0)) return call.Fail("invalid argument to Intn");
  return call.Return(Value::Int(call.Int(0)));
}

constexpr auto kFunctions = std::to_array<Function>({
    {"add", "v*", AddAll},      {"add1", "v", AddOne},
    {"add1f", "v", AddOneF},    {"addf", "v*", AddF},
    {"atoi", "s", Atoi},        {"biggest", "vv*", Max},
    {"ceil", "v", Ceil},        {"div", "vv", Div},
    {"divf", "vv*", DivF},      {"float64", "v", Float64},
    {"floor", "v", Floor},      {"int", "v", ToInt},
    {"int64", "v", Int64},      {"max", "vv*", Max},
    {"maxf", "vv*", MaxF},      {"min", "vv*", Min},
    {"minf", "vv*", MinF},      {"mod", "vv", Mod},
    {"mul", "vv*", Mul},        {"mulf", "vv*", MulF},
    {"randInt", "ii", RandInt}, {"round", "vif*", Round},
    {"seq", "i*", Seq},         {"sub", "vv", Sub},
    {"subf", "vv*", SubF},      {"toDecimal", "v", ToDecimal},
    {"until", "i", Until},      {"untilStep", "iii", UntilStep},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

std::span<const Function> MathFunctions() { return kFunctions; }

}  // namespace plumbline::helm
