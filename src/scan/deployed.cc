#include "scan/deployed.h"

#include <algorithm>
#include <memory>
#include <unordered_set>

#include "kubernetes/kubernetes.h"
#include "scan/environments.h"
#include "scan/matrix.h"

namespace plumbline::scan {

bool IsCounted(const model::Resource& r) {
  return r.mode == model::Mode::kManaged || r.mode == model::Mode::kData;
}

deploy::Options DeployOptions(const ScanOptions& options, const Inputs& inputs,
                              const std::string& base_dir, const Limits& limits) {
  const ChartOptions& given = options.charts;
  deploy::Options o;
  o.helm.values.files = given.values;
  o.helm.values.set = given.set;
  o.helm.values.set_string = given.set_string;
  o.helm.values.set_file = given.set_file;
  o.helm.values.json = given.set_json;
  if (!given.release_name.empty()) o.helm.release_name = given.release_name;
  if (!given.name_space.empty()) o.helm.ns = given.name_space;
  if (!given.kube_version.empty()) o.helm.kube_version = given.kube_version;
  o.helm.api_versions = given.api_versions;
  o.helm.skip_tests = !options.strict;  // nobody but `helm test` runs them
  o.matrix = options.matrix;
  o.more_values = inputs.values_files();
  for (const ConfiguredEnvironment& e : options.environments) {
    if (e.values.empty()) continue;
    o.environments.push_back(
        {e.name, e.values, [&e](const std::string& chart) { return IsEnvironmentOf(e, chart); }});
  }
  o.jobs = options.jobs;
  o.limits = limits;
  o.base_dir = base_dir;
  o.mirrors = options.modules.vendored;
  o.repositories = inputs.folders();
  o.allowed_root = [&options, &inputs, base_dir](const std::string& folder) {
    for (const std::string& path : options.allowed_paths) {
      std::string allowed = JoinPath(base_dir, path);
      if (IsWithin(allowed, folder)) return allowed;
    }
    return inputs.AllowedRoot(folder);
  };
  return o;
}

std::vector<yaml::Document> ReadNeighbours(const Manifests& manifests, SourceMap& sources,
                                           const FindingMaker& maker, const Limits& limits,
                                           Arena& arena) {
  std::vector<yaml::Document> out;
  for (const ManifestFile& file : manifests.files) {
    if (file.text.find("apiVersion: skaffold/") == std::string::npos) continue;
    FileId id = sources.AddShared(maker.ShownPath(file.path), file.text);
    Diagnostics told;  // when the manifests are read
    auto documents = yaml::Parse(id, sources.Text(id), arena, limits, told);
    out.insert(out.end(), documents.begin(), documents.end());
  }
  return out;
}

// Charts and overlays. All environments' graphs are kept until they are joined: what an attribute
// is set to elsewhere is a part of a finding.
ProjectResult EvaluateDeployed(const deploy::Project& project, const DeployedRun& run) {
  const std::size_t n = project.environments.size();
  std::vector<std::string> names;
  for (const deploy::Environment& e : project.environments) names.push_back(e.name);
  bool joined = run.matrix && !names[0].empty();
  std::vector<std::unique_ptr<model::ResourceGraph>> graphs;
  std::vector<Identities> identities;
  Matrix matrix(names);
  std::unordered_set<std::string> counted;
  ProjectResult result;
  for (std::size_t i = 0; i < n; ++i) {
    deploy::MadeObjects& made = *project.environments[i].made;
    model::ResourceGraph& graph = *graphs.emplace_back(std::make_unique<model::ResourceGraph>());
    kubernetes::AddDocuments(made.documents, project.framework, graph);
    const std::size_t own = graph.size();
    kubernetes::AddDocuments(run.neighbours, model::Framework::kKubernetes, graph);
    kubernetes::AddReferences(graph);
    graph.Link();
    ProjectResult one;
    run.add_diagnostics(made.diagnostics, one.drafts);
    for (Draft& d : one.drafts) d.finding.framework = model::FrameworkName(project.framework);
    identities.emplace_back(graph);
    run.run_rules(graph, joined ? &identities.back() : nullptr, one);
    std::unordered_set<std::string> resources;
    for (const model::Resource& r : graph) {
      if (r.id >= own) break;
      resources.insert(identities.back().Of(r));
      if (IsCounted(r)) counted.insert(identities.back().Of(r));
    }
    if (joined) {
      matrix.Add(i, std::move(one.drafts), std::move(resources));
    } else {
      std::ranges::move(one.drafts, std::back_inserter(result.drafts));
    }
  }
  result.resources = counted.size();
  if (!joined) return result;
  result.drafts = matrix.Join([&](const Draft& d, model::InputMask, std::size_t i) {
    return std::vector<Origin>{
        FindSetting(identities[i], d.located_identity, d.attribute, run.maker, run.names)};
  });
  return result;
}

void SetIdentity(const engine::Verdict& v, const Identities& identities, Draft& d) {
  if (v.resource == nullptr) return;
  d.identity = identities.Of(*v.resource);
  d.located_identity = v.located != nullptr ? identities.Of(*v.located) : d.identity;
  d.attribute = v.path;
}

}  // namespace plumbline::scan
