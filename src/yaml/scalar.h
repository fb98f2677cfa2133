// What a YAML scalar means: the tables of sigs.k8s.io/yaml (goyaml.v2), which is how every
// Kubernetes client reads manifests. YAML 1.1 words (yes, no, on, off, y, n) are booleans, 0777 is
// octal, timestamps stay text.
#pragma once

#include <string_view>

#include "support/arena.h"
#include "value/value.h"

namespace plumbline::yaml {

/// The value of a scalar. `text` must outlive the arena; `tag` is the resolved tag, "?" for an
/// untagged plain scalar and
/// "!" for an untagged quoted one. Unknown tags (`!Ref`) leave the text as a string.
Value ResolveScalar(Arena& arena, std::string_view text, std::string_view tag);

}  // namespace plumbline::yaml
