// The build itself: a kustomization's resources are gathered (other kustomizations first), its
// generators, components, transformers and validators run over them, and at the very end, once,
// names get their hashes, references are set right, variables replaced and the result put in order.
#include <algorithm>
#include <array>

#include "kustomize/accumulator.h"
#include "kustomize/transformers.h"

namespace plumbline::kustomize {
namespace {

constexpr std::size_t kMaxKustomizations = 10'000;  // of one build, each visit counted

std::string Wrapped(std::string_view what, const Error& error) {
  return std::string(what) + ": " + error.message;
}

class Target {
 public:
  Target(Context& context, Loader loader) : context_(context), loader_(std::move(loader)) {}

  Result<void> Load();
  /// The same for the kustomization that is built, which the caller may change.
  Result<void> LoadRoot();
  Result<void> Accumulate(Accumulator& into);
  const Kustomization& kustomization() const { return k_; }
  const Loader& loader() const { return loader_; }
  Span place() const { return place_; }
  /// Notes where resources come from, for the annotations.
  void Track(const std::vector<std::string>& build_metadata, const std::optional<Origin>& origin) {
    k_.build_metadata = build_metadata;
    origin_ = origin;
  }
  Result<void> UseSchema();

 private:
  Result<LoadedFile> FindFile();
  Result<const yaml::Node*> ReadFile();
  Result<void> Take(const yaml::Node* root);
  Result<void> AccumulateResources(Accumulator& into, const TextList& paths);
  Result<void> AccumulateFile(Accumulator& into, const Text& path, NameIndex& index);
  Result<void> AccumulateFolder(Accumulator& into, const Text& path, NameIndex& index);
  Result<void> AccumulateComponent(Accumulator& into, const Text& path);
  Result<void> LoadFolder(Target& sub, const Text& path, bool component);
  Result<void> Configure(Accumulator& into);
  Result<void> RunGenerators(Accumulator& into);
  Result<void> BuiltinGenerators(std::vector<Generator>& out);
  Result<ResMap> PluginConfigs(const TextList& entries);
  Result<void> RunTransformers(Accumulator& into);
  Result<void> BuiltinTransformers(const TransformerConfig& config, std::vector<Transformer>& out);
  Result<void> AddPatches(std::vector<Transformer>& out);
  Result<void> AddLabels(const TransformerConfig& config, std::vector<Transformer>& out);
  Result<void> RunValidators(Accumulator& into);
  Result<void> MergeVars(Accumulator& into);
  std::optional<Origin> BuiltinOrigin(std::string_view kind) const;
  std::optional<Origin> OriginAt(std::string_view path) const;

  Context& context_;
  Loader loader_;
  Kustomization k_;
  std::string file_name_;
  Span place_;  // the kustomization file, for faults without a better place
  std::optional<Origin> origin_;
};

Result<LoadedFile> Target::FindFile() {
  std::optional<LoadedFile> found;
  for (std::string_view name : kKustomizationFiles) {
    if (!context_.fs.IsFile(JoinPath(loader_.root(), name))) continue;
    PL_TRY(LoadedFile file, loader_.Load(std::string(name)));
    if (found) return Fail("found multiple kustomization files under: " + loader_.root());
    found = file;
    file_name_ = name;
  }
  if (found) return *found;
  return Fail(
      "unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' "
      "in directory '" +
      loader_.root() + "'");
}

Result<void> Target::Load() {
  if (++context_.kustomizations > kMaxKustomizations) {
    return Fail("the build visits more than " + std::to_string(kMaxKustomizations) +
                " kustomizations");
  }
  PL_TRY(const yaml::Node* root, ReadFile());
  return Take(root);
}

Result<void> Target::LoadRoot() {
  const auto& edit = context_.options.edit;
  if (!edit) return Load();
  const yaml::Node* root = nullptr;
  bool given = context_.options.resources != nullptr;
  if (!given && IsKustomization(context_.fs, loader_.root())) {
    PL_TRY(root, ReadFile());
  } else {
    file_name_ = kKustomizationFiles[0];
  }
  root = edit(root, context_.arena);
  if (root != nullptr && !place_.valid()) place_ = context_.fault = root->span;
  return Take(root);
}

Result<const yaml::Node*> Target::ReadFile() {
  PL_TRY(LoadedFile file, FindFile());
  PL_TRY(auto documents, context_.ParseYaml(file.file, file.text));
  place_ = context_.fault = {file.file, 0, 0};
  return documents.empty() ? nullptr : documents[0].root;
}

Result<void> Target::Take(const yaml::Node* root) {
  if (root == nullptr) return Fail("kustomization.yaml is empty");
  auto read = ReadKustomization(*root);
  if (!read) {
    context_.fault = FaultyPart(*root);
    return Fail(Wrapped("invalid Kustomization", read.error()));
  }
  k_ = std::move(*read);
  if (k_.empty) return Fail("kustomization.yaml is empty");
  if (k_.kind.empty()) k_.kind = "Kustomization";
  bool component = k_.kind == "Component";
  if (k_.kind != "Kustomization" && !component) {
    return Fail("kind should be Kustomization or Component");
  }
  std::string wanted =
      component ? "kustomize.config.k8s.io/v1alpha1" : "kustomize.config.k8s.io/v1beta1";
  if (!k_.api_version.empty() && k_.api_version != wanted) {
    return Fail("apiVersion for " + k_.kind + " should be " + wanted);
  }
  auto warn = [&](bool used, std::string_view field, std::string_view instead) {
    if (used) {
      context_.warnings.push_back("'" + std::string(field) + "' is deprecated; use '" +
                                  std::string(instead) + "' instead");
    }
  };
  warn(!k_.bases.empty(), "bases", "resources");
  warn(!k_.common_labels.empty(), "commonLabels", "labels");
  warn(!k_.patches_json.empty(), "patchesJson6902", "patches");
  warn(!k_.patches_strategic_merge.empty(), "patchesStrategicMerge", "patches");
  warn(!k_.vars.empty(), "vars", "replacements");
  return {};
}

// The first kustomization with an `openapi` field decides.
Result<void> Target::UseSchema() {
  auto path = k_.openapi.find("path");
  auto version = k_.openapi.find("version");
  if (path == k_.openapi.end() || context_.schema_set) {
    if (version != k_.openapi.end()) context_.fault = version->second.span;
    bool known = version == k_.openapi.end() || version->second.value == "v1.21.2";
    return known ? Result<void>() : Fail("the specified OpenAPI version is not built in");
  }
  context_.fault = path->second.span;
  if (loader_.IsAbsent(path->second, MissingKind::kFile)) return {};
  PL_TRY(LoadedFile file, loader_.Load(path->second.value));
  if (version != k_.openapi.end()) {
    return Fail("builtin version and custom schema provided, cannot use both");
  }
  PL_TRY(auto documents, context_.ParseYaml(file.file, file.text));
  if (!documents.empty() && documents[0].root != nullptr) {
    context_.schema.UseDocument(documents[0].root->value);
  }
  context_.schema_set = true;
  return {};
}

std::optional<Origin> Target::OriginAt(std::string_view path) const {
  if (!origin_) return std::nullopt;
  Origin origin = *origin_;
  origin.path = origin.path.empty() ? CleanPath(path) : JoinPath(origin.path, path);
  return origin;
}

std::optional<Origin> Target::BuiltinOrigin(std::string_view kind) const {
  if (!origin_) return std::nullopt;
  Origin origin;
  origin.configured_in = OriginAt(file_name_)->path;
  origin.api_version = "builtin";
  origin.kind = kind;
  return origin;
}

Result<void> Target::Accumulate(Accumulator& into) {
  if (auto r = AccumulateResources(into, k_.resources); !r) {
    return Fail(Wrapped("accumulating resources", r.error()));
  }
  PL_CHECK_OK(Configure(into));
  PL_CHECK_OK(RunGenerators(into));
  for (const Text& path : k_.components) {
    if (auto r = AccumulateComponent(into, path); !r) {
      return Fail(Wrapped("accumulating components", r.error()));
    }
  }
  PL_CHECK_OK(RunTransformers(into));
  PL_CHECK_OK(RunValidators(into));
  return MergeVars(into);
}

Result<void> Target::Configure(Accumulator& into) {
  // Merged in the order that kustomize merges in: a later spec for everything gives way to a
  // special one.
  TransformerConfig own;
  for (const Text& path : k_.configurations) {
    context_.fault = path.span;
    if (loader_.IsAbsent(path, MissingKind::kFile)) continue;
    PL_TRY(LoadedFile file, loader_.Load(path.value));
    PL_TRY(auto documents, context_.ParseYaml(file.file, file.text));
    if (documents.empty() || documents[0].root == nullptr) continue;
    context_.fault = {file.file, 0, 0};
    auto config = ReadConfiguration(*documents[0].root);
    if (!config) return Fail(Wrapped(path.value, config.error()));
    PL_CHECK_OK(own.Merge(*config));
  }
  TransformerConfig all = DefaultConfig();
  PL_CHECK_OK(all.Merge(own));
  PL_CHECK_OK(into.config.Merge(all));
  PL_TRY(TransformerConfig crds, ReadCrds(context_, loader_, k_.crds));
  return into.config.Merge(crds);
}

Result<void> Target::AccumulateResources(Accumulator& into, const TextList& paths) {
  NameIndex index = into.resources.Index();  // nothing is renamed while resources are read
  for (const Text& path : paths) {
    if (loader_.IsAbsent(path, MissingKind::kResource)) {
      into.resources.lacks_resources = true;
      continue;
    }
    auto as_file = AccumulateFile(into, path, index);
    if (as_file) continue;
    Span file_fault = context_.fault;
    std::string real = context_.fs.RealPath(JoinPath(loader_.root(), path.value));
    bool mirrored_file = IsHttp(path.value) && context_.fault.file != path.span.file;
    if (mirrored_file || (!real.empty() && context_.fs.IsFile(real))) {
      context_.fault = file_fault;
      return as_file;
    }
    PL_CHECK_OK(AccumulateFolder(into, path, index));
  }
  return {};
}

Result<void> Target::AccumulateFile(Accumulator& into, const Text& path, NameIndex& index) {
  context_.fault = path.span;
  auto wrap = [&](const Error& e) {
    return Fail("accumulating resources from '" + path.value + "': " + e.message);
  };
  auto file = loader_.Load(path.value);
  if (!file) return wrap(file.error());
  auto resources = ReadResources(context_, *file);
  if (!resources) return wrap(resources.error());
  if (context_.duplicate.valid()) {
    context_.fault = context_.duplicate;
    return wrap({"a key is set twice in one mapping"});
  }
  for (const ResourcePtr& r : *resources) {
    r->origin = OriginAt(path.value);
    if (auto added = into.resources.Append(r, index); !added) {
      context_.fault = r->root->span;
      return Fail("merging resources from '" + path.value + "': " + added.error().message);
    }
  }
  return {};
}

// Loads the kustomization in the folder that `sub` stands in.
Result<void> Target::LoadFolder(Target& sub, const Text& path, bool component) {
  const std::string& root = sub.loader_.root();
  if (auto loaded = sub.Load(); !loaded) {
    return Fail("couldn't make target for path '" + root + "': " + loaded.error().message);
  }
  context_.bases.emplace(root, component);
  sub.Track(k_.build_metadata, OriginAt(path.value));
  PL_CHECK_OK(sub.UseSchema());
  if (component != (sub.k_.kind == "Component")) {
    return Fail("expected kind " + std::string(component ? "" : "!= ") + "'Component' for path '" +
                root + "' but got '" + sub.k_.kind + "'");
  }
  return {};
}

// A component works on what is there already.
Result<void> Target::AccumulateComponent(Accumulator& into, const Text& path) {
  context_.fault = path.span;
  if (loader_.IsAbsent(path, MissingKind::kComponent)) {
    into.resources.lacks_resources = into.resources.lacks_changes = true;
    return {};
  }
  PL_TRY(Loader loader, loader_.Enter(path.value));
  Target sub(context_, loader);
  PL_CHECK_OK(LoadFolder(sub, path, true));
  return sub.Accumulate(into);
}

Result<void> Target::AccumulateFolder(Accumulator& into, const Text& path, NameIndex& index) {
  context_.fault = path.span;
  PL_TRY(Loader loader, loader_.Enter(path.value));
  Target sub(context_, loader);
  PL_CHECK_OK(LoadFolder(sub, path, false));
  Accumulator own(context_.schema);
  if (auto r = sub.Accumulate(own); !r) {
    return Fail("recursed accumulation of path '" + loader.root() + "': " + r.error().message);
  }
  Span before = context_.fault;
  context_.fault = path.span;
  if (auto r = into.Join(own, index); !r) {
    return Fail("recursed merging from path '" + loader.root() + "': " + r.error().message);
  }
  context_.fault = before;
  return {};
}

Result<void> Target::BuiltinGenerators(std::vector<Generator>& out) {
  using Make = Result<ResourcePtr> (*)(Context&, const Loader&, const GeneratorArgs&);
  auto add = [&](const std::vector<GeneratorArgs>& list, Make make, std::string_view kind) {
    for (const GeneratorArgs& given : list) {
      GeneratorArgs args = WithGlobalOptions(given, k_.generator_options);
      auto run = [this, args, make]() -> Result<std::vector<ResourcePtr>> {
        PL_TRY(ResourcePtr resource, make(context_, loader_, args));
        return std::vector<ResourcePtr>{resource};
      };
      out.push_back({run, BuiltinOrigin(kind)});
    }
  };
  add(k_.config_maps, GenerateConfigMap, "ConfigMapGenerator");
  add(k_.secrets, GenerateSecret, "SecretGenerator");
  for (const HelmChart& chart : k_.helm_charts) {
    HelmGlobals globals = k_.helm_globals.value_or(HelmGlobals{});
    out.push_back(
        {[this, chart, globals] { return InflateChart(context_, loader_, chart, globals); },
         BuiltinOrigin("HelmChartInflationGenerator")});
  }
  return {};
}

Result<void> Target::RunGenerators(Accumulator& into) {
  std::vector<Generator> generators;
  PL_CHECK_OK(BuiltinGenerators(generators));
  PL_TRY(ResMap configs, PluginConfigs(k_.generators));
  auto external = LoadGenerators(context_, loader_, configs);
  if (!external) return Fail(Wrapped("loading generator plugins", external.error()));
  generators.insert(generators.end(), external->begin(), external->end());
  for (const Generator& g : generators) {
    context_.fault = place_;
    std::size_t left_out = context_.left_out;
    PL_TRY(auto made, g.run());
    into.resources.lacks_resources |= context_.left_out > left_out;
    for (const ResourcePtr& r : made) {
      if (!r->origin) r->origin = g.origin;
      Span span = r->root->span;
      if (auto absorbed = into.resources.Absorb(context_.pool, r); !absorbed) {
        context_.fault = span;
        return Fail("merging from generator: " + absorbed.error().message);
      }
    }
  }
  return {};
}

// The entries of `generators`, `transformers` and `validators`: inline resources, files or
// kustomizations.
Result<ResMap> Target::PluginConfigs(const TextList& entries) {
  Accumulator configs(context_.schema);
  TextList paths;
  for (const Text& entry : entries) {
    auto resources = ReadInlineResources(context_, entry);
    if (!resources || (resources->empty() && entry.value.find('\n') == std::string::npos)) {
      paths.push_back(entry);
      continue;
    }
    for (const ResourcePtr& r : *resources) {
      r->origin = OriginAt(file_name_);
      PL_CHECK_OK(configs.resources.Append(r));
    }
  }
  PL_CHECK_OK(AccumulateResources(configs, paths));
  return configs.resources;
}

Result<void> Target::AddPatches(std::vector<Transformer>& out) {
  if (!k_.patches_strategic_merge.empty()) {
    auto made = StrategicMergeTransformer(context_, loader_, k_.patches_strategic_merge, {});
    if (!made) return Fail(Wrapped("trouble configuring patchesStrategicMerge", made.error()));
    out.push_back({*made, BuiltinOrigin("PatchStrategicMergeTransformer")});
  }
  for (const PatchArgs& args : k_.patches) {
    auto made = PatchTransformer(context_, loader_, args);
    if (!made) return Fail(Wrapped("trouble configuring patches", made.error()));
    out.push_back({*made, BuiltinOrigin("PatchTransformer")});
  }
  return {};
}

Result<void> Target::AddLabels(const TransformerConfig& config, std::vector<Transformer>& out) {
  if (k_.labels.empty() && k_.common_labels.empty()) return {};
  auto origin = BuiltinOrigin("LabelTransformer");
  for (const LabelArgs& label : k_.labels) {
    FieldSpecs specs = label.fields;
    PL_CHECK_OK(MergeSpecs(specs, config.of(SpecUse::kLabels)));
    if (label.include_selectors) {
      PL_CHECK_OK(MergeSpecs(specs, config.of(SpecUse::kCommonLabels)));
    } else {
      if (label.include_templates) {
        PL_CHECK_OK(MergeSpecs(specs, config.of(SpecUse::kTemplateLabels)));
      }
      PL_CHECK_OK(MergeSpecs(specs, {FieldSpec{{}, "metadata/labels", true}}));
    }
    out.push_back({LabelTransformer(context_, label.pairs, std::move(specs)), origin});
  }
  out.push_back(
      {LabelTransformer(context_, k_.common_labels, config.of(SpecUse::kCommonLabels)), origin});
  return {};
}

Result<void> Target::BuiltinTransformers(const TransformerConfig& config,
                                         std::vector<Transformer>& out) {
  PL_CHECK_OK(AddPatches(out));
  auto add = [&](TransformFn run, std::string_view kind) {
    out.push_back({std::move(run), BuiltinOrigin(kind)});
  };
  if (!k_.ns.empty()) {
    add(NamespaceTransformer(context_, k_.ns, config.of(SpecUse::kNamespace), false,
                             SubjectMode::kDefaultOnly),
        "NamespaceTransformer");
  }
  if (!k_.name_prefix.empty()) {
    add(AffixTransformer(context_, k_.name_prefix, config.of(SpecUse::kNamePrefix), true),
        "PrefixTransformer");
  }
  if (!k_.name_suffix.empty()) {
    add(AffixTransformer(context_, k_.name_suffix, config.of(SpecUse::kNameSuffix), false),
        "SuffixTransformer");
  }
  PL_CHECK_OK(AddLabels(config, out));
  if (!k_.common_annotations.empty()) {
    add(AnnotationsTransformer(context_, k_.common_annotations,
                               config.of(SpecUse::kCommonAnnotations)),
        "AnnotationsTransformer");
  }
  for (const PatchArgs& args : k_.patches_json) {
    auto made = JsonPatchTransformer(context_, loader_, args);
    if (!made) return Fail(Wrapped("trouble configuring patchesJson6902", made.error()));
    add(*made, "PatchJson6902Transformer");
  }
  for (const ReplicaArgs& args : k_.replicas) {
    add(ReplicaTransformer(context_, args, config.of(SpecUse::kReplicas)),
        "ReplicaCountTransformer");
  }
  for (const ImageArgs& args : k_.images) {
    add(ImageTransformer(context_, args, config.of(SpecUse::kImages)), "ImageTagTransformer");
  }
  if (!k_.replacements.empty()) {
    PL_TRY(TransformFn run, ReplacementTransformer(context_, loader_, k_.replacements));
    add(std::move(run), "ReplacementTransformer");
  }
  return {};
}

Result<void> Target::RunTransformers(Accumulator& into) {
  std::vector<Transformer> transformers;
  PL_CHECK_OK(BuiltinTransformers(into.config, transformers));
  PL_TRY(ResMap configs, PluginConfigs(k_.transformers));
  PL_TRY(auto external, LoadTransformers(context_, loader_, configs));
  transformers.insert(transformers.end(), external.begin(), external.end());
  into.resources.lacks_changes |= configs.lacks_resources || configs.lacks_changes;
  for (const Transformer& t : transformers) {
    context_.fault = place_;
    PL_CHECK_OK(t.run(into.resources));
    PL_CHECK_OK(context_.pool.Check(nullptr));
    if (t.origin) {
      for (const ResourcePtr& r : into.resources.list) {
        if (r->origin) {
          r->transformations.push_back(*t.origin);
        } else {
          r->origin = t.origin;
        }
      }
    }
    into.resources.DropEmpty();
  }
  return {};
}

// Validators are transformers that must not change anything.
Result<void> Target::RunValidators(Accumulator& into) {
  PL_TRY(ResMap configs, PluginConfigs(k_.validators));
  PL_TRY(auto validators, LoadTransformers(context_, loader_, configs));
  for (const Transformer& v : validators) {
    auto print = [&](const Resource& r) -> Result<Value> {
      PL_TRY(const yaml::Node* tree, ToYaml(context_.arena, *r.root));
      return tree->value;
    };
    std::vector<Value> values;
    for (const ResourcePtr& r : into.resources.list) {
      PL_TRY(Value value, print(*r));
      values.push_back(value);
    }
    PL_CHECK_OK(v.run(into.resources));
    bool same = values.size() == into.resources.list.size();
    for (std::size_t i = 0; same && i < values.size(); ++i) {
      StringMap labels = into.resources.list[i]->StringsAt("labels");
      if (labels.erase("validated-by") != 0) {
        PL_CHECK_OK(into.resources.list[i]->SetStringsAt(context_.pool, "labels", labels));
      }
      PL_TRY(Value value, print(*into.resources.list[i]));
      same = RawEqual(values[i], value);
    }
    if (!same) return Fail("validator shouldn't modify the resource map");
  }
  return {};
}

Result<void> Target::MergeVars(Accumulator& into) {
  for (const VarArgs& var : k_.vars) {
    ResId wanted{var.gvk, var.object_name, var.object_ns, false};
    wanted.cluster_scoped = context_.schema.IsClusterScoped(var.gvk.ApiVersion(), var.gvk.kind);
    bool exact = !wanted.ns.empty() || wanted.cluster_scoped;
    auto matches = into.resources.ByAnyId(wanted.name, [&](const ResId& id) {
      return exact ? wanted.Equals(id) : wanted.GvknEquals(id);
    });
    context_.fault = var.span;
    if (matches.size() > 1) {
      return Fail("found " + std::to_string(matches.size()) + " resId matches for var " + var.name +
                  " (unable to disambiguate)");
    }
    if (matches.size() == 1) matches[0]->var_names.push_back(var.name);
    PL_CHECK_OK(into.AddVar(var));
  }
  return {};
}

// --- The end of a build ---

Result<ResMap> BuildAll(Context& context, const std::string& folder) {
  Target target(context, Loader(context, folder, nullptr));
  PL_CHECK_OK(target.LoadRoot());
  const Kustomization& k = target.kustomization();
  PL_CHECK_OK(target.UseSchema());
  target.Track(k.build_metadata,
               k.build_metadata.empty() ? std::nullopt : std::optional<Origin>(Origin{}));
  Accumulator all(context.schema);
  if (context.options.resources != nullptr) {
    PL_TRY(auto given, TakeResources(context, *context.options.resources));
    NameIndex index = all.resources.Index();
    for (const ResourcePtr& r : given) {
      context.fault = r->root->span;
      PL_CHECK_OK(all.resources.Append(r, index));
    }
  }
  PL_CHECK_OK(target.Accumulate(all));
  context.fault = target.place();
  PL_CHECK_OK(HashTransformer(context)(all.resources));
  context.fault = target.place();
  PL_CHECK_OK(FixNameReferences(context, all.resources, all.config.references));
  std::vector<VarArgs> vars;
  for (const auto& [name, var] : all.vars) vars.push_back(var);
  PL_CHECK_OK(ResolveVars(context, all.resources, vars, all.config.of(SpecUse::kVarReference)));
  context.fault = target.place();
  PL_CHECK_OK(DropLocal(all.resources));
  PL_CHECK_OK(SortResources(all.resources, k.sort_options));
  if (k.BuildMetadata("managedByLabel")) {
    TextMap labels = {{"app.kubernetes.io/managed-by", {"kustomize-(devel)", {}}}};
    auto run = LabelTransformer(context, labels, {FieldSpec{{}, "metadata/labels", true}});
    PL_CHECK_OK(run(all.resources));
  }
  PL_CHECK_OK(FinishAnnotations(context, k, all.resources));
  return all.resources;
}

}  // namespace

Output Build(const FileSystem& fs, const std::string& folder, const std::string& allowed_root,
             SourceMap& sources, Arena& arena, const Options& options) {
  Output out;
  Context context(fs, sources, options);
  auto fail = [&](const std::string& message, Span span) {
    out.documents.clear();
    out.diagnostics.push_back({DiagnosticCode::kEvaluationError, message, span});
  };
  std::string root = fs.RealPath(folder);
  context.allowed_root = fs.RealPath(allowed_root);
  if (root.empty() || context.allowed_root.empty() || !IsWithin(context.allowed_root, root)) {
    fail("'" + folder + "' is no folder in '" + allowed_root + "'", {});
    return out;
  }
  auto resources = BuildAll(context, root);
  if (!resources) {
    fail(resources.error().message, context.fault);
  } else {
    for (const ResourcePtr& r : resources->list) {
      auto tree = ToYaml(arena, *r->root);
      if (!tree) {
        fail(r->CurId(context.schema).ToString() + ": " + tree.error().message, r->root->span);
        break;
      }
      out.documents.push_back({*tree, (*tree)->span});
    }
  }
  out.ok = out.diagnostics.empty();
  out.warnings = std::move(context.warnings);
  for (const auto& [path, file] : context.files) out.files.push_back(path);
  for (const auto& [path, component] : context.bases) out.bases.push_back({path, component});
  out.missing = std::move(context.missing);
  return out;
}

}  // namespace plumbline::kustomize
