// format() and formatlist(): the verbs of Go's fmt that Terraform takes. Widths and precisions of
// text count grapheme clusters; numbers follow Go's big.Int and big.Float.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "terraform/functions/registry.h"
#include "value/convert.h"
#include "value/json.h"
#include "value/number.h"

namespace plumbline::terraform::functions {
namespace {

struct Verb {
  bool zero = false, sharp = false, minus = false, plus = false, space = false;
  int width = -1, precision = -1;
  std::size_t arg = 0;
  char mode = 0;
};

constexpr int kWidest = 1 << 20;

std::string Pad(const Verb& verb, std::string s) {
  std::int64_t have = CountGraphemes(s);
  if (have >= verb.width) return s;
  std::string pads(static_cast<std::size_t>(verb.width - have), verb.zero ? '0' : ' ');
  return verb.minus ? s + pads : pads + s;
}

std::string Repeat(int n, char c) {
  return std::string(static_cast<std::size_t>(std::max(n, 0)), c);
}

// Takes the minus sign off `digits` and tells which sign to write.
std::string TakeSign(const Verb& verb, std::string& digits) {
  if (digits.starts_with('-')) {
    digits.erase(0, 1);
    return "-";
  }
  if (digits.starts_with('+'))
    digits.erase(0, 1);
  else if (!verb.plus && !verb.space)
    return "";
  return verb.plus || !verb.space ? "+" : " ";
}

std::string FormatWhole(const Verb& verb, Value v) {
  int base = verb.mode == 'b' ? 2 : verb.mode == 'o' ? 8 : verb.mode == 'd' ? 10 : 16;
  std::string digits = FormatInteger(v, base);
  std::string sign = TakeSign(verb, digits);
  if (verb.mode == 'X')
    std::ranges::transform(digits, digits.begin(),
                           [](char c) { return c >= 'a' ? static_cast<char>(c - 32) : c; });
  std::string prefix;
  if (verb.sharp)
    prefix = verb.mode == 'b'   ? "0b"
             : verb.mode == 'o' ? "0"
             : verb.mode == 'x' ? "0x"
             : verb.mode == 'X' ? "0X"
                                : "";
  if (verb.precision == 0 && digits == "0") return "";
  int zeros = std::max(verb.precision - static_cast<int>(digits.size()), 0);
  int room = verb.width - static_cast<int>(sign.size() + prefix.size() + digits.size()) - zeros;
  if (verb.minus) return sign + prefix + Repeat(zeros, '0') + digits + Repeat(room, ' ');
  if (verb.zero && verb.precision < 0)
    return sign + prefix + Repeat(zeros + std::max(room, 0), '0') + digits;
  return Repeat(room, ' ') + sign + prefix + Repeat(zeros, '0') + digits;
}

std::string FormatReal(const Verb& verb, Value v) {
  bool shortest = verb.mode == 'g' || verb.mode == 'G';
  std::string digits = FormatFloat(v, verb.mode,
                                   verb.precision >= 0 ? verb.precision
                                   : shortest          ? -1
                                                       : 6);
  std::string sign = TakeSign(verb, digits);
  int room = verb.width - static_cast<int>(sign.size() + digits.size());
  if (verb.minus) return sign + digits + Repeat(room, ' ');
  if (verb.zero && !IsInfinite(v)) return sign + Repeat(room, '0') + digits;
  return Repeat(room, ' ') + sign + digits;
}

Result<std::string> FormatAny(const Verb& verb, Value v) {
  if (!verb.sharp && v.is_string()) return Pad(verb, std::string(v.as_string()));
  if (!verb.sharp && v.is_number()) return Pad(verb, FormatFloat(v, 'g', -1));
  PL_TRY(std::string json, EncodeJson(v));
  return Pad(verb, std::move(json));
}

Result<std::string> FormatText(const Verb& verb, Value v) {
  std::string_view s = v.as_string();
  if (verb.precision > 0) {
    std::size_t bytes = 0;
    for (int i = 0; i < verb.precision && bytes < s.size(); ++i)
      bytes += FirstGrapheme(s.substr(bytes));
    s = s.substr(0, bytes);
  }
  if (verb.mode == 's') return Pad(verb, std::string(s));
  PL_TRY(std::string json, EncodeJson(Value::String(s)));
  return Pad(verb, std::move(json));
}

class Formatter {
 public:
  Formatter(Call& call, std::string_view format, std::span<const Value> args)
      : call_(call), format_(format), args_(args) {}

  /// A string, or an unknown that keeps the known parts.
  Result<Value> Run() {
    while (at_ < format_.size()) {
      std::size_t percent = std::min(format_.find('%', at_), format_.size());
      text_ += format_.substr(at_, percent - at_);
      at_ = percent;
      if (at_ < format_.size()) {
        if (format_.substr(at_, 2) == "%%") {
          text_ += '%';
          at_ += 2;
        } else {
          PL_CHECK_OK(RunVerb());
        }
      }
      if (text_.size() > call_.context.limits.max_string_bytes)
        return Fail("format() would make a string over the limit");
    }
    if (used_ < args_.size()) {
      return Fail(fmt::format("{}() got {} values but its format uses only {}", call_.name,
                              args_.size(), used_));
    }
    if (!unknown_) return Text(call_, text_);
    return Partial();
  }

 private:
  char Peek() const { return at_ < format_.size() ? format_[at_] : '\0'; }

  Result<int> ReadNumber() {
    int n = 0;
    for (; Peek() >= '0' && Peek() <= '9'; ++at_) {
      n = n * 10 + (Peek() - '0');
      if (n > kWidest)
        return Fail(fmt::format("{}() got a width or precision that is too large", call_.name));
    }
    return n;
  }

  Result<Verb> ParseVerb() {
    Verb v;
    for (++at_;; ++at_) {
      char c = Peek();
      if (c == '0')
        v.zero = true;
      else if (c == '#')
        v.sharp = true;
      else if (c == '-')
        v.minus = true;
      else if (c == '+')
        v.plus = true;
      else if (c == ' ')
        v.space = true;
      else
        break;
    }
    if (Peek() >= '1' && Peek() <= '9') {
      PL_TRY(v.width, ReadNumber());
    }
    if (Peek() == '.') {
      ++at_;
      PL_TRY(v.precision, ReadNumber());
    }
    v.arg = next_;
    if (Peek() == '[') {
      ++at_;
      PL_TRY(int index, ReadNumber());
      if (index < 1 || Peek() != ']')
        return Fail(fmt::format("{}() got an invalid argument index in its format", call_.name));
      ++at_;
      v.arg = static_cast<std::size_t>(index) - 1;
    }
    v.mode = Peek();
    if (v.mode == '\0')
      return Fail(fmt::format("{}() got a format that ends inside a verb", call_.name));
    ++at_;
    return v;
  }

  Result<void> RunVerb() {
    std::size_t begin = at_;
    PL_TRY(Verb verb, ParseVerb());
    std::string_view raw = format_.substr(begin, at_ - begin);
    if (std::string_view("vtbdoxXeEfgGsq").find(verb.mode) == std::string_view::npos) {
      return Fail(fmt::format("{}() does not know the verb \"{}\"", call_.name, raw));
    }
    if (verb.arg >= args_.size()) {
      return Fail(fmt::format("{}() needs a value number {} for \"{}\" but got {}", call_.name,
                              verb.arg + 1, raw, args_.size()));
    }
    next_ = verb.arg + 1;
    used_ = std::max(used_, next_);
    Value v = args_[verb.arg];
    if (verb.mode != 'v' && v.is_null())
      return Fail(fmt::format("{}() cannot format null with \"{}\"", call_.name, raw));
    if (HasUnknown(v)) {
      AddUnknown(verb, v);
      return {};
    }
    auto out = Apply(verb, v);
    if (!out)
      return Fail(fmt::format("{}() cannot format the value with \"{}\": {}", call_.name, raw,
                              out.error().message));
    text_ += *out;
    return {};
  }

  Result<std::string> Apply(const Verb& verb, Value v) {
    if (verb.mode == 'v') return FormatAny(verb, v);
    bool text = verb.mode == 's' || verb.mode == 'q';
    PL_TRY(v, Convert(call_.arena, v,
                      text               ? StringType()
                      : verb.mode == 't' ? BoolType()
                                         : NumberType()));
    if (text) return FormatText(verb, v);
    if (verb.mode == 't') return Pad(verb, v.as_bool() ? "true" : "false");
    if (std::string_view("bdoxX").find(verb.mode) == std::string_view::npos)
      return FormatReal(verb, v);
    if (!IsWhole(v)) return Fail("a whole number is required");
    return FormatWhole(verb, v);
  }

  void AddUnknown(const Verb& verb, Value v) {
    unknown_ = true;
    FlushText();
    bool as_is = (verb.mode == 's' || verb.mode == 'v') && verb.width < 0 && verb.precision < 0 &&
                 v.is_unknown();
    if (as_is) {
      parts_.push_back(v);
      return;
    }
    const Value parts[] = {v};
    Call inner{call_.context, call_.arena, call_.name, parts};
    parts_.push_back(UnknownResult(inner, StringType()));
  }

  void FlushText() {
    if (!text_.empty()) parts_.push_back(MakeString(call_.arena, text_));
    text_.clear();
  }

  Value Partial() {
    FlushText();
    UnknownInfo info;
    info.type = StringType();
    info.not_null = true;
    std::string prefix;
    for (Value p : parts_) {
      if (!p.is_unknown()) {
        prefix += p.as_string();
        continue;
      }
      if (p.unknown()->type->kind == TypeKind::kString) prefix += p.unknown()->prefix;
      break;
    }
    info.prefix = call_.arena.CopyString(prefix);
    info.parts = call_.arena.Copy(parts_);
    return UnknownResult(call_, info);
  }

  Call& call_;
  std::string_view format_;
  std::span<const Value> args_;
  std::size_t at_ = 0, next_ = 0, used_ = 0;
  std::string text_;
  std::vector<Value> parts_;
  bool unknown_ = false;
};

// With an unknown value Terraform does not look at the format, so that its faults do not show.
Result<Value> FormatOne(Call& call, std::string_view format, std::span<const Value> args) {
  auto result = Formatter(call, format, args).Run();
  if (result || !std::ranges::any_of(args, HasUnknown)) return result;
  UnknownInfo info;
  info.type = StringType();
  info.not_null = true;
  info.prefix = format.substr(0, std::min(format.find('%'), format.size()));
  return UnknownResult(call, info);
}

Result<Value> Format(Call& call) {
  return FormatOne(call, call.args[0].as_string(), call.args.subspan(1));
}

bool CanIterate(const Type* t) {
  return t->kind == TypeKind::kList || t->kind == TypeKind::kSet || t->kind == TypeKind::kTuple;
}

// How often to format: the length of the sequences; -1 when there are none, nullopt when it is not
// known.
Result<std::optional<std::int64_t>> Rounds(Call& call) {
  std::int64_t rounds = -1;
  bool known = true;
  for (Value v : call.args.subspan(1)) {
    const Type* t = TypeOf(call.arena, v);
    if (v.is_unknown() && t->kind == TypeKind::kDynamic) known = false;
    if (!CanIterate(t) || v.is_null()) continue;
    bool open_set = v.kind() == Kind::kSet && v.items().size() > 1 && HasUnknown(v);
    if (t->kind != TypeKind::kTuple && (v.is_unknown() || open_set)) {
      known = false;
      continue;
    }
    auto n = static_cast<std::int64_t>(v.is_unknown() ? t->elements.size() : v.items().size());
    if (rounds >= 0 && n != rounds)
      return Fail(fmt::format("formatlist() got lists of {} and of {} elements", rounds, n));
    rounds = n;
    known &= !v.is_unknown();
  }
  return known ? std::optional(rounds) : std::nullopt;
}

Result<Value> FormatList(Call& call) {
  PL_TRY(auto rounds, Rounds(call));
  if (!rounds) return UnknownResult(call, ListType(call.arena, StringType()));
  std::int64_t n = *rounds < 0 ? 1 : *rounds;
  std::vector<Value> out, args(call.args.size() - 1);
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < args.size(); ++k) {
      Value v = call.args[k + 1];
      args[k] = v.is_sequence() ? v.items()[static_cast<std::size_t>(i)] : v;
    }
    Call inner{call.context, call.arena, call.name, args};
    PL_TRY(out.emplace_back(), FormatOne(inner, call.args[0].as_string(), args));
  }
  return MakeList(call.arena, StringType(), out);
}

using enum Accepts;

constexpr auto kFunctions = std::to_array<Function>({
    {"format", {{{kString}}}, {kAny, kNull | kUnknown}, Returns::kString, &Format},
    {"formatlist", {{{kString}}}, {kAny, kNull | kUnknown}, Returns::kListString, &FormatList},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

std::span<const Function> FormatFunctions() { return kFunctions; }

}  // namespace plumbline::terraform::functions
