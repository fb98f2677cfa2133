#include "scan/manifests.h"

#include <algorithm>
#include <unordered_set>

#include "kubernetes/kubernetes.h"
#include "support/parallel.h"
#include "terraform/plan.h"
#include "yaml/yaml.h"

namespace plumbline::scan {
namespace {

enum class Kind : std::uint8_t { kOther, kManifest, kPlan, kCloudFormation, kUnreadable };

struct Slot {
  Kind kind = Kind::kOther;
  std::string text;  // or why it cannot be read
};

bool IsCloudFormation(std::string_view text) {
  return text.find("AWSTemplateFormatVersion") != std::string_view::npos ||
         (text.find("Resources") != std::string_view::npos &&
          text.find("AWS::") != std::string_view::npos);
}

// What does not look like text at all is said to be so, but only where manifests are usual: JSON
// files hold anything.
bool IsBinary(std::string_view path, std::string_view text) {
  return !path.ends_with(".json") && text.substr(0, 8192).find('\0') != std::string_view::npos;
}

Slot Classify(const FileSystem& fs, const std::string& path, const Limits& limits) {
  auto text = fs.ReadFile(path, limits.max_file_bytes);
  if (!text) return {Kind::kUnreadable, text.error().message};
  if (IsBinary(path, *text))
    return {Kind::kUnreadable, "is not text (it holds NUL bytes); expected UTF-8"};
  if (path.ends_with(".json") && terraform::LooksLikePlan(*text))
    return {Kind::kPlan, std::move(*text)};
  if (kubernetes::LooksLikeManifest(*text)) return {Kind::kManifest, std::move(*text)};
  return {IsCloudFormation(*text) ? Kind::kCloudFormation : Kind::kOther, {}};
}

void AddPath(const Value* v, const std::string& folder, std::vector<std::string>& out) {
  if (v == nullptr || !v->is_string()) return;
  std::string_view text = v->as_string();
  // An inline patch spans lines; a path does not.
  if (text.find('\n') != std::string_view::npos) return;
  out.push_back(JoinPath(folder, text));
}

}  // namespace

std::vector<std::string> PatchFiles(const std::string& kustomization_path, const std::string& text,
                                    const Limits& limits) {
  std::vector<std::string> out;
  Arena arena;
  Diagnostics ignored;  // its own faults are told by the Kustomize front end, not here
  std::string folder(DirName(kustomization_path));
  for (const yaml::Document& doc : yaml::Parse(0, text, arena, limits, ignored)) {
    if (doc.root == nullptr) continue;
    for (const char* key : {"patches", "patchesJson6902"}) {
      const Value* list = doc.root->value.Find(key);
      if (list == nullptr) continue;
      for (const Value& patch : list->items()) AddPath(patch.Find("path"), folder, out);
    }
    if (const Value* list = doc.root->value.Find("patchesStrategicMerge")) {
      for (const Value& patch : list->items()) AddPath(&patch, folder, out);
    }
  }
  return out;
}

Manifests LoadManifests(const FileSystem& fs, const Discovered& found, const Limits& limits,
                        unsigned jobs) {
  Manifests out;
  std::unordered_set<std::string> patches;
  for (const std::string& path : found.kustomizations) {
    auto text = fs.ReadFile(path, limits.max_file_bytes);
    if (!text) {
      out.problems.push_back({DiagnosticCode::kUnreadable, path, text.error().message});
      continue;
    }
    for (std::string& patch : PatchFiles(path, *text, limits)) patches.insert(std::move(patch));
  }
  std::vector<std::string> paths;
  for (const std::string& path : found.manifests) {
    if (patches.contains(path)) {
      ++out.patches;
    } else {
      paths.push_back(path);
    }
  }
  std::vector<Slot> slots(paths.size());
  ParallelFor(paths.size(), jobs,
              [&](std::size_t i) { slots[i] = Classify(fs, paths[i], limits); });
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (slots[i].kind == Kind::kManifest) out.files.push_back({paths[i], std::move(slots[i].text)});
    if (slots[i].kind == Kind::kPlan) out.plans.push_back({paths[i], std::move(slots[i].text)});
    if (slots[i].kind == Kind::kCloudFormation) ++out.cloudformation;
    if (slots[i].kind == Kind::kUnreadable) {
      out.problems.push_back({DiagnosticCode::kUnreadable, paths[i], std::move(slots[i].text)});
    }
  }
  return out;
}

}  // namespace plumbline::scan
