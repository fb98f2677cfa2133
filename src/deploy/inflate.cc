#include "deploy/inflate.h"

#include "deploy/chart_project.h"
#include "helm/documents.h"

namespace plumbline::deploy {
namespace {

helm::RenderOptions OptionsOf(const kustomize::ChartRequest& r) {
  helm::RenderOptions o;
  if (!r.release_name.empty()) o.release_name = r.release_name;
  if (!r.name_space.empty()) o.ns = r.name_space;
  if (!r.kube_version.empty()) o.kube_version = r.kube_version;
  o.api_versions = r.api_versions;
  o.include_crds = r.include_crds;
  auto& layers = o.values.layers;
  if (r.values_merge != "replace") {
    for (const std::string& file : r.values_files) layers.push_back({file, nullptr});
  }
  // With "merge" the files win.
  if (r.inline_node != nullptr)
    layers.insert(r.values_merge == "merge" ? layers.begin() : layers.end(), {"", r.inline_node});
  return o;
}

}  // namespace

kustomize::ChartInflater MakeInflater(const FileSystem& fs, SourceMap& sources,
                                      const std::string& base_dir) {
  return [&fs, &sources, &base_dir](const kustomize::ChartRequest& request,
                                    Arena& arena) -> Result<std::vector<yaml::Document>> {
    gotmpl::Heap heap;
    helm::LoadOptions load{fs, sources, heap, base_dir, {}, true};
    PL_TRY(auto chart, helm::LoadChart(load, request.folder));
    helm::Rendered rendered = helm::Render(load, *chart, OptionsOf(request), true);
    if (!rendered.faults.empty()) return Fail(rendered.faults[0].message);
    std::vector<yaml::Document> out;
    for (const helm::Manifest& m : rendered.manifests) {
      if (request.skip_hooks && m.is_hook) continue;
      auto documents = helm::ParseManifest(m, sources, arena, Limits());
      out.insert(out.end(), documents.begin(), documents.end());
    }
    return out;
  };
}

}  // namespace plumbline::deploy
