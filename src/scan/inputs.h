// What a scan was pointed at: folders walked, files told apart, and what findings may be about.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "plumbline/scan.h"
#include "scan/discover.h"
#include "scan/manifests.h"
#include "support/fs.h"
#include "support/limits.h"
#include "support/result.h"

namespace plumbline::scan {

class Inputs {
 public:
  /// `base_dir`: the working directory, absolute. All three must outlive the inputs.
  Inputs(const ScanOptions& options, const FileSystem& fs, const std::string& base_dir,
         const Limits& limits)
      : options_(options), fs_(fs), base_dir_(base_dir), limits_(limits) {}

  /// Walks the folders and looks at the files given; an error is wrong usage or an input that could
  /// not be read at all.
  Result<void> Find();

  Discovered& found() { return found_; }
  const Discovered& found() const { return found_; }
  /// Plans given as files; taken once.
  std::vector<ManifestFile>& plans() { return plans_; }
  /// Values files given as files, each with its chart.
  const std::vector<std::pair<std::string, std::string>>& values_files() const {
    return values_files_;
  }
  /// True for a file (absolute or relative to the working directory) that was given itself.
  bool IsGiven(const std::string& file) const {
    return single_files_.contains(JoinPath(base_dir_, file));
  }
  /// The folders given.
  const std::vector<std::string>& folders() const { return whole_folders_; }
  /// The folder that the paths and files of a module or kustomization may not leave.
  std::string AllowedRoot(const std::string& dir) const;
  /// False for what was not asked for: other files of a single file's module, excluded paths met
  /// through a caller. `file` is absolute or relative to the working directory; `plan_roots` are
  /// the folders of plans' sources.
  bool Covers(const std::string& file, const std::vector<std::string>& plan_roots) const;

 private:
  Result<void> TakeFolder(const std::string& path, const std::string& given,
                          const DiscoverOptions& o);
  Result<void> TakeFile(const std::string& path, const std::string& given);
  void TakeChartFile(const std::string& path, const std::string& chart);
  void TakeKustomizationBeside(const std::string& path);
  void AddVariableFiles(const std::string& dir);

  const ScanOptions& options_;
  const FileSystem& fs_;
  const std::string& base_dir_;
  const Limits& limits_;
  Discovered found_;
  std::map<std::string, std::string> allowed_roots_;  // by module folder
  std::vector<std::string> whole_folders_;
  std::set<std::string> single_files_;
  std::vector<std::pair<std::string, std::string>> values_files_;
  std::vector<ManifestFile> plans_;
};

}  // namespace plumbline::scan
