// Transformers and generators that are written as resources (`kind: PatchTransformer`, …): the
// built-in kinds. Others would be programs, and nothing is executed.
#include <algorithm>
#include <array>

#include "kustomize/transformers.h"

namespace plumbline::kustomize {
namespace {

struct Setup {
  Context& context;
  const Loader& loader;
  const yaml::Node& config;
};

FieldReader Specs(FieldSpecs& specs) {
  return {"fieldSpecs", [&specs](const yaml::Node& n) {
            return ReadList(n, specs, [](const yaml::Node& item, FieldSpec& out) {
              return ReadFieldSpec(item, out, Unknown::kIgnore);
            });
          }};
}

Result<void> ReadConfig(const Setup& s, std::string_view kind,
                        const std::vector<FieldReader>& fields) {
  return ReadFields(s.config, kind, fields, Unknown::kIgnore);
}

Result<TransformFn> MakeAnnotations(const Setup& s) {
  TextMap annotations;
  FieldSpecs specs;
  PL_CHECK_OK(
      ReadConfig(s, "AnnotationsTransformer", {Into("annotations", annotations), Specs(specs)}));
  return AnnotationsTransformer(s.context, std::move(annotations), std::move(specs));
}

Result<TransformFn> MakeHash(const Setup& s) { return HashTransformer(s.context); }

Result<TransformFn> MakeImage(const Setup& s) {
  ImageArgs args;
  FieldSpecs specs;
  auto image = [&](const yaml::Node& n) { return ReadImage(n, args, Unknown::kIgnore); };
  PL_CHECK_OK(ReadConfig(s, "ImageTagTransformer", {{"imageTag", image}, Specs(specs)}));
  return ImageTransformer(s.context, std::move(args), std::move(specs));
}

Result<TransformFn> MakeLabel(const Setup& s) {
  TextMap labels;
  FieldSpecs specs;
  PL_CHECK_OK(ReadConfig(s, "LabelTransformer", {Into("labels", labels), Specs(specs)}));
  return LabelTransformer(s.context, std::move(labels), std::move(specs));
}

Result<TransformFn> MakeNamespace(const Setup& s) {
  Text ns;
  FieldSpecs specs;
  bool unset_only = false;
  std::string mode;
  auto metadata = [&](const yaml::Node& n) {
    return ReadFields(n, "metadata", {Into("namespace", ns)}, Unknown::kIgnore);
  };
  PL_CHECK_OK(ReadConfig(s, "NamespaceTransformer",
                         {{"metadata", metadata},
                          Into("unsetOnly", unset_only),
                          Into("setRoleBindingSubjects", mode),
                          Specs(specs)}));
  SubjectMode subjects = mode == "allServiceAccounts" ? SubjectMode::kAllServiceAccounts
                         : mode == "none"             ? SubjectMode::kNone
                                                      : SubjectMode::kDefaultOnly;
  bool known = mode.empty() || mode == "defaultOnly" || subjects != SubjectMode::kDefaultOnly;
  if (!known) {
    return Fail("invalid value \"" + mode +
                "\" for setRoleBindingSubjects: must be one of defaultOnly, none or "
                "allServiceAccounts");
  }
  return NamespaceTransformer(s.context, std::move(ns), std::move(specs), unset_only, subjects);
}

Result<TransformFn> MakeJsonPatch(const Setup& s) {
  PatchArgs args;
  args.span = s.config.span;
  auto target = [&](const yaml::Node& n) {
    return ReadSelector(n, args.target.emplace(), Unknown::kIgnore);
  };
  PL_CHECK_OK(
      ReadConfig(s, "PatchJson6902Transformer",
                 {{"target", target}, Into("path", args.path), Into("jsonOp", args.patch)}));
  return JsonPatchTransformer(s.context, s.loader, std::move(args));
}

Result<TransformFn> MakeStrategicMerge(const Setup& s) {
  TextList paths;
  Text patches;
  PL_CHECK_OK(ReadConfig(s, "PatchStrategicMergeTransformer",
                         {Into("paths", paths), Into("patches", patches)}));
  if (paths.empty() && patches.empty()) return Fail("empty file path and empty patch content");
  return StrategicMergeTransformer(s.context, s.loader, paths, patches);
}

Result<TransformFn> MakePatch(const Setup& s) {
  PatchArgs args;
  PL_CHECK_OK(ReadPatch(s.config, args, Unknown::kIgnore));
  return PatchTransformer(s.context, s.loader, std::move(args));
}

Result<TransformFn> MakeAffixes(const Setup& s, bool prefixes, bool suffixes) {
  Text prefix, suffix;
  FieldSpecs specs;
  PL_CHECK_OK(ReadConfig(s, "PrefixSuffixTransformer",
                         {Into("prefix", prefix), Into("suffix", suffix), Specs(specs)}));
  if (specs.empty()) return Fail("fieldSpecs is not expected to be nil");
  auto first = AffixTransformer(s.context, prefixes ? prefix : suffix, specs, prefixes);
  if (!prefixes || !suffixes) return first;
  auto second = AffixTransformer(s.context, suffix, specs, false);
  return TransformFn([first, second](ResMap& resources) -> Result<void> {
    PL_CHECK_OK(first(resources));
    return second(resources);
  });
}

Result<TransformFn> MakePrefixSuffix(const Setup& s) { return MakeAffixes(s, true, true); }
Result<TransformFn> MakePrefix(const Setup& s) { return MakeAffixes(s, true, false); }
Result<TransformFn> MakeSuffix(const Setup& s) { return MakeAffixes(s, false, true); }

Result<TransformFn> MakeReplacement(const Setup& s) {
  std::vector<Replacement> replacements;
  auto list = [&](const yaml::Node& n) {
    return ReadList(n, replacements, [](const yaml::Node& item, Replacement& out) {
      return ReadReplacement(item, out, Unknown::kIgnore);
    });
  };
  PL_CHECK_OK(ReadConfig(s, "ReplacementTransformer", {{"replacements", list}}));
  return ReplacementTransformer(s.context, s.loader, replacements);
}

Result<TransformFn> MakeReplica(const Setup& s) {
  ReplicaArgs args;
  FieldSpecs specs;
  auto replica = [&](const yaml::Node& n) { return ReadReplica(n, args, Unknown::kIgnore); };
  PL_CHECK_OK(ReadConfig(s, "ReplicaCountTransformer", {{"replica", replica}, Specs(specs)}));
  return ReplicaTransformer(s.context, std::move(args), std::move(specs));
}

Result<TransformFn> MakeValueAdd(const Setup& s) {
  return ValueAddTransformer(s.context, s.loader, s.config);
}

struct TransformerKind {
  std::string_view kind;
  Result<TransformFn> (*make)(const Setup&);
};
constexpr auto kTransformers = std::to_array<TransformerKind>({
    {"AnnotationsTransformer", &MakeAnnotations},
    {"HashTransformer", &MakeHash},
    {"ImageTagTransformer", &MakeImage},
    {"LabelTransformer", &MakeLabel},
    {"NamespaceTransformer", &MakeNamespace},
    {"PatchJson6902Transformer", &MakeJsonPatch},
    {"PatchStrategicMergeTransformer", &MakeStrategicMerge},
    {"PatchTransformer", &MakePatch},
    {"PrefixSuffixTransformer", &MakePrefixSuffix},
    {"PrefixTransformer", &MakePrefix},
    {"ReplacementTransformer", &MakeReplacement},
    {"ReplicaCountTransformer", &MakeReplica},
    {"SuffixTransformer", &MakeSuffix},
    {"ValueAddTransformer", &MakeValueAdd},
});
static_assert(std::ranges::is_sorted(kTransformers, {}, &TransformerKind::kind));

using Generated = Result<std::vector<ResourcePtr>>;

Generated GenerateOne(Result<ResourcePtr> resource) {
  if (!resource) return tl::unexpected(resource.error());
  return std::vector<ResourcePtr>{*resource};
}

Generated RunConfigMap(const Setup& s) {
  GeneratorArgs args;
  PL_CHECK_OK(ReadGenerator(s.config, args, Unknown::kIgnore));
  return GenerateOne(GenerateConfigMap(s.context, s.loader, args));
}

Generated RunSecret(const Setup& s) {
  GeneratorArgs args;
  PL_CHECK_OK(ReadGenerator(s.config, args, Unknown::kIgnore));
  return GenerateOne(GenerateSecret(s.context, s.loader, args));
}

Generated RunChart(const Setup& s) {
  HelmChart chart;
  HelmGlobals globals;
  PL_CHECK_OK(ReadHelmChart(s.config, chart, Unknown::kIgnore));
  PL_CHECK_OK(ReadFields(s.config, "HelmChartInflationGenerator",
                         {Into("chartHome", globals.chart_home)}, Unknown::kIgnore));
  return InflateChart(s.context, s.loader, chart, globals);
}

// A service account of Kubernetes tied to one of Google's cloud.
Generated RunIamPolicy(const Setup& s) {
  std::string cloud, name, ns, account, project;
  auto service = [&](const yaml::Node& n) {
    return ReadFields(n, "kubernetesService", {Into("name", name), Into("namespace", ns)},
                      Unknown::kIgnore);
  };
  auto google = [&](const yaml::Node& n) {
    return ReadFields(n, "serviceAccount", {Into("name", account), Into("projectId", project)},
                      Unknown::kIgnore);
  };
  PL_CHECK_OK(ReadConfig(
      s, "IAMPolicyGenerator",
      {Into("cloud", cloud), {"kubernetesService", service}, {"serviceAccount", google}}));
  if (cloud != "gke") return Fail("cloud provider " + cloud + " not supported yet; expected gke");
  Pool& pool = s.context.pool;
  Span span = s.config.span;
  Node* root = pool.New(Shape::kMapping, span);
  PL_CHECK_OK(SetField(pool, root, "apiVersion", pool.NewString("v1", span)));
  PL_CHECK_OK(SetField(pool, root, "kind", pool.NewString("ServiceAccount", span)));
  auto resource = std::make_shared<Resource>(root);
  PL_CHECK_OK(resource->SetName(pool, name, span));
  if (!ns.empty()) PL_CHECK_OK(resource->SetNamespace(pool, ns, span));
  PL_CHECK_OK(resource->SetStringsAt(
      pool, "annotations",
      {{"iam.gke.io/gcp-service-account", account + "@" + project + ".iam.gserviceaccount.com"}}));
  return std::vector<ResourcePtr>{resource};
}

struct GeneratorKind {
  std::string_view kind;
  Generated (*run)(const Setup&);
};
constexpr auto kGenerators = std::to_array<GeneratorKind>({
    {"ConfigMapGenerator", &RunConfigMap},
    {"HelmChartInflationGenerator", &RunChart},
    {"IAMPolicyGenerator", &RunIamPolicy},
    {"SecretGenerator", &RunSecret},
});
static_assert(std::ranges::is_sorted(kGenerators, {}, &GeneratorKind::kind));

template <typename Table>
auto FindKind(const Table& table, std::string_view kind) {
  auto it = std::ranges::find(table, kind, [](const auto& row) { return row.kind; });
  return it == table.end() ? nullptr : &*it;
}

Result<void> CheckBuiltin(Context& context, const Resource& r) {
  context.fault = r.root->span;
  std::string kind(r.kind());
  if (GetText(r.root, "apiVersion") != "builtin") {
    return Fail("external plugins disabled; unable to load external plugin '" + kind + "'");
  }
  bool known = FindKind(kTransformers, kind) != nullptr || FindKind(kGenerators, kind) != nullptr;
  return known ? Result<void>() : Fail("unable to load builtin " + r.gvk().ToString());
}

std::optional<Origin> OriginOf(const Resource& r) {
  if (!r.origin) return std::nullopt;
  Origin origin;
  origin.configured_in = r.origin->path;
  origin.api_version = GetText(r.root, "apiVersion");
  origin.kind = r.kind();
  origin.name = r.name();
  origin.ns = r.ns();
  return origin;
}

}  // namespace

Result<std::vector<Transformer>> LoadTransformers(Context& context, const Loader& loader,
                                                  const ResMap& configs) {
  std::vector<Transformer> out;
  for (const ResourcePtr& r : configs.list) {
    PL_CHECK_OK(CheckBuiltin(context, *r));
    const TransformerKind* kind = FindKind(kTransformers, r->kind());
    if (kind == nullptr) return Fail("plugin " + std::string(r->kind()) + " not a transformer");
    PL_TRY(const yaml::Node* config, ToYaml(context.arena, *r->root));
    auto run = kind->make({context, loader, *config});
    if (!run) {
      return Fail("plugin " + r->OrgId(context.schema).ToString() +
                  " fails configuration: " + run.error().message);
    }
    out.push_back({*run, OriginOf(*r)});
  }
  return out;
}

Result<std::vector<Generator>> LoadGenerators(Context& context, const Loader& loader,
                                              const ResMap& configs) {
  std::vector<Generator> out;
  for (const ResourcePtr& r : configs.list) {
    PL_CHECK_OK(CheckBuiltin(context, *r));
    const GeneratorKind* kind = FindKind(kGenerators, r->kind());
    if (kind == nullptr) return Fail("plugin " + std::string(r->kind()) + " not a generator");
    PL_TRY(const yaml::Node* config, ToYaml(context.arena, *r->root));
    auto run = [&context, &loader, kind, config] { return kind->run({context, loader, *config}); };
    out.push_back({run, OriginOf(*r)});
  }
  return out;
}

}  // namespace plumbline::kustomize
