// The objects of a graph by kind, namespace and name, and the workloads by their pods' labels.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/resource.h"

namespace plumbline::kubernetes {

/// True for resources that are Kubernetes objects, from manifests or from Terraform.
bool IsObject(const model::Resource& resource);

class ObjectIndex {
 public:
  explicit ObjectIndex(const model::ResourceGraph& graph);

  /// Objects of that name. Several files may declare the same one (overlays): those of `from`'s
  /// file are preferred, and never more than a few are given.
  std::vector<std::uint32_t> Find(std::string_view kind, std::string_view ns, std::string_view name,
                                  const model::Resource& from) const;
  /// Workloads in the namespace whose pods the label selector `{matchLabels, matchExpressions}`
  /// selects; an empty selector selects all. Bounded.
  std::vector<std::uint32_t> Select(std::string_view ns, Value selector) const;
  /// The same for a plain map of labels, as Services have it.
  std::vector<std::uint32_t> SelectLabels(std::string_view ns, Value labels) const;

 private:
  struct Workload {
    std::uint32_t id = 0;
    Value labels;
  };
  const std::vector<Workload>& Candidates(std::string_view ns, Value labels) const;

  const model::ResourceGraph& graph_;
  std::unordered_map<std::string, std::vector<std::uint32_t>> by_name_;
  std::unordered_map<std::string, std::vector<Workload>> by_namespace_;
  std::unordered_map<std::string, std::vector<Workload>> by_label_;  // namespace, key, value
};

}  // namespace plumbline::kubernetes
