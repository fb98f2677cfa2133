// Strategic merge: a patch laid over a resource, with the merge keys of the resource's type.
#pragma once

#include "kustomize/node.h"
#include "kustomize/schema.h"

namespace plumbline::kustomize {

/// Changes `target` by `patch` (which is used up). The result is null when the patch deletes the
/// target. Items that a patch adds to a list stand before the others. Section "strategic merge
/// patch" of the Kubernetes API conventions, as kyaml 0.18 does it: no $setElementOrder,
/// $retainKeys or $deleteFromPrimitiveList.
Result<Node*> StrategicMerge(Pool& pool, const Schema& schema, Node* target, Node* patch);

}  // namespace plumbline::kustomize
