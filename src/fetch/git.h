// Git repositories → packages, through libgit2. The tree of one commit is read object by object:
// nothing is checked out, no hook, filter or submodule has a say.
#pragma once

#include <string>

#include "fetch/limits.h"
#include "fetch/tree_writer.h"

namespace plumbline::fetch {

class GitRepository {
 public:
  /// `folder`: an empty one for the objects.
  GitRepository(std::string url, std::string folder, const FetchLimits& limits);
  ~GitRepository();
  GitRepository(const GitRepository&) = delete;

  /// Fetches what `ref` needs (a tag, a branch, a commit; empty: the default branch) and gives the
  /// commit's id.
  Result<std::string> Fetch(const std::string& ref);
  /// The files of a commit that was fetched.
  Result<void> Read(const std::string& commit, TreeWriter& out);

 private:
  struct Impl;
  Impl* impl_;
};

}  // namespace plumbline::fetch
