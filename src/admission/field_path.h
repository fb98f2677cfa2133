// Which field of an object a place in its text belongs to.
#pragma once

#include <span>
#include <string>

#include "support/source.h"
#include "yaml/yaml.h"

namespace plumbline::admission {

/// "spec.containers[0].image" for the place of a finding; empty for the object itself. Lines and
/// columns are 1-based, columns count code points.
std::string FieldAt(const SourceMap& sources, FileId file,
                    std::span<const yaml::Document> documents, std::uint32_t line,
                    std::uint32_t column);

}  // namespace plumbline::admission
