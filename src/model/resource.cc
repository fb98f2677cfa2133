#include "model/resource.h"

#include <algorithm>

namespace plumbline::model {

std::string_view FrameworkName(Framework framework) {
  switch (framework) {
    case Framework::kTerraform:
      return "terraform";
    case Framework::kKubernetes:
      return "kubernetes";
    case Framework::kHelm:
      return "helm";
    case Framework::kKustomize:
      return "kustomize";
    case Framework::kCloudFormation:
      return "cloudformation";
  }
  return "";
}

std::string_view ModeName(Mode mode) {
  switch (mode) {
    case Mode::kManaged:
      return "managed";
    case Mode::kData:
      return "data";
    case Mode::kModuleCall:
      return "module";
    case Mode::kProvider:
      return "provider";
    case Mode::kVariable:
      return "variable";
    case Mode::kOutput:
      return "output";
    case Mode::kTerraform:
      return "terraform";
  }
  return "";
}

std::string PathToString(std::span<const PathStep> path) {
  std::string out;
  for (const PathStep& s : path) {
    if (s.is_index()) {
      out += '[' + std::to_string(s.index) + ']';
    } else {
      if (!out.empty()) out += '.';
      out += s.key;
    }
  }
  return out;
}

Resource& ResourceGraph::Add(Resource resource) {
  resource.id = static_cast<std::uint32_t>(resources_.size());
  return resources_.emplace_back(std::move(resource));
}

void ResourceGraph::Link() {
  by_type_.clear();
  by_address_.clear();
  for (Resource& r : resources_) r.referenced_by.clear();
  for (Resource& r : resources_) {
    by_type_[r.type].push_back(r.id);
    by_address_.emplace(r.address, r.id);
    for (const Reference& ref : r.references) {
      auto& back = resources_[ref.target].referenced_by;
      if (back.empty() || back.back() != r.id) back.push_back(r.id);
    }
  }
}

std::span<const std::uint32_t> ResourceGraph::OfType(std::string_view type) const {
  auto it = by_type_.find(type);
  return it == by_type_.end() ? std::span<const std::uint32_t>() : it->second;
}

const Resource* ResourceGraph::FindAddress(std::string_view address) const {
  auto it = by_address_.find(address);
  return it == by_address_.end() ? nullptr : &resources_[it->second];
}

}  // namespace plumbline::model
