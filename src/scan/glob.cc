// Backtracking goes only to the last star (of a segment, and of the path), which is enough for
// globs and keeps hostile patterns from taking exponential time. Reference: gitignore(5).
#include "scan/glob.h"

#include <algorithm>

namespace plumbline::scan {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

// Matches `c` against the class at pattern[at] == '['; moves `at` behind it. An unclosed class is a
// literal '['.
bool MatchClass(std::string_view pattern, std::size_t& at, char c) {
  std::size_t i = at + 1;
  bool negated = i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^');
  if (negated) ++i;
  std::size_t first = i;
  bool matched = false;
  for (; i < pattern.size() && (pattern[i] != ']' || i == first); ++i) {
    char low = pattern[i], high = low;
    if (i + 2 < pattern.size() && pattern[i + 1] == '-' && pattern[i + 2] != ']') {
      high = pattern[i + 2];
      i += 2;
    }
    matched = matched || (low <= c && c <= high);
  }
  if (i >= pattern.size()) {
    ++at;
    return c == '[';
  }
  at = i + 1;
  return matched != negated;
}

// One pattern element other than '*' against one character; moves `at` behind the element.
bool MatchOne(std::string_view pattern, std::size_t& at, char c) {
  switch (pattern[at]) {
    case '?':
      ++at;
      return true;
    case '[':
      return MatchClass(pattern, at, c);
    case '\\':
      if (at + 1 < pattern.size()) ++at;
      break;
    default:
      break;
  }
  return pattern[at++] == c;
}

std::vector<std::string_view> Segments(std::string_view path) {
  std::vector<std::string_view> out;
  for (std::size_t i = 0; i <= path.size();) {
    std::size_t end = std::min(path.find('/', i), path.size());
    if (end > i) out.push_back(path.substr(i, end - i));
    i = end + 1;
  }
  return out;
}

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

}  // namespace

bool MatchSegment(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = kNone, star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = ++p;
      star_text = t;
      continue;
    }
    if (p < pattern.size() && MatchOne(pattern, p, text[t])) {
      ++t;
      continue;
    }
    if (star == kNone) return false;
    p = star;
    t = ++star_text;
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool MatchPath(std::string_view pattern, std::string_view path) {
  std::vector<std::string_view> ps = Segments(pattern), ts = Segments(path);
  std::size_t p = 0, t = 0, star = kNone, star_text = 0;
  while (t < ts.size()) {
    if (p < ps.size() && ps[p] == "**") {
      star = ++p;
      star_text = t;
      continue;
    }
    if (p < ps.size() && MatchSegment(ps[p], ts[t])) {
      ++p;
      ++t;
      continue;
    }
    if (star == kNone) return false;
    p = star;
    t = ++star_text;
  }
  // A final `**` wants something inside; elsewhere it may stand for nothing.
  while (p + 1 < ps.size() && ps[p] == "**") ++p;
  return p == ps.size();
}

bool MatchText(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = kNone, star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = ++p;
      star_text = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || Lower(pattern[p]) == Lower(text[t]))) {
      ++p;
      ++t;
    } else if (star != kNone) {
      p = star;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

PatternList PatternList::Parse(std::string_view text) {
  PatternList list;
  for (std::size_t i = 0; i <= text.size();) {
    std::size_t end = std::min(text.find('\n', i), text.size());
    list.Add(text.substr(i, end - i));
    i = end + 1;
  }
  return list;
}

PatternList PatternList::Of(const std::vector<std::string>& patterns) {
  PatternList list;
  for (const std::string& p : patterns) list.Add(p);
  return list;
}

void PatternList::Add(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  while (line.ends_with(' ') && !line.ends_with("\\ ")) line.remove_suffix(1);
  if (line.empty() || line[0] == '#') return;
  Pattern p;
  if (line[0] == '!') {
    p.negated = true;
    line.remove_prefix(1);
  }
  if (line.starts_with("./")) line.remove_prefix(2);
  if (line.ends_with('/')) {
    p.directory_only = true;
    line.remove_suffix(1);
  }
  p.anchored = line.find('/') != kNone;
  if (line.starts_with('/')) line.remove_prefix(1);
  if (line.empty()) return;
  p.glob = line;
  patterns_.push_back(std::move(p));
}

PatternList::Decision PatternList::Decide(std::string_view path, bool is_directory) const {
  std::size_t slash = path.rfind('/');
  std::string_view name = slash == kNone ? path : path.substr(slash + 1);
  for (auto p = patterns_.rbegin(); p != patterns_.rend(); ++p) {
    if (p->directory_only && !is_directory) continue;
    bool match = p->anchored ? MatchPath(p->glob, path) : MatchSegment(p->glob, name);
    if (match) return p->negated ? Decision::kUnmatch : Decision::kMatch;
  }
  return Decision::kNone;
}

bool PatternList::Covers(std::string_view file_path) const {
  for (std::size_t slash = file_path.find('/'); slash != kNone;
       slash = file_path.find('/', slash + 1)) {
    if (Decide(file_path.substr(0, slash), true) == Decision::kMatch) return true;
  }
  return Decide(file_path, false) == Decision::kMatch;
}

}  // namespace plumbline::scan
