// What a deployer makes of a target: a kustomize build whose kustomization has been edited, objects
// with variables replaced, the files of a folder.
#include <fmt/format.h>

#include <algorithm>

#include "gitops/follow.h"
#include "gitops/glob.h"

namespace plumbline::gitops {
namespace {

// The repository that a folder lies in.
std::string RootOf(const Context& context, const std::string& folder) {
  std::string best;
  for (const Repository& r : context.repositories) {
    if (IsWithin(r.root, folder) && r.root.size() > best.size()) best = r.root;
  }
  return best.empty() ? folder : best;
}

// Items that have a name take the place of those with the same name.
const yaml::Node* Appended(Arena& arena, const yaml::Node* list, const yaml::Node& more,
                           bool by_name) {
  std::vector<const yaml::Node*> items;
  if (list != nullptr) items.assign(list->items.begin(), list->items.end());
  for (const yaml::Node* item : more.items) {
    std::string name = by_name ? TextAt(item, {"name"}) : std::string();
    auto same = std::ranges::find_if(items, [&](const yaml::Node* old) {
      return !name.empty() && TextAt(old, {"name"}) == name;
    });
    if (same != items.end()) {
      *same = item;
    } else {
      items.push_back(item);
    }
  }
  return NewList(arena, items, list != nullptr ? list->span : more.span);
}

const yaml::Node* Edited(Arena& arena, const yaml::Node* root,
                         const std::vector<Addition>& additions) {
  for (const Addition& a : additions) {
    const yaml::Node* old = At(root, {a.field});
    const yaml::Node* value = a.value;
    if (a.how == Addition::How::kAppend) {
      value = Appended(arena, old, *a.value, a.field == "images" || a.field == "replicas");
    } else if (a.how == Addition::How::kMerge) {
      value = Merge(arena, old, a.value);
    }
    root = With(arena, root, a.field, value);
  }
  return root;
}

const yaml::Node* NewKustomization(Arena& arena, const std::vector<std::string>& resources,
                                   Span span) {
  std::vector<const yaml::Node*> items;
  for (const std::string& path : resources) items.push_back(NewText(arena, path, span));
  return NewMapping(arena,
                    {{"apiVersion", NewText(arena, "kustomize.config.k8s.io/v1beta1", span)},
                     {"kind", NewText(arena, "Kustomization", span)},
                     {"resources", NewList(arena, items, span)}},
                    span);
}

bool HasSuffix(std::string_view name, std::initializer_list<std::string_view> suffixes) {
  return std::ranges::any_of(suffixes, [&](std::string_view s) { return name.ends_with(s); });
}

// Files below a folder, with `/` between elements, in the order of a walk.
class Walker {
 public:
  Walker(const Context& context, const std::string& root) : context_(context), root_(root) {}

  /// `enter` says whether a folder is gone into; `take` gets every file.
  template <typename Enter, typename Take>
  Result<void> Walk(const std::string& at, std::uint32_t depth, const Enter& enter,
                    const Take& take) {
    if (depth > context_.limits.max_walk_depth) {
      return Fail(fmt::format("folders are nested more than {} levels deep",
                              context_.limits.max_walk_depth));
    }
    auto entries = context_.fs.ListDir(at.empty() ? root_ : JoinPath(root_, at));
    if (!entries) return tl::unexpected(entries.error());
    seen_ += entries->size();
    if (seen_ > context_.bounds.max_files) {
      return Fail(fmt::format("more than {} files in '{}'", context_.bounds.max_files, root_));
    }
    for (const DirEntry& e : *entries) {
      if (e.is_symlink) continue;
      std::string path = at.empty() ? e.name : at + "/" + e.name;
      if (!e.is_directory) {
        take(path);
      } else if (enter(path)) {
        PL_CHECK_OK(Walk(path, depth + 1, enter, take));
      }
    }
    return {};
  }

 private:
  const Context& context_;
  const std::string& root_;
  std::size_t seen_ = 0;
};

// What Flux lists in a kustomization that it makes: manifests, and folders with a kustomization of
// their own instead of what is below them.
Result<std::vector<std::string>> GeneratedResources(const Context& context,
                                                    const std::string& folder) {
  std::vector<std::string> out;
  auto enter = [&](const std::string& path) {
    if (BaseName(path).starts_with('.')) return false;
    if (!kustomize::IsKustomization(context.fs, JoinPath(folder, path))) return true;
    out.push_back("./" + path);
    return false;
  };
  auto take = [&](const std::string& path) {
    bool hidden = BaseName(path).starts_with('.');
    if (!hidden && HasSuffix(path, {".yaml", ".yml"})) out.push_back("./" + path);
  };
  PL_CHECK_OK(Walker(context, folder).Walk("", 0, enter, take));
  return out;
}

void SetMetadata(Arena& arena, std::vector<yaml::Document>& documents, std::string_view field,
                 const yaml::Node* values) {
  if (values == nullptr) return;
  for (yaml::Document& d : documents) {
    if (d.root == nullptr || !d.root->value.is_mapping()) continue;
    const yaml::Node* metadata = At(d.root, {"metadata"});
    const yaml::Node* merged = Merge(arena, At(metadata, {field}), values);
    d.root = With(arena, d.root, "metadata", With(arena, metadata, field, merged));
  }
}

Built Finish(kustomize::Output output) {
  Built out;
  out.ok = output.ok;
  out.documents = std::move(output.documents);
  out.diagnostics = output.diagnostics;
  out.files = output.files;
  output.documents.clear();
  out.output = std::move(output);
  return out;
}

}  // namespace

Built BuildKustomization(const Target& target, const KustomizeTarget& what, const Context& context,
                         kustomize::Options options) {
  std::vector<std::string> resources;
  if (what.generated) {
    auto found = GeneratedResources(context, target.folder);
    if (!found) {
      Built out;
      out.diagnostics.push_back(
          {DiagnosticCode::kLimit, found.error().message, target.span, target.name});
      return out;
    }
    resources = std::move(*found);
  }
  options.files_anywhere = what.files_anywhere;
  options.edit = [&](const yaml::Node* root, Arena& arena) {
    if (root == nullptr && what.generated) root = NewKustomization(arena, resources, target.span);
    return root == nullptr ? nullptr : Edited(arena, root, what.additions);
  };
  Built out = Finish(kustomize::Build(context.fs, target.folder, RootOf(context, target.folder),
                                      context.sources, context.arena, options));
  std::size_t faults = out.diagnostics.size();
  Substitute(out.documents, what.substitution, context, out.diagnostics);
  out.ok = out.ok && out.diagnostics.size() == faults;
  SetMetadata(context.arena, out.documents, "labels", what.labels);
  SetMetadata(context.arena, out.documents, "annotations", what.annotations);
  return out;
}

Built PostRender(const Target& target, const HelmTarget& what,
                 std::span<const yaml::Document> rendered, const Context& context,
                 const kustomize::Options& options) {
  Built out;
  out.ok = true;
  out.documents.assign(rendered.begin(), rendered.end());
  for (const std::vector<Addition>& additions : what.post_renderers) {
    if (additions.empty()) continue;
    kustomize::Options own = options;
    std::vector<yaml::Document> before = std::move(out.documents);
    own.resources = &before;
    own.edit = [&](const yaml::Node*, Arena& arena) {
      return Edited(arena, NewKustomization(arena, {}, target.span), additions);
    };
    std::string folder =
        context.fs.IsDirectory(target.folder) ? target.folder : std::string(DirName(target.folder));
    out = Finish(kustomize::Build(context.fs, folder, RootOf(context, folder), context.sources,
                                  context.arena, own));
    if (!out.ok) break;
  }
  return out;
}

Result<std::vector<std::string>> GatherDirectory(const Target& target, const DirectoryTarget& what,
                                                 const Context& context) {
  std::vector<std::string> out;
  Glob include(what.include, GlobKind::kCrossing), exclude(what.exclude, GlobKind::kCrossing);
  auto enter = [&](const std::string& path) { return what.recurse && BaseName(path) != ".git"; };
  auto take = [&](const std::string& path) {
    if (!HasSuffix(path, {".yaml", ".yml", ".json"})) return;
    if (!what.include.empty() && !include.Matches(path)) return;
    if (!what.exclude.empty() && exclude.Matches(path)) return;
    out.push_back(JoinPath(target.folder, path));
  };
  PL_CHECK_OK(Walker(context, target.folder).Walk("", 0, enter, take));
  std::ranges::sort(out);
  return out;
}

}  // namespace plumbline::gitops
