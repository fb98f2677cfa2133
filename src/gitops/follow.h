// One call of Follow: the objects by name, the answer as it grows, and where sources lead.
#pragma once

#include <map>
#include <optional>

#include "gitops/nodes.h"

namespace plumbline::gitops {

/// Whether a source is one of the repositories at hand.
struct SourceRoots {
  std::vector<std::string> roots;  // where its paths may lie, the likeliest first
  bool certain = false;            // a remote says so
  std::string url;
};

/// A folder or file of a source.
struct SourcePlace {
  std::string root, path;  // both resolved
};

class Follower {
 public:
  Follower(std::span<const yaml::Document> objects, const Context& context);

  const Context& context() const { return context_; }
  Arena& arena() { return context_.arena; }
  Followed Take() { return std::move(out_); }

  /// An object of the batch or of those known; an empty namespace fits any. Of several (one for
  /// each cluster) the one whose file is nearest to that of `from`. Null when there is none.
  const yaml::Node* Find(std::string_view kind, std::string_view ns, std::string_view name,
                         const yaml::Node& from) const;
  /// The ArtifactGenerators that make an artifact of this name.
  std::vector<const yaml::Node*> FindArtifact(const std::string& name) const;

  /// The repositories that a URL may stand for. An empty URL may be any of them.
  SourceRoots RootsOf(std::string_view url, const yaml::Node& object) const;
  /// Where the path is; nothing when no root has it.
  std::optional<SourcePlace> Locate(const SourceRoots& source, std::string_view path) const;

  void Add(Target target);
  void Leave(Reason reason, const yaml::Node& object, Span span, std::string message,
             std::string chart = {}, std::string version = {}, std::string url = {});
  void Fault(const yaml::Node& object, Span span, std::string message,
             DiagnosticCode code = DiagnosticCode::kInvalidConfiguration);
  /// Tells what became of a path that no root has, or, being a whole source, may not be guessed.
  void LeavePath(const SourceRoots& source, const yaml::Node& object, Span span,
                 const std::string& path);
  /// Counts folders and files that are looked at; false over the limit, which is told once.
  bool Spend(std::size_t files, const yaml::Node& object);
  bool full() const { return out_.targets.size() >= context_.bounds.max_targets; }

 private:
  std::string_view PathOf(const yaml::Node& object) const;
  std::vector<std::string> FoldersAbove(const yaml::Node& object) const;

  const Context& context_;
  Followed out_;
  ObjectIndex batch_;
  std::size_t files_ = 0;
  bool told_targets_ = false, told_files_ = false;
};

// flux.cc
void FollowFluxKustomization(Follower& follower, const yaml::Node& object);
void FollowHelmRelease(Follower& follower, const yaml::Node& object);
/// The additions of a kustomize block: patches, images and the like.
std::vector<Addition> FluxAdditions(Arena& arena, const yaml::Node* block);

// argo.cc
void FollowApplication(Follower& follower, const yaml::Node& object);

// application_set.cc
void FollowApplicationSet(Follower& follower, const yaml::Node& object);

/// ConfigMap or Secret → its texts by key, those of a Secret decoded. Encrypted ones are left out
/// and set `*encrypted`.
std::vector<NamedNode> DataOf(Arena& arena, const yaml::Node& object, bool* encrypted);

}  // namespace plumbline::gitops
