// The only place that knows yaml-cpp: its events and exceptions become calls of a TreeBuilder and
// diagnostics.
#pragma once

#include <string_view>
#include <vector>

#include "yaml/builder.h"

namespace plumbline::yaml {

/// Reads the YAML documents of `text[begin, end)` and appends them to `documents`. False after a
/// fault, which is then among the diagnostics; the documents before it are kept.
bool ReadYaml(FileId file, std::string_view text, std::uint32_t begin, std::uint32_t end,
              Arena& arena, TreeBuilder& builder, std::vector<Document>& documents,
              Diagnostics& diagnostics);

}  // namespace plumbline::yaml
