// Globs over paths, as .gitignore writes them: `*` and `?` stay within a segment, `**` spans
// segments.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plumbline::scan {

/// Matches one path segment: `*`, `?`, `[a-z]`, `[!a]`, and `\` before a literal. Linear in both
/// for one `*`.
bool MatchSegment(std::string_view pattern, std::string_view text);
/// Matches a whole relative path; a `**` segment stands for any number of segments.
bool MatchPath(std::string_view pattern, std::string_view path);
/// Matches any text, '/' included: `*` and `?` only; ASCII case is ignored. For rule ids and
/// resource addresses.
bool MatchText(std::string_view pattern, std::string_view text);

/// Patterns with .gitignore's rules: the last match decides, `!` takes back, a trailing `/` wants a
/// folder, a pattern without an inner `/` matches at any depth.
class PatternList {
 public:
  enum class Decision { kNone, kMatch, kUnmatch };

  static PatternList Parse(std::string_view text);
  static PatternList Of(const std::vector<std::string>& patterns);

  bool empty() const { return patterns_.empty(); }
  /// `path` is relative to the list's folder.
  Decision Decide(std::string_view path, bool is_directory) const;
  /// True when the path itself or a folder above it matches.
  bool Covers(std::string_view file_path) const;

 private:
  struct Pattern {
    std::string glob;
    bool negated = false, directory_only = false, anchored = false;
  };
  void Add(std::string_view line);

  std::vector<Pattern> patterns_;
};

}  // namespace plumbline::scan
