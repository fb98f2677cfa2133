#include "fetch/package.h"

#include <fmt/format.h>
#include <fnmatch.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "fetch/archive.h"
#include "fetch/git.h"
#include "fetch/http.h"
#include "fetch/registry.h"
#include "fetch/tree_writer.h"
#include "support/fs.h"

namespace plumbline::fetch {
namespace {

using terraform::CacheEntry;
using terraform::FetchAnswer;
using terraform::ModuleSource;
using terraform::SourceKind;

// Registries may write `*` for the one folder that an archive holds.
Result<std::string> ExpandSubdir(const std::string& root, const std::string& subdir) {
  if (subdir.find('*') == std::string::npos) return subdir;
  DiskFileSystem fs;
  std::string at = ".";
  for (std::size_t i = 0; i < subdir.size();) {
    std::size_t end = std::min(subdir.find('/', i), subdir.size());
    std::string pattern = subdir.substr(i, end - i);
    i = end + 1;
    PL_TRY(auto entries, fs.ListDir(JoinPath(root, at)));
    std::vector<std::string> found;
    for (const DirEntry& e : entries) {
      if (e.is_directory && ::fnmatch(pattern.c_str(), e.name.c_str(), FNM_PERIOD) == 0)
        found.push_back(e.name);
    }
    if (found.size() != 1) {
      return Fail(fmt::format("\"{}\" means {} folders of the package; expected one", subdir,
                              found.size()));
    }
    at = JoinPath(at, found[0]);
  }
  return at;
}

std::string JoinSubdirs(const std::string& outer, const std::string& inner) {
  std::string joined = JoinPath(outer.empty() ? "." : outer, inner);
  return joined == "." ? "" : joined;
}

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// The value of an attribute in an HTML tag.
std::string TagAttribute(std::string_view tag, std::string_view name) {
  for (std::size_t at = tag.find(name); at != std::string_view::npos; at = tag.find(name, at + 1)) {
    std::size_t i = at + name.size();
    if (at > 0 && !IsSpace(tag[at - 1])) continue;
    while (i < tag.size() && IsSpace(tag[i])) ++i;
    if (i >= tag.size() || tag[i] != '=') continue;
    ++i;
    while (i < tag.size() && IsSpace(tag[i])) ++i;
    if (i >= tag.size()) return {};
    char quote = tag[i];
    if (quote != '"' && quote != '\'')
      return std::string(tag.substr(i, tag.find_first_of(" \t>", i) - i));
    return std::string(tag.substr(i + 1, tag.find(quote, i + 1) - i - 1));
  }
  return {};
}

const EVP_MD* DigestOf(std::string_view name, std::size_t digits) {
  constexpr auto kNames = std::to_array<std::string_view>({"md5", "sha1", "sha256", "sha512"});
  constexpr auto kDigits = std::to_array<std::size_t>({32, 40, 64, 128});
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (digits == kDigits[i] && (name.empty() || name == kNames[i]))
      return EVP_get_digestbyname(std::string(kNames[i]).c_str());
  }
  return nullptr;
}

Result<std::string> DigestOfFile(const std::string& file, const EVP_MD* kind) {
  std::FILE* f = std::fopen(file.c_str(), "rb");
  if (f == nullptr) return Fail(fmt::format("{}: {}", file, std::strerror(errno)));
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_DigestInit_ex(context, kind, nullptr);
  char buffer[1 << 16];
  for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, f)) > 0;)
    EVP_DigestUpdate(context, buffer, n);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  EVP_DigestFinal_ex(context, digest.data(), &length);
  EVP_MD_CTX_free(context);
  std::fclose(f);
  std::string out;
  for (unsigned i = 0; i < length; ++i) out += fmt::format("{:02x}", digest[i]);
  return out;
}

Result<void> MakeFolders(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return Fail(fmt::format("{} cannot be made: {}", path, error.message()));
  return {};
}

}  // namespace

std::string TerraformGetOfPage(std::string_view page) {
  for (std::size_t at = page.find("<meta"); at != std::string_view::npos;
       at = page.find("<meta", at + 1)) {
    std::string_view tag = page.substr(at, page.find('>', at) - at);
    if (TagAttribute(tag, "name") == "terraform-get") return TagAttribute(tag, "content");
  }
  return {};
}

Result<void> CheckChecksum(const std::string& file, std::string_view checksum) {
  std::size_t colon = checksum.find(':');
  std::string_view name = colon == std::string_view::npos ? "" : checksum.substr(0, colon);
  std::string expected(colon == std::string_view::npos ? checksum : checksum.substr(colon + 1));
  for (char& c : expected) c = c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c;
  const EVP_MD* kind = DigestOf(name, expected.size());
  if (kind == nullptr || expected.find_first_not_of("0123456789abcdef") != std::string::npos) {
    return Fail(fmt::format(
        "\"{}\" is no checksum that is supported; expected md5:, sha1:, sha256: or sha512: and "
        "hexadecimal digits",
        checksum));
  }
  PL_TRY(std::string actual, DigestOfFile(file, kind));
  if (actual != expected)
    return Fail(fmt::format("the archive has the checksum {}, expected {}", actual, expected));
  return {};
}

Downloader::Downloader(const FetchOptions& options, std::string scratch)
    : options_(options), scratch_(std::move(scratch)) {}

Result<std::string> Downloader::NewFolder() {
  std::string out = fmt::format("{}/{}", scratch_, folders_++);
  if (::mkdir(out.c_str(), 0755) != 0)
    return Fail(fmt::format("{} cannot be made: {}", out, std::strerror(errno)));
  return out;
}

// Whoever comes second finds the same content there already.
Result<std::string> Downloader::Keep(const std::string& folder, const std::string& hash) const {
  std::string trees = terraform::TreesFolder(options_.cache), to = trees + "/" + hash;
  PL_CHECK_OK(MakeFolders(trees));
  if (::rename(folder.c_str(), to.c_str()) != 0 && errno != ENOTEMPTY && errno != EEXIST)
    return Fail(fmt::format("{} cannot be made: {}", to, std::strerror(errno)));
  return to;
}

Result<void> Downloader::Remember(const std::string& key, const std::string& version,
                                  const CacheEntry& entry) const {
  std::string path = terraform::IndexFile(options_.cache, key, version);
  PL_CHECK_OK(MakeFolders(std::string(DirName(path))));
  std::string fresh = fmt::format("{}/entry", scratch_);
  std::string text = terraform::CacheEntryText(entry, key);
  std::FILE* f = std::fopen(fresh.c_str(), "wb");
  bool ok = f != nullptr && std::fwrite(text.data(), 1, text.size(), f) == text.size();
  if (f != nullptr) ok = std::fclose(f) == 0 && ok;
  if (!ok || ::rename(fresh.c_str(), path.c_str()) != 0)
    return Fail(fmt::format("{} cannot be written: {}", path, std::strerror(errno)));
  return {};
}

Result<Downloader::Package> Downloader::FromGit(const ModuleSource& source) {
  if (!source.checksum.empty())
    return Fail("a checksum can only be asked of an archive, not of a git repository");
  PL_TRY(std::string folder, NewFolder());
  GitRepository repository(source.url, folder, options_.limits);
  PL_TRY(std::string commit, repository.Fetch(source.ref));
  Package out;
  out.subdir = source.subdir;
  // The commit may be here under another name.
  DiskFileSystem fs;
  if (auto known = terraform::ModuleCache(fs, options_.cache).Find(source.Key(""), commit); known) {
    out.entry = std::move(*known);
    return out;
  }
  PL_TRY(std::string tree, NewFolder());
  TreeWriter writer(tree, options_.limits);
  PL_CHECK_OK(repository.Read(commit, writer));
  PL_TRY(out.entry.tree, writer.Finish());
  PL_CHECK_OK(Keep(tree, out.entry.tree));
  out.entry.commit = commit;
  PL_CHECK_OK(Remember(source.Key(""), commit, out.entry));
  return out;
}

Result<Downloader::Package> Downloader::FromArchive(const ModuleSource& source) {
  PL_TRY(std::string folder, NewFolder());
  HttpRequest request{source.url, "", folder + "/archive"};
  PL_TRY(HttpAnswer answer, HttpGet(request, options_.limits));
  if (!source.checksum.empty()) PL_CHECK_OK(CheckChecksum(request.save_to, source.checksum));
  PL_TRY(std::string tree, NewFolder());
  TreeWriter writer(tree, options_.limits);
  PL_CHECK_OK(Unpack(request.save_to, writer));
  Package out;
  PL_TRY(out.entry.tree, writer.Finish());
  PL_TRY(std::string kept, Keep(tree, out.entry.tree));
  PL_TRY(out.subdir, ExpandSubdir(kept, source.subdir));
  return out;
}

Result<Downloader::Package> Downloader::FromHttp(const ModuleSource& source, std::uint32_t hops) {
  terraform::UrlParts u;
  terraform::SplitUrl(source.url, &u);
  bool is_archive = source.archive.empty() ? !terraform::ArchiveSuffix(u.path).empty()
                                           : source.archive != "false" && source.archive != "0";
  if (is_archive) return FromArchive(source);
  char joint = source.url.find('?') == std::string::npos ? '?' : '&';
  PL_TRY(HttpAnswer answer,
         HttpGet({fmt::format("{}{}terraform-get=1", source.url, joint)}, options_.limits));
  std::string where = answer.terraform_get;
  if (where.empty()) where = TerraformGetOfPage(answer.body);
  if (where.empty()) {
    return Fail(
        fmt::format("{} is no archive by its name, and its answer names none: it has neither an "
                    "X-Terraform-Get header nor a terraform-get tag",
                    ShownAddress(source.url)));
  }
  bool is_relative = where.starts_with("/") || where.starts_with("./") || where.starts_with("../");
  if (is_relative) where = ResolveUrl(answer.url, where);
  ModuleSource next = terraform::ParsePackageAddress(where);
  PL_TRY(Package out, FromAddress(next, hops + 1));
  out.subdir = JoinSubdirs(out.subdir, source.subdir);
  return out;
}

Result<Downloader::Package> Downloader::FromAddress(const ModuleSource& source,
                                                    std::uint32_t hops) {
  if (hops > options_.limits.max_hops) {
    return Fail(
        fmt::format("addresses lead to each other more than {} times", options_.limits.max_hops));
  }
  if (source.kind == SourceKind::kGit) return FromGit(source);
  if (source.kind == SourceKind::kHttp) return FromHttp(source, hops);
  return Fail(source.error.empty() ? "a server named an address that is none" : source.error);
}

Result<Downloader::Package> Downloader::FromRegistry(
    const ModuleSource& source, const terraform::VersionConstraints& constraints) {
  std::string host = source.host.empty() ? options_.registry : source.host;
  if (host.empty()) {
    return Fail(
        "the source names no registry and no default one is set; name it with --module-registry "
        "HOST or PLUMBLINE_MODULE_REGISTRY");
  }
  Registry registry(host, options_.limits);
  PL_TRY(std::vector<std::string> versions, registry.Versions(source));
  std::string version = terraform::NewestMatching(versions, constraints);
  if (version.empty()) {
    return Fail(
        fmt::format("the registry {} has {} versions of it, but none that matches the "
                    "version constraint",
                    host, versions.size()));
  }
  Package out;
  DiskFileSystem fs;
  std::string key = source.Key(options_.registry);
  if (auto known = terraform::ModuleCache(fs, options_.cache).Find(key, version); known) {
    out.entry = std::move(*known);
    return out;
  }
  PL_TRY(std::string where, registry.Location(source, version));
  PL_TRY(Package package, FromAddress(terraform::ParsePackageAddress(where), 0));
  out.entry = package.entry;
  out.entry.subdir = package.subdir;
  out.entry.version = version;
  PL_CHECK_OK(Remember(key, version, out.entry));
  // A scan that is not told of a registry finds what another one brought from its default.
  if (source.host.empty()) PL_CHECK_OK(Remember(source.Key(""), version, out.entry));
  return out;
}

Result<FetchAnswer> Downloader::Answer(const terraform::ModuleRequest& request) {
  ModuleSource source = terraform::ParseModuleSource(request.source);
  FetchAnswer out;
  if (source.kind == SourceKind::kRegistry) {
    PL_TRY(auto constraints, terraform::ParseConstraints(request.version));
    PL_TRY(Package package, FromRegistry(source, constraints));
    out.version = package.entry.version;
    out.subdir = package.entry.subdir;
    out.tree = terraform::TreesFolder(options_.cache) + "/" + package.entry.tree;
    return out;
  }
  // The reader applies the source's own folder; only what servers added is told.
  source.subdir.clear();
  PL_TRY(Package package, FromAddress(source, 0));
  package.entry.subdir = package.subdir;
  PL_CHECK_OK(Remember(source.Key(""), source.ref, package.entry));
  out.subdir = package.subdir;
  out.tree = terraform::TreesFolder(options_.cache) + "/" + package.entry.tree;
  return out;
}

FetchAnswer Downloader::Get(const terraform::ModuleRequest& request) {
  auto answer = Answer(request);
  if (answer) return std::move(*answer);
  return {"", "", "", answer.error().message};
}

}  // namespace plumbline::fetch
