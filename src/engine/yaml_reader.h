// Strict reading of mappings in rule files: every key is known, every value has its type, every
// mistake has its line.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/definition.h"
#include "yaml/yaml.h"

namespace plumbline::engine {

/// Reads the entries of one mapping. Mistakes go to `definitions.errors`; reading goes on with
/// empty values.
class MappingReader {
 public:
  /// `what` names the mapping in messages: "the rule", "field acl".
  MappingReader(Definitions& definitions, const yaml::Node& node, std::string what);

  /// False (with an error) when the node is no mapping.
  bool ok() const { return ok_; }
  Span span() const { return node_.span; }
  const yaml::Node& node() const { return node_; }
  /// Reports every key that is not among `known`, once for each.
  void Known(std::initializer_list<std::string_view> known);

  const yaml::Node* Find(std::string_view key) const { return node_.Find(key); }
  SourceText Text(std::string_view key, bool required);
  std::optional<SourceText> OptionalText(std::string_view key);
  bool Bool(std::string_view key, bool fallback);
  /// A list of texts; a single text is a list of one when `lift`.
  std::vector<SourceText> Texts(std::string_view key, bool lift);

  void Error(Span span, const std::string& message);
  /// The text of a scalar node, or an error.
  std::optional<SourceText> TextOf(const yaml::Node& node, std::string_view key);
  /// The path in a scalar node, or an error.
  std::optional<PathText> PathOf(const yaml::Node& node, std::string_view key);

 private:
  Definitions& definitions_;
  const yaml::Node& node_;
  std::string what_;
  bool ok_;
};

}  // namespace plumbline::engine
