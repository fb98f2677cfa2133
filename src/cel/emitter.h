// Writes a checked tree as flat code (code.h).
#pragma once

#include <string>

#include "cel/ast.h"

namespace plumbline::cel {

std::string Emit(const Ast* root, std::uint32_t local_count, bool lenient);

}  // namespace plumbline::cel
