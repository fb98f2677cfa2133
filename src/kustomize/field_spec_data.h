// The tables of field_spec_data.cc.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace plumbline::kustomize {

/// What a field spec serves; the names of the sections in a configuration file.
enum class SpecUse : std::uint8_t {
  kNamePrefix,
  kNameSuffix,
  kNamespace,
  kCommonLabels,
  kLabels,
  kTemplateLabels,
  kCommonAnnotations,
  kVarReference,
  kImages,
  kReplicas,
  kCount,
};

struct DefaultSpec {
  SpecUse use;
  std::string_view group, version, kind, path;
  bool create;
};

struct DefaultReference {
  std::string_view group, version, kind;  // what is named
  std::string_view from_group, from_version, from_kind, path;
};

std::span<const DefaultSpec> DefaultSpecs();
std::span<const DefaultReference> DefaultReferences();

}  // namespace plumbline::kustomize
