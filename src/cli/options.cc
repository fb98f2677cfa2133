#include "cli/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <deque>

#include "cli/settings.h"

namespace plumbline::cli {
namespace {

constexpr ScanLike kScan{
    "scan",
    "Finds every Terraform project and Kubernetes manifest under the paths, evaluates them, runs "
    "the rules and reports.",
    "Exit codes: 0 nothing at or above the threshold, 1 findings, 2 wrong usage or unreadable "
    "input.",
    "folders and files; - reads manifests from stdin (default: .)",
    {}};

struct Slot {
  const Setting* setting;
  std::vector<std::string> values;
  CLI::Option* option = nullptr;
};

CLI::Option* AddSetting(CLI::App& app, Slot& slot) {
  const Setting& s = *slot.setting;
  std::string flags(s.flags), help(s.help);
  switch (s.kind) {
    case SettingKind::kSwitch:
      return app.add_flag(flags)->description(help);
    case SettingKind::kLater:
      // Takes an optional value so that every way of writing it is understood.
      return app.add_option(flags, slot.values, "not available in this version yet")
          ->expected(0, 1)
          ->group("");
    case SettingKind::kValue:
    case SettingKind::kList:
      return app.add_option(flags, slot.values, help)
          ->type_name(std::string(s.value_name))
          ->expected(1)
          ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
          ->allow_extra_args(false);
  }
  return nullptr;
}

}  // namespace

ParsedArguments ParseScanArguments(const std::vector<std::string>& args) {
  return ParseArguments(kScan, args);
}

ParsedArguments ParseArguments(const ScanLike& command, const std::vector<std::string>& args) {
  ParsedArguments out;
  CLI::App app(std::string(command.description), fmt::format("plumbline {}", command.name));
  app.footer(std::string(command.footer));
  app.add_option("PATH", out.paths, std::string(command.paths_help));
  app.add_option("-d,--directory,--file,-p,--path", out.paths,
                 "the same as PATH, as other tools have it")
      ->group("")
      ->allow_extra_args(false);
  std::deque<Slot> slots;
  for (const Setting& s : AllSettings()) {
    if (!command.settings.empty() &&
        std::ranges::find(command.settings, s.name) == command.settings.end())
      continue;
    slots.push_back({&s, {}});
    slots.back().option = AddSetting(app, slots.back());
  }
  try {
    std::vector<std::string> reversed(args.rbegin(), args.rend());
    app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    out.help = app.help();
    return out;
  } catch (const CLI::Error& e) {
    out.error = e.what();
    return out;
  }
  for (Slot& slot : slots) {
    if (slot.option->count() > 0) out.given.push_back({slot.setting, std::move(slot.values)});
  }
  return out;
}

}  // namespace plumbline::cli
