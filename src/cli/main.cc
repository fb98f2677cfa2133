// The program: looks the command up and runs it. Nothing is set up before that, so that start-up
// costs next to nothing.
#include <fmt/format.h>

#include <cstdio>
#include <string_view>

#include "cli/command.h"
#include "plumbline/version.h"

namespace plumbline::cli {
namespace {

int Run(const std::vector<std::string>& args) {
  if (args.empty() || args[0] == "--help" || args[0] == "-h" || args[0] == "help") {
    std::fputs(CommandHelp().c_str(), stdout);
    return kExitOk;
  }
  const CommandEntry* it = FindCommand(args[0]);
  if (it == nullptr) {
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
}  // namespace plumbline::cli

int main(int argc, char** argv) {
  std::string_view first = argc > 1 ? argv[1] : "";
  if (first == "--version" || first == "-V" || first == "version") {
    std::printf("plumbline %s\n", plumbline::Version());
    return 0;
  }
  return plumbline::cli::Run({argv + 1, argv + argc});
}
