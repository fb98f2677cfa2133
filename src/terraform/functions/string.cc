// Functions of strings. Offsets and lengths count grapheme clusters.
#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <string>
#include <vector>

#include "terraform/functions/registry.h"
#include "value/number.h"

namespace plumbline::terraform::functions {
namespace {

// A part of an argument: it needs neither a copy nor normalising.
Value Part(std::string_view s) { return Value::String(s); }

std::string_view Arg(Call& call, std::size_t i) { return call.args[i].as_string(); }

// The code point at the start of `s` and its length; an invalid byte counts as one.
std::pair<utf8proc_int32_t, std::size_t> FirstRune(std::string_view s) {
  utf8proc_int32_t c = 0;
  auto n = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(s.data()),
                            static_cast<utf8proc_ssize_t>(s.size()), &c);
  if (n <= 0) return {static_cast<unsigned char>(s[0]), 1};
  return {c, static_cast<std::size_t>(n)};
}

std::string_view LastRune(std::string_view s) {
  std::size_t n = 1;
  while (n < s.size() && n < 4 && (static_cast<unsigned char>(s[s.size() - n]) & 0xC0) == 0x80) ++n;
  return s.substr(s.size() - n);
}

void AppendRune(std::string& out, utf8proc_int32_t c) {
  utf8proc_uint8_t buf[4];
  auto n = utf8proc_encode_char(c, buf);
  out.append(reinterpret_cast<const char*>(buf), static_cast<std::size_t>(n));
}

std::string MapRunes(std::string_view s, utf8proc_int32_t (*map)(utf8proc_int32_t)) {
  std::string out;
  out.reserve(s.size());
  while (!s.empty()) {
    auto [c, n] = FirstRune(s);
    utf8proc_int32_t mapped = map(c);
    if (mapped == c)
      out += s.substr(0, n);
    else
      AppendRune(out, mapped);
    s.remove_prefix(n);
  }
  return out;
}

bool IsSpace(utf8proc_int32_t c) {
  if (c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xA0) return true;
  return c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
         c == 0x205F || c == 0x3000;
}

bool IsLetterOrDigit(utf8proc_int32_t c) {
  auto k = utf8proc_category(c);
  return (k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_LO) || k == UTF8PROC_CATEGORY_ND;
}

// Beyond ASCII only white space separates words.
bool SeparatesWords(utf8proc_int32_t c) {
  if (c < 0x80)
    return !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
             c == '_');
  return !IsLetterOrDigit(c) && IsSpace(c);
}

Result<Value> Chomp(Call& call) {
  std::string_view s = Arg(call, 0);
  while (!s.empty() && (s.back() == '\n' || s.back() == '\r')) s.remove_suffix(1);
  return Part(s);
}

Result<Value> EndsWith(Call& call) { return Value::Bool(Arg(call, 0).ends_with(Arg(call, 1))); }

Result<Value> Indent(Call& call) {
  PL_TRY(std::int64_t spaces, WholeArg(call, 0));
  if (spaces < 0) return Fail("indent() needs a number of spaces that is not negative");
  std::string_view s = Arg(call, 1);
  auto breaks = static_cast<std::uint64_t>(std::ranges::count(s, '\n'));
  if (breaks * static_cast<std::uint64_t>(spaces) > call.context.limits.max_string_bytes) {
    return Fail("indent() would make a string over the limit");
  }
  std::string out;
  for (char c : s) {
    out += c;
    if (c == '\n') out.append(static_cast<std::size_t>(spaces), ' ');
  }
  return Text(call, out);
}

// What is known of a string with unknown parts: its pieces and its beginning.
Value PartlyKnown(Call& call, const std::vector<Value>& parts) {
  UnknownInfo info;
  info.type = StringType();
  info.not_null = true;
  std::string prefix;
  for (Value p : parts) {
    if (p.is_unknown()) {
      if (p.unknown()->type->kind == TypeKind::kString) prefix += p.unknown()->prefix;
      break;
    }
    prefix += p.as_string();
  }
  info.prefix = call.arena.CopyString(prefix);
  info.parts = call.arena.Copy(parts);
  return UnknownResult(call, info);
}

Result<Value> Join(Call& call) {
  if (call.args.size() < 2) return Fail("join() needs at least one list");
  std::vector<Value> parts;
  bool unknown = call.args[0].is_unknown();
  for (Value list : call.args.subspan(1)) {
    for (Value v : list.items()) {
      if (v.is_null()) return Fail("join() cannot use null list elements");
      if (!parts.empty()) parts.push_back(call.args[0]);
      parts.push_back(v);
      unknown |= v.is_unknown();
    }
    if (list.is_unknown()) {
      parts.push_back(list);
      unknown = true;
      break;
    }
  }
  if (unknown) return PartlyKnown(call, parts);
  std::size_t size = 0;
  for (Value p : parts) size += p.as_string().size();
  if (size > call.context.limits.max_string_bytes)
    return Fail("join() would make a string over the limit");
  std::string out;
  out.reserve(size);
  for (Value p : parts) out += p.as_string();
  return Text(call, out);
}

Result<Value> Lower(Call& call) { return Text(call, MapRunes(Arg(call, 0), &utf8proc_tolower)); }
// Unicode's simple mapping leaves the sharp s alone; utf8proc knows its capital form.
utf8proc_int32_t ToUpper(utf8proc_int32_t c) { return c == 0xDF ? c : utf8proc_toupper(c); }

Result<Value> Upper(Call& call) { return Text(call, MapRunes(Arg(call, 0), &ToUpper)); }

Result<Value> Split(Call& call) {
  std::string_view sep = Arg(call, 0), s = Arg(call, 1);
  std::vector<Value> out;
  if (sep.empty()) {
    for (; !s.empty(); s.remove_prefix(FirstRune(s).second))
      out.push_back(Part(s.substr(0, FirstRune(s).second)));
    return MakeList(call.arena, StringType(), out);
  }
  for (std::size_t at = s.find(sep); at != std::string_view::npos; at = s.find(sep)) {
    out.push_back(Part(s.substr(0, at)));
    s.remove_prefix(at + sep.size());
  }
  out.push_back(Part(s));
  return MakeList(call.arena, StringType(), out);
}

Result<Value> StartsWith(Call& call) {
  Value s = call.args[0];
  std::string_view prefix = Arg(call, 1);
  if (!s.is_unknown()) return Value::Bool(s.as_string().starts_with(prefix));
  // The known beginning of a string may be enough.
  std::string_view known = s.unknown()->prefix;
  if (known.starts_with(prefix)) return Value::Bool(true);
  if (!prefix.starts_with(known)) return Value::Bool(false);
  return UnknownResult(call, BoolType());
}

Result<Value> StrContains(Call& call) {
  return Value::Bool(Arg(call, 0).find(Arg(call, 1)) != std::string_view::npos);
}

Result<Value> StrRev(Call& call) {
  std::string_view s = Arg(call, 0);
  std::string out(s.size(), '\0');
  for (std::size_t end = s.size(); !s.empty();) {
    std::size_t n = FirstGrapheme(s);
    end -= n;
    std::ranges::copy(s.substr(0, n), out.begin() + static_cast<std::ptrdiff_t>(end));
    s.remove_prefix(n);
  }
  return Text(call, out);
}

Result<Value> Substr(Call& call) {
  std::string_view s = Arg(call, 0);
  PL_TRY(std::int64_t offset, WholeArg(call, 1));
  PL_TRY(std::int64_t length, WholeArg(call, 2));
  // Counted from the end, a length of 0 is no limit.
  if (offset < 0 && length == 0) length = -1;
  if (offset < 0) offset = std::max<std::int64_t>(0, offset + CountGraphemes(s));
  for (; offset > 0 && !s.empty(); --offset) s.remove_prefix(FirstGrapheme(s));
  if (length < 0) return Part(s);
  std::size_t bytes = 0;
  for (; length > 0 && bytes < s.size(); --length) bytes += FirstGrapheme(s.substr(bytes));
  return Part(s.substr(0, bytes));
}

Result<Value> TemplateString(Call& call) {
  return RenderTemplate(call, Arg(call, 0), "templatestring");
}

Result<Value> Title(Call& call) {
  std::string_view s = Arg(call, 0);
  std::string out;
  utf8proc_int32_t previous = ' ';
  while (!s.empty()) {
    auto [c, n] = FirstRune(s);
    utf8proc_int32_t mapped = SeparatesWords(previous) ? utf8proc_totitle(c) : c;
    if (mapped == c)
      out += s.substr(0, n);
    else
      AppendRune(out, mapped);
    previous = c;
    s.remove_prefix(n);
  }
  return Text(call, out);
}

template <typename Cut>
std::string_view TrimBoth(std::string_view s, Cut cut) {
  while (!s.empty() && cut(s.substr(0, FirstRune(s).second))) s.remove_prefix(FirstRune(s).second);
  while (!s.empty() && cut(LastRune(s))) s.remove_suffix(LastRune(s).size());
  return s;
}

Result<Value> Trim(Call& call) {
  std::string_view set = Arg(call, 1);
  return Part(TrimBoth(Arg(call, 0), [&](std::string_view rune) {
    return set.find(rune) != std::string_view::npos;
  }));
}

Result<Value> TrimPrefix(Call& call) {
  std::string_view s = Arg(call, 0);
  if (s.starts_with(Arg(call, 1))) s.remove_prefix(Arg(call, 1).size());
  return Part(s);
}

Result<Value> TrimSpace(Call& call) {
  return Part(
      TrimBoth(Arg(call, 0), [](std::string_view rune) { return IsSpace(FirstRune(rune).first); }));
}

Result<Value> TrimSuffix(Call& call) {
  std::string_view s = Arg(call, 0);
  if (s.ends_with(Arg(call, 1))) s.remove_suffix(Arg(call, 1).size());
  return Part(s);
}

using enum Accepts;

constexpr auto kFunctions = std::to_array<Function>({
    {"chomp", {{{kString}}}, {}, Returns::kString, &Chomp},
    {"endswith", {{{kString}, {kString}}}, {}, Returns::kBool, &EndsWith},
    {"indent", {{{kNumber}, {kString}}}, {}, Returns::kString, &Indent},
    {"join", {{{kString, kUnknown}}}, {kListString, kUnknown}, Returns::kString, &Join},
    {"lower", {{{kString}}}, {}, Returns::kString, &Lower},
    {"split", {{{kString}, {kString}}}, {}, Returns::kListString, &Split},
    {"startswith", {{{kString, kUnknown}, {kString}}}, {}, Returns::kBool, &StartsWith},
    {"strcontains", {{{kString}, {kString}}}, {}, Returns::kBool, &StrContains},
    {"strrev", {{{kString}}}, {}, Returns::kString, &StrRev},
    {"substr", {{{kString}, {kNumber}, {kNumber}}}, {}, Returns::kString, &Substr},
    {"templatestring", {{{kString}, {kAny, kDynamic}}}, {}, Returns::kString, &TemplateString},
    {"title", {{{kString}}}, {}, Returns::kString, &Title},
    {"trim", {{{kString}, {kString}}}, {}, Returns::kString, &Trim},
    {"trimprefix", {{{kString}, {kString}}}, {}, Returns::kString, &TrimPrefix},
    {"trimspace", {{{kString}}}, {}, Returns::kString, &TrimSpace},
    {"trimsuffix", {{{kString}, {kString}}}, {}, Returns::kString, &TrimSuffix},
    {"upper", {{{kString}}}, {}, Returns::kString, &Upper},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

std::span<const Function> StringFunctions() { return kFunctions; }

}  // namespace plumbline::terraform::functions
