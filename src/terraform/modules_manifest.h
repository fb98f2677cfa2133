// `.terraform/modules/modules.json`: where `terraform init` put the modules of a root module.
#pragma once

#include <string>
#include <vector>

#include "support/fs.h"
#include "support/limits.h"

namespace plumbline::terraform {

struct ManifestEntry {
  std::string key;  // "eks.kms": the path of call names
  std::string dir;  // absolute or relative to the process, not resolved
};

/// Empty when the root module was never initialised (or the file is no manifest).
std::vector<ManifestEntry> ReadModulesManifest(const FileSystem& fs, const std::string& root_dir,
                                               const Limits& limits);

}  // namespace plumbline::terraform
