#include "support/fs.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace plumbline {
namespace {

std::string Reason(const std::string& path, const char* what) {
  return fmt::format("{}: {}", path, what);
}

struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

}  // namespace

Result<std::string> DiskFileSystem::ReadFile(const std::string& path, std::size_t max_bytes) const {
  // O_NONBLOCK: opening a named pipe must not wait for a writer.
  Descriptor d{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (d.fd < 0) return Fail(Reason(path, std::strerror(errno)));
  struct stat st{};
  if (::fstat(d.fd, &st) != 0) return Fail(Reason(path, std::strerror(errno)));
  if (S_ISDIR(st.st_mode)) return Fail(Reason(path, "is a directory"));
  if (!S_ISREG(st.st_mode)) return Fail(Reason(path, "is not a regular file"));
  if (static_cast<std::size_t>(st.st_size) > max_bytes) {
    return Fail(
        fmt::format("{}: has {} bytes, more than the limit of {}", path, st.st_size, max_bytes));
  }
  std::string text(static_cast<std::size_t>(st.st_size), '\0');
  std::size_t got = 0;
  while (got < text.size()) {
    ssize_t n = ::read(d.fd, text.data() + got, text.size() - got);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Fail(Reason(path, std::strerror(errno)));
    if (n == 0) break;
    got += static_cast<std::size_t>(n);
  }
  text.resize(got);
  return text;
}

Result<std::vector<DirEntry>> DiskFileSystem::ListDir(const std::string& path) const {
  DIR* dir = ::opendir(path.c_str());
  if (dir == nullptr) return Fail(Reason(path, std::strerror(errno)));
  std::vector<DirEntry> out;
  while (dirent* e = ::readdir(dir)) {
    std::string_view name = e->d_name;
    if (name == "." || name == "..") continue;
    DirEntry entry{std::string(name), e->d_type == DT_DIR, e->d_type == DT_LNK};
    if (entry.is_symlink || e->d_type == DT_UNKNOWN)
      entry.is_directory = IsDirectory(path + "/" + entry.name);
    out.push_back(std::move(entry));
  }
  ::closedir(dir);
  std::sort(out.begin(), out.end(),
            [](const DirEntry& a, const DirEntry& b) { return a.name < b.name; });
  return out;
}

bool DiskFileSystem::IsFile(const std::string& path) const {
  struct stat st{};
  return ::stat(path.c_str(), &st) == 0 && S_ISREG(st.st_mode);
}

bool DiskFileSystem::IsDirectory(const std::string& path) const {
  struct stat st{};
  return ::stat(path.c_str(), &st) == 0 && S_ISDIR(st.st_mode);
}

std::string DiskFileSystem::RealPath(const std::string& path) const {
  char* p = ::realpath(path.c_str(), nullptr);
  if (p == nullptr) return {};
  std::string out = p;
  ::free(p);
  return out;
}

namespace {
// The overlay's keys are real paths; a file that only exists there has a real folder.
std::string OverlayKey(const FileSystem& base, const std::string& path) {
  std::string real = base.RealPath(path);
  if (!real.empty()) return real;
  std::string dir = base.RealPath(std::string(DirName(path)));
  return dir.empty() ? CleanPath(path) : JoinPath(dir, BaseName(path));
}
}  // namespace

Result<std::string> OverlayFileSystem::ReadFile(const std::string& path,
                                                std::size_t max_bytes) const {
  auto it = overlay_.find(OverlayKey(base_, path));
  if (it == overlay_.end()) return base_.ReadFile(path, max_bytes);
  if (it->second.size() > max_bytes) {
    return Fail(fmt::format("{}: has {} bytes, more than the limit of {}", path, it->second.size(),
                            max_bytes));
  }
  return it->second;
}

Result<std::vector<DirEntry>> OverlayFileSystem::ListDir(const std::string& path) const {
  PL_TRY(auto entries, base_.ListDir(path));
  std::string real = base_.RealPath(path);
  for (const auto& [file, text] : overlay_) {
    if (DirName(file) != real) continue;
    auto name = std::string(BaseName(file));
    auto at = std::lower_bound(entries.begin(), entries.end(), name,
                               [](const DirEntry& e, const std::string& n) { return e.name < n; });
    if (at == entries.end() || at->name != name) entries.insert(at, DirEntry{name});
  }
  return entries;
}

bool OverlayFileSystem::IsFile(const std::string& path) const {
  return overlay_.contains(OverlayKey(base_, path)) || base_.IsFile(path);
}
bool OverlayFileSystem::IsDirectory(const std::string& path) const {
  return base_.IsDirectory(path);
}
std::string OverlayFileSystem::RealPath(const std::string& path) const {
  std::string key = OverlayKey(base_, path);
  return overlay_.contains(key) ? key : base_.RealPath(path);
}

std::string CleanPath(std::string_view path) {
  bool absolute = !path.empty() && path[0] == '/';
  std::vector<std::string_view> parts;
  for (std::size_t i = 0; i <= path.size();) {
    std::size_t j = std::min(path.find('/', i), path.size());
    std::string_view part = path.substr(i, j - i);
    i = j + 1;
    if (part.empty() || part == ".") continue;
    if (part == ".." && !parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else if (part != ".." || !absolute) {
      parts.push_back(part);
    }
  }
  std::string out = absolute ? "/" : "";
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += '/';
    out += parts[i];
  }
  return out.empty() ? "." : out;
}

std::string JoinPath(std::string_view a, std::string_view b) {
  if (!b.empty() && b[0] == '/') return CleanPath(b);
  return CleanPath(std::string(a) + "/" + std::string(b));
}

std::string_view DirName(std::string_view path) {
  auto slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string_view BaseName(std::string_view path) {
  auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string ShownBelow(std::string_view base, const std::string& path) {
  if (base.empty() || path == base || !IsWithin(base, path)) return path;
  return path.substr(base == "/" ? 1 : base.size() + 1);
}

bool IsWithin(std::string_view root, std::string_view path) {
  std::string r = CleanPath(root), p = CleanPath(path);
  if (r == ".") return !p.starts_with("/") && p != ".." && !p.starts_with("../");
  return p == r || (p.starts_with(r) && (r.back() == '/' || p[r.size()] == '/'));
}

}  // namespace plumbline
