// Small charts: the input is files in memory, each behind a line "=== PATH", rendered from /c with
// the values of /v.yaml and one --set text of /set.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "../kustomize/memory_fs.h"
#include "helm/documents.h"
#include "helm/render.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plumbline;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  constexpr std::string_view kMark = "=== ";
  std::map<std::string, std::string> files{{"/c/Chart.yaml", "name: c\nversion: 1.0.0\n"},
                                           {"/v.yaml", ""}};
  std::string* file = &files["/c/templates/a.yaml"];
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end);
    if (!line.starts_with(kMark)) {
      *file += line;
      continue;
    }
    line.remove_prefix(kMark.size());
    if (line.ends_with('\n')) line.remove_suffix(1);
    file = &files[JoinPath("/", line)];
    file->clear();
  }
  helm::RenderOptions options;
  options.limits = {.steps = 20'000, .output_bytes = 1u << 20, .depth = 50};
  options.include_crds = true;
  options.values.files.push_back("/v.yaml");
  if (files.contains("/set")) options.values.set.push_back(files["/set"]);
  SourceMap sources;
  gotmpl::Heap heap;
  kustomize::MemoryFileSystem fs(files);
  helm::LoadOptions load{fs, sources, heap, "/"};
  auto chart = helm::LoadChart(load, "/c");
  if (!chart) return chart.error().message.empty() ? (std::abort(), 0) : 0;
  Arena arena;
  for (const helm::Manifest& m : helm::Render(load, **chart, options, false).manifests)
    helm::ParseManifest(m, sources, arena, Limits{});
  return 0;
}
