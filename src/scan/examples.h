// The examples inside of rules are their tests: each text is evaluated by its front end and run
// through that one rule.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "model/resource.h"
#include "support/diagnostic.h"
#include "support/source.h"

namespace plumbline::scan {

/// An example's resources.
struct EvaluatedExample {
  SourceMap sources;
  model::ResourceGraph graph;
  Diagnostics diagnostics;
};
void EvaluateExample(const engine::RuleExample& example, EvaluatedExample& out);

/// An example that did not behave.
struct ExampleFailure {
  std::uint32_t rule = 0;
  std::string framework;
  bool bad = false;
  std::size_t number = 0;  // among the bad or good ones of its framework, from 1
  std::string problem;     // "no finding; undetermined: var.x has no default"
};

/// Runs one example: a bad one must give exactly one finding, on the line marked `# finding`; a
/// good one no finding and at least one pass. Empty when it is as it should be.
std::string RunExample(const engine::RuleSet& rules, std::uint32_t rule,
                       const engine::RuleExample& example);

/// Runs all examples of the given rules; failures come in the order of rules and examples.
std::vector<ExampleFailure> RunExamples(const engine::RuleSet& rules,
                                        const std::vector<std::uint32_t>& which,
                                        std::size_t& examples);

}  // namespace plumbline::scan
