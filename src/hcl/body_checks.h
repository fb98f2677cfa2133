// Checks that every reader of bodies makes.
#pragma once

#include <span>

#include "hcl/ast.h"
#include "support/diagnostic.h"

namespace plumbline::hcl {

/// Reports every attribute whose name another one before it in the same body has.
void ReportDuplicates(std::span<const Attribute> attributes, Diagnostics& diagnostics);

}  // namespace plumbline::hcl
