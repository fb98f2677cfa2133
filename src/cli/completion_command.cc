#include "cli/completion_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "cli/command.h"
#include "cli/settings.h"
#include "report/report.h"

namespace plumbline::cli {
namespace {

constexpr const char* kUsage =
    "Usage: plumbline completion bash|fish|zsh\n\nPrints a completion script. For bash: source "
    "<(plumbline completion "
    "bash)\n";

// "--exclude" of "-e,--exclude,--skip-check": the first long spelling.
std::vector<std::string> LongFlags() {
  std::vector<std::string> out = {"--help"};
  for (const Setting& s : AllSettings()) {
    if (s.kind != SettingKind::kLater) out.push_back(fmt::format("--{}", s.name));
  }
  std::ranges::sort(out);
  return out;
}

std::vector<std::string> Formats() {
  std::vector<std::string> out;
  for (const report::Format& f : report::Formats()) out.emplace_back(f.name);
  return out;
}

struct Words {
  std::string_view flag;
  std::string words;
};

std::vector<Words> FlagValues() {
  return {{"--color", "auto always never"},
          {"--fail-on", "critical high medium low info"},
          {"--format", fmt::format("{}", fmt::join(Formats(), " "))},
          {"--framework", "kubernetes terraform"},
          {"--minimum-severity", "critical high medium low info"},
          {"--profile", "default strict"}};
}

std::string Bash(const std::string& commands) {
  std::string cases;
  for (const Words& v : FlagValues()) {
    cases += fmt::format("    {}) COMPREPLY=($(compgen -W \"{}\" -- \"$current\")); return ;;\n",
                         v.flag, v.words);
  }
  return fmt::format(R"(_plumbline() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" previous="${{COMP_WORDS[COMP_CWORD-1]}}"
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W "{} --help --version" -- "$current"))
    return
  fi
  case "$previous" in
{}  esac
  if [[ "$current" == -* && "${{COMP_WORDS[1]}}" == scan ]]; then
    COMPREPLY=($(compgen -W "{}" -- "$current"))
    return
  fi
  COMPREPLY=($(compgen -f -- "$current"))
}}
complete -o filenames -F _plumbline plumbline
)",
                     commands, cases, fmt::join(LongFlags(), " "));
}

std::string Fish(const std::string& commands) {
  std::string out =
      fmt::format("complete -c plumbline -n __fish_use_subcommand -f -a \"{}\"\n", commands);
  for (const std::string& flag : LongFlags()) {
    auto values = FlagValues();
    auto it = std::ranges::find(values, std::string_view(flag), &Words::flag);
    std::string tail = it == values.end() ? "" : fmt::format(" -x -a \"{}\"", it->words);
    out += fmt::format("complete -c plumbline -n \"__fish_seen_subcommand_from scan\" -l {}{}\n",
                       flag.substr(2), tail);
  }
  return out;
}

}  // namespace

std::string CompletionScript(std::string_view shell, const std::vector<std::string>& commands) {
  std::string words = fmt::format("{}", fmt::join(commands, " "));
  if (shell == "bash") return Bash(words);
  if (shell == "fish") return Fish(words);
  // zsh runs bash's script through its own bridge.
  if (shell == "zsh") return "autoload -U +X bashcompinit && bashcompinit\n" + Bash(words);
  return {};
}

int RunCompletion(const std::vector<std::string>& args) {
  if (args.size() == 1 && (args[0] == "--help" || args[0] == "-h")) {
    std::fputs(kUsage, stdout);
    return kExitOk;
  }
  if (args.size() != 1) return UsageError("completion needs one shell: bash, fish or zsh");
  std::string script = CompletionScript(args[0], CommandNames());
  if (script.empty())
    return UsageError(
        fmt::format("'{}' is no shell known here; expected bash, fish, zsh", args[0]));
  std::fputs(script.c_str(), stdout);
  return kExitOk;
}

}  // namespace plumbline::cli
