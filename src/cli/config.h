// `.plumbline.yaml`: every flag of `scan` as a key, and ignores. Where there is none, the simple
// keys of tfsec's, trivy's and checkov's files are understood, and said to be.
#pragma once

#include <string>
#include <vector>

#include "cli/settings.h"
#include "support/fs.h"
#include "support/result.h"

namespace plumbline::cli {

/// One key of a configuration file.
struct ConfigEntry {
  const Setting* setting = nullptr;
  std::vector<std::string> values;
  std::string place;  // "file:line"
};

struct Config {
  std::vector<ConfigEntry> entries;
  std::vector<ConfiguredIgnore> ignores;
  std::vector<ConfiguredEnvironment> environments;
  std::vector<std::string> notices;
};

/// Reads `explicit_file`, or when that is empty the nearest `.plumbline.yaml` from `start` (a
/// folder) up to its repository's root. A fault is an error that names file and line.
Result<Config> LoadConfig(const FileSystem& fs, const std::string& explicit_file,
                          const std::string& start);

/// The file `plumbline init` writes: every key, commented out.
std::string ConfigTemplate();

inline constexpr const char* kConfigName = ".plumbline.yaml";

}  // namespace plumbline::cli
