// Durations and timestamps: text forms, calendar arithmetic, time zones.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plumbline::cel {

inline constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
inline constexpr std::int64_t kMinTimestamp = -62'135'596'800;  // 0001-01-01T00:00:00Z
inline constexpr std::int64_t kMaxTimestamp = 253'402'300'799;  // 9999-12-31T23:59:59Z

struct Instant {
  std::int64_t seconds = 0;  // since 1970
  std::uint32_t nanos = 0;
};

/// A moment on the wall clock of some zone.
struct CivilTime {
  std::int64_t year = 1970;
  int month = 1, day = 1, hour = 0, minute = 0, second = 0;
  int weekday = 4;   // 0: Sunday
  int year_day = 0;  // 0: 1 January
};

/// "1h30m", "-1.5s", "100ms": Go's form. Nothing when it is none or beyond 64-bit nanoseconds.
std::optional<std::int64_t> ParseDuration(std::string_view text);
/// "5400s", "0.5s": the form of protocol buffers' JSON.
std::string DurationText(std::int64_t nanos);
/// RFC 3339; nothing when it is none or out of the years 1 to 9999.
std::optional<Instant> ParseTimestamp(std::string_view text);
std::string TimestampText(std::int64_t seconds, std::uint32_t nanos);
bool InTimestampRange(std::int64_t seconds);

std::int64_t DaysFromCivil(std::int64_t year, int month, int day);
CivilTime ToCivil(std::int64_t seconds_in_zone);
/// Offset from UTC in seconds of the zone at that moment: "UTC", "+02:00", "-02:30", "02:00", or a
/// name of the system's time zone database such as "Europe/Berlin". Nothing when the zone is
/// unknown.
std::optional<std::int64_t> ZoneOffset(std::string_view zone, std::int64_t seconds);
/// The same for a name of the database only (zone.cc).
std::optional<std::int64_t> NamedZoneOffset(std::string_view zone, std::int64_t seconds);

}  // namespace plumbline::cel
