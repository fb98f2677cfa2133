// Parse as yaml.h has it, with the choice of readers that only tests make.
#pragma once

#include <vector>

#include "yaml/yaml.h"

namespace plumbline::yaml {

enum class Readers : std::uint8_t {
  kAll,      // the fast reader first, yaml-cpp for what it does not read
  kYamlCpp,  // yaml-cpp for all YAML: the judge that the fast reader is held to
};

std::vector<Document> ParseWith(Readers readers, FileId file, std::string_view text, Arena& arena,
                                const Limits& limits, Diagnostics& diagnostics,
                                bool* simple = nullptr);

}  // namespace plumbline::yaml
