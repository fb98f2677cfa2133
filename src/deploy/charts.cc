#include "deploy/charts.h"

#include <algorithm>

#include "deploy/environments.h"

namespace plumbline::deploy {
namespace {

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
  if (!out.empty()) return out;
  out.emplace_back();
  for (const auto& [owner, file] : o.more_values) {
    if (owner == chart) out.emplace_back("", std::vector{file});
  }
  return out;
}

}  // namespace

bool IsSubchart(const std::set<std::string>& charts, const std::string& path) {
  for (std::string at(DirName(path)); at != "/" && at != "."; at = DirName(at)) {
    if (BaseName(at) == "charts" && charts.contains(std::string(DirName(at)))) return true;
  }
  return false;
}

std::size_t CountFiles(const helm::Chart& chart) {
  std::size_t n = chart.templates.size() + (chart.values_file != kNoFile ? 2 : 1);
  for (const auto& below : chart.dependencies) n += CountFiles(*below);
  return n;
}

Project MakeChart(const FileSystem& fs, SourceMap& sources, const std::string& path,
                  const Options& o) {
  Project project;
  project.folder = path;
  ChartProject chart(fs, sources, o.base_dir, path);
  if (chart.chart() != nullptr) project.files = CountFiles(*chart.chart());
  if (chart.chart() != nullptr && chart.chart()->is_library()) return project;
  for (const auto& [name, files] : EnvironmentsOf(fs, path, o)) {
    Release release{o.helm, {}, false};
    auto& values = release.options.values.files;
    values.insert(values.end(), files.begin(), files.end());
    auto made = std::make_shared<MadeObjects>();
    made->diagnostics = chart.diagnostics();
    chart.Render(release, *made);
    project.environments.push_back({name, std::move(made)});
  }
  return project;
}

}  // namespace plumbline::deploy
