// One request → one package in the cache: asks the registry, follows addresses, downloads, checks,
// unpacks and files the tree under its hash.
#pragma once

#include <string>

#include "fetch/limits.h"
#include "support/result.h"
#include "terraform/modules/cache.h"
#include "terraform/modules/source.h"
#include "terraform/modules/store.h"

namespace plumbline::fetch {

struct FetchOptions {
  std::string cache;     // folder
  std::string registry;  // host of sources that name none
  FetchLimits limits;
};

class Downloader {
 public:
  /// `scratch`: an empty folder on the cache's file system.
  Downloader(const FetchOptions& options, std::string scratch);

  /// `error` of the answer says why there is none.
  terraform::FetchAnswer Get(const terraform::ModuleRequest& request);

 private:
  /// A package on its way: where its content comes from, and its folder inside.
  struct Package {
    terraform::CacheEntry entry;
    std::string subdir;  // asked for by the addresses on the way
  };

  Result<terraform::FetchAnswer> Answer(const terraform::ModuleRequest& request);
  Result<Package> FromRegistry(const terraform::ModuleSource& source,
                               const terraform::VersionConstraints& constraints);
  Result<Package> FromAddress(const terraform::ModuleSource& source, std::uint32_t hops);
  Result<Package> FromGit(const terraform::ModuleSource& source);
  Result<Package> FromHttp(const terraform::ModuleSource& source, std::uint32_t hops);
  Result<Package> FromArchive(const terraform::ModuleSource& source);
  Result<std::string> Keep(const std::string& folder, const std::string& hash) const;
  Result<void> Remember(const std::string& key, const std::string& version,
                        const terraform::CacheEntry& entry) const;
  Result<std::string> NewFolder();

  const FetchOptions& options_;
  std::string scratch_;
  int folders_ = 0;
};

/// The content of <meta name="terraform-get" content="…"> in a page; empty when there is none.
std::string TerraformGetOfPage(std::string_view page);

/// Does the file have the checksum of `?checksum=` ("sha256:…", or digits alone)?
Result<void> CheckChecksum(const std::string& file, std::string_view checksum);

}  // namespace plumbline::fetch
