// What charts, kustomizations and the objects of Flux and Argo CD deploy: everything that is
// applied by itself, in every environment that is asked for.
#pragma once

#include <functional>
#include <memory>
#include <span>
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
  /// Chart and values file: rendered with them beside its own values, without a name.
  std::vector<std::pair<std::string, std::string>> more_values;
  unsigned jobs = 0;
  Limits limits;
  std::string base_dir;                   // files below it are shown relative to it
  std::vector<std::string> mirrors;       // folders with copies of remote bases
  std::vector<std::string> repositories;  // folders in which paths of deployers are looked for
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
  std::size_t files = 0;  // of a chart
};

/// A manifest as it lies in the tree.
struct PlainManifest {
  std::string path;  // absolute
  std::string_view text;
};

struct Deployments {
  std::vector<Project> projects;
  Diagnostics diagnostics;           // of objects that deploy others
  std::vector<std::string> notices;  // what leads out of the tree
  std::size_t files = 0;             // that were read
  std::vector<std::shared_ptr<Arena>> arenas;
};

class Deployer {
 public:
  /// All must outlive the deployer.
  Deployer(const FileSystem& fs, SourceMap& sources, Options options);
  ~Deployer();

  /// First: `kustomizations` are files. Bases of others are met there.
  void BuildOverlays(const std::vector<std::string>& kustomizations);
  /// Then: follows the objects of Flux and Argo CD in the manifests and in all that was made, and
  /// renders the charts (folders or .tgz files) that nothing has deployed.
  void FollowAndRender(std::span<const PlainManifest> manifests,
                       const std::vector<std::string>& charts);
  /// Manifests and patches that are judged as built; absolute. They grow with each step.
  const std::unordered_set<std::string>& used_files() const;
  /// Last.
  Deployments Take();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace plumbline::deploy
