#include "helm/ignore.h"

#include "support/fs.h"

namespace plumbline::helm {
namespace {

// One character class behind '['; moves `pattern` behind it.
bool MatchClass(std::string_view& pattern, char c, bool* matches) {
  bool negated = pattern.starts_with('^');
  if (negated) pattern.remove_prefix(1);
  bool found = false, first = true;
  while (true) {
    if (pattern.empty()) return false;
    if (pattern[0] == ']' && !first) break;
    first = false;
    auto next = [&](char* out) {
      if (pattern.starts_with('\\')) pattern.remove_prefix(1);
      if (pattern.empty()) return false;
      *out = pattern[0];
      pattern.remove_prefix(1);
      return true;
    };
    char low = 0, high = 0;
    if (!next(&low)) return false;
    high = low;
    if (pattern.starts_with('-')) {
      pattern.remove_prefix(1);
      if (!next(&high)) return false;
    }
    found |= low <= c && c <= high;
  }
  pattern.remove_prefix(1);
  *matches = found != negated;
  return true;
}

}  // namespace

bool PathMatch(std::string_view pattern, std::string_view name) {
  // Where to go on when what follows the last star does not match here.
  std::string_view star_pattern, star_name;
  bool has_star = false;
  while (true) {
    bool ok = false;
    if (pattern.empty()) {
      if (name.empty()) return true;
    } else if (pattern[0] == '*') {
      pattern.remove_prefix(1);
      star_pattern = pattern;
      star_name = name;
      has_star = true;
      continue;
    } else if (!name.empty()) {
      char c = name[0];
      std::string_view rest = pattern.substr(1);
      if (pattern[0] == '?') {
        ok = c != '/';
      } else if (pattern[0] == '[') {
        if (!MatchClass(rest, c, &ok)) return false;
      } else {
        if (pattern[0] == '\\' && !rest.empty()) {
          ok = rest[0] == c;
          rest.remove_prefix(1);
        } else {
          ok = pattern[0] == c;
        }
      }
      if (ok) {
        pattern = rest;
        name.remove_prefix(1);
        continue;
      }
    }
    if (!has_star || star_name.empty() || star_name[0] == '/') return false;
    star_name.remove_prefix(1);
    name = star_name;
    pattern = star_pattern;
  }
}

Result<IgnoreRules> IgnoreRules::Parse(std::string_view text) {
  IgnoreRules rules;
  rules.Add("templates/.?*");
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    constexpr std::string_view kBlanks = " \t\r";
    std::size_t from = line.find_first_not_of(kBlanks);
    if (from == std::string_view::npos) continue;
    line = line.substr(from, line.find_last_not_of(kBlanks) - from + 1);
    if (line.starts_with('#')) continue;
    if (line.find("**") != std::string_view::npos)
      return Fail("double-star (**) syntax is not supported");
    rules.Add(line);
  }
  return rules;
}

void IgnoreRules::Add(std::string_view line) {
  Rule rule;
  if (line.starts_with('!')) {
    rule.negated = true;
    line.remove_prefix(1);
  }
  if (line.ends_with('/')) {
    rule.directory_only = true;
    line.remove_suffix(1);
  }
  if (line.starts_with('/')) {
    rule.whole_path = true;
    line.remove_prefix(1);
  } else {
    rule.whole_path = line.find('/') != std::string_view::npos;
  }
  rule.pattern = line;
  rules_.push_back(std::move(rule));
}

bool IgnoreRules::Ignores(std::string_view path, bool is_directory) const {
  if (path.empty() || path == ".") return false;
  for (const Rule& rule : rules_) {
    bool matches = PathMatch(rule.pattern, rule.whole_path ? path : BaseName(path));
    // As Helm has it: what a negated rule does not match is ignored.
    if (rule.negated) {
      if ((rule.directory_only && !is_directory) || !matches) return true;
      continue;
    }
    if (rule.directory_only && !is_directory) continue;
    if (matches) return true;
  }
  return false;
}

}  // namespace plumbline::helm
