#include "cli/console_command.h"

#include <cstdio>
#include <string_view>

#include "cli/command.h"
#include "cli/terraform_options.h"
#include "scan/remote_modules.h"

namespace plumbline::cli {
namespace {

constexpr char kHelp[] =
    "Usage: plumbline console [DIR] [--json] [--var NAME=V]… [--var-file F]… [--workspace NAME]\n"
    "       [--allow-path PATH]… [--vendored-modules DIR]… [--module-registry HOST]\n"
    "       [--download-modules]\n\n"
    "Evaluates Terraform expressions in the scope of DIR, one a line on stdin.\n"
    "--json answers each line with {\"value\":…,\"type\":…} or {\"error\":\"…\"}; unknown is "
    "{\"$unknown\":true}.\n";

/// False at the end of the input.
bool ReadLine(std::string& line) {
  line.clear();
  int c = 0;
  while ((c = std::getchar()) != EOF) {
    if (c == '\n') return true;
    line += static_cast<char>(c);
  }
  return !line.empty();
}

}  // namespace

int RunConsole(const std::vector<std::string>& args) {
  TerraformArguments given = ParseTerraformArguments(args);
  if (given.help) {
    std::fputs(kHelp, stdout);
    return kExitOk;
  }
  if (!given.error.empty()) return UsageError(given.error);
  DiskFileSystem fs;
  if (!fs.IsDirectory(given.path)) return UsageError("'" + given.path + "' is no folder");
  std::string root = DefaultRoot(fs, given.path);
  scan::RemoteModules remote(fs, given.modules, {given.path, root});
  {
    SourceMap sources;
    auto files = terraform::MakeParsedFiles(fs, sources, Limits(), given.path);
    remote.Resolve(*files, {given.path});
  }
  given.options.modules = remote.store();
  terraform::Console console(fs, given.path, root, std::move(given.options));
  std::string line, text;
  bool all_ok = true;
  while (ReadLine(line)) {
    if (given.json) {
      text = console.EvaluateJson(line);
    } else if (!console.EvaluateText(line, text)) {
      all_ok = false;
      std::fprintf(stderr, "Error: %s\n", text.c_str());
      continue;
    }
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fputc('\n', stdout);
    std::fflush(stdout);
  }
  return all_ok ? kExitOk : kExitFindings;
}

}  // namespace plumbline::cli
