#include "helm/chart_fixture.h"

#include "../kustomize/memory_fs.h"

namespace plumbline::helm {
namespace {

// "FILE:LINE" of a place.
std::string Shown(const SourceMap& sources, Span span) {
  if (!span.valid()) return {};
  return std::string(sources.Path(span.file)) + ":" + std::to_string(sources.Start(span).line);
}

}  // namespace

Outcome RenderChart(const Files& files, RenderOptions options, bool strict) {
  std::map<std::string, std::string> all{{"/c/Chart.yaml", "name: c\nversion: 1.0.0\n"}};
  for (const auto& [name, text] : files) all[name.starts_with('/') ? name : "/c/" + name] = text;
  kustomize::MemoryFileSystem fs(all);
  SourceMap sources;
  gotmpl::Heap heap;
  LoadOptions load{fs, sources, heap, "/c"};
  auto chart = LoadChart(load, "/c");
  Outcome out;
  if (!chart) {
    out.error = chart.error().message;
    return out;
  }
  Rendered rendered = Render(load, **chart, options, strict);
  for (const RenderFault& fault : rendered.faults) out.faults.push_back(fault.message);
  if (!out.faults.empty()) out.error = out.faults[0];
  out.missing = rendered.missing_dependencies;
  for (const Manifest& m : rendered.manifests) {
    out.text += "# " + m.source + "\n" + m.text + "\n";
    for (const gotmpl::LineOrigin& line : m.lines) {
      out.at.push_back(Shown(sources, line.at));
      out.from.push_back(Shown(sources, line.from));
    }
  }
  return out;
}

std::string Evaluate(std::string_view expression, std::string_view values, RenderOptions options) {
  Outcome out = RenderChart({{"values.yaml", std::string(values)},
                             {"templates/a.yaml", "out: {{ " + std::string(expression) + " }}"}},
                            std::move(options));
  if (!out.error.empty()) return "ERROR " + out.error;
  constexpr std::string_view kStart = "# c/templates/a.yaml\nout: ";
  return out.text.substr(kStart.size(), out.text.size() - kStart.size() - 1);
}

}  // namespace plumbline::helm
