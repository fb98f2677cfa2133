#include "helm/functions/time.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

namespace plumbline::helm {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> kWeekdays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                       "Thursday", "Friday", "Saturday"};

constexpr std::size_t kMaxZoneBytes = 1 << 20;

/// Nothing that leaves the database's folder.
bool IsZoneName(std::string_view name) {
  if (name.size() > 64 || name.find("..") != std::string_view::npos || name.starts_with('/'))
    return false;
  return std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '_' || c == '-' || c == '+';
  });
}

std::string ReadZoneFile(std::string_view name) {
  std::string path = "/usr/share/zoneinfo/" + std::string(name);
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                       &std::fclose);
  if (!file) return {};
  std::string out(kMaxZoneBytes, '\0');
  out.resize(std::fread(out.data(), 1, out.size(), file.get()));
  return out;
}

std::int64_t BigEndian(std::string_view data, std::size_t at, std::size_t size) {
  if (at + size > data.size()) return 0;
  bool negative = (static_cast<unsigned char>(data[at]) & 0x80) != 0;
  std::uint64_t value = negative ? ~std::uint64_t{0} : 0;
  for (std::size_t i = 0; i < size; ++i)
    value = value << 8 | static_cast<unsigned char>(data[at + i]);
  return static_cast<std::int64_t>(value);
}

std::string OffsetText(std::int32_t offset, std::string_view form) {
  bool colon = form.find(':') != std::string_view::npos;
  std::string out(1, offset < 0 ? '-' : '+');
  std::int32_t size = std::abs(offset);
  out += fmt::format("{:02}", size / 3600);
  std::size_t digits = 0;
  for (char c : form) digits += c >= '0' && c <= '9' ? 1 : 0;
  if (digits >= 4) out += fmt::format("{}{:02}", colon ? ":" : "", size / 60 % 60);
  if (digits >= 6) out += fmt::format("{}{:02}", colon ? ":" : "", size % 60);
  return out;
}

std::string FractionText(std::int32_t nanos, std::string_view form) {
  std::string digits = fmt::format("{:09}", nanos).substr(0, form.size() - 1);
  if (form[1] == '9') {
    while (digits.ends_with('0')) digits.pop_back();
    if (digits.empty()) return {};
  }
  return form[0] + digits;
}

std::string ChunkText(const LayoutPart& part, const Calendar& c, std::int32_t nanos) {
  int hour12 = c.hour % 12 == 0 ? 12 : c.hour % 12;
  switch (part.chunk) {
    case Chunk::kNone:
      return {};
    case Chunk::kLongMonth:
      return std::string(MonthName(c.month));
    case Chunk::kMonth:
      return std::string(MonthName(c.month).substr(0, 3));
    case Chunk::kNumMonth:
      return std::to_string(c.month);
    case Chunk::kZeroMonth:
      return fmt::format("{:02}", c.month);
    case Chunk::kLongWeekday:
      return std::string(WeekdayName(c.weekday));
    case Chunk::kWeekday:
      return std::string(WeekdayName(c.weekday).substr(0, 3));
    case Chunk::kDay:
      return std::to_string(c.day);
    case Chunk::kUnderDay:
      return fmt::format("{:2}", c.day);
    case Chunk::kZeroDay:
      return fmt::format("{:02}", c.day);
    case Chunk::kUnderYearDay:
      return fmt::format("{:3}", c.yearday);
    case Chunk::kZeroYearDay:
      return fmt::format("{:03}", c.yearday);
    case Chunk::kHour:
      return fmt::format("{:02}", c.hour);
    case Chunk::kHour12:
      return std::to_string(hour12);
    case Chunk::kZeroHour12:
      return fmt::format("{:02}", hour12);
    case Chunk::kMinute:
      return std::to_string(c.minute);
    case Chunk::kZeroMinute:
      return fmt::format("{:02}", c.minute);
    case Chunk::kSecond:
      return std::to_string(c.second);
    case Chunk::kZeroSecond:
      return fmt::format("{:02}", c.second);
    case Chunk::kLongYear:
      return c.year < 0 ? fmt::format("-{:04}", -c.year) : fmt::format("{:04}", c.year);
    case Chunk::kYear:
      return fmt::format("{:02}", std::abs(c.year) % 100);
    case Chunk::kPm:
      return c.hour >= 12 ? "PM" : "AM";
    case Chunk::kpm:
      return c.hour >= 12 ? "pm" : "am";
    case Chunk::kZoneName:
      if (!c.zone.name.empty()) return c.zone.name;
      return OffsetText(c.zone.offset, "-0700");
    case Chunk::kOffset:
      if (part.text[0] == 'Z' && c.zone.offset == 0) return "Z";
      return OffsetText(c.zone.offset, part.text);
    case Chunk::kFraction:
      return FractionText(nanos, part.text);
  }
  return {};
}

}  // namespace

std::string_view MonthName(int month) { return kMonths[static_cast<std::size_t>(month - 1)]; }
std::string_view WeekdayName(int day) { return kWeekdays[static_cast<std::size_t>(day)]; }

Zone::Period Zone::At(std::int64_t seconds) const {
  auto next = std::ranges::upper_bound(from_, seconds);
  if (next == from_.begin()) return kinds_[0];
  return kinds_[kind_[static_cast<std::size_t>(next - from_.begin() - 1)]];
}

std::shared_ptr<const Zone> Zone::Utc() { return Fixed(0, "UTC"); }

std::shared_ptr<const Zone> Zone::Fixed(std::int32_t offset, std::string name) {
  auto zone = std::make_shared<Zone>();
  zone->kinds_.push_back({offset, std::move(name)});
  return zone;
}

std::shared_ptr<const Zone> Zone::Load(std::string_view name) {
  if (name.empty() || name == "UTC" || name == "Local") return Utc();
  if (!IsZoneName(name)) return nullptr;
  std::string file = ReadZoneFile(name);
  std::string_view data = file;
  constexpr std::size_t kHeader = 44;
  if (data.size() < kHeader || !data.starts_with("TZif") || data[4] < '2') return nullptr;
  auto count = [&](std::size_t i) {
    return static_cast<std::size_t>(BigEndian(data, 20 + 4 * i, 4));
  };
  // The first block has 32-bit times and is skipped.
  std::size_t skip =
      kHeader + count(3) * 5 + count(4) * 6 + count(5) + count(2) * 8 + count(1) + count(0);
  if (skip + kHeader > data.size()) return nullptr;
  data.remove_prefix(skip);
  std::size_t times = count(3), types = count(4), chars = count(5);
  if (types == 0 || kHeader + times * 9 + types * 6 + chars > data.size()) return nullptr;
  auto zone = std::make_shared<Zone>();
  std::size_t at = kHeader;
  for (std::size_t i = 0; i < times; ++i) {
    zone->from_.push_back(BigEndian(data, at + 8 * i, 8));
    auto kind = static_cast<std::uint8_t>(data[at + 8 * times + i]);
    zone->kind_.push_back(std::min(kind, static_cast<std::uint8_t>(types - 1)));
  }
  at += times * 9;
  std::string_view names = data.substr(at + types * 6, chars);
  for (std::size_t i = 0; i < types; ++i, at += 6) {
    auto first = std::min<std::size_t>(static_cast<unsigned char>(data[at + 5]), names.size());
    std::string_view kind_name = names.substr(first);
    kind_name = kind_name.substr(0, kind_name.find('\0'));
    auto offset = static_cast<std::int32_t>(BigEndian(data, at, 4));
    zone->kinds_.push_back({offset, std::string(kind_name)});
  }
  return zone;
}

std::int64_t DaysFromCivil(std::int64_t y, int m, int d) {
  y -= m <= 2;
  std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  std::int64_t yoe = y - era * 400, doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

bool IsDate(std::int64_t y, int m, int d) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
  return m >= 1 && m <= 12 && d >= 1 && d <= kDays[m - 1] + (m == 2 && leap ? 1 : 0);
}

Time ZeroTime() { return {DaysFromCivil(1, 1, 1) * 86400, 0, Zone::Utc()}; }

Calendar CalendarOf(const Time& t) {
  Calendar c;
  c.zone = t.zone->At(t.seconds);
  std::int64_t local = t.seconds + c.zone.offset;
  std::int64_t days = local / 86400, rest = local % 86400;
  if (rest < 0) {
    rest += 86400;
    --days;
  }
  std::int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097, doe = z - era * 146097;
  std::int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  std::int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
  c.day = static_cast<int>(doy - (153 * mp + 2) / 5 + 1);
  c.month = static_cast<int>(mp < 10 ? mp + 3 : mp - 9);
  c.year = yoe + era * 400 + (c.month <= 2 ? 1 : 0);
  c.hour = static_cast<int>(rest / 3600);
  c.minute = static_cast<int>(rest / 60 % 60);
  c.second = static_cast<int>(rest % 60);
  c.weekday = static_cast<int>(((days + 4) % 7 + 7) % 7);
  c.yearday = static_cast<int>(days - DaysFromCivil(c.year, 1, 1) + 1);
  return c;
}

std::string FormatTime(const Time& t, std::string_view layout) {
  Calendar c = CalendarOf(t);
  std::string out;
  while (!layout.empty()) {
    LayoutPart part = NextPart(layout);
    out += part.literal;
    out += ChunkText(part, c, t.nanos);
  }
  return out;
}

// --- Durations ---

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

// Nanoseconds of a unit; 0 when it is none.
std::int64_t UnitNanos(std::string_view unit) {
  if (unit == "ns") return 1;
  if (unit == "us" || unit == "\xC2\xB5s" || unit == "\xCE\xBCs") return 1'000;
  if (unit == "ms") return 1'000'000;
  if (unit == "s") return kSecond;
  if (unit == "m") return 60 * kSecond;
  if (unit == "h") return 3600 * kSecond;
  return 0;
}

// A number below 1000 units with its fraction, without zeros at the end.
std::string Fractional(std::uint64_t whole, std::uint64_t rest, int digits) {
  if (rest == 0) return std::to_string(whole);
  std::string fraction = fmt::format("{:0{}}", rest, digits);
  while (fraction.ends_with('0')) fraction.pop_back();
  return fmt::format("{}.{}", whole, fraction);
}

}  // namespace

std::string FormatDuration(std::int64_t nanos) {
  if (nanos == 0) return "0s";
  auto u = nanos < 0 ? ~static_cast<std::uint64_t>(nanos) + 1 : static_cast<std::uint64_t>(nanos);
  std::string out = nanos < 0 ? "-" : "";
  if (u < 1'000) return out + fmt::format("{}ns", u);
  if (u < 1'000'000) return out + Fractional(u / 1'000, u % 1'000, 3) + "\xC2\xB5s";
  if (u < 1'000'000'000) return out + Fractional(u / 1'000'000, u % 1'000'000, 6) + "ms";
  std::uint64_t seconds = u / 1'000'000'000;
  std::string tail = Fractional(seconds % 60, u % 1'000'000'000, 9) + "s";
  if (seconds >= 3600) out += fmt::format("{}h", seconds / 3600);
  if (seconds >= 60) out += fmt::format("{}m", seconds / 60 % 60);
  return out + tail;
}

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
    auto unit_end = std::min(s.find_first_of("0123456789."), s.size());
    std::int64_t unit = UnitNanos(s.substr(0, unit_end));
    s.remove_prefix(unit_end);
    auto point = std::min(number.find('.'), number.size());
    std::string_view whole = number.substr(0, point);
    std::string_view fraction = number.substr(std::min(point + 1, number.size()));
    if (unit == 0 || (whole.empty() && fraction.empty()) || whole.size() > 19 ||
        fraction.find('.') != std::string_view::npos)
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
    if (total > static_cast<__int128>(INT64_MAX) + (negative ? 1 : 0)) return std::nullopt;
  }
  return static_cast<std::int64_t>(negative ? -total : total);
}

}  // namespace plumbline::helm
