// `plumbline render DIR`: the manifests of a kustomization or a Helm chart.
#pragma once

#include <string>
#include <vector>

namespace plumbline::cli {

int RunRender(const std::vector<std::string>& args);

}  // namespace plumbline::cli
