#include "cli/test_command.h"

#include <fmt/format.h>

#include <cstdio>

#include "cli/command.h"
#include "engine/engine.h"
#include "scan/examples.h"
#include "support/fs.h"

namespace plumbline::cli {
namespace {

constexpr const char* kUsage =
    "Usage: plumbline test PATH... [--rule PATTERN]...\n\n"
    "Loads the rules and models under the paths (built-in models are there too) and runs the "
    "rules' examples: a bad one\n"
    "must give exactly one finding, on the line marked `# finding`; a good one none and at least "
    "one pass.\n";

std::string Plural(std::size_t n, const char* what) {
  return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

}  // namespace

int RunTestExamples(const std::vector<std::string>& paths,
                    const std::vector<std::string>& patterns) {
  const auto rules = engine::RuleSet::Load(DiskFileSystem(), paths, true);
  if (!rules) {
    std::fprintf(stderr, "%s\n", rules.error().message.c_str());
    return kExitUsage;
  }
  std::vector<bool> wanted(rules->size(), patterns.empty());
  for (const std::string& p : patterns) {
    for (std::uint32_t r : rules->Match(p)) wanted[r] = true;
  }
  std::vector<std::uint32_t> which;
  for (std::uint32_t i = 0; i < rules->size(); ++i) {
    if (wanted[i]) which.push_back(i);
  }
  if (which.empty()) return UsageError("there is no rule to test under these paths");
  std::size_t examples = 0;
  const auto failures = scan::RunExamples(*rules, which, examples);
  for (const scan::ExampleFailure& f : failures) {
    std::printf("FAIL %s: %s %s example %zu: %s\n", std::string(rules->Id(f.rule)).c_str(),
                f.framework.c_str(), f.bad ? "bad" : "good", f.number, f.problem.c_str());
  }
  std::printf("%s, %s, %zu failed\n", Plural(which.size(), "rule").c_str(),
              Plural(examples, "example").c_str(), failures.size());
  return failures.empty() ? kExitOk : kExitFindings;
}

int RunTest(const std::vector<std::string>& args) {
  std::vector<std::string> paths, patterns;
  for (std::size_t i = 0; i < args.size(); ++i) {
    if (args[i] == "--help" || args[i] == "-h") {
      std::fputs(kUsage, stdout);
      return kExitOk;
    }
    if (args[i] == "--rule" && i + 1 < args.size()) {
      patterns.push_back(args[++i]);
    } else if (args[i].starts_with("-")) {
      return UsageError(fmt::format("unknown option {}; see plumbline test --help", args[i]));
    } else {
      paths.push_back(args[i]);
    }
  }
  if (paths.empty()) return UsageError("test needs a path; see plumbline test --help");
  return RunTestExamples(paths, patterns);
}

}  // namespace plumbline::cli
