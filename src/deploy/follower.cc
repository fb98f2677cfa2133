#include "deploy/follower.h"

#include <fmt/format.h>

#include <algorithm>

#include "deploy/charts.h"
#include "deploy/environments.h"
#include "kubernetes/kubernetes.h"
#include "value/json.h"

namespace plumbline::deploy {
namespace {

constexpr std::size_t kMaxMade = 5'000;  // targets that are rendered in one scan

void AddNode(std::string& key, const yaml::Node* node) {
  key += node != nullptr ? ToJson(node->value) : "-";
  key += '\n';
}

void AddAdditions(std::string& key, const std::vector<gitops::Addition>& additions) {
  for (const gitops::Addition& a : additions) {
    key += fmt::format("{} {} ", a.field, static_cast<int>(a.how));
    AddNode(key, a.value);
  }
}

// Equal keys make equal objects: a second time nothing new would be found.
std::string KeyOf(const gitops::Target& t, const gitops::KustomizeTarget& what) {
  std::string key = fmt::format("kustomize {}\n{} {}\n", t.folder, t.ns, what.generated);
  AddAdditions(key, what.additions);
  for (const gitops::Variable& v : what.substitution.variables)
    key += fmt::format("{}={}\n", v.name, v.value);
  AddNode(key, what.labels);
  AddNode(key, what.annotations);
  return key;
}

std::string KeyOf(const gitops::Target& t, const gitops::DirectoryTarget& what) {
  return fmt::format("directory {}\n{} {} {} {}", t.folder, t.ns, what.recurse, what.include,
                     what.exclude);
}

std::string KeyOf(const gitops::Target& t, const gitops::HelmTarget& what) {
  std::string key =
      fmt::format("helm {}\n{} {} {}\n", t.folder, t.ns, what.release_name, what.kube_version);
  for (const std::string& file : what.chart_values) key += file + "\n";
  for (const gitops::ValuesLayer& layer : what.values) {
    key += layer.file + "\n";
    AddNode(key, layer.node);
  }
  for (const gitops::Parameter& p : what.parameters)
    key += fmt::format("{} {}\n", static_cast<int>(p.kind), p.text);
  for (const auto& additions : what.post_renderers) AddAdditions(key, additions);
  return key;
}

Release ReleaseOf(const gitops::Target& t, const gitops::HelmTarget& what, const Options& o) {
  Release release{o.helm, what.chart_values, what.incomplete};
  helm::RenderOptions& r = release.options;
  if (!what.release_name.empty()) r.release_name = what.release_name;
  if (!t.ns.empty()) r.ns = t.ns;
  if (!what.kube_version.empty()) r.kube_version = what.kube_version;
  r.api_versions.insert(r.api_versions.end(), what.api_versions.begin(), what.api_versions.end());
  for (const gitops::ValuesLayer& layer : what.values)
    r.values.layers.push_back({layer.file, layer.node});
  for (const gitops::Parameter& p : what.parameters) {
    auto& to = p.kind == gitops::SetKind::kTyped    ? r.values.set
               : p.kind == gitops::SetKind::kString ? r.values.set_string
                                                    : r.values.set_file;
    to.push_back(p.text);
  }
  return release;
}

std::vector<std::string> Longer(std::vector<std::string> trail, const std::string& last) {
  if (trail.empty() || trail.back() != last) trail.push_back(last);
  return trail;
}

}  // namespace

Follower::Follower(const FileSystem& fs, SourceMap& sources, const Options& options)
    : fs_(fs), sources_(sources), options_(options) {
  std::set<std::string> roots;
  for (const std::string& folder : options.repositories) {
    gitops::Repository r = gitops::FindRepository(fs, folder);
    if (roots.insert(r.root).second) repositories_.push_back(std::move(r));
  }
}

gitops::Context Follower::ContextOf(Arena& arena) const {
  return {fs_, sources_, arena, repositories_, options_.base_dir, &known_, options_.limits, {}};
}

void Follower::Add(std::span<const yaml::Document> documents, std::vector<std::string> trail,
                   std::string from) {
  AddKnown(documents);
  Group group;
  for (const yaml::Document& d : documents) {
    if (d.root != nullptr && gitops::IsFollowed(*d.root)) group.documents.push_back(d);
  }
  if (group.documents.empty()) return;
  group.trail = std::move(trail);
  group.from = std::move(from);
  open_.push_back(std::move(group));
}

void Follower::AddKnown(std::span<const yaml::Document> documents) { known_.Add(documents); }

// Releases come last: what a deployer makes of a kustomization stands for the kustomization alone.
void Follower::Run() {
  while (!open_.empty() || !releases_.empty()) {
    while (!open_.empty()) {
      Group group = std::move(open_.front());
      open_.pop_front();
      FollowGroup(group);
    }
    RenderReleases();
  }
}

void Follower::FollowGroup(const Group& group) {
  gitops::Followed found = gitops::Follow(group.documents, ContextOf(*arena_));
  diagnostics_.insert(diagnostics_.end(), found.diagnostics.begin(), found.diagnostics.end());
  not_followed_.insert(not_followed_.end(), found.not_followed.begin(), found.not_followed.end());
  for (gitops::Target& t : found.targets) Handle({std::move(t), group.trail, group.from});
}

void Follower::Handle(const PlacedTarget& placed) {
  if (done_.size() >= kMaxMade) {
    if (!told_limit_) {
      diagnostics_.push_back({DiagnosticCode::kLimit,
                              fmt::format("more than {} targets of Flux and Argo CD objects; the "
                                          "rest is not scanned",
                                          kMaxMade),
                              placed.target.span});
    }
    told_limit_ = true;
    return;
  }
  if (auto* overlay = std::get_if<gitops::KustomizeTarget>(&placed.target.what)) {
    HandleOverlay(placed, *overlay);
  } else if (auto* directory = std::get_if<gitops::DirectoryTarget>(&placed.target.what)) {
    HandleDirectory(placed, *directory);
  } else {
    releases_.push_back(placed);
  }
}

void Follower::HandleOverlay(const PlacedTarget& placed, const gitops::KustomizeTarget& what) {
  const gitops::Target& t = placed.target;
  if (!IsNew(KeyOf(t, what))) return;
  Overlay overlay;
  overlay.folder = t.folder;
  overlay.trail = Longer(placed.trail, t.folder);
  overlay.made = std::make_shared<MadeObjects>();
  gitops::Built built = gitops::BuildKustomization(t, what, ContextOf(overlay.made->arena),
                                                   BuildOptions(fs_, sources_, options_));
  built.output.ok = built.ok;
  built.output.files = std::move(built.files);
  built.output.diagnostics = std::move(built.diagnostics);
  TakeOutput(std::move(built.output), std::move(built.documents), overlay);
  if (overlay.ok) {
    deployed_.insert(overlay.folder);
    deployed_.insert(overlay.bases.begin(), overlay.bases.end());
  }
  Add(overlay.made->documents, overlay.trail, overlay.folder);
  overlays_.push_back(std::move(overlay));
}

void Follower::HandleDirectory(const PlacedTarget& placed, const gitops::DirectoryTarget& what) {
  const gitops::Target& t = placed.target;
  if (!IsNew(KeyOf(t, what))) return;
  auto files = gitops::GatherDirectory(t, what, ContextOf(*arena_));
  if (!files) {
    diagnostics_.push_back({DiagnosticCode::kKustomization, files.error().message, t.span});
    return;
  }
  auto made = std::make_shared<MadeObjects>();
  for (const std::string& path : *files) {
    auto text = fs_.ReadFile(path, options_.limits.max_file_bytes);
    if (!text || !kubernetes::LooksLikeManifest(*text)) continue;
    FileId id = sources_.AddShared(ShownBelow(options_.base_dir, path), std::move(*text));
    auto documents =
        yaml::Parse(id, sources_.Text(id), made->arena, options_.limits, made->diagnostics);
    made->documents.insert(made->documents.end(), documents.begin(), documents.end());
    directory_files_.push_back(path);
  }
  Add(made->documents, Longer(placed.trail, t.folder), {});
  directories_.push_back({model::Framework::kKubernetes, t.folder, {{"", std::move(made)}}, 0});
}

void Follower::RenderReleases() {
  std::vector<PlacedTarget> releases = std::move(releases_);
  releases_.clear();
  for (const PlacedTarget& placed : releases) {
    // What is deployed with additions is not deployed without them.
    bool replaced = !placed.from.empty() && deployed_.contains(placed.from) &&
                    placed.trail.size() == 1 && placed.trail[0] == placed.from;
    if (!replaced) HandleRelease(placed, std::get<gitops::HelmTarget>(placed.target.what));
  }
}

void Follower::HandleRelease(const PlacedTarget& placed, const gitops::HelmTarget& what) {
  const gitops::Target& t = placed.target;
  if (!IsNew(KeyOf(t, what))) return;
  charts_.insert(t.folder);
  auto& project = chart_projects_[t.folder];
  if (project == nullptr)
    project = std::make_unique<ChartProject>(fs_, sources_, options_.base_dir, t.folder);
  auto made = std::make_shared<MadeObjects>();
  made->diagnostics = project->diagnostics();
  project->Render(ReleaseOf(t, what, options_), *made);
  if (!what.post_renderers.empty() && !made->documents.empty()) {
    gitops::Built built = gitops::PostRender(t, what, made->documents, ContextOf(made->arena),
                                             BuildOptions(fs_, sources_, options_));
    if (built.ok) made->documents = std::move(built.documents);
    for (Diagnostic& d : built.diagnostics) {
      d.code = DiagnosticCode::kKustomization;
      made->diagnostics.push_back(std::move(d));
    }
  }
  std::vector<std::string> trail = Longer(placed.trail, JoinPath(t.folder, t.name));
  Add(made->documents, trail, {});
  made_releases_[t.folder].push_back({std::move(trail), std::move(made)});
}

std::vector<Project> Follower::TakeProjects() {
  std::vector<Project> out = std::move(directories_);
  for (auto& [chart, releases] : made_releases_) {
    std::vector<std::vector<std::string>> trails;
    for (const MadeRelease& r : releases) trails.push_back(r.trail);
    std::vector<std::string> names = NameTrails(trails);
    Project project;
    project.folder = chart;
    if (const helm::Chart* c = chart_projects_[chart]->chart()) project.files = CountFiles(*c);
    bool named = options_.matrix && releases.size() > 1;
    for (std::size_t i = 0; i < releases.size(); ++i)
      project.environments.push_back({named ? names[i] : std::string(), releases[i].made});
    out.push_back(std::move(project));
  }
  made_releases_.clear();
  return out;
}

std::vector<std::string> Follower::Notices() const {
  auto is_remote = [](const gitops::NotFollowed& n) {
    return n.reason == gitops::Reason::kNotHere || n.reason == gitops::Reason::kOtherRepository;
  };
  std::set<std::pair<std::string, std::string>> remote, other;
  for (const gitops::NotFollowed& n : not_followed_)
    (is_remote(n) ? remote : other).insert({n.name, n.message});
  std::vector<std::string> out;
  if (!remote.empty()) {
    out.push_back(
        fmt::format("{} object{} of Flux or Argo CD not followed: the chart or repository is not "
                    "in the scanned "
                    "tree (the first is {}: {})",
                    remote.size(), remote.size() == 1 ? "" : "s", remote.begin()->first,
                    remote.begin()->second));
  }
  constexpr std::size_t kMostTold = 10;
  for (const auto& [name, message] : other) {
    if (out.size() >= kMostTold) break;
    out.push_back(fmt::format("{} is not followed: {}", name, message));
  }
  return out;
}

}  // namespace plumbline::deploy
