#include "helm/render.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

#include "helm/functions/functions.h"
#include "helm/objects.h"
#include "yaml/yaml.h"

namespace plumbline::helm {
namespace {

using gotmpl::Heap;
using gotmpl::Map;
using gotmpl::Template;

// The order in which Helm installs kinds; others follow, by name of the kind.
constexpr auto kInstallOrder = std::to_array<std::string_view>({"PriorityClass",
                                                                "Namespace",
                                                                "NetworkPolicy",
                                                                "ResourceQuota",
                                                                "LimitRange",
                                                                "PodSecurityPolicy",
                                                                "PodDisruptionBudget",
                                                                "ServiceAccount",
                                                                "Secret",
                                                                "SecretList",
                                                                "ConfigMap",
                                                                "StorageClass",
                                                                "PersistentVolume",
                                                                "PersistentVolumeClaim",
                                                                "CustomResourceDefinition",
                                                                "ClusterRole",
                                                                "ClusterRoleList",
                                                                "ClusterRoleBinding",
                                                                "ClusterRoleBindingList",
                                                                "Role",
                                                                "RoleList",
                                                                "RoleBinding",
                                                                "RoleBindingList",
                                                                "Service",
                                                                "DaemonSet",
                                                                "Pod",
                                                                "ReplicationController",
                                                                "ReplicaSet",
                                                                "Deployment",
                                                                "HorizontalPodAutoscaler",
                                                                "StatefulSet",
                                                                "Job",
                                                                "CronJob",
                                                                "IngressClass",
                                                                "Ingress",
                                                                "APIService",
                                                                "MutatingWebhookConfiguration",
                                                                "ValidatingWebhookConfiguration"});

std::size_t InstallRank(std::string_view kind) {
  return static_cast<std::size_t>(std::ranges::find(kInstallOrder, kind) - kInstallOrder.begin());
}

// Behind so many broken templates nothing new is learnt.
constexpr std::size_t kMaxFaults = 20;

struct Renderable {
  std::string name;
  std::string base_path;
  FileId file = kNoFile;
  Map* scope = nullptr;
};

bool IsPartial(std::string_view name) { return BaseName(name).starts_with('_'); }

// As Helm orders templates: the deepest first, so that what a parent defines comes last and wins.
bool DeeperFirst(const Renderable& a, const Renderable& b) {
  auto x = std::ranges::count(a.name, '/'), y = std::ranges::count(b.name, '/');
  return x != y ? x > y : a.name > b.name;
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
    if (chart_.is_library()) return Fault("library charts are not installable");
    out_.missing_dependencies = MissingDependencies(chart_);
    if (strict_ && !out_.missing_dependencies.empty()) {
      return Fault(fmt::format(
          "An error occurred while checking for chart dependencies. You may need to run `helm "
          "dependency build` to fetch missing dependencies: found in Chart.yaml, but missing in "
          "charts/ directory: {}",
          fmt::join(out_.missing_dependencies, ", ")));
    }
    auto user = ReadUserValues(load_, options_.values);
    if (!user) return Fault(user.error().message);
    Map* values = *user;
    if (auto ok = ProcessDependencies(heap_, chart_, *values, &out_.warnings); !ok)
      return Fault(ok.error().message);
    if (!chart_.kube_version.empty() && !InRange(chart_.kube_version, options_.kube_version)) {
      return Fault(
          fmt::format("chart requires kubeVersion: {} which is incompatible with Kubernetes {}",
                      chart_.kube_version, options_.kube_version));
    }
    Map* all = &gotmpl::DeepCopy(heap_, gotmpl::Value::Of(values)).map();
    if (auto ok = Coalesce(heap_, chart_, *all, false, &out_.warnings); !ok)
      return Fault(ok.error().message);
    if (auto ok = CheckSchemas(chart_, *all); !ok) return Fault(ok.error().message);
    auto capabilities = MakeCapabilities(heap_, options_.kube_version, options_.api_versions);
    if (!capabilities) return Fault(capabilities.error().message);
    capabilities_ = *capabilities;
    release_ = MakeRelease();
    AddChart(chart_, all);
    std::ranges::sort(templates_, DeeperFirst);
    return true;
  }

  gotmpl::Value MakeRelease() {
    Map* r = heap_.MakeMap();
    r->Set(heap_, "IsInstall", gotmpl::Value::Bool(true));
    r->Set(heap_, "IsUpgrade", gotmpl::Value::Bool(false));
    r->Set(heap_, "Name", heap_.String(options_.release_name));
    r->Set(heap_, "Namespace", heap_.String(options_.ns));
    r->Set(heap_, "Revision", gotmpl::Value::Int(1));
    r->Set(heap_, "Service", gotmpl::Value::String("Helm"));
    return gotmpl::Value::Of(r);
  }

  // The scope of a chart's templates, and its templates.
  Map* AddChart(Chart& chart, Map* values) {
    values->element = gotmpl::Element::kValues;
    Map* scope = heap_.MakeMap();
    Map* below = heap_.MakeMap();
    scope->Set(heap_, "Capabilities", capabilities_);
    scope->Set(heap_, "Chart", MakeChartObject(heap_, chart));
    scope->Set(heap_, "Files", MakeFiles(heap_, load_.sources, chart));
    scope->Set(heap_, "Release", release_);
    scope->Set(heap_, "Subcharts", gotmpl::Value::Of(below));
    scope->Set(heap_, "Values", gotmpl::Value::Of(values));
    for (auto& d : chart.dependencies) {
      gotmpl::Value* own = values->Find(d->name);
      Map* inner = own != nullptr && own->is_map() ? &own->map() : heap_.MakeMap();
      below->Set(heap_, heap_.Text(d->name), gotmpl::Value::Of(AddChart(*d, inner)));
    }
    std::string path = chart.FullPath();
    for (const ChartFile& t : chart.templates) {
      if (chart.is_library() && !IsPartial(t.name)) continue;
      templates_.push_back({fmt::format("{}/{}", path, t.name), path + "/templates", t.id, scope});
    }
    return scope;
  }

  bool Parse() {
    for (const Renderable& r : templates_) {
      auto parsed = gotmpl::Parse({heap_.Text(r.name), load_.sources.Text(r.file), r.file},
                                  functions_, heap_.arena());
      if (!parsed) {
        auto at = static_cast<std::uint32_t>(parsed.error().pos);
        // "template: NAME:LINE: fault" → as Helm says it.
        std::string_view message = parsed.error().message;
        std::size_t start = sizeof("template: ") - 1 + r.name.size() + 1;
        std::size_t colon = message.find(": ", start);
        Fault(colon == std::string_view::npos
                  ? std::string(message)
                  : fmt::format("parse error at ({}:{}): {}", r.name,
                                message.substr(start, colon - start), message.substr(colon + 2)),
              Span{r.file, at, at});
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

  bool Execute() {
    gotmpl::Executor executor(heap_, functions_, set_, options_.limits, load_.traced);
    std::map<std::string, std::pair<std::string, std::vector<gotmpl::LineOrigin>>> texts;
    for (std::size_t i = 0; i < templates_.size(); ++i) {
      const Renderable& r = templates_[i];
      if (IsPartial(r.name)) continue;
      Map* self = heap_.MakeMap();
      self->Set(heap_, "BasePath", heap_.String(r.base_path));
      self->Set(heap_, "Name", heap_.String(r.name));
      r.scope->Set(heap_, "Template", gotmpl::Value::Of(self));
      const Template* t = set_.Find(r.name);
      if (t == nullptr) continue;  // it did not parse
      gotmpl::Output out(load_.traced);
      if (!executor.Execute(*t, gotmpl::Value::Of(r.scope), out)) {
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
      if (!Split(name, made.first, made.second) && strict_) return false;
    }
    Sort();
    return true;
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

  // Documents of one file, parted as Helm parts them: a line that starts with ---.
  bool Split(const std::string& name, const std::string& text,
             const std::vector<gotmpl::LineOrigin>& lines) {
    std::size_t begin = 0, line = 0, first_line = 0;
    std::string_view all = text;
    auto take = [&](std::size_t end) {
      return Add(name, all.substr(begin, end - begin), lines, first_line);
    };
    for (std::size_t at = 0; at < all.size(); ++line) {
      std::size_t end = std::min(all.find('\n', at), all.size());
      std::string_view here = all.substr(at, end - at);
      if (here.starts_with("---")) {
        if (!take(at)) return false;
        begin = at + 3;
        first_line = line;
      }
      at = end + 1;
    }
    return take(all.size());
  }

  bool Add(const std::string& name, std::string_view text,
           const std::vector<gotmpl::LineOrigin>& lines, std::size_t first_line) {
    constexpr std::string_view kBlank = " \t\r\n";
    std::size_t from = text.find_first_not_of(kBlank);
    if (from == std::string_view::npos) return true;
    // A document starts with its first line, however far that is indented.
    std::size_t line_start = text.rfind('\n', from);
    std::size_t start = line_start == std::string_view::npos ? 0 : line_start + 1;
    if (start == 0) start = from;
    first_line += static_cast<std::size_t>(std::ranges::count(text.substr(0, start), '\n'));
    text = text.substr(start, text.find_last_not_of(kBlank) + 1 - start);
    Manifest m;
    m.source = name;
    m.text = text;
    if (load_.traced) {
      std::size_t n = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
      for (std::size_t i = first_line; i < first_line + n && i < lines.size(); ++i)
        m.lines.push_back(lines[i]);
    }
    Arena arena;
    Diagnostics faults;
    auto documents = yaml::Parse(kNoFile, m.text, arena, Limits(), faults);
    for (const Diagnostic& d : faults) {
      if (d.code == DiagnosticCode::kDuplicate) continue;
      auto line = std::ranges::count(std::string_view(m.text).substr(0, d.span.begin), '\n');
      Span at = static_cast<std::size_t>(line) < m.lines.size()
                    ? m.lines[static_cast<std::size_t>(line)].at
                    : Span{};
      return Fault(
          fmt::format("YAML parse error on {}: error converting YAML to JSON: yaml: line {}: {}",
                      name, line + 1, d.message),
          at);
    }
    const yaml::Node* root = documents.empty() ? nullptr : documents[0].root;
    if (root != nullptr && !root->value.is_mapping() && !root->value.is_null()) {
      return Fault(fmt::format("YAML parse error on {}: error unmarshaling JSON: while decoding "
                               "JSON: json: cannot unmarshal {} into Go value of type "
                               "releaseutil.SimpleHead",
                               name,
                               root->value.is_sequence() ? "array"
                               : root->value.is_string() ? "string"
                               : root->value.is_number() ? "number"
                                                         : "bool"),
                   m.lines.empty() ? Span{} : m.lines[0].at);
    }
    if (root != nullptr && root->value.is_mapping()) Classify(root->value, m);
    out_.manifests.push_back(std::move(m));
    return true;
  }

  static void Classify(const Value& object, Manifest& m) {
    if (const Value* kind = object.Find("kind"); kind != nullptr && kind->is_string())
      m.kind = kind->as_string();
    const Value* metadata = object.Find("metadata");
    const Value* annotations = metadata != nullptr ? metadata->Find("annotations") : nullptr;
    const Value* hook = annotations != nullptr ? annotations->Find("helm.sh/hook") : nullptr;
    m.is_hook = hook != nullptr && hook->is_string() && !hook->as_string().empty();
  }

  void Sort() {
    std::ranges::stable_sort(out_.manifests, [](const Manifest& a, const Manifest& b) {
      if (a.is_hook != b.is_hook) return !a.is_hook;
      std::size_t x = InstallRank(a.kind), y = InstallRank(b.kind);
      if (x != y) return x < y;
      return x == kInstallOrder.size() && a.kind < b.kind;
    });
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
