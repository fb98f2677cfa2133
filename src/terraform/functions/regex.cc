// regex(), regexall() and replace(), by RE2: the same language as Go's regexp. How matches follow
// each other (empty matches, steps of one code point) is Go's.
#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <string>
#include <vector>

#include "terraform/functions/registry.h"

namespace plumbline::terraform::functions {
namespace {

// Go also writes (?P<name>…) as (?<name>…), which this RE2 may not know.
std::string GoPattern(std::string_view pattern) {
  std::string out;
  bool in_class = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    out += c;
    if (c == '\\' && i + 1 < pattern.size()) {
      out += pattern[++i];
    } else if (c == '[') {
      in_class = true;
    } else if (c == ']') {
      in_class = false;
    } else if (c == '(' && !in_class && pattern.substr(i + 1, 2) == "?<" &&
               i + 3 < pattern.size() && pattern[i + 3] != '=' && pattern[i + 3] != '!') {
      out += "?P<";
      i += 2;
    }
  }
  return out;
}

class Pattern {
 public:
  explicit Pattern(std::string_view text)
      : re_(GoPattern(text), Options()), bytes_(MatchesBytes(text)) {}

  Result<void> Check(std::string_view function) const {
    if (bytes_) {
      return Fail(fmt::format(
          "{}() got an invalid regular expression: \\C, a single byte, is not allowed", function));
    }
    if (re_.ok()) return {};
    return Fail(fmt::format("{}() got an invalid regular expression: {}", function, re_.error()));
  }
  const RE2& re() const { return re_; }
  int groups() const { return re_.NumberOfCapturingGroups(); }

  /// The first match at or behind `at`; group 0 is all of it.
  bool Match(std::string_view text, std::size_t at, std::vector<re2::StringPiece>& found) const {
    found.assign(static_cast<std::size_t>(groups()) + 1, {});
    return at <= text.size() &&
           re_.Match(re2::StringPiece(text.data(), text.size()), at, text.size(), RE2::UNANCHORED,
                     found.data(), static_cast<int>(found.size()));
  }

 private:
  static RE2::Options Options() {
    RE2::Options o;
    o.set_log_errors(false);
    return o;
  }
  // \C, which RE2 knows and Terraform does not.
  static bool MatchesBytes(std::string_view pattern) {
    for (std::size_t i = 0; i + 1 < pattern.size(); ++i) {
      if (pattern[i] != '\\') continue;
      if (pattern[i + 1] == 'C') return true;
      if (pattern[i + 1] == 'Q') i = std::min(pattern.find("\\E", i), pattern.size()) - 1;
      ++i;
    }
    return false;
  }

  RE2 re_;
  bool bytes_ = false;
};

std::size_t RuneLength(std::string_view s, std::size_t at) {
  std::size_t n = 1;
  while (at + n < s.size() && n < 4 && (static_cast<unsigned char>(s[at + n]) & 0xC0) == 0x80) ++n;
  return n;
}

// string, a tuple of strings for plain groups, an object of strings for named ones.
Result<const Type*> MatchType(Arena& arena, const Pattern& p, std::string_view function) {
  PL_CHECK_OK(p.Check(function));
  const auto& names = p.re().CapturingGroupNames();
  if (p.groups() == 0) return StringType();
  if (names.empty()) {
    std::vector<const Type*> elements(static_cast<std::size_t>(p.groups()), StringType());
    return TupleType(arena, elements);
  }
  if (names.size() != static_cast<std::size_t>(p.groups())) {
    return Fail(fmt::format("{}() cannot use named and unnamed groups in one regular expression",
                            function));
  }
  std::vector<TypeAttr> attrs;
  for (const auto& [i, name] : names) {
    if (std::ranges::find(attrs, name, &TypeAttr::name) == attrs.end())
      attrs.push_back({arena.CopyString(name), StringType()});
  }
  return ObjectType(arena, attrs);
}

Result<const Type*> RegexType(Call& call) {
  if (call.args[0].is_unknown()) return DynamicType();
  return MatchType(call.arena, Pattern(call.args[0].as_string()), call.name);
}

Result<const Type*> RegexAllType(Call& call) {
  PL_TRY(const Type* t, RegexType(call));
  return ListType(call.arena, t);
}

Value Group(const re2::StringPiece& s) {
  return s.data() == nullptr ? Value::Null(StringType()) : Value::String({s.data(), s.size()});
}

// The matched text lies in the subject, which outlives the result.
Value MatchValue(Call& call, const Pattern& p, const std::vector<re2::StringPiece>& found) {
  if (p.groups() == 0) return Group(found[0]);
  const auto& names = p.re().CapturingGroupNames();
  if (names.empty()) {
    std::vector<Value> items;
    for (std::size_t i = 1; i < found.size(); ++i) items.push_back(Group(found[i]));
    return MakeTuple(call.arena, items);
  }
  std::vector<Member> members;
  for (const auto& [i, name] : names)
    members.push_back({name, Group(found[static_cast<std::size_t>(i)])});
  return MakeObject(call.arena, members);
}

Result<Value> Regex(Call& call) {
  Pattern p(call.args[0].as_string());
  PL_CHECK_OK(MatchType(call.arena, p, call.name));
  std::vector<re2::StringPiece> found;
  if (!p.Match(call.args[1].as_string(), 0, found))
    return Fail("regex() found no match of the pattern in the string");
  return MatchValue(call, p, found);
}

Result<Value> RegexAll(Call& call) {
  Pattern p(call.args[0].as_string());
  PL_TRY(const Type* type, MatchType(call.arena, p, call.name));
  std::string_view text = call.args[1].as_string();
  std::vector<Value> out;
  std::vector<re2::StringPiece> found;
  const char* previous_end = nullptr;
  for (std::size_t at = 0; p.Match(text, at, found);) {
    const char* end = found[0].data() + found[0].size();
    auto end_at = static_cast<std::size_t>(end - text.data());
    bool accept = true;
    if (end_at == at) {
      accept = found[0].data() != previous_end;  // no empty match right behind another match
      at += at < text.size() ? RuneLength(text, at) : 1;
    } else {
      at = end_at;
    }
    previous_end = end;
    if (accept) out.push_back(MatchValue(call, p, found));
  }
  return MakeList(call.arena, type, out);
}

bool IsWordByte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// Appends the group called `name`: a number or a name; nothing when there is none.
void AppendGroup(std::string& out, std::string_view name, const Pattern& p,
                 const std::vector<re2::StringPiece>& found) {
  std::size_t index = found.size();
  if (std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; })) {
    if (name.size() < 6) index = static_cast<std::size_t>(std::stoul(std::string(name)));
  } else {
    auto it = p.re().NamedCapturingGroups().find(std::string(name));
    if (it != p.re().NamedCapturingGroups().end()) index = static_cast<std::size_t>(it->second);
  }
  if (index < found.size())
    out.append(found[index].data() != nullptr ? found[index].data() : "", found[index].size());
}

// Go's Expand: $1, ${1}, $name (the longest run of letters, digits and _), $$.
void Expand(std::string& out, std::string_view with, const Pattern& p,
            const std::vector<re2::StringPiece>& found) {
  while (!with.empty()) {
    std::size_t dollar = std::min(with.find('$'), with.size());
    out += with.substr(0, dollar);
    with.remove_prefix(dollar);
    if (with.empty()) return;
    if (with.starts_with("$$")) {
      out += '$';
      with.remove_prefix(2);
      continue;
    }
    bool braces = with.starts_with("${");
    std::size_t begin = braces ? 2 : 1, end = begin;
    while (end < with.size() && IsWordByte(with[end])) ++end;
    bool valid = end > begin && (!braces || (end < with.size() && with[end] == '}'));
    if (!valid) {
      out += '$';
      with.remove_prefix(1);
      continue;
    }
    AppendGroup(out, with.substr(begin, end - begin), p, found);
    with.remove_prefix(end + (braces ? 1 : 0));
  }
}

Result<std::string> ReplacePattern(Call& call, std::string_view text, std::string_view pattern,
                                   std::string_view with) {
  Pattern p(pattern);
  PL_CHECK_OK(p.Check(call.name));
  std::string out;
  std::vector<re2::StringPiece> found;
  std::size_t last_end = 0;
  for (std::size_t at = 0; p.Match(text, at, found);) {
    auto begin = static_cast<std::size_t>(found[0].data() - text.data());
    std::size_t end = begin + found[0].size();
    out += text.substr(last_end, begin - last_end);
    if (end > last_end || begin == 0) Expand(out, with, p, found);
    if (out.size() > call.context.limits.max_string_bytes)
      return Fail("replace() would make a string over the limit");
    last_end = end;
    std::size_t step = at < text.size() ? RuneLength(text, at) : 1;
    at = std::max(at + step > end ? at + step : end, at + 1);
  }
  out += text.substr(std::min(last_end, text.size()));
  return out;
}

Result<std::string> ReplaceText(Call& call, std::string_view text, std::string_view what,
                                std::string_view with) {
  std::string out;
  auto over = [&] { return out.size() > call.context.limits.max_string_bytes; };
  if (what.empty()) {  // before each code point and at the end
    while (!text.empty() && !over()) {
      std::size_t n = RuneLength(text, 0);
      out += with;
      out += text.substr(0, n);
      text.remove_prefix(n);
    }
    out += with;
  } else {
    for (std::size_t at = text.find(what); at != std::string_view::npos && !over();
         at = text.find(what)) {
      out += text.substr(0, at);
      out += with;
      text.remove_prefix(at + what.size());
    }
    out += text;
  }
  if (over()) return Fail("replace() would make a string over the limit");
  return out;
}

Result<Value> Replace(Call& call) {
  std::string_view text = call.args[0].as_string(), what = call.args[1].as_string(),
                   with = call.args[2].as_string();
  bool pattern = what.size() > 1 && what.front() == '/' && what.back() == '/';
  PL_TRY(std::string out, pattern
                              ? ReplacePattern(call, text, what.substr(1, what.size() - 2), with)
                              : ReplaceText(call, text, what, with));
  return Text(call, out);
}

using enum Accepts;

constexpr auto kFunctions = std::to_array<Function>({
    {"regex", {{{kString}, {kString}}}, {}, Returns::kVaries, &Regex, &RegexType},
    {"regexall", {{{kString}, {kString}}}, {}, Returns::kVaries, &RegexAll, &RegexAllType},
    {"replace", {{{kString}, {kString}, {kString}}}, {}, Returns::kString, &Replace},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

std::span<const Function> RegexFunctions() { return kFunctions; }

}  // namespace plumbline::terraform::functions
