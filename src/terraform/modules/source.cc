#include "terraform/modules/source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "support/fs.h"

namespace plumbline::terraform {
namespace {

bool IsAlnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::string Lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return out;
}

std::vector<std::string_view> Split(std::string_view text, char at) {
  std::vector<std::string_view> out;
  for (std::size_t i = 0; i <= text.size();) {
    std::size_t end = std::min(text.find(at, i), text.size());
    out.push_back(text.substr(i, end - i));
    i = end + 1;
  }
  return out;
}

// Namespaces and names: letters, digits, inner - and _, 64 at most.
bool IsRegistryName(std::string_view s) {
  if (s.empty() || s.size() > 64 || !IsAlnum(s.front()) || !IsAlnum(s.back())) return false;
  return std::ranges::all_of(s, [](char c) { return IsAlnum(c) || c == '-' || c == '_'; });
}

bool IsProviderName(std::string_view s) {
  return !s.empty() && s.size() <= 64 && std::ranges::all_of(s, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
}

bool IsRegistryHost(std::string_view s) {
  std::size_t colon = s.rfind(':');
  if (colon != std::string_view::npos) {
    std::string_view port = s.substr(colon + 1);
    if (port.empty() || port.size() > 5 ||
        !std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; }))
      return false;
    s = s.substr(0, colon);
  }
  if (s.find('.') == std::string_view::npos || s.size() > 253) return false;
  auto labels = Split(s, '.');
  return std::ranges::all_of(labels, [](std::string_view label) {
    return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
           std::ranges::all_of(label, [](char c) {
             return IsAlnum(c) || c == '-' || static_cast<unsigned char>(c) >= 0x80;
           });
  });
}

// These host repositories, which are addressed without a registry.
bool IsRepositoryHost(std::string_view host) {
  return host == "github.com" || host == "bitbucket.org" || host == "gitlab.com";
}

// "package//sub?query" → "package?query", "sub". The `//` behind a scheme is none, nor one in the
// query.
std::pair<std::string, std::string> SplitSubdir(std::string_view text) {
  std::size_t stop = std::min(text.find('?'), text.size());
  std::size_t scheme = text.substr(0, stop).find("://");
  std::size_t from = scheme == std::string_view::npos ? 0 : scheme + 3;
  std::size_t at = text.substr(0, stop).find("//", from);
  if (at == std::string_view::npos) return {std::string(text), {}};
  return {std::string(text.substr(0, at)) + std::string(text.substr(stop)),
          std::string(text.substr(at + 2, stop - at - 2))};
}

// Cleaned; false when it leads out of the package.
bool CleanSubdir(std::string& subdir) {
  if (subdir.empty()) return true;
  std::string_view text = subdir;
  while (text.starts_with('/')) text.remove_prefix(1);
  std::string clean = CleanPath(text);
  if (clean == ".." || clean.starts_with("../")) return false;
  subdir = clean == "." ? "" : clean;
  return true;
}

ModuleSource Invalid(std::string message) {
  ModuleSource out;
  out.kind = SourceKind::kInvalid;
  out.error = std::move(message);
  return out;
}

ModuleSource Unsupported(std::string message) {
  ModuleSource out;
  out.kind = SourceKind::kUnsupported;
  out.error = std::move(message);
  return out;
}

bool ReadRegistry(std::string_view package, ModuleSource& out) {
  auto parts = Split(package, '/');
  if (parts.size() != 3 && parts.size() != 4) return false;
  std::size_t first = parts.size() - 3;
  if (first == 1 && (!IsRegistryHost(parts[0]) || IsRepositoryHost(Lower(parts[0])))) return false;
  if (!IsRegistryName(parts[first]) || !IsRegistryName(parts[first + 1]) ||
      !IsProviderName(parts[first + 2]))
    return false;
  out.kind = SourceKind::kRegistry;
  if (first == 1) out.host = Lower(parts[0]);
  out.ns = parts[first];
  out.name = parts[first + 1];
  out.provider = parts[first + 2];
  out.shown = package;
  return true;
}

// "getter::rest" → getter; empty when none is forced.
std::string_view TakeForced(std::string_view& text) {
  std::size_t at = text.find("::");
  if (at == std::string_view::npos || at == 0) return {};
  std::string_view name = text.substr(0, at);
  if (!std::ranges::all_of(name, IsAlnum)) return {};
  text.remove_prefix(at + 2);
  return name;
}

// What short forms stand for; empty when the text is none of them.
std::string Expand(std::string_view text) {
  std::size_t mark = std::min(text.find('?'), text.size());
  std::string_view path = text.substr(0, mark), query = text.substr(mark);
  for (std::string_view host : {"github.com/", "bitbucket.org/"}) {
    if (!path.starts_with(host)) continue;
    auto parts = Split(path, '/');
    if (parts.size() < 3 || parts[1].empty() || parts[2].empty()) return {};
    std::string out = fmt::format("git::https://{}/{}/{}", parts[0], parts[1], parts[2]);
    if (!out.ends_with(".git")) out += ".git";
    if (parts.size() > 3) {
      std::size_t rest = parts[0].size() + parts[1].size() + parts[2].size() + 3;
      out += "//" + std::string(path.substr(rest));
    }
    return out + std::string(query);
  }
  // git@host:path, the form of scp; no other user name says that it is git.
  if (path.starts_with("git@")) {
    std::size_t colon = path.find(':');
    if (colon == std::string_view::npos || colon == 4 || colon + 1 == path.size()) return {};
    std::string_view rest = path.substr(colon + 1);
    if (rest.starts_with('/')) rest.remove_prefix(1);
    return fmt::format("git::ssh://{}/{}{}", path.substr(0, colon), rest, query);
  }
  if (path.find(".amazonaws.com/") != std::string_view::npos) return fmt::format("s3::{}", text);
  if (path.starts_with("www.googleapis.com/storage/")) return fmt::format("gcs::{}", text);
  return {};
}

// Takes the keys that are for the getter out of the query; what is left belongs to the server.
std::string TakeQuery(std::string_view query, ModuleSource& out, bool is_git) {
  std::string kept;
  if (query.empty()) return kept;
  for (std::string_view pair : Split(query, '&')) {
    std::size_t equals = std::min(pair.find('='), pair.size());
    std::string_view key = pair.substr(0, equals);
    std::string value = equals < pair.size() ? PercentDecode(pair.substr(equals + 1)) : "";
    if (is_git && key == "ref") {
      out.ref = value;
    } else if (is_git && key == "depth") {
      // How much history is fetched does not change what is checked out.
    } else if (key == "checksum") {
      out.checksum = value;
    } else if (key == "archive") {
      out.archive = value;
    } else if (!pair.empty()) {
      kept += kept.empty() ? '?' : '&';
      kept += pair;
    }
  }
  return kept;
}

std::string ShownUrl(const UrlParts& u) {
  // A name and password are for the server alone; ssh's user is a part of the address.
  std::string_view user = u.scheme == "ssh" ? u.user.substr(0, u.user.find(':')) : "";
  return fmt::format("{}://{}{}{}{}{}{}", u.scheme, user, user.empty() ? "" : "@", u.host,
                     u.port.empty() ? "" : ":", u.port, u.path);
}

constexpr std::string_view kExpected =
    "expected a path that begins with ./ or ../, NAMESPACE/NAME/PROVIDER, "
    "HOST/NAMESPACE/NAME/PROVIDER, git::URL, github.com/OWNER/REPOSITORY, git@HOST:PATH or an "
    "https:// address";

void SetAddress(std::string_view forced, const UrlParts& u, ModuleSource& out) {
  bool is_git = forced == "git" || forced == "ssh" || u.scheme == "ssh" || u.scheme == "git";
  std::string query = TakeQuery(u.query, out, is_git);
  std::string_view user_at = u.user.empty() ? "" : "@";
  std::string_view colon = u.port.empty() ? "" : ":";
  out.url = fmt::format("{}://{}{}{}{}{}{}{}", u.scheme, u.user, user_at, u.host, colon, u.port,
                        u.path, query);
  out.shown = (is_git ? "git::" : "") + ShownUrl(u);
  out.kind = is_git ? SourceKind::kGit : SourceKind::kHttp;
}

ModuleSource ReadAddress(std::string_view text) {
  std::string expanded = Expand(text);
  if (!expanded.empty()) text = expanded;
  std::string_view forced = TakeForced(text);
  std::string inner = Expand(text);  // git::git@host:path
  if (!forced.empty() && !inner.empty()) {
    text = inner;
    TakeForced(text);
  }
  for (std::string_view other : {"s3", "gcs", "hg"}) {
    if (forced == other) {
      return Unsupported(fmt::format(
          "modules from {}:: addresses are not supported; supported are registries, git, "
          "and archives behind http and https",
          forced));
    }
  }
  if (!forced.empty() && forced != "git" && forced != "http" && forced != "https" &&
      forced != "file") {
    return Invalid(fmt::format("\"{}::\" is no known way to get a module; {}", forced, kExpected));
  }
  auto [package, subdir] = SplitSubdir(text);
  ModuleSource out;
  UrlParts u;
  if (!SplitUrl(package, &u)) return Invalid(fmt::format("it is no address; {}", kExpected));
  if (u.scheme == "file" && forced != "git") {
    return Unsupported(
        "modules from file:// addresses are not supported; use a path that begins with ./ or ../");
  }
  constexpr auto kSchemes =
      std::to_array<std::string_view>({"http", "https", "ssh", "git", "file"});
  if (std::ranges::find(kSchemes, u.scheme) == kSchemes.end()) {
    return Invalid(fmt::format("\"{}\" is no known scheme of an address; {}", u.scheme, kExpected));
  }
  if (u.scheme == "ssh" && forced.empty())
    return Invalid("an ssh:// address needs git:: in front of it");
  if (u.host.empty() && u.scheme != "file") return Invalid("the address has no host");
  SetAddress(forced, u, out);
  out.subdir = subdir;
  return out;
}

}  // namespace

std::string ShownSource(std::string_view text) {
  std::string out(text);
  std::size_t from = out.find("://");
  if (from == std::string::npos) return out;
  from += 3;
  std::size_t end = std::min(out.find_first_of("/?", from), out.size());
  std::size_t at = out.rfind('@', end);
  if (at == std::string::npos || at < from) return out;
  bool is_plain_user =
      out.find(':', from) >= at && out.substr(0, from).find("ssh") != std::string::npos;
  if (!is_plain_user) out.erase(from, at + 1 - from);
  return out;
}

bool SplitUrl(std::string_view url, UrlParts* out) {
  std::size_t colon = url.find("://");
  if (colon == std::string_view::npos || colon == 0) return false;
  out->scheme = url.substr(0, colon);
  std::string_view rest = url.substr(colon + 3);
  std::size_t mark = std::min(rest.find('?'), rest.size());
  out->query = mark < rest.size() ? rest.substr(mark + 1) : std::string_view();
  rest = rest.substr(0, mark);
  std::size_t slash = std::min(rest.find('/'), rest.size());
  std::string_view authority = rest.substr(0, slash);
  out->path = rest.substr(slash);
  std::size_t at = authority.rfind('@');
  out->user = at == std::string_view::npos ? std::string_view() : authority.substr(0, at);
  if (at != std::string_view::npos) authority.remove_prefix(at + 1);
  std::size_t bracket = authority.rfind(']');
  std::size_t port = authority.rfind(':');
  if (port != std::string_view::npos && (bracket == std::string_view::npos || bracket < port)) {
    out->port = authority.substr(port + 1);
    authority = authority.substr(0, port);
    if (!std::ranges::all_of(out->port, [](char c) { return c >= '0' && c <= '9'; })) return false;
  } else {
    out->port = {};
  }
  out->host = authority;
  return std::ranges::none_of(url, [](char c) { return static_cast<unsigned char>(c) <= ' '; });
}

std::string PercentDecode(std::string_view text) {
  auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 &&
        digit(text[i + 2]) >= 0) {
      out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string_view ArchiveSuffix(std::string_view path) {
  constexpr auto kSuffixes = std::to_array<std::string_view>(
      {"tar.bz2", "tar.gz", "tar.tbz2", "tar.xz", "tgz", "txz", "zip"});
  for (std::string_view s : kSuffixes) {
    if (path.size() > s.size() && path.ends_with(s) && path[path.size() - s.size() - 1] == '.')
      return s;
  }
  return {};
}

bool IsLoopback(std::string_view host) {
  std::size_t colon = host.find(':');
  if (host == "::1" || host == "[::1]" || host.starts_with("[::1]:")) return true;
  host = host.substr(0, colon);
  if (host == "localhost") return true;
  auto parts = Split(host, '.');
  return parts.size() == 4 && parts[0] == "127" &&
         std::ranges::all_of(parts, [](std::string_view p) {
           return !p.empty() && p.size() <= 3 &&
                  std::ranges::all_of(p, [](char c) { return c >= '0' && c <= '9'; });
         });
}

std::string ModuleSource::Key(std::string_view default_host) const {
  if (kind == SourceKind::kRegistry) {
    return fmt::format("registry:{}/{}/{}/{}", host.empty() ? default_host : host, ns, name,
                       provider);
  }
  if (kind == SourceKind::kGit) return "git:" + url;
  return fmt::format("http:{} {} {}", url, archive, checksum);
}

ModuleSource ParsePackageAddress(std::string_view text) {
  ModuleSource out = ReadAddress(text);
  bool ok = out.kind != SourceKind::kInvalid && out.kind != SourceKind::kUnsupported;
  if (ok && !CleanSubdir(out.subdir)) {
    return Invalid(
        fmt::format("the folder \"{}\" behind // leads out of the module's package", out.subdir));
  }
  return out;
}

ModuleSource ParseModuleSource(std::string_view text) {
  ModuleSource out;
  if (text.starts_with("./") || text.starts_with("../") || text == "." || text == ".." ||
      text.starts_with('/')) {
    out.kind = SourceKind::kLocal;
    return out;
  }
  auto [package, subdir] = SplitSubdir(text);
  if (!ReadRegistry(package, out)) return ParsePackageAddress(text);
  if (!CleanSubdir(subdir)) {
    return Invalid(
        fmt::format("the folder \"{}\" behind // leads out of the module's package", subdir));
  }
  out.subdir = subdir;
  return out;
}

}  // namespace plumbline::terraform
