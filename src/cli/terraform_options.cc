#include "cli/terraform_options.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "terraform/modules/cache.h"

namespace plumbline::cli {
namespace {

void ReadEnvironment(terraform::Options& options) {
  constexpr std::string_view kPrefix = "TF_VAR_";
  for (char** e = environ; e != nullptr && *e != nullptr; ++e) {
    std::string_view entry = *e;
    auto equals = entry.find('=');
    if (!entry.starts_with(kPrefix) || equals == std::string_view::npos) continue;
    options.environment.emplace_back(entry.substr(kPrefix.size(), equals - kPrefix.size()),
                                     entry.substr(equals + 1));
  }
  std::sort(options.environment.begin(), options.environment.end());
}

bool AddVariable(std::string_view text, TerraformArguments& out) {
  auto equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) return false;
  out.options.vars.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  return true;
}

}  // namespace

ModuleOptions ModulesOfEnvironment() {
  ModuleOptions out;
  const char* registry = std::getenv("PLUMBLINE_MODULE_REGISTRY");
  if (registry != nullptr) out.registry = registry;
  out.cache = terraform::CacheFolder();
  return out;
}

TerraformArguments ParseTerraformArguments(const std::vector<std::string>& args) {
  TerraformArguments out;
  out.modules = ModulesOfEnvironment();
  bool has_path = false;
  for (std::size_t i = 0; i < args.size() && out.error.empty(); ++i) {
    std::string_view arg = args[i];
    std::string_view name = arg, value;
    bool attached = false;
    if (auto equals = arg.find('='); arg.starts_with("--") && equals != std::string_view::npos) {
      name = arg.substr(0, equals);
      value = arg.substr(equals + 1);
      attached = true;
    }
    bool takes_value = name == "--var" || name == "--var-file" || name == "--allow-path" ||
                       name == "--workspace" || name == "--vendored-modules" ||
                       name == "--module-registry";
    if (takes_value && !attached) {
      if (i + 1 == args.size()) {
        out.error = std::string(name) + " needs a value";
        break;
      }
      value = args[++i];
    }
    if (name == "--var") {
      if (!AddVariable(value, out))
        out.error = "--var expects NAME=VALUE, not '" + std::string(value) + "'";
    } else if (name == "--var-file") {
      out.options.var_files.emplace_back(value);
    } else if (name == "--allow-path") {
      out.options.allowed_paths.emplace_back(value);
    } else if (name == "--workspace") {
      out.options.workspace = value;
    } else if (name == "--vendored-modules") {
      out.modules.vendored.emplace_back(value);
    } else if (name == "--module-registry") {
      out.modules.registry = value;
    } else if (arg == "--download-modules") {
      out.modules.download = true;
    } else if (arg == "--json") {
      out.json = true;
    } else if (arg == "--help" || arg == "-h") {
      out.help = true;
    } else if (arg.starts_with("-") && arg.size() > 1) {
      out.error = "unknown option '" + std::string(arg) + "'";
    } else if (has_path) {
      out.error = "only one folder can be given, not '" + std::string(arg) + "' as well";
    } else {
      out.path = arg;
      has_path = true;
    }
  }
  ReadEnvironment(out.options);
  return out;
}

std::string DefaultRoot(const FileSystem& fs, const std::string& dir) {
  std::string real = fs.RealPath(dir);
  if (real.empty()) return dir;
  for (std::string at = real; at != "/"; at = std::string(DirName(at))) {
    if (fs.IsDirectory(at + "/.git") || fs.IsFile(at + "/.git")) return at;
  }
  return std::string(DirName(real));
}

}  // namespace plumbline::cli
