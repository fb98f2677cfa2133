// CEL text to a syntax tree, with macros recognised. Recursive descent; depth is bounded by
// `Limits::max_depth`, both of the recursion and of the tree (a long chain `a + b + …` is a deep
// tree too, but `&&` and `||` chains are flat).
#pragma once

#include <string_view>

#include "cel/ast.h"
#include "support/arena.h"
#include "support/limits.h"
#include "support/result.h"

namespace plumbline::cel {

/// The tree lives in `arena` and refers to `source`. Fails with "line:column: message".
Result<Ast*> Parse(std::string_view source, Arena& arena, const Limits& limits);

/// "line:column: message" for a byte offset.
Error ErrorAt(std::string_view source, std::uint32_t offset, std::string_view message);

/// Turns a member or global call that is a macro into its node, in place. Returns a message when it
/// is a macro used wrongly, an empty string otherwise.
std::string_view ExpandMacro(Ast& call, Arena& arena);

}  // namespace plumbline::cel
