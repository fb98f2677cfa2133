// Charts, overlays and what deployers apply, within a scan: what they are rendered with, and the
// rules over what they make.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "deploy/deployments.h"
#include "plumbline/scan.h"
#include "scan/finding_maker.h"
#include "scan/identities.h"
#include "scan/inputs.h"
#include "scan/manifests.h"
#include "scan/value_names.h"

namespace plumbline::scan {

/// What one project has given.
struct ProjectResult {
  std::vector<Draft> drafts;
  std::size_t resources = 0;
  std::size_t remote_modules = 0;
};

/// True for what a report counts as a resource.
bool IsCounted(const model::Resource& resource);

/// `options` and `inputs` must outlive the answer.
deploy::Options DeployOptions(const ScanOptions& options, const Inputs& inputs,
                              const std::string& base_dir, const Limits& limits);

/// What says something about the objects of charts and overlays without being applied with them:
/// which images Skaffold builds. Lives in `arena`.
std::vector<yaml::Document> ReadNeighbours(const Manifests& manifests, SourceMap& sources,
                                           const FindingMaker& maker, const Limits& limits,
                                           Arena& arena);

/// How the rules are run over a project; the functions may be called from any thread.
struct DeployedRun {
  bool matrix = false;  // findings of environments are joined
  std::span<const yaml::Document> neighbours;
  const FindingMaker& maker;
  ValueNames& names;
  std::function<void(const Diagnostics&, std::vector<Draft>&)> add_diagnostics;
  std::function<void(model::ResourceGraph&, const Identities*, ProjectResult&)> run_rules;
};

ProjectResult EvaluateDeployed(const deploy::Project& project, const DeployedRun& run);

/// Notes on a draft what tells it apart in other environments.
void SetIdentity(const engine::Verdict& verdict, const Identities& identities, Draft& draft);

}  // namespace plumbline::scan
