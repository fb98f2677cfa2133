// `plumbline console`: evaluates Terraform expressions in the scope of a folder, one a line on
// stdin.
#pragma once

#include <string>
#include <vector>

namespace plumbline::cli {

int RunConsole(const std::vector<std::string>& args);

}  // namespace plumbline::cli
