// Files in memory: a map of absolute paths to texts. Links do not exist.
#pragma once

#include <map>
#include <set>
#include <string>

#include "support/fs.h"

namespace plumbline::kustomize {

class MemoryFileSystem final : public FileSystem {
 public:
  explicit MemoryFileSystem(std::map<std::string, std::string> files) : files_(std::move(files)) {}

  Result<std::string> ReadFile(const std::string& path, std::size_t max_bytes) const override {
    auto it = files_.find(CleanPath(path));
    if (it == files_.end()) return Fail(path + ": no such file");
    if (it->second.size() > max_bytes) return Fail(path + ": too large");
    return it->second;
  }
  Result<std::vector<DirEntry>> ListDir(const std::string& path) const override {
    std::set<std::string> names;
    for (const auto& [file, text] : files_) {
      if (DirName(file) == CleanPath(path)) names.emplace(BaseName(file));
    }
    std::vector<DirEntry> out;
    for (const std::string& name : names) out.push_back({name});
    return out;
  }
  bool IsFile(const std::string& path) const override { return files_.contains(CleanPath(path)); }
  bool IsDirectory(const std::string& path) const override {
    std::string folder = CleanPath(path);
    for (const auto& [file, text] : files_) {
      if (file != folder && IsWithin(folder, file)) return true;
    }
    return false;
  }
  std::string RealPath(const std::string& path) const override {
    return IsFile(path) || IsDirectory(path) ? CleanPath(path) : std::string();
  }

 private:
  std::map<std::string, std::string> files_;
};

}  // namespace plumbline::kustomize
