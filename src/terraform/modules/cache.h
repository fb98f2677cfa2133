// The content-addressed cache of downloaded modules:
//   FOLDER/modules/trees/<sha256 of the content>/…     a package, never changed once it is there
//   FOLDER/modules/index/<package key>/<version>.json   which tree a package has in a version
// Keys and versions are escaped to file names. Reading needs no lock: both trees and index files
// appear by a rename. `plumbline-fetch` writes, everything else reads.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/fs.h"

namespace plumbline::terraform {

struct CacheEntry {
  std::string tree;     // name below trees/
  std::string subdir;   // the package's root inside the tree, where a registry said so
  std::string version;  // of a registry module
  std::string commit;   // of a git repository
};

/// $PLUMBLINE_CACHE_DIR, $XDG_CACHE_HOME/plumbline or ~/.cache/plumbline; empty when there is none
/// of them.
std::string CacheFolder();

std::string TreesFolder(std::string_view cache);
std::string IndexFile(std::string_view cache, std::string_view key, std::string_view version);
std::string CacheEntryText(const CacheEntry& entry, std::string_view key);

class ModuleCache {
 public:
  /// An empty folder is an empty cache.
  ModuleCache(const FileSystem& fs, std::string folder) : fs_(fs), folder_(std::move(folder)) {}

  /// `version`: a registry module's version, a git ref or commit id; empty for archives and HEAD.
  std::optional<CacheEntry> Find(std::string_view key, std::string_view version) const;
  /// All versions that are there of a package, in no particular order.
  std::vector<std::string> Versions(std::string_view key) const;
  std::string TreePath(const CacheEntry& entry) const;

 private:
  const FileSystem& fs_;
  std::string folder_;
};

/// True for the full id of a git commit.
bool IsCommitId(std::string_view ref);

}  // namespace plumbline::terraform
