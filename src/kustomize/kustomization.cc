#include "kustomize/kustomization.h"

#include <algorithm>

namespace plumbline::kustomize {
namespace {

FieldReader Ignored(std::string_view name) {
  return {name, [](const yaml::Node&) -> Result<void> { return {}; }};
}

template <typename T>
FieldReader Optional(std::string_view name, std::optional<T>& out, Unknown unknown,
                     Result<void> (*read)(const yaml::Node&, T&, Unknown)) {
  return {name, [&out, unknown, read](const yaml::Node& node) -> Result<void> {
            if (node.value.is_null()) return {};
            return read(node, out.emplace(), unknown);
          }};
}

template <typename T>
FieldReader ListOf(std::string_view name, std::vector<T>& out, Unknown unknown,
                   Result<void> (*read)(const yaml::Node&, T&, Unknown)) {
  return {name, [&out, unknown, read](const yaml::Node& node) -> Result<void> {
            return ReadList(node, out, [&](const yaml::Node& item, T& value) {
              return read(item, value, unknown);
            });
          }};
}

Result<void> ReadFieldOptions(const yaml::Node& node, FieldOptions& out, Unknown unknown) {
  return ReadFields(node, "options",
                    {Into("delimiter", out.delimiter), Into("index", out.index),
                     Into("create", out.create), Ignored("encoding")},
                    unknown);
}

Result<void> ReadTarget(const yaml::Node& node, ReplacementTarget& out, Unknown unknown) {
  return ReadFields(
      node, "targets",
      {Optional("select", out.select, unknown, ReadSelector),
       ListOf("reject", out.reject, unknown, ReadSelector),
       Into("fieldPaths", out.field_paths),
       {"options", [&](const yaml::Node& n) { return ReadFieldOptions(n, out.options, unknown); }}},
      unknown);
}

Result<void> ReadSource(const yaml::Node& node, Replacement& out, Unknown unknown) {
  if (node.value.is_null()) return {};
  out.has_source = true;
  return ReadFields(
      node, "source",
      {Into("group", out.source.gvk.group),
       Into("version", out.source.gvk.version),
       Into("kind", out.source.gvk.kind),
       Into("name", out.source.name),
       Into("namespace", out.source.ns),
       Into("fieldPath", out.source_path),
       {"options",
        [&](const yaml::Node& n) { return ReadFieldOptions(n, out.source_options, unknown); }}},
      unknown);
}

Result<void> ReadLabel(const yaml::Node& node, LabelArgs& out, Unknown unknown) {
  return ReadFields(node, "labels",
                    {Into("pairs", out.pairs), Into("includeSelectors", out.include_selectors),
                     Into("includeTemplates", out.include_templates),
                     ListOf("fields", out.fields, unknown, ReadFieldSpec)},
                    unknown);
}

Result<void> ReadGeneratorOptions(const yaml::Node& node, GeneratorOptions& out, Unknown unknown) {
  return ReadFields(
      node, "options",
      {Into("labels", out.labels), Into("annotations", out.annotations),
       Into("disableNameSuffixHash", out.disable_hash), Into("immutable", out.immutable)},
      unknown);
}

Result<void> ReadVar(const yaml::Node& node, VarArgs& out, Unknown unknown) {
  std::string api_version, field_path;
  out.span = node.span;
  auto object = [&](const yaml::Node& n) {
    return ReadFields(n, "objref",
                      {Into("apiVersion", api_version), Into("group", out.gvk.group),
                       Into("version", out.gvk.version), Into("kind", out.gvk.kind),
                       Into("name", out.object_name), Into("namespace", out.object_ns)},
                      unknown);
  };
  auto field = [&](const yaml::Node& n) {
    return ReadFields(n, "fieldref", {Into("fieldPath", field_path)}, unknown);
  };
  PL_CHECK_OK(ReadFields(
      node, "vars", {Into("name", out.name), {"objref", object}, {"fieldref", field}}, unknown));
  if (!field_path.empty()) out.field_path = field_path;
  if (!api_version.empty()) {
    std::size_t slash = api_version.find('/');
    if (slash != std::string::npos) out.gvk.group = api_version.substr(0, slash);
    out.gvk.version = slash != std::string::npos ? api_version.substr(slash + 1) : api_version;
  }
  return {};
}

Result<void> ReadSortOptions(const yaml::Node& node, SortOptions& out, Unknown unknown) {
  auto legacy = [&](const yaml::Node& n) -> Result<void> {
    out.has_legacy = !n.value.is_null();
    return ReadFields(n, "legacySortOptions",
                      {Into("orderFirst", out.first), Into("orderLast", out.last)}, unknown);
  };
  return ReadFields(node, "sortOptions", {Into("order", out.order), {"legacySortOptions", legacy}},
                    unknown);
}

Result<void> ReadHelmGlobals(const yaml::Node& node, HelmGlobals& out, Unknown unknown) {
  return ReadFields(node, "helmGlobals",
                    {Into("chartHome", out.chart_home), Into("configHome", out.config_home)},
                    unknown);
}

Result<void> ReadOldHelmChart(const yaml::Node& node, HelmChart& out, Unknown unknown) {
  out.span = node.span;
  HelmGlobals& globals = out.globals.emplace();
  auto values = [&](const yaml::Node& n) -> Result<void> {
    out.values_inline = n.value.is_null() ? nullptr : &n;
    return {};
  };
  return ReadFields(node, "helmChartInflationGenerator",
                    {Into("chartName", out.name),
                     Into("chartVersion", out.version),
                     Into("chartRepoUrl", out.repo),
                     Into("chartHome", globals.chart_home),
                     Ignored("chartRepoName"),
                     Ignored("helmBin"),
                     Into("helmHome", globals.config_home),
                     Into("values", out.values_file),
                     {"valuesLocal", values},
                     Into("valuesMerge", out.values_merge),
                     Into("releaseName", out.release_name),
                     Into("releaseNamespace", out.ns),
                     Ignored("extraArgs")},
                    unknown);
}

Result<void> ReadMetadata(const yaml::Node& node) {
  std::string name, ns;
  TextMap labels, annotations;
  return ReadFields(node, "metadata",
                    {Into("name", name), Into("namespace", ns), Into("labels", labels),
                     Into("annotations", annotations)},
                    Unknown::kRefuse);
}

}  // namespace

bool Kustomization::BuildMetadata(std::string_view option) const {
  return std::ranges::find(build_metadata, option) != build_metadata.end();
}

Result<void> ReadSelector(const yaml::Node& node, Selector& out, Unknown unknown) {
  return ReadFields(node, "target",
                    {Into("group", out.gvk.group), Into("version", out.gvk.version),
                     Into("kind", out.gvk.kind), Into("name", out.name), Into("namespace", out.ns),
                     Into("annotationSelector", out.annotation_selector),
                     Into("labelSelector", out.label_selector)},
                    unknown);
}

Result<void> ReadPatch(const yaml::Node& node, PatchArgs& out, Unknown unknown) {
  out.span = node.span;
  auto options = [&](const yaml::Node& n) {
    return ReadFields(n, "options",
                      {Into("allowNameChange", out.allow_name_change),
                       Into("allowKindChange", out.allow_kind_change)},
                      Unknown::kIgnore);
  };
  return ReadFields(node, "patches",
                    {Into("path", out.path),
                     Into("patch", out.patch),
                     Optional("target", out.target, unknown, ReadSelector),
                     {"options", options}},
                    unknown);
}

Result<void> ReadImage(const yaml::Node& node, ImageArgs& out, Unknown unknown) {
  out.span = node.span;
  return ReadFields(
      node, "images",
      {Into("name", out.name), Into("newName", out.new_name), Into("tagSuffix", out.tag_suffix),
       Into("newTag", out.new_tag), Into("digest", out.digest)},
      unknown);
}

Result<void> ReadReplica(const yaml::Node& node, ReplicaArgs& out, Unknown unknown) {
  out.span = node.span;
  return ReadFields(node, "replicas", {Into("name", out.name), Into("count", out.count)}, unknown);
}

Result<void> ReadReplacement(const yaml::Node& node, Replacement& out, Unknown unknown) {
  out.span = node.span;
  auto targets = [&](const yaml::Node& n) -> Result<void> {
    out.has_targets = !n.value.is_null();
    return ReadList(n, out.targets, [&](const yaml::Node& item, ReplacementTarget& target) {
      return ReadTarget(item, target, unknown);
    });
  };
  return ReadFields(node, "replacements",
                    {Into("path", out.path),
                     {"source", [&](const yaml::Node& n) { return ReadSource(n, out, unknown); }},
                     {"targets", targets}},
                    unknown);
}

Result<void> ReadFieldSpec(const yaml::Node& node, FieldSpec& out, Unknown unknown) {
  return ReadFields(
      node, "fieldSpecs",
      {Into("group", out.gvk.group), Into("version", out.gvk.version), Into("kind", out.gvk.kind),
       Into("path", out.path), Into("create", out.create)},
      unknown);
}

Result<void> ReadGenerator(const yaml::Node& node, GeneratorArgs& out, Unknown unknown) {
  out.span = node.span;
  Text env;
  std::vector<FieldReader> fields = {
      Into("name", out.name),
      Into("namespace", out.ns),
      Into("behavior", out.behavior),
      Into("literals", out.literals),
      Into("files", out.files),
      Into("envs", out.envs),
      Into("env", env),
      Into("type", out.type),
      Optional("options", out.options, unknown, ReadGeneratorOptions)};
  // A generator in a file of its own has its name in `metadata`.
  if (unknown == Unknown::kIgnore) {
    fields.push_back({"metadata", [&](const yaml::Node& n) {
                        return ReadFields(n, "metadata",
                                          {Into("name", out.name), Into("namespace", out.ns)},
                                          Unknown::kIgnore);
                      }});
  }
  PL_CHECK_OK(ReadFields(node, "generator", fields, unknown));
  if (!env.empty()) out.envs.push_back(env);
  return {};
}

Result<void> ReadHelmChart(const yaml::Node& node, HelmChart& out, Unknown unknown) {
  out.span = node.span;
  auto values = [&](const yaml::Node& n) -> Result<void> {
    out.values_inline = n.value.is_null() ? nullptr : &n;
    return {};
  };
  return ReadFields(node, "helmCharts",
                    {Into("name", out.name),
                     Into("version", out.version),
                     Into("repo", out.repo),
                     Into("releaseName", out.release_name),
                     Into("namespace", out.ns),
                     Into("additionalValuesFiles", out.additional_values_files),
                     Into("valuesFile", out.values_file),
                     {"valuesInline", values},
                     Into("valuesMerge", out.values_merge),
                     Into("includeCRDs", out.include_crds),
                     Into("skipHooks", out.skip_hooks),
                     Into("apiVersions", out.api_versions),
                     Into("kubeVersion", out.kube_version),
                     Into("nameTemplate", out.name_template),
                     Into("skipTests", out.skip_tests),
                     Ignored("debug")},
                    unknown);
}

Result<Kustomization> ReadKustomization(const yaml::Node& root) {
  Kustomization k;
  std::vector<ImageArgs> image_tags;
  std::vector<HelmChart> old_charts;
  constexpr Unknown kStrict = Unknown::kRefuse;
  std::vector<FieldReader> fields = {
      Into("apiVersion", k.api_version),
      Into("kind", k.kind),
      {"metadata", ReadMetadata},
      Into("openapi", k.openapi),
      Into("namePrefix", k.name_prefix),
      Into("nameSuffix", k.name_suffix),
      Into("namespace", k.ns),
      Into("commonLabels", k.common_labels),
      ListOf("labels", k.labels, kStrict, ReadLabel),
      Into("commonAnnotations", k.common_annotations),
      Into("patchesStrategicMerge", k.patches_strategic_merge),
      ListOf("patchesJson6902", k.patches_json, kStrict, ReadPatch),
      ListOf("patches", k.patches, kStrict, ReadPatch),
      ListOf("images", k.images, kStrict, ReadImage),
      ListOf("imageTags", image_tags, kStrict, ReadImage),
      ListOf("replacements", k.replacements, kStrict, ReadReplacement),
      ListOf("replicas", k.replicas, kStrict, ReadReplica),
      ListOf("vars", k.vars, kStrict, ReadVar),
      Optional("sortOptions", k.sort_options, kStrict, ReadSortOptions),
      Into("resources", k.resources),
      Into("components", k.components),
      Into("crds", k.crds),
      Into("bases", k.bases),
      ListOf("configMapGenerator", k.config_maps, kStrict, ReadGenerator),
      ListOf("secretGenerator", k.secrets, kStrict, ReadGenerator),
      Optional("helmGlobals", k.helm_globals, kStrict, ReadHelmGlobals),
      ListOf("helmCharts", k.helm_charts, kStrict, ReadHelmChart),
      ListOf("helmChartInflationGenerator", old_charts, kStrict, ReadOldHelmChart),
      Optional("generatorOptions", k.generator_options, kStrict, ReadGeneratorOptions),
      Into("configurations", k.configurations),
      Into("generators", k.generators),
      Into("transformers", k.transformers),
      Into("validators", k.validators),
      Into("buildMetadata", k.build_metadata)};
  PL_CHECK_OK(ReadFields(root, "kustomization", fields, kStrict));
  for (const yaml::Entry& e : root.entries) {
    if (e.key != "apiVersion" && e.key != "kind" && !e.value->value.is_null()) k.empty = false;
  }
  k.resources.insert(k.resources.end(), k.bases.begin(), k.bases.end());
  k.images.insert(k.images.end(), image_tags.begin(), image_tags.end());
  for (HelmChart& chart : old_charts) {
    if (!k.helm_globals && chart.globals) k.helm_globals = chart.globals;
    k.helm_charts.push_back(std::move(chart));
  }
  return k;
}

namespace {

// Copies of the nodes from the root to the part under test, each with that part alone.
struct Narrowing {
  const yaml::Node& root;
  std::vector<std::size_t> path;  // the entry or item taken at each level

  bool Refused() const {
    std::vector<yaml::Node> chain(path.size() + 1);
    std::vector<yaml::Entry> entries(path.size());
    std::vector<const yaml::Node*> items(path.size());
    const yaml::Node* at = &root;
    chain[0] = root;
    for (std::size_t i = 0; i < path.size(); ++i) {
      bool mapping = !at->entries.empty();
      const yaml::Node* next = mapping ? at->entries[path[i]].value : at->items[path[i]];
      items[i] = &chain[i + 1];
      if (mapping) {
        entries[i] = at->entries[path[i]];
        entries[i].value = items[i];
        chain[i].entries = {&entries[i], 1};
      } else {
        chain[i].items = {&items[i], 1};
      }
      chain[i + 1] = *next;
      at = next;
    }
    return !ReadKustomization(chain[0]);
  }
};

}  // namespace

Span FaultyPart(const yaml::Node& root) {
  constexpr std::size_t kLevels = 8;
  Narrowing narrowing{root, {}};
  const yaml::Node* at = &root;
  Span span = {root.span.file, 0, 0};
  while (narrowing.path.size() < kLevels) {
    std::size_t n = at->entries.empty() ? at->items.size() : at->entries.size();
    std::size_t found = n;
    narrowing.path.push_back(0);
    for (std::size_t i = 0; i < n && found == n; ++i) {
      narrowing.path.back() = i;
      if (narrowing.Refused()) found = i;
    }
    if (found == n) break;
    bool mapping = !at->entries.empty();
    span = mapping ? at->entries[found].key_span : at->items[found]->span;
    at = mapping ? at->entries[found].value : at->items[found];
  }
  return span;
}

Result<TransformerConfig> ReadConfiguration(const yaml::Node& root) {
  TransformerConfig config;
  constexpr Unknown kStrict = Unknown::kRefuse;
  auto reference = [](const yaml::Node& node, NameReference& out, Unknown unknown) {
    return ReadFields(
        node, "nameReference",
        {Into("group", out.gvk.group), Into("version", out.gvk.version), Into("kind", out.gvk.kind),
         ListOf("fieldSpecs", out.referrers, unknown, ReadFieldSpec)},
        unknown);
  };
  std::vector<FieldReader> fields;
  auto add = [&](std::string_view name, SpecUse use) {
    fields.push_back(ListOf(name, config.of(use), kStrict, ReadFieldSpec));
  };
  add("namePrefix", SpecUse::kNamePrefix);
  add("nameSuffix", SpecUse::kNameSuffix);
  add("namespace", SpecUse::kNamespace);
  add("commonLabels", SpecUse::kCommonLabels);
  add("labels", SpecUse::kLabels);
  add("templateLabels", SpecUse::kTemplateLabels);
  add("commonAnnotations", SpecUse::kCommonAnnotations);
  add("varReference", SpecUse::kVarReference);
  add("images", SpecUse::kImages);
  add("replicas", SpecUse::kReplicas);
  fields.push_back(ListOf<NameReference>("nameReference", config.references, kStrict, reference));
  PL_CHECK_OK(ReadFields(root, "configuration", fields, kStrict));
  config.Sort();
  return config;
}

}  // namespace plumbline::kustomize
