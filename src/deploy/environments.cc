#include "deploy/environments.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>

#include "kubernetes/kubernetes.h"
#include "support/limits.h"
#include "yaml/yaml.h"

namespace plumbline::deploy {
namespace {

// Folders of a chart that hold values files, one for each environment or test.
constexpr auto kValuesFolders =
    std::to_array<std::string_view>({"env", "environment", "environments", "envs", "values"});
constexpr std::string_view kTestFolder = "ci";

// Words that name an environment when a file beside the chart has no other mark of values.
constexpr auto kEnvironmentWords = std::to_array<std::string_view>(
    {"acc",     "acceptance",  "beta",       "demo",    "dev",     "development",
     "int",     "integration", "live",       "local",   "perf",    "pre",
     "preprod", "prod",        "production", "qa",      "sandbox", "stage",
     "staging", "stg",         "test",       "testing", "uat"});

bool IsYaml(std::string_view name) { return name.ends_with(".yaml") || name.ends_with(".yml"); }

std::string_view StemOf(std::string_view name) { return name.substr(0, name.rfind('.')); }

// "values-prod", "values.prod", "values_prod" → "prod"; "prod-values" → "prod"; else empty.
std::string_view MarkedName(std::string_view stem) {
  constexpr std::string_view kWord = "values";
  if (stem.starts_with(kWord) && stem.size() > kWord.size() + 1 &&
      std::string_view("-._").find(stem[kWord.size()]) != std::string_view::npos)
    return stem.substr(kWord.size() + 1);
  if (stem.ends_with(kWord) && stem.size() > kWord.size() + 1 &&
      std::string_view("-._").find(stem[stem.size() - kWord.size() - 1]) != std::string_view::npos)
    return stem.substr(0, stem.size() - kWord.size() - 1);
  return {};
}

bool IsEnvironmentWord(std::string_view stem) {
  std::string_view first = stem.substr(0, stem.find_first_of("-_."));
  return std::ranges::binary_search(kEnvironmentWords, first);
}

class Finder {
 public:
  Finder(const FileSystem& fs, const std::string& chart) : fs_(fs), chart_(chart) {}

  std::vector<ValuesFile> Run() {
    auto entries = fs_.ListDir(chart_);
    if (!entries) return {};
    for (const DirEntry& e : *entries) {
      std::string path = JoinPath(chart_, e.name);
      if (!e.is_directory) {
        if (!IsYaml(e.name)) continue;
        std::string_view stem = StemOf(e.name), marked = MarkedName(stem);
        if (!marked.empty()) Take(std::string(marked), path, false);
        if (marked.empty() && IsEnvironmentWord(stem)) Take(std::string(stem), path, false);
      } else if (e.name == kTestFolder) {
        TakeFolder(path, true);
      } else if (std::ranges::binary_search(kValuesFolders, e.name)) {
        TakeFolder(path, false);
      }
    }
    std::ranges::sort(out_, {}, &ValuesFile::name);
    return std::move(out_);
  }

 private:
  void TakeFolder(const std::string& folder, bool is_ci) {
    auto entries = fs_.ListDir(folder);
    if (!entries) return;
    for (const DirEntry& e : *entries) {
      std::string path = JoinPath(folder, e.name);
      if (e.is_directory && !is_ci) {
        for (const char* name : {"values.yaml", "values.yml"}) {
          if (fs_.IsFile(JoinPath(path, name))) Take(e.name, JoinPath(path, name), false);
        }
      } else if (!e.is_directory && IsYaml(e.name)) {
        std::string_view stem = StemOf(e.name), marked = MarkedName(stem);
        std::string name(marked.empty() ? stem : marked);
        Take(is_ci ? std::string(kTestFolder) + "/" + name : name, path, is_ci);
      }
    }
  }

  // Manifests and other files lie in such folders too.
  void Take(std::string name, const std::string& path, bool is_ci) {
    auto text = fs_.ReadFile(path, Limits().max_file_bytes);
    if (!text || kubernetes::LooksLikeManifest(*text)) return;
    Arena arena;
    Diagnostics faults;
    auto documents = yaml::Parse(kNoFile, *text, arena, Limits(), faults);
    bool is_values =
        documents.empty() || documents[0].root == nullptr || documents[0].root->value.is_mapping();
    if (is_values) out_.push_back({std::move(name), path, is_ci});
  }

  const FileSystem& fs_;
  const std::string& chart_;
  std::vector<ValuesFile> out_;
};

// The last `parts` parts of a path.
std::string_view Tail(std::string_view path, std::size_t parts) {
  std::size_t at = path.size();
  for (; parts > 0 && at != std::string_view::npos && at > 0; --parts) at = path.rfind('/', at - 1);
  return at == std::string_view::npos || parts > 0 ? path : path.substr(at + 1);
}

}  // namespace

std::vector<ValuesFile> FindValuesFiles(const FileSystem& fs, const std::string& chart) {
  return Finder(fs, chart).Run();
}

std::vector<std::string> ShortNames(std::span<const std::string> folders) {
  std::vector<std::string> out(folders.size());
  std::vector<std::size_t> open(folders.size());
  std::iota(open.begin(), open.end(), 0);
  constexpr std::size_t kMostParts = 64;
  for (std::size_t parts = 1; !open.empty() && parts <= kMostParts; ++parts) {
    std::map<std::string_view, std::size_t> uses;
    for (const std::string& folder : folders) ++uses[Tail(folder, parts)];
    std::erase_if(open, [&](std::size_t i) {
      std::string_view tail = Tail(folders[i], parts);
      if (uses[tail] > 1 && tail != folders[i]) return false;
      out[i] = tail;
      return true;
    });
  }
  for (std::size_t i : open) out[i] = folders[i];
  return out;
}

std::vector<std::vector<std::size_t>> GroupByBase(std::span<const std::vector<std::string>> bases) {
  std::vector<std::size_t> parent(bases.size());
  std::iota(parent.begin(), parent.end(), 0);
  auto find = [&](std::size_t i) {
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
  };
  std::map<std::string_view, std::size_t> first;
  for (std::size_t i = 0; i < bases.size(); ++i) {
    for (const std::string& base : bases[i]) {
      auto [it, is_new] = first.emplace(base, i);
      std::size_t a = find(i), b = find(it->second);
      parent[std::max(a, b)] = std::min(a, b);
    }
  }
  std::map<std::size_t, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < bases.size(); ++i) groups[find(i)].push_back(i);
  std::vector<std::vector<std::size_t>> out;
  for (auto& [root, members] : groups) out.push_back(std::move(members));
  return out;
}

}  // namespace plumbline::deploy
