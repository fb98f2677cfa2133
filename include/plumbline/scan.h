// The public C++ API: scan something, get findings.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plumbline/finding.h"

namespace plumbline {

class FileSystem;

/// Kubernetes objects by what they say of themselves. All texts are globs; empty ones match all.
struct ObjectSelector {
  std::string kind, name, name_space;
  std::vector<std::pair<std::string, std::string>> labels, annotations;
  bool empty() const {
    return kind.empty() && name.empty() && name_space.empty() && labels.empty() &&
           annotations.empty();
  }
};

/// An ignore of the configuration file. Empty fields match everything; `rule`, `path` and
/// `resource` are globs.
struct ConfiguredIgnore {
  std::string rule, path, resource;
  ObjectSelector selector;
  std::string until;  // YYYY-MM-DD; empty: for good
  std::string reason;
  std::string file;  // where it is written, as shown to the user
  std::uint32_t line = 0;
  std::string folder;    // `path` is relative to it; empty: to the working directory
  bool foreign = false;  // another tool's file: rules that are not known here are no mistake
};

/// An environment of the configuration file: what is given to Terraform there.
struct ConfiguredEnvironment {
  std::string name;
  std::vector<std::string> var_files;  // absolute or relative to the working directory
  std::vector<std::pair<std::string, std::string>> vars;
  std::string workspace;
  std::vector<std::string> paths;        // globs of root module and chart folders; empty: all
  std::string folder;                    // `paths` are relative to it
  std::vector<std::string> values = {};  // files for Helm charts, as var_files
};

/// True for a text in the form YYYY-MM-DD with a month and a day in range.
bool IsIsoDate(std::string_view text);

/// Where remote Terraform modules come from.
struct ModuleOptions {
  bool download = false;              // --download-modules: the network may be used
  std::vector<std::string> vendored;  // --vendored-modules: folders laid out by source
  std::string registry;               // host of sources that name none
  std::string cache;                  // folder; empty: no cache
};

/// What Helm charts are rendered with, as `helm template` takes it.
struct ChartOptions {
  std::vector<std::string> values;  // --values: files, a later one wins
  std::vector<std::string> set, set_string, set_file, set_json;
  std::string release_name, name_space, kube_version;  // empty: Helm's defaults
  std::vector<std::string> api_versions;
};

struct ScanOptions {
  std::vector<std::string> paths = {"."};
  std::vector<std::string> policies;  // --policy
  bool builtin_rules = true;          // false: the user's rules instead of the built-in ones
  std::vector<std::string> rules, excluded_rules;     // ids, aliases, globs
  bool strict = false;                                // --profile strict
  std::vector<std::string> frameworks;                // empty: all
  std::vector<std::string> includes, excluded_paths;  // globs
  Severity minimum_severity = Severity::kInfo;
  bool include_passed = false, show_unknown = false, include_ignored = false, no_ignores = false;
  std::vector<std::string> var_files;
  std::vector<std::pair<std::string, std::string>> vars;
  std::vector<std::pair<std::string, std::string>> environment;  // TF_VAR_*, without the prefix
  std::vector<std::string> allowed_paths;
  ModuleOptions modules;
  ChartOptions charts;
  std::vector<std::pair<std::string, Severity>> severity_overrides;  // rule pattern → severity
  bool matrix = false;                              // every environment of each root module
  std::vector<ConfiguredEnvironment> environments;  // with `matrix`, instead of those found
  std::string source;                               // folder of the sources of plans in JSON
  unsigned jobs = 0;
  bool gitignore = true;
  std::string today;  // YYYY-MM-DD, for expiring ignores
  /// Unsaved text of a file that is scanned in the context of its project: path → text.
  std::vector<std::pair<std::string, std::string>> unsaved;
  /// Findings elsewhere than in these files are left out; empty: none are.
  std::vector<std::string> report_only;
  /// Manifests read from standard input, scanned beside (or, with no paths, instead of) the paths.
  std::optional<std::string> stdin_manifests;
  std::vector<ConfiguredIgnore> ignores;
  /// Called now and then from any thread with a phase and counts; may be null.
  void (*progress)(void* data, const char* phase, std::size_t done, std::size_t total) = nullptr;
  void* progress_data = nullptr;
};

struct ScanResult {
  Report report;
  std::string
      error;  // not empty: wrong usage or an input that could not be read at all (exit code 2)
};

/// The folder to scan so that `file` (which need not exist) is seen in its context: its repository,
/// or its own folder.
std::string ProjectFolder(const FileSystem& fs, const std::string& file);

/// Never throws. Deterministic: the same input gives the same report for any number of jobs.
ScanResult Scan(const ScanOptions& options);

}  // namespace plumbline
