// Terraform plans in JSON among what is scanned: which sources they were made from.
#pragma once

#include <memory>
#include <string>

#include "support/fs.h"
#include "support/result.h"
#include "terraform/plan.h"

namespace plumbline::scan {

/// The folder of the root module that a plan at `path` was made from: the plan's own folder, or one
/// above it within the repository, whose declarations are those of the plan. Empty when there is
/// none.
std::string FindPlanSources(const FileSystem& fs, terraform::ParsedFiles& files,
                            const terraform::PlanFile& plan, const std::string& path);

/// The same for a folder that the user names: an error when it holds no Terraform files.
Result<std::string> CheckPlanSources(const FileSystem& fs, const std::string& dir,
                                     const std::string& given);

}  // namespace plumbline::scan
