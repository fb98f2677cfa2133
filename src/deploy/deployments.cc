#include "deploy/deployments.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "deploy/environments.h"
#include "deploy/inflate.h"
#include "kustomize/kustomize.h"
#include "support/parallel.h"

namespace plumbline::deploy {
namespace {

// A chart in charts/ of another chart is a part of that one.
bool IsSubchart(const std::set<std::string>& charts, const std::string& path) {
  for (std::string at(DirName(path)); at != "/" && at != "."; at = DirName(at)) {
    if (BaseName(at) == "charts" && charts.contains(std::string(DirName(at)))) return true;
  }
  return false;
}

// Chart.yaml, values.yaml and the templates.
std::size_t CountFiles(const helm::Chart& chart) {
  std::size_t n = chart.templates.size() + (chart.values_file != kNoFile ? 2 : 1);
  for (const auto& below : chart.dependencies) n += CountFiles(*below);
  return n;
}

using NamedValues = std::vector<std::pair<std::string, std::vector<std::string>>>;

// One without a name when there is nothing to tell apart.
NamedValues EnvironmentsOf(const FileSystem& fs, const std::string& chart, const Options& o) {
  NamedValues out;
  if (o.matrix) {
    for (const GivenEnvironment& e : o.environments) {
      if (e.covers(chart)) out.emplace_back(e.name, e.values);
    }
    if (!out.empty()) return out;
    std::vector<ValuesFile> found = FindValuesFiles(fs, chart);
    for (const ValuesFile& file : found) out.emplace_back(file.name, std::vector{file.path});
    // Tests alone say nothing about what is deployed.
    if (!found.empty() && std::ranges::all_of(found, &ValuesFile::is_ci))
      out.insert(out.begin(), {"default", {}});
  }
  if (out.empty()) out.emplace_back();
  return out;
}

Project MakeChart(const FileSystem& fs, SourceMap& sources, const std::string& path,
                  const Options& o) {
  Project project;
  project.folder = path;
  project.framework = model::Framework::kHelm;
  ChartProject chart(fs, sources, o.base_dir, path);
  if (chart.chart() != nullptr) project.files = CountFiles(*chart.chart());
  if (chart.chart() != nullptr && chart.chart()->is_library()) return project;
  for (const auto& [name, files] : EnvironmentsOf(fs, path, o)) {
    helm::RenderOptions options = o.helm;
    options.values.files.insert(options.values.files.end(), files.begin(), files.end());
    auto made = std::make_shared<MadeObjects>();
    made->diagnostics = chart.diagnostics();
    chart.Render(options, *made);
    project.environments.push_back({name, std::move(made)});
  }
  return project;
}

// --- Kustomizations ---

struct Built {
  std::string folder;
  std::shared_ptr<MadeObjects> made;
  std::vector<std::string> files, bases;
  bool ok = false;
};

std::string Described(const kustomize::Missing& m) {
  if (m.kind == kustomize::MissingKind::kChart) {
    return fmt::format("the chart '{}'{} of {} is not here and is not scanned", m.chart,
                       m.version.empty() ? "" : " " + m.version,
                       m.url.empty() ? "helmCharts" : m.url);
  }
  return fmt::format(
      "'{}' is remote and not on this machine: what it makes is not scanned "
      "(--vendored-modules names folders with copies)",
      m.url);
}

Built BuildOverlay(const FileSystem& fs, SourceMap& sources, const std::string& folder,
                   const Options& o) {
  Built built;
  built.folder = folder;
  built.made = std::make_shared<MadeObjects>();
  kustomize::Options options;
  options.limits = o.limits;
  options.display_base = o.base_dir;
  options.inflate = MakeInflater(fs, sources, o.base_dir);
  options.mirrors = o.mirrors;
  options.tolerant = true;
  kustomize::Output out =
      kustomize::Build(fs, folder, o.allowed_root(folder), sources, built.made->arena, options);
  built.ok = out.ok;
  if (out.ok) {
    built.made->documents = std::move(out.documents);
    built.files = std::move(out.files);
  }
  for (const kustomize::Base& base : out.bases) {
    if (!base.is_component) built.bases.push_back(base.folder);
  }
  for (Diagnostic& d : out.diagnostics) {
    if (d.code != DiagnosticCode::kLimit && d.code != DiagnosticCode::kUnreadable)
      d.code = DiagnosticCode::kKustomization;
    built.made->diagnostics.push_back(std::move(d));
  }
  for (const kustomize::Missing& m : out.missing)
    built.made->diagnostics.push_back({DiagnosticCode::kRemoteBase, Described(m), m.span});
  return built;
}

bool IsComponent(const FileSystem& fs, const std::string& file) {
  auto text = fs.ReadFile(file, Limits().max_file_bytes);
  if (!text) return false;
  for (std::string_view quote : {"", "\"", "'"}) {
    std::string line = fmt::format("kind: {0}Component{0}", quote);
    std::size_t at = text->find(line);
    if (at != std::string::npos && (at == 0 || (*text)[at - 1] == '\n')) return true;
  }
  return false;
}

// Those that no other one builds upon; of a ring of them all, so that the fault is told.
std::vector<std::string> FindRoots(const FileSystem& fs,
                                   const std::vector<std::string>& kustomizations,
                                   const Limits& limits) {
  std::map<std::string, std::vector<std::string>> references;
  std::set<std::string> referenced, components;
  for (const std::string& file : kustomizations) {
    std::string folder = fs.RealPath(std::string(DirName(file)));
    if (folder.empty()) continue;
    if (IsComponent(fs, file)) components.insert(folder);
    auto& below = references[folder];
    below = kustomize::ReferencedFolders(fs, folder, limits);
    for (const std::string& other : below) {
      if (other != folder) referenced.insert(other);
    }
  }
  std::vector<std::string> roots, open;
  std::set<std::string> reached;
  auto reach = [&](const std::string& from) {
    open.push_back(from);
    while (!open.empty()) {
      std::string at = std::move(open.back());
      open.pop_back();
      auto it = references.find(at);
      if (it == references.end() || !reached.insert(at).second) continue;
      open.insert(open.end(), it->second.begin(), it->second.end());
    }
  };
  for (const auto& [folder, below] : references) {
    if (referenced.contains(folder) || components.contains(folder)) continue;
    roots.push_back(folder);
    reach(folder);
  }
  for (const auto& [folder, below] : references) {
    if (reached.contains(folder) || components.contains(folder)) continue;
    roots.push_back(folder);
    reach(folder);
  }
  std::ranges::sort(roots);
  return roots;
}

void AddOverlays(std::vector<Built> built, bool matrix, Deployments& out) {
  std::vector<std::vector<std::string>> bases;
  for (Built& b : built) {
    out.used_files.insert(b.files.begin(), b.files.end());
    out.files += b.files.size();
    // One that fails has no base to share.
    bases.push_back(matrix ? b.bases : std::vector<std::string>());
  }
  for (const std::vector<std::size_t>& group : GroupByBase(bases)) {
    Project project;
    project.framework = model::Framework::kKustomize;
    project.folder = built[group[0]].folder;
    std::vector<std::string> folders;
    for (std::size_t i : group) folders.push_back(built[i].folder);
    std::vector<std::string> names = ShortNames(folders);
    for (std::size_t k = 0; k < group.size(); ++k) {
      project.environments.push_back(
          {group.size() > 1 ? names[k] : std::string(), std::move(built[group[k]].made)});
    }
    out.projects.push_back(std::move(project));
  }
}

}  // namespace

Deployments MakeDeployments(const FileSystem& fs, SourceMap& sources,
                            const std::vector<std::string>& charts,
                            const std::vector<std::string>& kustomizations,
                            const Options& options) {
  Deployments out;
  std::set<std::string> all(charts.begin(), charts.end());
  std::vector<std::string> top;
  for (const std::string& chart : charts) {
    if (!IsSubchart(all, chart)) top.push_back(chart);
  }
  std::vector<std::string> roots = FindRoots(fs, kustomizations, options.limits);
  std::vector<Project> made(top.size());
  std::vector<Built> built(roots.size());
  ParallelFor(top.size() + roots.size(), options.jobs, [&](std::size_t i) {
    if (i < top.size()) {
      made[i] = MakeChart(fs, sources, top[i], options);
    } else {
      built[i - top.size()] = BuildOverlay(fs, sources, roots[i - top.size()], options);
    }
  });
  for (Project& p : made) {
    out.files += p.files;
    if (!p.environments.empty()) out.projects.push_back(std::move(p));
  }
  AddOverlays(std::move(built), options.matrix, out);
  return out;
}

}  // namespace plumbline::deploy
