#include "gitops/glob.h"

#include <re2/re2.h>

#include <string>

namespace plumbline::gitops {
namespace {

// The class that starts at `at` as a regular expression; empty when it does not end.
std::string Class(std::string_view pattern, std::size_t& at) {
  std::size_t i = at + 1;
  bool negated = i < pattern.size() && (pattern[i] == '^' || pattern[i] == '!');
  i += negated ? 1 : 0;
  std::string out = negated ? "[^/" : "[";
  for (bool first = true; i < pattern.size() && (pattern[i] != ']' || first); ++i) {
    first = false;
    if (pattern[i] == '\\' || pattern[i] == '[' || pattern[i] == ']' || pattern[i] == '^') {
      out += '\\';
    }
    out += pattern[i];
  }
  if (i >= pattern.size()) return {};
  at = i;
  return out + "]";
}

std::string ToRegex(std::string_view pattern, GlobKind kind) {
  bool crosses = kind == GlobKind::kCrossing;
  std::string out;
  int braces = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    if (crosses && pattern.substr(i).starts_with("/**/")) {
      out += "/(?:.*/)?";
      i += 3;
    } else if (c == '*') {
      while (i + 1 < pattern.size() && pattern[i + 1] == '*') ++i;
      out += crosses ? ".*" : "[^/]*";
    } else if (c == '?') {
      out += crosses ? "." : "[^/]";
    } else if (c == '[') {
      std::string inner = Class(pattern, i);
      if (inner.empty()) return "(";  // malformed
      out += inner;
    } else if (crosses && (c == '{' || c == '}' || (c == ',' && braces > 0))) {
      braces += c == '{' ? 1 : c == '}' ? -1 : 0;
      out += c == '{' ? "(?:" : c == '}' ? ")" : "|";
    } else {
      if (c == '\\' && i + 1 < pattern.size()) c = pattern[++i];
      out += re2::RE2::QuoteMeta(re2::StringPiece(&c, 1));
    }
  }
  return out;
}

}  // namespace

Glob::Glob(std::string_view pattern, GlobKind kind) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_dot_nl(true);
  options.set_encoding(re2::RE2::Options::EncodingLatin1);
  regex_ = std::make_unique<re2::RE2>(ToRegex(pattern, kind), options);
}

Glob::~Glob() = default;
Glob::Glob(Glob&&) noexcept = default;

bool Glob::Matches(std::string_view text) const {
  return regex_->ok() && re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()), *regex_);
}

bool HasWildcard(std::string_view text) {
  return text.find_first_of("*?[{\\") != std::string_view::npos;
}

}  // namespace plumbline::gitops
