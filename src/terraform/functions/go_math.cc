// The methods that Terraform's runtime uses on this architecture: FreeBSD's logarithm, Shibata's
// exponential ("Efficient evaluation methods of elementary functions suitable for SIMD
// computation", 2010) with fused multiplication, and powers by repeated squaring of the mantissa.
// The order of operations is what matters: each line rounds once where theirs does.
#include "terraform/functions/go_math.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

namespace plumbline::terraform::functions {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double Exp(double x) {
  constexpr double kOverflow = 7.09782712893384e+02;
  constexpr double kLn2High = 0.69314718055966295651160180568695068359375;
  constexpr double kLn2Low = 0.28235290563031577122588448175013436025525412068e-12;
  // 1/8! … 1/2!, 1.
  constexpr std::array kTaylor = {2.4801587301587301587e-5,
                                  1.9841269841269841270e-4,
                                  1.3888888888888888889e-3,
                                  8.3333333333333333333e-3,
                                  4.1666666666666666667e-2,
                                  1.6666666666666666667e-1,
                                  0.5,
                                  1.0};
  if (std::isnan(x)) return x;
  if (x > kOverflow) return kInfinity;
  if (x < -746) return 0;
  double k = std::nearbyint(x * std::numbers::log2e);
  double r = std::fma(-k, kLn2High, x);
  r = std::fma(-k, kLn2Low, r) * 0.0625;
  double sum = kTaylor[0];
  for (std::size_t i = 1; i < kTaylor.size(); ++i) sum = std::fma(sum, r, kTaylor[i]);
  double e = r * sum;  // e^r - 1
  for (int i = 0; i < 3; ++i) e *= e + 2;
  e = std::fma(e, e + 2, 1.0);
  return std::ldexp(e, static_cast<int>(k));
}

bool IsOdd(double y) {
  constexpr double kLargest = 9007199254740992;  // above it all are even
  return std::fabs(y) < kLargest && std::fmod(y, 2) != 0 && std::trunc(y) == y;
}

double PowerOfZero(double x, double y) {
  bool negative = std::signbit(x) && IsOdd(y);
  if (y < 0) return negative ? -kInfinity : kInfinity;
  return negative ? x : 0;
}

double PowerOfInfinity(double x, double y) {
  if (x < 0) return y < 0 ? PowerOfZero(-0.0, -y) : IsOdd(y) ? -kInfinity : kInfinity;
  return y < 0 ? 0 : kInfinity;
}

double PowerToInfinity(double x, double y) {
  if (x == -1) return 1;
  return (std::fabs(x) < 1) == (y > 0) ? 0 : kInfinity;
}

}  // namespace

double GoLog(double x) {
  constexpr double kLn2High = 6.93147180369123816490e-01, kLn2Low = 1.90821492927058770002e-10;
  constexpr double kOdd[] = {6.666666666666735130e-01, 2.857142874366239149e-01,
                             1.818357216161805012e-01, 1.479819860511658591e-01};
  constexpr double kEven[] = {3.999999999940941908e-01, 2.222219843214978396e-01,
                              1.531383769920937332e-01};
  if (std::isnan(x) || (std::isinf(x) && x > 0)) return x;
  if (x < 0) return std::numeric_limits<double>::quiet_NaN();
  if (x == 0) return -kInfinity;
  int exponent = 0;
  double mantissa = std::frexp(x, &exponent);
  if (mantissa < std::numbers::sqrt2 / 2) {
    mantissa *= 2;
    --exponent;
  }
  double f = mantissa - 1, k = exponent;
  double s = f / (2 + f), s2 = s * s, s4 = s2 * s2;
  double odd = s2 * (kOdd[0] + s4 * (kOdd[1] + s4 * (kOdd[2] + s4 * kOdd[3])));
  double even = s4 * (kEven[0] + s4 * (kEven[1] + s4 * kEven[2]));
  double rest = odd + even, half = 0.5 * f * f;
  return k * kLn2High - ((half - (s * (half + rest) + k * kLn2Low)) - f);
}

double GoPow(double x, double y) {
  constexpr double kHuge = 9223372036854775808.0;
  constexpr int kMostExponent = 1 << 12;
  if (y == 0 || x == 1) return 1;
  if (y == 1) return x;
  if (std::isnan(x) || std::isnan(y)) return std::numeric_limits<double>::quiet_NaN();
  if (x == 0) return PowerOfZero(x, y);
  if (std::isinf(y)) return PowerToInfinity(x, y);
  if (std::isinf(x)) return PowerOfInfinity(x, y);
  if (y == 0.5) return std::sqrt(x);
  if (y == -0.5) return 1 / std::sqrt(x);
  double whole = 0, fraction = std::modf(std::fabs(y), &whole);
  if (fraction != 0 && x < 0) return std::numeric_limits<double>::quiet_NaN();
  if (whole >= kHuge) return PowerToInfinity(x, y);
  double result = 1;
  int exponent = 0;
  if (fraction != 0) {
    if (fraction > 0.5) {
      --fraction;
      ++whole;
    }
    result = Exp(fraction * GoLog(x));
  }
  int square_exponent = 0;
  double square = std::frexp(x, &square_exponent);
  for (auto n = static_cast<std::int64_t>(whole); n != 0; n >>= 1) {
    if (square_exponent < -kMostExponent || square_exponent > kMostExponent) {
      exponent += square_exponent;
      break;
    }
    if ((n & 1) == 1) {
      result *= square;
      exponent += square_exponent;
    }
    square *= square;
    square_exponent *= 2;
    if (square < .5) {
      square += square;
      --square_exponent;
    }
  }
  if (y < 0) {
    result = 1 / result;
    exponent = -exponent;
  }
  return std::ldexp(result, exponent);
}

}  // namespace plumbline::terraform::functions
