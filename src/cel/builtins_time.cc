// Accessors of timestamps (with an optional time zone) and durations.
#include <algorithm>
#include <array>

#include "cel/builtins.h"
#include "cel/time.h"

namespace plumbline::cel {
namespace {

using Args = std::span<const Val>;

constexpr std::int64_t Full(const CivilTime& t) { return t.year; }
constexpr std::int64_t Month(const CivilTime& t) { return t.month - 1; }
constexpr std::int64_t Date(const CivilTime& t) { return t.day; }
constexpr std::int64_t DayOfMonth(const CivilTime& t) { return t.day - 1; }
constexpr std::int64_t DayOfWeek(const CivilTime& t) { return t.weekday; }
constexpr std::int64_t DayOfYear(const CivilTime& t) { return t.year_day; }
constexpr std::int64_t Hour(const CivilTime& t) { return t.hour; }
constexpr std::int64_t Minute(const CivilTime& t) { return t.minute; }
constexpr std::int64_t Second(const CivilTime& t) { return t.second; }

using Part = std::int64_t (*)(const CivilTime&);

Val PartOf(Context& context, Args args, Part part) {
  if (args[0].tag() != Tag::kTimestamp || (args.size() == 2 && args[1].tag() != Tag::kString)) {
    return context.NoOverload("a part of a timestamp", args);
  }
  std::int64_t seconds = args[0].as_int();
  if (args.size() == 2) {
    auto offset = ZoneOffset(args[1].as_string(), seconds);
    if (!offset)
      return context.Error("unknown time zone '" + std::string(args[1].as_string()) + "'");
    seconds += *offset;
  }
  return Val::Int(part(ToCivil(seconds)));
}

template <Part kPart>
Val OfTimestamp(Context& context, Args args) {
  return PartOf(context, args, kPart);
}

/// Hours, minutes and seconds of a duration are the whole of it in that unit.
template <Part kPart, std::int64_t kUnit>
Val OfEither(Context& context, Args args) {
  if (args[0].tag() != Tag::kDuration) return PartOf(context, args, kPart);
  return Val::Int(args[0].as_int() / kUnit);
}

Val Milliseconds(Context& context, Args args) {
  if (args[0].tag() == Tag::kDuration)
    return Val::Int(args[0].as_int() % kNanosPerSecond / 1'000'000);
  if (args[0].tag() != Tag::kTimestamp) return context.NoOverload("getMilliseconds", args);
  return Val::Int(args[0].as_nanos() / 1'000'000);
}

constexpr std::string_view kOne = "T>i Ts>i";
constexpr std::string_view kTwo = "T>i Ts>i D>i";

constexpr auto kBuiltins = std::to_array<Builtin>({
    {"getDate", Style::kMember, NullRule::kNull, kOne, &OfTimestamp<&Date>},
    {"getDayOfMonth", Style::kMember, NullRule::kNull, kOne, &OfTimestamp<&DayOfMonth>},
    {"getDayOfWeek", Style::kMember, NullRule::kNull, kOne, &OfTimestamp<&DayOfWeek>},
    {"getDayOfYear", Style::kMember, NullRule::kNull, kOne, &OfTimestamp<&DayOfYear>},
    {"getFullYear", Style::kMember, NullRule::kNull, kOne, &OfTimestamp<&Full>},
    {"getHours", Style::kMember, NullRule::kNull, kTwo, &OfEither<&Hour, 3600 * kNanosPerSecond>},
    {"getMilliseconds", Style::kMember, NullRule::kNull, kTwo, &Milliseconds},
    {"getMinutes", Style::kMember, NullRule::kNull, kTwo, &OfEither<&Minute, 60 * kNanosPerSecond>},
    {"getMonth", Style::kMember, NullRule::kNull, kOne, &OfTimestamp<&Month>},
    {"getSeconds", Style::kMember, NullRule::kNull, kTwo, &OfEither<&Second, kNanosPerSecond>},
});
static_assert(std::ranges::is_sorted(kBuiltins, {}, &Builtin::name));

}  // namespace

std::span<const Builtin> TimeBuiltins() { return kBuiltins; }

}  // namespace plumbline::cel
