// Runs another program: its input is given whole, its output is read whole.
#pragma once

#include <cstddef>
#include <string>

#include "support/result.h"

namespace plumbline {

/// The program's standard output. Fails when it cannot be started, ends with another code than 0 or
/// writes more than `max_output` bytes.
Result<std::string> RunProgram(const std::string& path, const std::string& input,
                               std::size_t max_output);

/// The folder of the running executable; empty when the system does not tell.
std::string ProgramFolder();

}  // namespace plumbline
