#include "helm/objects.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "gotmpl/format.h"
#include "helm/functions/common.h"
#include "helm/functions/yaml_write.h"
#include "helm/glob.h"

namespace plumbline::helm {
namespace {

using gotmpl::Heap;
using gotmpl::Map;
using gotmpl::Object;
using gotmpl::Value;

// The group versions that Helm v3.22 knows without asking a cluster.
constexpr auto kGroupVersions = std::to_array<std::string_view>({
    "v1",
    "admissionregistration.k8s.io/v1",
    "admissionregistration.k8s.io/v1alpha1",
    "admissionregistration.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1",
    "apiextensions.k8s.io/v1beta1",
    "apps/v1",
    "apps/v1beta1",
    "apps/v1beta2",
    "authentication.k8s.io/v1",
    "authentication.k8s.io/v1alpha1",
    "authentication.k8s.io/v1beta1",
    "authorization.k8s.io/v1",
    "authorization.k8s.io/v1beta1",
    "autoscaling/v1",
    "autoscaling/v2",
    "autoscaling/v2beta1",
    "autoscaling/v2beta2",
    "batch/v1",
    "batch/v1beta1",
    "certificates.k8s.io/v1",
    "certificates.k8s.io/v1alpha1",
    "certificates.k8s.io/v1beta1",
    "coordination.k8s.io/v1",
    "coordination.k8s.io/v1alpha2",
    "coordination.k8s.io/v1beta1",
    "discovery.k8s.io/v1",
    "discovery.k8s.io/v1beta1",
    "events.k8s.io/v1",
    "events.k8s.io/v1beta1",
    "extensions/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1",
    "flowcontrol.apiserver.k8s.io/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1beta2",
    "flowcontrol.apiserver.k8s.io/v1beta3",
    "internal.apiserver.k8s.io/v1alpha1",
    "networking.k8s.io/v1",
    "networking.k8s.io/v1beta1",
    "node.k8s.io/v1",
    "node.k8s.io/v1alpha1",
    "node.k8s.io/v1beta1",
    "policy/v1",
    "policy/v1beta1",
    "rbac.authorization.k8s.io/v1",
    "rbac.authorization.k8s.io/v1alpha1",
    "rbac.authorization.k8s.io/v1beta1",
    "resource.k8s.io/v1",
    "resource.k8s.io/v1alpha3",
    "resource.k8s.io/v1beta1",
    "resource.k8s.io/v1beta2",
    "scheduling.k8s.io/v1",
    "scheduling.k8s.io/v1alpha1",
    "scheduling.k8s.io/v1beta1",
    "storage.k8s.io/v1",
    "storage.k8s.io/v1alpha1",
    "storage.k8s.io/v1beta1",
    "storagemigration.k8s.io/v1alpha1",
});

// The fields of chart.Metadata as templates call them, beside their names in Chart.yaml.
constexpr auto kChartFields = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"APIVersion", "apiVersion"},
    {"Annotations", "annotations"},
    {"AppVersion", "appVersion"},
    {"Condition", "condition"},
    {"Dependencies", "dependencies"},
    {"Deprecated", "deprecated"},
    {"Description", "description"},
    {"Home", "home"},
    {"Icon", "icon"},
    {"Keywords", "keywords"},
    {"KubeVersion", "kubeVersion"},
    {"Maintainers", "maintainers"},
    {"Name", "name"},
    {"Sources", "sources"},
    {"Tags", "tags"},
    {"Type", "type"},
    {"Version", "version"},
});

class ChartObject final : public Object {
 public:
  explicit ChartObject(const Chart& chart) : chart_(chart) {}
  std::string_view TypeName() const override { return "chart.Metadata"; }
  std::string Print() const override {
    return fmt::format("{{{} {}}}", chart_.name, chart_.version);
  }
  bool Get(Heap& heap, std::string_view name, std::span<const Value>, Value* out,
           std::string*) override {
    if (name == "IsRoot") {
      *out = Value::Bool(chart_.parent == nullptr);
      return true;
    }
    if (name == "Name") {
      *out = heap.String(chart_.name);
      return true;
    }
    auto field = std::ranges::find(kChartFields, name,
                                   &std::pair<std::string_view, std::string_view>::first);
    if (field == kChartFields.end()) return false;
    const Value* v = chart_.metadata->Find(field->second);
    if (v != nullptr && !v->is_nil()) {
      *out = *v;
    } else if (name == "Deprecated") {
      *out = Value::Bool(false);
    } else if (name == "Annotations") {
      *out = Value::Of(heap.MakeMap(gotmpl::Element::kString));
    } else if (name == "Keywords" || name == "Sources" || name == "Maintainers" ||
               name == "Dependencies") {
      *out = heap.MakeList({});
    } else {
      *out = Value::String(name == "APIVersion" ? "v1" : "");
    }
    return true;
  }
  Map* AsMap(Heap&) override { return chart_.metadata; }

 private:
  const Chart& chart_;
};

class KubeVersion final : public Object {
 public:
  KubeVersion(std::string version, std::string major, std::string minor)
      : version_(std::move(version)), major_(std::move(major)), minor_(std::move(minor)) {}
  std::string_view TypeName() const override { return "chartutil.KubeVersion"; }
  std::string Print() const override { return version_; }
  bool Get(Heap& heap, std::string_view name, std::span<const Value>, Value* out,
           std::string*) override {
    if (name == "Version" || name == "GitVersion" || name == "String") {
      *out = heap.String(version_);
    } else if (name == "Major") {
      *out = heap.String(major_);
    } else if (name == "Minor") {
      *out = heap.String(minor_);
    } else {
      return false;
    }
    return true;
  }

 private:
  std::string version_, major_, minor_;
};

class ApiVersions final : public Object {
 public:
  explicit ApiVersions(const std::vector<std::string>& more)
      : all_(kGroupVersions.begin(), kGroupVersions.end()) {
    all_.insert(all_.end(), more.begin(), more.end());
  }
  std::string_view TypeName() const override { return "chartutil.VersionSet"; }
  std::string_view KindName() const override { return "slice"; }
  std::string Print() const override { return fmt::format("[{}]", fmt::join(all_, " ")); }
  bool Get(Heap&, std::string_view name, std::span<const Value> args, Value* out,
           std::string* error) override {
    if (name != "Has") return false;
    if (args.size() != 1 || !args[0].is_string()) {
      *error = "Has takes one text";
      return false;
    }
    *out = Value::Bool(std::ranges::find(all_, args[0].as_string()) != all_.end());
    return true;
  }

 private:
  std::vector<std::string> all_;
};

class Capabilities final : public Object {
 public:
  Capabilities(Value kube, Value apis, Value helm) : kube_(kube), apis_(apis), helm_(helm) {}
  std::string_view TypeName() const override { return "*chartutil.Capabilities"; }
  std::string_view KindName() const override { return "ptr"; }
  std::string Print() const override { return "Capabilities"; }
  bool Get(Heap&, std::string_view name, std::span<const Value>, Value* out,
           std::string*) override {
    if (name == "KubeVersion") {
      *out = kube_;
    } else if (name == "APIVersions") {
      *out = apis_;
    } else if (name == "HelmVersion") {
      *out = helm_;
    } else {
      return false;
    }
    return true;
  }

 private:
  Value kube_, apis_, helm_;
};

class Files final : public Object {
 public:
  struct Entry {
    std::string_view name, text;
  };
  explicit Files(std::vector<Entry> entries) : entries_(std::move(entries)) {
    std::ranges::sort(entries_, {}, &Entry::name);
  }
  std::string_view TypeName() const override { return "engine.files"; }
  std::string_view KindName() const override { return "map"; }
  std::string Print() const override { return fmt::format("map[{} files]", entries_.size()); }
  bool IsTrue() const override { return !entries_.empty(); }

  bool Get(Heap& heap, std::string_view name, std::span<const Value> args, Value* out,
           std::string* error) override {
    if (name == "AsConfig" || name == "AsSecrets") {
      *out = AsYaml(heap, name == "AsSecrets");
      return true;
    }
    bool is_method = name == "Get" || name == "GetBytes" || name == "Lines" || name == "Glob";
    if (!is_method) return false;
    if (args.size() != 1 || !args[0].is_string()) {
      *error = fmt::format("{} takes one text", name);
      return false;
    }
    std::string_view wanted = args[0].as_string();
    if (name == "Glob") {
      std::vector<Entry> found;
      for (const Entry& e : entries_) {
        if (GlobMatch(wanted, e.name)) found.push_back(e);
      }
      *out = heap.MakeObject<Files>(std::move(found));
      return true;
    }
    const Entry* e = Find(wanted);
    if (name == "Lines") {
      *out = e != nullptr ? Lines(heap, e->text) : heap.MakeList({}, gotmpl::Element::kString);
    } else if (name == "GetBytes") {
      *out = Bytes(heap, e != nullptr ? e->text : std::string_view());
    } else {
      *out = Value::String(e != nullptr ? e->text : std::string_view());
    }
    return true;
  }

  Map* AsMap(Heap& heap) override {
    Map* map = heap.MakeMap();
    for (const Entry& e : entries_) map->Set(heap, e.name, Bytes(heap, e.text));
    return map;
  }

 private:
  const Entry* Find(std::string_view name) const {
    auto it = std::ranges::lower_bound(entries_, name, {}, &Entry::name);
    return it != entries_.end() && it->name == name ? &*it : nullptr;
  }

  static Value Bytes(Heap& heap, std::string_view text) {
    std::vector<Value> bytes;
    bytes.reserve(text.size());
    for (char c : text) bytes.push_back(Value::Int(static_cast<unsigned char>(c)));
    return heap.MakeList(bytes, gotmpl::Element::kByte);
  }

  static Value Lines(Heap& heap, std::string_view text) {
    std::vector<Value> lines;
    if (text.ends_with('\n')) text.remove_suffix(1);
    while (true) {
      std::size_t end = std::min(text.find('\n'), text.size());
      lines.push_back(Value::String(text.substr(0, end)));
      if (end == text.size()) break;
      text.remove_prefix(end + 1);
    }
    return heap.MakeList(lines, gotmpl::Element::kString);
  }

  // A mapping from base names to texts, for the data of a ConfigMap or Secret.
  Value AsYaml(Heap& heap, bool base64) const {
    if (entries_.empty()) return Value::String("");
    Map* map = heap.MakeMap();
    for (const Entry& e : entries_) {
      std::size_t slash = e.name.rfind('/');
      std::string_view base = slash == std::string_view::npos ? e.name : e.name.substr(slash + 1);
      map->Set(heap, base, base64 ? heap.String(Base64Encode(e.text)) : Value::String(e.text));
    }
    std::string text = WriteYaml(heap, Value::Of(map), YamlDialect::kSigs).text;
    if (text.ends_with('\n')) text.pop_back();
    return heap.String(text);
  }

  std::vector<Entry> entries_;
};

}  // namespace

Value MakeChartObject(Heap& heap, const Chart& chart) {
  return heap.MakeObject<ChartObject>(chart);
}

Result<Value> MakeCapabilities(Heap& heap, const std::string& kube_version,
                               const std::vector<std::string>& api_versions) {
  std::string_view rest = kube_version;
  if (rest.starts_with('v')) rest.remove_prefix(1);
  unsigned part[3] = {0, 0, 0};
  for (int i = 0; i < 3 && !rest.empty(); ++i) {
    auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), part[i]);
    if (error != std::errc())
      return Fail(fmt::format("invalid kube version '{}': Invalid Semantic Version", kube_version));
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    if (!rest.starts_with('.')) break;
    rest.remove_prefix(1);
  }
  std::string version = fmt::format("v{}.{}.{}{}", part[0], part[1], part[2], rest);
  Value kube =
      heap.MakeObject<KubeVersion>(version, std::to_string(part[0]), std::to_string(part[1]));
  Map* helm = heap.MakeMap();
  helm->Set(heap, "GitCommit", Value::String(""));
  helm->Set(heap, "GitTreeState", Value::String(""));
  helm->Set(heap, "GoVersion", Value::String("go1.24"));
  helm->Set(heap, "Version", Value::String("v3.22.0"));
  return heap.MakeObject<Capabilities>(kube, heap.MakeObject<ApiVersions>(api_versions),
                                       Value::Of(helm));
}

Value MakeFiles(Heap& heap, const SourceMap& sources, const Chart& chart) {
  std::vector<Files::Entry> entries;
  for (const ChartFile& f : chart.files) entries.push_back({f.name, sources.Text(f.id)});
  return heap.MakeObject<Files>(std::move(entries));
}

}  // namespace plumbline::helm
