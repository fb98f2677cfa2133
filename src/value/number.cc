// 512-bit binary floats by Boost.Multiprecision, rounding to nearest even, as Go's big.Float with
// precision 512 does.
#include "value/number.h"

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <charconv>
#include <cmath>
#include <limits>

namespace plumbline {

using Float =
    boost::multiprecision::number<boost::multiprecision::cpp_bin_float<
                                      512, boost::multiprecision::digit_base_2, void, std::int32_t>,
                                  boost::multiprecision::et_off>;

struct BigNumber {
  Float f;
};

namespace {

Float ToFloat(Value v) {
  switch (v.number_rep()) {
    case NumberRep::kInt:
      return Float(v.as_int());
    case NumberRep::kDouble:
      return Float(v.as_double());
    case NumberRep::kBig:
      return v.as_big()->f;
  }
  return Float(0);
}

Value FromFloat(Arena& arena, const Float& f) {
  static const Float kMax = Float(std::int64_t{1} << 62);
  if (boost::multiprecision::isfinite(f) && boost::multiprecision::abs(f) < kMax &&
      boost::multiprecision::trunc(f) == f) {
    return Value::Int(f.convert_to<std::int64_t>());
  }
  return Value::Big(arena.New<BigNumber>(f));
}

// The shortest decimal that rounds to `f`: try rising precisions. Digits of a 512-bit float never
// exceed 156.
std::string Shortest(const Float& f) {
  if (boost::multiprecision::isinf(f)) return f < 0 ? "-Inf" : "+Inf";
  if (f == 0) return "0";
  int low = 1, high = std::numeric_limits<Float>::max_digits10;
  while (low < high) {
    int mid = (low + high) / 2;
    if (Float(f.str(mid, std::ios_base::scientific)) == f)
      high = mid;
    else
      low = mid + 1;
  }
  // Boost's scientific form has `precision` digits behind the point: one more significant digit
  // than asked for.
  std::string s = f.str(low, std::ios_base::scientific);
  if (low > 1) {
    std::string shorter = f.str(low - 1, std::ios_base::scientific);
    if (Float(shorter) == f) s = shorter;
  }
  return s;
}

// "-1.2300e+04" → "-12300": plain notation without trailing zeros.
std::string Plain(std::string s) {
  auto e = s.find_first_of("eE");
  if (e == std::string::npos) return s;
  int exponent = std::stoi(s.substr(e + 1));
  bool negative = s[0] == '-';
  std::string digits;
  for (std::size_t i = negative ? 1 : 0; i < e; ++i) {
    if (s[i] != '.') digits += s[i];
  }
  while (digits.size() > 1 && digits.back() == '0') digits.pop_back();
  std::string out;
  int point = exponent + 1;
  if (point <= 0) {
    out = "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
  } else if (static_cast<std::size_t>(point) >= digits.size()) {
    out = digits + std::string(static_cast<std::size_t>(point) - digits.size(), '0');
  } else {
    out = digits.substr(0, static_cast<std::size_t>(point)) + "." +
          digits.substr(static_cast<std::size_t>(point));
  }
  return negative ? "-" + out : out;
}

}  // namespace

std::optional<Value> ParseNumber(Arena& arena, std::string_view text) {
  std::int64_t i = 0;
  auto [p, ec] = std::from_chars(text.data(), text.data() + text.size(), i);
  if (ec == std::errc() && p == text.data() + text.size()) return Value::Int(i);
  // [+-] digits [. digits] [e [+-] digits]; anything else is refused before Boost sees it.
  std::size_t k = 0, digits = 0;
  if (k < text.size() && (text[k] == '+' || text[k] == '-')) ++k;
  auto skip = [&] {
    std::size_t n = 0;
    while (k < text.size() && text[k] >= '0' && text[k] <= '9') ++k, ++n;
    return n;
  };
  digits = skip();
  if (k < text.size() && text[k] == '.') {
    ++k;
    digits += skip();
  }
  if (digits == 0) return std::nullopt;
  if (k < text.size() && (text[k] == 'e' || text[k] == 'E')) {
    ++k;
    if (k < text.size() && (text[k] == '+' || text[k] == '-')) ++k;
    std::size_t at = k;
    if (skip() == 0 || k - at > 6) return std::nullopt;
  }
  if (k != text.size()) return std::nullopt;
  std::string s(text);
  if (s[0] == '+') s.erase(0, 1);
  return FromFloat(arena, Float(s));
}

std::string FormatNumber(Value n) {
  switch (n.number_rep()) {
    case NumberRep::kInt:
      return std::to_string(n.as_int());
    case NumberRep::kDouble: {
      double d = n.as_double();
      if (std::isnan(d)) return "NaN";
      if (std::isinf(d)) return d < 0 ? "-Inf" : "+Inf";
      char buf[64];
      auto r = std::to_chars(buf, buf + sizeof buf, d, std::chars_format::scientific);
      return d == 0 ? "0" : Plain(std::string(buf, r.ptr));
    }
    case NumberRep::kBig:
      return Plain(Shortest(n.as_big()->f));
  }
  return "0";
}

int CompareNumbers(Value a, Value b) {
  if (a.number_rep() == NumberRep::kInt && b.number_rep() == NumberRep::kInt) {
    return a.as_int() < b.as_int() ? -1 : a.as_int() > b.as_int() ? 1 : 0;
  }
  return ToFloat(a).compare(ToFloat(b));
}

std::optional<std::int64_t> ToInt64(Value n) {
  if (n.number_rep() == NumberRep::kInt) return n.as_int();
  Float f = ToFloat(n);
  static const Float kLow(std::numeric_limits<std::int64_t>::min()),
      kHigh(std::numeric_limits<std::int64_t>::max());
  if (!boost::multiprecision::isfinite(f) || f < kLow || f > kHigh ||
      boost::multiprecision::trunc(f) != f)
    return std::nullopt;
  return f.convert_to<std::int64_t>();
}

double ToDouble(Value n) {
  switch (n.number_rep()) {
    case NumberRep::kInt:
      return static_cast<double>(n.as_int());
    case NumberRep::kDouble:
      return n.as_double();
    case NumberRep::kBig:
      return n.as_big()->f.convert_to<double>();
  }
  return 0;
}

bool IsWhole(Value n) {
  if (n.number_rep() == NumberRep::kInt) return true;
  Float f = ToFloat(n);
  return boost::multiprecision::isfinite(f) && boost::multiprecision::trunc(f) == f;
}

bool IsInfinite(Value n) {
  return n.number_rep() != NumberRep::kInt && boost::multiprecision::isinf(ToFloat(n));
}

std::optional<Value> Add(Arena& arena, Value a, Value b) {
  std::int64_t r;
  if (a.number_rep() == NumberRep::kInt && b.number_rep() == NumberRep::kInt &&
      !__builtin_add_overflow(a.as_int(), b.as_int(), &r)) {
    return Value::Int(r);
  }
  Float f = ToFloat(a) + ToFloat(b);
  if (boost::multiprecision::isnan(f)) return std::nullopt;
  return FromFloat(arena, f);
}

std::optional<Value> Subtract(Arena& arena, Value a, Value b) {
  std::int64_t r;
  if (a.number_rep() == NumberRep::kInt && b.number_rep() == NumberRep::kInt &&
      !__builtin_sub_overflow(a.as_int(), b.as_int(), &r)) {
    return Value::Int(r);
  }
  Float f = ToFloat(a) - ToFloat(b);
  if (boost::multiprecision::isnan(f)) return std::nullopt;
  return FromFloat(arena, f);
}

std::optional<Value> Multiply(Arena& arena, Value a, Value b) {
  std::int64_t r;
  if (a.number_rep() == NumberRep::kInt && b.number_rep() == NumberRep::kInt &&
      !__builtin_mul_overflow(a.as_int(), b.as_int(), &r)) {
    return Value::Int(r);
  }
  Float f = ToFloat(a) * ToFloat(b);
  if (boost::multiprecision::isnan(f)) return std::nullopt;
  return FromFloat(arena, f);
}

std::optional<Value> Divide(Arena& arena, Value a, Value b) {
  Float x = ToFloat(a), y = ToFloat(b);
  if (y == 0) {
    if (x == 0) return std::nullopt;
    Float inf = std::numeric_limits<Float>::infinity();
    return FromFloat(arena, x < 0 ? Float(-inf) : inf);
  }
  Float f = x / y;
  if (boost::multiprecision::isnan(f)) return std::nullopt;
  return FromFloat(arena, f);
}

std::optional<Value> Modulo(Arena& arena, Value a, Value b) {
  Float x = ToFloat(a), y = ToFloat(b);
  if (boost::multiprecision::isinf(x)) return std::nullopt;
  if (y == 0 || boost::multiprecision::isinf(y)) return a;
  Float q = boost::multiprecision::trunc(Float(x / y));
  return FromFloat(arena, Float(x - q * y));
}

Value Negate(Arena& arena, Value a) {
  if (a.number_rep() == NumberRep::kInt && a.as_int() != std::numeric_limits<std::int64_t>::min()) {
    return Value::Int(-a.as_int());
  }
  return FromFloat(arena, Float(-ToFloat(a)));
}

}  // namespace plumbline
