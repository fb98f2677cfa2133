#include "terraform/modules_manifest.h"

#include "support/arena.h"
#include "value/json.h"

namespace plumbline::terraform {

std::vector<ManifestEntry> ReadModulesManifest(const FileSystem& fs, const std::string& root_dir,
                                               const Limits& limits) {
  std::string path = root_dir + "/.terraform/modules/modules.json";
  if (!fs.IsFile(path)) return {};
  auto text = fs.ReadFile(path, limits.max_file_bytes);
  if (!text) return {};
  Arena arena;
  auto json = ParseJson(arena, *text, limits);
  if (!json) return {};
  std::vector<ManifestEntry> out;
  const Value* modules = json->Find("Modules");
  if (modules == nullptr) return {};
  for (const Value& m : modules->items()) {
    const Value* key = m.Find("Key");
    const Value* dir = m.Find("Dir");
    if (key == nullptr || dir == nullptr || !key->is_string() || !dir->is_string()) continue;
    if (key->as_string().empty()) continue;  // the root module itself
    out.push_back({std::string(key->as_string()), JoinPath(root_dir, dir->as_string())});
  }
  return out;
}

}  // namespace plumbline::terraform
