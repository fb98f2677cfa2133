// What can be said of a module's files without evaluating anything: blocks and arguments that
// Terraform does not know, references to what is not declared, moves that contradict each other.
// Done once a folder, so instances and unreached code make no difference.
#pragma once

#include <vector>

#include "support/diagnostic.h"
#include "terraform/config.h"

namespace plumbline::terraform {

/// All of the checks below. Files with syntax errors may lack declarations: then only what is there
/// is judged.
void CheckConfig(const std::vector<ModuleFile>& files, const ModuleConfig& config,
                 Diagnostics& diagnostics);

/// block_check.cc: types of blocks, their labels and arguments.
void CheckBlocks(const ModuleFile& file, Diagnostics& diagnostics);
/// reference_check.cc: names in expressions.
void CheckReferences(const ModuleConfig& config, Diagnostics& diagnostics);
/// moves_check.cc: moved, import and removed blocks.
void CheckMoves(const ModuleConfig& config, Diagnostics& diagnostics);

}  // namespace plumbline::terraform
