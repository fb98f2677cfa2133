#include "terraform/modules/store.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumbline::terraform {
namespace {

// Address and version of a call, or what is wrong with them.
struct Parsed {
  ModuleSource source;
  VersionConstraints constraints;
  PlaceKind kind = PlaceKind::kFound;
  std::string problem;
};

Parsed Parse(const ModuleRequest& request) {
  Parsed out;
  out.source = ParseModuleSource(request.source);
  if (out.source.kind == SourceKind::kInvalid || out.source.kind == SourceKind::kUnsupported) {
    out.kind =
        out.source.kind == SourceKind::kInvalid ? PlaceKind::kInvalid : PlaceKind::kUnsupported;
    out.problem = out.source.error;
    return out;
  }
  if (request.version.empty()) return out;
  if (out.source.kind != SourceKind::kRegistry) {
    out.kind = PlaceKind::kInvalid;
    out.problem =
        "a version can only be asked of a registry; name the version of a repository with ?ref=";
    return out;
  }
  auto constraints = ParseConstraints(request.version);
  if (constraints) {
    out.constraints = std::move(*constraints);
  } else {
    out.kind = PlaceKind::kInvalid;
    out.problem = constraints.error().message;
  }
  return out;
}

// Of a repository or an archive: host/path.
std::string HostAndPath(const ModuleSource& source) {
  UrlParts u;
  if (!SplitUrl(source.url, &u)) return {};
  std::string path(u.path);
  if (path.ends_with(".git")) path.resize(path.size() - 4);
  return fmt::format("{}{}{}{}", u.host, u.port.empty() ? "" : ":", u.port, path);
}

}  // namespace

ModuleStore::ModuleStore(const FileSystem& fs, StoreOptions options)
    : fs_(fs), options_(std::move(options)), cache_(fs, options_.cache) {}

void ModuleStore::AddAnswer(const ModuleRequest& request, FetchAnswer answer) {
  std::lock_guard lock(mutex_);
  places_.erase(request);
  answers_[request] = std::move(answer);
}

const ModulePlace& ModuleStore::Find(const ModuleRequest& request) const {
  std::lock_guard lock(mutex_);
  auto& slot = places_[request];
  if (!slot) slot = std::make_unique<ModulePlace>(Locate(request));
  return *slot;
}

bool ModuleStore::WantsFetch(const ModuleRequest& request) const {
  Parsed parsed = Parse(request);
  if (parsed.kind != PlaceKind::kFound || parsed.source.kind == SourceKind::kLocal) return false;
  ModulePlace place;
  if (FindVendored(parsed.source, parsed.constraints, place)) return false;
  const ModuleSource& s = parsed.source;
  bool lasting = s.kind == SourceKind::kRegistry ? !ExactVersion(parsed.constraints).empty()
                 : s.kind == SourceKind::kGit    ? IsCommitId(s.ref)
                                                 : !s.checksum.empty();
  CacheEntry entry;
  return !lasting || !FindEntry(s, parsed.constraints, entry);
}

ModulePlace ModuleStore::Locate(const ModuleRequest& request) const {
  ModulePlace out;
  Parsed parsed = Parse(request);
  if (parsed.kind != PlaceKind::kFound) {
    out.kind = parsed.kind;
    out.problem = std::move(parsed.problem);
    return out;
  }
  if (FindVendored(parsed.source, parsed.constraints, out)) return out;
  auto answer = answers_.find(request);
  if (answer != answers_.end()) {
    const FetchAnswer& a = answer->second;
    if (a.error.empty()) {
      SetFolder(a.tree, a.subdir, parsed.source, a.version, out);
    } else {
      out.kind = PlaceKind::kFailed;
      out.problem = a.error;
    }
    return out;
  }
  if (FindCached(parsed.source, parsed.constraints, out)) return out;
  out.kind = PlaceKind::kNotDownloaded;
  if (parsed.source.kind == SourceKind::kRegistry && parsed.source.host.empty() &&
      options_.registry.empty()) {
    out.problem =
        "the source names no registry and no default one is set; name it with --module-registry "
        "HOST or PLUMBLINE_MODULE_REGISTRY";
  }
  return out;
}

// `package` with the folder `inner` and then the source's own subfolder.
void ModuleStore::SetFolder(const std::string& package, const std::string& inner,
                            const ModuleSource& source, std::string_view version,
                            ModulePlace& out) const {
  out.package = fs_.RealPath(package);
  std::string wanted = JoinPath(inner.empty() ? "." : inner, source.subdir);
  out.dir = fs_.RealPath(JoinPath(package, wanted));
  std::string_view at = source.kind == SourceKind::kRegistry ? version : source.ref;
  out.shown = fmt::format("{}{}{}", source.shown, at.empty() ? "" : "@", at);
  bool inside = !out.dir.empty() && IsWithin(out.package, out.dir);
  out.kind = inside ? PlaceKind::kFound : PlaceKind::kFailed;
  if (!inside) out.problem = fmt::format("{} has no folder \"{}\"", out.shown, wanted);
}

bool ModuleStore::FindRegistryFolder(const std::string& root, const ModuleSource& source,
                                     const VersionConstraints& constraints,
                                     ModulePlace& out) const {
  std::string folder =
      JoinPath(root, fmt::format("{}/{}/{}", source.ns, source.name, source.provider));
  if (!fs_.IsDirectory(folder)) return false;
  auto entries = fs_.ListDir(folder);
  if (!entries) return false;
  std::vector<std::string> versions;
  for (const DirEntry& e : *entries) {
    if (e.is_directory) versions.push_back(e.name);
  }
  std::string version = NewestMatching(versions, constraints);
  if (version.empty()) return false;
  SetFolder(JoinPath(folder, version), "", source, version, out);
  return out.kind == PlaceKind::kFound;
}

bool ModuleStore::FindVendored(const ModuleSource& source, const VersionConstraints& constraints,
                               ModulePlace& out) const {
  for (const std::string& root : options_.vendored) {
    if (source.kind != SourceKind::kRegistry) {
      std::string path = HostAndPath(source);
      std::string folder = JoinPath(root, path + "/" + (source.ref.empty() ? "HEAD" : source.ref));
      // An address may hold `..`, which is nobody's way out of the vendored folder.
      if (path.empty() || !IsWithin(root, folder) || !fs_.IsDirectory(folder)) continue;
      SetFolder(folder, "", source, "", out);
      if (out.kind == PlaceKind::kFound) return true;
      continue;
    }
    std::string host = source.host.empty() ? options_.registry : source.host;
    if (!host.empty() && FindRegistryFolder(JoinPath(root, host), source, constraints, out))
      return true;
    if (!source.host.empty()) continue;
    if (FindRegistryFolder(root, source, constraints, out)) return true;
    if (!host.empty()) continue;
    // No registry is named anywhere: whichever one the folder was filled from.
    auto hosts = fs_.ListDir(root);
    if (!hosts) continue;
    for (const DirEntry& e : *hosts) {
      if (e.is_directory && FindRegistryFolder(JoinPath(root, e.name), source, constraints, out))
        return true;
    }
  }
  out = ModulePlace();
  return false;
}

bool ModuleStore::FindEntry(const ModuleSource& source, const VersionConstraints& constraints,
                            CacheEntry& out) const {
  std::string key = source.Key(options_.registry);
  std::string version = source.ref;
  if (source.kind == SourceKind::kRegistry) {
    version = NewestMatching(cache_.Versions(key), constraints);
    if (version.empty()) return false;
  }
  auto entry = cache_.Find(key, version);
  if (entry) out = std::move(*entry);
  return entry.has_value();
}

bool ModuleStore::FindCached(const ModuleSource& source, const VersionConstraints& constraints,
                             ModulePlace& out) const {
  CacheEntry entry;
  if (!FindEntry(source, constraints, entry)) return false;
  SetFolder(cache_.TreePath(entry), entry.subdir, source, entry.version, out);
  return true;
}

}  // namespace plumbline::terraform
