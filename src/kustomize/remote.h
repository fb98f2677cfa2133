// Addresses that kustomize would fetch, and where a copy of their content lies in a local mirror.
// Nothing is ever fetched here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/fs.h"

namespace plumbline::kustomize {

/// A repository, or a file behind HTTP, as kustomize takes an address apart.
struct RemoteAddress {
  std::string host;    // without user and port
  std::string path;    // of the repository, without .git; of a file: all of it
  std::string subdir;  // inside the repository
  std::string ref;     // ?ref= or ?version=
};

bool IsHttp(std::string_view path);
/// What kustomize would clone or download: URLs, scp-like addresses, hosts with an owner, `?ref=`.
bool LooksRemote(std::string_view path);
RemoteAddress ParseRemote(std::string_view path);
/// The address without the password that it may hold.
std::string WithoutPassword(std::string_view path);
/// HOST/PATH/REF as a mirror lays it out; empty for an address without host.
std::string MirrorFolder(std::string_view path);

enum class MirrorWants : std::uint8_t { kFile, kFolder };

struct MirrorPlace {
  std::string package;  // folder, resolved: nothing outside of it belongs to the address
  std::string path;     // the wanted folder or file in it; empty when no mirror has it
  std::string shown;    // the package, for people: "github.com/org/repo@v1"
};

MirrorPlace FindInMirrors(const FileSystem& fs, const std::vector<std::string>& mirrors,
                          std::string_view path, MirrorWants wants);

}  // namespace plumbline::kustomize
