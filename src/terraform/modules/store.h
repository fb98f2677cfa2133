// Where remote modules are on this machine: in a vendored folder, among what was just fetched, or
// in the cache, in this order. Never touches the network: fetching is somebody else's job, who
// tells the store the answers. Thread-safe once the answers are in.
#pragma once

#include <compare>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "support/fs.h"
#include "terraform/modules/cache.h"
#include "terraform/modules/source.h"
#include "terraform/modules/versions.h"

namespace plumbline::terraform {

/// `source` and `version` of a module call, as written.
struct ModuleRequest {
  std::string source, version;
  auto operator<=>(const ModuleRequest&) const = default;
};

/// What became of a request that went to the network.
struct FetchAnswer {
  std::string tree;     // the package on disk
  std::string subdir;   // the package's root inside the tree
  std::string version;  // of a registry module
  std::string error;    // not empty: why there is none
};

enum class PlaceKind : std::uint8_t { kFound, kInvalid, kUnsupported, kNotDownloaded, kFailed };

struct ModulePlace {
  PlaceKind kind = PlaceKind::kNotDownloaded;
  std::string dir;      // the module's folder, resolved
  std::string package;  // the folder that holds it with its neighbours, resolved
  std::string shown;    // how files of the package are named: "ns/name/provider@1.2.3"
  std::string problem;  // why it is not found
};

struct StoreOptions {
  std::vector<std::string> vendored;  // --vendored-modules, in order
  std::string cache;                  // folder, may be empty
  std::string registry;               // default registry host, may be empty
  bool download = false;              // what is not here is about to be asked for
};

class ModuleStore {
 public:
  ModuleStore(const FileSystem& fs, StoreOptions options);

  const StoreOptions& options() const { return options_; }

  /// The place of a module; the reference stays valid.
  const ModulePlace& Find(const ModuleRequest& request) const;
  /// True when the network has to be asked: not vendored, and not for good in the cache.
  bool WantsFetch(const ModuleRequest& request) const;
  void AddAnswer(const ModuleRequest& request, FetchAnswer answer);

 private:
  ModulePlace Locate(const ModuleRequest& request) const;
  bool FindVendored(const ModuleSource& source, const VersionConstraints& constraints,
                    ModulePlace& out) const;
  bool FindRegistryFolder(const std::string& root, const ModuleSource& source,
                          const VersionConstraints& constraints, ModulePlace& out) const;
  bool FindCached(const ModuleSource& source, const VersionConstraints& constraints,
                  ModulePlace& out) const;
  bool FindEntry(const ModuleSource& source, const VersionConstraints& constraints,
                 CacheEntry& out) const;
  void SetFolder(const std::string& package, const std::string& inner, const ModuleSource& source,
                 std::string_view version, ModulePlace& out) const;

  const FileSystem& fs_;
  StoreOptions options_;
  ModuleCache cache_;
  std::map<ModuleRequest, FetchAnswer> answers_;
  mutable std::mutex mutex_;
  mutable std::map<ModuleRequest, std::unique_ptr<ModulePlace>> places_;
};

}  // namespace plumbline::terraform
