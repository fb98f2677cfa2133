// `plumbline test PATH…`: runs the examples inside rule files.
#pragma once

#include <string>
#include <vector>

namespace plumbline::cli {

int RunTest(const std::vector<std::string>& args);

/// Loads the rules under `paths` and runs their examples; `patterns` narrow the rules. Prints each
/// failure and a summary.
int RunTestExamples(const std::vector<std::string>& paths,
                    const std::vector<std::string>& patterns);

}  // namespace plumbline::cli
