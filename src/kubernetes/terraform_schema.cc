#include "kubernetes/terraform_schema.h"

#include <algorithm>
#include <array>

namespace plumbline::kubernetes {
namespace {

constexpr auto kTypes = std::to_array<ObjectType>({
    {"cluster_role", "rbac.authorization.k8s.io/v1", "ClusterRole"},
    {"cluster_role_binding", "rbac.authorization.k8s.io/v1", "ClusterRoleBinding"},
    {"config_map", "v1", "ConfigMap"},
    {"cron_job", "batch/v1beta1", "CronJob"},
    {"cron_job_v1", "batch/v1", "CronJob"},
    {"csi_driver", "storage.k8s.io/v1", "CSIDriver"},
    {"daemon_set", "apps/v1", "DaemonSet"},
    {"daemonset", "apps/v1", "DaemonSet"},
    {"default_service_account", "v1", "ServiceAccount"},
    {"deployment", "apps/v1", "Deployment"},
    {"endpoints", "v1", "Endpoints"},
    {"horizontal_pod_autoscaler", "autoscaling/v1", "HorizontalPodAutoscaler"},
    {"horizontal_pod_autoscaler_v2", "autoscaling/v2", "HorizontalPodAutoscaler"},
    {"horizontal_pod_autoscaler_v2beta2", "autoscaling/v2beta2", "HorizontalPodAutoscaler"},
    {"ingress", "networking.k8s.io/v1beta1", "Ingress"},
    {"ingress_class", "networking.k8s.io/v1", "IngressClass"},
    {"ingress_v1", "networking.k8s.io/v1", "Ingress"},
    {"job", "batch/v1", "Job"},
    {"limit_range", "v1", "LimitRange"},
    {"mutating_webhook_configuration", "admissionregistration.k8s.io/v1",
     "MutatingWebhookConfiguration"},
    {"namespace", "v1", "Namespace"},
    {"network_policy", "networking.k8s.io/v1", "NetworkPolicy"},
    {"persistent_volume", "v1", "PersistentVolume"},
    {"persistent_volume_claim", "v1", "PersistentVolumeClaim"},
    {"pod", "v1", "Pod"},
    {"pod_disruption_budget", "policy/v1beta1", "PodDisruptionBudget"},
    {"pod_disruption_budget_v1", "policy/v1", "PodDisruptionBudget"},
    {"pod_security_policy", "policy/v1beta1", "PodSecurityPolicy"},
    {"priority_class", "scheduling.k8s.io/v1", "PriorityClass"},
    {"replication_controller", "v1", "ReplicationController"},
    {"resource_quota", "v1", "ResourceQuota"},
    {"role", "rbac.authorization.k8s.io/v1", "Role"},
    {"role_binding", "rbac.authorization.k8s.io/v1", "RoleBinding"},
    {"runtime_class", "node.k8s.io/v1", "RuntimeClass"},
    {"secret", "v1", "Secret"},
    {"service", "v1", "Service"},
    {"service_account", "v1", "ServiceAccount"},
    {"stateful_set", "apps/v1", "StatefulSet"},
    {"storage_class", "storage.k8s.io/v1", "StorageClass"},
    {"validating_webhook_configuration", "admissionregistration.k8s.io/v1",
     "ValidatingWebhookConfiguration"},
});
static_assert(std::ranges::is_sorted(kTypes, {}, &ObjectType::terraform));

/// A block name that stands for a list. `parents` narrows it to some enclosing blocks, divided by
/// spaces ("-" is the root).
struct ListBlock {
  std::string_view terraform;
  std::string_view manifest;
  std::string_view parents = {};
};

constexpr auto kListBlocks = std::to_array<ListBlock>({
    {"address", "addresses", "subset"},
    {"allowed_host_paths", "allowedHostPaths"},
    {"allowed_topologies", "allowedTopologies"},
    {"cluster_role_selectors", "clusterRoleSelectors"},
    {"container", "containers"},
    {"egress", "egress", "spec"},
    {"env", "env"},
    {"env_from", "envFrom"},
    {"from", "from"},
    {"host_aliases", "hostAliases"},
    {"host_ports", "hostPorts"},
    {"http_header", "httpHeaders"},
    {"image_pull_secret", "imagePullSecrets"},
    {"image_pull_secrets", "imagePullSecrets"},
    {"ingress", "ingress", "spec"},
    {"init_container", "initContainers"},
    {"items", "items"},
    {"limit", "limits", "spec"},
    {"match_condition", "matchConditions"},
    {"match_expression", "matchExpressions"},
    {"match_expressions", "matchExpressions"},
    {"match_fields", "matchFields"},
    {"match_label_expressions", "matchLabelExpressions"},
    {"metric", "metrics"},
    {"node_selector_term", "nodeSelectorTerms"},
    {"option", "options", "dns_config"},
    {"path", "paths", "http"},
    {"policy", "policies", "scale_down scale_up"},
    {"port", "ports", "container init_container spec subset"},
    {"ports", "ports"},
    {"preferred_during_scheduling_ignored_during_execution",
     "preferredDuringSchedulingIgnoredDuringExecution"},
    {"range", "ranges"},
    {"readiness_gate", "readinessGates"},
    {"required_during_scheduling_ignored_during_execution",
     "requiredDuringSchedulingIgnoredDuringExecution", "pod_affinity pod_anti_affinity"},
    {"rule", "rules"},
    {"secret", "secrets", "-"},
    {"sources", "sources"},
    {"subject", "subjects"},
    {"subset", "subsets"},
    {"sysctl", "sysctls"},
    {"tls", "tls"},
    {"to", "to"},
    {"toleration", "tolerations"},
    {"topology_spread_constraint", "topologySpreadConstraints"},
    {"volume", "volumes"},
    {"volume_claim_template", "volumeClaimTemplates"},
    {"volume_device", "volumeDevices"},
    {"volume_mount", "volumeMounts"},
    {"webhook", "webhooks"},
});
static_assert(std::ranges::is_sorted(kListBlocks, {}, &ListBlock::terraform));

// Maps whose keys are the user's own.
constexpr auto kMaps = std::to_array<std::string_view>({
    "annotations",
    "binary_data",
    "capacity",
    "data",
    "default",
    "default_request",
    "hard",
    "labels",
    "limits",
    "match_labels",
    "max",
    "max_limit_request_ratio",
    "min",
    "node_selector",
    "parameters",
    "requests",
    "string_data",
    "volume_attributes",
});
static_assert(std::ranges::is_sorted(kMaps));

// Arguments at the root that are no part of the object.
constexpr auto kTerraformOnly = std::to_array<std::string_view>({
    "binary_data_wo",
    "binary_data_wo_revision",
    "connection",
    "count",
    "data_wo",
    "data_wo_revision",
    "depends_on",
    "for_each",
    "id",
    "lifecycle",
    "provider",
    "provisioner",
    "timeouts",
    "wait_for_completion",
    "wait_for_default_service_account",
    "wait_for_load_balancer",
    "wait_for_rollout",
    "wait_for_service_account_token",
    "wait_until_bound",
});
static_assert(std::ranges::is_sorted(kTerraformOnly));

struct Spelling {
  std::string_view terraform;
  std::string_view manifest;
};

// Names that camelCase alone gets wrong.
constexpr auto kSpellings = std::to_array<Spelling>({
    {"ceph_fs", "cephfs"},
    {"client_ip", "clientIP"},
    {"cluster_ip", "clusterIP"},
    {"cluster_ips", "clusterIPs"},
    {"data_disk_uri", "diskURI"},
    {"downward_api", "downwardAPI"},
    {"external_ips", "externalIPs"},
    {"host_ip", "hostIP"},
    {"host_ipc", "hostIPC"},
    {"host_pid", "hostPID"},
    {"load_balancer_ip", "loadBalancerIP"},
    {"non_resource_urls", "nonResourceURLs"},
    {"pd_id", "pdID"},
    {"pod_cidr", "podCIDR"},
    {"storage_provisioner", "provisioner"},
    {"target_cpu_utilization_percentage", "targetCPUUtilizationPercentage"},
    {"target_ww_ns", "targetWWNs"},
    {"volume_id", "volumeID"},
});
static_assert(std::ranges::is_sorted(kSpellings, {}, &Spelling::terraform));

std::string CamelCase(std::string_view key) {
  auto it = std::ranges::lower_bound(kSpellings, key, {}, &Spelling::terraform);
  if (it != kSpellings.end() && it->terraform == key) return std::string(it->manifest);
  std::string out;
  bool upper = false;
  for (char c : key) {
    if (c == '_') {
      upper = !out.empty();
    } else {
      out += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      upper = false;
    }
  }
  return out;
}

bool HasWord(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    std::size_t space = words.find(' ');
    if (words.substr(0, space) == word) return true;
    words = space == std::string_view::npos ? std::string_view() : words.substr(space + 1);
  }
  return false;
}

const ListBlock* FindListBlock(std::string_view parent, std::string_view key) {
  auto it = std::ranges::lower_bound(kListBlocks, key, {}, &ListBlock::terraform);
  if (it == kListBlocks.end() || it->terraform != key) return nullptr;
  if (it->parents.empty() || HasWord(it->parents, parent.empty() ? "-" : parent)) return &*it;
  return nullptr;
}

bool IsBlocks(Value v) {
  return v.is_sequence() &&
         (v.items().empty() || v.items()[0].is_mapping() || v.items()[0].is_unknown());
}

// "deployment_v1" → "deployment".
std::string_view WithoutVersion(std::string_view name) {
  std::size_t at = name.rfind("_v");
  if (at == std::string_view::npos || at + 2 >= name.size()) return name;
  return name[at + 2] >= '0' && name[at + 2] <= '9' ? name.substr(0, at) : name;
}

const ObjectType* FindExact(std::string_view name) {
  auto it = std::ranges::lower_bound(kTypes, name, {}, &ObjectType::terraform);
  return it != kTypes.end() && it->terraform == name ? &*it : nullptr;
}

}  // namespace

const ObjectType* FindObjectType(std::string_view terraform_type) {
  constexpr std::string_view kPrefix = "kubernetes_";
  if (!terraform_type.starts_with(kPrefix)) return nullptr;
  std::string_view name = terraform_type.substr(kPrefix.size());
  const ObjectType* exact = FindExact(name);
  return exact != nullptr ? exact : FindExact(WithoutVersion(name));
}

Mapped MapEntry(std::string_view parent, std::string_view key, Value value) {
  if (parent.empty() && std::ranges::binary_search(kTerraformOnly, key)) {
    return {{}, Shape::kDropped};
  }
  if (key == "persistent_volume_source") return {{}, Shape::kFlatten};
  bool blocks = IsBlocks(value);
  // `selector` is a map of labels in a Service and a block elsewhere.
  bool map = std::ranges::binary_search(kMaps, key) || (key == "selector" && value.is_mapping());
  if (map) return {CamelCase(key), blocks ? Shape::kRawBlock : Shape::kRaw};
  if (blocks || value.is_mapping() || value.is_unknown()) {
    if (const ListBlock* list = FindListBlock(parent, key)) {
      return {std::string(list->manifest), Shape::kList};
    }
  }
  if (value.is_mapping()) return {CamelCase(key), Shape::kObject};
  // An empty list is a list of scalars that was left empty: blocks are never evaluated to one.
  if (blocks && !value.items().empty()) return {CamelCase(key), Shape::kObject};
  return {CamelCase(key), Shape::kRaw};
}

}  // namespace plumbline::kubernetes
