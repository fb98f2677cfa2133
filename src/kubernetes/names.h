// What an object is called, and the small readings of manifests that several files need.
#pragma once

#include <initializer_list>
#include <string_view>

#include "model/resource.h"
#include "value/value.h"

namespace plumbline::kubernetes {

/// The value at a path of keys; null value when something on the way is absent or no mapping.
Value ValueAt(Value object, std::initializer_list<std::string_view> keys);
/// The text at a path of keys; empty when it is absent or no text.
std::string_view StringAt(Value object, std::initializer_list<std::string_view> keys);

/// "Deployment" of a resource type "apps/v1/Deployment".
std::string_view KindOfType(std::string_view type);

/// True for the built-in kinds that belong to no namespace.
bool IsClusterScoped(std::string_view kind);

/// A resource with type, name, namespace and attributes of the object; the rest is the caller's to
/// fill.
model::Resource MakeObjectResource(Arena& arena, Value attributes, std::string_view api_version,
                                   std::string_view kind);
/// "Deployment/namespace/name"; "default" stands for no namespace.
std::string_view ObjectAddress(Arena& arena, const model::Resource& resource,
                               std::string_view kind);

}  // namespace plumbline::kubernetes
