#include "kubernetes/names.h"

#include <algorithm>
#include <array>
#include <string>

#include "value/number.h"

namespace plumbline::kubernetes {
namespace {

constexpr auto kClusterScoped = std::to_array<std::string_view>({
    "APIService",
    "CSIDriver",
    "CSINode",
    "CertificateSigningRequest",
    "ClusterRole",
    "ClusterRoleBinding",
    "CustomResourceDefinition",
    "FlowSchema",
    "IngressClass",
    "MutatingWebhookConfiguration",
    "Namespace",
    "Node",
    "PersistentVolume",
    "PodSecurityPolicy",
    "PriorityClass",
    "PriorityLevelConfiguration",
    "RuntimeClass",
    "StorageClass",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
    "VolumeAttachment",
});
static_assert(std::ranges::is_sorted(kClusterScoped));

// A name as text: an unquoted number or boolean is still a name to the reader of a report.
std::string_view NameText(Arena& arena, Value v) {
  if (v.is_string()) return v.as_string();
  if (v.is_number()) return arena.CopyString(FormatNumber(v));
  if (v.is_bool()) return v.as_bool() ? "true" : "false";
  return {};
}

}  // namespace

Value ValueAt(Value object, std::initializer_list<std::string_view> keys) {
  for (std::string_view key : keys) {
    const Value* next = object.Find(key);
    if (next == nullptr) return {};
    object = *next;
  }
  return object;
}

std::string_view StringAt(Value object, std::initializer_list<std::string_view> keys) {
  Value v = ValueAt(object, keys);
  return v.is_string() ? v.as_string() : std::string_view();
}

std::string_view KindOfType(std::string_view type) {
  return type.substr(type.rfind('/') + 1);  // npos + 1 is 0
}

bool IsClusterScoped(std::string_view kind) {
  return std::ranges::binary_search(kClusterScoped, kind);
}

model::Resource MakeObjectResource(Arena& arena, Value attributes, std::string_view api_version,
                                   std::string_view kind) {
  model::Resource r;
  r.type = arena.CopyString(std::string(api_version) + "/" + std::string(kind));
  r.attributes = attributes;
  r.name = NameText(arena, ValueAt(attributes, {"metadata", "name"}));
  if (r.name.empty()) r.name = NameText(arena, ValueAt(attributes, {"metadata", "generateName"}));
  if (!IsClusterScoped(kind)) {
    r.ns = NameText(arena, ValueAt(attributes, {"metadata", "namespace"}));
  }
  return r;
}

std::string_view ObjectAddress(Arena& arena, const model::Resource& r, std::string_view kind) {
  std::string address(kind);
  address += '/';
  address += r.ns.empty() ? "default" : r.ns;
  address += '/';
  address += r.name;
  return arena.CopyString(address);
}

}  // namespace plumbline::kubernetes
