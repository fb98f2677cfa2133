// The repository around a folder and its remotes: `.git` is a folder, or a file that names one (a
// worktree or a submodule), whose `commondir` names the folder with the configuration.
#include <algorithm>

#include "gitops/gitops.h"

namespace plumbline::gitops {
namespace {

constexpr std::size_t kMaxConfigBytes = 1u << 20;
constexpr std::size_t kMaxLevels = 256;  // folders upwards

std::string_view Trim(std::string_view s) {
  constexpr std::string_view kBlank = " \t\r\n";
  std::size_t from = s.find_first_not_of(kBlank);
  if (from == std::string_view::npos) return {};
  return s.substr(from, s.find_last_not_of(kBlank) - from + 1);
}

std::string FirstLine(const FileSystem& fs, const std::string& path) {
  auto text = fs.ReadFile(path, kMaxConfigBytes);
  if (!text) return {};
  return std::string(Trim(std::string_view(*text).substr(0, text->find('\n'))));
}

// The folder with the configuration; empty when `.git` leads nowhere.
std::string GitFolder(const FileSystem& fs, const std::string& dot_git) {
  if (fs.IsDirectory(dot_git)) return dot_git;
  std::string line = FirstLine(fs, dot_git);
  constexpr std::string_view kKey = "gitdir:";
  if (!line.starts_with(kKey)) return {};
  std::string folder = JoinPath(DirName(dot_git), Trim(std::string_view(line).substr(kKey.size())));
  std::string common = FirstLine(fs, JoinPath(folder, "commondir"));
  return common.empty() ? folder : JoinPath(folder, common);
}

// The `url` entries of all [remote "…"] sections.
std::vector<std::string> ReadRemotes(const FileSystem& fs, const std::string& folder) {
  std::vector<std::string> out;
  auto text = fs.ReadFile(JoinPath(folder, "config"), kMaxConfigBytes);
  if (!text) return out;
  std::string_view rest = *text;
  bool in_remote = false;
  while (!rest.empty()) {
    std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = Trim(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.starts_with('[')) in_remote = line.starts_with("[remote ");
    std::size_t equals = line.find('=');
    if (!in_remote || equals == std::string_view::npos) continue;
    std::string_view key = Trim(line.substr(0, equals)), value = Trim(line.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
      value = value.substr(1, value.size() - 2);
    }
    if (key == "url" && !value.empty()) out.emplace_back(value);
  }
  return out;
}

}  // namespace

Repository FindRepository(const FileSystem& fs, const std::string& folder) {
  Repository out;
  std::string real = fs.RealPath(folder);
  out.root = real.empty() ? CleanPath(folder) : real;
  std::string at = out.root;
  for (std::size_t i = 0; i < kMaxLevels; ++i) {
    std::string dot_git = JoinPath(at, ".git");
    if (fs.IsDirectory(dot_git) || fs.IsFile(dot_git)) {
      out.root = at;
      std::string git = GitFolder(fs, dot_git);
      if (!git.empty()) out.remotes = ReadRemotes(fs, git);
      return out;
    }
    std::string above(DirName(at));
    if (above == at) break;
    at = std::move(above);
  }
  return out;
}

}  // namespace plumbline::gitops
