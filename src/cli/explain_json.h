// An explanation as JSON; the members are documented in docs/writing-rules.md.
#pragma once

#include <string>

#include "scan/explain.h"

namespace plumbline::cli {

std::string ExplanationJson(const scan::ExplainReport& report);

}  // namespace plumbline::cli
