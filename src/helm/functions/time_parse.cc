// time.Parse: a text by a layout.
#include <fmt/format.h>

#include <algorithm>

#include "gotmpl/utf8.h"
#include "helm/functions/time.h"

namespace plumbline::helm {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::ranges::equal(a, b, [](char x, char y) {
           auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c | 0x20 : c; };
           return lower(x) == lower(y);
         });
}

class Parser {
 public:
  Parser(std::string_view layout, std::string_view text)
      : layout_(layout), rest_layout_(layout), text_(text), s_(text) {}

  std::optional<Time> Run(std::string* error) {
    while (true) {
      LayoutPart part = NextPart(rest_layout_);
      std::string_view before = s_;
      if (!Skip(part.literal)) return Refuse(error, part.literal, before);
      if (part.chunk == Chunk::kNone) {
        if (!s_.empty()) return Extra(error);
        break;
      }
      before = s_;
      if (!Read(part)) return Refuse(error, part.text, before);
      if (!range_.empty()) return Message(error, fmt::format(": {} out of range", range_));
    }
    return Finish(error);
  }

 private:
  // Quoted as the time package does: what is not plain ASCII as bytes in hexadecimal.
  static std::string Quoted(std::string_view text) {
    std::string out = "\"";
    for (char c : text) {
      auto byte = static_cast<unsigned char>(c);
      if (byte >= 0x80 || byte < 0x20) {
        out += fmt::format("\\x{:02x}", byte);
        continue;
      }
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    return out + '"';
  }

  std::optional<Time> Message(std::string* error, std::string_view message) {
    *error = fmt::format("parsing time {}{}", Quoted(text_), message);
    return std::nullopt;
  }
  std::optional<Time> Extra(std::string* error) {
    return Message(error, fmt::format(": extra text: {}", Quoted(s_)));
  }
  std::optional<Time> Refuse(std::string* error, std::string_view part, std::string_view at) {
    return Message(error, fmt::format(" as {}: cannot parse {} as {}", Quoted(layout_), Quoted(at),
                                      Quoted(part)));
  }

  bool Skip(std::string_view literal) {
    while (!literal.empty()) {
      if (literal[0] == ' ') {
        if (!s_.empty() && s_[0] != ' ') return false;
        TrimBlanks(literal);
        TrimBlanks(s_);
        continue;
      }
      if (s_.empty() || s_[0] != literal[0]) return false;
      literal.remove_prefix(1);
      s_.remove_prefix(1);
    }
    return true;
  }
  static void TrimBlanks(std::string_view& s) {
    while (s.starts_with(' ')) s.remove_prefix(1);
  }

  bool Digits(std::size_t least, std::size_t most, int* out) {
    std::size_t n = 0;
    *out = 0;
    for (; n < most && n < s_.size() && IsDigit(s_[n]); ++n) *out = *out * 10 + (s_[n] - '0');
    s_.remove_prefix(n);
    return n >= least;
  }

  bool Bounded(int value, int least, int most, std::string_view what) {
    if (value < least || value > most) range_ = what;
    return true;
  }

  template <typename Name>
  bool Named(int count, std::size_t length, Name name, int* out) {
    for (int i = 0; i < count; ++i) {
      std::string_view word = name(i);
      if (length > 0) word = word.substr(0, length);
      if (!EqualsIgnoringCase(s_.substr(0, word.size()), word)) continue;
      s_.remove_prefix(word.size());
      *out = i;
      return true;
    }
    return false;
  }

  bool Read(const LayoutPart& part) {
    auto month = [](int i) { return MonthName(i + 1); };
    int ignored = 0;
    switch (part.chunk) {
      case Chunk::kNone:
        return true;
      case Chunk::kYear: {
        int y = 0;
        if (!Digits(2, 2, &y)) return false;
        year_ = y >= 69 ? 1900 + y : 2000 + y;
        return true;
      }
      case Chunk::kLongYear:
        return Digits(4, 4, &year_);
      case Chunk::kMonth:
      case Chunk::kLongMonth:
        if (!Named(12, part.chunk == Chunk::kMonth ? 3 : 0, month, &month_)) return false;
        ++month_;
        return true;
      case Chunk::kNumMonth:
      case Chunk::kZeroMonth:
        return Digits(part.chunk == Chunk::kZeroMonth ? 2 : 1, 2, &month_) &&
               Bounded(month_, 1, 12, "month");
      case Chunk::kWeekday:
      case Chunk::kLongWeekday:
        return Named(7, part.chunk == Chunk::kWeekday ? 3 : 0, WeekdayName, &ignored);
      case Chunk::kDay:
      case Chunk::kUnderDay:
      case Chunk::kZeroDay:
        if (part.chunk == Chunk::kUnderDay && s_.starts_with(' ')) s_.remove_prefix(1);
        return Digits(part.chunk == Chunk::kZeroDay ? 2 : 1, 2, &day_);
      case Chunk::kUnderYearDay:
      case Chunk::kZeroYearDay:
        while (part.chunk == Chunk::kUnderYearDay && s_.starts_with(' ')) s_.remove_prefix(1);
        return Digits(1, 3, &yearday_);
      default:
        return ReadClock(part);
    }
  }

  bool ReadClock(const LayoutPart& part) {
    switch (part.chunk) {
      case Chunk::kHour:
        return Digits(1, 2, &hour_) && Bounded(hour_, 0, 23, "hour");
      case Chunk::kHour12:
      case Chunk::kZeroHour12:
        return Digits(part.chunk == Chunk::kZeroHour12 ? 2 : 1, 2, &hour_) &&
               Bounded(hour_, 0, 12, "hour");
      case Chunk::kMinute:
      case Chunk::kZeroMinute:
        return Digits(part.chunk == Chunk::kZeroMinute ? 2 : 1, 2, &minute_) &&
               Bounded(minute_, 0, 59, "minute");
      case Chunk::kSecond:
      case Chunk::kZeroSecond:
        if (!Digits(part.chunk == Chunk::kZeroSecond ? 2 : 1, 2, &second_)) return false;
        Bounded(second_, 0, 59, "second");
        return TakeFraction();
      case Chunk::kPm:
      case Chunk::kpm: {
        bool upper = part.chunk == Chunk::kPm;
        pm_ = s_.starts_with(upper ? "PM" : "pm");
        am_ = s_.starts_with(upper ? "AM" : "am");
        if (!pm_ && !am_) return false;
        s_.remove_prefix(2);
        return true;
      }
      case Chunk::kOffset:
        return ReadOffset(part.text);
      case Chunk::kZoneName:
        return ReadZoneName();
      case Chunk::kFraction:
        return ReadFraction(part.text);
      default:
        return false;
    }
  }

  bool ReadFraction(std::string_view form) {
    if (form[1] == '9' && (s_.size() < 2 || (s_[0] != '.' && s_[0] != ',') || !IsDigit(s_[1])))
      return true;
    if (s_.empty() || (s_[0] != '.' && s_[0] != ',')) return false;
    s_.remove_prefix(1);
    std::size_t n = 0;
    while (n < s_.size() && IsDigit(s_[n])) ++n;
    if (form[1] == '0') {
      if (n < form.size() - 1) return false;
      n = form.size() - 1;
    }
    SetNanos(s_.substr(0, n));
    s_.remove_prefix(n);
    return n > 0;
  }

  // A fraction may follow seconds though the layout has none.
  bool TakeFraction() {
    if (s_.size() < 2 || (s_[0] != '.' && s_[0] != ',') || !IsDigit(s_[1])) return true;
    std::string_view rest = rest_layout_;
    LayoutPart next = NextPart(rest);
    if (next.chunk == Chunk::kFraction && next.literal.empty()) return true;
    std::size_t n = 1;
    while (n < s_.size() && IsDigit(s_[n])) ++n;
    SetNanos(s_.substr(1, n - 1));
    s_.remove_prefix(n);
    return true;
  }

  void SetNanos(std::string_view digits) {
    nanos_ = 0;
    for (std::size_t i = 0; i < 9; ++i)
      nanos_ = nanos_ * 10 + (i < digits.size() ? digits[i] - '0' : 0);
  }

  bool ReadOffset(std::string_view form) {
    if (form[0] == 'Z' && s_.starts_with('Z')) {
      s_.remove_prefix(1);
      offset_ = 0;
      return true;
    }
    if (s_.empty() || (s_[0] != '+' && s_[0] != '-')) return false;
    int sign = s_[0] == '-' ? -1 : 1, total = 0, factor = 3600;
    s_.remove_prefix(1);
    std::size_t digits = 0;
    for (std::size_t i = 1; i < form.size(); ++i) {
      if (form[i] == ':') {
        if (!s_.starts_with(':')) return false;
        s_.remove_prefix(1);
        continue;
      }
      if (digits++ % 2 != 0) continue;
      int n = 0;
      if (!Digits(2, 2, &n)) return false;
      if (n > (factor == 3600 ? 24 : 60)) range_ = "time zone offset";
      total += n * factor;
      factor /= 60;
    }
    offset_ = sign * total;
    return true;
  }

  // Three to five capitals, GMT with hours, or an offset.
  bool ReadZoneName() {
    if (s_.starts_with("UTC")) {
      s_.remove_prefix(3);
      offset_ = 0;
      return true;
    }
    std::size_t n = 0;
    while (n < s_.size() && n < 6 && s_[n] >= 'A' && s_[n] <= 'Z') ++n;
    if (n < 3 || n > 5 || (n == 5 && s_[4] != 'T') || (n == 4 && s_[3] != 'T')) return false;
    zone_name_ = s_.substr(0, n);
    s_.remove_prefix(n);
    return true;
  }

  std::optional<Time> Finish(std::string* error) {
    if (pm_ && hour_ < 12) hour_ += 12;
    if (am_ && hour_ == 12) hour_ = 0;
    if (yearday_ >= 0) {
      bool leap = IsDate(year_, 2, 29);
      if (yearday_ < 1 || yearday_ > (leap ? 366 : 365))
        return Message(error, ": day-of-year out of range");
    }
    int month = month_ < 0 ? 1 : month_, day = day_ < 0 ? 1 : day_;
    if (!IsDate(year_, month, day)) return Message(error, ": day out of range");
    Time t;
    std::int64_t days = DaysFromCivil(year_, month, day);
    if (yearday_ >= 0 && month_ < 0) days = DaysFromCivil(year_, 1, 1) + yearday_ - 1;
    t.seconds = days * 86400 + hour_ * 3600 + minute_ * 60 + second_;
    t.nanos = nanos_;
    if (offset_) {
      t.seconds -= *offset_;
      if (*offset_ != 0) t.zone = Zone::Fixed(*offset_, zone_name_);
    } else if (!zone_name_.empty()) {
      t.zone = Zone::Fixed(0, zone_name_);
    }
    return t;
  }

  std::string_view layout_, rest_layout_, text_, s_;
  std::string range_, zone_name_;
  int year_ = 0, month_ = -1, day_ = -1, yearday_ = -1;
  int hour_ = 0, minute_ = 0, second_ = 0;
  std::int32_t nanos_ = 0;
  bool pm_ = false, am_ = false;
  std::optional<int> offset_;
};

}  // namespace

std::optional<Time> ParseTime(std::string_view layout, std::string_view text, std::string* error) {
  return Parser(layout, text).Run(error);
}

}  // namespace plumbline::helm
