#include "deploy/deployments.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "deploy/charts.h"
#include "deploy/follower.h"
#include "deploy/overlays.h"
#include "support/parallel.h"
#include "yaml/yaml.h"

namespace plumbline::deploy {
namespace {

bool HoldsDeployers(std::string_view text) {
  return text.find(".fluxcd.io/") != std::string_view::npos ||
         text.find("argoproj.io/") != std::string_view::npos;
}

// ConfigMaps and Secrets may hold values of releases.
bool MayBeReferredTo(std::string_view text) {
  return text.find("ConfigMap") != std::string_view::npos ||
         text.find("Secret") != std::string_view::npos;
}

bool HasFollowed(const std::vector<yaml::Document>& documents) {
  return std::ranges::any_of(documents, [](const yaml::Document& d) {
    return d.root != nullptr && gitops::IsFollowed(*d.root);
  });
}

}  // namespace

class Deployer::Impl {
 public:
  Impl(const FileSystem& fs, SourceMap& sources, Options options)
      : fs_(fs),
        sources_(sources),
        options_(std::move(options)),
        follower_(fs_, sources_, options_) {}

  void BuildOverlays(const std::vector<std::string>& kustomizations) {
    std::vector<std::string> roots = FindRoots(fs_, kustomizations, options_.limits);
    overlays_.resize(roots.size());
    ParallelFor(roots.size(), options_.jobs, [&](std::size_t i) {
      overlays_[i] = BuildOverlay(fs_, sources_, roots[i], options_);
    });
    for (const Overlay& o : overlays_) used_.insert(o.files.begin(), o.files.end());
  }

  void FollowAndRender(std::span<const PlainManifest> manifests,
                       const std::vector<std::string>& charts) {
    AddObjects(manifests);
    follower_.Run();
    RenderCharts(charts);
    for (const Project& p : charts_) {
      for (const Environment& e : p.environments) follower_.Add(e.made->documents, {p.folder}, {});
    }
    follower_.Run();
    for (const Overlay& o : follower_.overlays()) used_.insert(o.files.begin(), o.files.end());
    used_.insert(follower_.directory_files().begin(), follower_.directory_files().end());
  }

  const std::unordered_set<std::string>& used_files() const { return used_; }

  Deployments Take() {
    Deployments out;
    out.files = used_.size();
    const auto& deployed = follower_.deployed_folders();
    std::vector<const Overlay*> overlays;
    for (const Overlay& o : overlays_) {
      if (!deployed.contains(o.folder)) overlays.push_back(&o);
    }
    for (const Overlay& o : follower_.overlays()) overlays.push_back(&o);
    out.projects = GroupOverlays(overlays, options_.matrix);
    std::ranges::move(follower_.TakeProjects(), std::back_inserter(out.projects));
    for (Project& p : charts_) {
      bool is_deployed = follower_.deployed_charts().contains(fs_.RealPath(p.folder));
      if (!p.environments.empty() && !is_deployed) out.projects.push_back(std::move(p));
    }
    for (const Project& p : out.projects) out.files += p.files;
    out.diagnostics = follower_.diagnostics();
    out.notices = follower_.Notices();
    out.arenas = {follower_.arena(), plain_arena_};
    return out;
  }

 private:
  void AddObjects(std::span<const PlainManifest> manifests) {
    bool any = std::ranges::any_of(overlays_,
                                   [](const Overlay& o) { return HasFollowed(o.made->documents); });
    std::map<std::string, std::vector<yaml::Document>> deployers;  // by folder
    std::vector<yaml::Document> others;
    any = any || std::ranges::any_of(manifests,
                                     [](const PlainManifest& m) { return HoldsDeployers(m.text); });
    for (const PlainManifest& m : manifests) {
      bool deploys = HoldsDeployers(m.text);
      if (!any || (!deploys && !MayBeReferredTo(m.text))) continue;
      auto documents = Parse(m);
      auto& to = deploys ? deployers[std::string(DirName(m.path))] : others;
      to.insert(to.end(), documents.begin(), documents.end());
    }
    follower_.AddKnown(others);
    for (const auto& [folder, documents] : deployers) follower_.Add(documents, {folder}, {});
    for (const Overlay& o : overlays_) {
      if (any) follower_.Add(o.made->documents, {o.folder}, o.folder);
    }
  }

  std::vector<yaml::Document> Parse(const PlainManifest& m) {
    FileId id = sources_.AddShared(ShownBelow(options_.base_dir, m.path), std::string(m.text));
    Diagnostics told;  // where the manifests themselves are judged
    return yaml::Parse(id, sources_.Text(id), *plain_arena_, options_.limits, told);
  }

  void RenderCharts(const std::vector<std::string>& charts) {
    std::set<std::string> all(charts.begin(), charts.end());
    std::vector<std::string> top;
    for (const std::string& chart : charts) {
      bool is_deployed = follower_.deployed_charts().contains(fs_.RealPath(chart));
      if (!is_deployed && !IsSubchart(all, chart)) top.push_back(chart);
    }
    charts_.resize(top.size());
    ParallelFor(top.size(), options_.jobs,
                [&](std::size_t i) { charts_[i] = MakeChart(fs_, sources_, top[i], options_); });
  }

  const FileSystem& fs_;
  SourceMap& sources_;
  const Options options_;
  std::shared_ptr<Arena> plain_arena_ = std::make_shared<Arena>();
  std::vector<Overlay> overlays_;
  std::vector<Project> charts_;
  std::unordered_set<std::string> used_;
  Follower follower_;
};

Deployer::Deployer(const FileSystem& fs, SourceMap& sources, Options options)
    : impl_(std::make_unique<Impl>(fs, sources, std::move(options))) {}
Deployer::~Deployer() = default;

void Deployer::BuildOverlays(const std::vector<std::string>& kustomizations) {
  impl_->BuildOverlays(kustomizations);
}

void Deployer::FollowAndRender(std::span<const PlainManifest> manifests,
                               const std::vector<std::string>& charts) {
  impl_->FollowAndRender(manifests, charts);
}

const std::unordered_set<std::string>& Deployer::used_files() const { return impl_->used_files(); }

Deployments Deployer::Take() { return impl_->Take(); }

}  // namespace plumbline::deploy
