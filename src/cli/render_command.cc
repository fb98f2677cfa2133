#include "cli/render_command.h"

#include <algorithm>
#include <cstdio>
#include <string_view>

#include "cli/command.h"
#include "deploy/inflate.h"
#include "helm/chart.h"
#include "helm/render.h"
#include "kustomize/kustomize.h"
#include "kustomize/write_yaml.h"

namespace plumbline::cli {
namespace {

/// What `render` was told.
struct RenderArguments {
  std::string path;
  helm::RenderOptions options;
  std::vector<std::string> mirrors;
  bool help = false;
  std::string error;
};

constexpr char kHelp[] =
    "Usage: plumbline render [PATH] [flags]\n\n"
    "Prints the manifests that PATH makes, separated by ---: those of a kustomization (a folder "
    "with\n"
    "kustomization.yaml) as `kubectl kustomize` does, those of a Helm chart (a folder with "
    "Chart.yaml, or\n"
    "a .tgz) as `helm template` does. Nothing is fetched.\n\n"
    "For kustomizations:\n\n"
    "      --vendored-modules DIR  folder with copies of remote bases (docs/modules.md), "
    "repeatable\n\n"
    "For charts:\n\n"
    "  -f, --values FILE         values file, repeatable; a later one wins\n"
    "      --set KEY=VALUE       a value, as in a.b=c,list[0]=d,l={x,y}\n"
    "      --set-string, --set-file, --set-json, --set-literal\n"
    "      --release-name NAME   (default: release-name)\n"
    "  -n, --namespace NAME      (default: default)\n"
    "      --kube-version V      Capabilities.KubeVersion (default: v1.32.0)\n"
    "  -a, --api-versions LIST   more of Capabilities.APIVersions\n"
    "      --include-crds        the chart's CRDs too\n"
    "      --no-hooks            without the chart's hooks\n"
    "      --skip-tests          without the hooks that are tests\n"
    "      --is-upgrade          .Release.IsUpgrade in place of .Release.IsInstall\n";

void AddList(std::vector<std::string>& to, std::string_view text) {
  while (!text.empty()) {
    std::size_t comma = std::min(text.find(','), text.size());
    if (comma > 0) to.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
}

// False when the flag is not known.
bool Take(RenderArguments& out, std::string_view name, const std::string& value) {
  helm::RenderOptions& o = out.options;
  if (name == "-f" || name == "--values")
    AddList(o.values.files, value);
  else if (name == "--set")
    o.values.set.push_back(value);
  else if (name == "--set-string")
    o.values.set_string.push_back(value);
  else if (name == "--set-file")
    o.values.set_file.push_back(value);
  else if (name == "--set-json")
    o.values.json.push_back(value);
  else if (name == "--set-literal")
    o.values.set_literal.push_back(value);
  else if (name == "--release-name")
    o.release_name = value;
  else if (name == "-n" || name == "--namespace")
    o.ns = value;
  else if (name == "--kube-version")
    o.kube_version = value;
  else if (name == "--vendored-modules")
    out.mirrors.push_back(value);
  else if (name == "-a" || name == "--api-versions")
    AddList(o.api_versions, value);
  else
    return false;
  return true;
}

// Flags without a value; false when it is none of them.
bool TakeSwitch(helm::RenderOptions& o, std::string_view arg) {
  if (arg == "--include-crds")
    o.include_crds = true;
  else if (arg == "--is-upgrade")
    o.is_upgrade = true;
  else if (arg == "--no-hooks")
    o.hooks = false;
  else if (arg == "--skip-tests")
    o.skip_tests = true;
  else
    return false;
  return true;
}

RenderArguments ParseRenderArguments(const std::vector<std::string>& args) {
  RenderArguments out;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::string& arg = args[i];
    if (arg == "--help" || arg == "-h") {
      out.help = true;
      return out;
    }
    if (TakeSwitch(out.options, arg)) continue;
    if (!arg.starts_with('-') || arg == "-") {
      if (!out.path.empty()) {
        out.error = "render takes one path, found '" + arg + "' too";
        return out;
      }
      out.path = arg;
      continue;
    }
    std::size_t equals = arg.starts_with("--") ? arg.find('=') : std::string::npos;
    std::string name = arg.substr(0, equals);
    bool has_value = equals != std::string::npos || i + 1 < args.size();
    std::string value = equals != std::string::npos ? arg.substr(equals + 1)
                        : has_value                 ? args[i + 1]
                                                    : std::string();
    if (!Take(out, name, value)) {
      out.error = "unknown option '" + name + "' of render";
      return out;
    }
    if (!has_value) {
      out.error = "'" + name + "' needs a value";
      return out;
    }
    if (equals == std::string::npos) ++i;
  }
  if (out.path.empty()) out.path = ".";
  return out;
}

void PrintDiagnostic(const Diagnostic& d, const SourceMap& sources) {
  std::string place;
  if (d.span.valid()) {
    Position at = sources.Start(d.span);
    place = std::string(sources.Path(d.span.file)) + ":" + std::to_string(at.line) + ":" +
            std::to_string(at.column) + ": ";
  }
  std::fprintf(stderr, "Error: %s%s\n", place.c_str(), d.message.c_str());
}

int RenderKustomization(const FileSystem& fs, const RenderArguments& given) {
  const std::string& folder = given.path;
  SourceMap sources;
  Arena arena;
  const std::string base = fs.RealPath(".");
  kustomize::Options options;
  options.display_base = base;
  options.inflate = deploy::MakeInflater(fs, sources, base);
  for (const std::string& mirror : given.mirrors) options.mirrors.push_back(fs.RealPath(mirror));
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

// As `helm template` prints them: what comes in front of the hooks ends with one line break.
std::string Joined(const std::vector<helm::Manifest>& manifests) {
  std::string text;
  bool before_hooks = true;
  auto end_manifests = [&] {
    if (!before_hooks) return;
    before_hooks = false;
    text.erase(text.find_last_not_of(" \t\r\n") + 1);
    text += "\n";
  };
  for (const helm::Manifest& m : manifests) {
    if (m.is_hook) end_manifests();
    text += "---\n# Source: " + m.source + "\n" + m.text + "\n";
  }
  end_manifests();
  return text;
}

int RenderChart(const FileSystem& fs, const RenderArguments& given) {
  SourceMap sources;
  gotmpl::Heap heap;
  helm::LoadOptions load{fs, sources, heap, fs.RealPath("."), {}, false};
  auto chart = helm::LoadChart(load, given.path);
  if (!chart) {
    // Helm reads values first.
    auto values = helm::ReadUserValues(load, given.options.values);
    if (!values) chart = tl::unexpected(values.error());
    std::fprintf(stderr, "Error: %s\n", chart.error().message.c_str());
    return kExitFindings;
  }
  helm::Rendered out = helm::Render(load, **chart, given.options, true);
  for (const std::string& warning : out.warnings)
    std::fprintf(stderr, "Warning: %s\n", warning.c_str());
  for (const helm::RenderFault& fault : out.faults)
    std::fprintf(stderr, "Error: %s\n", fault.message.c_str());
  if (!out.faults.empty()) return kExitFindings;
  std::string text = Joined(out.manifests);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return kExitOk;
}

}  // namespace

int RunRender(const std::vector<std::string>& args) {
  RenderArguments given = ParseRenderArguments(args);
  if (given.help) {
    std::fputs(kHelp, stdout);
    return kExitOk;
  }
  if (!given.error.empty()) return UsageError(given.error);
  DiskFileSystem fs;
  if (fs.IsDirectory(given.path) && kustomize::IsKustomization(fs, given.path))
    return RenderKustomization(fs, given);
  if (!fs.IsDirectory(given.path) && !fs.IsFile(given.path))
    return UsageError("'" + given.path + "' is neither a folder nor a file");
  return RenderChart(fs, given);
}

}  // namespace plumbline::cli
