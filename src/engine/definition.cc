#include "engine/definition.h"

#include <fmt/format.h>

#include <charconv>

#include "engine/image.h"

namespace plumbline::engine {
namespace {

// Reads `["key"]`, `[3]` or `[it]` at `text[at]`; false when it is neither.
bool ParseBracket(std::string_view text, std::string_view element, std::size_t& at, PathText& out) {
  ++at;
  if (at < text.size() && (text[at] == '"' || text[at] == '\'')) {
    const char quote = text[at++];
    const std::size_t end = text.find(quote, at);
    if (end == std::string_view::npos || end + 1 >= text.size() || text[end + 1] != ']')
      return false;
    out.push_back({std::string(text.substr(at, end - at)), -1});
    at = end + 2;
    return true;
  }
  if (!element.empty() && text.substr(at).starts_with(element) &&
      text.substr(at + element.size()).starts_with(']')) {
    out.push_back({std::string(element), kElementStep});
    at += element.size() + 1;
    return true;
  }
  std::int32_t index = -1;
  auto [p, ec] = std::from_chars(text.data() + at, text.data() + text.size(), index);
  if (ec != std::errc() || index < 0 || p == text.data() + text.size() || *p != ']') return false;
  out.push_back({"", index});
  at = static_cast<std::size_t>(p - text.data()) + 1;
  return true;
}

}  // namespace

std::optional<PathText> ParsePath(std::string_view text, std::string_view element) {
  PathText out;
  if (text == ".") return out;
  std::size_t at = 0;
  bool need_key = true;  // at the start and behind a dot
  while (at < text.size()) {
    if (text[at] == '[') {
      if (need_key && at != 0) return std::nullopt;
      if (!ParseBracket(text, element, at, out)) return std::nullopt;
      need_key = false;
    } else if (text[at] == '.') {
      if (need_key) return std::nullopt;
      ++at;
      need_key = true;
    } else {
      if (!need_key) return std::nullopt;
      const std::size_t end = std::min(text.find_first_of(".[", at), text.size());
      const std::string_view key = text.substr(at, end - at);
      if (key.find_first_of(" \t\n\"'](){},") != std::string_view::npos) return std::nullopt;
      out.push_back({std::string(key), -1});
      at = end;
      need_key = false;
    }
  }
  if (need_key) return std::nullopt;
  return out;
}

void Definitions::Error(Span span, const std::string& message) {
  if (!span.valid()) {
    errors.push_back(message);
    return;
  }
  errors.push_back(
      fmt::format("{}:{}: {}", sources.Path(span.file), sources.Start(span).line, message));
}

}  // namespace plumbline::engine
