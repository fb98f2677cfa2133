#include "kubernetes/terraform_source.h"

#include "kubernetes/terraform_schema.h"

namespace plumbline::kubernetes {
namespace {

// Finds the entry of a block that became `key` in the manifest and appends the way to it. `value`
// becomes what stands there. False when there is none.
bool StepInto(std::string_view& parent, Value& value, std::string_view key, model::Path& out,
              Shape& shape) {
  for (const Member& m : value.members()) {
    Mapped mapped = MapEntry(parent, m.key, m.value);
    if (mapped.shape == Shape::kFlatten) {
      model::Path inner = out;
      inner.push_back({m.key, -1});
      Value block = m.value;
      if (block.is_sequence() && !block.items().empty()) {
        inner.push_back({{}, 0});
        block = block.items()[0];
      }
      if (!block.is_mapping() || !StepInto(parent, block, key, inner, shape)) continue;
      out = std::move(inner);
      value = block;
      return true;
    }
    if (mapped.key != key || mapped.shape == Shape::kDropped) continue;
    out.push_back({m.key, -1});
    parent = m.key;
    value = m.value;
    shape = mapped.shape;
    return true;
  }
  return false;
}

/// A manifest's path as the path of the Terraform resource's attributes. What the resource does not
/// have is kept as it is: the resource then answers with the block that would hold it.
model::Path BlocksPath(const model::Resource& resource, std::span<const model::PathStep> path) {
  model::Path out;
  Value value = resource.attributes;
  std::string_view parent;
  std::size_t i = 0;
  while (i < path.size() && !path[i].is_index() && value.is_mapping()) {
    Shape shape = Shape::kRaw;
    if (!StepInto(parent, value, path[i].key, out, shape)) break;
    ++i;
    if (shape == Shape::kRaw) break;
    std::size_t index = 0;
    if (shape == Shape::kList) {
      if (i == path.size() || !path[i].is_index()) break;
      index = static_cast<std::size_t>(path[i++].index);
    }
    if (i == path.size() && shape != Shape::kList) break;
    if (value.is_sequence()) {
      out.push_back({{}, static_cast<std::int64_t>(index)});
      value = index < value.items().size() ? value.items()[index] : Value();
    }
    if (shape == Shape::kRawBlock) break;
  }
  out.insert(out.end(), path.begin() + static_cast<std::ptrdiff_t>(i), path.end());
  return out;
}

model::Path TerraformPath(const TerraformOrigin& origin, std::span<const model::PathStep> path) {
  if (origin.mapping == Mapping::kBlocks) return BlocksPath(*origin.resource, path);
  if (origin.mapping == Mapping::kYamlBody) return {{"yaml_body", -1}};
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

model::InputMask TerraformSource::VaryingInputs(const model::Resource& resource,
                                                std::span<const model::PathStep> path) const {
  const auto& origin = *static_cast<const TerraformOrigin*>(resource.node);
  if (origin.resource->source == nullptr) return 0;
  return origin.resource->source->VaryingInputs(*origin.resource, TerraformPath(origin, path));
}

}  // namespace plumbline::kubernetes
