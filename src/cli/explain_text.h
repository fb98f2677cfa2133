// An explanation for people: the rule, what it says of the resource and where, and the conditions
// as trees.
#pragma once

#include <string>

#include "scan/explain.h"

namespace plumbline::cli {

std::string ExplanationText(const scan::ExplainReport& report, bool color);

}  // namespace plumbline::cli
