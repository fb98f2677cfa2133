// Terraform plans in JSON among what is scanned: which sources they were made from.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "scan/manifests.h"
#include "support/diagnostic.h"
#include "support/fs.h"
#include "support/limits.h"
#include "support/result.h"
#include "support/source.h"
#include "terraform/plan.h"

namespace plumbline::scan {

/// The folder of the root module that a plan at `path` was made from: the plan's own folder, or one
/// above it within the repository, whose declarations are those of the plan. Empty when there is
/// none.
std::string FindPlanSources(const FileSystem& fs, terraform::ParsedFiles& files,
                            const terraform::PlanFile& plan, const std::string& path);

struct LoadedPlan {
  std::shared_ptr<const terraform::PlanFile> plan;
  FileId file = kNoFile;
  std::string shown;      // its path, for the user
  std::string dir;        // of its sources, may be empty
  bool is_given = false;  // named by the user, not met in a folder
};

struct LoadedPlans {
  std::vector<LoadedPlan> list;
  Diagnostics faults;  // of plans that cannot be read
  std::vector<std::string> notices;
};

/// Reads plans, and finds the sources each was made from.
class PlanLoader {
 public:
  /// `source`: the folder of the sources as the user names it, or empty. `base_dir`: what it is
  /// relative to, and what paths are shown relative to.
  PlanLoader(const FileSystem& fs, terraform::ParsedFiles& files, SourceMap& sources,
             const Limits& limits, std::string base_dir, std::string source)
      : fs_(fs),
        files_(files),
        sources_(sources),
        limits_(limits),
        base_dir_(std::move(base_dir)),
        source_(std::move(source)) {}

  /// An error when the named sources hold no Terraform files, or when `is_only_input` and the plan
  /// cannot be read.
  Result<void> Load(ManifestFile& file, bool is_given, bool is_only_input, LoadedPlans& out);

 private:
  Result<std::string> NamedSources() const;

  const FileSystem& fs_;
  terraform::ParsedFiles& files_;
  SourceMap& sources_;
  const Limits& limits_;
  const std::string base_dir_, source_;
};

}  // namespace plumbline::scan
