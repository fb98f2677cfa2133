#include "gotmpl/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "gotmpl/utf8.h"

namespace plumbline::gotmpl {
namespace {

constexpr int kMaxWidth = 1'000'000;  // as Go has it
constexpr int kShortestLimit =
    6;  // exponents from here on are written, where no precision is given

struct Flags {
  bool plus = false, minus = false, sharp = false, space = false, zero = false;
  int width = -1, precision = -1;
};

// The digits and exponent of the shortest text that reads back as `d` (finite, positive).
struct Digits {
  std::string text;  // without a point
  int exponent = 0;  // of the first digit: d.ddd × 10^exponent
};

Digits Shortest(double d) {
  char buffer[64];
  auto [end, error] =
      std::to_chars(buffer, buffer + sizeof buffer, d, std::chars_format::scientific);
  Digits out;
  char* e = std::find(buffer, end, 'e');
  for (char* p = buffer; p != e; ++p) {
    if (*p != '.') out.text += *p;
  }
  std::from_chars(e[1] == '+' ? e + 2 : e + 1, end, out.exponent);
  while (out.text.size() > 1 && out.text.back() == '0') out.text.pop_back();
  return out;
}

Digits Rounded(double d, int significant) {
  std::string text = fmt::format("{:.{}e}", d, std::max(significant - 1, 0));
  Digits out;
  std::size_t e = text.find('e');
  for (char c : text.substr(0, e)) {
    if (c != '.') out.text += c;
  }
  out.exponent = std::atoi(text.c_str() + e + 1);
  return out;
}

std::string Scientific(const Digits& d, char e) {
  std::string out(1, d.text[0]);
  if (d.text.size() > 1) out += "." + d.text.substr(1);
  int x = d.exponent;
  out += e;
  out += x < 0 ? '-' : '+';
  x = std::abs(x);
  if (x < 10) out += '0';
  return out + std::to_string(x);
}

std::string Plain(const Digits& d) {
  std::string out;
  if (d.exponent < 0) {
    out = "0." + std::string(static_cast<std::size_t>(-d.exponent - 1), '0') + d.text;
    return out;
  }
  auto whole = static_cast<std::size_t>(d.exponent) + 1;
  if (d.text.size() <= whole) return d.text + std::string(whole - d.text.size(), '0');
  return d.text.substr(0, whole) + "." + d.text.substr(whole);
}

std::string NotFinite(double d) {
  if (std::isnan(d)) return "NaN";
  return d > 0 ? "+Inf" : "-Inf";
}

// %v of a float.
std::string PrintFloat(double d) {
  if (!std::isfinite(d)) return NotFinite(d);
  if (d == 0) return std::signbit(d) ? "-0" : "0";
  Digits digits = Shortest(std::abs(d));
  std::string sign = d < 0 ? "-" : "";
  bool scientific = digits.exponent < -4 || digits.exponent >= kShortestLimit;
  return sign + (scientific ? Scientific(digits, 'e') : Plain(digits));
}

class Printer {
 public:
  explicit Printer(std::string& out) : out_(out) {}

  void Write(Value v, char verb, const Flags& f, int depth) {
    if (depth > kMaxValueDepth || out_.size() > kMaxPrinted) return;
    // With %v a plus asks for field names, which nothing here has.
    if (verb == 'v' && f.plus) {
      Flags without = f;
      without.plus = false;
      return Write(v, verb, without, depth);
    }
    if (verb == 'T') return Pad(TypeName(v), f);
    if (verb == 'p') return Bad(verb, v, f);
    switch (v.kind()) {
      case Kind::kInvalid:
      case Kind::kNil:
        if (verb == 'v') return Pad("<nil>", f);
        return Bad(verb, v, f);
      case Kind::kBool:
        if (verb != 't' && verb != 'v') return Bad(verb, v, f);
        return Pad(v.as_int() != 0 ? "true" : "false", f);
      case Kind::kInt:
      case Kind::kInt64:
        return Integer(v, verb, f, v.as_int() < 0, Magnitude(v.as_int()));
      case Kind::kUint64:
        return Integer(v, verb, f, false, static_cast<std::uint64_t>(v.as_int()));
      case Kind::kFloat64:
        return Float(v, verb, f);
      case Kind::kString:
        return String(v, v.as_string(), verb, f);
      case Kind::kList:
        return WriteList(v, verb, f, depth);
      case Kind::kMap:
        return WriteMap(v, verb, f, depth);
      case Kind::kObject:
        return String(v, depth > 0 ? v.object().PrintInside() : v.object().Print(), verb, f);
      case Kind::kComplex:
        return WriteComplex(v, verb, f);
    }
  }

  void Pad(std::string_view text, const Flags& f) {
    std::size_t n = RuneCount(text);
    std::size_t missing = f.width > 0 && static_cast<std::size_t>(f.width) > n
                              ? static_cast<std::size_t>(f.width) - n
                              : 0;
    if (f.minus) {
      out_ += text;
      out_.append(missing, ' ');
    } else {
      out_.append(missing, f.zero ? '0' : ' ');
      out_ += text;
    }
  }

 private:
  static std::uint64_t Magnitude(std::int64_t i) {
    return i < 0 ? 0 - static_cast<std::uint64_t>(i) : static_cast<std::uint64_t>(i);
  }

  void Bad(char verb, Value v, const Flags& f) {
    out_ += "%!";
    out_ += verb;
    out_ += '(';
    if (v.is_nil()) {
      out_ += "<nil>";
    } else {
      out_ += TypeName(v) + "=";
      Write(v, 'v', f, 0);
    }
    out_ += ')';
  }

  void Integer(Value v, char verb, const Flags& f, bool negative, std::uint64_t n) {
    int base = 10;
    std::string prefix;
    bool upper = false;
    switch (verb) {
      case 'v':
      case 'd':
        break;
      case 'b':
        base = 2;
        if (f.sharp) prefix = "0b";
        break;
      case 'o':
      case 'O':
        base = 8;
        if (f.sharp) prefix = "0";
        if (verb == 'O') prefix = "0o";
        break;
      case 'X':
        upper = true;
        [[fallthrough]];
      case 'x':
        base = 16;
        if (f.sharp) prefix = upper ? "0X" : "0x";
        break;
      case 'c':
      case 'q':
      case 'U':
        return Rune(verb, f, negative ? 0xFFFD : n > 0x10FFFF ? 0xFFFD : static_cast<char32_t>(n));
      default:
        return Bad(verb, v, f);
    }
    char buffer[72];
    auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, n, base);
    std::string digits(buffer, end);
    if (upper)
      for (char& c : digits) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    if (f.precision == 0 && n == 0) digits.clear();
    std::string sign = negative ? "-" : f.plus ? "+" : f.space ? " " : "";
    std::size_t wanted = f.precision > 0 ? static_cast<std::size_t>(f.precision) : 0;
    Flags pad = f;
    if (f.precision >= 0) {
      pad.zero = false;
    } else if (f.zero && !f.minus && f.width > 0) {
      std::size_t taken = sign.size() + prefix.size();
      wanted =
          static_cast<std::size_t>(f.width) > taken ? static_cast<std::size_t>(f.width) - taken : 0;
    }
    if (digits.size() < wanted) digits.insert(0, wanted - digits.size(), '0');
    pad.zero = false;
    Pad(sign + prefix + digits, pad);
  }

  void Rune(char verb, const Flags& f, char32_t rune) {
    std::string text;
    AppendUtf8(text, rune);
    if (verb == 'q') {
      std::string quoted = Quote(text, f.plus);
      quoted.front() = quoted.back() = '\'';
      if (rune == '\'') quoted = "'\\''";
      if (rune == '"') quoted = "'\"'";
      return Pad(quoted, f);
    }
    if (verb == 'U') {
      std::string code = fmt::format("U+{:04X}", static_cast<std::uint32_t>(rune));
      if (f.sharp) code += " '" + text + "'";
      return Pad(code, f);
    }
    Pad(text, f);
  }

  // Both parts in the verb's form, the second one always with its sign.
  void WriteComplex(Value v, char verb, const Flags& f) {
    constexpr std::string_view kVerbs = "vbgGxXfFeE";
    if (kVerbs.find(verb) == std::string_view::npos) return Bad(verb, v, f);
    Flags second = f;
    second.plus = true;
    out_ += '(';
    Float(Value::Float(v.complex().real), verb, f);
    Float(Value::Float(v.complex().imaginary), verb, second);
    out_ += "i)";
  }

  void Float(Value v, char verb, const Flags& f) {
    double d = v.as_float();
    std::string text;
    switch (verb) {
      case 'v':
        text = f.precision >= 0 ? FormatFloat(d, 'g', f.precision) : PrintFloat(d);
        break;
      case 'e':
      case 'E':
      case 'f':
      case 'F':
        text = FormatFloat(d, verb == 'F' ? 'f' : verb, f.precision < 0 ? 6 : f.precision);
        break;
      case 'g':
      case 'G':
        text = f.precision < 0 ? PrintFloat(d) : FormatFloat(d, verb, f.precision);
        if (verb == 'G' && f.precision < 0)
          for (char& c : text) c = c == 'e' ? 'E' : c;
        break;
      default:
        return Bad(verb, v, f);
    }
    if (text[0] != '-' && text[0] != '+') {
      if (f.plus) {
        text = "+" + text;
      } else if (f.space) {
        text = " " + text;
      }
    } else if (text[0] == '+' && !f.plus) {
      // +Inf always shows its sign.
    }
    Flags pad = f;
    if (!std::isfinite(d)) pad.zero = false;
    bool is_signed = text[0] == '-' || text[0] == '+' || text[0] == ' ';
    if (pad.zero && !pad.minus && is_signed && f.width > static_cast<int>(text.size())) {
      text.insert(1, static_cast<std::size_t>(f.width) - text.size(), '0');
    }
    Pad(text, pad);
  }

  void String(Value v, std::string_view text, char verb, const Flags& f) {
    std::string cut;
    if (f.precision >= 0 && (verb == 's' || verb == 'v' || verb == 'q')) {
      std::string_view rest = text;
      std::size_t bytes = 0, width = 0;
      for (int i = 0; i < f.precision && !rest.empty(); ++i) {
        DecodeUtf8(rest, &width);
        rest.remove_prefix(width);
        bytes += width;
      }
      text = text.substr(0, bytes);
    }
    switch (verb) {
      case 'v':
        if (f.sharp) return Pad(Quote(text), f);
        return Pad(text, f);
      case 's':
        return Pad(text, f);
      case 'q':
        if (f.sharp && text.find('`') == std::string_view::npos && IsRaw(text))
          return Pad("`" + std::string(text) + "`", f);
        return Pad(Quote(text, f.plus), f);
      case 'x':
      case 'X':
        return Pad(Hex(text, verb == 'X', f), f);
      default:
        return Bad(verb, v, f);
    }
  }

  static bool IsRaw(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
      return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
    });
  }

  static std::string Hex(std::string_view text, bool upper, const Flags& f) {
    std::string out;
    std::size_t n = f.precision >= 0
                        ? std::min<std::size_t>(text.size(), static_cast<std::size_t>(f.precision))
                        : text.size();
    for (std::size_t i = 0; i < n; ++i) {
      if (f.space && i > 0) out += ' ';
      if (f.sharp && (f.space || i == 0)) out += upper ? "0X" : "0x";
      auto byte = static_cast<unsigned char>(text[i]);
      out += upper ? fmt::format("{:02X}", byte) : fmt::format("{:02x}", byte);
    }
    return out;
  }

  void WriteList(Value v, char verb, const Flags& f, int depth) {
    const List& list = v.list();
    if (list.element == Element::kByte &&
        (verb == 's' || verb == 'q' || verb == 'x' || verb == 'X')) {
      std::string bytes;
      for (Value b : list.items) bytes += static_cast<char>(b.as_int());
      return String(v, bytes, verb, f);
    }
    if (f.sharp && verb == 'v') {
      out_ += TypeName(v) + "{";
      Join(list, verb, f, depth, ", ");
      out_ += '}';
      return;
    }
    out_ += '[';
    Join(list, verb, f, depth, " ");
    out_ += ']';
  }

  void Join(const List& list, char verb, const Flags& f, int depth, std::string_view between) {
    for (std::size_t i = 0; i < list.items.size(); ++i) {
      if (i > 0) out_ += between;
      Inner(list.items[i], verb, f, depth);
    }
  }

  // A nil inside of something is <nil> whatever the verb.
  void Inner(Value v, char verb, const Flags& f, int depth) {
    if (v.is_nil()) {
      if (f.sharp && verb == 'v') {
        out_ += "interface {}(nil)";
      } else {
        out_ += "<nil>";
      }
      return;
    }
    Write(v, verb, f, depth + 1);
  }

  void WriteMap(Value v, char verb, const Flags& f, int depth) {
    bool syntax = f.sharp && verb == 'v';
    out_ += syntax ? TypeName(v) + "{" : "map[";
    bool first = true;
    for (const Entry& e : v.map().entries()) {
      if (!first) out_ += syntax ? ", " : " ";
      first = false;
      Write(Value::String(e.key), verb, f, depth + 1);
      out_ += ':';
      Inner(e.value, verb, f, depth);
    }
    out_ += syntax ? '}' : ']';
  }

  std::string& out_;
};

/// Reads one directive after another.
class Formatter {
 public:
  Formatter(std::string_view format, std::span<const Value> values)
      : format_(format), values_(values) {}

  std::string Run() {
    while (at_ < format_.size() && out_.size() <= kMaxPrinted) {
      std::size_t percent = std::min(format_.find('%', at_), format_.size());
      out_.append(format_.substr(at_, percent - at_));
      at_ = percent + 1;
      if (percent < format_.size()) Directive();
    }
    if (!reordered_ && next_ < values_.size()) Extra();
    return std::move(out_);
  }

 private:
  void Directive() {
    Flags f;
    good_index_ = true;
    ReadFlags(f);
    bool after_index = ArgumentIndex();
    if (at_ < format_.size() && format_[at_] == '*') {
      ++at_;
      if (!FromArgument(&f.width)) out_ += "%!(BADWIDTH)";
      if (f.width < -1) {
        f.minus = true;
        f.width = -f.width;
        f.zero = false;
      }
      after_index = false;
    } else {
      bool has = Number(&f.width);
      if (after_index && has) good_index_ = false;
    }
    if (at_ + 1 <= format_.size() && at_ < format_.size() && format_[at_] == '.') {
      ++at_;
      if (after_index) good_index_ = false;
      after_index = ArgumentIndex();
      if (at_ < format_.size() && format_[at_] == '*') {
        ++at_;
        if (!FromArgument(&f.precision)) out_ += "%!(BADPREC)";
        if (f.precision < 0) f.precision = -1;
        after_index = false;
      } else if (!Number(&f.precision)) {
        f.precision = 0;
      }
    }
    if (!after_index) ArgumentIndex();
    if (at_ >= format_.size()) {
      out_ += "%!(NOVERB)";
      return;
    }
    Verb(f);
  }

  void Verb(Flags f) {
    std::size_t width = 0;
    char32_t rune = DecodeUtf8(format_.substr(at_), &width);
    std::string_view text = format_.substr(at_, width);
    at_ += width;
    if (rune == '%') {
      out_ += '%';
    } else if (!good_index_) {
      out_ += fmt::format("%!{}(BADINDEX)", text);
    } else if (next_ >= values_.size()) {
      out_ += fmt::format("%!{}(MISSING)", text);
    } else {
      if (f.minus) f.zero = false;
      Printer(out_).Write(values_[next_++], rune < 0x80 ? static_cast<char>(rune) : '?', f, 0);
    }
  }

  void ReadFlags(Flags& f) {
    for (; at_ < format_.size(); ++at_) {
      switch (format_[at_]) {
        case '#':
          f.sharp = true;
          break;
        case '0':
          f.zero = true;
          break;
        case '+':
          f.plus = true;
          break;
        case '-':
          f.minus = true;
          break;
        case ' ':
          f.space = true;
          break;
        default:
          return;
      }
    }
  }

  bool Number(int* out) {
    std::size_t begin = at_;
    int n = 0;
    while (at_ < format_.size() && format_[at_] >= '0' && format_[at_] <= '9') {
      n = std::min(n * 10 + (format_[at_++] - '0'), kMaxWidth + 1);
    }
    if (at_ == begin || n > kMaxWidth) return false;
    *out = n;
    return true;
  }

  // [n]: the argument that is next.
  bool ArgumentIndex() {
    if (at_ >= format_.size() || format_[at_] != '[') return false;
    reordered_ = true;
    std::size_t close = format_.find(']', at_);
    int n = 0;
    std::size_t start = ++at_;
    if (close != std::string_view::npos && Number(&n) && at_ == close && n >= 1 &&
        static_cast<std::size_t>(n) <= values_.size()) {
      next_ = static_cast<std::size_t>(n - 1);
      at_ = close + 1;
      return true;
    }
    good_index_ = false;
    at_ = close == std::string_view::npos ? start : close + 1;
    return true;
  }

  bool FromArgument(int* out) {
    if (next_ >= values_.size()) return false;
    Value v = values_[next_++];
    if (!v.is_integer() || v.as_int() > kMaxWidth || v.as_int() < -kMaxWidth) return false;
    *out = static_cast<int>(v.as_int());
    return true;
  }

  void Extra() {
    out_ += "%!(EXTRA ";
    for (std::size_t i = next_; i < values_.size(); ++i) {
      if (i > next_) out_ += ", ";
      if (values_[i].is_nil()) {
        out_ += "<nil>";
      } else {
        out_ += TypeName(values_[i]) + "=";
        AppendPrinted(out_, values_[i]);
      }
    }
    out_ += ')';
  }

  std::string_view format_;
  std::span<const Value> values_;
  std::size_t at_ = 0, next_ = 0;
  bool good_index_ = true, reordered_ = false;
  std::string out_;
};

}  // namespace

std::string FormatFloat(double d, char verb, int precision) {
  if (!std::isfinite(d)) return NotFinite(d);
  std::string sign = std::signbit(d) ? "-" : "";
  d = std::abs(d);
  char lower = static_cast<char>(verb | 0x20);
  if (lower == 'f') {
    if (precision < 0) return sign + (d == 0 ? "0" : Plain(Shortest(d)));
    return sign + fmt::format("{:.{}f}", d, precision);
  }
  if (d == 0) {
    if (lower == 'g') return sign + "0";
    return sign +
           Scientific({std::string(1 + static_cast<std::size_t>(std::max(precision, 0)), '0'), 0},
                      verb);
  }
  if (lower == 'e')
    return sign + Scientific(precision < 0 ? Shortest(d) : Rounded(d, precision + 1), verb);
  Digits digits = precision < 0 ? Shortest(d) : Rounded(d, std::max(precision, 1));
  while (digits.text.size() > 1 && digits.text.back() == '0') digits.text.pop_back();
  int limit = precision < 0 ? kShortestLimit : std::max(precision, 1);
  int n = static_cast<int>(digits.text.size());
  if (precision >= 0 && limit > n && n >= digits.exponent + 1) limit = n;
  if (digits.exponent < -4 || digits.exponent >= limit)
    return sign + Scientific(digits, verb == 'G' ? 'E' : 'e');
  return sign + Plain(digits);
}

void AppendPrinted(std::string& out, Value v, int depth) {
  if (v.is_string()) {
    out += v.as_string();
  } else {
    Printer(out).Write(v, 'v', Flags{}, depth);
  }
}

std::string Sprint(Value v) {
  std::string out;
  AppendPrinted(out, v);
  return out;
}

std::string Sprint(std::span<const Value> values) {
  std::string out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0 && !values[i].is_string() && !values[i - 1].is_string()) out += ' ';
    AppendPrinted(out, values[i]);
  }
  return out;
}

std::string Sprintln(std::span<const Value> values) {
  std::string out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += ' ';
    AppendPrinted(out, values[i]);
  }
  return out + '\n';
}

std::string Sprintf(std::string_view format, std::span<const Value> values) {
  return Formatter(format, values).Run();
}

}  // namespace plumbline::gotmpl
