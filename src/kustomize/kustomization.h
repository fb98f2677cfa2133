// The kustomization file and its parts as data.
#pragma once

#include <array>
#include <optional>

#include "kustomize/decode.h"
#include "kustomize/field_spec.h"

namespace plumbline::kustomize {

inline constexpr auto kKustomizationFiles =
    std::to_array<std::string_view>({"kustomization.yaml", "kustomization.yml", "Kustomization"});

struct Selector {
  Gvk gvk;
  std::string name, ns, annotation_selector, label_selector;
  ResId id() const { return {gvk, name, ns, false}; }
  bool empty_id() const { return gvk == Gvk{} && name.empty() && ns.empty(); }
};

struct PatchArgs {
  Text path, patch;
  std::optional<Selector> target;
  bool allow_name_change = false, allow_kind_change = false;
  Span span;
};

struct ImageArgs {
  std::string name, new_name, tag_suffix, new_tag, digest;
  Span span;
};

struct ReplicaArgs {
  std::string name;
  std::int64_t count = 0;
  Span span;
};

struct LabelArgs {
  TextMap pairs;
  bool include_selectors = false, include_templates = false;
  FieldSpecs fields;
};

struct GeneratorOptions {
  TextMap labels, annotations;
  bool disable_hash = false, immutable = false;
};

struct GeneratorArgs {
  std::string name, ns, behavior, type;
  TextList literals, files, envs;
  std::optional<GeneratorOptions> options;
  Span span;
};

struct FieldOptions {
  std::string delimiter;
  std::int64_t index = 0;
  bool create = false;
};

struct ReplacementTarget {
  std::optional<Selector> select;
  std::vector<Selector> reject;
  std::vector<std::string> field_paths;
  FieldOptions options;
};

struct Replacement {
  Text path;  // of the file that holds it
  bool has_source = false;
  Selector source;
  std::string source_path;
  FieldOptions source_options;
  bool has_targets = false;
  std::vector<ReplacementTarget> targets;
  Span span;
};

struct VarArgs {
  std::string name;
  Gvk gvk;
  std::string object_name, object_ns;
  std::string field_path = "metadata.name";
  Span span;
};

struct SortOptions {
  std::string order;
  bool has_legacy = false;
  std::vector<std::string> first, last;
};

struct HelmGlobals {
  std::string chart_home, config_home;
};

struct HelmChart {
  std::string name, version, repo, release_name, ns, values_file, values_merge, kube_version,
      name_template;
  std::vector<std::string> additional_values_files, api_versions;
  const yaml::Node* values_inline = nullptr;
  bool include_crds = false, skip_hooks = false, skip_tests = false;
  std::optional<HelmGlobals> globals;  // of an old-style entry
  Span span;
};

struct Kustomization {
  std::string kind, api_version;
  bool has_openapi = false;
  TextMap openapi;
  Text name_prefix, name_suffix, ns;
  TextMap common_labels, common_annotations;
  std::vector<LabelArgs> labels;
  TextList patches_strategic_merge;
  std::vector<PatchArgs> patches_json, patches;
  std::vector<ImageArgs> images;
  std::vector<Replacement> replacements;
  std::vector<ReplicaArgs> replicas;
  std::vector<VarArgs> vars;
  std::optional<SortOptions> sort_options;
  TextList resources, bases, components, crds, configurations, generators, transformers, validators;
  std::vector<GeneratorArgs> config_maps, secrets;
  std::optional<HelmGlobals> helm_globals;
  std::vector<HelmChart> helm_charts;
  std::optional<GeneratorOptions> generator_options;
  std::vector<std::string> build_metadata;
  bool empty = true;  // no field but apiVersion and kind

  bool BuildMetadata(std::string_view option) const;
};

Result<Kustomization> ReadKustomization(const yaml::Node& root);
/// Of a mapping that ReadKustomization refuses: the innermost part that it refuses by itself.
Span FaultyPart(const yaml::Node& root);

// The parts, also as the configuration of transformers in files of their own.
Result<void> ReadSelector(const yaml::Node& node, Selector& out, Unknown unknown);
Result<void> ReadPatch(const yaml::Node& node, PatchArgs& out, Unknown unknown);
Result<void> ReadImage(const yaml::Node& node, ImageArgs& out, Unknown unknown);
Result<void> ReadReplica(const yaml::Node& node, ReplicaArgs& out, Unknown unknown);
Result<void> ReadReplacement(const yaml::Node& node, Replacement& out, Unknown unknown);
Result<void> ReadFieldSpec(const yaml::Node& node, FieldSpec& out, Unknown unknown);
Result<void> ReadGenerator(const yaml::Node& node, GeneratorArgs& out, Unknown unknown);
Result<void> ReadHelmChart(const yaml::Node& node, HelmChart& out, Unknown unknown);
/// A file of the `configurations` field.
Result<TransformerConfig> ReadConfiguration(const yaml::Node& root);

}  // namespace plumbline::kustomize
