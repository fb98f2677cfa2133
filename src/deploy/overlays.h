// Kustomizations that are applied by themselves.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "deploy/deployments.h"
#include "kustomize/kustomize.h"

namespace plumbline::deploy {

/// A kustomization that was built, for a person or for what deploys it.
struct Overlay {
  std::string folder;              // absolute, resolved
  std::vector<std::string> trail;  // folders of what leads to it, outermost first
  std::shared_ptr<MadeObjects> made;
  std::vector<std::string> files, bases;  // the latter without components
  bool ok = false;
};

/// The folders that no other kustomization builds upon; of a ring of them all, so that the fault is
/// told. `kustomizations` are files.
std::vector<std::string> FindRoots(const FileSystem& fs,
                                   const std::vector<std::string>& kustomizations,
                                   const Limits& limits);

kustomize::Options BuildOptions(const FileSystem& fs, SourceMap& sources, const Options& options);
/// Takes over what a build has answered.
void TakeOutput(kustomize::Output output, std::vector<yaml::Document> documents, Overlay& overlay);
Overlay BuildOverlay(const FileSystem& fs, SourceMap& sources, const std::string& folder,
                     const Options& options);

/// Overlays of one base are the environments of one project with --matrix, else each is by itself.
std::vector<Project> GroupOverlays(std::span<const Overlay* const> overlays, bool matrix);

/// Names that tell trails apart: of the first depth at which they do, else of the whole.
std::vector<std::string> NameTrails(std::span<const std::vector<std::string>> trails);

}  // namespace plumbline::deploy
