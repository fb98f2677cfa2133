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

Result<std::string> PlanLoader::NamedSources() const {
  std::string dir = JoinPath(base_dir_, source_);
  if (!fs_.IsDirectory(dir)) return Fail(fmt::format("--source {}: no such folder", source_));
  if (!terraform::IsModuleDir(fs_, dir))
    return Fail(fmt::format("--source {}: holds no Terraform files", source_));
  return dir;
}

Result<void> PlanLoader::Load(ManifestFile& file, bool is_given, bool is_only_input,
                              LoadedPlans& out) {
  LoadedPlan loaded;
  loaded.is_given = is_given;
  loaded.shown = ShownBelow(base_dir_, file.path);
  loaded.file = sources_.Add(loaded.shown, std::move(file.text));
  if (!source_.empty()) {
    PL_TRY(loaded.dir, NamedSources());
  }
  Diagnostics faults;
  loaded.plan = terraform::LoadPlan(sources_, loaded.file, limits_, faults);
  if (loaded.plan == nullptr) {
    Position at = sources_.Start(faults[0].span);
    if (is_only_input)
      return Fail(fmt::format("{}:{}:{}: {}", loaded.shown, at.line, at.column, faults[0].message));
    out.faults.insert(out.faults.end(), faults.begin(), faults.end());
    return {};
  }
  if (loaded.dir.empty()) {
    loaded.dir = FindPlanSources(fs_, files_, *loaded.plan, file.path);
  } else if (!terraform::IsPlanOf(*loaded.plan, files_, loaded.dir)) {
    out.notices.push_back(fmt::format("{} was not made from {}: its findings stand in the plan",
                                      loaded.shown, source_));
    loaded.dir.clear();
  }
  out.list.push_back(std::move(loaded));
  return {};
}

}  // namespace plumbline::scan
