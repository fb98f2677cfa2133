// 512-bit binary floats by Boost.Multiprecision, rounding to nearest even, as Go's big.Float with
// precision 512 does.
#include "value/number.h"

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <boost/multiprecision/cpp_int.hpp>
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
  if (f == 0 && boost::multiprecision::signbit(f)) return Value::Double(-0.0);
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

// 0.DIGITS × 10^point, without leading or trailing zeros; no digits for zero.
struct Decimal {
  bool negative = false;
  std::string digits;
  int point = 0;
};

Decimal FromScientific(const std::string& s) {
  Decimal d;
  auto e = s.find('e');
  d.negative = s[0] == '-';
  for (char c : s.substr(0, e)) {
    if (c >= '0' && c <= '9') d.digits += c;
  }
  while (!d.digits.empty() && d.digits.back() == '0') d.digits.pop_back();
  if (!d.digits.empty()) d.point = (e == std::string::npos ? 0 : std::stoi(s.substr(e + 1))) + 1;
  return d;
}

// Every digit of the number: a binary fraction m × 2^-k is m × 5^k × 10^-k.
Decimal ExactDecimal(const Float& f) {
  constexpr int kMantissa = 512, kMostBits = 20'000;
  Decimal d;
  d.negative = boost::multiprecision::signbit(f);
  if (f == 0) return d;
  int e = 0;
  Float m = boost::multiprecision::frexp(boost::multiprecision::abs(f), &e);
  if (e > kMostBits || e < -kMostBits) return FromScientific(f.str(300, std::ios_base::scientific));
  boost::multiprecision::cpp_int n(boost::multiprecision::ldexp(m, kMantissa));
  int k = e - kMantissa, zeros = static_cast<int>(boost::multiprecision::lsb(n));
  n >>= zeros;
  k += zeros;
  if (k >= 0) {
    n <<= k;
  } else {
    n *= boost::multiprecision::pow(boost::multiprecision::cpp_int(5), static_cast<unsigned>(-k));
  }
  d.digits = n.str();
  d.point = static_cast<int>(d.digits.size()) + std::min(k, 0);
  while (d.digits.back() == '0') d.digits.pop_back();
  return d;
}

// Keeps `n` digits, rounding half to even.
void Round(Decimal& d, int n) {
  if (n >= static_cast<int>(d.digits.size())) return;
  if (n < 0) {
    d.digits.clear();
    return;
  }
  auto at = static_cast<std::size_t>(n);
  bool half = d.digits[at] == '5' && at + 1 == d.digits.size();
  bool up = half ? at > 0 && (d.digits[at - 1] - '0') % 2 == 1 : d.digits[at] >= '5';
  d.digits.resize(at);
  while (up && !d.digits.empty() && d.digits.back() == '9') d.digits.pop_back();
  if (up && d.digits.empty()) {
    d.digits = "1";
    ++d.point;
  } else if (up) {
    ++d.digits.back();
  }
  while (!d.digits.empty() && d.digits.back() == '0') d.digits.pop_back();
}

char DigitAt(const Decimal& d, int i) {
  return i >= 0 && i < static_cast<int>(d.digits.size()) ? d.digits[static_cast<std::size_t>(i)]
                                                         : '0';
}

std::string Scientific(const Decimal& d, int precision, char verb) {
  std::string out(1, DigitAt(d, 0));
  if (precision > 0) out += '.';
  for (int i = 1; i <= precision; ++i) out += DigitAt(d, i);
  int exponent = d.digits.empty() ? 0 : d.point - 1;
  out += verb;
  out += exponent < 0 ? '-' : '+';
  std::string digits = std::to_string(std::abs(exponent));
  return out + (digits.size() < 2 ? "0" : "") + digits;
}

std::string Fixed(const Decimal& d, int precision) {
  std::string out;
  for (int i = 0; i < d.point && !d.digits.empty(); ++i) out += DigitAt(d, i);
  if (out.empty()) out = "0";
  if (precision > 0) out += '.';
  int point = d.digits.empty() ? 0 : d.point;
  for (int i = 0; i < precision; ++i) out += DigitAt(d, point + i);
  return out;
}

// A decimal of as many digits as `verb` and `precision` ask for, written without its sign.
std::string FormatDecimal(Decimal d, char verb, int precision, bool shortest) {
  int size = static_cast<int>(d.digits.size());
  char lower = static_cast<char>(verb | 0x20);
  if (lower == 'e') {
    if (!shortest) Round(d, precision + 1);
    return Scientific(d, shortest ? std::max(size - 1, 0) : precision, verb);
  }
  if (lower == 'f') {
    if (!shortest) Round(d, d.point + precision);
    return Fixed(d, shortest ? std::max(size - d.point, 0) : precision);
  }
  if (!shortest) Round(d, precision == 0 ? 1 : precision);
  size = static_cast<int>(d.digits.size());
  int wide = shortest ? 6 : precision == 0 ? 1 : precision;
  if (!shortest && wide > size && size >= d.point) wide = size;
  int exponent = d.digits.empty() ? 0 : d.point - 1;
  if (exponent < -4 || exponent >= std::max(wide, 1))
    return Scientific(d, size - 1, static_cast<char>(verb - 2));
  return Fixed(d, std::max(size - d.point, 0));
}

}  // namespace

std::string FormatFloat(Value n, char verb, int precision) {
  Float f = ToFloat(n);
  if (boost::multiprecision::isinf(f)) return f < 0 ? "-Inf" : "+Inf";
  Decimal d;
  if (precision >= 0) {
    d = ExactDecimal(f);
  } else {
    bool is_double = n.number_rep() == NumberRep::kDouble;
    char buf[64];
    auto r = std::to_chars(buf, buf + sizeof buf, ToDouble(n), std::chars_format::scientific);
    d = FromScientific(is_double ? std::string(buf, r.ptr) : Shortest(f));
  }
  return (d.negative ? "-" : "") + FormatDecimal(d, verb, precision, precision < 0);
}

std::string FormatInteger(Value n, int base) {
  if (base == 10) return FormatNumber(n);
  Float f = ToFloat(n);
  boost::multiprecision::cpp_int i(boost::multiprecision::abs(f));
  std::string out;
  for (; i != 0; i /= base) out += "0123456789abcdef"[static_cast<std::size_t>(i % base)];
  if (out.empty()) out = "0";
  if (f < 0) out += '-';
  return {out.rbegin(), out.rend()};
}

std::optional<Value> ParseNumber(Arena& arena, std::string_view text) {
  std::int64_t i = 0;
  auto [p, ec] = std::from_chars(text.data(), text.data() + text.size(), i);
  if (ec == std::errc() && p == text.data() + text.size()) {
    return i == 0 && text[0] == '-' ? Value::Double(-0.0) : Value::Int(i);
  }
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

namespace {

// Terraform's shortest form takes a double's neighbours to be as far away below as above. Below a
// power of two they are nearer, so that some digits too many are dropped there.
std::string ShortestPowerOfTwo(double d) {
  Float f(std::fabs(d)), step = boost::multiprecision::ldexp(f, -53);
  Decimal exact = ExactDecimal(f), low = ExactDecimal(f - step), high = ExactDecimal(f + step);
  int size = static_cast<int>(exact.digits.size());
  for (int i = 0; i < size; ++i) {
    char m = DigitAt(exact, i), l = DigitAt(low, i), u = DigitAt(high, i);
    bool down = l != m || i + 1 == static_cast<int>(low.digits.size());
    bool up = m != u;
    if (!down && !up) continue;
    if (down && up) {
      Round(exact, i + 1);
    } else {
      exact.digits.resize(static_cast<std::size_t>(i) + 1);
      if (up) ++exact.digits.back();  // it is below the digit of `high`: no carry
    }
    break;
  }
  return (d < 0 ? "-" : "") + FormatDecimal(exact, 'f', 0, true);
}

bool IsPowerOfTwo(double d) {
  int exponent = 0;
  return std::fabs(std::frexp(d, &exponent)) == 0.5;
}

}  // namespace

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
      if (d == 0) return std::signbit(d) ? "-0" : "0";
      if (r.ptr - buf > 18 && IsPowerOfTwo(d)) return ShortestPowerOfTwo(d);
      return Plain(std::string(buf, r.ptr));
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
    if (r == 0 && (a.as_int() < 0 || b.as_int() < 0)) return Value::Double(-0.0);
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
  Float rest = x - q * y;
  if (x == 0) return a;
  if (rest == 0) return Value::Int(0);  // never minus zero
  return FromFloat(arena, rest);
}

Value Negate(Arena& arena, Value a) {
  if (a.number_rep() == NumberRep::kInt && a.as_int() != std::numeric_limits<std::int64_t>::min()) {
    if (a.as_int() == 0) return Value::Double(-0.0);
    return Value::Int(-a.as_int());
  }
  return FromFloat(arena, Float(-ToFloat(a)));
}

}  // namespace plumbline
