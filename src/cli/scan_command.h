// `plumbline scan`, and what other commands over scans share with it.
#pragma once

#include <string>
#include <vector>

#include "cli/options.h"
#include "cli/settings.h"
#include "support/result.h"

namespace plumbline::cli {

int RunScan(const std::vector<std::string>& args);

/// Arguments, environment and configuration file → everything a scan needs.
Result<Settings> MakeSettings(ParsedArguments arguments);
/// Whether text on stdout is coloured.
bool UseColor(const Settings& settings);

}  // namespace plumbline::cli
