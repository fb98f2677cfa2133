// What `plumbline WORD …` runs. Each command lives in its own file; `main.cc` holds the sorted
// table of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plumbline::cli {

/// Exit codes shared by every command.
inline constexpr int kExitOk = 0;        // nothing to object to
inline constexpr int kExitFindings = 1;  // findings, failed tests, a denied request
inline constexpr int kExitUsage = 2;     // wrong usage, or an input that could not be read at all

/// Gets the arguments behind the command's name and answers with the exit code.
using Command = int (*)(const std::vector<std::string>& args);

struct CommandEntry {
  std::string_view name;
  std::string_view help;
  Command run = nullptr;  // null: comes in a later version
};

/// Null when there is no such command.
const CommandEntry* FindCommand(std::string_view name);
/// What `plumbline --help` prints.
std::string CommandHelp();
/// The names of the commands that can be run.
std::vector<std::string> CommandNames();

/// "plumbline: MESSAGE" on stderr; returns kExitUsage.
int UsageError(const std::string& message);

}  // namespace plumbline::cli
