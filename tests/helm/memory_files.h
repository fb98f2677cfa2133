// Charts in memory: a map of absolute paths to texts, with the folders that follow from it.
#pragma once

#include <map>
#include <string>

#include "support/fs.h"

namespace plumbline::helm {

class MemoryFiles final : public FileSystem {
 public:
  explicit MemoryFiles(std::map<std::string, std::string> files) : files_(std::move(files)) {}

  Result<std::string> ReadFile(const std::string& path, std::size_t max_bytes) const override {
    auto it = files_.find(CleanPath(path));
    if (it == files_.end()) return Fail(path + ": no such file");
    if (it->second.size() > max_bytes) return Fail(path + ": too large");
    return it->second;
  }
  Result<std::vector<DirEntry>> ListDir(const std::string& path) const override {
    std::string folder = CleanPath(path);
    std::map<std::string, bool> names;  // name → folder
    for (const auto& [file, text] : files_) {
      if (file == folder || !IsWithin(folder, file)) continue;
      std::string rest = file.substr(folder == "/" ? 1 : folder.size() + 1);
      std::size_t slash = rest.find('/');
      names[rest.substr(0, slash)] = slash != std::string::npos;
    }
    std::vector<DirEntry> out;
    for (const auto& [name, is_folder] : names) out.push_back({name, is_folder, false});
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

}  // namespace plumbline::helm
