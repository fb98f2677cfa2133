// Flux and Argo CD objects, followed round by round: what a target makes may hold such objects
// again.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "deploy/deployments.h"
#include "deploy/overlays.h"
#include "gitops/gitops.h"

namespace plumbline::deploy {

class Follower {
 public:
  Follower(const FileSystem& fs, SourceMap& sources, const Options& options);

  /// Objects to look at. `trail`: folders of what leads to them; `from`: the kustomization that
  /// made them, empty for others: what a deployer makes of the same folder takes their place.
  void Add(std::span<const yaml::Document> documents, std::vector<std::string> trail,
           std::string from);
  /// Objects that others may refer to.
  void AddKnown(std::span<const yaml::Document> documents);
  /// Goes on until nothing new is found.
  void Run();

  /// Of Kustomization and Application objects.
  const std::deque<Overlay>& overlays() const { return overlays_; }
  /// Kustomizations that a deployer builds, directly or as a base: absolute folders.
  const std::set<std::string>& deployed_folders() const { return deployed_; }
  /// Charts that a release names: absolute folders.
  const std::set<std::string>& deployed_charts() const { return charts_; }
  /// Manifests of folders that are applied as they are.
  const std::vector<std::string>& directory_files() const { return directory_files_; }
  /// Releases and folders of manifests; call last, once.
  std::vector<Project> TakeProjects();
  const Diagnostics& diagnostics() const { return diagnostics_; }
  std::vector<std::string> Notices() const;
  const std::shared_ptr<Arena>& arena() const { return arena_; }

 private:
  struct Group {
    std::vector<yaml::Document> documents;
    std::vector<std::string> trail;
    std::string from;
  };
  struct PlacedTarget {
    gitops::Target target;
    std::vector<std::string> trail;
    std::string from;
  };
  struct MadeRelease {
    std::vector<std::string> trail;
    std::shared_ptr<MadeObjects> made;
  };

  gitops::Context ContextOf(Arena& arena) const;
  void FollowGroup(const Group& group);
  void Handle(const PlacedTarget& placed);
  void HandleOverlay(const PlacedTarget& placed, const gitops::KustomizeTarget& what);
  void HandleDirectory(const PlacedTarget& placed, const gitops::DirectoryTarget& what);
  void HandleRelease(const PlacedTarget& placed, const gitops::HelmTarget& what);
  void RenderReleases();
  bool IsNew(const std::string& key) { return done_.insert(key).second; }

  const FileSystem& fs_;
  SourceMap& sources_;
  const Options& options_;
  std::shared_ptr<Arena> arena_ = std::make_shared<Arena>();
  std::vector<gitops::Repository> repositories_;
  gitops::ObjectIndex known_;
  std::deque<Group> open_;
  std::deque<Overlay> overlays_;
  std::vector<PlacedTarget> releases_;  // not rendered yet
  std::map<std::string, std::unique_ptr<ChartProject>> chart_projects_;
  std::map<std::string, std::vector<MadeRelease>> made_releases_;  // by chart
  std::vector<Project> directories_;
  std::set<std::string> deployed_, charts_;
  std::unordered_set<std::string> done_;  // what has been made, whoever asked for it
  std::vector<std::string> directory_files_;
  std::vector<gitops::NotFollowed> not_followed_;
  Diagnostics diagnostics_;
  bool told_limit_ = false;
};

}  // namespace plumbline::deploy
