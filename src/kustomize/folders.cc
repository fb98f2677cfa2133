// What can be said of a folder's kustomization without building it.
#include <algorithm>
#include <set>

#include "kustomize/kustomization.h"
#include "kustomize/kustomize.h"

namespace plumbline::kustomize {

bool IsKustomization(const FileSystem& fs, const std::string& folder) {
  return std::ranges::any_of(kKustomizationFiles, [&](std::string_view name) {
    return fs.IsFile(JoinPath(folder, name));
  });
}

std::vector<std::string> ReferencedFolders(const FileSystem& fs, const std::string& folder,
                                           const Limits& limits) {
  std::set<std::string> found;
  for (std::string_view name : kKustomizationFiles) {
    std::string path = JoinPath(folder, name);
    if (!fs.IsFile(path)) continue;
    auto text = fs.ReadFile(path, limits.max_file_bytes);
    if (!text) continue;
    Arena arena;
    Diagnostics ignored;
    auto documents = yaml::Parse(kNoFile, *text, arena, limits, ignored);
    if (documents.empty() || documents[0].root == nullptr) continue;
    for (std::string_view key :
         {"resources", "bases", "components", "generators", "transformers", "validators"}) {
      const yaml::Node* list = documents[0].root->Find(key);
      if (list == nullptr) continue;
      for (const yaml::Node* item : list->items) {
        if (!item->value.is_string() || item->value.as_string().empty()) continue;
        std::string real = fs.RealPath(JoinPath(folder, item->value.as_string()));
        if (!real.empty() && fs.IsDirectory(real)) found.insert(std::move(real));
      }
    }
  }
  return {found.begin(), found.end()};
}

}  // namespace plumbline::kustomize
