// Resolves names and checks types. Gradual: what is `dyn` is left to run time, what is certainly
// wrong is an error.
#pragma once

#include <string_view>

#include "cel/ast.h"
#include "cel/cel.h"
#include "support/arena.h"
#include "support/result.h"

namespace plumbline::cel {

struct CheckResult {
  const Type* type = nullptr;
  std::uint32_t local_count = 0;
};

/// Rewrites the tree in place: identifiers become variables, locals and type names, calls get their
/// function. The types live in `arena` or in the options. Without `options.check`, faults become
/// errors at run time where they are met.
Result<CheckResult> Check(std::string_view source, Ast* root, const CompileOptions& options,
                          Arena& arena);

}  // namespace plumbline::cel
