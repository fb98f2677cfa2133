#include "kubernetes/manifest_source.h"

namespace plumbline::kubernetes {
namespace {

using model::Located;
using model::OriginStep;
using model::PathStep;

/// One step down the tree: what was found, the range a finding shows, and whether an alias or merge
/// was crossed.
struct Hit {
  const yaml::Node* node = nullptr;
  Span whole;                 // key and value
  Span head;                  // the line that says what this is: the key, an item's first entry
  const char* via = nullptr;  // how the value comes from elsewhere
  Span here;                  // the alias or merge entry that brings it in
};

// What has been built may have its key from one file and its value from another one: then the value
// is what somebody wrote last.
Span KeyAndValue(Span key, Span value) {
  if (!value.valid()) return key;
  if (!key.valid() || key.file != value.file || value.begin < key.begin) return value;
  return Join(key, value);
}

Span FirstEntry(const yaml::Node& node) {
  if (node.entries.empty()) return node.span;
  const yaml::Entry& first = node.entries[0];
  // In flow style the opening brace, which belongs to no entry.
  if (first.key_span.begin != node.span.begin) {
    return {node.span.file, node.span.begin, node.span.begin + 1};
  }
  bool scalar = first.value->entries.empty() && first.value->items.empty();
  return scalar && !first.merge.valid() ? KeyAndValue(first.key_span, first.value->span)
                                        : first.key_span;
}

Hit StepTo(const yaml::Node& node, const PathStep& step) {
  Hit hit;
  if (step.is_index()) {
    auto i = static_cast<std::size_t>(step.index);
    if (i >= node.items.size()) return hit;
    hit.node = node.items[i];
    hit.whole = hit.node->span;
    hit.head = hit.node->anchor != nullptr ? hit.node->span : FirstEntry(*hit.node);
  } else {
    const yaml::Entry* entry = node.FindEntry(step.key);
    if (entry == nullptr) return hit;
    hit.node = entry->value;
    hit.whole = KeyAndValue(entry->key_span, entry->value->span);
    hit.head = entry->key_span;
    if (entry->merge.valid()) {
      hit.via = "merged with <<";
      hit.here = entry->merge;
      return hit;
    }
  }
  if (hit.node->anchor != nullptr) {
    hit.via = "YAML anchor";
    hit.here = hit.whole;
  }
  return hit;
}

std::vector<OriginStep> WhyAbsent(const yaml::Node& node, const PathStep& step) {
  for (const yaml::Absent& a : node.absent) {
    if (!step.is_index() && a.key == step.key) return {{a.from, "value"}};
  }
  return {};
}

}  // namespace

Located ManifestSource::Locate(const model::Resource& resource,
                               std::span<const PathStep> path) const {
  const auto* node = static_cast<const yaml::Node*>(resource.node);
  Located located{resource.header, path.empty()};
  bool elsewhere = false;  // behind an alias: the place stays where the alias stands
  for (std::size_t i = 0; i < path.size(); ++i) {
    Hit hit = StepTo(*node, path[i]);
    if (hit.node == nullptr) return {located.span, false};
    bool last = i + 1 == path.size();
    if (hit.via != nullptr && !elsewhere) {
      located.span = hit.here;
      elsewhere = true;
    } else if (!elsewhere) {
      located.span = last ? hit.whole : hit.head;
    }
    located.exact = last;
    node = hit.node;
  }
  return located;
}

std::vector<OriginStep> ManifestSource::Trace(const model::Resource& resource,
                                              std::span<const PathStep> path) const {
  std::vector<OriginStep> steps;
  const auto* node = static_cast<const yaml::Node*>(resource.node);
  const char* via = nullptr;
  Span last;
  for (const PathStep& step : path) {
    Hit hit = StepTo(*node, step);
    if (hit.node == nullptr) return WhyAbsent(*node, step);
    if (hit.via != nullptr) {
      if (via != nullptr) steps.push_back({hit.here, via});
      via = hit.via;
    }
    node = hit.node;
    // An alias's own entry stands in front of it; the value is at the anchor.
    last = node->anchor != nullptr ? node->anchor->span : hit.whole;
  }
  if (via != nullptr) steps.push_back({last, via});
  if (node != nullptr && node->from.valid()) steps.push_back({node->from, "value"});
  return steps;
}

}  // namespace plumbline::kubernetes
