#include "yaml/extent.h"

namespace plumbline::yaml {
namespace {

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::size_t CountSolid(std::string_view s) {
  std::size_t n = 0;
  for (char c : s) n += !IsSpace(c);
  return n;
}

// Plain and block scalars have no escapes: folding changes only white space, so the end is found by
// counting the rest.
std::uint32_t SkipSolid(std::string_view text, std::uint32_t at, std::size_t count) {
  while (count > 0 && at < text.size()) count -= !IsSpace(text[at++]);
  return at;
}

// The offset behind the closing quote, or the text's size.
std::size_t QuotedEnd(std::string_view text, std::size_t at) {
  char quote = text[at++];
  while (at < text.size()) {
    if (quote == '"' && text[at] == '\\') {
      at += 2;
    } else if (text[at] != quote) {
      ++at;
    } else if (quote == '\'' && at + 1 < text.size() && text[at + 1] == '\'') {
      at += 2;
    } else {
      return at + 1;
    }
  }
  return std::string_view::npos;
}

}  // namespace

std::uint32_t SkipBlank(std::string_view text, std::uint32_t at) {
  while (at < text.size()) {
    if (IsSpace(text[at])) {
      ++at;
    } else if (text[at] == '#' && (at == 0 || IsSpace(text[at - 1]))) {
      while (at < text.size() && text[at] != '\n') ++at;
    } else {
      break;
    }
  }
  return at;
}

std::uint32_t SkipProperties(std::string_view text, std::uint32_t at) {
  while (at < text.size() && (text[at] == '&' || text[at] == '!')) {
    while (at < text.size() && !IsSpace(text[at])) ++at;
    at = SkipBlank(text, at);
  }
  return at;
}

std::uint32_t ScalarEnd(std::string_view text, std::uint32_t at, std::string_view value) {
  if (at >= text.size()) return at;
  char c = text[at];
  if (c == '"' || c == '\'') {
    std::size_t end = QuotedEnd(text, at);
    return static_cast<std::uint32_t>(end < text.size() ? end : text.size());
  }
  std::size_t count = CountSolid(value);
  if (c != '|' && c != '>') return SkipSolid(text, at, count);
  while (at < text.size() && !IsSpace(text[at])) ++at;  // |2-
  if (count == 0) return at;
  while (at < text.size() && text[at] != '\n') ++at;  // a comment may follow the indicator
  return SkipSolid(text, at, count);
}

std::uint32_t AliasEnd(std::string_view text, std::uint32_t at) {
  while (at < text.size() && !IsSpace(text[at]) &&
         std::string_view(",[]{}").find(text[at]) == std::string_view::npos) {
    ++at;
  }
  return at;
}

std::uint32_t FlowEnd(std::string_view text, std::uint32_t at, char close) {
  std::uint32_t i = at;
  while (i < text.size()) {
    i = SkipBlank(text, i);
    if (i >= text.size()) break;
    if (text[i] == close) return i + 1;
    if (text[i] != ',' && text[i] != ':' && text[i] != '?') break;
    ++i;
  }
  return at;
}

std::size_t FindUnclosedQuote(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    at = SkipBlank(text, static_cast<std::uint32_t>(at));
    if (at >= text.size()) break;
    if (text[at] == '"' || text[at] == '\'') {
      std::size_t end = QuotedEnd(text, at);
      if (end > text.size()) return at;
      at = end;
      continue;
    }
    // A quote opens a scalar only at the beginning of a token.
    while (at < text.size() && !IsSpace(text[at]) &&
           std::string_view("[{,").find(text[at]) == std::string_view::npos) {
      ++at;
    }
    while (at < text.size() && std::string_view("[{,").find(text[at]) != std::string_view::npos) {
      ++at;
    }
  }
  return std::string_view::npos;
}

}  // namespace plumbline::yaml
