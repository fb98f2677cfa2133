#include "helm/render.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_set>

#include "gotmpl/utf8.h"
#include "helm/functions/functions.h"
#include "helm/manifests.h"
#include "helm/metadata.h"
#include "helm/objects.h"

namespace plumbline::helm {
namespace {

using gotmpl::Heap;
using gotmpl::Map;
using gotmpl::Template;

// Behind so many broken templates nothing new is learnt.
constexpr std::size_t kMaxFaults = 20;

struct Renderable {
  std::string name;
  std::string base_path;
  FileId file = kNoFile;
  Map* scope = nullptr;
  std::ptrdiff_t depth = 0;  // slashes in the name
};

bool IsPartial(std::string_view name) { return BaseName(name).starts_with('_'); }

// As Helm orders templates: the deepest first, so that what a parent defines comes last and wins.
bool DeeperFirst(const Renderable& a, const Renderable& b) {
  return a.depth != b.depth ? a.depth > b.depth : a.name > b.name;
}

constexpr std::size_t kMaxReleaseName = 53;
constexpr std::string_view kReleaseName =
    "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

// Words of lower-case letters, digits and inner hyphens, with dots between them.
bool IsReleaseName(std::string_view name) {
  if (name.empty() || name.size() > kMaxReleaseName) return false;
  bool word_ends = false;  // the last character may end a word
  for (std::size_t i = 0; i < name.size(); ++i) {
    char c = name[i];
    bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (!alphanumeric && c != '-' && c != '.') return false;
    bool starts = i == 0 || name[i - 1] == '.';
    if (starts && !alphanumeric) return false;
    if (c == '.' && !word_ends) return false;
    word_ends = alphanumeric;
  }
  return word_ends;
}

bool IsManifestName(std::string_view name) {
  return name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".json");
}

class Renderer {
 public:
  Renderer(const LoadOptions& load, Chart& chart, const RenderOptions& options, bool strict)
      : load_(load), heap_(load.heap), chart_(chart), options_(options), strict_(strict) {
    AddFunctions(functions_);
  }

  Rendered Run() {
    Prepare() && Parse() && Execute();
    return std::move(out_);
  }

 private:
  bool Fault(std::string message, Span span = {}) {
    out_.faults.push_back({std::move(message), span});
    return false;
  }

  bool Prepare() {
    auto capabilities = MakeCapabilities(heap_, options_.kube_version, options_.api_versions);
    if (!capabilities) return Fault(capabilities.error().message);
    capabilities_ = *capabilities;
    auto user = ReadUserValues(load_, options_.values);
    if (!user) return Fault(user.error().message);
    if (!chart_.type.empty() && chart_.type != "application")
      return Fault(fmt::format("{} charts are not installable", chart_.type));
    out_.missing_dependencies = MissingDependencies(chart_);
    if (strict_ && !out_.missing_dependencies.empty()) {
      return Fault(fmt::format(
          "An error occurred while checking for chart dependencies. You may need to run `helm "
          "dependency build` to fetch missing dependencies: found in Chart.yaml, but missing in "
          "charts/ directory: {}",
          fmt::join(out_.missing_dependencies, ", ")));
    }
    if (!IsReleaseName(options_.release_name)) {
      return Fault(
          fmt::format("release name {}: invalid release name, must match regex {} and the "
                      "length must not be longer than {}",
                      gotmpl::Quote(options_.release_name), kReleaseName, kMaxReleaseName));
    }
    return PrepareValues(**user);
  }

  bool PrepareValues(Map& values) {
    if (auto ok = ProcessDependencies(heap_, chart_, values, &out_.warnings); !ok)
      return Fault(ok.error().message);
    Map* all = &gotmpl::DeepCopy(heap_, gotmpl::Value::Of(&values)).map();
    if (auto ok = Coalesce(heap_, chart_, *all, false, &out_.warnings); !ok)
      return Fault(ok.error().message);
    if (auto ok = CheckSchemas(chart_, *all); !ok) return Fault(ok.error().message);
    std::string version = KubeVersion();
    if (!chart_.kube_version.empty() && !InRange(chart_.kube_version, version)) {
      return Fault(
          fmt::format("chart requires kubeVersion: {} which is incompatible with Kubernetes {}",
                      chart_.kube_version, version));
    }
    release_ = MakeRelease();
    AddChart(chart_, all, 0);
    DropShadowed();
    std::ranges::sort(templates_, DeeperFirst);
    return true;
  }

  std::string KubeVersion() {
    gotmpl::Value kube, version;
    std::string error;
    capabilities_.object().Get(heap_, "KubeVersion", {}, &kube, &error);
    kube.object().Get(heap_, "Version", {}, &version, &error);
    return std::string(version.as_string());
  }

  gotmpl::Value MakeRelease() {
    Map* r = heap_.MakeMap();
    r->Set(heap_, "IsInstall", gotmpl::Value::Bool(!options_.is_upgrade));
    r->Set(heap_, "IsUpgrade", gotmpl::Value::Bool(options_.is_upgrade));
    r->Set(heap_, "Name", heap_.String(options_.release_name));
    r->Set(heap_, "Namespace", heap_.String(options_.ns));
    r->Set(heap_, "Revision", gotmpl::Value::Int(1));
    r->Set(heap_, "Service", gotmpl::Value::String("Helm"));
    return gotmpl::Value::Of(r);
  }

  // The scope of a chart's templates, and its templates.
  Map* AddChart(Chart& chart, Map* values, int depth) {
    Map* scope = heap_.MakeMap();
    Map* below = heap_.MakeMap();
    scope->Set(heap_, "Capabilities", capabilities_);
    scope->Set(heap_, "Chart", MakeChartObject(heap_, chart));
    scope->Set(heap_, "Files", MakeFiles(heap_, load_.sources, chart));
    scope->Set(heap_, "Release", release_);
    scope->Set(heap_, "Subcharts", gotmpl::Value::Of(below));
    scope->Set(heap_, "Values", gotmpl::Value::OfValues(values));
    constexpr int kMaxDepth = 64;
    if (depth > kMaxDepth) return scope;
    for (auto& d : chart.dependencies) {
      // A name with dots is taken for a path, which leads nowhere.
      Map* inner = FindTable(*values, d->name);
      if (inner == nullptr) inner = heap_.MakeMap();
      below->Set(heap_, heap_.Text(d->name), gotmpl::Value::Of(AddChart(*d, inner, depth + 1)));
    }
    std::string path = chart.FullPath();
    for (const ChartFile& t : chart.templates) {
      if (chart.is_library() && !IsPartial(t.name)) continue;
      std::string name = fmt::format("{}/{}", path, t.name);
      auto slashes = std::ranges::count(name, '/');
      templates_.push_back({std::move(name), path + "/templates", t.id, scope, slashes});
    }
    return scope;
  }

  // Two selves of one chart may have one path: the later one's templates count.
  void DropShadowed() {
    std::unordered_set<std::string_view> seen;
    std::vector<Renderable> kept;
    for (auto t = templates_.rbegin(); t != templates_.rend(); ++t) {
      if (seen.insert(t->name).second) kept.push_back(*t);
    }
    templates_ = std::move(kept);
  }

  bool Parse() {
    for (const Renderable& r : templates_) {
      auto parsed = gotmpl::Parse({heap_.Text(r.name), load_.sources.Text(r.file), r.file},
                                  functions_, heap_.arena());
      if (!parsed) {
        auto at = static_cast<std::uint32_t>(parsed.error().pos);
        Fault(ParseFault(parsed.error().message), Span{r.file, at, at});
        // Without its definitions all others would fail too.
        if (strict_ || IsPartial(r.name)) return false;
        continue;
      }
      parsed_.push_back(std::move(*parsed));
    }
    for (const auto& list : parsed_) {
      for (const Template& t : list) set_.Add(t);
    }
    return true;
  }

  // "template: NAME:LINE: fault" → as Helm says it: the place, and what follows the last colon.
  static std::string ParseFault(std::string_view message) {
    constexpr std::string_view kColon = ": ";
    std::size_t first = message.find(kColon);
    if (first == std::string_view::npos) return std::string(message);
    std::size_t place = first + kColon.size();
    std::size_t end = std::min(message.find(kColon, place), message.size());
    return fmt::format("parse error at ({}): {}", message.substr(place, end - place),
                       message.substr(message.rfind(kColon) + kColon.size()));
  }

  bool Execute() {
    gotmpl::Executor executor(heap_, functions_, set_, options_.limits, load_.traced);
    std::map<std::string, std::pair<std::string, std::vector<gotmpl::LineOrigin>>> texts;
    for (std::size_t i = 0; i < templates_.size(); ++i) {
      const Renderable& r = templates_[i];
      if (IsPartial(r.name)) continue;
      Map* self = heap_.MakeMap();
      self->Set(heap_, "BasePath", heap_.String(r.base_path));
      self->Set(heap_, "Name", heap_.String(r.name));
      r.scope->Set(heap_, "Template", gotmpl::Value::OfValues(self));
      const Template* t = set_.Find(r.name);
      if (t == nullptr) continue;  // it did not parse
      gotmpl::Output out(load_.traced);
      if (!executor.Execute(*t, gotmpl::Value::OfValues(r.scope), out)) {
        Fault(InHelmsWords(executor.error().message), executor.error().span);
        if (strict_ || out_.faults.size() >= kMaxFaults || !executor.Recover()) return false;
        continue;
      }
      std::string text = out.TakeText();
      Erase(text, "<no value>");
      texts.emplace(r.name, std::pair(std::move(text), out.lines()));
    }
    for (auto& [name, made] : texts) {
      if (name.ends_with("NOTES.txt")) continue;
      RenderFault fault;
      if (!SplitManifests(name, made.first, made.second, out_.manifests, &fault)) {
        out_.faults.push_back(std::move(fault));
        if (strict_) return false;
      }
    }
    std::erase_if(out_.manifests, [&](const Manifest& m) {
      return m.is_hook && (!options_.hooks || (options_.skip_tests && m.is_test));
    });
    SortManifests(out_.manifests);
    if (options_.include_crds) {
      std::vector<Manifest> crds;
      AddCrds(chart_, crds, 0);
      out_.manifests.insert(out_.manifests.begin(), std::make_move_iterator(crds.begin()),
                            std::make_move_iterator(crds.end()));
    }
    return true;
  }

  void AddCrds(const Chart& chart, std::vector<Manifest>& out, int depth) {
    for (const ChartFile& f : chart.crds) {
      if (!IsManifestName(f.name)) continue;
      Manifest m;
      m.source = fmt::format("{}/{}", chart.FullPath(), f.name);
      m.text = load_.sources.Text(f.id);
      m.kind = "CustomResourceDefinition";
      m.is_crd = true;
      if (load_.traced) m.lines = LinesOf(f.id);
      out.push_back(std::move(m));
    }
    constexpr int kMaxDepth = 64;
    if (depth > kMaxDepth) return;
    for (const auto& below : chart.dependencies) AddCrds(*below, out, depth + 1);
  }

  // Each line of a file comes from itself.
  std::vector<gotmpl::LineOrigin> LinesOf(FileId file) const {
    std::string_view text = load_.sources.Text(file);
    std::vector<gotmpl::LineOrigin> lines;
    for (std::size_t at = 0; at <= text.size();) {
      std::size_t end = std::min(text.find('\n', at), text.size());
      lines.push_back(
          {{file, static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)}, {}});
      at = end + 1;
    }
    return lines;
  }

  static void Erase(std::string& text, std::string_view what) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at))
      text.erase(at, what.size());
  }

  // `fail` and `required` speak for themselves: "execution error at (F:L:C): message".
  static std::string InHelmsWords(std::string message) {
    std::size_t begin = message.find(kMessageBegin), end = message.rfind(kMessageEnd);
    if (begin == std::string::npos || end == std::string::npos || end < begin) return message;
    std::string own = message.substr(begin + 1, end - begin - 1);
    constexpr std::string_view kStart = "template: ";
    std::size_t place = message.find(": executing ");
    if (!message.starts_with(kStart) || place == std::string::npos) return own;
    // The place is that of the outermost template.
    return fmt::format("execution error at ({}): {}",
                       message.substr(kStart.size(), place - kStart.size()), own);
  }

  const LoadOptions& load_;
  Heap& heap_;
  Chart& chart_;
  const RenderOptions& options_;
  bool strict_;
  gotmpl::FunctionSet functions_;
  gotmpl::Value capabilities_, release_;
  std::vector<Renderable> templates_;
  std::vector<std::vector<Template>> parsed_;
  gotmpl::TemplateSet set_;
  Rendered out_;
};

}  // namespace

Rendered Render(const LoadOptions& load, Chart& chart, const RenderOptions& options, bool strict) {
  return Renderer(load, chart, options, strict).Run();
}

}  // namespace plumbline::helm
