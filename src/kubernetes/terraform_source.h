// Where the attributes of an object stand that a Terraform resource makes: the manifest's path is
// turned back into the resource's, which answers itself.
#pragma once

#include "model/resource.h"

namespace plumbline::kubernetes {

/// How the object was made of the Terraform resource.
enum class Mapping : std::uint8_t {
  kManifest,  // the attribute `manifest` is the object
  kYamlBody,  // the attribute `yaml_body` is its text
  kBlocks,    // blocks and attributes as terraform_schema.h maps them
};

/// `Resource::node` of such an object.
struct TerraformOrigin {
  const model::Resource* resource = nullptr;  // stays where it is: the graph is a deque
  Mapping mapping = Mapping::kManifest;
};

class TerraformSource final : public model::ResourceSource {
 public:
  model::Located Locate(const model::Resource& resource,
                        std::span<const model::PathStep> path) const override;
  std::vector<model::OriginStep> Trace(const model::Resource& resource,
                                       std::span<const model::PathStep> path) const override;
  model::InputMask VaryingInputs(const model::Resource& resource,
                                 std::span<const model::PathStep> path) const override;
};

}  // namespace plumbline::kubernetes
