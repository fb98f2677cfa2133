#include "helm/manifests.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "helm/yaml_check.h"
#include "helm/yaml_values.h"
#include "yaml/parse.h"
#include "yaml/yaml.h"

namespace plumbline::helm {
namespace {

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
                                                                "APIService"});

std::size_t InstallRank(std::string_view kind) {
  return static_cast<std::size_t>(std::ranges::find(kInstallOrder, kind) - kInstallOrder.begin());
}

constexpr auto kHookEvents = std::to_array<std::string_view>(
    {"post-delete", "post-install", "post-rollback", "post-upgrade", "pre-delete", "pre-install",
     "pre-rollback", "pre-upgrade", "test", "test-success"});

std::string Lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\n\v\f\r";
  std::size_t from = text.find_first_not_of(kBlank);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(kBlank) + 1 - from);
}

// What Helm reads of a manifest. Go's decoder finds members in any case, and its YAML reader makes
// texts of numbers and bools where a text is wanted.
class Head {
 public:
  explicit Head(Manifest& m) : m_(m) {}

  // Empty, or the decoder's complaint.
  std::string Read(const Value& root) {
    if (root.is_null()) return {};
    if (!root.is_mapping()) return Mismatch(root, "", "releaseutil.SimpleHead");
    std::string version;
    Text(root, "apiVersion", "SimpleHead.apiVersion", &version);
    Text(root, "kind", "SimpleHead.kind", &m_.kind);
    const Value* metadata = FindMember(root, "metadata");
    if (metadata == nullptr || metadata->is_null()) return std::move(fault_);
    if (!metadata->is_mapping())
      return Mismatch(*metadata, "SimpleHead.metadata",
                      "struct { Name string \"json:\\\"name\\\"\"; Annotations map[string]string "
                      "\"json:\\\"annotations\\\"\" }");
    std::string name;
    Text(*metadata, "name", ".metadata.name", &name);
    const Value* annotations = FindMember(*metadata, "annotations");
    if (annotations == nullptr || annotations->is_null()) return std::move(fault_);
    constexpr std::string_view kPath = "SimpleHead.metadata.annotations";
    if (!annotations->is_mapping()) return Mismatch(*annotations, kPath, "map[string]string");
    for (const plumbline::Member& e : annotations->members()) {
      std::string text;
      bool is_text = Text(e.value, ".metadata.annotations", &text);
      if (is_text && e.key == "helm.sh/hook") ReadHook(text);
    }
    return std::move(fault_);
  }

 private:
  static const Value* FindMember(const Value& object, std::string_view name) {
    if (const Value* exact = object.Find(name)) return exact;
    for (const plumbline::Member& e : object.members()) {
      if (Lowered(e.key) == Lowered(name)) return &e.value;
    }
    return nullptr;
  }

  std::string Mismatch(const Value& v, std::string_view path, std::string_view type) {
    if (!fault_.empty()) return fault_;
    std::string_view kind = v.is_mapping()    ? "object"
                            : v.is_sequence() ? "array"
                            : v.is_string()   ? "string"
                            : v.is_number()   ? "number"
                                              : "bool";
    std::string into = path.empty() ? "value " : fmt::format("struct field {} ", path);
    fault_ = fmt::format("json: cannot unmarshal {} into Go {}of type {}", kind, into, type);
    return fault_;
  }

  bool Text(const Value& v, std::string_view path, std::string* out) {
    if (v.is_string()) *out = v.as_string();
    if (v.is_bool()) *out = v.as_bool() ? "true" : "false";
    if (v.is_null()) *out = {};
    if (v.is_mapping() || v.is_sequence()) Mismatch(v, path, "string");
    return v.is_string() || v.is_bool() || v.is_null();
  }

  void Text(const Value& object, std::string_view name, std::string_view path, std::string* out) {
    if (const Value* v = FindMember(object, name)) Text(*v, path, out);
  }

  void ReadHook(std::string_view events) {
    m_.is_hook = true;
    while (true) {
      std::size_t comma = std::min(events.find(','), events.size());
      std::string event = Lowered(Trimmed(events.substr(0, comma)));
      if (std::ranges::find(kHookEvents, event) == kHookEvents.end()) {
        m_.is_unknown_hook = true;
        return;
      }
      m_.is_test = m_.is_test || event == "test" || event == "test-success";
      if (comma == events.size()) return;
      events.remove_prefix(comma + 1);
    }
  }

  Manifest& m_;
  std::string fault_;
};

class Splitter {
 public:
  Splitter(const std::string& source, const std::vector<gotmpl::LineOrigin>& lines,
           std::vector<Manifest>& out, RenderFault* fault)
      : source_(source), lines_(lines), out_(out), fault_(fault) {}

  // A line that starts with --- parts documents, but not where the one before, with the blank lines
  // behind it, has taken the line break.
  bool Run(std::string_view text) {
    std::string_view all = Trimmed(text);
    if (all.empty()) return true;
    std::size_t line = static_cast<std::size_t>(std::count(text.data(), all.data(), '\n'));
    std::size_t begin = 0, counted = 0;
    auto take = [&](std::size_t end) {
      line += static_cast<std::size_t>(
          std::count(all.begin() + static_cast<std::ptrdiff_t>(counted),
                     all.begin() + static_cast<std::ptrdiff_t>(begin), '\n'));
      counted = begin;
      return Add(all.substr(begin, end - begin), line);
    };
    auto skip = [&](std::size_t at) {
      constexpr std::string_view kBlank = " \t\n\f\r";
      begin = std::min(all.find_first_not_of(kBlank, at), all.size());
    };
    if (all.starts_with("---")) skip(3);
    while (true) {
      std::size_t next = all.find("\n---", begin);
      if (next == std::string_view::npos) return take(all.size());
      if (!take(next)) return false;
      skip(next + 4);
    }
  }

 private:
  bool Add(std::string_view text, std::size_t first_line) {
    std::string_view body = Trimmed(text);
    if (body.empty()) return true;
    first_line += static_cast<std::size_t>(std::count(text.data(), body.data(), '\n'));
    Manifest m;
    m.source = source_;
    m.text = body;
    if (!lines_.empty()) {
      std::size_t n = static_cast<std::size_t>(std::ranges::count(body, '\n')) + 1;
      std::size_t end = std::min(first_line + n, lines_.size());
      if (first_line < end)
        m.lines.assign(lines_.begin() + static_cast<std::ptrdiff_t>(first_line),
                       lines_.begin() + static_cast<std::ptrdiff_t>(end));
    }
    if (!Read(m)) return false;
    if (!m.is_unknown_hook) out_.push_back(std::move(m));
    return true;
  }

  bool Fail(const Manifest& m, std::size_t at, std::string_view message) {
    auto line =
        static_cast<std::size_t>(std::ranges::count(std::string_view(m.text).substr(0, at), '\n'));
    fault_->message = fmt::format("YAML parse error on {}: {}", source_, message);
    fault_->span = line < m.lines.size() ? m.lines[line].at : Span{};
    return false;
  }

  bool Read(Manifest& m) {
    constexpr std::string_view kConverting = "error converting YAML to JSON: ";
    Arena arena;
    Diagnostics faults;
    bool simple = false;
    auto documents =
        yaml::ParseWith(yaml::Readers::kAll, kNoFile, m.text, arena, Limits(), faults, &simple);
    if (YamlFault fault = CheckYaml(m.text, simple); !fault.message.empty())
      return Fail(m, fault.at, fmt::format("{}yaml: {}", kConverting, fault.message));
    std::uint32_t first_end = documents.empty() ? 0 : documents[0].span.end;
    for (const Diagnostic& d : faults) {
      if (d.code == DiagnosticCode::kDuplicate) continue;
      if (!documents.empty() && d.span.begin > first_end) continue;
      auto line = std::ranges::count(std::string_view(m.text).substr(0, d.span.begin), '\n') + 1;
      return Fail(m, d.span.begin,
                  fmt::format("{}yaml: line {}: {}", kConverting, line, d.message));
    }
    if (documents.empty() || documents[0].root == nullptr) return true;
    if (MayHoldInfinities(m.text)) {
      gotmpl::Heap heap;
      YamlReading reading = ReadYaml(heap, kNoFile, m.text);
      if (!reading.error.empty()) return Fail(m, 0, reading.error);
    }
    std::string fault = Head(m).Read(documents[0].root->value);
    return fault.empty() || Fail(m, 0, fmt::format("{}{}", kDecoding, fault));
  }

  static bool MayHoldInfinities(std::string_view text) {
    for (std::size_t at = text.find('.'); at != text.npos; at = text.find('.', at + 1)) {
      std::string_view word = text.substr(at + 1, 3);
      for (std::string_view odd : {"inf", "Inf", "INF", "nan", "NaN", "NAN"}) {
        if (word == odd) return true;
      }
    }
    return false;
  }

  const std::string& source_;
  const std::vector<gotmpl::LineOrigin>& lines_;
  std::vector<Manifest>& out_;
  RenderFault* fault_;
};

}  // namespace

bool SplitManifests(const std::string& source, std::string_view text,
                    const std::vector<gotmpl::LineOrigin>& lines, std::vector<Manifest>& out,
                    RenderFault* fault) {
  return Splitter(source, lines, out, fault).Run(text);
}

void SortManifests(std::vector<Manifest>& manifests) {
  std::ranges::stable_sort(manifests, [](const Manifest& a, const Manifest& b) {
    if (a.is_hook != b.is_hook) return !a.is_hook;
    std::size_t x = InstallRank(a.kind), y = InstallRank(b.kind);
    if (x != y) return x < y;
    return x == kInstallOrder.size() && a.kind < b.kind;
  });
}

}  // namespace plumbline::helm
