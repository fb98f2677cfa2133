// The one list of commands: dispatch, help and completion read it.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/admit_command.h"
#include "cli/cel_command.h"
#include "cli/command.h"
#include "cli/completion_command.h"
#include "cli/console_command.h"
#include "cli/explain_command.h"
#include "cli/init_command.h"
#include "cli/model_command.h"
#include "cli/render_command.h"
#include "cli/rules_command.h"
#include "cli/scan_command.h"
#include "cli/test_command.h"

namespace plumbline::cli {
namespace {

constexpr auto kCommands = std::to_array<CommandEntry>({
    {"admit", "answer an AdmissionReview on stdin", &RunAdmit},
    {"baseline", "accept today's findings"},
    {"cel", "evaluate a CEL expression", &RunCelCommand},
    {"completion", "completion script for bash, fish or zsh", &RunCompletion},
    {"console", "evaluate Terraform expressions", &RunConsole},
    {"explain", "how a rule was evaluated on one resource", &RunExplain},
    {"fix", "apply fixes"},
    {"init", "write a commented configuration file", &RunInit},
    {"jp", "evaluate a JMESPath expression"},
    {"lsp", "language server on stdio"},
    {"merge", "merge SARIF reports of shards"},
    {"model", "the resource model as JSON", &RunModel},
    {"rego", "evaluate, test, check and format Rego policies"},
    {"render", "the manifests of a Helm chart or a kustomization", &RunRender},
    {"rules", "list the rules, show one", &RunRules},
    {"scan", "scan folders and files, the main job", &RunScan},
    {"serve", "HTTPS admission webhook"},
    {"test", "run the examples inside rules", &RunTest},
});
static_assert(std::ranges::is_sorted(kCommands, {}, &CommandEntry::name));

}  // namespace

const CommandEntry* FindCommand(std::string_view name) {
  auto it = std::ranges::lower_bound(kCommands, name, {}, &CommandEntry::name);
  return it != kCommands.end() && it->name == name ? &*it : nullptr;
}

std::string CommandHelp() {
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

std::vector<std::string> CommandNames() {
  std::vector<std::string> names;
  for (const CommandEntry& c : kCommands) {
    if (c.run != nullptr) names.emplace_back(c.name);
  }
  return names;
}

}  // namespace plumbline::cli
