// YAML as Go's libraries write it. The layout is theirs to the byte: the order of keys, which texts
// are quoted and how, where lists are indented.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gotmpl/value.h"

namespace plumbline::helm {

enum class YamlDialect : std::uint8_t {
  kSigs,  // sigs.k8s.io/yaml: by way of JSON, go-yaml v2
  kGoV3,  // go-yaml v3 with an indent of two: lists in maps are indented
};

struct YamlText {
  std::string text;                       // ends with a line break
  std::vector<gotmpl::LineOrigin> lines;  // where each line's scalar comes from
  bool has_origins = false;
  bool ok = true;  // false: the value has no YAML
};

YamlText WriteYaml(gotmpl::Heap& heap, gotmpl::Value v, YamlDialect dialect);

/// Whether a plain scalar with this text would be read as something else than a text.
bool ReadsAsOther(std::string_view text);
/// One of the forms of a point in time that YAML 1.1 knows.
bool IsTimestamp(std::string_view text);
/// go-yaml's order of keys: digits by their value.
bool NaturallyLess(std::string_view a, std::string_view b);

}  // namespace plumbline::helm
