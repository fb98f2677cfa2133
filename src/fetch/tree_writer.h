// Writes a package that somebody else made into a fresh folder, and nothing outside of it: names
// are checked, links are made last and only when they stay inside, everything is counted. The
// folder's name in the cache is the hash of what was written.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "fetch/limits.h"
#include "support/result.h"

namespace plumbline::fetch {

class TreeWriter {
 public:
  /// `folder` exists and is empty.
  TreeWriter(std::string folder, const FetchLimits& limits);
  ~TreeWriter();
  TreeWriter(const TreeWriter&) = delete;

  /// A package of `bytes` on the wire may not grow beyond all measure.
  void SetPackedBytes(std::uint64_t bytes) { packed_ = bytes; }

  Result<void> AddFolder(std::string_view path);
  /// A file is begun, given its bytes and ended; files do not overlap.
  Result<void> BeginFile(std::string_view path);
  Result<void> AddBytes(std::string_view bytes);
  Result<void> EndFile();
  Result<void> AddLink(std::string_view path, std::string_view target);
  /// A second name for a file that is already there: becomes a copy.
  Result<void> AddHardLink(std::string_view path, std::string_view target);

  /// Makes the links and gives the tree's hash.
  Result<std::string> Finish();

 private:
  Result<std::string> Checked(std::string_view path, std::string_view what);
  Result<void> Count(std::string_view path);
  Result<void> CountBytes(std::uint64_t bytes);
  Result<int> OpenParent(const std::string& path, std::string& name);
  Result<void> MakeLinks();

  const std::string folder_;
  const FetchLimits& limits_;
  int root_ = -1, file_ = -1;
  std::string current_;
  void* digest_ = nullptr;  // EVP_MD_CTX of the current file
  std::uint64_t packed_ = 0, bytes_ = 0;
  std::uint32_t entries_ = 0;
  std::map<std::string, std::string> files_;  // path → digest of the content
  std::map<std::string, std::string> links_;  // path → target
};

/// SHA-256 in hexadecimal.
std::string Sha256Hex(std::string_view bytes);

}  // namespace plumbline::fetch
