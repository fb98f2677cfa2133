// Exact numbers as Terraform has them: 512-bit binary floats (big.Float), with 64-bit integers on
// the fast path.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "value/value.h"

namespace plumbline {

/// Parses a decimal number ("12", "0.1", "1e21", "-3") to 512 bits; small integers become
/// NumberRep::kInt.
std::optional<Value> ParseNumber(Arena& arena, std::string_view text);
/// Shortest decimal that reads back the same at 512 bits, never with an exponent: what Terraform
/// prints. (NumberRep::kDouble prints the shortest that reads back as that double.)
std::string FormatNumber(Value number);
/// As C's %e, %f, %g and their upper-case forms, rounded half to even from the exact value. A
/// negative precision takes as many digits as needed; 'g' then uses an exponent below 1e-4 and from
/// 1e+6 (or from the number's last digit) on.
std::string FormatFloat(Value number, char verb, int precision);
/// A whole number's digits in base 2, 8, 10 or 16 (lower case), with a minus sign when negative.
std::string FormatInteger(Value number, int base);
int CompareNumbers(Value a, Value b);

/// The exact integer when the number is whole and fits.
std::optional<std::int64_t> ToInt64(Value number);
double ToDouble(Value number);
bool IsWhole(Value number);
bool IsInfinite(Value number);

/// Arithmetic at 512 bits. Division by zero gives an infinity; undefined results (0/0, inf-inf)
/// give nullopt.
std::optional<Value> Add(Arena& arena, Value a, Value b);
std::optional<Value> Subtract(Arena& arena, Value a, Value b);
std::optional<Value> Multiply(Arena& arena, Value a, Value b);
std::optional<Value> Divide(Arena& arena, Value a, Value b);
/// Terraform's %: the sign of the dividend; x % 0 is x.
std::optional<Value> Modulo(Arena& arena, Value a, Value b);
Value Negate(Arena& arena, Value a);

}  // namespace plumbline
