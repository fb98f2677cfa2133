// What is left of a file that the strict parser refuses.
//
// The damage is confined to the top-level item it lies in: strict parsing stops there, tree-sitter
// reads the item alone as well as it can, and strict parsing goes on at the next line that begins
// as a top-level block does. Without that, an unclosed string or bracket would take everything
// behind it along, in tree-sitter too.
#pragma once

#include <string_view>

#include "hcl/ast.h"
#include "support/arena.h"
#include "support/diagnostic.h"
#include "support/limits.h"

namespace plumbline::hcl {

/// Of one file this much is given to tree-sitter, which reads a few megabytes a second; further
/// broken items are left out.
inline constexpr std::size_t kMaxRecoveredBytes = 4u << 20;

/// `text` is admitted (hcl/admit.h) and has a syntax error; only the first is reported.
const Body* ParseWithRecovery(FileId file, std::string_view text, Arena& arena,
                              const Limits& limits, Diagnostics& diagnostics);

}  // namespace plumbline::hcl
