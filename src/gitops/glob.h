// Patterns for paths, matched in linear time.
#pragma once

#include <memory>
#include <string_view>

namespace re2 {
class RE2;
}

namespace plumbline::gitops {

enum class GlobKind : std::uint8_t {
  kSegments,  // Go's path.Match: `*` and `?` stay within a path element
  kCrossing,  // `*` goes across elements (git's pathspecs, Argo CD's include); `{a,b}`
};

class Glob {
 public:
  Glob(std::string_view pattern, GlobKind kind);
  ~Glob();
  Glob(Glob&&) noexcept;
  /// False for every text when the pattern is malformed.
  bool Matches(std::string_view text) const;

 private:
  std::unique_ptr<re2::RE2> regex_;
};

/// Whether the text has a character that a pattern gives a meaning to.
bool HasWildcard(std::string_view text);

}  // namespace plumbline::gitops
