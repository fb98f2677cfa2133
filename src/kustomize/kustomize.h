// Kustomize: a folder with a kustomization → the documents that `kubectl kustomize` prints, each
// scalar with the span of the line that set it: the resource's file, the patch, or the
// kustomization. Follows kustomize 5.5.0.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "support/arena.h"
#include "support/diagnostic.h"
#include "support/fs.h"
#include "support/limits.h"
#include "support/result.h"
#include "yaml/yaml.h"

namespace plumbline::kustomize {

/// A chart that a kustomization inflates (`helmCharts`).
struct ChartRequest {
  std::string folder;  // of the chart, absolute; empty when it is not there
  std::string name, version, repo, release_name, name_space, kube_version;
  std::vector<std::string> values_files;  // absolute, in order
  Value inline_values;                    // null when there are none
  std::string values_merge;               // "override" (the default), "merge" or "replace"
  std::vector<std::string> api_versions;
  bool include_crds = false, skip_hooks = false, skip_tests = false;
  Span span;  // the entry in the kustomization
};

/// Answers with the rendered manifests as one YAML text.
using ChartInflater = std::function<Result<std::string>(const ChartRequest&)>;

struct Options {
  Limits limits;
  /// How files are shown: relative to this folder (absolute) where they lie below it.
  std::string display_base;
  /// Renders charts; without it a kustomization with charts cannot be built.
  ChartInflater inflate;
};

struct Output {
  bool ok = false;
  std::vector<yaml::Document> documents;  // in Kustomize's order; mappings sorted by key
  Diagnostics diagnostics;                // why the build failed
  std::vector<std::string> warnings;      // deprecated fields
  std::vector<std::string> files;         // every file that was read, absolute
};

/// Whether the folder has a kustomization file.
bool IsKustomization(const FileSystem& fs, const std::string& folder);

/// Builds `folder`. Nothing outside `allowed_root` (a folder above it) is read. Documents live in
/// `arena`.
Output Build(const FileSystem& fs, const std::string& folder, const std::string& allowed_root,
             SourceMap& sources, Arena& arena, const Options& options);

}  // namespace plumbline::kustomize
