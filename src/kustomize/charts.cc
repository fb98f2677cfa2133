// `helmCharts`: charts are rendered by whoever called the build.
#include "kustomize/transformers.h"

namespace plumbline::kustomize {
namespace {

// With a version the chart may stand in a folder of its own: charts/NAME-VERSION/NAME.
std::string ChartFolder(Context& context, const Loader& loader, const HelmChart& chart,
                        const HelmGlobals& globals) {
  std::string home =
      JoinPath(loader.root(), globals.chart_home.empty() ? "charts" : globals.chart_home);
  std::vector<std::string> places;
  if (!chart.version.empty() && !chart.repo.empty()) {
    places.push_back(JoinPath(home, chart.name + "-" + chart.version + "/" + chart.name));
  }
  places.push_back(JoinPath(home, chart.name));
  for (const std::string& place : places) {
    std::string real = context.fs.RealPath(place);
    if (!real.empty() && context.fs.IsDirectory(real) && IsWithin(context.allowed_root, real)) {
      return real;
    }
  }
  return {};
}

}  // namespace

Result<std::vector<ResourcePtr>> InflateChart(Context& context, const Loader& loader,
                                              const HelmChart& chart, const HelmGlobals& globals) {
  context.fault = chart.span;
  if (chart.name.empty()) return Fail("chart name cannot be empty");
  std::string folder = ChartFolder(context, loader, chart, globals);
  if (context.options.tolerant && (folder.empty() || !context.options.inflate)) {
    context.Leave(
        {MissingKind::kChart, WithoutPassword(chart.repo), chart.span, chart.name, chart.version});
    return std::vector<ResourcePtr>();
  }
  if (!context.options.inflate) {
    return Fail("the chart '" + chart.name +
                "' of helmCharts is not inflated: there is no renderer");
  }
  ChartRequest request;
  request.folder = std::move(folder);
  request.name = chart.name;
  request.version = chart.version;
  request.repo = chart.repo;
  request.release_name = chart.release_name;
  request.name_space = chart.ns;
  request.kube_version = chart.kube_version;
  request.values_merge = chart.values_merge;
  request.api_versions = chart.api_versions;
  request.include_crds = chart.include_crds;
  request.skip_hooks = chart.skip_hooks;
  request.skip_tests = chart.skip_tests;
  request.span = chart.span;
  request.inline_node = chart.values_inline;
  if (chart.values_inline != nullptr) request.inline_values = chart.values_inline->value;
  if (request.folder.empty()) {
    return Fail("the chart '" + chart.name +
                "' of helmCharts is not there; expected it in the "
                "folder charts (nothing is downloaded)");
  }
  std::vector<std::string> files = chart.additional_values_files;
  if (!chart.values_file.empty()) files.insert(files.begin(), chart.values_file);
  for (const std::string& path : files) {
    PL_TRY(LoadedFile file, loader.Load(path));
    request.values_files.push_back(file.path);
  }
  PL_TRY(auto documents, context.options.inflate(request, context.arena));
  return TakeResources(context, documents);
}

}  // namespace plumbline::kustomize
