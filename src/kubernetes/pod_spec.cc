#include "kubernetes/pod_spec.h"

#include <algorithm>
#include <array>

#include "kubernetes/names.h"

namespace plumbline::kubernetes {
namespace {

constexpr auto kTemplates = std::to_array<PodTemplate>({
    {"CronJob", "spec.jobTemplate.spec.template"},
    {"DaemonSet", "spec.template"},
    {"Deployment", "spec.template"},
    {"DeploymentConfig", "spec.template"},
    {"Job", "spec.template"},
    {"Pod", ""},
    {"PodTemplate", "template"},
    {"ReplicaSet", "spec.template"},
    {"ReplicationController", "spec.template"},
    {"Rollout", "spec.template"},
    {"StatefulSet", "spec.template"},
});
static_assert(std::ranges::is_sorted(kTemplates, {}, &PodTemplate::kind));

}  // namespace

const PodTemplate* FindPodTemplate(std::string_view kind) {
  auto it = std::ranges::lower_bound(kTemplates, kind, {}, &PodTemplate::kind);
  return it != kTemplates.end() && it->kind == kind ? &*it : nullptr;
}

Value PodTemplateOf(Value manifest, const PodTemplate& pod) {
  for (std::string_view path = pod.path; !path.empty();) {
    std::size_t dot = path.find('.');
    manifest = ValueAt(manifest, {path.substr(0, dot)});
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  }
  return manifest;
}

}  // namespace plumbline::kubernetes
