// Definitions → rule image: names are resolved, paths and types checked, CEL compiled.
#pragma once

#include <string>

#include "engine/definition.h"
#include "engine/image.h"

namespace plumbline::engine {

struct CompileSettings {
  /// Models that rules may be about beside the definitions' own; a model of the same name among
  /// those wins.
  Image base;
};

/// The image's bytes. Mistakes are appended to `definitions.errors`; then the result is empty.
std::string CompileImage(Definitions& definitions, const CompileSettings& settings);

}  // namespace plumbline::engine
