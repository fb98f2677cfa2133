// The module registry protocol: service discovery, the versions of a module, where a version is.
#pragma once

#include <string>
#include <vector>

#include "fetch/limits.h"
#include "support/result.h"
#include "terraform/modules/source.h"

namespace plumbline::fetch {

class Registry {
 public:
  /// `host`: with its port.
  Registry(std::string host, const FetchLimits& limits);

  Result<std::vector<std::string>> Versions(const terraform::ModuleSource& module);
  /// The address (as in `source`, never a registry's) that holds the version.
  Result<std::string> Location(const terraform::ModuleSource& module, const std::string& version);

 private:
  Result<void> Discover();
  std::string ModuleUrl(const terraform::ModuleSource& module) const;

  std::string host_, token_, base_;
  const FetchLimits& limits_;
};

}  // namespace plumbline::fetch
