// The plain manifests among the files found: which of the YAML and JSON files are whole Kubernetes
// objects.
#pragma once

#include <string>
#include <vector>

#include "scan/discover.h"
#include "support/fs.h"
#include "support/limits.h"

namespace plumbline::scan {

struct ManifestFile {
  std::string path;
  std::string text;
};

struct Manifests {
  std::vector<ManifestFile> files;  // in the order of the paths
  std::vector<ManifestFile> plans;  // Terraform plans in JSON
  std::size_t cloudformation = 0;   // templates left alone
  std::size_t patches = 0;          // parts of objects, named by a kustomization
  std::vector<PathProblem> problems;
};

/// Reads the files found in parallel and drops those that hold no manifests.
Manifests LoadManifests(const FileSystem& fs, const Discovered& found, const Limits& limits,
                        unsigned jobs);

/// Absolute paths of the patch files that a kustomization names.
std::vector<std::string> PatchFiles(const std::string& kustomization_path, const std::string& text,
                                    const Limits& limits);

}  // namespace plumbline::scan
