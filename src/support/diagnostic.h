// Faults found in the user's files while reading and evaluating them. The scan turns each into a
// finding.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/source.h"

namespace plumbline {

/// The rule id under which a diagnostic is reported. All texts live in `scan/diagnostic_rules.cc`.
enum class DiagnosticCode : std::uint8_t {
  kParseError,            // a file has a syntax error
  kUnreadable,            // a file could not be read: permissions, binary, invalid UTF-8
  kLimit,                 // an input is larger than a limit allows
  kModuleNotFound,        // a module call whose source is not there
  kCycle,                 // a value or module that refers to itself
  kEvaluationError,       // an expression Terraform would refuse
  kInvalidVariable,       // a wrong tfvars value, a failing validation
  kUndeclaredArgument,    // a module argument that the module does not declare
  kDuplicate,             // something declared twice
  kInvalidConfiguration,  // a block that Terraform would refuse as it stands
  kFailedCondition,       // a precondition, postcondition or check that is known to be false
  kUndeclaredValue,       // a variables file sets what no variable is there for
  kModuleNotDownloaded,   // a module call whose source is remote and not on this machine
  kModuleUnavailable,     // a module call whose source was asked for and could not be had
  kTemplateError,         // a chart that Helm would refuse to render
  kChartNeedsValues,      // a chart that refuses its own defaults
  kChartDependency,       // a chart whose dependency is not in charts/
  kKustomization,         // a kustomization that Kustomize would refuse to build
  kRemoteBase,            // a base or chart of a kustomization that is not on this machine
};

struct Diagnostic {
  DiagnosticCode code = DiagnosticCode::kParseError;
  std::string message;  // what is wrong and what was expected
  Span span;
  std::string resource = {};  // address, where it belongs to one
};
using Diagnostics = std::vector<Diagnostic>;

}  // namespace plumbline
