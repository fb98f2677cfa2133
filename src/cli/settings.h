// The settings of `plumbline scan`: one table that flags, the configuration file, help and
// completion are made from.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plumbline/scan.h"
#include "report/report.h"
#include "support/result.h"

namespace plumbline::cli {

enum class ColorMode : std::uint8_t { kAuto, kAlways, kNever };

/// One report to write.
struct Output {
  const report::Format* format = nullptr;
  std::string file;  // empty: stdout
};

/// Everything `scan` was told.
struct Settings {
  ScanOptions scan;
  std::vector<Output> outputs;
  std::string output_file;  // -o: belongs to the last output without a file
  Severity fail_on = Severity::kLow;
  bool soft_fail = false;
  bool show_ignored = false;  // in the cli report
  bool progress = true;
  bool quiet = false;
  ColorMode color = ColorMode::kAuto;
  std::string config_file;
  bool use_config = true;
  std::string stdin_filename;
  std::vector<std::string> notices;  // said on stderr before those of the scan
};

enum class SettingKind : std::uint8_t {
  kSwitch,  // present or not; true or false in the configuration
  kValue,   // one text
  kList,    // repeatable; a list in the configuration
  kLater,   // known, but not available in this version
};

struct Setting {
  std::string_view name;   // --name, and the key in the configuration
  std::string_view flags;  // every spelling, comma-separated, as on the command line
  SettingKind kind = SettingKind::kSwitch;
  std::string_view value_name;  // for help
  std::string_view help;
  /// Applies texts; a switch gets "true" or "false".
  Result<void> (*apply)(Settings& settings, const std::vector<std::string>& values) = nullptr;
  bool flag_replaces =
      false;  // a list given as flags replaces the configuration's instead of adding to it
  bool command_line_only = false;
  std::string_view config_alias = {};  // a second key in the configuration
  bool is_path = false;                // in the configuration: relative to its folder
};

/// Sorted by name.
std::span<const Setting> AllSettings();
/// By name or configuration alias; null when there is none.
const Setting* FindSetting(std::string_view name);

/// Checks what only holds of all settings together and pairs -o with its format.
Result<void> Complete(Settings& settings);

}  // namespace plumbline::cli
