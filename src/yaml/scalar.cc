#include "yaml/scalar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <string>

#include "value/number.h"

namespace plumbline::yaml {
namespace {

constexpr std::string_view kTagPrefix = "tag:yaml.org,2002:";

constexpr auto kTrueWords = std::to_array<std::string_view>(
    {"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"});
constexpr auto kFalseWords = std::to_array<std::string_view>(
    {"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N"});
constexpr auto kNullWords = std::to_array<std::string_view>({"", "~", "null", "Null", "NULL"});

template <std::size_t N>
bool Contains(const std::array<std::string_view, N>& words, std::string_view text) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// An integer in the notation of Go's strconv with base 0; nullopt when it is none or needs more
// than 64 bits.
std::optional<Value> ParseInteger(std::string_view text) {
  bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  int base = 10;
  if (text.size() > 1 && text[0] == '0') {
    char kind = static_cast<char>(text[1] | 0x20);
    base = kind == 'x' ? 16 : kind == 'o' ? 8 : kind == 'b' ? 2 : 0;
    text.remove_prefix(base != 0 ? 2 : 1);
    if (base == 0) base = 8;
  }
  if (text.empty() || text[0] == '-' || text[0] == '+') return std::nullopt;
  std::uint64_t n = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (n > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
  return Value::Int(negative ? -static_cast<std::int64_t>(n) : static_cast<std::int64_t>(n));
}

// [-+]? (.digits | digits [. digits*]) [eE [-+]? digits]
bool LooksLikeFloat(std::string_view s) {
  std::size_t i = 0;
  auto digits = [&] {
    std::size_t from = i;
    while (i < s.size() && IsDigit(s[i])) ++i;
    return i - from;
  };
  if (i < s.size() && (s[i] == '-' || s[i] == '+')) ++i;
  std::size_t whole = digits(), fraction = 0;
  if (i < s.size() && s[i] == '.') {
    ++i;
    fraction = digits();
  }
  if (whole + fraction == 0) return false;
  if (i < s.size() && (s[i] == 'e' || s[i] == 'E')) {
    ++i;
    if (i < s.size() && (s[i] == '-' || s[i] == '+')) ++i;
    if (digits() == 0) return false;
  }
  return i == s.size();
}

std::optional<Value> ParseNumeric(Arena& arena, std::string_view text) {
  if (!IsDigit(text[0]) && text[0] != '-' && text[0] != '+' && text[0] != '.') return std::nullopt;
  std::string plain(text);
  std::erase(plain, '_');
  if (auto integer = ParseInteger(plain)) return integer;
  if (!LooksLikeFloat(plain)) return std::nullopt;
  // Beyond a double's range the text stays a string (12e45678 is rather a commit id).
  if (!std::isfinite(std::strtod(plain.c_str(), nullptr))) return std::nullopt;
  return ParseNumber(arena, plain);
}

std::optional<std::string> DecodeBase64(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  int count = 0, padding = 0;
  for (char c : text) {
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t') continue;
    if (c == '=') {
      ++padding;
      continue;
    }
    int d = c >= 'A' && c <= 'Z'   ? c - 'A'
            : c >= 'a' && c <= 'z' ? c - 'a' + 26
            : IsDigit(c)           ? c - '0' + 52
            : c == '+'             ? 62
            : c == '/'             ? 63
                                   : -1;
    if (d < 0 || padding != 0) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(d);
    if (++count % 4 == 0) {
      for (int shift : {16, 8, 0}) out += static_cast<char>(bits >> shift & 0xFF);
      bits = 0;
    }
  }
  int rest = count % 4;
  if (rest == 1 || padding > 2) return std::nullopt;
  if (rest == 2) out += static_cast<char>(bits >> 4 & 0xFF);
  if (rest == 3) {
    out += static_cast<char>(bits >> 10 & 0xFF);
    out += static_cast<char>(bits >> 2 & 0xFF);
  }
  return out;
}

// An untagged plain scalar.
Value ResolvePlain(Arena& arena, std::string_view text) {
  constexpr std::size_t kLongestWord = 5;
  if (text.size() <= kLongestWord) {
    if (Contains(kNullWords, text)) return Value();
    if (Contains(kTrueWords, text)) return Value::Bool(true);
    if (Contains(kFalseWords, text)) return Value::Bool(false);
  }
  if (auto number = ParseNumeric(arena, text)) return *number;
  return Value::String(text);
}

}  // namespace

Value ResolveScalar(Arena& arena, std::string_view text, std::string_view tag) {
  if (tag == "?") return ResolvePlain(arena, text);
  if (!tag.starts_with(kTagPrefix)) return Value::String(text);
  tag.remove_prefix(kTagPrefix.size());
  if (tag == "binary") {
    auto bytes = DecodeBase64(text);
    return bytes ? MakeString(arena, *bytes) : Value::String(text);
  }
  if (tag == "null") return Value();
  if (tag == "int" || tag == "float" || tag == "bool") return ResolvePlain(arena, text);
  return Value::String(text);
}

}  // namespace plumbline::yaml
