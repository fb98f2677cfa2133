// Regular expressions: Go's regexp through RE2, which has the same syntax and the same rules of
// matching.
#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "helm/functions/common.h"

namespace plumbline::helm {
namespace {

std::string_view ErrorText(const RE2& re) {
  switch (re.error_code()) {
    case RE2::ErrorBadEscape:
      return "invalid escape sequence";
    case RE2::ErrorBadCharClass:
      return "invalid character class";
    case RE2::ErrorBadCharRange:
      return "invalid character class range";
    case RE2::ErrorMissingBracket:
      return "missing closing ]";
    case RE2::ErrorMissingParen:
      return re.error().find("missing") == std::string::npos ? "unexpected )" : "missing closing )";
    case RE2::ErrorTrailingBackslash:
      return "trailing backslash at end of expression";
    case RE2::ErrorRepeatArgument:
      return "missing argument to repetition operator";
    case RE2::ErrorRepeatSize:
      return "invalid repeat count";
    case RE2::ErrorRepeatOp:
      return "invalid nested repetition operator";
    case RE2::ErrorBadPerlOp:
      return "invalid or unsupported Perl syntax";
    case RE2::ErrorBadUTF8:
      return "invalid UTF-8";
    case RE2::ErrorBadNamedCapture:
      return "invalid named capture";
    case RE2::ErrorPatternTooLarge:
      return "expression too large";
    default:
      return "unexpected )";
  }
}

class Regex {
 public:
  explicit Regex(std::string_view pattern)
      : pattern_(pattern), re_(re2::StringPiece(pattern.data(), pattern.size()), Options()) {}

  bool ok() const { return re_.ok(); }
  std::string Error() const {
    std::string arg(re_.error_arg());
    // RE2 names only what follows the parenthesis that is not closed.
    if (re_.error_code() == RE2::ErrorMissingParen) arg = pattern_;
    return fmt::format("error parsing regexp: {}: `{}`", ErrorText(re_), arg);
  }

  /// Where the first match behind `at` starts and ends, and its groups.
  bool Match(std::string_view s, std::size_t at, std::vector<re2::StringPiece>& groups) const {
    groups.resize(static_cast<std::size_t>(re_.NumberOfCapturingGroups()) + 1);
    return re_.Match(re2::StringPiece(s.data(), s.size()), at, s.size(), RE2::UNANCHORED,
                     groups.data(), static_cast<int>(groups.size()));
  }
  const RE2& re() const { return re_; }

 private:
  static RE2::Options Options() {
    RE2::Options options;
    options.set_log_errors(false);
    return options;
  }
  std::string_view pattern_;
  RE2 re_;
};

struct Found {
  std::size_t begin = 0, end = 0;
};

std::size_t WidthAt(std::string_view s, std::size_t at) {
  if (at >= s.size()) return 0;
  std::size_t width = 0;
  gotmpl::DecodeUtf8(s.substr(at), &width);
  return width;
}

Found Whole(std::string_view s, const std::vector<re2::StringPiece>& groups) {
  auto begin = static_cast<std::size_t>(groups[0].data() - s.data());
  return {begin, begin + groups[0].size()};
}

// All matches, at most `limit` if it is not negative. An empty one behind another does not count.
std::vector<Found> AllMatches(const Regex& re, std::string_view s, std::int64_t limit) {
  std::vector<Found> found;
  std::vector<re2::StringPiece> groups;
  std::size_t at = 0, last_end = std::string_view::npos;
  while (at <= s.size() && (limit < 0 || static_cast<std::int64_t>(found.size()) < limit)) {
    if (!re.Match(s, at, groups)) break;
    Found m = Whole(s, groups);
    bool accept = true;
    if (m.end == at) {
      accept = m.begin != last_end;
      std::size_t width = WidthAt(s, at);
      at = width > 0 ? at + width : s.size() + 1;
    } else {
      at = m.end;
    }
    last_end = m.end;
    if (accept) found.push_back(m);
  }
  return found;
}

// The must functions fail where the others panic; templates see the same but for the words.
template <bool kMust>
bool FailBad(Call& call, const Regex& re) {
  if (kMust) return call.Fail(re.Error());
  return call.Fail(fmt::format("regexp: Compile({}): {}", BackQuoted(call.Text(0)), re.Error()));
}

bool RegexMatch(Call& call) {
  Regex re(call.Text(0));
  std::vector<re2::StringPiece> groups;
  return ReturnBool(call, re.ok() && re.Match(call.Text(1), 0, groups));
}

bool MustRegexMatch(Call& call) {
  Regex re(call.Text(0));
  std::vector<re2::StringPiece> groups;
  if (!re.ok()) return call.Fail(re.Error());
  return ReturnBool(call, re.Match(call.Text(1), 0, groups));
}

template <bool kMust>
bool RegexFind(Call& call) {
  Regex re(call.Text(0));
  if (!re.ok()) return FailBad<kMust>(call, re);
  std::vector<re2::StringPiece> groups;
  std::string_view s = call.Text(1);
  if (!re.Match(s, 0, groups)) return call.Return(Value::String(""));
  Found m = Whole(s, groups);
  OriginId origin =
      call.heap.ShiftOrigin(call.args[1].origin(), std::ranges::count(s.substr(0, m.begin), '\n'));
  return call.Return(Value::String(s.substr(m.begin, m.end - m.begin), origin));
}

template <bool kMust>
bool RegexFindAll(Call& call) {
  Regex re(call.Text(0));
  if (!re.ok()) return FailBad<kMust>(call, re);
  std::string_view s = call.Text(1);
  std::vector<std::string_view> texts;
  for (Found m : AllMatches(re, s, call.Int(2)))
    texts.push_back(s.substr(m.begin, m.end - m.begin));
  if (texts.empty()) return call.Return(call.heap.NilList(Element::kString));
  return ReturnTexts(call, texts);
}

template <bool kMust>
bool RegexSplit(Call& call) {
  Regex re(call.Text(0));
  if (!re.ok()) return FailBad<kMust>(call, re);
  std::string_view s = call.Text(1);
  std::int64_t limit = call.Int(2);
  if (limit == 0) return call.Return(call.heap.NilList(Element::kString));
  std::vector<std::string_view> parts;
  if (!call.Text(0).empty() && s.empty()) {
    parts.push_back("");
    return ReturnTexts(call, parts);
  }
  std::size_t begin = 0, end = 0;
  for (Found m : AllMatches(re, s, limit)) {
    if (limit > 0 && static_cast<std::int64_t>(parts.size()) == limit - 1) break;
    end = m.begin;
    if (m.end != 0) parts.push_back(s.substr(begin, end - begin));
    begin = m.end;
  }
  if (end != s.size()) parts.push_back(s.substr(begin));
  return ReturnTexts(call, parts);
}

bool IsNameChar(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// `rest` starts behind a $: the name of a group, and what follows it.
bool TakeName(std::string_view& rest, std::string_view* name) {
  bool braces = rest.starts_with('{');
  std::string_view s = braces ? rest.substr(1) : rest;
  std::size_t n = 0;
  while (n < s.size() && IsNameChar(s[n])) ++n;
  if (n == 0 || (braces && (n == s.size() || s[n] != '}'))) return false;
  *name = s.substr(0, n);
  rest = s.substr(braces ? n + 1 : n);
  return true;
}

// What a replacement's $1 and ${name} stand for.
void Expand(std::string& out, std::string_view replacement, const Regex& re,
            const std::vector<re2::StringPiece>& groups) {
  for (std::size_t at = 0; (at = replacement.find('$')) != std::string_view::npos;) {
    out += replacement.substr(0, at);
    replacement.remove_prefix(at + 1);
    std::string_view name;
    if (replacement.starts_with('$')) {
      out += '$';
      replacement.remove_prefix(1);
      continue;
    }
    if (!TakeName(replacement, &name)) {
      out += '$';
      continue;
    }
    std::size_t index = groups.size();
    bool digits = name.find_first_not_of("0123456789") == std::string_view::npos;
    if (digits && !(name.size() > 1 && name[0] == '0') && name.size() < 9) {
      index = static_cast<std::size_t>(ParseInt(name, 10).value_or(0));
    } else {
      const auto& names = re.re().NamedCapturingGroups();
      auto it = names.find(std::string(name));
      if (it != names.end()) index = static_cast<std::size_t>(it->second);
    }
    if (index < groups.size())
      out.append(groups[index].data() != nullptr ? groups[index].data() : "", groups[index].size());
  }
  out += replacement;
}

template <bool kMust, bool kLiteral>
bool RegexReplaceAll(Call& call) {
  Regex re(call.Text(0));
  if (!re.ok()) return FailBad<kMust>(call, re);
  std::string_view s = call.Text(1), replacement = call.Text(2);
  std::string out;
  std::vector<re2::StringPiece> groups;
  std::size_t last = 0, at = 0;
  while (at <= s.size() && re.Match(s, at, groups)) {
    Found m = Whole(s, groups);
    out += s.substr(last, m.begin - last);
    // An empty match behind another is none.
    if (m.end > last || m.begin == 0) {
      if (kLiteral) {
        out += replacement;
      } else {
        Expand(out, replacement, re, groups);
      }
    }
    if (out.size() > kMaxText) return FailTooLong(call);
    last = m.end;
    std::size_t width = WidthAt(s, at);
    if (at + width > m.end) {
      at += width;
    } else if (at + 1 > m.end) {
      ++at;
    } else {
      at = m.end;
    }
  }
  out += s.substr(std::min(last, s.size()));
  bool same_lines = std::ranges::count(out, '\n') == std::ranges::count(s, '\n');
  return ReturnText(call, out, same_lines ? call.args[1].origin() : 0);
}

bool RegexQuoteMeta(Call& call) {
  std::string out;
  for (char c : call.Text(0)) {
    if (std::string_view("\\.+*?()|[]{}^$").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return ReturnText(call, out, call.args[0].origin());
}

constexpr auto kFunctions = std::to_array<Function>({
    {"mustRegexFind", "ss", RegexFind<true>},
    {"mustRegexFindAll", "ssi", RegexFindAll<true>},
    {"mustRegexMatch", "ss", MustRegexMatch},
    {"mustRegexReplaceAll", "sss", RegexReplaceAll<true, false>},
    {"mustRegexReplaceAllLiteral", "sss", RegexReplaceAll<true, true>},
    {"mustRegexSplit", "ssi", RegexSplit<true>},
    {"regexFind", "ss", RegexFind<false>},
    {"regexFindAll", "ssi", RegexFindAll<false>},
    {"regexMatch", "ss", RegexMatch},
    {"regexQuoteMeta", "s", RegexQuoteMeta},
    {"regexReplaceAll", "sss", RegexReplaceAll<false, false>},
    {"regexReplaceAllLiteral", "sss", RegexReplaceAll<false, true>},
    {"regexSplit", "ssi", RegexSplit<false>},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

std::span<const Function> RegexFunctions() { return kFunctions; }

}  // namespace plumbline::helm
