// ${name} in a text, as Flux reads it: the forms of the shell's parameter expansion.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "gitops/gitops.h"

namespace plumbline::gitops {

struct Expanded {
  std::string text;
  Span from;             // of the first variable that was used
  bool changed = false;  // something stood there to be replaced
};

/// An error says what is malformed. Without a value, a variable is empty, or stays as it is written
/// when the substitution is incomplete.
Result<Expanded> Expand(std::string_view text, const Substitution& substitution);

}  // namespace plumbline::gitops
