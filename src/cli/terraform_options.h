// The flags that `console` and `model` share: a folder, variable files, variables, the environment.
#pragma once

#include <string>
#include <vector>

#include "terraform/terraform.h"

namespace plumbline::cli {

struct TerraformArguments {
  std::string path = ".";
  std::string workspace_root;  // what file() and module paths may reach; default: see DefaultRoot
  terraform::Options options;
  bool json = false;
  std::string error;  // not empty: wrong usage
  bool help = false;
};

/// --var NAME=V, --var-file F, --allow-path P, --workspace NAME, --json; TF_VAR_* from the
/// environment.
TerraformArguments ParseTerraformArguments(const std::vector<std::string>& args);

/// The folder that bounds a root module's reach: the nearest one upwards with a .git, else the
/// folder's parent, so that
/// `../modules/x` works.
std::string DefaultRoot(const FileSystem& fs, const std::string& dir);

}  // namespace plumbline::cli
