#include "kubernetes/object_index.h"

#include <algorithm>

#include "kubernetes/names.h"
#include "kubernetes/pod_spec.h"

namespace plumbline::kubernetes {
namespace {

constexpr std::size_t kMaxSameName = 16;
constexpr std::size_t kMaxSelected = 1'000;

std::string_view Namespace(std::string_view ns) { return ns.empty() ? "default" : ns; }

// NUL cannot stand in a name, so joined keys cannot collide.
std::string Key(std::string_view a, std::string_view b, std::string_view c = {}) {
  std::string key(a);
  key += '\0';
  key += b;
  key += '\0';
  key += c;
  return key;
}

std::string NameKey(std::string_view kind, std::string_view ns, std::string_view name) {
  return Key(kind, IsClusterScoped(kind) ? std::string_view() : Namespace(ns), name);
}

Value PodLabels(const model::Resource& r) {
  const PodTemplate* pod = FindPodTemplate(KindOfType(r.type));
  if (pod == nullptr) return {};
  return ValueAt(PodTemplateOf(r.attributes, *pod), {"metadata", "labels"});
}

bool HasLabels(Value labels, Value wanted) {
  for (const Member& m : wanted.members()) {
    const Value* label = labels.Find(m.key);
    if (label == nullptr || Compare(*label, m.value) != 0) return false;
  }
  return true;
}

bool InList(Value list, Value value) {
  return std::ranges::any_of(list.items(), [&](Value v) { return Compare(v, value) == 0; });
}

bool MatchesExpression(Value labels, Value expression) {
  std::string_view op = StringAt(expression, {"operator"});
  const Value* label = labels.Find(StringAt(expression, {"key"}));
  Value values = ValueAt(expression, {"values"});
  if (op == "Exists") return label != nullptr;
  if (op == "DoesNotExist") return label == nullptr;
  if (op == "In") return label != nullptr && InList(values, *label);
  if (op == "NotIn") return label == nullptr || !InList(values, *label);
  return false;
}

}  // namespace

bool IsObject(const model::Resource& r) {
  if (r.framework != model::Framework::kTerraform) {
    return r.framework != model::Framework::kCloudFormation;
  }
  return r.mode == model::Mode::kManaged && r.type.find('/') != std::string_view::npos;
}

ObjectIndex::ObjectIndex(const model::ResourceGraph& graph) : graph_(graph) {
  for (const model::Resource& r : graph) {
    if (!IsObject(r)) continue;
    std::string_view kind = KindOfType(r.type);
    if (!r.name.empty()) by_name_[NameKey(kind, r.ns, r.name)].push_back(r.id);
    if (FindPodTemplate(kind) == nullptr) continue;
    Workload workload{r.id, PodLabels(r)};
    by_namespace_[std::string(Namespace(r.ns))].push_back(workload);
    for (const Member& m : workload.labels.members()) {
      if (!m.value.is_string()) continue;
      by_label_[Key(Namespace(r.ns), m.key, m.value.as_string())].push_back(workload);
    }
  }
}

std::vector<std::uint32_t> ObjectIndex::Find(std::string_view kind, std::string_view ns,
                                             std::string_view name,
                                             const model::Resource& from) const {
  std::vector<std::uint32_t> all, same_file;
  if (name.empty()) return all;
  auto it = by_name_.find(NameKey(kind, ns, name));
  if (it == by_name_.end()) return all;
  for (std::uint32_t id : it->second) {
    if (graph_.at(id).span.file == from.span.file) {
      if (same_file.size() < kMaxSameName) same_file.push_back(id);
    } else if (all.size() < kMaxSameName) {
      all.push_back(id);
    }
  }
  return same_file.empty() ? all : same_file;
}

const std::vector<ObjectIndex::Workload>& ObjectIndex::Candidates(std::string_view ns,
                                                                  Value labels) const {
  static const std::vector<Workload> kNone;
  const std::vector<Workload>* best = nullptr;
  for (const Member& m : labels.members()) {
    if (!m.value.is_string()) continue;
    auto it = by_label_.find(Key(Namespace(ns), m.key, m.value.as_string()));
    if (it == by_label_.end()) return kNone;
    if (best == nullptr || it->second.size() < best->size()) best = &it->second;
  }
  if (best != nullptr) return *best;
  auto it = by_namespace_.find(std::string(Namespace(ns)));
  return it == by_namespace_.end() ? kNone : it->second;
}

std::vector<std::uint32_t> ObjectIndex::Select(std::string_view ns, Value selector) const {
  std::vector<std::uint32_t> out;
  if (!selector.is_mapping() || HasUnknown(selector)) return out;
  Value labels = ValueAt(selector, {"matchLabels"});
  Value expressions = ValueAt(selector, {"matchExpressions"});
  std::size_t looked_at = 0;
  for (const Workload& w : Candidates(ns, labels)) {
    if (out.size() >= kMaxSelected || ++looked_at > 16 * kMaxSelected) break;
    bool matches = std::ranges::all_of(expressions.items(),
                                       [&](Value e) { return MatchesExpression(w.labels, e); });
    if (matches && HasLabels(w.labels, labels)) out.push_back(w.id);
  }
  return out;
}

std::vector<std::uint32_t> ObjectIndex::SelectLabels(std::string_view ns, Value labels) const {
  Member member{"matchLabels", labels};
  ObjectRep rep{nullptr, std::span<const Member>(&member, 1)};
  return Select(ns, Value::Object(&rep));
}

}  // namespace plumbline::kubernetes
