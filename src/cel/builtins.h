// The groups of builtin functions. A group is one sorted table in its own file; builtins.cc lists
// the groups.
#pragma once

#include <span>

#include "cel/runtime.h"

namespace plumbline::cel {

std::span<const Builtin> StringBuiltins();
std::span<const Builtin> ConversionBuiltins();
std::span<const Builtin> ListBuiltins();
std::span<const Builtin> MathBuiltins();
std::span<const Builtin> TimeBuiltins();
std::span<const Builtin> NetBuiltins();
std::span<const Builtin> OptionalBuiltins();

/// `text.format(args)`: builtins_format.cc.
Val FormatText(Context& context, std::span<const Val> args);

/// Whether RE2 takes the pattern; its message otherwise.
std::optional<std::string> RegexProblem(std::string_view pattern);

}  // namespace plumbline::cel
