// The end of a build: objects that are only for tools go, the annotations of `buildMetadata` are
// written and those that kustomize keeps for itself are taken off.
#include <algorithm>

#include "kustomize/transformers.h"

namespace plumbline::kustomize {
namespace {

constexpr std::string_view kOriginKey = "config.kubernetes.io/origin";
constexpr std::string_view kTransformationsKey = "alpha.config.kubernetes.io/transformations";

std::string TransformationsText(const std::vector<Origin>& list) {
  std::string out;
  for (const Origin& origin : list) out += "- " + origin.ToYaml("  ");
  return out;
}

bool IsBuildAnnotation(std::string_view key) {
  constexpr std::string_view kNames[] = {"config.kubernetes.io/path", "config.kubernetes.io/index",
                                         "config.k8s.io/id", kOriginKey, kTransformationsKey};
  return key.starts_with("internal.config.kubernetes.io/") ||
         std::ranges::find(kNames, key) != std::end(kNames);
}

}  // namespace

Result<void> DropLocal(ResMap& resources) {
  std::erase_if(resources.list, [](const ResourcePtr& r) {
    StringMap annotations = r->StringsAt("annotations");
    auto it = annotations.find("config.kubernetes.io/local-config");
    return it != annotations.end() && it->second != "false";
  });
  return {};
}

Result<void> FinishAnnotations(Context& context, const Kustomization& k, ResMap& resources) {
  for (const ResourcePtr& r : resources.list) {
    StringMap annotations = r->StringsAt("annotations");
    std::erase_if(annotations, [](const auto& a) { return IsBuildAnnotation(a.first); });
    if (k.BuildMetadata("originAnnotations") && r->origin) {
      annotations[std::string(kOriginKey)] = r->origin->ToYaml("");
    }
    if (k.BuildMetadata("transformerAnnotations") && !r->transformations.empty()) {
      annotations[std::string(kTransformationsKey)] = TransformationsText(r->transformations);
    }
    PL_CHECK_OK(r->SetStringsAt(context.pool, "annotations", annotations));
  }
  return {};
}

}  // namespace plumbline::kustomize
