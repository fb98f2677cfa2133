// Finds what there is to scan: one walk over a folder that honours .gitignore and tells Terraform
// module folders, possible manifests, charts and kustomizations apart by name alone. Contents are
// looked at later.
#pragma once

#include <string>
#include <vector>

#include "scan/glob.h"
#include "support/diagnostic.h"
#include "support/fs.h"
#include "support/limits.h"

namespace plumbline::scan {

/// A fault that belongs to a path rather than to a place in a file.
struct PathProblem {
  DiagnosticCode code = DiagnosticCode::kUnreadable;
  std::string path;
  std::string message;
};

struct DiscoverOptions {
  bool gitignore = true;
  PatternList includes, excludes;     // relative to the scanned folder
  std::vector<std::string> left_out;  // folders by real path: modules that are met through calls
  Limits limits;
};

/// What CDK for Terraform has written (the output folder beside a cdktf.json) is walked although
/// .gitignore usually leaves it out: nothing else says what the app makes.
/// All paths are absolute, sorted, and without duplicates.
struct Discovered {
  std::vector<std::string> module_dirs;     // folders with .tf, .tofu, .tf.json or .tofu.json files
  std::vector<std::string> manifests;       // .yaml, .yml and .json files that may hold manifests
  std::vector<std::string> charts;          // folders with a Chart.yaml
  std::vector<std::string> kustomizations;  // kustomization.yaml and its other names
  std::vector<std::string> variable_files;  // .tfvars and .tfvars.json files
  std::vector<std::string> cdk_apps;        // CDK for Terraform apps without synthesised output
  std::vector<std::string> outside_links;   // symlinks that lead out of the tree: not followed
  std::vector<PathProblem> problems;
  std::size_t terraform_files = 0;
};

/// Walks `root` (absolute, a folder).
Discovered Discover(const FileSystem& fs, const std::string& root, const DiscoverOptions& options);

/// The innermost folder at or above `path` that holds `.git`; `path` itself when there is none.
std::string RepositoryRoot(const FileSystem& fs, const std::string& path);

bool IsTerraformFile(std::string_view name);
bool IsVariablesFile(std::string_view name);
bool IsManifestFile(std::string_view name);
bool IsKustomizationFile(std::string_view name);

}  // namespace plumbline::scan
