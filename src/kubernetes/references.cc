// Which object refers to which: by name, by label selector, by role.
#include <array>
#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

#include "kubernetes/kubernetes.h"
#include "kubernetes/names.h"
#include "kubernetes/object_index.h"
#include "kubernetes/pod_spec.h"

namespace plumbline::kubernetes {
namespace {

using model::Resource;

/// A name somewhere below a point of the manifest: keys separated by dots, lists entered by
/// themselves.
struct NamePath {
  std::string_view path;
  std::string_view kind;
};

// Below the pod's spec.
constexpr auto kPodNames = std::to_array<NamePath>({
    {"serviceAccountName", "ServiceAccount"},
    {"serviceAccount", "ServiceAccount"},
    {"priorityClassName", "PriorityClass"},
    {"imagePullSecrets.name", "Secret"},
    {"volumes.configMap.name", "ConfigMap"},
    {"volumes.secret.secretName", "Secret"},
    {"volumes.persistentVolumeClaim.claimName", "PersistentVolumeClaim"},
    {"volumes.projected.sources.configMap.name", "ConfigMap"},
    {"volumes.projected.sources.secret.name", "Secret"},
    {"containers.env.valueFrom.configMapKeyRef.name", "ConfigMap"},
    {"containers.env.valueFrom.secretKeyRef.name", "Secret"},
    {"containers.envFrom.configMapRef.name", "ConfigMap"},
    {"containers.envFrom.secretRef.name", "Secret"},
    {"initContainers.env.valueFrom.configMapKeyRef.name", "ConfigMap"},
    {"initContainers.env.valueFrom.secretKeyRef.name", "Secret"},
    {"initContainers.envFrom.configMapRef.name", "ConfigMap"},
    {"initContainers.envFrom.secretRef.name", "Secret"},
});

struct KindNamePath {
  std::string_view kind;
  NamePath name;
};

// Below the manifest's root.
constexpr auto kKindNames = std::to_array<KindNamePath>({
    {"Ingress", {"spec.defaultBackend.service.name", "Service"}},
    {"Ingress", {"spec.backend.serviceName", "Service"}},
    {"Ingress", {"spec.rules.http.paths.backend.service.name", "Service"}},
    {"Ingress", {"spec.rules.http.paths.backend.serviceName", "Service"}},
    {"Ingress", {"spec.tls.secretName", "Secret"}},
    {"Ingress", {"spec.ingressClassName", "IngressClass"}},
    {"PersistentVolumeClaim", {"spec.volumeName", "PersistentVolume"}},
    {"PersistentVolumeClaim", {"spec.storageClassName", "StorageClass"}},
    {"ServiceAccount", {"secrets.name", "Secret"}},
    {"ServiceAccount", {"imagePullSecrets.name", "Secret"}},
    {"StatefulSet", {"spec.serviceName", "Service"}},
});

class Linker {
 public:
  explicit Linker(model::ResourceGraph& graph) : graph_(graph), index_(graph) {}

  void LinkAll() {
    for (std::uint32_t id = 0; id < graph_.size(); ++id) {
      if (IsObject(graph_.at(id))) LinkOne(graph_.at(id));
    }
  }

 private:
  void LinkOne(Resource& r) {
    seen_.clear();
    std::string_view kind = KindOfType(r.type);
    if (!r.ns.empty()) AddAll(r, "metadata.namespace", index_.Find("Namespace", {}, r.ns, r));
    if (const PodTemplate* pod = FindPodTemplate(kind)) LinkPod(r, *pod);
    for (const KindNamePath& k : kKindNames) {
      if (k.kind == kind) LinkNames(r, r.attributes, "", k.name);
    }
    if (kind == "RoleBinding" || kind == "ClusterRoleBinding") LinkBinding(r);
    if (kind == "Service") {
      Value selector = ValueAt(r.attributes, {"spec", "selector"});
      bool selects = selector.is_mapping() && !selector.members().empty() && !HasUnknown(selector);
      if (selects) AddAll(r, "spec.selector", index_.SelectLabels(r.ns, selector));
    }
    if (kind == "NetworkPolicy") {
      AddAll(r, "spec.podSelector",
             index_.Select(r.ns, ValueAt(r.attributes, {"spec", "podSelector"})));
    }
    if (kind == "PodDisruptionBudget") {
      AddAll(r, "spec.selector", index_.Select(r.ns, ValueAt(r.attributes, {"spec", "selector"})));
    }
    if (kind == "HorizontalPodAutoscaler") LinkTarget(r, "scaleTargetRef", "spec.scaleTargetRef");
    if (kind == "VerticalPodAutoscaler") LinkTarget(r, "targetRef", "spec.targetRef");
  }

  void AddAll(Resource& r, std::string_view attribute, const std::vector<std::uint32_t>& targets) {
    for (std::uint32_t target : targets) {
      std::string key = std::string(attribute) + '\0' + std::to_string(target);
      if (target == r.id || !seen_.insert(std::move(key)).second) continue;
      r.references.push_back({graph_.arena().CopyString(attribute), target, {}});
    }
  }

  // Every text at `path` below `value`; lists on the way are entered.
  void EachText(Value value, std::string_view path,
                const std::function<void(std::string_view)>& visit) {
    if (value.is_sequence()) {
      for (Value item : value.items()) {
        if (!item.is_sequence()) EachText(item, path, visit);
      }
    } else if (path.empty()) {
      if (value.is_string()) visit(value.as_string());
    } else {
      std::size_t dot = path.find('.');
      std::string_view rest =
          dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
      if (const Value* next = value.Find(path.substr(0, dot))) EachText(*next, rest, visit);
    }
  }

  void LinkNames(Resource& r, Value value, const std::string& prefix, const NamePath& name) {
    EachText(value, name.path, [&](std::string_view text) {
      AddAll(r, prefix + std::string(name.path), index_.Find(name.kind, r.ns, text, r));
    });
  }

  void LinkPod(Resource& r, const PodTemplate& pod) {
    std::string prefix(pod.path);
    Value spec = ValueAt(PodTemplateOf(r.attributes, pod), {"spec"});
    prefix += prefix.empty() ? "spec." : ".spec.";
    for (const NamePath& name : kPodNames) LinkNames(r, spec, prefix, name);
  }

  void LinkBinding(Resource& r) {
    std::string_view role_kind = StringAt(r.attributes, {"roleRef", "kind"});
    if (role_kind == "Role" || role_kind == "ClusterRole") {
      std::string_view role = StringAt(r.attributes, {"roleRef", "name"});
      AddAll(r, "roleRef", index_.Find(role_kind, r.ns, role, r));
    }
    for (Value subject : ValueAt(r.attributes, {"subjects"}).items()) {
      if (StringAt(subject, {"kind"}) != "ServiceAccount") continue;
      std::string_view ns = StringAt(subject, {"namespace"});
      AddAll(r, "subjects",
             index_.Find("ServiceAccount", ns.empty() ? r.ns : ns, StringAt(subject, {"name"}), r));
    }
  }

  void LinkTarget(Resource& r, std::string_view key, std::string_view attribute) {
    Value target = ValueAt(r.attributes, {"spec", key});
    AddAll(r, attribute,
           index_.Find(StringAt(target, {"kind"}), r.ns, StringAt(target, {"name"}), r));
  }

  model::ResourceGraph& graph_;
  ObjectIndex index_;
  std::unordered_set<std::string> seen_;  // of the resource at hand: attribute and target
};

}  // namespace

void AddReferences(model::ResourceGraph& graph) { Linker(graph).LinkAll(); }

}  // namespace plumbline::kubernetes
