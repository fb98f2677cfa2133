// Small kustomizations: the input is files in memory, each behind a line "=== PATH", built from the
// folder /r/k.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "kustomize/kustomize.h"
#include "kustomize/memory_fs.h"
#include "kustomize/write_yaml.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plumbline;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  constexpr std::string_view kMark = "=== ";
  std::map<std::string, std::string> files;
  std::string* file = &files["/r/k/kustomization.yaml"];
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
  kustomize::Options options;
  options.limits.max_yaml_nodes = 20'000;
  SourceMap sources;
  Arena arena;
  auto out =
      kustomize::Build(kustomize::MemoryFileSystem(files), "/r/k", "/r", sources, arena, options);
  if (out.ok == out.diagnostics.empty() && (out.ok || out.documents.empty())) {
    kustomize::WriteYaml(out.documents);
    return 0;
  }
  std::abort();
}
