// Module source addresses, read as Terraform and go-getter read them: a folder beside the caller, a
// registry module, a git repository or an archive behind HTTP. Nothing is looked up here; judge:
// terraform 1.11.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace plumbline::terraform {

enum class SourceKind : std::uint8_t { kLocal, kRegistry, kGit, kHttp, kUnsupported, kInvalid };

struct ModuleSource {
  SourceKind kind = SourceKind::kInvalid;
  std::string error;  // kUnsupported and kInvalid: what is wrong and what was expected
  std::string host, ns, name, provider;  // of a registry module; no host: the default registry
  std::string url;       // of a repository or archive, without what is only meant for the getter
  std::string ref;       // ?ref=, decoded
  std::string checksum;  // ?checksum=, decoded
  std::string archive;   // ?archive=
  std::string subdir;    // behind //, cleaned; may hold `*` when a registry wrote it
  std::string shown;     // for people: without subdir, query and credentials

  /// What the cache files the package under; `default_host` takes the place of an absent host.
  std::string Key(std::string_view default_host) const;
};

ModuleSource ParseModuleSource(std::string_view text);
/// The same where a registry's short form has no meaning: an address that a server has named.
ModuleSource ParsePackageAddress(std::string_view text);
/// A source for messages: as it is written, but without a password.
std::string ShownSource(std::string_view text);

/// The parts of `scheme://user@host:port/path?query`; views into `url`.
struct UrlParts {
  std::string_view scheme, user, host, port, path, query;
};
/// False when the text has no such form.
bool SplitUrl(std::string_view url, UrlParts* out);

/// "%41+b" → "A+b"; a malformed escape stays as it is.
std::string PercentDecode(std::string_view text);

/// The suffix that makes a path an archive ("tar.gz", "zip"); empty for others.
std::string_view ArchiveSuffix(std::string_view path);

/// A host of this machine: 127.0.0.0/8, ::1 or localhost. Only there is plain HTTP good enough for
/// a registry.
bool IsLoopback(std::string_view host);

}  // namespace plumbline::terraform
