// `plumbline model`: the unified resource model as JSON, with source positions.
#pragma once

#include <string>
#include <vector>

namespace plumbline::cli {

int RunModel(const std::vector<std::string>& args);

}  // namespace plumbline::cli
