#include "cli/render_command.h"

#include <cstdio>
#include <string_view>

#include "cli/command.h"
#include "kustomize/kustomize.h"
#include "kustomize/write_yaml.h"

namespace plumbline::cli {
namespace {

constexpr char kHelp[] =
    "Usage: plumbline render DIR\n\n"
    "Prints the manifests that a kustomization (a folder with kustomization.yaml) builds, "
    "separated "
    "by ---.\n";

void PrintDiagnostic(const Diagnostic& d, const SourceMap& sources) {
  std::string place;
  if (d.span.valid()) {
    Position at = sources.Start(d.span);
    place = std::string(sources.Path(d.span.file)) + ":" + std::to_string(at.line) + ":" +
            std::to_string(at.column) + ": ";
  }
  std::fprintf(stderr, "Error: %s%s\n", place.c_str(), d.message.c_str());
}

int RenderKustomization(const FileSystem& fs, const std::string& folder) {
  SourceMap sources;
  Arena arena;
  kustomize::Options options;
  options.display_base = fs.RealPath(".");
  // As kubectl: resources may lie anywhere, files of a kustomization only below it.
  kustomize::Output out = kustomize::Build(fs, folder, "/", sources, arena, options);
  for (const std::string& warning : out.warnings) {
    std::fprintf(stderr, "Warning: %s\n", warning.c_str());
  }
  for (const Diagnostic& d : out.diagnostics) PrintDiagnostic(d, sources);
  if (!out.ok) return kExitFindings;
  std::string text = kustomize::WriteYaml(out.documents);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return kExitOk;
}

}  // namespace

int RunRender(const std::vector<std::string>& args) {
  std::string folder;
  for (const std::string& arg : args) {
    if (arg == "--help" || arg == "-h") {
      std::fputs(kHelp, stdout);
      return kExitOk;
    }
    if (arg.starts_with('-')) return UsageError("unknown option '" + arg + "' of render");
    if (!folder.empty()) return UsageError("render takes one folder, found '" + arg + "' too");
    folder = arg;
  }
  if (folder.empty()) folder = ".";
  DiskFileSystem fs;
  if (!fs.IsDirectory(folder)) return UsageError("'" + folder + "' is no folder");
  bool chart = fs.IsFile(JoinPath(folder, "Chart.yaml"));
  if (chart && !kustomize::IsKustomization(fs, folder)) {
    return UsageError("'" + folder + "' is a Helm chart: rendering charts is not available yet");
  }
  return RenderKustomization(fs, folder);
}

}  // namespace plumbline::cli
