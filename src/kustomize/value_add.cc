// ValueAddTransformer: a value put into fields, or as a part into file paths.
#include <algorithm>

#include "kustomize/selector.h"
#include "kustomize/transformers.h"

namespace plumbline::kustomize {
namespace {

struct Target {
  std::optional<Selector> selector;
  std::string field_path;
  std::int64_t position = 0;
};

Result<void> ReadTarget(const yaml::Node& node, Target& out) {
  auto selector = [&](const yaml::Node& n) -> Result<void> {
    if (n.value.is_null()) return {};
    return ReadSelector(n, out.selector.emplace(), Unknown::kIgnore);
  };
  return ReadFields(node, "targets",
                    {{"selector", selector},
                     Into("fieldPath", out.field_path),
                     Into("filePathPosition", out.position)},
                    Unknown::kIgnore);
}

// "/a/c" with "b" at 2 → "/a/b/c"; behind the end when there are fewer parts.
std::string InsertPart(std::string_view path, std::size_t position, const std::string& part) {
  bool absolute = path.starts_with('/');
  std::vector<std::string> parts;
  while (!path.empty()) {
    std::size_t end = std::min(path.find('/'), path.size());
    if (end > 0) parts.emplace_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  std::size_t at = std::min(position, parts.size());
  parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(at), part);
  std::string out;
  for (const std::string& p : parts) out += (out.empty() && !absolute ? "" : "/") + p;
  return out;
}

Result<void> AddValue(Context& context, Resource& r, const Target& target, const Text& value) {
  Pool& pool = context.pool;
  std::vector<std::string> path = SplitPath(target.field_path, '/');
  Node* at = r.root;
  for (std::size_t i = 0; i < path.size(); ++i) {
    Shape shape = i + 1 == path.size() ? Shape::kScalar : Shape::kMapping;
    PL_TRY(at, GetOrCreate(pool, at, path[i], shape, value.span));
  }
  std::string text = value.value;
  if (target.position > 0) {
    text = InsertPart(TextOf(at), static_cast<std::size_t>(target.position) - 1, text);
  }
  return SetScalar(at, *pool.NewScalar(pool.Keep(text), Tag::kNone, value.span));
}

}  // namespace

Result<TransformFn> ValueAddTransformer(Context& context, const Loader& loader,
                                        const yaml::Node& config) {
  Text value;
  std::string file_path;
  std::vector<Target> targets;
  auto read_targets = [&](const yaml::Node& n) { return ReadList(n, targets, ReadTarget); };
  PL_CHECK_OK(ReadFields(
      config, "ValueAddTransformer",
      {Into("value", value), Into("targetFilePath", file_path), {"targets", read_targets}},
      Unknown::kIgnore));
  if (value.empty()) value = {std::string(BaseName(loader.root())), config.span};
  if (!file_path.empty()) {
    PL_TRY(LoadedFile file, loader.Load(file_path));
    PL_TRY(auto documents, context.ParseYaml(file.file, file.text));
    if (!documents.empty() && documents[0].root != nullptr) {
      PL_CHECK_OK(
          ReadFields(*documents[0].root, "targets", {{"targets", read_targets}}, Unknown::kIgnore));
    }
  }
  if (targets.empty()) return Fail("must specify at least one target");
  for (const Target& t : targets) {
    if (t.field_path.empty()) return Fail("fieldPath cannot be empty");
    if (t.position < 0) return Fail("value of FilePathPosition cannot be negative");
  }
  return TransformFn([&context, value, targets](ResMap& resources) -> Result<void> {
    for (const Target& t : targets) {
      std::vector<ResourcePtr> chosen = resources.list;
      if (t.selector) {
        PL_TRY(chosen, SelectResources(resources, *t.selector));
      }
      for (const ResourcePtr& r : chosen) {
        if (t.field_path == "metadata/namespace" &&
            context.schema.IsClusterScoped(GetText(r->root, "apiVersion"), r->kind())) {
          continue;
        }
        PL_CHECK_OK(AddValue(context, *r, t, value));
      }
    }
    return {};
  });
}

}  // namespace plumbline::kustomize
