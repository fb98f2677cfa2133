// Kustomize's legacy order of kinds: these first, those last, all others between them.
#pragma once

#include <array>
#include <string_view>

namespace plumbline::kustomize {

inline constexpr auto kFirstKinds = std::to_array<std::string_view>({"Namespace",
                                                                     "ResourceQuota",
                                                                     "StorageClass",
                                                                     "CustomResourceDefinition",
                                                                     "ServiceAccount",
                                                                     "PodSecurityPolicy",
                                                                     "Role",
                                                                     "ClusterRole",
                                                                     "RoleBinding",
                                                                     "ClusterRoleBinding",
                                                                     "ConfigMap",
                                                                     "Secret",
                                                                     "Endpoints",
                                                                     "Service",
                                                                     "LimitRange",
                                                                     "PriorityClass",
                                                                     "PersistentVolume",
                                                                     "PersistentVolumeClaim",
                                                                     "Deployment",
                                                                     "StatefulSet",
                                                                     "CronJob",
                                                                     "PodDisruptionBudget"});
inline constexpr auto kLastKinds = std::to_array<std::string_view>(
    {"MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"});

}  // namespace plumbline::kustomize
