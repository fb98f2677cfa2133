// How Terraform's Kubernetes provider spells manifests: singular block names for lists, snake_case
// for camelCase, blocks for objects. One function maps an entry; building objects and finding
// places both go through it, so they cannot disagree.
#pragma once

#include <string>
#include <string_view>

#include "value/value.h"

namespace plumbline::kubernetes {

/// The object that a Terraform resource type makes.
struct ObjectType {
  std::string_view terraform;  // without the provider's prefix: "deployment"
  std::string_view api_version;
  std::string_view kind;
};

/// Null pointer when the type makes no object we know. `_v1` and the like are understood.
const ObjectType* FindObjectType(std::string_view terraform_type);

enum class Shape : std::uint8_t {
  kRaw,       // a value as it is: scalars, lists of scalars, maps with the user's own keys
  kRawBlock,  // such a map, written as a block (a list with one element)
  kObject,    // a block that stands for an object
  kList,      // blocks that stand for a list of objects
  kFlatten,   // a block whose entries belong to the object around it
  kDropped,   // means something to Terraform alone
};

struct Mapped {
  std::string key;  // in the manifest
  Shape shape = Shape::kRaw;
};

/// `parent` is the name of the enclosing block, empty at the root.
Mapped MapEntry(std::string_view parent, std::string_view key, Value value);

}  // namespace plumbline::kubernetes
