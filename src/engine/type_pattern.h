// Raw types: how rules and models name them, and which resources they mean.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/image.h"
#include "model/resource.h"

namespace plumbline::engine {

/// A `TypePattern` with its texts at hand.
struct TypeName {
  TypePattern::Kind kind = TypePattern::kTerraform;
  model::Mode mode = model::Mode::kManaged;
  std::string type;                    // Terraform
  std::string object, group, version;  // Kubernetes; group "*": any

  /// The index key: "terraform:data.aws_ami", "kubernetes:Pod".
  std::string Key() const;
};

/// "aws_x", "data.aws_x", "module", … (Terraform) or "Pod", "apps/Deployment",
/// "apps/v1/Deployment", "*" (Kubernetes). Nothing when the text cannot be a type.
std::optional<TypeName> ParseTypeName(bool kubernetes, std::string_view text);

/// The index key of a resource, without the "kubernetes:*" that every Kubernetes object has too.
std::string ResourceKey(const model::Resource& resource);
/// Kubernetes objects, also those made by Terraform, have types with slashes.
inline bool IsKubernetes(const model::Resource& resource) {
  return resource.type.find('/') != std::string_view::npos;
}

bool Matches(const Image& image, const TypePattern& pattern, const model::Resource& resource);
/// The same for a type named at run time.
bool Matches(const TypeName& name, const model::Resource& resource);

}  // namespace plumbline::engine
