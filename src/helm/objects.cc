#include "helm/objects.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "gotmpl/format.h"
#include "gotmpl/utf8.h"
#include "helm/functions/common.h"
#include "helm/functions/yaml_write.h"
#include "helm/glob.h"
#include "helm/struct_object.h"

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
    "internal.apiserver.k8s.io/v1alpha1",
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
    "batch/v1",
    "batch/v1beta1",
    "certificates.k8s.io/v1",
    "certificates.k8s.io/v1beta1",
    "certificates.k8s.io/v1alpha1",
    "coordination.k8s.io/v1alpha2",
    "coordination.k8s.io/v1beta1",
    "coordination.k8s.io/v1",
    "discovery.k8s.io/v1",
    "discovery.k8s.io/v1beta1",
    "events.k8s.io/v1",
    "events.k8s.io/v1beta1",
    "extensions/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1",
    "flowcontrol.apiserver.k8s.io/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1beta2",
    "flowcontrol.apiserver.k8s.io/v1beta3",
    "lifecycle.k8s.io/v1alpha1",
    "networking.k8s.io/v1",
    "networking.k8s.io/v1beta1",
    "node.k8s.io/v1",
    "node.k8s.io/v1alpha1",
    "node.k8s.io/v1beta1",
    "policy/v1",
    "policy/v1beta1",
    "rbac.authorization.k8s.io/v1",
    "rbac.authorization.k8s.io/v1beta1",
    "rbac.authorization.k8s.io/v1alpha1",
    "resource.k8s.io/v1",
    "resource.k8s.io/v1beta2",
    "resource.k8s.io/v1beta1",
    "resource.k8s.io/v1alpha3",
    "scheduling.k8s.io/v1alpha3",
    "scheduling.k8s.io/v1beta1",
    "scheduling.k8s.io/v1",
    "storage.k8s.io/v1beta1",
    "storage.k8s.io/v1",
    "storage.k8s.io/v1alpha1",
    "storagemigration.k8s.io/v1",
    "storagemigration.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1",
});

// Prints its version where it stands alone, its fields elsewhere.
class KubeVersion final : public StructObject {
 public:
  KubeVersion(std::string_view version, std::string_view major, std::string_view minor)
      : StructObject("chartutil.KubeVersion", StructForm::kValue,
                     {{"Version", "Version", false, Value::String(version)},
                      {"Major", "Major", false, Value::String(major)},
                      {"Minor", "Minor", false, Value::String(minor)}}),
        version_(version) {}
  std::string PrintAlone() const override { return std::string(version_); }
  bool Get(Heap& heap, std::string_view name, std::span<const Value> args, Value* out,
           std::string* error) override {
    if (name != "String" && name != "GitVersion")
      return StructObject::Get(heap, name, args, out, error);
    *out = Value::String(version_);
    return true;
  }

 private:
  std::string_view version_;
};

class ApiVersions final : public Object {
 public:
  ApiVersions(Heap& heap, const std::vector<std::string>& more) {
    std::vector<Value> all;
    for (std::string_view version : kGroupVersions) all.push_back(Value::String(version));
    for (const std::string& version : more) all.push_back(heap.String(version));
    list_ = &heap.MakeList(all, gotmpl::Element::kString, TypeName()).list();
  }
  std::string_view TypeName() const override { return "chartutil.VersionSet"; }
  std::string_view KindName() const override { return "slice"; }
  std::string Print() const override { return gotmpl::Sprint(Value::Of(list_)); }
  const gotmpl::List* AsList() const override { return list_; }
  Value AsJson(Heap&) override { return Value::Of(list_); }
  bool Get(Heap&, std::string_view name, std::span<const Value> args, Value* out,
           std::string* error) override {
    if (name != "Has") return false;
    if (args.size() != 1 || !args[0].is_string()) {
      *error = "Has takes one text";
      return false;
    }
    *out = Value::Bool(std::ranges::any_of(
        list_->items, [&](Value v) { return v.as_string() == args[0].as_string(); }));
    return true;
  }

 private:
  const gotmpl::List* list_ = nullptr;
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
  std::string Print() const override {
    std::string out = "map[";
    for (const Entry& e : entries_) {
      if (&e != entries_.data()) out += ' ';
      out += e.name;
      out += ":[";
      for (std::size_t i = 0; i < e.text.size(); ++i) {
        if (i > 0) out += ' ';
        out += std::to_string(static_cast<unsigned char>(e.text[i]));
      }
      out += ']';
    }
    return out + "]";
  }
  bool IsTrue() const override { return !entries_.empty(); }

  bool Get(Heap& heap, std::string_view name, std::span<const Value> args, Value* out,
           std::string* error) override {
    if (name == "AsConfig" || name == "AsSecrets") {
      *out = AsYaml(heap, name == "AsSecrets");
      return true;
    }
    bool is_method = name == "Get" || name == "GetBytes" || name == "Lines" || name == "Glob";
    if (!is_method) {
      // A field of a map[string][]byte.
      if (!args.empty()) {
        *error = fmt::format("{} is not a method but has arguments", name);
        return false;
      }
      const Entry* e = Find(name);
      *out = e != nullptr ? Bytes(heap, e->text) : heap.NilList(gotmpl::Element::kByte);
      return true;
    }
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

// The numbers of "v1.32.4-eks-1": at least two; what follows the last one does not count.
Result<std::vector<std::uint64_t>> KubeVersionParts(std::string_view version) {
  auto fail = [&](std::string_view why) {
    return Fail(fmt::format("invalid kube version '{}': {}", version, why));
  };
  constexpr std::string_view kBlanks = " \t\n\f\r";
  std::string_view rest = version;
  rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size()));
  if (rest.starts_with('v')) rest.remove_prefix(1);
  std::vector<std::uint64_t> parts;
  while (!rest.empty() && rest[0] >= '0' && rest[0] <= '9') {
    std::uint64_t part = 0;
    auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), part);
    if (error != std::errc())
      return fail(fmt::format("illegal version string {}", gotmpl::Quote(version)));
    if (parts.empty() && rest[0] == '0' && part != 0)
      return fail(
          fmt::format("illegal zero-prefixed version component in {}", gotmpl::Quote(version)));
    parts.push_back(part);
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    if (!rest.starts_with('.')) break;
    rest.remove_prefix(1);
  }
  if (parts.empty())
    return fail(fmt::format("could not parse {} as version", gotmpl::Quote(version)));
  if (parts.size() < 2)
    return fail(fmt::format("illegal version string {}", gotmpl::Quote(version)));
  return parts;
}

}  // namespace

Result<Value> MakeCapabilities(Heap& heap, const std::string& kube_version,
                               const std::vector<std::string>& api_versions) {
  auto parts = KubeVersionParts(kube_version);
  if (!parts) return tl::unexpected(parts.error());
  auto text = [&](std::string_view s) { return heap.Text(s); };
  Value kube = heap.MakeObject<KubeVersion>(text(fmt::format("v{}", fmt::join(*parts, "."))),
                                            text(std::to_string((*parts)[0])),
                                            text(std::to_string((*parts)[1])));
  std::vector<StructField> build{{"Version", "version", true, Value::String("v3.22")},
                                 {"GitCommit", "git_commit", true, Value::String("")},
                                 {"GitTreeState", "git_tree_state", true, Value::String("")},
                                 {"GoVersion", "go_version", true, Value::String("go1.26.8")}};
  std::vector<StructField> fields{
      {"KubeVersion", "KubeVersion", false, kube},
      {"APIVersions", "APIVersions", false, heap.MakeObject<ApiVersions>(heap, api_versions)},
      {"HelmVersion", "HelmVersion", false,
       heap.MakeObject<StructObject>("version.BuildInfo", StructForm::kValue, std::move(build))}};
  return heap.MakeObject<StructObject>("*chartutil.Capabilities", StructForm::kPointer,
                                       std::move(fields));
}

Value MakeFiles(Heap& heap, const SourceMap& sources, const Chart& chart) {
  std::vector<Files::Entry> entries;
  for (const ChartFile& f : chart.files) entries.push_back({f.name, sources.Text(f.id)});
  return heap.MakeObject<Files>(std::move(entries));
}

}  // namespace plumbline::helm
