// Dates: RFC 3339 timestamps in the proleptic Gregorian calendar, as Go reads and writes them.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "terraform/functions/registry.h"

namespace plumbline::terraform::functions {
namespace {

struct Time {
  std::int64_t seconds = 0;  // since 1970-01-01T00:00:00 UTC
  std::int64_t nanos = 0;
  std::int32_t offset = 0;  // seconds east of UTC
};

struct Fields {
  std::int64_t year = 0;
  int month = 0, day = 0, hour = 0, minute = 0, second = 0, weekday = 0;
};

std::int64_t DaysFromCivil(std::int64_t y, int m, int d) {
  y -= m <= 2;
  std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  std::int64_t yoe = y - era * 400, doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

Fields Local(const Time& t) {
  std::int64_t local = t.seconds + t.offset;
  std::int64_t days = local / 86400, rest = local % 86400;
  if (rest < 0) {
    rest += 86400;
    --days;
  }
  std::int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097, doe = z - era * 146097;
  std::int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365,
               doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  std::int64_t mp = (5 * doy + 2) / 153;
  Fields f;
  f.day = static_cast<int>(doy - (153 * mp + 2) / 5 + 1);
  f.month = static_cast<int>(mp < 10 ? mp + 3 : mp - 9);
  f.year = yoe + era * 400 + (f.month <= 2);
  f.hour = static_cast<int>(rest / 3600);
  f.minute = static_cast<int>(rest / 60 % 60);
  f.second = static_cast<int>(rest % 60);
  f.weekday = static_cast<int>(((days + 4) % 7 + 7) % 7);
  return f;
}

bool ValidDay(std::int64_t y, std::int64_t m, std::int64_t d) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
  return m >= 1 && m <= 12 && d >= 1 && d <= kDays[m - 1] + (m == 2 && leap);
}

class TimeReader {
 public:
  explicit TimeReader(std::string_view s) : s_(s) {}

  /// Between `least` and `most` digits.
  bool Number(std::size_t least, std::size_t most, std::int64_t& out) {
    std::size_t n = 0;
    out = 0;
    for (; n < most && n < s_.size() && s_[n] >= '0' && s_[n] <= '9'; ++n)
      out = out * 10 + (s_[n] - '0');
    s_.remove_prefix(n);
    return n >= least;
  }
  bool Take(char c) {
    if (!s_.starts_with(c)) return false;
    s_.remove_prefix(1);
    return true;
  }
  bool TakeAny(std::string_view set) {
    return !s_.empty() && set.find(s_[0]) != std::string_view::npos && Take(s_[0]);
  }
  bool empty() const { return s_.empty(); }

  /// ".123" to nanoseconds; more digits are dropped.
  bool Fraction(std::int64_t& nanos) {
    nanos = 0;
    std::size_t n = 0;
    std::int64_t scale = 100'000'000;
    for (; n < s_.size() && s_[n] >= '0' && s_[n] <= '9'; ++n, scale /= 10)
      nanos += scale * (s_[n] - '0');
    s_.remove_prefix(n);
    return n > 0;
  }

  bool Offset(std::int32_t& offset) {
    if (Take('Z')) {
      offset = 0;
      return true;
    }
    int sign = s_.starts_with('-') ? -1 : 1;
    std::int64_t h = 0, m = 0;
    if (!TakeAny("+-") || !Number(2, 2, h) || !Take(':') || !Number(2, 2, m) || h > 24 || m > 59)
      return false;
    offset = static_cast<std::int32_t>(sign * (h * 3600 + m * 60));
    return true;
  }

 private:
  std::string_view s_;
};

/// What is taken for a time. kRfc3339: two digits each and nothing else. kLenient: also a comma in
/// front of the fraction and an offset of 24 hours, which timecmp() lets pass. kYaml: YAML's forms.
enum class TimeForm : std::uint8_t { kRfc3339, kLenient, kYaml };

std::optional<Time> ParseTime(std::string_view text, TimeForm form) {
  constexpr std::int32_t kDay = 86400;
  bool strict = form != TimeForm::kYaml;
  TimeReader in(text);
  std::size_t least = strict ? 2 : 1;
  std::int64_t y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0;
  Time t;
  if (!in.Number(4, 4, y) || !in.Take('-') || !in.Number(least, 2, mo) || !in.Take('-') ||
      !in.Number(least, 2, d))
    return std::nullopt;
  if (!ValidDay(y, mo, d)) return std::nullopt;
  bool blank = false;
  if (!(in.empty() && !strict)) {
    bool separator = strict ? in.Take('T') : in.TakeAny("Tt") || (blank = in.Take(' '));
    if (!separator || !in.Number(least, 2, h) || !in.Take(':') || !in.Number(least, 2, mi) ||
        !in.Take(':') || !in.Number(least, 2, s)) {
      return std::nullopt;
    }
    if (h > 23 || mi > 59 || s > 59) return std::nullopt;
    if (in.TakeAny(form == TimeForm::kRfc3339 ? "." : ".,") && !in.Fraction(t.nanos))
      return std::nullopt;
    // YAML's form with a blank has no zone.
    if (!blank && !in.Offset(t.offset)) return std::nullopt;
    if (!in.empty()) return std::nullopt;
    if (form == TimeForm::kRfc3339 && std::abs(t.offset) >= kDay) return std::nullopt;
  }
  t.seconds = DaysFromCivil(y, static_cast<int>(mo), static_cast<int>(d)) * 86400 + h * 3600 +
              mi * 60 + s - t.offset;
  return t;
}

std::string OffsetText(std::int32_t offset, std::string_view colon) {
  int minutes = std::abs(offset) / 60;
  return fmt::format("{}{:02}{}{:02}", offset < 0 ? '-' : '+', minutes / 60, colon, minutes % 60);
}

std::string FormatRfc3339(const Time& t) {
  Fields f = Local(t);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}", f.year, f.month, f.day, f.hour,
                     f.minute, f.second, t.offset == 0 ? "Z" : OffsetText(t.offset, ":"));
}

Result<Time> TimeArg(Call& call, std::size_t i, TimeForm form = TimeForm::kRfc3339) {
  std::string_view s = call.args[i].as_string();
  if (auto t = ParseTime(s, form)) return *t;
  return Fail(
      fmt::format("{}() needs an RFC 3339 timestamp such as 2026-01-02T15:04:05Z, but got \"{}\"",
                  call.name, s));
}

constexpr std::string_view kMonths[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
constexpr std::string_view kWeekdays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                          "Thursday", "Friday", "Saturday"};

// One or two digits by the length of the verb.
std::optional<std::string> Digits(std::size_t length, std::int64_t n) {
  if (length == 1) return fmt::format("{}", n);
  if (length == 2) return fmt::format("{:02}", n);
  return std::nullopt;
}

std::optional<std::string> FormatZone(std::size_t length, const Time& t) {
  switch (length) {
    case 1:
      return t.offset == 0 ? "Z" : OffsetText(t.offset, ":");
    case 3:
      return t.offset == 0 ? "UTC" : OffsetText(t.offset, "");
    case 4:
      return OffsetText(t.offset, "");
    case 5:
      return OffsetText(t.offset, ":");
    default:
      return std::nullopt;
  }
}

std::optional<std::string> FormatVerb(std::string_view verb, const Time& t, const Fields& f) {
  std::size_t n = verb.size();
  switch (verb[0]) {
    case 'Y':
      return n == 2   ? std::optional(fmt::format("{:02}", f.year % 100))
             : n == 4 ? std::optional(fmt::format("{:04}", f.year))
                      : std::nullopt;
    case 'M': {
      auto name = kMonths[f.month - 1];
      if (n == 3 || n == 4) return std::string(n == 3 ? name.substr(0, 3) : name);
      return Digits(n, f.month);
    }
    case 'D':
      return Digits(n, f.day);
    case 'E': {
      auto name = kWeekdays[f.weekday];
      if (n != 3 && n != 4) return std::nullopt;
      return std::string(n == 3 ? name.substr(0, 3) : name);
    }
    case 'h':
      return Digits(n, f.hour);
    case 'H':
      return Digits(n, f.hour % 12 == 0 ? 12 : f.hour % 12);
    case 'A':
      return n == 2 ? std::optional<std::string>(f.hour < 12 ? "AM" : "PM") : std::nullopt;
    case 'a':
      return n == 2 ? std::optional<std::string>(f.hour < 12 ? "am" : "pm") : std::nullopt;
    case 'm':
      return Digits(n, f.minute);
    case 's':
      return Digits(n, f.second);
    case 'Z':
      return FormatZone(n, t);
    default:
      return std::nullopt;
  }
}

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Quoted text at the start of the format and its length; two quotes stand for one, also alone.
std::optional<std::string> TakeQuoted(std::string_view format, std::size_t& length) {
  if (format.starts_with("''")) {
    length = 2;
    return "'";
  }
  std::string out;
  for (std::size_t n = 1; n < format.size(); ++n) {
    if (format[n] != '\'') {
      out += format[n];
      continue;
    }
    bool twice = format.substr(n, 2) == "''";
    length = n + 1 + twice;
    if (!twice) return out;
    out += format[n++];
    if (length == format.size()) return out;
  }
  return std::nullopt;
}

Result<Value> FormatDate(Call& call) {
  PL_TRY(Time t, TimeArg(call, 1));
  Fields f = Local(t);
  std::string_view format = call.args[0].as_string();
  std::string out;
  while (!format.empty()) {
    std::size_t n = 1;
    if (format[0] == '\'') {
      auto literal = TakeQuoted(format, n);
      if (!literal) return Fail("formatdate() got a format with a quote that is not closed");
      out += *literal;
    } else if (IsLetter(format[0])) {
      while (n < format.size() && format[n] == format[0]) ++n;
      auto text = FormatVerb(format.substr(0, n), t, f);
      if (!text)
        return Fail(fmt::format("formatdate() does not know the verb \"{}\"", format.substr(0, n)));
      out += *text;
    } else {
      out += format[0];
    }
    format.remove_prefix(n);
  }
  return Text(call, out);
}

Result<Value> PlanTimestamp(Call& call) {
  if (call.context.timestamp.empty())
    return MakeUnknown(call.arena, StringType(), "plantimestamp() is the time of the plan");
  return Text(call, call.context.timestamp);
}

Result<Value> Timestamp(Call& call) {
  UnknownInfo info;
  info.type = StringType();
  info.not_null = true;
  info.cause =
      call.arena.New<Cause>(std::string_view("timestamp() is the time of the apply"), Span{});
  return MakeUnknown(call.arena, info);
}

// Nanoseconds of a unit; 0 when it is none.
std::int64_t UnitNanos(std::string_view unit) {
  if (unit == "ns") return 1;
  if (unit == "us" || unit == "\xC2\xB5s" || unit == "\xCE\xBCs") return 1'000;
  if (unit == "ms") return 1'000'000;
  if (unit == "s") return 1'000'000'000;
  if (unit == "m") return 60'000'000'000;
  if (unit == "h") return 3'600'000'000'000;
  return 0;
}

// Go's durations: "1h30m", "-1.5h", "300ms", "0".
std::optional<std::int64_t> ParseDuration(std::string_view s) {
  bool negative = s.starts_with('-');
  if (negative || s.starts_with('+')) s.remove_prefix(1);
  if (s == "0") return 0;
  if (s.empty()) return std::nullopt;
  __int128 total = 0;
  while (!s.empty()) {
    auto end = std::min(s.find_first_not_of("0123456789."), s.size());
    std::string_view number = s.substr(0, end);
    s.remove_prefix(end);
    auto unit_end = std::min(s.find_first_of("0123456789.+-"), s.size());
    std::int64_t unit = UnitNanos(s.substr(0, unit_end));
    s.remove_prefix(unit_end);
    auto point = std::min(number.find('.'), number.size());
    std::string_view whole = number.substr(0, point),
                     fraction = number.substr(std::min(point + 1, number.size()));
    if (unit == 0 || (whole.empty() && fraction.empty()) ||
        fraction.find('.') != std::string_view::npos || whole.size() > 19)
      return std::nullopt;
    __int128 n = 0;
    for (char c : whole) n = n * 10 + (c - '0');
    total += n * unit;
    double part = 0, scale = 1;
    for (char c : fraction.substr(0, 18)) {
      part = part * 10 + (c - '0');
      scale *= 10;
    }
    total += static_cast<std::int64_t>(part * (static_cast<double>(unit) / scale));
    if (total > INT64_MAX) return std::nullopt;
  }
  return static_cast<std::int64_t>(negative ? -total : total);
}

Result<Value> TimeAdd(Call& call) {
  PL_TRY(Time t, TimeArg(call, 0));
  std::string_view text = call.args[1].as_string();
  auto nanos = ParseDuration(text);
  if (!nanos)
    return Fail(fmt::format("timeadd() needs a duration such as \"1h30m\", but got \"{}\"", text));
  constexpr std::int64_t kSecond = 1'000'000'000;
  std::int64_t sum = t.nanos + *nanos % kSecond;
  t.seconds += *nanos / kSecond;
  if (sum < 0) --t.seconds;
  if (sum >= kSecond) ++t.seconds;
  return Text(call, FormatRfc3339(t));
}

Result<Value> TimeCmp(Call& call) {
  PL_TRY(Time a, TimeArg(call, 0, TimeForm::kLenient));
  PL_TRY(Time b, TimeArg(call, 1, TimeForm::kLenient));
  auto x = std::pair(a.seconds, a.nanos), y = std::pair(b.seconds, b.nanos);
  return Value::Int(x < y ? -1 : x > y ? 1 : 0);
}

using enum Accepts;

constexpr auto kFunctions = std::to_array<Function>({
    {"formatdate", {{{kString}, {kString}}}, {}, Returns::kString, &FormatDate},
    {"plantimestamp", {}, {}, Returns::kString, &PlanTimestamp},
    {"timeadd", {{{kString}, {kString}}}, {}, Returns::kString, &TimeAdd},
    {"timecmp", {{{kString}, {kString}}}, {}, Returns::kNumber, &TimeCmp},
    {"timestamp", {}, {}, Returns::kString, &Timestamp},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

std::optional<std::string> YamlTimestamp(std::string_view text) {
  auto t = ParseTime(text, TimeForm::kYaml);
  return t ? std::optional(FormatRfc3339(*t)) : std::nullopt;
}

std::span<const Function> DatetimeFunctions() { return kFunctions; }

}  // namespace plumbline::terraform::functions
