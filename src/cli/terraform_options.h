// The flags that `console` and `model` share: a folder, variable files, variables, the environment.
#pragma once

#include <string>
#include <vector>

#include "plumbline/scan.h"
#include "terraform/terraform.h"

namespace plumbline::cli {

struct TerraformArguments {
  std::string path = ".";
  std::string workspace_root;  // what file() and module paths may reach; default: see DefaultRoot
  terraform::Options options;
  ModuleOptions modules;
  bool json = false;
  std::string error;  // not empty: wrong usage
  bool help = false;
};

/// The default registry and the cache's folder, as the environment has them.
ModuleOptions ModulesOfEnvironment();

/// --var NAME=V, --var-file F, --allow-path P, --workspace NAME, --download-modules,
/// --vendored-modules DIR, --module-registry HOST, --json; TF_VAR_* from the environment.
TerraformArguments ParseTerraformArguments(const std::vector<std::string>& args);

/// The folder that bounds a root module's reach: the nearest one upwards with a .git, else the
/// folder's parent, so that
/// `../modules/x` works.
std::string DefaultRoot(const FileSystem& fs, const std::string& dir);

}  // namespace plumbline::cli
