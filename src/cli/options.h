// Command line → Settings. The only place that knows CLI11.
#pragma once

#include <string>
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

/// Parses the arguments behind `scan`.
ParsedArguments ParseScanArguments(const std::vector<std::string>& args);

}  // namespace plumbline::cli
