// JSON patch (RFC 6902) on trees.
#pragma once

#include "kustomize/node.h"

namespace plumbline::kustomize {

struct JsonOperation {
  std::string op, path, from;
  Node* value = nullptr;
  Span span;
};

/// The operations of a list of mappings.
Result<std::vector<JsonOperation>> ReadJsonPatch(const Node* patch);
/// Changes the tree; values are copied, so a patch can be applied many times.
Result<void> ApplyJsonPatch(Pool& pool, Node* root, const std::vector<JsonOperation>& patch);

}  // namespace plumbline::kustomize
