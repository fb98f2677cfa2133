// Parts of templates in the form in which Go's messages show them: blanks are normalised, operands
// that are pipelines stand in parentheses.
#pragma once

#include <string>

#include "gotmpl/ast.h"

namespace plumbline::gotmpl {

std::string Show(const Operand& operand);
std::string Show(const Command& command);
std::string Show(const Pipe& pipe);
/// {{template "name" pipe}}.
std::string ShowTemplate(const Node& node);

}  // namespace plumbline::gotmpl
