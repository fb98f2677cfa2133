#include "gitops/follow.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumbline::gitops {
namespace {

constexpr std::size_t kMaxFolders = 64;      // above an object's file
constexpr std::size_t kMaxNamesakes = 2000;  // objects of one kind and name that are looked at

// "repo" of "https://host/owner/repo.git/" and "git@host:owner/repo".
std::string RepositoryName(std::string_view url) {
  while (url.ends_with('/')) url.remove_suffix(1);
  if (url.ends_with(".git")) url.remove_suffix(4);
  std::size_t cut = url.find_last_of("/:");
  std::string name(cut == std::string_view::npos ? url : url.substr(cut + 1));
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return name;
}

// How many folders two paths begin with alike.
std::size_t CommonFolders(std::string_view a, std::string_view b) {
  std::size_t folders = 0;
  for (std::size_t i = 0; i < a.size() && i < b.size() && a[i] == b[i]; ++i) folders += a[i] == '/';
  return folders;
}

bool Has(const std::vector<std::string>& list, const std::string& item) {
  return std::ranges::find(list, item) != list.end();
}

}  // namespace

void ObjectIndex::Add(std::span<const yaml::Document> documents) {
  for (const yaml::Document& d : documents) {
    if (d.root == nullptr || !d.root->value.is_mapping()) continue;
    std::string name = TextAt(d.root, {"metadata", "name"}), kind = TextAt(d.root, {"kind"});
    Entry entry{d.root, TextAt(d.root, {"metadata", "namespace"})};
    if (!name.empty()) entries_[kind + "/" + name].push_back(entry);
    if (kind != "ArtifactGenerator") continue;
    for (const yaml::Node* item : ItemsAt(d.root, {"spec", "artifacts"})) {
      entries_["artifact/" + TextAt(item, {"name"})].push_back(entry);
    }
  }
}

std::span<const ObjectIndex::Entry> ObjectIndex::Find(std::string_view kind,
                                                      std::string_view name) const {
  auto it = entries_.find(fmt::format("{}/{}", kind, name));
  if (it == entries_.end()) return {};
  return std::span(it->second).first(std::min(it->second.size(), kMaxNamesakes));
}

std::span<const ObjectIndex::Entry> ObjectIndex::FindArtifact(std::string_view name) const {
  return Find("artifact", name);
}

Follower::Follower(std::span<const yaml::Document> objects, const Context& context)
    : context_(context) {
  batch_.Add(objects);
}

std::vector<const yaml::Node*> Follower::FindArtifact(const std::string& name) const {
  std::vector<const yaml::Node*> out;
  for (const ObjectIndex* index : {&batch_, context_.known}) {
    if (index == nullptr) continue;
    for (const ObjectIndex::Entry& e : index->FindArtifact(name)) out.push_back(e.object);
  }
  return out;
}

const yaml::Node* Follower::Find(std::string_view kind, std::string_view ns, std::string_view name,
                                 const yaml::Node& from) const {
  std::string_view home = PathOf(from);
  const yaml::Node* best = nullptr;
  std::pair<bool, std::size_t> best_rank;
  for (const ObjectIndex* index : {&batch_, context_.known}) {
    if (index == nullptr) continue;
    for (const auto& [object, where] : index->Find(kind, name)) {
      if (where != ns && !where.empty() && !ns.empty()) continue;
      std::pair<bool, std::size_t> rank{where == ns, CommonFolders(home, PathOf(*object))};
      if (best != nullptr && rank <= best_rank) continue;
      best = object;
      best_rank = rank;
    }
  }
  return best;
}

std::string_view Follower::PathOf(const yaml::Node& object) const {
  return object.span.valid() ? context_.sources.Path(object.span.file) : std::string_view();
}

// The folders from the outermost to the one that the object's file lies in.
std::vector<std::string> Follower::FoldersAbove(const yaml::Node& object) const {
  std::vector<std::string> out;
  if (!object.span.valid()) return out;
  std::string file = JoinPath(context_.display_base.empty() ? "/" : context_.display_base,
                              context_.sources.Path(object.span.file));
  std::string at(DirName(file));
  while (out.size() < kMaxFolders) {
    bool inside = std::ranges::any_of(context_.repositories, [&](const Repository& r) {
      return at != r.root && IsWithin(r.root, at);
    });
    if (!inside) break;
    out.push_back(at);
    at = std::string(DirName(at));
  }
  std::ranges::reverse(out);
  return out;
}

SourceRoots Follower::RootsOf(std::string_view url, const yaml::Node& object) const {
  SourceRoots out;
  out.url = url;
  std::string name = RepositoryName(url);
  std::vector<std::string> possible;
  for (const Repository& r : context_.repositories) {
    bool same = !url.empty() && std::ranges::any_of(r.remotes, [&](const std::string& remote) {
      return RepositoryName(remote) == name;
    });
    if (same) out.roots.push_back(r.root);
    if (url.empty() || r.remotes.empty()) possible.push_back(r.root);
  }
  out.certain = !out.roots.empty();
  if (out.certain || possible.empty()) return out;
  out.roots = std::move(possible);
  // Nobody says what the repository is: the tree may hold several, each below a folder of its own.
  for (std::string& folder : FoldersAbove(object)) {
    if (!Has(out.roots, folder)) out.roots.push_back(std::move(folder));
  }
  return out;
}

std::optional<SourcePlace> Follower::Locate(const SourceRoots& source,
                                            std::string_view path) const {
  for (const std::string& root : source.roots) {
    std::string found = Below(context_.fs, root, path);
    if (!found.empty()) return SourcePlace{root, std::move(found)};
  }
  return std::nullopt;
}

void Follower::Add(Target target) {
  if (!full()) {
    out_.targets.push_back(std::move(target));
    return;
  }
  if (told_targets_) return;
  told_targets_ = true;
  out_.diagnostics.push_back({DiagnosticCode::kLimit,
                              fmt::format("more than {} things to deploy; the rest is left out",
                                          context_.bounds.max_targets),
                              target.span, target.name});
}

void Follower::Leave(Reason reason, const yaml::Node& object, Span span, std::string message,
                     std::string chart, std::string version, std::string url) {
  out_.not_followed.push_back({reason, std::move(message), span, NameOf(object), std::move(chart),
                               std::move(version), std::move(url)});
}

void Follower::Fault(const yaml::Node& object, Span span, std::string message,
                     DiagnosticCode code) {
  out_.diagnostics.push_back(
      {code, std::move(message), span.valid() ? span : object.span, NameOf(object)});
}

void Follower::LeavePath(const SourceRoots& source, const yaml::Node& object, Span span,
                         const std::string& path) {
  if (source.certain) {
    Fault(object, span,
          fmt::format("{} deploys '{}', which is not in the repository", NameOf(object), path));
  } else if (source.roots.empty()) {
    Leave(Reason::kOtherRepository, object, span,
          fmt::format("'{}' is another repository", source.url), {}, {}, source.url);
  } else if (CleanPath("/" + path) == "/") {
    Leave(Reason::kOtherRepository, object, span,
          "all of a source that may be another repository than the scanned one", {}, {},
          source.url);
  } else {
    Leave(Reason::kNoSuchPath, object, span,
          fmt::format("there is no '{}' in the scanned repository", path), {}, {}, source.url);
  }
}

bool Follower::Spend(std::size_t files, const yaml::Node& object) {
  files_ += files;
  if (files_ <= context_.bounds.max_files) return true;
  if (!told_files_) {
    told_files_ = true;
    Fault(object, object.span,
          fmt::format("generators look at more than {} folders and files; the rest is left out",
                      context_.bounds.max_files),
          DiagnosticCode::kLimit);
  }
  return false;
}

namespace {

using FollowFn = void (*)(Follower&, const yaml::Node&);

FollowFn FollowerOf(const yaml::Node& object) {
  if (!object.value.is_mapping()) return nullptr;
  std::string group = GroupOf(object), kind = TextAt(&object, {"kind"});
  if (group == "argoproj.io" && kind == "Application") return &FollowApplication;
  if (group == "argoproj.io" && kind == "ApplicationSet") return &FollowApplicationSet;
  if (group == "helm.toolkit.fluxcd.io" && kind == "HelmRelease") return &FollowHelmRelease;
  if (group == "kustomize.toolkit.fluxcd.io" && kind == "Kustomization")
    return &FollowFluxKustomization;
  return nullptr;
}

}  // namespace

bool IsFollowed(const yaml::Node& object) { return FollowerOf(object) != nullptr; }

Followed Follow(std::span<const yaml::Document> objects, const Context& context) {
  Follower follower(objects, context);
  for (const yaml::Document& d : objects) {
    FollowFn follow = d.root != nullptr ? FollowerOf(*d.root) : nullptr;
    if (follow != nullptr) follow(follower, *d.root);
  }
  return follower.Take();
}

}  // namespace plumbline::gitops
