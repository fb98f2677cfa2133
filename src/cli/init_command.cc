#include "cli/init_command.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "cli/command.h"
#include "cli/config.h"
#include "plumbline/version.h"

namespace plumbline::cli {
namespace {

constexpr const char* kUsage =
    "Usage: plumbline init [DIR]\n\nWrites DIR/.plumbline.yaml (default: here) with every key "
    "commented out; never "
    "overwrites one.\n";

void PrintNextSteps(const std::string& file) {
  fmt::print("Wrote {}.\n\nTo scan before every commit, add this to .pre-commit-config.yaml:\n\n",
             file);
  fmt::print(
      "repos:\n"
      "  - repo: local\n"
      "    hooks:\n"
      "      - id: plumbline\n"
      "        name: plumbline {}\n"
      "        entry: plumbline scan\n"
      "        language: system\n"
      "        types_or: [terraform, yaml, json]\n"
      "        pass_filenames: false\n",
      Version());
}

}  // namespace

int RunInit(const std::vector<std::string>& args) {
  if (args.size() > 1)
    return UsageError("init takes one folder at most (see plumbline init --help)");
  if (!args.empty() && (args[0] == "--help" || args[0] == "-h")) {
    std::fputs(kUsage, stdout);
    return kExitOk;
  }
  if (!args.empty() && args[0].starts_with("-")) {
    return UsageError(fmt::format("init does not know '{}' (see plumbline init --help)", args[0]));
  }
  std::string file = args.empty() || args[0] == "." ? kConfigName : JoinPath(args[0], kConfigName);
  // "x": fails when the file is there, also when it appears at this moment.
  std::FILE* f = std::fopen(file.c_str(), "wx");
  if (f == nullptr) {
    return UsageError(errno == EEXIST
                          ? fmt::format("{} is already there and is not overwritten", file)
                          : fmt::format("{}: {}", file, std::strerror(errno)));
  }
  std::string text = ConfigTemplate();
  bool ok = std::fwrite(text.data(), 1, text.size(), f) == text.size();
  if (std::fclose(f) != 0 || !ok) return UsageError(fmt::format("{}: cannot be written", file));
  PrintNextSteps(file);
  return kExitOk;
}

}  // namespace plumbline::cli
