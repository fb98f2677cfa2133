#include "scan/inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "deploy/environments.h"
#include "terraform/plan.h"

namespace plumbline::scan {
namespace {

// The chart that a file is a part of, the outermost one where charts/ nests; empty when there is
// none.
std::string ChartOf(const FileSystem& fs, const std::string& path) {
  auto is_chart = [&](const std::string& folder) {
    return fs.IsFile(JoinPath(folder, "Chart.yaml"));
  };
  std::string chart(DirName(path));
  while (!is_chart(chart)) {
    if (chart == "/" || chart == ".") return {};
    chart = DirName(chart);
  }
  while (BaseName(DirName(chart)) == "charts" && is_chart(std::string(DirName(DirName(chart)))))
    chart = DirName(DirName(chart));
  return chart;
}

}  // namespace

Result<void> Inputs::Find() {
  DiscoverOptions o;
  o.gitignore = options_.gitignore;
  o.includes = PatternList::Of(options_.includes);
  o.excludes = PatternList::Of(options_.excluded_paths);
  o.limits = limits_;
  for (const std::string& dir : options_.modules.vendored) o.left_out.push_back(fs_.RealPath(dir));
  for (const std::string& given : options_.paths) {
    std::string path = JoinPath(base_dir_, given);
    if (fs_.IsDirectory(path)) {
      PL_CHECK_OK(TakeFolder(path, given, o));
    } else if (fs_.IsFile(path)) {
      PL_CHECK_OK(TakeFile(path, given));
    } else {
      return Fail(fmt::format("{}: no such file or folder", given));
    }
  }
  for (auto* list : {&found_.module_dirs, &found_.manifests, &found_.kustomizations, &found_.charts,
                     &found_.variable_files}) {
    std::ranges::sort(*list);
    list->erase(std::ranges::unique(*list).begin(), list->end());
  }
  return {};
}

Result<void> Inputs::TakeFolder(const std::string& path, const std::string& given,
                                const DiscoverOptions& o) {
  Discovered d = Discover(fs_, path, o);
  for (const PathProblem& p : d.problems) {
    if (p.path == path && p.code == DiagnosticCode::kUnreadable) {
      return Fail(fmt::format("{}: cannot be read ({})", given, p.message));
    }
  }
  std::string root = RepositoryRoot(fs_, path);
  for (const std::string& dir : d.module_dirs) allowed_roots_.emplace(dir, root);
  auto move = [](std::vector<std::string>& from, std::vector<std::string>& to) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  move(d.module_dirs, found_.module_dirs);
  move(d.manifests, found_.manifests);
  move(d.charts, found_.charts);
  move(d.kustomizations, found_.kustomizations);
  move(d.variable_files, found_.variable_files);
  move(d.outside_links, found_.outside_links);
  move(d.cdk_apps, found_.cdk_apps);
  for (PathProblem& p : d.problems) found_.problems.push_back(std::move(p));
  found_.terraform_files += d.terraform_files;
  whole_folders_.push_back(path);
  return {};
}

// A file by itself: a Terraform file is evaluated with the rest of its module, but only its own
// findings are told.
Result<void> Inputs::TakeFile(const std::string& path, const std::string& given) {
  auto readable = fs_.ReadFile(path, limits_.max_file_bytes);
  if (!readable)
    return Fail(fmt::format("{}: cannot be read ({})", given, readable.error().message));
  std::string dir(DirName(path));
  if (IsTerraformFile(path)) {
    found_.module_dirs.push_back(dir);
    AddVariableFiles(dir);
    allowed_roots_.emplace(dir, RepositoryRoot(fs_, dir));
    ++found_.terraform_files;
  } else if (IsKustomizationFile(BaseName(path))) {
    found_.kustomizations.push_back(path);
  } else if (path.ends_with(".tgz")) {
    found_.charts.push_back(path);
  } else if (std::string chart = ChartOf(fs_, path); !chart.empty()) {
    TakeChartFile(path, chart);
  } else if (terraform::LooksLikePlan(*readable) || terraform::LooksLikeState(*readable)) {
    plans_.push_back({path, std::move(*readable)});
  } else if (IsManifestFile(path)) {
    found_.manifests.push_back(path);
    TakeKustomizationBeside(path);
  } else {
    return Fail(
        fmt::format("{}: not a file that can be scanned; expected .tf, .tofu, .tf.json, .yaml, "
                    ".yml, .json, a file of a chart, .tgz or a folder",
                    given));
  }
  single_files_.insert(path);
  return {};
}

// A part of a chart is judged with the whole of it.
void Inputs::TakeChartFile(const std::string& path, const std::string& chart) {
  found_.charts.push_back(chart);
  if (IsManifestFile(path) && !IsWithin(JoinPath(DirName(path), "templates"), path))
    found_.manifests.push_back(path);
  for (const deploy::ValuesFile& file : deploy::FindValuesFiles(fs_, chart)) {
    if (file.path == path) values_files_.emplace_back(chart, path);
  }
}

// It is judged as built when the kustomization uses it.
void Inputs::TakeKustomizationBeside(const std::string& path) {
  for (const char* name : {"kustomization.yaml", "kustomization.yml", "Kustomization"}) {
    std::string file = JoinPath(DirName(path), name);
    if (fs_.IsFile(file)) found_.kustomizations.push_back(file);
  }
}

void Inputs::AddVariableFiles(const std::string& dir) {
  auto entries = fs_.ListDir(dir);
  if (!entries) return;
  for (const DirEntry& e : *entries) {
    if (!e.is_directory && IsVariablesFile(e.name))
      found_.variable_files.push_back(JoinPath(dir, e.name));
  }
}

std::string Inputs::AllowedRoot(const std::string& dir) const {
  auto it = allowed_roots_.find(dir);
  if (it != allowed_roots_.end()) return it->second;
  for (const std::string& folder : whole_folders_) {
    if (IsWithin(folder, dir)) return RepositoryRoot(fs_, folder);
  }
  return RepositoryRoot(fs_, dir);
}

bool Inputs::Covers(const std::string& file, const std::vector<std::string>& plan_roots) const {
  std::string path = JoinPath(base_dir_, file);
  if (single_files_.contains(path)) return true;
  if (std::ranges::any_of(plan_roots,
                          [&](const std::string& root) { return IsWithin(root, path); }) &&
      whole_folders_.empty())
    return true;
  if (whole_folders_.empty()) return false;
  if (options_.excluded_paths.empty() && options_.includes.empty()) return true;
  PatternList excludes = PatternList::Of(options_.excluded_paths),
              includes = PatternList::Of(options_.includes);
  for (const std::string& folder : whole_folders_) {
    if (!IsWithin(folder, path) || path == folder) continue;
    std::string_view relative =
        std::string_view(path).substr(folder == "/" ? 1 : folder.size() + 1);
    return !excludes.Covers(relative) && (includes.empty() || includes.Covers(relative));
  }
  return true;
}

}  // namespace plumbline::scan
