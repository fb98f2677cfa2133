// Where the attributes of a manifest stand: walks the YAML tree that a resource was made of.
#pragma once

#include "model/resource.h"
#include "yaml/yaml.h"

namespace plumbline::kubernetes {

/// The last step of a trace is "value" when it leads to what a template printed.
/// Stateless: `Resource::node` is the object's yaml::Node.
class ManifestSource final : public model::ResourceSource {
 public:
  model::Located Locate(const model::Resource& resource,
                        std::span<const model::PathStep> path) const override;
  std::vector<model::OriginStep> Trace(const model::Resource& resource,
                                       std::span<const model::PathStep> path) const override;
};

}  // namespace plumbline::kubernetes
