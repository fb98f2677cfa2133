// Reading configuration out of YAML nodes the way Go's encoding/json fills structs: keys in any
// case, unknown keys an error where the reader says so, types as written.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"
#include "yaml/yaml.h"

namespace plumbline::kustomize {

/// A text and where it was written.
struct Text {
  std::string value;
  Span span;
  bool empty() const { return value.empty(); }
};
using TextList = std::vector<Text>;
using TextMap = std::map<std::string, Text>;

struct FieldReader {
  std::string_view name;
  std::function<Result<void>(const yaml::Node& value)> read;
};

enum class Unknown : std::uint8_t { kIgnore, kRefuse };

/// Reads the fields of a mapping (null is an empty one). `what` names it in messages.
Result<void> ReadFields(const yaml::Node& node, std::string_view what,
                        const std::vector<FieldReader>& fields, Unknown unknown);

// What a FieldReader does with a value. A null leaves the variable as it is.
Result<void> Read(const yaml::Node& node, std::string& out);
Result<void> Read(const yaml::Node& node, Text& out);
Result<void> Read(const yaml::Node& node, bool& out);
Result<void> Read(const yaml::Node& node, std::int64_t& out);
Result<void> Read(const yaml::Node& node, TextList& out);
Result<void> Read(const yaml::Node& node, std::vector<std::string>& out);
Result<void> Read(const yaml::Node& node, TextMap& out);

/// Reads each item of a list.
template <typename T, typename Fn>
Result<void> ReadList(const yaml::Node& node, std::vector<T>& out, Fn&& read) {
  if (node.value.is_null()) return {};
  if (!node.value.is_sequence()) return Fail("expected a list");
  for (const yaml::Node* item : node.items) {
    T value{};
    PL_CHECK_OK(read(*item, value));
    out.push_back(std::move(value));
  }
  return {};
}

/// The reader that stores a field in `out`.
template <typename T>
FieldReader Into(std::string_view name, T& out) {
  return {name, [&out](const yaml::Node& value) -> Result<void> { return Read(value, out); }};
}

}  // namespace plumbline::kustomize
