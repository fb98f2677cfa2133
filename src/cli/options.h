// Command line → Settings. The only place that knows CLI11.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace plumbline::cli {

/// One setting as it was given.
struct GivenSetting {
  const struct Setting* setting = nullptr;
  std::vector<std::string> values;
};

struct ParsedArguments {
  std::vector<std::string> paths;
  std::vector<GivenSetting> given;
  std::string error;  // not empty: wrong usage
  std::string help;   // not empty: --help was asked for
};

/// A command that takes settings of a scan.
struct ScanLike {
  std::string_view name, description, footer;
  std::string_view paths_help;
  std::span<const std::string_view> settings;  // the names of those it takes; empty: all
};

/// Parses the arguments behind `scan`.
ParsedArguments ParseScanArguments(const std::vector<std::string>& args);
/// The same for another command.
ParsedArguments ParseArguments(const ScanLike& command, const std::vector<std::string>& args);

}  // namespace plumbline::cli
