#include "kustomize/remote.h"

#include <algorithm>
#include <array>

namespace plumbline::kustomize {
namespace {

constexpr auto npos = std::string_view::npos;

bool IsWord(std::string_view s) {
  return !s.empty() && std::ranges::all_of(s, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

// "user@host:path": where the colon is; npos for anything else.
std::size_t ScpColon(std::string_view path) {
  std::size_t at = path.find('@'), colon = path.find(':', at == npos ? 0 : at);
  if (at == npos || colon == npos || path.substr(0, colon).find('/') != npos) return npos;
  return IsWord(path.substr(0, at)) ? colon : npos;
}

// Takes the query off and reads the ref from it.
std::string_view TakeQuery(std::string_view text, std::string& ref) {
  std::size_t question = text.find('?');
  if (question == npos) return text;
  std::string_view query = text.substr(question + 1);
  while (!query.empty()) {
    std::size_t end = std::min(query.find('&'), query.size());
    std::string_view pair = query.substr(0, end);
    for (std::string_view key : {"ref=", "version="}) {
      if (pair.starts_with(key) && (ref.empty() || key == "ref=")) ref = pair.substr(key.size());
    }
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return text.substr(0, question);
}

// Splits what follows the host into host and the rest.
std::string_view TakeHost(std::string_view text, std::string& host) {
  if (text.starts_with("git::")) text.remove_prefix(5);
  std::size_t scheme = text.find("://");
  std::size_t colon = scheme == npos ? ScpColon(text) : npos;
  if (scheme != npos) {
    bool file = text.substr(0, scheme) == "file";
    text.remove_prefix(scheme + 3);
    if (file) return text;
  }
  for (std::string_view shortcut : {"gh:", "github.com:"}) {
    if (!text.starts_with(shortcut)) continue;
    host = "github.com";
    return text.substr(shortcut.size());
  }
  std::size_t end = colon != npos ? colon : std::min(text.find('/'), text.size());
  std::string_view authority = text.substr(0, end);
  authority.remove_prefix(authority.rfind('@') == npos ? 0 : authority.rfind('@') + 1);
  host = authority.substr(0, authority.find(':'));
  return text.substr(std::min(end + 1, text.size()));
}

// Where the repository's path ends: at `//`, behind `.git`, behind the name that follows `_git`,
// else behind owner and name.
std::pair<std::size_t, std::size_t> SplitRepository(std::string_view rest) {
  if (std::size_t at = rest.find("//"); at != npos) return {at, at + 2};
  if (std::size_t at = rest.find("_git/"); at != npos) {
    std::size_t end = std::min(rest.find('/', at + 5), rest.size());
    return {end, end};
  }
  if (std::size_t at = rest.find(".git/"); at != npos) return {at, at + 5};
  std::size_t owner = rest.find('/');
  std::size_t end = owner == npos ? rest.size() : std::min(rest.find('/', owner + 1), rest.size());
  return {end, end};
}

std::string Trimmed(std::string_view path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  if (path.ends_with(".git")) path.remove_suffix(4);
  return std::string(path);
}

// An address may hold `..`, which is nobody's way out of the mirror.
bool Inside(const FileSystem& fs, const std::string& package, const std::string& inner,
            MirrorWants wants, MirrorPlace& out) {
  out.package = fs.RealPath(package);
  std::string path = fs.RealPath(JoinPath(package, inner.empty() ? "." : inner));
  if (out.package.empty() || path.empty() || !IsWithin(out.package, path)) return false;
  bool fits = wants == MirrorWants::kFile ? fs.IsFile(path) : fs.IsDirectory(path);
  if (fits) out.path = std::move(path);
  return fits;
}

bool FindFolder(const FileSystem& fs, const std::string& mirror, const RemoteAddress& a,
                MirrorPlace& out) {
  std::string repository = JoinPath(mirror, a.host + "/" + a.path);
  for (const std::string& ref : {a.ref.empty() ? std::string("HEAD") : a.ref, std::string()}) {
    std::string folder = ref.empty() ? repository : JoinPath(repository, ref);
    if (folder == mirror || !IsWithin(mirror, folder) || !fs.IsDirectory(folder)) continue;
    if (!Inside(fs, folder, a.subdir, MirrorWants::kFolder, out)) continue;
    out.shown = a.host + "/" + a.path + (a.ref.empty() ? "" : "@" + a.ref);
    return true;
  }
  return false;
}

bool FindFile(const FileSystem& fs, const std::string& mirror, const RemoteAddress& file,
              MirrorPlace& out) {
  std::string folder = JoinPath(mirror, file.host);
  if (folder == mirror || !IsWithin(mirror, folder)) return false;
  out.shown = file.host;
  return Inside(fs, folder, file.path, MirrorWants::kFile, out);
}

// raw.githubusercontent.com/OWNER/NAME/REF/PATH is a file of the repository.
bool FindRawFile(const FileSystem& fs, const std::string& mirror, const RemoteAddress& file,
                 MirrorPlace& out) {
  if (file.host != "raw.githubusercontent.com") return false;
  std::size_t owner = file.path.find('/');
  std::size_t name = owner == npos ? npos : file.path.find('/', owner + 1);
  std::size_t ref = name == npos ? npos : file.path.find('/', name + 1);
  if (ref == npos) return false;
  std::string repository = "github.com/" + file.path.substr(0, name);
  std::string package = JoinPath(mirror, repository + file.path.substr(name, ref - name));
  if (!IsWithin(mirror, package)) return false;
  out.shown = repository + "@" + file.path.substr(name + 1, ref - name - 1);
  return Inside(fs, package, file.path.substr(ref + 1), MirrorWants::kFile, out);
}

}  // namespace

bool IsHttp(std::string_view path) {
  return path.starts_with("http://") || path.starts_with("https://");
}

bool LooksRemote(std::string_view path) {
  if (path.find('\n') != npos) return false;
  if (path.find("://") != npos || path.starts_with("git::")) return true;
  for (std::string_view host : {"git@", "github.com/", "github.com:", "gh:"}) {
    if (path.starts_with(host)) return true;
  }
  if (path.find("?ref=") != npos || ScpColon(path) != npos) return true;
  return path.find(".git/") != npos || path.ends_with(".git") || path.find("/_git/") != npos;
}

RemoteAddress ParseRemote(std::string_view path) {
  RemoteAddress out;
  std::string_view rest = TakeHost(TakeQuery(path, out.ref), out.host);
  auto [end, from] = SplitRepository(rest);
  out.path = Trimmed(rest.substr(0, end));
  out.subdir = Trimmed(rest.substr(std::min(from, rest.size())));
  std::ranges::transform(out.host, out.host.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

std::string WithoutPassword(std::string_view path) {
  std::size_t from = path.find("://");
  if (from == npos) return std::string(path);
  from += 3;
  std::size_t end = std::min(path.find('/', from), path.size());
  std::size_t at = path.substr(0, end).rfind('@');
  std::size_t colon = path.find(':', from);
  if (at == npos || at < from || colon == npos || colon > at) return std::string(path);
  return std::string(path.substr(0, from)) + std::string(path.substr(at + 1));
}

std::string MirrorFolder(std::string_view path) {
  RemoteAddress a = ParseRemote(path);
  if (a.host.empty() || a.path.empty()) return {};
  return a.host + "/" + a.path + "/" + (a.ref.empty() ? "HEAD" : a.ref);
}

MirrorPlace FindInMirrors(const FileSystem& fs, const std::vector<std::string>& mirrors,
                          std::string_view path, MirrorWants wants) {
  RemoteAddress a = ParseRemote(path);
  if (a.host.empty() || a.path.empty()) return {};
  RemoteAddress file = a;
  std::string ignored;
  std::string host;
  file.path = TakeHost(TakeQuery(path, ignored), host);
  for (const std::string& mirror : mirrors) {
    MirrorPlace out;
    bool found = wants == MirrorWants::kFolder
                     ? FindFolder(fs, mirror, a, out)
                     : FindFile(fs, mirror, file, out) || FindRawFile(fs, mirror, file, out);
    if (found) return out;
  }
  return {};
}

}  // namespace plumbline::kustomize
