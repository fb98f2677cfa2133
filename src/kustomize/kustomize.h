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
  std::vector<std::string> values_files;    // absolute, in order
  Value inline_values;                      // null when there are none
  const yaml::Node* inline_node = nullptr;  // the same with its spans
  std::string values_merge;                 // "override" (the default), "merge" or "replace"
  std::vector<std::string> api_versions;
  bool include_crds = false, skip_hooks = false, skip_tests = false;
  Span span;  // the entry in the kustomization
};

/// Answers with the rendered documents, which live in the arena; their spans lead to the templates.
using ChartInflater =
    std::function<Result<std::vector<yaml::Document>>(const ChartRequest&, Arena&)>;

struct Options {
  Limits limits;
  /// How files are shown: relative to this folder (absolute) where they lie below it.
  std::string display_base;
  /// Renders charts; without it a kustomization with charts cannot be built.
  ChartInflater inflate;
  /// Folders with copies of what is remote: MIRROR/HOST/PATH/REF/ for a repository (HEAD without a
  /// ref; the folder REF may be left out), MIRROR/HOST/PATH for a file.
  std::vector<std::string> mirrors;
  /// What is remote and in no mirror is left out and told in Output::missing, together with what
  /// only makes sense with it. Otherwise it is an error.
  bool tolerant = false;
  /// Reads files from anywhere below the allowed root, not only below their kustomization.
  bool files_anywhere = false;
  /// Changes the kustomization that is built before it is read, as deployers do; null: there is no
  /// file. The answer lives in the arena; its spans count as places.
  std::function<const yaml::Node*(const yaml::Node* root, Arena& arena)> edit;
  /// Objects that the build starts with, instead of a kustomization file: `edit` makes the
  /// kustomization then. Must outlive the call.
  const std::vector<yaml::Document>* resources = nullptr;
};

enum class MissingKind : std::uint8_t { kResource, kComponent, kFile, kChart };

/// What a tolerant build has left out.
struct Missing {
  MissingKind kind = MissingKind::kResource;
  std::string url;  // without a password; of a chart: its repo
  Span span;        // the entry in its kustomization
  std::string chart, version;
};

/// Another kustomization that a build has gone through.
struct Base {
  std::string folder;  // absolute
  bool is_component = false;
  bool operator==(const Base&) const = default;
};

struct Output {
  bool ok = false;
  std::vector<yaml::Document> documents;  // in Kustomize's order; mappings sorted by key
  Diagnostics diagnostics;                // why the build failed
  std::vector<std::string> warnings;      // deprecated fields
  std::vector<std::string> files;         // every file that was read, absolute
  std::vector<Base> bases;                // below the folder itself, transitive; sorted
  std::vector<Missing> missing;           // in the order in which they were met
};

/// Whether the folder has a kustomization file.
bool IsKustomization(const FileSystem& fs, const std::string& folder);

/// The folders that the kustomization in `folder` names as resources, bases, components,
/// generators, transformers or validators: absolute, sorted. Nothing is built; empty when there is
/// no readable kustomization.
std::vector<std::string> ReferencedFolders(const FileSystem& fs, const std::string& folder,
                                           const Limits& limits);

/// Builds `folder`. Nothing outside `allowed_root` (a folder above it) is read. Documents live in
/// `arena`.
Output Build(const FileSystem& fs, const std::string& folder, const std::string& allowed_root,
             SourceMap& sources, Arena& arena, const Options& options);

}  // namespace plumbline::kustomize
