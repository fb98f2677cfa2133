#include "kustomize/decode.h"

#include <algorithm>

#include "value/number.h"

namespace plumbline::kustomize {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool SameName(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, Lower, Lower);
}

std::string_view KindName(const Value& v) {
  if (v.is_bool()) return "a boolean";
  if (v.is_number()) return "a number";
  if (v.is_string()) return "a text";
  return v.is_mapping() ? "a mapping" : "a list";
}

tl::unexpected<Error> Expected(std::string_view what, const Value& v) {
  return Fail("expected " + std::string(what) + ", found " + std::string(KindName(v)));
}

}  // namespace

Result<void> ReadFields(const yaml::Node& node, std::string_view what,
                        const std::vector<FieldReader>& fields, Unknown unknown) {
  if (node.value.is_null()) return {};
  if (!node.value.is_mapping()) {
    return Fail(std::string(what) + ": expected a mapping, found " +
                std::string(KindName(node.value)));
  }
  for (const yaml::Entry& e : node.entries) {
    auto it = std::ranges::find(fields, e.key, &FieldReader::name);
    if (it == fields.end()) {
      it = std::ranges::find_if(fields,
                                [&](const FieldReader& f) { return SameName(f.name, e.key); });
    }
    if (it == fields.end()) {
      if (unknown == Unknown::kIgnore) continue;
      return Fail(std::string(what) + ": unknown field \"" + std::string(e.key) + "\"");
    }
    if (auto result = it->read(*e.value); !result) {
      return Fail(std::string(what) + "." + std::string(it->name) + ": " + result.error().message);
    }
  }
  return {};
}

Result<void> Read(const yaml::Node& node, std::string& out) {
  if (node.value.is_null()) return {};
  if (!node.value.is_string()) return Expected("a text", node.value);
  out = node.value.as_string();
  return {};
}

Result<void> Read(const yaml::Node& node, Text& out) {
  out.span = node.span;
  return Read(node, out.value);
}

Result<void> Read(const yaml::Node& node, bool& out) {
  if (node.value.is_null()) return {};
  if (!node.value.is_bool()) return Expected("true or false", node.value);
  out = node.value.as_bool();
  return {};
}

Result<void> Read(const yaml::Node& node, std::int64_t& out) {
  if (node.value.is_null()) return {};
  auto number = node.value.is_number() ? ToInt64(node.value) : std::nullopt;
  if (!number) return Expected("a whole number", node.value);
  out = *number;
  return {};
}

Result<void> Read(const yaml::Node& node, TextList& out) {
  return ReadList(node, out, [](const yaml::Node& n, Text& text) { return Read(n, text); });
}

Result<void> Read(const yaml::Node& node, std::vector<std::string>& out) {
  return ReadList(node, out, [](const yaml::Node& n, std::string& text) { return Read(n, text); });
}

Result<void> Read(const yaml::Node& node, TextMap& out) {
  if (node.value.is_null()) return {};
  if (!node.value.is_mapping()) return Expected("a mapping of texts", node.value);
  for (const yaml::Entry& e : node.entries) {
    Text text;
    if (auto result = Read(*e.value, text); !result) {
      return Fail("the value of \"" + std::string(e.key) + "\": " + result.error().message);
    }
    out[std::string(e.key)] = std::move(text);
  }
  return {};
}

}  // namespace plumbline::kustomize
