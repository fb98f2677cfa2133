// Rendered files → manifests, as Helm parts, reads and orders them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "helm/render.h"

namespace plumbline::helm {

/// The documents of one file; lines that start with --- part them. Adds to `out`; false when one of
/// them is no manifest, with Helm's message in `*fault`. `lines` may be empty.
bool SplitManifests(const std::string& source, std::string_view text,
                    const std::vector<gotmpl::LineOrigin>& lines, std::vector<Manifest>& out,
                    RenderFault* fault);

/// In the order in which Helm prints them: by kind, hooks last.
void SortManifests(std::vector<Manifest>& manifests);

}  // namespace plumbline::helm
