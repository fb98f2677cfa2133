#include "deploy/overlays.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "deploy/environments.h"
#include "deploy/inflate.h"

namespace plumbline::deploy {
namespace {

std::string Described(const kustomize::Missing& m) {
  if (m.kind == kustomize::MissingKind::kChart) {
    return fmt::format("the chart '{}'{} of {} is not here and is not scanned", m.chart,
                       m.version.empty() ? "" : " " + m.version,
                       m.url.empty() ? "helmCharts" : m.url);
  }
  return fmt::format(
      "'{}' is remote and not on this machine: what it makes is not scanned "
      "(--vendored-modules names folders with copies)",
      m.url);
}

bool IsComponent(const FileSystem& fs, const std::string& file) {
  auto text = fs.ReadFile(file, Limits().max_file_bytes);
  if (!text) return false;
  for (std::string_view quote : {"", "\"", "'"}) {
    std::string line = fmt::format("kind: {0}Component{0}", quote);
    std::size_t at = text->find(line);
    if (at != std::string::npos && (at == 0 || (*text)[at - 1] == '\n')) return true;
  }
  return false;
}

// Which kustomizations name which; walks from a folder to all below it.
class References {
 public:
  References(const FileSystem& fs, const std::vector<std::string>& files, const Limits& limits) {
    for (const std::string& file : files) {
      std::string folder = fs.RealPath(std::string(DirName(file)));
      if (folder.empty()) continue;
      if (IsComponent(fs, file)) components_.insert(folder);
      auto& below = below_[folder];
      below = kustomize::ReferencedFolders(fs, folder, limits);
      for (const std::string& other : below) {
        if (other != folder) referenced_.insert(other);
      }
    }
  }

  std::vector<std::string> Roots() {
    std::vector<std::string> roots;
    auto take = [&](const auto& wanted) {
      for (const auto& [folder, below] : below_) {
        if (components_.contains(folder) || !wanted(folder)) continue;
        roots.push_back(folder);
        Reach(folder);
      }
    };
    take([&](const std::string& folder) { return !referenced_.contains(folder); });
    take([&](const std::string& folder) { return !reached_.contains(folder); });
    std::ranges::sort(roots);
    return roots;
  }

 private:
  void Reach(const std::string& from) {
    std::vector<std::string> open{from};
    while (!open.empty()) {
      std::string at = std::move(open.back());
      open.pop_back();
      auto it = below_.find(at);
      if (it == below_.end() || !reached_.insert(at).second) continue;
      open.insert(open.end(), it->second.begin(), it->second.end());
    }
  }

  std::map<std::string, std::vector<std::string>> below_;
  std::set<std::string> referenced_, components_, reached_;
};

}  // namespace

std::vector<std::string> FindRoots(const FileSystem& fs,
                                   const std::vector<std::string>& kustomizations,
                                   const Limits& limits) {
  return References(fs, kustomizations, limits).Roots();
}

kustomize::Options BuildOptions(const FileSystem& fs, SourceMap& sources, const Options& o) {
  kustomize::Options options;
  options.limits = o.limits;
  options.display_base = o.base_dir;
  options.inflate = MakeInflater(fs, sources, o.base_dir);
  options.mirrors = o.mirrors;
  options.tolerant = true;
  return options;
}

void TakeOutput(kustomize::Output out, std::vector<yaml::Document> documents, Overlay& overlay) {
  overlay.ok = out.ok;
  if (out.ok) {
    overlay.made->documents = std::move(documents);
    overlay.files = std::move(out.files);
  }
  for (const kustomize::Base& base : out.bases) {
    if (!base.is_component) overlay.bases.push_back(base.folder);
  }
  for (Diagnostic& d : out.diagnostics) {
    if (d.code != DiagnosticCode::kLimit && d.code != DiagnosticCode::kUnreadable)
      d.code = DiagnosticCode::kKustomization;
    if (d.message.find("' is outside '") != std::string::npos)
      d.message += " (--allow-path names a folder above both that may be read)";
    overlay.made->diagnostics.push_back(std::move(d));
  }
  for (const kustomize::Missing& m : out.missing)
    overlay.made->diagnostics.push_back({DiagnosticCode::kRemoteBase, Described(m), m.span});
}

Overlay BuildOverlay(const FileSystem& fs, SourceMap& sources, const std::string& folder,
                     const Options& o) {
  Overlay overlay;
  overlay.folder = folder;
  overlay.trail = {folder};
  overlay.made = std::make_shared<MadeObjects>();
  kustomize::Output out = kustomize::Build(fs, folder, o.allowed_root(folder), sources,
                                           overlay.made->arena, BuildOptions(fs, sources, o));
  auto documents = std::move(out.documents);
  TakeOutput(std::move(out), std::move(documents), overlay);
  return overlay;
}

std::vector<std::string> NameTrails(std::span<const std::vector<std::string>> trails) {
  std::size_t deepest = 0;
  for (const auto& trail : trails) deepest = std::max(deepest, trail.size());
  std::vector<std::string> names;
  for (std::size_t depth = 0; depth < deepest; ++depth) {
    std::vector<std::string> folders;
    for (const auto& trail : trails) folders.push_back(trail[std::min(depth, trail.size() - 1)]);
    std::set<std::string> distinct(folders.begin(), folders.end());
    if (distinct.size() == folders.size()) return ShortNames(folders);
  }
  for (const auto& trail : trails) {
    std::vector<std::string_view> parts;
    for (const std::string& folder : trail) parts.push_back(BaseName(folder));
    names.push_back(fmt::format("{}", fmt::join(parts, "/")));
  }
  // What is the same to its last part is counted.
  std::map<std::string, std::size_t> uses;
  for (std::string& name : names) {
    if (std::size_t n = ++uses[name]; n > 1) name += fmt::format("#{}", n);
  }
  return names;
}

std::vector<Project> GroupOverlays(std::span<const Overlay* const> overlays, bool matrix) {
  std::vector<std::vector<std::string>> bases;
  for (const Overlay* o : overlays) {
    bases.emplace_back();
    if (!matrix) continue;
    bases.back() = o->bases;
    bases.back().push_back(o->folder);  // several may deploy the same folder
  }
  std::vector<Project> out;
  for (const std::vector<std::size_t>& group : GroupByBase(bases)) {
    Project& project = out.emplace_back();
    project.framework = model::Framework::kKustomize;
    project.folder = overlays[group[0]]->folder;
    std::vector<std::vector<std::string>> trails;
    for (std::size_t i : group) trails.push_back(overlays[i]->trail);
    std::vector<std::string> names = NameTrails(trails);
    for (std::size_t k = 0; k < group.size(); ++k) {
      project.environments.push_back(
          {group.size() > 1 ? names[k] : std::string(), overlays[group[k]]->made});
    }
  }
  return out;
}

}  // namespace plumbline::deploy
