// .helmignore: like .gitignore at first sight, but with rules of its own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"

namespace plumbline::helm {

class IgnoreRules {
 public:
  /// The rules that hold in every chart, and those of a .helmignore file's text.
  static Result<IgnoreRules> Parse(std::string_view text);
  /// `path` is relative to the chart.
  bool Ignores(std::string_view path, bool is_directory) const;

 private:
  struct Rule {
    std::string pattern;
    bool negated = false, directory_only = false, whole_path = false;
  };
  void Add(std::string_view line);
  std::vector<Rule> rules_;
};

/// Go's path.Match: `*` and `?` within one path element, [classes], backslash escapes.
bool PathMatch(std::string_view pattern, std::string_view name);

}  // namespace plumbline::helm
