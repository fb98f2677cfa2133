#include "kubernetes/terraform_source.h"

namespace plumbline::kubernetes {
namespace {

model::Path TerraformPath(const TerraformOrigin&, std::span<const model::PathStep> path) {
  model::Path out{{"manifest", -1}};
  out.insert(out.end(), path.begin(), path.end());
  return out;
}

}  // namespace

model::Located TerraformSource::Locate(const model::Resource& resource,
                                       std::span<const model::PathStep> path) const {
  const auto& origin = *static_cast<const TerraformOrigin*>(resource.node);
  if (path.empty() || origin.resource->source == nullptr) return {resource.header, path.empty()};
  return origin.resource->source->Locate(*origin.resource, TerraformPath(origin, path));
}

std::vector<model::OriginStep> TerraformSource::Trace(const model::Resource& resource,
                                                      std::span<const model::PathStep> path) const {
  const auto& origin = *static_cast<const TerraformOrigin*>(resource.node);
  if (path.empty() || origin.resource->source == nullptr) return {};
  return origin.resource->source->Trace(*origin.resource, TerraformPath(origin, path));
}

}  // namespace plumbline::kubernetes
