// Objects of Flux and Argo CD in a small repository: the input is files in memory, each behind a
// line "=== PATH"; the first, o.yaml, is followed, and every target is built.
#include <cstdint>
#include <string_view>

#include "gitops/gitops.h"
#include "kustomize/memory_fs.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plumbline;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  constexpr std::string_view kMark = "=== ";
  std::map<std::string, std::string> files;
  std::string* file = &files["/r/o.yaml"];
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end);
    if (line.starts_with(kMark)) {
      line.remove_prefix(kMark.size());
      if (line.ends_with('\n')) line.remove_suffix(1);
      file = &files[JoinPath("/r", line)];
    } else {
      *file += line;
    }
  }
  kustomize::MemoryFileSystem fs(files);
  SourceMap sources;
  Arena arena;
  gitops::Context context{fs, sources, arena, {gitops::FindRepository(fs, "/r")}};
  context.limits.max_yaml_nodes = 20'000;
  context.bounds = {50, 50, 500, 3, 20'000};
  FileId id = sources.Add("o.yaml", files["/r/o.yaml"]);
  Diagnostics faults;
  auto documents = yaml::Parse(id, sources.Text(id), arena, context.limits, faults);
  kustomize::Options options;
  options.limits = context.limits;
  options.tolerant = true;
  for (const gitops::Target& t : gitops::Follow(documents, context).targets) {
    if (auto* k = std::get_if<gitops::KustomizeTarget>(&t.what)) {
      gitops::BuildKustomization(t, *k, context, options);
    } else if (auto* h = std::get_if<gitops::HelmTarget>(&t.what)) {
      gitops::PostRender(t, *h, documents, context, options);
    } else {
      (void)gitops::GatherDirectory(t, std::get<gitops::DirectoryTarget>(t.what), context);
    }
  }
  return 0;
}
