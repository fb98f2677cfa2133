// String functions: the standard ones and the strings extension. Indexes count code points.
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>

#include "cel/builtins.h"
#include "cel/text.h"

namespace plumbline::cel {
namespace {

using Args = std::span<const Val>;

bool AllStrings(Args args) {
  return std::ranges::all_of(args, [](Val v) { return v.tag() == Tag::kString; });
}

Val Contains(Context& context, Args args) {
  if (!AllStrings(args)) return context.NoOverload("contains", args);
  return Val::Bool(args[0].as_string().find(args[1].as_string()) != std::string_view::npos);
}

Val StartsWith(Context& context, Args args) {
  if (!AllStrings(args)) return context.NoOverload("startsWith", args);
  return Val::Bool(args[0].as_string().starts_with(args[1].as_string()));
}

Val EndsWith(Context& context, Args args) {
  if (!AllStrings(args)) return context.NoOverload("endsWith", args);
  return Val::Bool(args[0].as_string().ends_with(args[1].as_string()));
}

/// Compiled patterns of this thread. A pattern computed at run time cannot fill it without end.
class RegexCache {
 public:
  const re2::RE2& Get(std::string_view pattern) {
    if (auto it = cache_.find(pattern); it != cache_.end()) return *it->second;
    if (cache_.size() >= kMost) cache_.clear();
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(8 << 20);
    auto made =
        std::make_unique<re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
    return *cache_.emplace(std::string(pattern), std::move(made)).first->second;
  }

 private:
  static constexpr std::size_t kMost = 512;
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>()(s); }
  };
  std::unordered_map<std::string, std::unique_ptr<re2::RE2>, Hash, std::equal_to<>> cache_;
};

RegexCache& Regexes() {
  thread_local RegexCache cache;
  return cache;
}

Val Matches(Context& context, Args args) {
  if (!AllStrings(args)) return context.NoOverload("matches", args);
  const re2::RE2& regex = Regexes().Get(args[1].as_string());
  if (!regex.ok()) return context.Error("invalid regular expression: " + regex.error());
  std::string_view text = args[0].as_string();
  if (!context.Charge(text.size() / 16)) return context.StepError();
  return Val::Bool(re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), regex));
}

bool IsIndex(Val v) { return v.tag() == Tag::kInt; }

Val CharAt(Context& context, Args args) {
  if (!AllStrings(args.first(1)) || !IsIndex(args[1])) return context.NoOverload("charAt", args);
  std::string_view text = args[0].as_string();
  auto at = ByteOffset(text, args[1].as_int());
  if (!at) return context.Error("charAt: index out of range");
  if (*at == text.size()) return Val::String("");
  return Val::String(text.substr(*at, CodePointSize(text.substr(*at))));
}

Val IndexOf(Context& context, Args args) {
  bool from = args.size() == 3;
  if (!AllStrings(args.first(2)) || (from && !IsIndex(args[2])))
    return context.NoOverload("indexOf", args);
  std::string_view text = args[0].as_string();
  auto start = from ? ByteOffset(text, args[2].as_int()) : 0;
  if (!start) return context.Error("indexOf: index out of range");
  std::size_t at = text.find(args[1].as_string(), *start);
  if (at == std::string_view::npos) return Val::Int(-1);
  return Val::Int(static_cast<std::int64_t>(CodePoints(text.substr(0, at))));
}

Val LastIndexOf(Context& context, Args args) {
  bool from = args.size() == 3;
  if (!AllStrings(args.first(2)) || (from && !IsIndex(args[2])))
    return context.NoOverload("lastIndexOf", args);
  std::string_view text = args[0].as_string();
  auto last = from ? ByteOffset(text, args[2].as_int()) : text.size();
  if (!last) return context.Error("lastIndexOf: index out of range");
  std::size_t at = text.rfind(args[1].as_string(), *last);
  if (at == std::string_view::npos) return Val::Int(-1);
  return Val::Int(static_cast<std::int64_t>(CodePoints(text.substr(0, at))));
}

Val MapAscii(Context& context, Args args, char low, char high, int shift) {
  if (!AllStrings(args)) return context.NoOverload(shift > 0 ? "lowerAscii" : "upperAscii", args);
  std::string text(args[0].as_string());
  for (char& c : text) {
    if (c >= low && c <= high) c = static_cast<char>(c + shift);
  }
  return context.NewString(text);
}

Val LowerAscii(Context& context, Args args) { return MapAscii(context, args, 'A', 'Z', 'a' - 'A'); }
Val UpperAscii(Context& context, Args args) { return MapAscii(context, args, 'a', 'z', 'A' - 'a'); }

/// Where the next piece begins: an empty separator stands between code points.
std::size_t NextMatch(std::string_view text, std::string_view what, std::size_t from) {
  if (!what.empty()) return text.find(what, from);
  return from < text.size() ? from + CodePointSize(text.substr(from)) : std::string_view::npos;
}

Val Replace(Context& context, Args args) {
  bool bounded = args.size() == 4;
  if (!AllStrings(args.first(3)) || (bounded && !IsIndex(args[3])))
    return context.NoOverload("replace", args);
  std::string_view text = args[0].as_string(), from = args[1].as_string(), to = args[2].as_string();
  std::int64_t left = bounded ? args[3].as_int() : -1;
  std::string out;
  std::size_t at = 0;
  if (from.empty() && left != 0) {
    out += to;
    --left;
  }
  while (left != 0 && out.size() <= context.limits.max_string_bytes) {
    std::size_t hit = NextMatch(text, from, at);
    if (hit == std::string_view::npos) break;
    out.append(text.substr(at, hit - at)).append(to);
    at = hit + from.size();
    --left;
  }
  return context.NewString(out.append(text.substr(at)));
}

Val Split(Context& context, Args args) {
  bool bounded = args.size() == 3;
  if (!AllStrings(args.first(2)) || (bounded && !IsIndex(args[2])))
    return context.NoOverload("split", args);
  std::string_view text = args[0].as_string(), separator = args[1].as_string();
  std::int64_t left = bounded ? args[2].as_int() : -1;
  ArenaVector<Val> parts(context);
  if (left == 0 || (text.empty() && separator.empty())) return context.NewList({});
  std::size_t at = 0;
  while (left < 0 || --left > 0) {
    std::size_t hit = NextMatch(text, separator, at);
    if (hit == std::string_view::npos || (separator.empty() && hit >= text.size())) break;
    if (!parts.Push(Val::String(text.substr(at, hit - at)))) return context.StepError();
    at = hit + separator.size();
  }
  if (!parts.Push(Val::String(text.substr(at)))) return context.StepError();
  return context.NewList(parts.items());
}

Val Join(Context& context, Args args) {
  bool separated = args.size() == 2;
  if (!IsList(args[0]) || (separated && args[1].tag() != Tag::kString))
    return context.NoOverload("join", args);
  std::string out;
  for (std::size_t i = 0; i < ListSize(args[0]); ++i) {
    Val part = ListAt(args[0], i);
    if (part.is_unknown() || part.is_error()) return part;
    if (context.lenient && part.is_null()) continue;
    if (part.tag() != Tag::kString) return context.NoOverload("join", {&part, 1});
    if (i > 0 && separated) out += args[1].as_string();
    out += part.as_string();
    if (out.size() > context.limits.max_string_bytes) break;
  }
  return context.NewString(out);
}

Val Substring(Context& context, Args args) {
  bool ends = args.size() == 3;
  if (!AllStrings(args.first(1)) || !IsIndex(args[1]) || (ends && !IsIndex(args[2]))) {
    return context.NoOverload("substring", args);
  }
  std::string_view text = args[0].as_string();
  auto begin = ByteOffset(text, args[1].as_int());
  auto end = ends ? ByteOffset(text, args[2].as_int()) : text.size();
  if (!begin || !end || *begin > *end) return context.Error("substring: index out of range");
  return Val::String(text.substr(*begin, *end - *begin));
}

/// Length of the white space (Unicode White_Space) at the start.
std::size_t SpaceAt(std::string_view s) {
  if (s.empty()) return 0;
  if (s[0] == ' ' || (s[0] >= '\t' && s[0] <= '\r')) return 1;
  constexpr auto kSpaces = std::to_array<std::string_view>(
      {"\u0085", "\u00A0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005",
       "\u2006", "\u2007", "\u2008", "\u2009", "\u200A", "\u2028", "\u2029", "\u202F", "\u205F",
       "\u3000"});
  for (std::string_view space : kSpaces) {
    if (s.starts_with(space)) return space.size();
  }
  return 0;
}

Val Trim(Context& context, Args args) {
  if (!AllStrings(args)) return context.NoOverload("trim", args);
  std::string_view text = args[0].as_string();
  while (std::size_t n = SpaceAt(text)) text.remove_prefix(n);
  for (bool more = true; more;) {
    more = false;
    for (std::size_t n = 1; n <= 3 && n <= text.size() && !more; ++n) {
      more = SpaceAt(text.substr(text.size() - n)) == n;
      if (more) text.remove_suffix(n);
    }
  }
  return Val::String(text);
}

Val Reverse(Context& context, Args args) {
  if (IsList(args[0])) {
    std::size_t n = ListSize(args[0]);
    if (!context.ChargeMemory(n * sizeof(Val))) return context.StepError();
    auto items = context.arena.NewArray<Val>(n);
    for (std::size_t i = 0; i < n; ++i) items[i] = ListAt(args[0], n - 1 - i);
    return context.NewList(items);
  }
  if (!AllStrings(args)) return context.NoOverload("reverse", args);
  std::string_view text = args[0].as_string();
  std::string out(text.size(), '\0');
  std::size_t to = out.size();
  while (!text.empty()) {
    std::size_t n = CodePointSize(text);
    to -= n;
    out.replace(to, n, text.substr(0, n));
    text.remove_prefix(n);
  }
  return context.NewString(out);
}

Val Quote(Context& context, Args args) {
  if (!AllStrings(args)) return context.NoOverload("strings.quote", args);
  constexpr std::string_view kFrom = "\a\b\f\n\r\t\v\\\"";
  constexpr std::string_view kTo = "abfnrtv\\\"";
  std::string out = "\"";
  std::string_view text = args[0].as_string();
  while (!text.empty()) {
    std::size_t n = CodePointSize(text);
    if (auto at = kFrom.find(text[0]); at != std::string_view::npos) {
      out += '\\';
      out += kTo[at];
    } else {
      out += IsValidUtf8(text.substr(0, n)) ? text.substr(0, n) : std::string_view("\uFFFD");
    }
    text.remove_prefix(n);
  }
  return context.NewString(out + '"');
}

constexpr auto kBuiltins = std::to_array<Builtin>({
    {"charAt", Style::kMember, NullRule::kNull, "si>s", &CharAt},
    {"contains", Style::kMember, NullRule::kFalse, "ss>b", &Contains},
    {"endsWith", Style::kMember, NullRule::kFalse, "ss>b", &EndsWith},
    {"format", Style::kMember, NullRule::kNull, "sL>s", &FormatText},
    {"indexOf", Style::kMember, NullRule::kNull, "ss>i ssi>i", &IndexOf},
    {"join", Style::kMember, NullRule::kEmpty, "L>s Ls>s", &Join},
    {"lastIndexOf", Style::kMember, NullRule::kNull, "ss>i ssi>i", &LastIndexOf},
    {"lowerAscii", Style::kMember, NullRule::kNull, "s>s", &LowerAscii},
    {"matches", Style::kBoth, NullRule::kFalse, "ss>b", &Matches},
    {"replace", Style::kMember, NullRule::kNull, "sss>s sssi>s", &Replace},
    {"reverse", Style::kMember, NullRule::kNull, "s>s L>=", &Reverse},
    {"split", Style::kMember, NullRule::kNull, "ss>l ssi>l", &Split},
    {"startsWith", Style::kMember, NullRule::kFalse, "ss>b", &StartsWith},
    {"strings.quote", Style::kGlobal, NullRule::kNull, "s>s", &Quote},
    {"substring", Style::kMember, NullRule::kNull, "si>s sii>s", &Substring},
    {"trim", Style::kMember, NullRule::kNull, "s>s", &Trim},
    {"upperAscii", Style::kMember, NullRule::kNull, "s>s", &UpperAscii},
});
static_assert(std::ranges::is_sorted(kBuiltins, {}, &Builtin::name));

}  // namespace

std::span<const Builtin> StringBuiltins() { return kBuiltins; }

std::optional<std::string> RegexProblem(std::string_view pattern) {
  const re2::RE2& regex = Regexes().Get(pattern);
  return regex.ok() ? std::nullopt : std::optional(regex.error());
}

}  // namespace plumbline::cel
