// Everything that changes resources. A transformer is made from its configuration first (reading
// its files) and run later, in the order that kustomize runs them.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "kustomize/context.h"
#include "kustomize/kustomization.h"

namespace plumbline::kustomize {

using TransformFn = std::function<Result<void>(ResMap&)>;

struct Transformer {
  TransformFn run;
  std::optional<Origin> origin;  // for buildMetadata
};

enum class SubjectMode : std::uint8_t { kDefaultOnly, kAllServiceAccounts, kNone };

// transform_fields.cc
TransformFn NamespaceTransformer(Context& context, Text ns, FieldSpecs specs, bool unset_only,
                                 SubjectMode mode);
TransformFn AffixTransformer(Context& context, Text affix, FieldSpecs specs, bool prefix);
TransformFn LabelTransformer(Context& context, TextMap labels, FieldSpecs specs);
TransformFn AnnotationsTransformer(Context& context, TextMap annotations, FieldSpecs specs);
TransformFn ReplicaTransformer(Context& context, ReplicaArgs args, FieldSpecs specs);
TransformFn HashTransformer(Context& context);
// transform_images.cc
TransformFn ImageTransformer(Context& context, ImageArgs args, FieldSpecs specs);
// value_add.cc
Result<TransformFn> ValueAddTransformer(Context& context, const Loader& loader,
                                        const yaml::Node& config);

// patches.cc
Result<TransformFn> PatchTransformer(Context& context, const Loader& loader, PatchArgs args);
Result<TransformFn> StrategicMergeTransformer(Context& context, const Loader& loader,
                                              const TextList& paths, const Text& patches);
Result<TransformFn> JsonPatchTransformer(Context& context, const Loader& loader, PatchArgs args);

// replacements.cc
Result<TransformFn> ReplacementTransformer(Context& context, const Loader& loader,
                                           const std::vector<Replacement>& replacements);

// generators.cc
Result<ResourcePtr> GenerateConfigMap(Context& context, const Loader& loader,
                                      const GeneratorArgs& args);
Result<ResourcePtr> GenerateSecret(Context& context, const Loader& loader,
                                   const GeneratorArgs& args);
/// The suffix that kustomize appends to the name of a generated resource.
Result<std::string> ContentHash(const Resource& resource);
GeneratorArgs WithGlobalOptions(GeneratorArgs args, const std::optional<GeneratorOptions>& global);

// name_references.cc
Result<void> FixNameReferences(Context& context, ResMap& resources,
                               const std::vector<NameReference>& references);

// vars.cc
Result<void> ResolveVars(Context& context, ResMap& resources, const std::vector<VarArgs>& vars,
                         const FieldSpecs& specs);

// sort_order.cc
Result<void> SortResources(ResMap& resources, const std::optional<SortOptions>& options);

// finish.cc
/// Takes off resources that are marked as being for tools only.
Result<void> DropLocal(ResMap& resources);
Result<void> FinishAnnotations(Context& context, const Kustomization& k, ResMap& resources);

// plugins.cc: transformers and generators that are written as resources.
Result<std::vector<Transformer>> LoadTransformers(Context& context, const Loader& loader,
                                                  const ResMap& configs);
using GenerateFn = std::function<Result<std::vector<ResourcePtr>>()>;
struct Generator {
  GenerateFn run;
  std::optional<Origin> origin;
};
Result<std::vector<Generator>> LoadGenerators(Context& context, const Loader& loader,
                                              const ResMap& configs);
// charts.cc
Result<std::vector<ResourcePtr>> InflateChart(Context& context, const Loader& loader,
                                              const HelmChart& chart, const HelmGlobals& globals);
// crds.cc
Result<TransformerConfig> ReadCrds(Context& context, const Loader& loader, const TextList& paths);

}  // namespace plumbline::kustomize
