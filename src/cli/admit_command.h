// `plumbline admit`.
#pragma once

#include <string>
#include <vector>

namespace plumbline::cli {

int RunAdmit(const std::vector<std::string>& args);

}  // namespace plumbline::cli
