// `plumbline init`: a commented configuration file, and how to go on.
#pragma once

#include <string>
#include <vector>

namespace plumbline::cli {

int RunInit(const std::vector<std::string>& args);

}  // namespace plumbline::cli
