#include "engine/yaml_reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace plumbline::engine {

MappingReader::MappingReader(Definitions& definitions, const yaml::Node& node, std::string what)
    : definitions_(definitions), node_(node), what_(std::move(what)), ok_(node.value.is_mapping()) {
  if (!ok_) Error(node.span, "must be a mapping");
}

void MappingReader::Error(Span span, const std::string& message) {
  definitions_.Error(span, fmt::format("{} {}", what_, message));
}

void MappingReader::Known(std::initializer_list<std::string_view> known) {
  std::vector<std::string_view> seen;
  for (const yaml::Entry& e : node_.entries) {
    if (std::find(known.begin(), known.end(), e.key) == known.end()) {
      Error(e.key_span,
            fmt::format("has an unknown key \"{}\"; known are {}", e.key, fmt::join(known, ", ")));
    }
    if (std::find(seen.begin(), seen.end(), e.key) != seen.end()) {
      Error(e.key_span, fmt::format("has the key \"{}\" twice", e.key));
    }
    seen.push_back(e.key);
  }
}

std::optional<SourceText> MappingReader::TextOf(const yaml::Node& node, std::string_view key) {
  if (!node.value.is_string()) {
    Error(node.span,
          fmt::format("needs a text for \"{}\" (quote it when YAML reads it as something else)",
                      key));
    return std::nullopt;
  }
  return SourceText{std::string(node.value.as_string()), node.span};
}

std::optional<PathText> MappingReader::PathOf(const yaml::Node& node, std::string_view key) {
  auto text = TextOf(node, key);
  if (!text) return std::nullopt;
  auto path = ParsePath(text->text);
  if (!path) Error(node.span, fmt::format("has no path in \"{}\": \"{}\"", key, text->text));
  return path;
}

SourceText MappingReader::Text(std::string_view key, bool required) {
  auto text = OptionalText(key);
  if (text && !text->text.empty()) return *text;
  if (required && Find(key) == nullptr) Error(node_.span, fmt::format("needs the key \"{}\"", key));
  if (required && text)
    Error(text->span, fmt::format("needs a text that is not empty for \"{}\"", key));
  return text.value_or(SourceText{"", node_.span});
}

std::optional<SourceText> MappingReader::OptionalText(std::string_view key) {
  const yaml::Node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  return TextOf(*node, key);
}

bool MappingReader::Bool(std::string_view key, bool fallback) {
  const yaml::Node* node = Find(key);
  if (node == nullptr) return fallback;
  if (node->value.is_bool()) return node->value.as_bool();
  Error(node->span, fmt::format("needs true or false for \"{}\"", key));
  return fallback;
}

std::vector<SourceText> MappingReader::Texts(std::string_view key, bool lift) {
  std::vector<SourceText> out;
  const yaml::Node* node = Find(key);
  if (node == nullptr) return out;
  if (lift && node->value.is_string()) {
    out.push_back({std::string(node->value.as_string()), node->span});
    return out;
  }
  if (!node->value.is_sequence()) {
    Error(node->span, fmt::format("needs a list of texts for \"{}\"", key));
    return out;
  }
  for (const yaml::Node* item : node->items) {
    if (auto text = TextOf(*item, key)) out.push_back(std::move(*text));
  }
  return out;
}

}  // namespace plumbline::engine
