// `plumbline cel`: a calculator for the Common Expression Language.
#pragma once

#include <string>
#include <vector>

namespace plumbline::cli {

struct CelArgs {
  std::string expression;
  std::string bindings_file;  // JSON object: variable → value (typed values with `typed`)
  std::string container;      // where names are looked up first
  bool typed = false;         // values are written and read as {"int": "1"}
  bool no_check = false;      // no type check: faults are met when evaluated
  bool lenient = false;       // the dialect of rules: absent is null
};

/// Prints the value (or {"error": …} with `typed`) on stdout. Exit code: 0, 1 when the expression
/// fails without `typed`, 2 when the bindings cannot be read.
int RunCel(const CelArgs& args);

/// `plumbline cel ARGUMENT…`
int RunCelCommand(const std::vector<std::string>& args);

}  // namespace plumbline::cli
