// Calendar arithmetic on the proleptic Gregorian calendar, by days since 1970, in eras of 400 years
// that begin in March.
#include "cel/time.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace plumbline::cel {
namespace {

/// Digits at the start, exactly `count`; -1 when they are not there.
int TakeDigits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return -1;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool Take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

bool IsLeap(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int DaysInMonth(std::int64_t year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && IsLeap(year) ? 29 : kDays[month - 1];
}

std::int64_t FloorDiv(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

/// ".123" as nanoseconds; more than nine digits are cut.
bool TakeFraction(std::string_view& text, std::uint32_t& nanos) {
  nanos = 0;
  if (!Take(text, '.')) return true;
  std::size_t n = 0;
  while (n < text.size() && text[n] >= '0' && text[n] <= '9') ++n;
  std::uint32_t scale = 100'000'000;
  for (std::size_t i = 0; i < n; ++i, scale /= 10)
    nanos += static_cast<std::uint32_t>(text[i] - '0') * scale;
  text.remove_prefix(n);
  return n > 0;
}

/// "+02:00" or "-02:30"; also without a sign when `unsigned_too`.
std::optional<std::int64_t> TakeOffset(std::string_view& text, bool unsigned_too) {
  bool minus = text.starts_with('-');
  if (!minus && !text.starts_with('+') && !unsigned_too) return std::nullopt;
  if (minus || text.starts_with('+')) text.remove_prefix(1);
  int hours = TakeDigits(text, 2);
  if (hours < 0 || hours > 23 || !Take(text, ':')) return std::nullopt;
  int minutes = TakeDigits(text, 2);
  if (minutes < 0 || minutes > 59) return std::nullopt;
  std::int64_t seconds = hours * 3600 + minutes * 60;
  return minus ? -seconds : seconds;
}

std::string Fraction(std::uint32_t nanos) {
  if (nanos == 0) return {};
  std::string digits = fmt::format(".{:09}", nanos);
  while (digits.back() == '0') digits.pop_back();
  return digits;
}

double UnitNanos(std::string_view& text) {
  struct Unit {
    std::string_view name;
    double nanos;
  };
  constexpr Unit kUnits[] = {{"ns", 1},   {"us", 1e3}, {"\u00B5s", 1e3}, {"\u03BCs", 1e3},
                             {"ms", 1e6}, {"s", 1e9},  {"m", 60e9},      {"h", 3600e9}};
  for (const Unit& unit : kUnits) {
    if (text.starts_with(unit.name)) {
      text.remove_prefix(unit.name.size());
      return unit.nanos;
    }
  }
  return 0;
}

}  // namespace

std::int64_t DaysFromCivil(std::int64_t year, int month, int day) {
  year -= month <= 2;
  std::int64_t era = FloorDiv(year, 400);
  std::int64_t year_of_era = year - era * 400;
  std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         719468;
}

CivilTime ToCivil(std::int64_t seconds) {
  std::int64_t days = FloorDiv(seconds, 86400);
  std::int64_t rest = seconds - days * 86400;
  std::int64_t z = days + 719468;
  std::int64_t era = FloorDiv(z, 146097);
  std::int64_t doe = z - era * 146097;
  std::int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  std::int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  std::int64_t mp = (5 * doy + 2) / 153;
  CivilTime out;
  out.day = static_cast<int>(doy - (153 * mp + 2) / 5 + 1);
  out.month = static_cast<int>(mp < 10 ? mp + 3 : mp - 9);
  out.year = yoe + era * 400 + (out.month <= 2);
  out.hour = static_cast<int>(rest / 3600);
  out.minute = static_cast<int>(rest / 60 % 60);
  out.second = static_cast<int>(rest % 60);
  out.weekday = static_cast<int>(((days % 7) + 11) % 7);
  out.year_day = static_cast<int>(days - DaysFromCivil(out.year, 1, 1));
  return out;
}

bool InTimestampRange(std::int64_t seconds) {
  return seconds >= kMinTimestamp && seconds <= kMaxTimestamp;
}

std::optional<std::int64_t> ParseDuration(std::string_view text) {
  bool minus = text.starts_with('-');
  if (minus || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return 0;
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  while (!text.empty()) {
    std::uint64_t whole = 0;
    auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), whole);
    bool digits = end != text.data();
    if (digits && (ec != std::errc() || whole > INT64_MAX)) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    std::uint32_t fraction = 0;
    bool dot = text.starts_with('.');
    if (dot && !TakeFraction(text, fraction) && !digits) return std::nullopt;
    if (!digits && !dot) return std::nullopt;
    double unit = UnitNanos(text);
    if (unit == 0) return std::nullopt;
    std::int64_t part = 0;
    auto rest = static_cast<std::int64_t>(std::llround(fraction * (unit / 1e9)));
    if (__builtin_mul_overflow(static_cast<std::int64_t>(whole), static_cast<std::int64_t>(unit),
                               &part) ||
        __builtin_add_overflow(total, part, &total) ||
        __builtin_add_overflow(total, rest, &total)) {
      return std::nullopt;
    }
  }
  return minus ? -total : total;
}

std::string DurationText(std::int64_t nanos) {
  std::uint64_t size =
      nanos < 0 ? ~static_cast<std::uint64_t>(nanos) + 1 : static_cast<std::uint64_t>(nanos);
  auto fraction = Fraction(static_cast<std::uint32_t>(size % kNanosPerSecond));
  return fmt::format("{}{}{}s", nanos < 0 ? "-" : "", size / kNanosPerSecond, fraction);
}

std::optional<Instant> ParseTimestamp(std::string_view text) {
  int year = TakeDigits(text, 4);
  if (year < 1 || !Take(text, '-')) return std::nullopt;
  int month = TakeDigits(text, 2);
  if (month < 1 || month > 12 || !Take(text, '-')) return std::nullopt;
  int day = TakeDigits(text, 2);
  if (day < 1 || day > DaysInMonth(year, month)) return std::nullopt;
  if (!Take(text, 'T') && !Take(text, 't')) return std::nullopt;
  int hour = TakeDigits(text, 2);
  if (hour < 0 || hour > 23 || !Take(text, ':')) return std::nullopt;
  int minute = TakeDigits(text, 2);
  if (minute < 0 || minute > 59 || !Take(text, ':')) return std::nullopt;
  int second = TakeDigits(text, 2);
  Instant out;
  if (second < 0 || second > 59 || !TakeFraction(text, out.nanos)) return std::nullopt;
  std::int64_t offset = 0;
  if (!Take(text, 'Z') && !Take(text, 'z')) {
    auto given = TakeOffset(text, false);
    if (!given) return std::nullopt;
    offset = *given;
  }
  out.seconds =
      DaysFromCivil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset;
  return text.empty() && InTimestampRange(out.seconds) ? std::optional(out) : std::nullopt;
}

std::string TimestampText(std::int64_t seconds, std::uint32_t nanos) {
  CivilTime t = ToCivil(seconds);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}Z", t.year, t.month, t.day, t.hour,
                     t.minute, t.second, Fraction(nanos));
}

std::optional<std::int64_t> ZoneOffset(std::string_view zone, std::int64_t seconds) {
  if (zone.empty() || zone == "UTC" || zone == "Z") return 0;
  std::string_view rest = zone;
  if (auto fixed = TakeOffset(rest, true); fixed && rest.empty()) return fixed;
  return NamedZoneOffset(zone, seconds);
}

}  // namespace plumbline::cel
