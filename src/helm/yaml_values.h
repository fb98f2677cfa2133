// YAML documents as the values that templates compute with: what Helm gets by way of JSON. All
// numbers are float64, keys are texts (`on:` is "true", `0777:` is "511"), and each value remembers
// where it stands.
#pragma once

#include <string>
#include <string_view>

#include "gotmpl/value.h"
#include "support/source.h"
#include "yaml/yaml.h"

namespace plumbline::helm {

struct YamlReading {
  gotmpl::Value value;  // nil for a text without a document
  std::string error;    // not empty: why there is no value
  Span error_span;
};

/// `text` is the whole text of the file that the node was read from; it and the node's arena must
/// outlive the heap.
YamlReading ValueOfYaml(gotmpl::Heap& heap, const yaml::Node& node, std::string_view text);

/// The same for a tree whose nodes may come from several files of the map: what Kustomize has
/// built.
YamlReading ValueOfYaml(gotmpl::Heap& heap, const yaml::Node& node, const SourceMap& sources);

/// How numbers are read: as values always are, or apart as int64, uint64 and float64.
enum class YamlNumbers : std::uint8_t { kFloat, kExact };

/// In front of what JSON's decoder complains of.
inline constexpr std::string_view kDecoding = "error unmarshaling JSON: while decoding JSON: ";
/// The complaint about a document that is no mapping.
std::string NotAMap(gotmpl::Value v);

/// The first document of a text, which must outlive the heap. `file` may be kNoFile: then values
/// come from where the lines of `text_origin` come from.
YamlReading ReadYaml(gotmpl::Heap& heap, FileId file, std::string_view text,
                     gotmpl::OriginId text_origin = 0, YamlNumbers numbers = YamlNumbers::kFloat);

}  // namespace plumbline::helm
