#include "cli/model_command.h"

#include <cstdio>
#include <string_view>

#include "cli/command.h"
#include "cli/terraform_options.h"
#include "deploy/chart_project.h"
#include "deploy/overlays.h"
#include "kubernetes/kubernetes.h"
#include "scan/plans.h"
#include "scan/remote_modules.h"
#include "terraform/plan.h"
#include "value/json.h"

namespace plumbline::cli {
namespace {

constexpr char kHelp[] =
    "Usage: plumbline model [PATH] [--var NAME=V]… [--var-file F]… [--workspace NAME]\n"
    "       [--allow-path PATH]… [--vendored-modules DIR]… [--module-registry HOST]\n"
    "       [--download-modules]\n\n"
    "Prints the resources of PATH as JSON: of the Terraform root module in a folder, of the "
    "Kubernetes manifests\n"
    "(.yaml, .yml, .json) in it, or of one file of manifests:\n"
    "{\"resources\":[{\"address\",\"type\",\"name\",\"mode\",\"module\",\"attributes\",\"file\","
    "\"line\",…}]}\n";

void AppendField(std::string& out, const char* name, std::string_view text) {
  out += ",\"";
  out += name;
  out += "\":";
  AppendJsonString(out, text);
}

void AppendReferences(std::string& out, const model::Resource& r,
                      const model::ResourceGraph& graph) {
  out += ",\"references\":[";
  bool first = true;
  for (const model::Reference& ref : r.references) {
    out += first ? "{\"attribute\":" : ",{\"attribute\":";
    first = false;
    AppendJsonString(out, ref.attribute);
    AppendField(out, "target", graph.at(ref.target).address);
    if (!ref.target_attribute.empty()) AppendField(out, "target_attribute", ref.target_attribute);
    out += '}';
  }
  out += ']';
}

std::string ModelJson(const model::ResourceGraph& graph, const SourceMap& sources) {
  std::string out = "{\"resources\":[";
  bool first = true;
  for (const model::Resource& r : graph) {
    out += first ? "\n{\"address\":" : ",\n{\"address\":";
    first = false;
    AppendJsonString(out, r.address);
    AppendField(out, "type", r.type);
    AppendField(out, "name", r.name);
    AppendField(out, "mode", model::ModeName(r.mode));
    AppendField(out, "framework", model::FrameworkName(r.framework));
    AppendField(out, "module", r.module);
    if (!r.ns.empty()) AppendField(out, "namespace", r.ns);
    out += ",\"attributes\":";
    AppendJson(out, r.attributes);
    if (r.header.valid()) {
      AppendField(out, "file", sources.Path(r.header.file));
      out += ",\"line\":" + std::to_string(sources.Start(r.header).line);
      out += ",\"end_line\":" + std::to_string(sources.End(r.span).line);
    }
    AppendReferences(out, r, graph);
    out += '}';
  }
  return out + "\n]}\n";
}

void PrintDiagnostics(const Diagnostics& diagnostics, const SourceMap& sources) {
  for (const Diagnostic& d : diagnostics) {
    if (d.span.valid()) {
      Position at = sources.Start(d.span);
      std::fprintf(stderr, "%.*s:%u: ", static_cast<int>(sources.Path(d.span.file).size()),
                   sources.Path(d.span.file).data(), at.line);
    }
    std::fprintf(stderr, "%s\n", d.message.c_str());
  }
}

bool MayHoldManifests(std::string_view name) {
  return name.ends_with(".yaml") || name.ends_with(".yml") ||
         (name.ends_with(".json") && !name.ends_with(".tf.json") &&
          !name.ends_with(".tfvars.json"));
}

/// A plan in JSON, joined with the sources it was made from where they are found. False when the
/// file is none.
bool AddPlan(const FileSystem& fs, const TerraformArguments& given, terraform::ParsedFiles& files,
             SourceMap& sources, model::ResourceGraph& graph, Diagnostics& diagnostics) {
  if (!fs.IsFile(given.path)) return false;
  const Limits limits;
  auto text = fs.ReadFile(given.path, limits.max_file_bytes);
  if (!text || !terraform::LooksLikePlan(*text)) return false;
  auto plan =
      terraform::LoadPlan(sources, sources.Add(given.path, std::move(*text)), limits, diagnostics);
  if (plan == nullptr) return true;
  std::string dir = scan::FindPlanSources(fs, files, *plan, fs.RealPath(given.path));
  std::string root = dir.empty() ? dir : DefaultRoot(fs, dir);
  terraform::EvaluatePlan(plan, &files, dir, root, given.options, graph, diagnostics);
  kubernetes::AddFromTerraform(graph);
  return true;
}

void AddManifestFile(const FileSystem& fs, const std::string& path, const Limits& limits,
                     SourceMap& sources, model::ResourceGraph& graph, Diagnostics& diagnostics) {
  auto text = fs.ReadFile(path, limits.max_file_bytes);
  if (!text) {
    std::fprintf(stderr, "%s\n", text.error().message.c_str());
    return;
  }
  if (!kubernetes::LooksLikeManifest(*text)) return;
  FileId file = sources.Add(path, std::move(*text));
  kubernetes::AddManifests(file, sources.Text(file), limits, graph, diagnostics);
}

/// The manifests of a file, or of the files right in a folder.
void AddManifests(const FileSystem& fs, const std::string& path, const Limits& limits,
                  SourceMap& sources, model::ResourceGraph& graph, Diagnostics& diagnostics) {
  if (fs.IsFile(path)) return AddManifestFile(fs, path, limits, sources, graph, diagnostics);
  auto entries = fs.ListDir(path);
  if (!entries) return;
  for (const DirEntry& e : *entries) {
    if (e.is_directory || !MayHoldManifests(e.name)) continue;
    AddManifestFile(fs, JoinPath(path, e.name), limits, sources, graph, diagnostics);
  }
}

/// What a kustomization or chart makes; false when the path is none.
bool AddMade(const FileSystem& fs, const std::string& path, SourceMap& sources,
             std::shared_ptr<deploy::MadeObjects>& made, model::ResourceGraph& graph) {
  deploy::Options options;
  options.base_dir = fs.RealPath(".");
  options.allowed_root = [&](const std::string& folder) { return DefaultRoot(fs, folder); };
  std::string real = fs.RealPath(path);
  if (fs.IsDirectory(real) && kustomize::IsKustomization(fs, real)) {
    made = deploy::BuildOverlay(fs, sources, real, options).made;
    kubernetes::AddDocuments(made->documents, model::Framework::kKustomize, graph);
    return true;
  }
  bool is_chart =
      fs.IsDirectory(real) ? fs.IsFile(JoinPath(real, "Chart.yaml")) : real.ends_with(".tgz");
  if (!is_chart) return false;
  deploy::ChartProject chart(fs, sources, options.base_dir, real);
  made = std::make_shared<deploy::MadeObjects>();
  made->diagnostics = chart.diagnostics();
  chart.Render({options.helm, {}, false}, *made);
  kubernetes::AddDocuments(made->documents, model::Framework::kHelm, graph);
  return true;
}

}  // namespace

int RunModel(const std::vector<std::string>& args) {
  TerraformArguments given = ParseTerraformArguments(args);
  if (given.help) {
    std::fputs(kHelp, stdout);
    return kExitOk;
  }
  if (!given.error.empty()) return UsageError(given.error);
  DiskFileSystem fs;
  if (!fs.IsDirectory(given.path) && !fs.IsFile(given.path)) {
    return UsageError("'" + given.path + "' is neither a file nor a folder");
  }
  SourceMap sources;
  Limits limits;
  auto files = terraform::MakeParsedFiles(fs, sources, limits, ".");
  model::ResourceGraph graph;
  Diagnostics diagnostics;
  std::string root = DefaultRoot(fs, given.path);
  scan::RemoteModules remote(fs, given.modules, {given.path, root});
  if (terraform::IsModuleDir(fs, given.path)) {
    remote.Resolve(*files, {given.path});
    given.options.modules = remote.store();
    terraform::Evaluate(*files, given.path, root, given.options, graph, diagnostics);
    kubernetes::AddFromTerraform(graph);
  }
  std::shared_ptr<deploy::MadeObjects> made;  // outlives what is done with the graph
  if (AddMade(fs, given.path, sources, made, graph)) {
    diagnostics.insert(diagnostics.end(), made->diagnostics.begin(), made->diagnostics.end());
  } else if (!AddPlan(fs, given, *files, sources, graph, diagnostics)) {
    AddManifests(fs, given.path, limits, sources, graph, diagnostics);
  }
  kubernetes::AddReferences(graph);
  graph.Link();
  Diagnostics parsing = terraform::TakeDiagnostics(*files);
  PrintDiagnostics(parsing, sources);
  PrintDiagnostics(diagnostics, sources);
  std::string json = ModelJson(graph, sources);
  std::fwrite(json.data(), 1, json.size(), stdout);
  return kExitOk;
}

}  // namespace plumbline::cli
