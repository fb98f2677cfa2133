#include "scan/environments.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "scan/glob.h"

namespace plumbline::scan {
namespace {

using terraform::Environment;

// File names that do not say which environment they are for; the folder's name does.
constexpr auto kPlainNames = std::to_array<std::string_view>(
    {"auto", "default", "env", "inputs", "main", "terraform", "values", "variables", "vars"});

std::string_view Stem(std::string_view name) {
  for (std::string_view end : {".tfvars", ".tfvars.json"}) {
    if (name.ends_with(end)) return name.substr(0, name.size() - end.size());
  }
  return name;
}

bool IsLoadedByTerraform(std::string_view name) {
  std::string_view stem = Stem(name);
  return stem == "terraform" || stem.ends_with(".auto");
}

std::string ShortName(const std::string& root, const std::string& file) {
  std::string stem(Stem(BaseName(file)));
  if (stem.ends_with(".auto")) stem.resize(stem.size() - 5);
  bool plain = std::ranges::find(kPlainNames, stem) != kPlainNames.end();
  std::string folder(DirName(file));
  return plain && folder != root ? std::string(BaseName(folder)) : stem;
}

std::string LongName(const std::string& root, const std::string& file) {
  std::string_view stem = Stem(file);
  if (IsWithin(root, file)) return std::string(stem.substr(root == "/" ? 1 : root.size() + 1));
  return JoinPath(BaseName(DirName(file)), BaseName(stem));
}

/// Short names where they tell the files apart, else the way from the root module.
std::vector<Environment> Named(const std::string& root, const std::set<std::string>& files) {
  std::map<std::string, std::size_t> uses;
  for (const std::string& file : files) ++uses[ShortName(root, file)];
  std::vector<Environment> out;
  for (const std::string& file : files) {
    std::string name = ShortName(root, file);
    out.push_back({uses[name] > 1 ? LongName(root, file) : name, {file}, {}, {}});
  }
  std::ranges::sort(out, {}, &Environment::name);
  return out;
}

std::vector<Environment> Configured(const std::string& root, const ScanOptions& options) {
  std::vector<Environment> out;
  for (const ConfiguredEnvironment& e : options.environments) {
    if (!IsEnvironmentOf(e, root)) continue;
    if (e.var_files.empty() && e.vars.empty() && e.workspace.empty() && !e.values.empty()) continue;
    out.push_back({e.name, e.var_files, e.vars, e.workspace});
  }
  std::ranges::stable_sort(out, {}, &Environment::name);
  return out;
}

class Assigner {
 public:
  Assigner(terraform::ParsedFiles& files, const std::vector<std::string>& roots,
           const std::vector<std::string>& module_dirs)
      : files_(files),
        roots_(roots),
        module_dirs_(module_dirs.begin(), module_dirs.end()),
        taken_(roots.size()) {}

  void Assign(const std::string& file) {
    std::string folder(DirName(file));
    for (std::string at = folder;; at = DirName(at)) {
      if (module_dirs_.contains(at)) return AssignTo(at, file, at == folder);
      if (at == "/" || at == ".") break;
    }
    // Beside the root modules: `environments/prod.tfvars` next to `infra/main.tf`.
    for (std::string at(DirName(folder));; at = DirName(at)) {
      bool found = false;
      for (std::size_t i = 0; i < roots_.size(); ++i) {
        if (!IsWithin(at, roots_[i]) || !terraform::SetsVariablesOf(files_, file, roots_[i]))
          continue;
        taken_[i].insert(file);
        found = true;
      }
      if (found || at == "/" || at == ".") return;
    }
  }

  const std::set<std::string>& taken(std::size_t root) const { return taken_[root]; }

 private:
  void AssignTo(const std::string& module, const std::string& file, bool in_module) {
    if (in_module && IsLoadedByTerraform(BaseName(file))) return;
    auto root = std::ranges::find(roots_, module);
    if (root != roots_.end()) taken_[static_cast<std::size_t>(root - roots_.begin())].insert(file);
  }

  terraform::ParsedFiles& files_;
  const std::vector<std::string>& roots_;
  const std::set<std::string> module_dirs_;
  std::vector<std::set<std::string>> taken_;
};

}  // namespace

bool IsEnvironmentOf(const ConfiguredEnvironment& e, const std::string& project) {
  if (e.paths.empty()) return true;
  if (!IsWithin(e.folder, project)) return false;
  std::string_view below = std::string_view(project).substr(e.folder.size());
  while (below.starts_with('/')) below.remove_prefix(1);
  return PatternList::Of(e.paths).Covers(below.empty() ? "." : below);
}

std::vector<std::vector<Environment>> FindEnvironments(
    terraform::ParsedFiles& files, const std::vector<std::string>& roots,
    const std::vector<std::string>& module_dirs, const std::vector<std::string>& variable_files,
    const ScanOptions& options) {
  std::vector<std::vector<Environment>> out(roots.size());
  Assigner assigner(files, roots, module_dirs);
  for (const std::string& file : variable_files) assigner.Assign(file);
  for (std::size_t i = 0; i < roots.size(); ++i) {
    out[i] = Configured(roots[i], options);
    if (out[i].empty()) out[i] = Named(roots[i], assigner.taken(i));
  }
  return out;
}

}  // namespace plumbline::scan
