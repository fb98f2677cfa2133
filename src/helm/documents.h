// Rendered manifests as objects whose places are the lines of the templates that made them.
#pragma once

#include <vector>

#include "helm/render.h"
#include "support/arena.h"
#include "support/limits.h"
#include "yaml/yaml.h"

namespace plumbline::helm {

/// The documents of a manifest that was rendered with traces. A node's span is the template's line
/// that printed it, its `from` the place of the value in it. Texts and nodes live in `arena`.
/// A manifest that is no YAML gives none: Render has told it.
std::vector<yaml::Document> ParseManifest(const Manifest& manifest, const SourceMap& sources,
                                          Arena& arena, const Limits& limits);

}  // namespace plumbline::helm
