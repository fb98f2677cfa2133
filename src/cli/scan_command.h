// `plumbline scan`.
#pragma once

#include <string>
#include <vector>

namespace plumbline::cli {

int RunScan(const std::vector<std::string>& args);

}  // namespace plumbline::cli
