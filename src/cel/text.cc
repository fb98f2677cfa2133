#include "cel/text.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "cel/net.h"
#include "cel/runtime.h"
#include "cel/time.h"

namespace plumbline::cel {
namespace {

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::size_t CodePointSize(std::string_view s) {
  std::size_t n = 1;
  while (n < s.size() && n < 4 && IsContinuation(s[n])) ++n;
  return n;
}

std::size_t CodePoints(std::string_view s) {
  std::size_t count = 0;
  for (char c : s) count += !IsContinuation(c);
  return count;
}

std::optional<std::size_t> ByteOffset(std::string_view s, std::int64_t index) {
  if (index < 0) return std::nullopt;
  std::size_t at = 0;
  for (; index > 0; --index) {
    if (at >= s.size()) return std::nullopt;
    at += CodePointSize(s.substr(at));
  }
  return at;
}

bool IsValidUtf8(std::string_view s) {
  std::size_t i = 0;
  while (i < s.size()) {
    auto c = static_cast<unsigned char>(s[i]);
    std::size_t n = c < 0x80 ? 1 : (c >> 5) == 6 ? 2 : (c >> 4) == 14 ? 3 : (c >> 3) == 30 ? 4 : 0;
    if (n == 0 || i + n > s.size()) return false;
    std::uint32_t value = n == 1 ? c : c & (0x7Fu >> n);
    for (std::size_t k = 1; k < n; ++k) {
      if (!IsContinuation(s[i + k])) return false;
      value = (value << 6) | (static_cast<unsigned char>(s[i + k]) & 0x3Fu);
    }
    constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
    if (value < kLeast[n] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return false;
    i += n;
  }
  return true;
}

std::string DoubleText(double d) {
  if (std::isnan(d)) return "NaN";
  if (std::isinf(d)) return d > 0 ? "+Inf" : "-Inf";
  char buffer[32];
  auto end = std::to_chars(buffer, buffer + sizeof(buffer), d, std::chars_format::scientific).ptr;
  std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
  int exponent = 0;
  std::string_view digits = text.substr(text.find('e') + 1);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
  if (exponent < -4 || exponent >= 21) return std::string(text);
  char fixed[64];
  auto fixed_end = std::to_chars(fixed, fixed + sizeof(fixed), d, std::chars_format::fixed).ptr;
  return {fixed, fixed_end};
}

std::string ToText(Val v) {
  switch (v.tag()) {
    case Tag::kNull:
      return "null";
    case Tag::kBool:
      return v.as_bool() ? "true" : "false";
    case Tag::kInt:
      return fmt::format("{}", v.as_int());
    case Tag::kUint:
      return fmt::format("{}", v.as_uint());
    case Tag::kDouble:
      return DoubleText(v.as_double());
    case Tag::kString:
    case Tag::kBytes:
    case Tag::kType:
      return std::string(v.as_string());
    case Tag::kDuration:
      return DurationText(v.as_int());
    case Tag::kTimestamp:
      return TimestampText(v.as_int(), v.as_nanos());
    case Tag::kIp:
    case Tag::kCidr:
      return IpText(AsIp(v), v.tag() == Tag::kCidr);
    default:
      return std::string(TypeNameOf(v));
  }
}

std::string Base64(std::string_view bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t k = 0; k < 3; ++k) {
      group = (group << 8) | (k < n ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += k <= n ? kBase64[(group >> (18 - 6 * k)) & 63] : '=';
    }
  }
  return out;
}

std::optional<std::string> FromBase64(std::string_view text) {
  if (text.size() % 4 == 0) {
    for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  }
  if (text.size() % 4 == 1) return std::nullopt;
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (char c : text) {
    auto digit = kBase64.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = (bits << 6) | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>((bits >> count) & 0xFF);
    }
  }
  return out;
}

}  // namespace plumbline::cel
