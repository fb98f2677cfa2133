// The walk keeps an explicit stack. Symlinked folders are never entered: what they lead to within
// the tree is met anyway, and what lies outside is not ours to read; so a loop cannot arise. Each
// open folder carries the .gitignore lists that apply to it, innermost last, as gitignore(5) ranks
// them.
#include "scan/discover.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include "support/arena.h"
#include "value/json.h"

namespace plumbline::scan {
namespace {

constexpr auto kSkippedFolders =
    std::to_array<std::string_view>({".external_modules", ".git", ".hg", ".svn", ".terraform",
                                     ".terragrunt-cache", "node_modules"});

// The .gitignore lists in force in a folder: a chain towards the root, shared by siblings.
struct IgnoreScope {
  std::shared_ptr<const IgnoreScope> parent;
  std::string folder;
  PatternList list;
};
using ScopePtr = std::shared_ptr<const IgnoreScope>;

std::string_view Below(std::string_view folder, std::string_view path) {
  return folder == "/" ? path.substr(1) : path.substr(folder.size() + 1);
}

bool Ignored(const IgnoreScope* scope, std::string_view path, bool is_directory) {
  for (; scope != nullptr; scope = scope->parent.get()) {
    auto decision = scope->list.Decide(Below(scope->folder, path), is_directory);
    if (decision != PatternList::Decision::kNone) return decision == PatternList::Decision::kMatch;
  }
  return false;
}

class Walker {
 public:
  Walker(const FileSystem& fs, const std::string& root, const DiscoverOptions& options)
      : fs_(fs), root_(root), real_root_(fs.RealPath(root)), options_(options) {}

  Discovered Walk() {
    std::vector<Folder> stack;
    stack.push_back({root_, options_.gitignore ? ScopesAbove() : nullptr, 0, {}, {}});
    while (!stack.empty() && !full_) {
      Folder folder = std::move(stack.back());
      stack.pop_back();
      Enter(std::move(folder), stack);
    }
    for (auto* list : {&out_.module_dirs, &out_.manifests, &out_.charts, &out_.kustomizations,
                       &out_.variable_files, &out_.cdk_apps, &out_.outside_links}) {
      std::ranges::sort(*list);
    }
    return std::move(out_);
  }

 private:
  struct Folder {
    std::string path;
    ScopePtr scope;
    std::uint32_t depth = 0;
    std::string chart;       // the chart this folder belongs to, or empty
    std::string cdk_output;  // what the CDK app in this folder writes to, or empty
  };

  ScopePtr WithList(ScopePtr parent, const std::string& folder, const std::string& file) {
    constexpr std::size_t kMaxIgnoreFile = 1 << 20;
    if (!fs_.IsFile(file)) return parent;
    auto text = fs_.ReadFile(file, kMaxIgnoreFile);
    if (!text) return parent;
    return std::make_shared<const IgnoreScope>(
        IgnoreScope{std::move(parent), folder, PatternList::Parse(*text)});
  }

  // .gitignore files between the repository's root and the scanned folder apply too.
  ScopePtr ScopesAbove() {
    std::string top = RepositoryRoot(fs_, root_);
    ScopePtr scope = WithList(nullptr, top, JoinPath(top, ".git/info/exclude"));
    if (top == root_) return scope;
    std::string at = top;
    for (std::string_view rest = Below(top, root_); !rest.empty();) {
      scope = WithList(scope, at, JoinPath(at, ".gitignore"));
      std::size_t end = std::min(rest.find('/'), rest.size());
      at = JoinPath(at, rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return scope;
  }

  void Enter(Folder folder, std::vector<Folder>& stack) {
    auto entries = fs_.ListDir(folder.path);
    if (!entries) {
      out_.problems.push_back({DiagnosticCode::kUnreadable, folder.path, entries.error().message});
      return;
    }
    if (options_.gitignore)
      folder.scope = WithList(folder.scope, folder.path, JoinPath(folder.path, ".gitignore"));
    if (std::ranges::any_of(*entries, [](const DirEntry& e) { return e.name == "Chart.yaml"; })) {
      folder.chart = folder.path;
      out_.charts.push_back(folder.path);
    }
    if (std::ranges::any_of(*entries, [](const DirEntry& e) { return e.name == "cdktf.json"; })) {
      folder.cdk_output = CdkOutput(folder.path);
      if (!fs_.IsDirectory(folder.cdk_output)) out_.cdk_apps.push_back(folder.path);
    }
    bool has_module = false;
    // In reverse, so that the stack hands folders out in name order.
    for (auto e = entries->rbegin(); e != entries->rend(); ++e) {
      std::string path = JoinPath(folder.path, e->name);
      if (!Wanted(folder, *e, path)) continue;
      if (e->is_directory) {
        Push(folder, path, stack);
      } else if (!TakeFile(folder, *e, path, has_module)) {
        return;
      }
    }
    if (has_module) out_.module_dirs.push_back(folder.path);
  }

  // The folder that the app's settings name.
  std::string CdkOutput(const std::string& folder) const {
    constexpr std::size_t kMaxSettings = 1 << 20;
    Arena arena;
    std::string name = "cdktf.out";
    if (auto text = fs_.ReadFile(JoinPath(folder, "cdktf.json"), kMaxSettings)) {
      auto settings = ParseJson(arena, *text, options_.limits);
      const Value* output = settings ? settings->Find("output") : nullptr;
      if (output != nullptr && output->is_string()) name = output->as_string();
    }
    return JoinPath(folder, name);
  }

  bool Wanted(const Folder& folder, const DirEntry& e, const std::string& path) {
    if (e.is_directory && std::ranges::find(kSkippedFolders, e.name) != kSkippedFolders.end())
      return false;
    if (e.is_directory && !options_.left_out.empty() &&
        std::ranges::find(options_.left_out, fs_.RealPath(path)) != options_.left_out.end())
      return false;
    if (path != folder.cdk_output && Ignored(folder.scope.get(), path, e.is_directory))
      return false;
    std::string_view relative = Below(root_, path);
    if (options_.excludes.Decide(relative, e.is_directory) == PatternList::Decision::kMatch)
      return false;
    if (!e.is_directory && !options_.includes.empty() && !options_.includes.Covers(relative))
      return false;
    if (!e.is_symlink) return true;
    std::string real = fs_.RealPath(path);
    if (!real.empty() && !IsWithin(real_root_, real)) out_.outside_links.push_back(path);
    // A symlinked .tf file is a part of its module; anything else is met where it really lies.
    return !e.is_directory && !real.empty() && IsWithin(real_root_, real) &&
           IsTerraformFile(e.name);
  }

  void Push(const Folder& folder, const std::string& path, std::vector<Folder>& stack) {
    if (folder.depth + 1 > options_.limits.max_walk_depth) {
      out_.problems.push_back(
          {DiagnosticCode::kLimit, path,
           fmt::format("folders are nested deeper than {}; what lies below is not scanned",
                       options_.limits.max_walk_depth)});
      return;
    }
    // Templates are not YAML before they are rendered.
    if (folder.chart == folder.path && BaseName(path) == "templates") return;
    ScopePtr scope = path == folder.cdk_output ? nullptr : folder.scope;
    stack.push_back({path, std::move(scope), folder.depth + 1, folder.chart, {}});
  }

  // False when the limit on files is reached.
  bool TakeFile(const Folder& folder, const DirEntry& e, const std::string& path,
                bool& has_module) {
    if (++files_ > options_.limits.max_file_count) {
      out_.problems.push_back({DiagnosticCode::kLimit, root_,
                               fmt::format("more than {} files; the rest is not scanned",
                                           options_.limits.max_file_count)});
      full_ = true;
      return false;
    }
    if (IsTerraformFile(e.name)) {
      has_module = true;
      ++out_.terraform_files;
    } else if (IsVariablesFile(e.name)) {
      out_.variable_files.push_back(path);
    } else if (IsKustomizationFile(e.name)) {
      out_.kustomizations.push_back(path);
    } else if (IsManifestFile(e.name) && !IsChartFile(folder, e.name)) {
      out_.manifests.push_back(path);
    }
    return true;
  }

  static bool IsChartFile(const Folder& folder, std::string_view name) {
    return folder.chart == folder.path && (name == "Chart.yaml" || name.starts_with("values") ||
                                           name.starts_with("requirements."));
  }

  const FileSystem& fs_;
  const std::string root_, real_root_;
  const DiscoverOptions& options_;
  Discovered out_;
  std::size_t files_ = 0;
  bool full_ = false;
};

}  // namespace

bool IsTerraformFile(std::string_view name) {
  return name.ends_with(".tf") || name.ends_with(".tofu") || name.ends_with(".tf.json") ||
         name.ends_with(".tofu.json");
}

bool IsVariablesFile(std::string_view name) {
  return name.ends_with(".tfvars") || name.ends_with(".tfvars.json");
}

bool IsManifestFile(std::string_view name) {
  if (name.ends_with(".yaml") || name.ends_with(".yml")) return true;
  return name.ends_with(".json") && !name.ends_with(".tfvars.json");
}

bool IsKustomizationFile(std::string_view name) {
  return name == "kustomization.yaml" || name == "kustomization.yml" || name == "Kustomization";
}

std::string RepositoryRoot(const FileSystem& fs, const std::string& path) {
  for (std::string at = path;; at = DirName(at)) {
    if (fs.IsDirectory(JoinPath(at, ".git")) || fs.IsFile(JoinPath(at, ".git"))) return at;
    if (at == "/" || at == ".") return path;
  }
}

Discovered Discover(const FileSystem& fs, const std::string& root, const DiscoverOptions& options) {
  return Walker(fs, root, options).Walk();
}

}  // namespace plumbline::scan
