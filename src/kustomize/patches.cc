// The three patch fields: `patches`, `patchesStrategicMerge`, `patchesJson6902`.
#include <algorithm>
#include <set>

#include "kustomize/json_patch.h"
#include "kustomize/merge.h"
#include "kustomize/selector.h"
#include "kustomize/transformers.h"

namespace plumbline::kustomize {
namespace {

using JsonPatch = std::vector<JsonOperation>;

enum class Strings : std::uint8_t { kAsWritten, kAsTexts };

// Kustomize rewrites the labels and annotations of a patch that it looked up a target for, and the
// annotations of one with options (which it notes there): nulls in them become texts.
Result<void> RewriteStrings(Pool& pool, Node* patch, bool labels) {
  Resource resource(patch);
  if (IsNull(Get(patch, "metadata"))) return {};
  for (std::string_view field : {"labels", "annotations"}) {
    bool skips = field == "labels" && !labels;
    if (skips || Get(Get(patch, "metadata"), field) == nullptr) continue;
    PL_CHECK_OK(resource.SetStringsAt(pool, field, resource.StringsAt(field)));
  }
  return {};
}

// Kind, name and namespace survive a patch unless it may change them.
Result<void> ApplyStrategic(Context& context, Resource& target, const Resource& patch,
                            Strings strings) {
  Pool& pool = context.pool;
  std::string name(target.name()), ns(target.ns()), kind(target.kind());
  if (patch.allow_name_change || patch.allow_kind_change) target.StorePreviousId(context.schema);
  Node* copy = pool.Copy(patch.root);
  if (const Node* version = Get(target.root, "apiVersion")) {
    PL_CHECK_OK(SetField(pool, copy, "apiVersion", pool.Copy(version)));
  }
  bool texts = strings == Strings::kAsTexts;
  if (texts || patch.allow_name_change || patch.allow_kind_change) {
    PL_CHECK_OK(RewriteStrings(pool, copy, texts));
  }
  const Field* annotations = FindField(Get(copy, "metadata"), "annotations");
  bool forgets = annotations != nullptr && IsNull(annotations->value);
  Span kind_span = target.root->span;
  PL_TRY(Node * merged, StrategicMerge(pool, context.schema, target.root, copy));
  if (IsNullOrEmpty(merged)) {
    target.root = pool.New(Shape::kMapping, target.root->span);
    return {};
  }
  target.root = merged;
  PL_CHECK_OK(pool.Check(merged));
  if (forgets) target.ForgetBuildState();
  if (!patch.allow_kind_change && GetText(merged, "kind") != kind) {
    if (Node* old = Get(merged, "kind")) kind_span = old->span;
    PL_CHECK_OK(
        SetField(pool, merged, "kind", pool.NewScalar(pool.Keep(kind), Tag::kNone, kind_span)));
  }
  if (!patch.allow_name_change && target.name() != name) {
    PL_CHECK_OK(target.SetName(pool, name, {}));
  }
  return target.SetNamespace(pool, ns, {});
}

Result<void> ApplyJson(Context& context, Resource& target, const JsonPatch& patch, bool keeps_id) {
  Pool& pool = context.pool;
  if (keeps_id) target.StorePreviousId(context.schema);
  // Kustomize keeps its notes in annotations: a patch may rely on their being there.
  Node* meta = Get(target.root, "metadata");
  if (target.has_build_state() && meta != nullptr && meta->is_mapping() &&
      IsNull(Get(meta, "annotations"))) {
    RemoveField(meta, "annotations");
    PL_CHECK_OK(
        GetOrCreate(pool, meta, "annotations", Shape::kMapping, meta->span).map([](Node*) {}));
  }
  PL_CHECK_OK(ApplyJsonPatch(pool, target.root, patch));
  return target.SetStringsAt(pool, "annotations", target.StringsAt("annotations"));
}

Result<JsonPatch> JsonFrom(Result<Node*> tree) {
  if (!tree) return tl::unexpected(tree.error());
  return ReadJsonPatch(*tree);
}

struct PatchSource {
  Text text;  // inline
  std::optional<LoadedFile> file;
  bool starts_flow() const {
    std::string_view t = file ? file->text : std::string_view(text.value);
    return t.starts_with('[');
  }
  bool empty() const { return file ? file->text.empty() : text.empty(); }
  Result<std::vector<ResourcePtr>> Resources(Context& context) const {
    return file ? ReadResources(context, *file) : ReadInlineResources(context, text);
  }
  Result<JsonPatch> Json(Context& context) const {
    if (empty()) return Fail("empty json patch operations");
    return JsonFrom(file ? ReadTree(context, *file) : ReadInlineTree(context, text));
  }
};

// White space around an inline patch does not count; the place of its lines must stay right.
Text Trimmed(const Text& text) {
  Text out = text;
  std::size_t end = out.value.find_last_not_of(" \t\r\n");
  out.value.resize(end == std::string::npos ? 0 : end + 1);
  return out;
}

Result<void> RunStrategic(Context& context, const std::vector<ResourcePtr>& patches,
                          const std::optional<Selector>& target, ResMap& resources,
                          Strings strings) {
  if (target) {
    if (patches.size() > 1) {
      return Fail("several strategic merge patches in one `patches` entry cannot have a target");
    }
    if (patches.empty()) return {};
    PL_TRY(auto selected, SelectResources(resources, *target));
    for (const ResourcePtr& r : selected) {
      PL_CHECK_OK(ApplyStrategic(context, *r, *patches[0], Strings::kAsTexts));
    }
    resources.DropEmpty();
    return {};
  }
  for (const ResourcePtr& patch : patches) {
    ResId id = patch->OrgId(context.schema);
    auto found = resources.ById(id);
    if (!found) {
      bool absent =
          resources.ByAnyId(id.name, [&](const ResId& other) { return id.Equals(other); }).empty();
      if (resources.lacks_resources && absent) continue;
      context.fault = patch->root->span;
      return Fail("no resource matches strategic merge patch \"" + id.ToString() +
                  "\": " + found.error().message);
    }
    PL_CHECK_OK(ApplyStrategic(context, **found, *patch, strings));
    if (IsNullOrEmpty((*found)->root)) resources.DropEmpty();
  }
  return {};
}

Result<void> RunJson(Context& context, const JsonPatch& patch, const Selector& target,
                     ResMap& resources, bool keeps_id) {
  PL_TRY(auto selected, SelectResources(resources, target));
  for (const ResourcePtr& r : selected) {
    auto applied = ApplyJson(context, *r, patch, keeps_id);
    // What a component that is not here would have added may be what the patch is about.
    if (!applied && !resources.lacks_changes) return applied;
  }
  return {};
}

// Stands for a patch whose file is remote and not here.
TransformFn LeavesChangesOut() {
  return [](ResMap& resources) -> Result<void> {
    resources.lacks_changes = true;
    return {};
  };
}

}  // namespace

Result<TransformFn> PatchTransformer(Context& context, const Loader& loader, PatchArgs args) {
  context.fault = args.span;
  PatchSource source{Trimmed(args.patch), {}};
  bool has_text = source.text.value.find_first_not_of(" \t\r\n") != std::string::npos;
  if (!has_text && args.path.empty()) return Fail("a patch needs one of `patch` and `path`");
  if (has_text && !args.path.empty())
    return Fail("`patch` and `path` can't be set at the same time");
  std::string what = has_text ? "the inline patch" : "the patch " + args.path.value;
  if (!has_text && loader.IsAbsent(args.path, MissingKind::kFile)) return LeavesChangesOut();
  if (!has_text) {
    auto file = loader.Load(args.path.value);
    if (!file) {
      context.fault = args.path.span;
      return Fail("failed to get the patch file from path(" + args.path.value +
                  "): " + file.error().message);
    }
    source.file = *file;
  }
  auto strategic = source.Resources(context);
  Span strategic_fault = context.fault;
  auto json = source.Json(context);
  if (strategic && json) {
    return Fail(what + " illegally qualifies as both an SM and JSON patch");
  }
  if (!strategic && !json) {
    context.fault = strategic_fault;
    return Fail("unable to parse SM or JSON patch from " + what + ": " + strategic.error().message);
  }
  auto target = args.target;
  if (strategic) {
    for (const ResourcePtr& patch : *strategic) {
      patch->allow_name_change = args.allow_name_change;
      patch->allow_kind_change = args.allow_kind_change;
    }
    if (strategic->empty()) return Fail("there is no patch in " + what);
    return TransformFn([&context, patches = *strategic, target, span = args.span](ResMap& r) {
      context.fault = span;
      return RunStrategic(context, patches, target, r, Strings::kAsWritten);
    });
  }
  return TransformFn(
      [&context, patch = *json, target, what, span = args.span](ResMap& r) -> Result<void> {
        context.fault = span;
        if (!target) return Fail("must specify a target for JSON patch " + what);
        return RunJson(context, patch, *target, r, true);
      });
}

Result<TransformFn> StrategicMergeTransformer(Context& context, const Loader& loader,
                                              const TextList& paths, const Text& patches) {
  std::vector<ResourcePtr> loaded;
  bool left_out = false;
  for (const Text& path : paths) {
    context.fault = path.span;
    auto found = ReadInlineResources(context, path);
    if (!found) {
      context.fault = path.span;
      if (loader.IsAbsent(path, MissingKind::kFile)) {
        left_out = true;
        continue;
      }
      PL_TRY(LoadedFile file, loader.Load(path.value));
      found = ReadResources(context, file);
      if (!found) return Fail(found.error().message + " in File: " + path.value);
    }
    loaded.insert(loaded.end(), found->begin(), found->end());
  }
  if (!patches.empty()) {
    PL_TRY(auto found, ReadInlineResources(context, patches));
    loaded.insert(loaded.end(), found.begin(), found.end());
  }
  if (loaded.empty() && !left_out) return Fail("patch appears to be empty");
  return TransformFn([&context, loaded, left_out](ResMap& resources) {
    resources.lacks_changes |= left_out;
    return RunStrategic(context, loaded, std::nullopt, resources, Strings::kAsTexts);
  });
}

Result<TransformFn> JsonPatchTransformer(Context& context, const Loader& loader, PatchArgs args) {
  context.fault = args.span;
  if (!args.target) return Fail("must specify a target for the JSON patch");
  if (args.target->name.empty()) return Fail("must specify the target name");
  if (args.path.empty() && args.patch.empty()) return Fail("empty file path and empty jsonOp");
  if (!args.path.empty() && !args.patch.empty()) {
    return Fail("must specify a file path or jsonOp, not both");
  }
  PatchSource source{args.patch, {}};
  if (loader.IsAbsent(args.path, MissingKind::kFile)) return LeavesChangesOut();
  if (!args.path.empty()) {
    PL_TRY(LoadedFile file, loader.Load(args.path.value));
    source.file = file;
  }
  PL_TRY(JsonPatch patch, source.Json(context));
  if (patch.empty()) return Fail("patch appears to be empty");
  return TransformFn([&context, patch, target = *args.target, span = args.span](ResMap& resources) {
    context.fault = span;
    return RunJson(context, patch, target, resources, false);
  });
}

}  // namespace plumbline::kustomize
