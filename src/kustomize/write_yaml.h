// Documents as YAML text: two blanks a level, keys in order, texts quoted where a YAML 1.1 reader
// would take them for something else.
#pragma once

#include <span>
#include <string>

#include "yaml/yaml.h"

namespace plumbline::kustomize {

/// The documents, separated by `---`.
std::string WriteYaml(std::span<const yaml::Document> documents);

}  // namespace plumbline::kustomize
