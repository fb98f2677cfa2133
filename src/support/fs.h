// Files behind an interface: the disk, the disk with unsaved editor text laid over it, or memory in
// tests.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"

namespace plumbline {

struct DirEntry {
  std::string name;
  bool is_directory = false;
  bool is_symlink = false;
};

/// Paths are absolute or relative to the process's working directory, with '/' as separator.
/// Thread-safe.
class FileSystem {
 public:
  virtual ~FileSystem() = default;
  /// The whole file; fails with a reason a user understands (absent, a folder, no permission, over
  /// `max_bytes`).
  virtual Result<std::string> ReadFile(const std::string& path, std::size_t max_bytes) const = 0;
  /// Entries sorted by name, without "." and "..". A symlink says so and tells what it leads to.
  virtual Result<std::vector<DirEntry>> ListDir(const std::string& path) const = 0;
  virtual bool IsFile(const std::string& path) const = 0;
  virtual bool IsDirectory(const std::string& path) const = 0;
  /// Absolute path with every symlink and dot segment resolved; empty when it does not exist.
  virtual std::string RealPath(const std::string& path) const = 0;
};

class DiskFileSystem final : public FileSystem {
 public:
  Result<std::string> ReadFile(const std::string& path, std::size_t max_bytes) const override;
  Result<std::vector<DirEntry>> ListDir(const std::string& path) const override;
  bool IsFile(const std::string& path) const override;
  bool IsDirectory(const std::string& path) const override;
  std::string RealPath(const std::string& path) const override;
};

/// `base` with some files replaced or added (`overlay`: real path → text); serves
/// `--stdin-filename` and tests.
class OverlayFileSystem final : public FileSystem {
 public:
  OverlayFileSystem(const FileSystem& base, std::map<std::string, std::string> overlay)
      : base_(base), overlay_(std::move(overlay)) {}
  Result<std::string> ReadFile(const std::string& path, std::size_t max_bytes) const override;
  Result<std::vector<DirEntry>> ListDir(const std::string& path) const override;
  bool IsFile(const std::string& path) const override;
  bool IsDirectory(const std::string& path) const override;
  std::string RealPath(const std::string& path) const override;

 private:
  const FileSystem& base_;
  std::map<std::string, std::string> overlay_;
};

/// "a/b/../c/./d" → "a/c/d"; purely textual. The empty result is ".".
std::string CleanPath(std::string_view path);
/// Joins with one '/'; an absolute `b` replaces `a`. The result is cleaned.
std::string JoinPath(std::string_view a, std::string_view b);
std::string_view DirName(std::string_view path);
std::string_view BaseName(std::string_view path);
/// How a path is shown: relative to `base` where it lies below it, else as it is. Without a base
/// (empty) always as it is.
std::string ShownBelow(std::string_view base, const std::string& path);
/// True when the cleaned `path` is `root` or lies below it (both absolute, or both relative).
bool IsWithin(std::string_view root, std::string_view path);

}  // namespace plumbline
