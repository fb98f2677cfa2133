// Go's time package as far as templates reach it: layouts, zones, durations.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumbline::helm {

/// A named zone of the system's database, or a fixed offset.
class Zone {
 public:
  struct Period {
    std::int32_t offset = 0;  // seconds east of UTC
    std::string name;         // "CET"
  };
  Period At(std::int64_t seconds) const;

  static std::shared_ptr<const Zone> Utc();
  static std::shared_ptr<const Zone> Fixed(std::int32_t offset, std::string name);
  /// Null when there is no such zone. "" is UTC, "Local" too.
  static std::shared_ptr<const Zone> Load(std::string_view name);

 private:
  std::vector<Period> kinds_;
  std::vector<std::int64_t> from_;  // when each period begins
  std::vector<std::uint8_t> kind_;
};

struct Time {
  std::int64_t seconds = 0;  // since 1970
  std::int32_t nanos = 0;
  std::shared_ptr<const Zone> zone = Zone::Utc();
};

/// Go's zero time: the year 1.
Time ZeroTime();
/// A date and a time of day in some zone.
struct Calendar {
  std::int64_t year = 0;
  int month = 0, day = 0, hour = 0, minute = 0, second = 0, weekday = 0, yearday = 0;
  Zone::Period zone;
};
Calendar CalendarOf(const Time& t);
std::int64_t DaysFromCivil(std::int64_t year, int month, int day);
bool IsDate(std::int64_t year, int month, int day);

std::string_view MonthName(int month);
std::string_view WeekdayName(int weekday);

/// time.Format.
std::string FormatTime(const Time& t, std::string_view layout);
/// time.ParseInLocation with UTC; nullopt and a message when the text does not fit.
std::optional<Time> ParseTime(std::string_view layout, std::string_view text, std::string* error);

/// "1h2m3s".
std::string FormatDuration(std::int64_t nanos);
/// nullopt for what is no duration.
std::optional<std::int64_t> ParseDuration(std::string_view text);

// --- Layouts ---

enum class Chunk : std::uint8_t {
  kNone,
  kLongMonth,     // January
  kMonth,         // Jan
  kNumMonth,      // 1
  kZeroMonth,     // 01
  kLongWeekday,   // Monday
  kWeekday,       // Mon
  kDay,           // 2
  kUnderDay,      // _2
  kZeroDay,       // 02
  kUnderYearDay,  // __2
  kZeroYearDay,   // 002
  kHour,          // 15
  kHour12,        // 3
  kZeroHour12,    // 03
  kMinute,        // 4
  kZeroMinute,    // 04
  kSecond,        // 5
  kZeroSecond,    // 05
  kLongYear,      // 2006
  kYear,          // 06
  kPm,            // PM
  kpm,            // pm
  kZoneName,      // MST
  kOffset,        // -0700, with seconds, colons or Z by the flags
  kFraction,      // .000 or .999
};

struct LayoutPart {
  std::string_view literal;  // in front of the chunk
  Chunk chunk = Chunk::kNone;
  std::string_view text;  // the chunk as it stands in the layout
};

/// Splits off the next part of a layout.
LayoutPart NextPart(std::string_view& layout);

}  // namespace plumbline::helm
