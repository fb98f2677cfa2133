// What go-yaml takes a plain scalar for, and its order of keys.
#include <algorithm>
#include <array>

#include "helm/functions/common.h"
#include "helm/functions/yaml_write.h"

namespace plumbline::helm {
namespace {

constexpr auto kWords = std::to_array<std::string_view>({
    "+.INF", "+.Inf", "+.inf", "-.INF", "-.Inf", "-.inf", ".INF", ".Inf", ".NAN",  ".NaN",
    ".inf",  ".nan",  "FALSE", "False", "N",     "NO",    "NULL", "No",   "Null",  "OFF",
    "ON",    "Off",   "On",    "TRUE",  "True",  "Y",     "YES",  "Yes",  "false", "n",
    "no",    "null",  "off",   "on",    "true",  "y",     "yes",  "~",
});
static_assert(std::ranges::is_sorted(kWords));

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

class Scanner {
 public:
  explicit Scanner(std::string_view s) : s_(s) {}
  bool Take(char c) {
    if (!s_.starts_with(c)) return false;
    s_.remove_prefix(1);
    return true;
  }
  /// Between `least` and `most` digits; -1 otherwise.
  int Number(std::size_t least, std::size_t most) {
    std::size_t n = 0;
    int value = 0;
    for (; n < most && n < s_.size() && IsDigit(s_[n]); ++n) value = value * 10 + (s_[n] - '0');
    s_.remove_prefix(n);
    return n >= least ? value : -1;
  }
  std::size_t Digits() {
    std::size_t n = 0;
    while (n < s_.size() && IsDigit(s_[n])) ++n;
    s_.remove_prefix(n);
    return n;
  }
  bool AtEnd() const { return s_.empty(); }

 private:
  std::string_view s_;
};

bool IsDay(int year, int month, int day) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month >= 1 && month <= 12 && day >= 1 && day <= kDays[month - 1] + (month == 2 && leap);
}

bool InRange(int n, int end) { return n >= 0 && n < end; }

bool IsOffset(Scanner& in) {
  if (in.Take('Z')) return true;
  if (!in.Take('+') && !in.Take('-')) return false;
  int hours = in.Number(2, 2);
  return in.Take(':') && InRange(hours, 25) && InRange(in.Number(2, 2), 60);
}

// [-+]? (.digits | digits [. digits*]) ([eE] [-+]? digits)?
bool LooksLikeFloat(std::string_view s) {
  Scanner in(s);
  if (!in.Take('-')) in.Take('+');
  if (in.Take('.')) {
    if (in.Digits() == 0) return false;
  } else {
    if (in.Digits() == 0) return false;
    if (in.Take('.')) in.Digits();
  }
  if (in.Take('e') || in.Take('E')) {
    if (!in.Take('-')) in.Take('+');
    if (in.Digits() == 0) return false;
  }
  return in.AtEnd();
}

bool IsNumber(std::string_view text) {
  if (text[0] == '.') return ParseFloat(text).has_value();
  std::string plain(text);
  std::erase(plain, '_');
  if (plain.empty()) return false;
  if (ParseInt(plain, 0)) return true;
  bool too_big = false;
  ParseInt(plain, 0, &too_big);
  if (too_big && plain[0] != '-' && plain[0] != '+') {
    // Between int64 and uint64 it is still an integer; beyond, digits make a float.
    bool hex = plain.size() > 1 && (plain[1] | 0x20) == 'x';
    if (hex && plain.size() <= 18) return true;
  }
  return LooksLikeFloat(plain) && ParseFloat(plain).has_value();
}

// Digits, colons and sixtieths, which YAML 1.1 reads as a number of base 60.
bool IsBase60(std::string_view s) {
  if (s.starts_with('-') || s.starts_with('+')) s.remove_prefix(1);
  if (s.empty() || !IsDigit(s[0])) return false;
  std::size_t i = 1;
  while (i < s.size() && (IsDigit(s[i]) || s[i] == '_')) ++i;
  std::size_t groups = 0;
  while (i < s.size() && s[i] == ':') {
    std::size_t digits = i + 1;
    while (digits < s.size() && IsDigit(s[digits])) ++digits;
    std::size_t n = digits - i - 1;
    if (n == 0 || n > 2 || (n == 2 && s[i + 1] > '5')) return false;
    i = digits;
    ++groups;
  }
  if (groups == 0) return false;
  if (i < s.size() && s[i] == '.')
    return s.find_first_not_of("0123456789_", i + 1) == std::string_view::npos;
  return i == s.size();
}

}  // namespace

bool IsTimestamp(std::string_view text) {
  Scanner in(text);
  int year = in.Number(4, 4);
  if (year < 0 || !in.Take('-')) return false;
  int month = in.Number(1, 2);
  if (!in.Take('-')) return false;
  int day = in.Number(1, 2);
  if (month < 0 || day < 0 || !IsDay(year, month, day)) return false;
  if (in.AtEnd()) return true;
  bool zoned = in.Take('T') || in.Take('t');
  if (!zoned && !in.Take(' ')) return false;
  if (!InRange(in.Number(1, 2), 24) || !in.Take(':') || !InRange(in.Number(1, 2), 60) ||
      !in.Take(':') || !InRange(in.Number(1, 2), 60))
    return false;
  if ((in.Take('.') || in.Take(',')) && in.Digits() == 0) return false;
  return (!zoned || IsOffset(in)) && in.AtEnd();
}

bool ReadsAsOther(std::string_view text) {
  if (text.empty()) return true;
  if (text.size() <= 5 && std::ranges::binary_search(kWords, text)) return true;
  char c = text[0];
  if (!IsDigit(c) && c != '-' && c != '+' && c != '.') return false;
  return IsNumber(text) || IsTimestamp(text) || IsBase60(text);
}

bool NaturallyLess(std::string_view a, std::string_view b) {
  std::u32string x = Runes(a), y = Runes(b);
  auto is_digit = [](char32_t r) { return gotmpl::IsLetterOrDigit(r) && !gotmpl::IsLetter(r); };
  for (std::size_t i = 0; i < x.size() && i < y.size(); ++i) {
    if (x[i] == y[i]) continue;
    bool letter_x = gotmpl::IsLetter(x[i]), letter_y = gotmpl::IsLetter(y[i]);
    if (letter_x && letter_y) return x[i] < y[i];
    if (letter_x || letter_y) return letter_y;
    std::uint64_t m = 0, n = 0;
    if (x[i] == '0' || y[i] == '0') {
      // Zeros inside a number count as digits, leading ones do not.
      for (std::size_t j = i; j > 0 && is_digit(x[j - 1]); --j) {
        if (x[j - 1] != '0') {
          m = n = 1;
          break;
        }
      }
    }
    std::size_t end_x = i, end_y = i;
    for (; end_x < x.size() && is_digit(x[end_x]); ++end_x) m = m * 10 + (x[end_x] - '0');
    for (; end_y < y.size() && is_digit(y[end_y]); ++end_y) n = n * 10 + (y[end_y] - '0');
    if (m != n) return static_cast<std::int64_t>(m) < static_cast<std::int64_t>(n);
    if (end_x != end_y) return end_x < end_y;
    return x[i] < y[i];
  }
  return x.size() < y.size();
}

}  // namespace plumbline::helm
