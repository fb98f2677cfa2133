// The program: looks the command up in one sorted table and runs it. Nothing is set up before that,
// so that start-up costs next to nothing.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

#include "cli/admit_command.h"
#include "cli/cel_command.h"
#include "cli/command.h"
#include "cli/completion_command.h"
#include "cli/console_command.h"
#include "cli/init_command.h"
#include "cli/model_command.h"
#include "cli/rules_command.h"
#include "cli/scan_command.h"
#include "cli/test_command.h"
#include "plumbline/version.h"

namespace plumbline::cli {
namespace {

struct CommandEntry {
  std::string_view name;
  std::string_view help;
  Command run = nullptr;  // null: comes in a later version
};

constexpr auto kCommands = std::to_array<CommandEntry>({
    {"admit", "answer an AdmissionReview on stdin", &RunAdmit},
    {"baseline", "accept today's findings"},
    {"cel", "evaluate a CEL expression", &RunCelCommand},
    {"completion", "completion script for bash, fish or zsh", &RunCompletion},
    {"console", "evaluate Terraform expressions", &RunConsole},
    {"fix", "apply fixes"},
    {"init", "write a commented configuration file", &RunInit},
    {"jp", "evaluate a JMESPath expression"},
    {"lsp", "language server on stdio"},
    {"merge", "merge SARIF reports of shards"},
    {"model", "the resource model as JSON", &RunModel},
    {"rego", "evaluate, test, check and format Rego policies"},
    {"render", "the manifests of a Helm chart or a kustomization"},
    {"rules", "list the rules, show one", &RunRules},
    {"scan", "scan folders and files, the main job", &RunScan},
    {"serve", "HTTPS admission webhook"},
    {"test", "run the examples inside rules", &RunTest},
});
static_assert(std::ranges::is_sorted(kCommands, {}, &CommandEntry::name));

std::string Help() {
  std::string out =
      "plumbline tells whether what you built stands straight: a static analyser for Terraform and "
      "Kubernetes.\n\n"
      "Usage: plumbline COMMAND [ARGUMENT…]\n\nCommands:\n";
  for (const CommandEntry& c : kCommands) {
    if (c.run != nullptr) out += fmt::format("  {:<12}{}\n", c.name, c.help);
  }
  out += "\nIn later versions:\n";
  for (const CommandEntry& c : kCommands) {
    if (c.run == nullptr) out += fmt::format("  {:<12}{}\n", c.name, c.help);
  }
  return out + "\nplumbline COMMAND --help tells more; plumbline --version prints the version.\n";
}

int Run(const std::vector<std::string>& args) {
  if (args.empty() || args[0] == "--help" || args[0] == "-h" || args[0] == "help") {
    std::fputs(Help().c_str(), stdout);
    return kExitOk;
  }
  auto it = std::ranges::lower_bound(kCommands, std::string_view(args[0]), {}, &CommandEntry::name);
  if (it == kCommands.end() || it->name != args[0]) {
    return UsageError(
        fmt::format("'{}' is no command; did you mean `plumbline scan {}`? See plumbline --help",
                    args[0], args[0]));
  }
  if (it->run == nullptr) {
    return UsageError(
        fmt::format("the command '{}' is not available in this version yet", it->name));
  }
  return it->run({args.begin() + 1, args.end()});
}

}  // namespace

std::vector<std::string> CommandNames() {
  std::vector<std::string> names;
  for (const CommandEntry& c : kCommands) {
    if (c.run != nullptr) names.emplace_back(c.name);
  }
  return names;
}

}  // namespace plumbline::cli

int main(int argc, char** argv) {
  std::string_view first = argc > 1 ? argv[1] : "";
  if (first == "--version" || first == "-V" || first == "version") {
    std::printf("plumbline %s\n", plumbline::Version());
    return 0;
  }
  return plumbline::cli::Run({argv + 1, argv + argc});
}
