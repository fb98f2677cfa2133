// The Terraform front end: folders of .tf files → evaluated resources in a graph.
// Judge: terraform 1.11. What Terraform would refuse is a diagnostic and the value unknown; the
// rest goes on.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hcl/ast.h"
#include "model/resource.h"
#include "support/diagnostic.h"
#include "support/fs.h"
#include "support/limits.h"
#include "support/source.h"

namespace plumbline::terraform {

class ModuleStore;

struct Options {
  std::vector<std::string> var_files;  // --var-file, in order, relative to the working directory
  std::vector<std::pair<std::string, std::string>> vars;  // --var NAME=VALUE, in order
  std::vector<std::pair<std::string, std::string>>
      environment;                         // TF_VAR_name → value, without the prefix
  std::vector<std::string> allowed_paths;  // --allow-path: file() may read there too
  std::string workspace = "default";
  std::vector<std::pair<std::string, std::string>> planned =
      {};  // what a plan was made with, in the form of --var; ranks above all else
  const ModuleStore* modules = nullptr;  // where remote modules are; outlives the graph
};

/// The inputs of one environment, applied on top of `Options`.
struct Environment {
  std::string name;
  std::vector<std::string> var_files;                     // in order
  std::vector<std::pair<std::string, std::string>> vars;  // NAME → VALUE, in order
  std::string workspace;                                  // empty: that of `Options`
};

/// Files parsed once and shared by every project of a scan. Thread-safe.
class ParsedFiles;
std::shared_ptr<ParsedFiles> MakeParsedFiles(const FileSystem& fs, SourceMap& sources,
                                             const Limits& limits, std::string base_dir);

/// True for a folder that holds .tf, .tofu, .tf.json or .tofu.json files.
bool IsModuleDir(const FileSystem& fs, const std::string& dir);

/// Parses all module files of the given folders in parallel, and tells which of them are root
/// modules: those that no other given folder calls. Diagnostics of parsing are kept in `files` and
/// handed out by TakeDiagnostics.
std::vector<std::string> FindRootModules(ParsedFiles& files,
                                         const std::vector<std::string>& module_dirs,
                                         unsigned jobs);
Diagnostics TakeDiagnostics(ParsedFiles& files);
/// Frees what was parsed of a root module's folder, once its graph is gone too.
void ReleaseModule(ParsedFiles& files, const std::string& dir);

/// Evaluates the root module in `dir` into `graph` (which gets linked). Diagnostics of evaluation
/// are appended. `allowed_root` bounds module paths and file(): absolute. Thread-safe for different
/// graphs.
void Evaluate(ParsedFiles& files, const std::string& dir, const std::string& allowed_root,
              const Options& options, model::ResourceGraph& graph, Diagnostics& diagnostics);

/// A root module that is evaluated for one environment after the other: what does not depend on
/// what differs is evaluated once. Not thread-safe.
class RootModule {
 public:
  RootModule(ParsedFiles& files, const std::string& dir, const std::string& allowed_root,
             const Options& options, std::span<const Environment> environments);
  ~RootModule();
  RootModule(RootModule&&) noexcept;

  /// Evaluates environment `i` into an empty graph (which gets linked). The graph points into this
  /// object, and its answers about places and origins hold until the next call.
  void Evaluate(std::size_t i, model::ResourceGraph& graph, Diagnostics& diagnostics);
  /// Where the inputs in `mask` (see ResourceSource::VaryingInputs) come from in environment `i`.
  std::vector<model::OriginStep> Deciders(model::InputMask mask, std::size_t i) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// True when the tfvars file at `path` sets at least one variable, and only such as the root module
/// in `dir` declares.
bool SetsVariablesOf(ParsedFiles& files, const std::string& path, const std::string& dir);

/// `plumbline console`: expressions in the scope of a root module.
class Console {
 public:
  Console(const FileSystem& fs, std::string dir, std::string allowed_root, Options options);
  ~Console();
  /// {"value":…,"type":…} or {"error":"…"}, one line.
  std::string EvaluateJson(std::string_view expression);
  /// As `terraform console` prints it; false when it is an error (then `out` is the message).
  bool EvaluateText(std::string_view expression, std::string& out);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace plumbline::terraform
