// sprig's functions from one text to another: trimming, cutting, quoting, indenting.
#include <algorithm>
#include <array>

#include "helm/functions/common.h"

namespace plumbline::helm {
namespace {

constexpr std::string_view kNegativeRepeat = "strings: negative Repeat count";

// A part of an argument, without copying.
bool ReturnPart(Call& call, std::size_t arg, std::string_view part) {
  std::string_view whole = call.Text(arg);
  OriginId origin = call.args[arg].origin();
  if (origin != 0 && part.data() > whole.data()) {
    auto before = whole.substr(0, static_cast<std::size_t>(part.data() - whole.data()));
    origin = call.heap.ShiftOrigin(origin, std::ranges::count(before, '\n'));
  }
  return call.Return(Value::String(part, origin));
}

std::string_view TrimSpace(std::string_view s) {
  std::size_t width = 0;
  while (!s.empty() && IsSpace(gotmpl::DecodeUtf8(s, &width))) s.remove_prefix(width);
  while (!s.empty()) {
    std::size_t at = s.size() - 1;
    while (at > 0 && (static_cast<unsigned char>(s[at]) & 0xC0) == 0x80) --at;
    char32_t last = gotmpl::DecodeUtf8(s.substr(at), &width);
    if (at + width != s.size() || !IsSpace(last)) break;
    s = s.substr(0, at);
  }
  return s;
}

bool Trim(Call& call) { return ReturnPart(call, 0, TrimSpace(call.Text(0))); }

bool TrimAll(Call& call) {
  std::u32string cutset = Runes(call.Text(0));
  std::string_view s = call.Text(1);
  auto cut = [&](char32_t rune) { return cutset.find(rune) != std::u32string::npos; };
  std::size_t width = 0;
  while (!s.empty() && cut(gotmpl::DecodeUtf8(s, &width))) s.remove_prefix(width);
  while (!s.empty()) {
    std::size_t at = s.size() - 1;
    while (at > 0 && s.size() - at < 4 && (static_cast<unsigned char>(s[at]) & 0xC0) == 0x80) --at;
    char32_t last = gotmpl::DecodeUtf8(s.substr(at), &width);
    if (at + width != s.size()) at = s.size() - 1;
    if (!cut(last)) break;
    s = s.substr(0, at);
  }
  return ReturnPart(call, 1, s);
}

bool TrimPrefix(Call& call) {
  std::string_view s = call.Text(1);
  if (s.starts_with(call.Text(0))) s.remove_prefix(call.Text(0).size());
  return ReturnPart(call, 1, s);
}

bool TrimSuffix(Call& call) {
  std::string_view s = call.Text(1);
  if (s.ends_with(call.Text(0))) s.remove_suffix(call.Text(0).size());
  return ReturnPart(call, 1, s);
}

// A length as Go's slices take it, counted from the end when negative.
bool Trunc(Call& call) {
  std::string_view s = call.Text(1);
  std::int64_t n = call.Int(0), size = static_cast<std::int64_t>(s.size());
  if (n < 0 && size + n > 0) s = s.substr(static_cast<std::size_t>(size + n));
  if (n >= 0 && size > n) s = s.substr(0, static_cast<std::size_t>(n));
  return ReturnPart(call, 1, s);
}

bool Substr(Call& call) {
  std::int64_t start = call.Int(0), end = call.Int(1);
  std::string_view s = call.Text(2);
  auto size = static_cast<std::int64_t>(s.size());
  if (start < 0) {
    if (end < 0 || end > size)
      return call.Fail(end < 0 ? fmt::format("runtime error: slice bounds out of range [:{}]", end)
                               : fmt::format("runtime error: slice bounds out of range [:{}] with "
                                             "length {}",
                                             end, size));
    return ReturnPart(call, 2, s.substr(0, static_cast<std::size_t>(end)));
  }
  if (end < 0 || end > size) end = size;
  if (start > end)
    return call.Fail(fmt::format("runtime error: slice bounds out of range [{}:{}]", start, end));
  return ReturnPart(
      call, 2, s.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(end - start)));
}

bool Repeat(Call& call) {
  std::int64_t count = call.Int(0);
  std::string_view s = call.Text(1);
  if (count < 0) return call.Fail(std::string(kNegativeRepeat));
  if (s.empty() || count == 0) return call.Return(Value::String(""));
  if (static_cast<std::uint64_t>(count) > kMaxText / s.size()) return FailTooLong(call);
  std::string out;
  out.reserve(s.size() * static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) out += s;
  return ReturnText(call, out);
}

std::string Replaced(std::string_view s, std::string_view from, std::string_view to) {
  std::string out;
  if (from.empty()) {
    out = to;
    for (std::size_t width = 0; !s.empty(); s.remove_prefix(width)) {
      gotmpl::DecodeUtf8(s, &width);
      out += s.substr(0, width);
      out += to;
    }
    return out;
  }
  for (std::size_t at = 0; (at = s.find(from)) != std::string_view::npos;) {
    out += s.substr(0, at);
    out += to;
    s.remove_prefix(at + from.size());
  }
  return out += s;
}

bool Replace(Call& call) {
  std::string_view from = call.Text(0), to = call.Text(1), s = call.Text(2);
  // Every byte may become one replacement.
  if (to.size() > 64 && (s.size() + 1) > kMaxText / to.size() && from.size() < to.size())
    return FailTooLong(call);
  bool same_lines =
      from.find('\n') == std::string_view::npos && to.find('\n') == std::string_view::npos;
  return ReturnText(call, Replaced(s, from, to), same_lines ? call.args[2].origin() : 0);
}

// The text with every line pushed to the right.
bool Indented(Call& call, std::string start, OriginId origin) {
  std::int64_t spaces = call.Int(0);
  std::string_view s = call.Text(1);
  if (spaces < 0) return call.Fail(std::string(kNegativeRepeat));
  auto lines = static_cast<std::size_t>(std::ranges::count(s, '\n')) + 1;
  if (static_cast<std::uint64_t>(spaces) > kMaxText / lines) return FailTooLong(call);
  std::string pad(static_cast<std::size_t>(spaces), ' ');
  std::string out = std::move(start);
  out.reserve(out.size() + s.size() + lines * pad.size());
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = s.find('\n');
    out += pad;
    out += s.substr(0, end == std::string_view::npos ? end : end + 1);
    if (end != std::string_view::npos) s.remove_prefix(end + 1);
  }
  return ReturnText(call, out, origin);
}

bool Indent(Call& call) { return Indented(call, "", call.args[1].origin()); }
bool Nindent(Call& call) {
  return Indented(call, "\n", call.heap.ShiftOrigin(call.args[1].origin(), -1));
}

bool Quote(Call& call) {
  std::string out;
  for (Value v : call.args) {
    if (v.is_nil()) continue;
    if (!out.empty()) out += ' ';
    out += gotmpl::Quote(TextOf(v));
  }
  return ReturnText(call, out, OnlyOrigin(call.args));
}

bool Squote(Call& call) {
  std::string out;
  for (Value v : call.args) {
    if (v.is_nil()) continue;
    if (!out.empty()) out += ' ';
    out += "'" + gotmpl::Sprint(v) + "'";
  }
  return ReturnText(call, out, OnlyOrigin(call.args));
}

bool Cat(Call& call) {
  std::string out;
  bool first = true;
  for (Value v : call.args) {
    if (v.is_nil()) continue;
    if (!first) out += ' ';
    first = false;
    gotmpl::AppendPrinted(out, v);
  }
  return ReturnText(call, out, OnlyOrigin(call.args));
}

bool ToString(Call& call) {
  Value v = call.args[0];
  if (v.is_string()) return call.Return(v);
  return ReturnText(call, TextOf(v), v.origin());
}

bool Contains(Call& call) {
  return ReturnBool(call, call.Text(1).find(call.Text(0)) != std::string_view::npos);
}
bool HasPrefix(Call& call) { return ReturnBool(call, call.Text(1).starts_with(call.Text(0))); }
bool HasSuffix(Call& call) { return ReturnBool(call, call.Text(1).ends_with(call.Text(0))); }

bool Plural(Call& call) { return call.Return(call.args[call.Int(2) == 1 ? 0 : 1]); }

constexpr std::string_view kDots = "...";

// A text of at most `width` bytes, with dots for what is left out; `offset` bytes may go in front.
std::string Abbreviated(std::string_view s, std::int64_t offset, std::int64_t width) {
  auto size = static_cast<std::int64_t>(s.size());
  if (s.empty() || width < 4) return "";
  if (size <= width) return std::string(s);
  std::int64_t room = width - 3;
  offset = std::min(offset, size);
  if (size - offset < room) offset = size - room;
  if (offset <= 4) return std::string(s.substr(0, static_cast<std::size_t>(room))).append(kDots);
  if (width < 7) return "";
  if (offset + room < size)
    return std::string(kDots) + Abbreviated(s.substr(static_cast<std::size_t>(offset)), 0, room);
  return std::string(kDots).append(s.substr(static_cast<std::size_t>(size - room)));
}

bool Abbrev(Call& call) {
  if (call.Int(0) < 4) return call.Return(call.args[1]);
  return ReturnText(call, Abbreviated(call.Text(1), 0, call.Int(0)), call.args[1].origin());
}

bool AbbrevBoth(Call& call) {
  std::int64_t left = call.Int(0), right = call.Int(1);
  if (right < 4 || (left > 0 && right < 7)) return call.Return(call.args[2]);
  return ReturnText(call, Abbreviated(call.Text(2), left, right), call.args[2].origin());
}

// Lines of at most `width` bytes, broken at blanks; longer words are broken too if `break_words`.
std::string Wrapped(std::string_view s, std::int64_t wanted, std::string_view newline,
                    bool break_words) {
  if (newline.empty()) newline = "\n";
  auto width = static_cast<std::size_t>(std::max<std::int64_t>(wanted, 1));
  std::string out;
  while (s.size() > width) {
    if (s[0] == ' ') {
      s.remove_prefix(1);
      continue;
    }
    std::size_t at = s.substr(0, width + 1).rfind(' ');
    if (at == std::string_view::npos && break_words) {
      out.append(s.substr(0, width)).append(newline);
      s.remove_prefix(width);
      continue;
    }
    if (at == std::string_view::npos) at = s.find(' ', width);
    if (at == std::string_view::npos) break;
    out.append(s.substr(0, at)).append(newline);
    s.remove_prefix(at + 1);
  }
  return out.append(s);
}

bool Wrap(Call& call) { return ReturnText(call, Wrapped(call.Text(1), call.Int(0), "", false)); }

bool WrapWith(Call& call) {
  std::string_view newline = call.Text(1), s = call.Text(2);
  if (newline.size() > 1 && s.size() > kMaxText / newline.size()) return FailTooLong(call);
  return ReturnText(call, Wrapped(s, call.Int(0), newline, true));
}

bool Hello(Call& call) { return call.Return(Value::String("Hello!")); }

constexpr auto kFunctions = std::to_array<Function>({
    {"abbrev", "is", Abbrev},
    {"abbrevboth", "iis", AbbrevBoth},
    {"cat", "v*", Cat},
    {"contains", "ss", Contains},
    {"hasPrefix", "ss", HasPrefix},
    {"hasSuffix", "ss", HasSuffix},
    {"hello", "", Hello},
    {"indent", "is", Indent},
    {"nindent", "is", Nindent},
    {"plural", "ssi", Plural},
    {"quote", "v*", Quote},
    {"repeat", "is", Repeat},
    {"replace", "sss", Replace},
    {"squote", "v*", Squote},
    {"substr", "iis", Substr},
    {"toString", "v", ToString},
    {"trim", "s", Trim},
    {"trimAll", "ss", TrimAll},
    {"trimPrefix", "ss", TrimPrefix},
    {"trimSuffix", "ss", TrimSuffix},
    {"trimall", "ss", TrimAll},
    {"trunc", "is", Trunc},
    {"wrap", "is", Wrap},
    {"wrapWith", "iss", WrapWith},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

std::span<const Function> StringFunctions() { return kFunctions; }

}  // namespace plumbline::helm
