// Where the pod specification stands in each kind that has one.
#pragma once

#include <string_view>

#include "value/value.h"

namespace plumbline::kubernetes {

/// Keys from the manifest's root to the pod template (the object with `metadata` and `spec`); the
/// empty path for Pod itself.
struct PodTemplate {
  std::string_view kind;
  std::string_view path;  // dotted
};

/// Null pointer when the kind has no pod template.
const PodTemplate* FindPodTemplate(std::string_view kind);

/// The pod template within a manifest; null when it is not there.
Value PodTemplateOf(Value manifest, const PodTemplate& pod);

}  // namespace plumbline::kubernetes
