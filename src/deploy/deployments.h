// What charts and kustomizations make: every one that is applied by itself, in every environment
// that is asked for.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "deploy/chart_project.h"
#include "helm/render.h"
#include "model/resource.h"
#include "support/diagnostic.h"
#include "support/fs.h"
#include "support/limits.h"
#include "support/source.h"

namespace plumbline::deploy {

/// An environment that the user has laid down: values files for the charts it is about.
struct GivenEnvironment {
  std::string name;
  std::vector<std::string> values;
  std::function<bool(const std::string& chart)> covers;
};

struct Options {
  helm::RenderOptions helm;  // what the user gives: values, release, capabilities
  bool matrix = false;
  std::vector<GivenEnvironment> environments;  // with `matrix`; where none covers, they are found
  unsigned jobs = 0;
  Limits limits;
  std::string base_dir;              // files below it are shown relative to it
  std::vector<std::string> mirrors;  // folders with copies of remote bases
  /// The folder that a kustomization's files may not leave.
  std::function<std::string(const std::string& folder)> allowed_root;
};

struct Environment {
  std::string name;  // empty: there is nothing to tell apart
  std::shared_ptr<MadeObjects> made;
};

/// The same chart or the overlays of one base, once for each environment.
struct Project {
  model::Framework framework = model::Framework::kHelm;
  std::string folder;  // the chart's or the first overlay's, absolute
  std::vector<Environment> environments;
  std::size_t files = 0;  // of the chart
};

struct Deployments {
  std::vector<Project> projects;
  /// Manifests and patches that are judged as built; absolute.
  std::unordered_set<std::string> used_files;
  std::size_t files = 0;  // read for it
};

/// `charts` are folders or .tgz files, `kustomizations` are kustomization files; all absolute and
/// sorted. Charts below charts/ of another one and bases of other kustomizations are met there.
Deployments MakeDeployments(const FileSystem& fs, SourceMap& sources,
                            const std::vector<std::string>& charts,
                            const std::vector<std::string>& kustomizations, const Options& options);

}  // namespace plumbline::deploy
