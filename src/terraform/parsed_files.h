// Files and folders read and parsed once, shared by every project of a scan. Each folder (and each
// tfvars file) has an arena of its own, so folders parse in parallel; what is handed out is
// immutable.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "support/arena.h"
#include "support/diagnostic.h"
#include "support/fs.h"
#include "support/limits.h"
#include "support/source.h"
#include "terraform/config.h"

namespace plumbline::terraform {

/// A module call as it is known without the module's trees.
struct CallSite {
  std::string name, source, version;
};

/// A module folder, parsed. Its trees can be released and are then made again from the texts.
struct ParsedModule {
  struct File {
    std::string name;
    FileId id = kNoFile;
  };

  std::mutex mutex;  // guards loading and releasing
  bool read = false, parsed = false, told = false;
  std::string dir;  // absolute, symlinks resolved
  std::vector<File> files;
  Arena arena;
  ModuleConfig config;
  Diagnostics diagnostics;  // of the first time it was parsed
  std::size_t file_count = 0;
  std::size_t found = 0;        // files that should have been read
  std::vector<CallSite> calls;  // stays when the trees are released
};

/// A tfvars file or the text of a --var or TF_VAR_ value.
struct ParsedVariables {
  std::once_flag once;
  Arena arena;
  const hcl::Body* body = nullptr;  // null when the file could not be read
  FileId file = kNoFile;
  Diagnostics diagnostics;
};

class ParsedFiles : public std::enable_shared_from_this<ParsedFiles> {
 public:
  ParsedFiles(const FileSystem& fs, SourceMap& sources, const Limits& limits, std::string base_dir);

  /// The module in `dir`; null when the folder is not there. Parsed on first use.
  const ParsedModule* Module(const std::string& dir);
  /// Frees the trees of the module in `dir`; nobody may hold on to them. Texts stay.
  void Release(const std::string& dir);
  /// A tfvars file (`.json` by its name).
  const ParsedVariables* Variables(const std::string& path);

  const FileSystem& fs() const { return fs_; }
  SourceMap& sources() { return sources_; }
  const Limits& limits() const { return limits_; }
  /// The calls of the module in `dir`; empty when it is not there.
  std::vector<CallSite> Calls(const std::string& dir);
  /// How a file is shown to the user.
  std::string ShownPath(const std::string& path) const;
  /// Files below `dir` (resolved) are shown as `shown//path`, from the first one who says so on;
  /// not while files are being parsed.
  void AddPackage(const std::string& dir, const std::string& shown);
  /// True for the shown path of a package's file.
  bool IsPackageFile(std::string_view shown) const;
  /// `path` made absolute against the working directory; not resolved.
  std::string Absolute(const std::string& path) const;

  /// All diagnostics of parsing, in the order of folders and files; each is handed out once.
  Diagnostics Take();

 private:
  void Read(ParsedModule& module);
  void Parse(ParsedModule& module);
  std::vector<std::string> ModuleFileNames(const ParsedModule& module) const;

  const FileSystem& fs_;
  SourceMap& sources_;
  const Limits limits_;
  std::string base_dir_;  // as shown: files below it are shown relative to it
  std::string real_base_dir_;
  std::map<std::string, std::string, std::less<>> packages_;  // folder → how it is shown
  std::mutex mutex_;
  std::unordered_map<std::string, std::unique_ptr<ParsedModule>> modules_;
  std::unordered_map<std::string, std::unique_ptr<ParsedVariables>> variables_;
};

/// The folder a local module source names, absolute and resolved; empty when it is not there.
std::string ResolveLocalSource(const FileSystem& fs, const std::string& module_dir,
                               std::string_view source);

/// True for the name of a file that belongs to a module (.tf, .tofu, .tf.json, .tofu.json; no
/// editor backups).
bool IsModuleFileName(std::string_view name);

}  // namespace plumbline::terraform
