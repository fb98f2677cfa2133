// `plumbline explain`: why a rule says what it says of one resource.
#pragma once

#include <string>
#include <vector>

namespace plumbline::cli {

int RunExplain(const std::vector<std::string>& args);

}  // namespace plumbline::cli
