// Dates: now, date, toDate, duration … `now` is the same moment in every rendering, and the local
// zone is UTC.
#include <algorithm>
#include <array>

#include "helm/functions/common.h"
#include "helm/functions/functions.h"
#include "helm/functions/time.h"

namespace plumbline::helm {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

class TimeObject : public gotmpl::Object {
 public:
  explicit TimeObject(Time t) : time_(std::move(t)) {}

  const Time& time() const { return time_; }
  std::string_view TypeName() const override { return "time.Time"; }
  std::string Print() const override {
    return FormatTime(time_, "2006-01-02 15:04:05.999999999 -0700 MST");
  }
  Value AsJson(Heap& heap) override {
    return heap.String(FormatTime(time_, "2006-01-02T15:04:05.999999999Z07:00"));
  }

  bool Get(Heap& heap, std::string_view name, std::span<const Value> args, Value* out,
           std::string* error) override {
    if (name == "Format") {
      if (args.size() != 1 || !args[0].is_string()) {
        *error = "Format needs one text, the layout";
        return false;
      }
      *out = heap.String(FormatTime(time_, args[0].as_string()));
      return true;
    }
    Calendar c = CalendarOf(time_);
    if (name == "Unix") *out = Value::Int64(time_.seconds);
    if (name == "UnixMilli") *out = Value::Int64(time_.seconds * 1000 + time_.nanos / 1'000'000);
    if (name == "UnixNano") *out = Value::Int64(time_.seconds * kSecond + time_.nanos);
    if (name == "Year") *out = Value::Int(c.year);
    if (name == "Month") *out = heap.String(MonthName(c.month));
    if (name == "Day") *out = Value::Int(c.day);
    if (name == "Hour") *out = Value::Int(c.hour);
    if (name == "Minute") *out = Value::Int(c.minute);
    if (name == "Second") *out = Value::Int(c.second);
    if (name == "Nanosecond") *out = Value::Int(time_.nanos);
    if (name == "YearDay") *out = Value::Int(c.yearday);
    if (name == "Weekday") *out = heap.String(WeekdayName(c.weekday));
    if (name == "String") *out = heap.String(Print());
    if (name == "IsZero") *out = Value::Bool(time_.seconds == ZeroTime().seconds);
    if (name == "UTC" || name == "Local") {
      Time utc = time_;
      utc.zone = Zone::Utc();
      *out = heap.MakeObject<TimeObject>(std::move(utc));
    }
    return !out->is_invalid();
  }

 private:
  Time time_;
};

const Time& TimeOf(Value v) { return static_cast<TimeObject&>(v.object()).time(); }
bool IsTime(Value v) { return v.kind() == Kind::kObject && v.object().TypeName() == "time.Time"; }

bool ReturnTime(Call& call, Time t) {
  return call.Return(call.heap.MakeObject<TimeObject>(std::move(t)));
}

Time NowOf(Call& call) {
  auto* context = static_cast<const FunctionContext*>(call.executor.context);
  Time t;
  t.seconds = context != nullptr ? context->now : FunctionContext::kDefaultNow;
  return t;
}

bool Now(Call& call) { return ReturnTime(call, NowOf(call)); }

// What `date` takes for a moment: a time or seconds; anything else is now.
Time Moment(Call& call, Value v) {
  if (IsTime(v)) return TimeOf(v);
  Time t = NowOf(call);
  if (v.kind() == Kind::kInt || v.kind() == Kind::kInt64) t.seconds = v.as_int();
  return t;
}

bool ReturnDate(Call& call, std::string_view layout, Value moment, std::string_view zone) {
  // Beyond this the calendar leaves what 64 bits of seconds can say of years.
  constexpr std::int64_t kFar = std::int64_t{1} << 55;
  Time t = Moment(call, moment);
  t.seconds = std::clamp(t.seconds, -kFar, kFar);
  auto loaded = Zone::Load(zone);
  t.zone = loaded != nullptr ? loaded : Zone::Utc();
  return ReturnText(call, FormatTime(t, layout));
}

bool Date(Call& call) { return ReturnDate(call, call.Text(0), call.args[1], "Local"); }
bool DateInZone(Call& call) { return ReturnDate(call, call.Text(0), call.args[1], call.Text(2)); }
bool HtmlDate(Call& call) { return ReturnDate(call, "2006-01-02", call.args[0], "Local"); }
bool HtmlDateInZone(Call& call) {
  return ReturnDate(call, "2006-01-02", call.args[0], call.Text(1));
}

Time Moved(Time t, std::int64_t nanos) {
  std::int64_t sum = t.nanos + nanos % kSecond;
  t.seconds += nanos / kSecond;
  if (sum < 0) {
    sum += kSecond;
    --t.seconds;
  } else if (sum >= kSecond) {
    sum -= kSecond;
    ++t.seconds;
  }
  t.nanos = static_cast<std::int32_t>(sum);
  return t;
}

bool DateModify(Call& call) {
  auto nanos = ParseDuration(call.Text(0));
  if (!nanos) return call.Return(call.args[1]);
  return ReturnTime(call, Moved(TimeOf(call.args[1]), *nanos));
}

bool MustDateModify(Call& call) {
  auto nanos = ParseDuration(call.Text(0));
  if (!nanos)
    return call.Fail(fmt::format("time: invalid duration {}", gotmpl::Quote(call.Text(0))));
  return ReturnTime(call, Moved(TimeOf(call.args[1]), *nanos));
}

std::int64_t Saturated(__int128 nanos) {
  return static_cast<std::int64_t>(std::clamp<__int128>(
      nanos, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()));
}

std::int64_t Since(Call& call, const Time& t) {
  Time now = NowOf(call);
  return Saturated((static_cast<__int128>(now.seconds) - t.seconds) * kSecond + now.nanos -
                   t.nanos);
}

bool Ago(Call& call) {
  std::int64_t nanos = Since(call, Moment(call, call.args[0]));
  std::int64_t rest = nanos % kSecond;
  nanos -= rest;
  if (rest >= kSecond / 2) nanos += kSecond;
  if (rest <= -kSecond / 2) nanos -= kSecond;
  return call.Return(FormatDuration(nanos));
}

bool Duration(Call& call) {
  Value v = call.args[0];
  std::int64_t seconds = 0;
  if (v.is_string()) {
    bool out_of_range = false;
    auto n = ParseInt(v.as_string(), 10, &out_of_range);
    bool negative = v.as_string().starts_with('-');
    seconds = n              ? *n
              : out_of_range ? (negative ? std::numeric_limits<std::int64_t>::min()
                                         : std::numeric_limits<std::int64_t>::max())
                             : 0;
  } else if (v.kind() == Kind::kInt64) {
    seconds = v.as_int();
  }
  auto wrapped = static_cast<std::uint64_t>(seconds) * static_cast<std::uint64_t>(kSecond);
  return call.Return(FormatDuration(static_cast<std::int64_t>(wrapped)));
}

// The largest unit alone.
bool DurationRound(Call& call) {
  Value v = call.args[0];
  std::int64_t nanos = 0;
  if (v.is_string()) {
    nanos = ParseDuration(v.as_string()).value_or(0);
  } else if (v.kind() == Kind::kInt64) {
    nanos = v.as_int();
  } else if (IsTime(v)) {
    nanos = Since(call, TimeOf(v));
  }
  auto u = nanos < 0 ? ~static_cast<std::uint64_t>(nanos) + 1 : static_cast<std::uint64_t>(nanos);
  constexpr std::uint64_t kHour = 3600 * static_cast<std::uint64_t>(kSecond);
  constexpr std::pair<std::uint64_t, std::string_view> kUnits[] = {
      {kHour * 24 * 365, "y"}, {kHour * 24 * 30, "mo"}, {kHour * 24, "d"}, {kHour, "h"},
      {kHour / 60, "m"},       {kHour / 3600, "s"}};
  for (const auto& [unit, letters] : kUnits) {
    if (u > unit) return call.Return(fmt::format("{}{}", u / unit, letters));
  }
  return call.Return(Value::String("0s"));
}

bool ToDate(Call& call) {
  std::string error;
  auto t = ParseTime(call.Text(0), call.Text(1), &error);
  return ReturnTime(call, t ? *t : ZeroTime());
}

bool MustToDate(Call& call) {
  std::string error;
  auto t = ParseTime(call.Text(0), call.Text(1), &error);
  return t ? ReturnTime(call, *t) : call.Fail(std::move(error));
}

bool UnixEpoch(Call& call) { return call.Return(std::to_string(TimeOf(call.args[0]).seconds)); }

constexpr auto kFunctions = std::to_array<Function>({
    {"ago", "v", Ago},
    {"date", "sv", Date},
    {"dateInZone", "svs", DateInZone},
    {"dateModify", "st", DateModify},
    {"date_in_zone", "svs", DateInZone},
    {"date_modify", "st", DateModify},
    {"duration", "v", Duration},
    {"durationRound", "v", DurationRound},
    {"htmlDate", "v", HtmlDate},
    {"htmlDateInZone", "vs", HtmlDateInZone},
    {"mustDateModify", "st", MustDateModify},
    {"mustToDate", "ss", MustToDate},
    {"must_date_modify", "st", MustDateModify},
    {"now", "", Now},
    {"toDate", "ss", ToDate},
    {"unixEpoch", "t", UnixEpoch},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

Value MakeTime(Heap& heap, Time t) { return heap.MakeObject<TimeObject>(std::move(t)); }

std::span<const Function> DateFunctions() { return kFunctions; }

}  // namespace plumbline::helm
