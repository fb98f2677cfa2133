// The environments of Terraform root modules, for --matrix: those of the configuration file, else
// one for each tfvars file that Terraform does not load by itself.
#pragma once

#include <string>
#include <vector>

#include "plumbline/scan.h"
#include "support/fs.h"
#include "terraform/terraform.h"

namespace plumbline::scan {

/// Whether a configured environment is about the root module or chart in this folder (absolute).
bool IsEnvironmentOf(const ConfiguredEnvironment& environment, const std::string& project);

/// For each of `roots` (absolute folders) its environments, sorted by name; none when there is
/// nothing to tell apart. A tfvars file belongs to the root module at or above its folder; one
/// beside the root modules belongs to those that declare all it sets. `variable_files` are absolute
/// and sorted.
std::vector<std::vector<terraform::Environment>> FindEnvironments(
    terraform::ParsedFiles& files, const std::vector<std::string>& roots,
    const std::vector<std::string>& module_dirs, const std::vector<std::string>& variable_files,
    const ScanOptions& options);

}  // namespace plumbline::scan
