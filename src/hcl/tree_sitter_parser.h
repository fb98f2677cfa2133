// The second parser: tree-sitter, whose error recovery keeps what is readable of a broken file.
#pragma once

#include <string_view>

#include "hcl/ast.h"
#include "support/arena.h"
#include "support/diagnostic.h"
#include "support/limits.h"

namespace plumbline::hcl {

/// Reads the bytes [from, to) of admitted `text` (hcl/admit.h). Null when tree-sitter gave up. What
/// cannot be read is left out, marked (`Body::partial`, kError) and, unless `diagnostics` is null,
/// reported.
const Body* ReadWithTreeSitter(FileId file, std::string_view text, std::size_t from, std::size_t to,
                               Arena& arena, const Limits& limits, Diagnostics* diagnostics);

}  // namespace plumbline::hcl
