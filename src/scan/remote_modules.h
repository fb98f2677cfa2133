// Remote modules of a scan: where they are looked for, and, when asked to, how they get here. The
// network side is a program of its own, `plumbline-fetch` beside this one: it is started only with
// --download-modules, so that a scan links neither git nor HTTP.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "plumbline/scan.h"
#include "terraform/modules/store.h"
#include "terraform/terraform.h"

namespace plumbline::scan {

class RemoteModules {
 public:
  /// `scanned`: folders whose `.external_modules`, as checkov fills it, is looked into too.
  RemoteModules(const FileSystem& fs, const ModuleOptions& options,
                const std::vector<std::string>& scanned);

  /// Follows the calls of the root modules; with `download`, gets what is missing.
  void Resolve(terraform::ParsedFiles& files, const std::vector<std::string>& roots);
  const terraform::ModuleStore* store() const { return store_.get(); }
  /// True for the shown path of a file that came with a remote module.
  bool IsPackageFile(std::string_view shown) const;

 private:
  const terraform::ParsedFiles* files_ = nullptr;
  std::unique_ptr<terraform::ModuleStore> store_;
};

}  // namespace plumbline::scan
