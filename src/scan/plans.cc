#include "scan/plans.h"

#include <fmt/format.h>

#include "scan/discover.h"

namespace plumbline::scan {

std::string FindPlanSources(const FileSystem& fs, terraform::ParsedFiles& files,
                            const terraform::PlanFile& plan, const std::string& path) {
  const std::string folder(DirName(path));
  const std::string top = RepositoryRoot(fs, folder);
  for (std::string at = folder;; at = std::string(DirName(at))) {
    if (terraform::IsModuleDir(fs, at) && terraform::IsPlanOf(plan, files, at)) return at;
    if (at == top || at == "/" || at == ".") return {};
  }
}

Result<std::string> CheckPlanSources(const FileSystem& fs, const std::string& dir,
                                     const std::string& given) {
  if (!fs.IsDirectory(dir)) return Fail(fmt::format("--source {}: no such folder", given));
  if (!terraform::IsModuleDir(fs, dir))
    return Fail(fmt::format("--source {}: holds no Terraform files", given));
  return dir;
}

}  // namespace plumbline::scan
