// Files: which ones a kustomization may read, and how their documents become resources.
#include <algorithm>

#include "kustomize/context.h"
#include "kustomize/embedded.h"

namespace plumbline::kustomize {
namespace {

constexpr int kMaxNesting = 64;

tl::unexpected<Error> Remote(std::string_view path) {
  std::string place = MirrorFolder(path);
  return Fail("'" + WithoutPassword(path) +
              "' is remote and nothing is fetched here; expected a path of the repository" +
              (place.empty() ? "" : ", or a copy at " + place + " in a mirror folder"));
}

bool HasMissingItem(const Node* n) {
  if (n == nullptr || n->is_scalar()) return false;
  for (const Field& f : n->fields) {
    if (HasMissingItem(f.value)) return true;
  }
  return std::ranges::any_of(n->items,
                             [](const Node* i) { return IsNull(i) || HasMissingItem(i); });
}

Result<void> CheckResource(const Node* root) {
  if (!root->is_mapping()) {
    return Fail("expected a mapping with apiVersion, kind and metadata, found a " +
                std::string(ShapeName(root->shape)));
  }
  std::string_view kind = GetText(root, "kind");
  if (kind.empty()) return Fail("missing kind in object");
  if (!kind.ends_with("List") && GetText(Get(root, "metadata"), "name").empty()) {
    return Fail("missing metadata.name in object of kind " + std::string(kind));
  }
  return {};
}

// A list of resources stands for its items, which come behind everything else.
Result<std::vector<ResourcePtr>> TakeListsApart(Context& context, std::vector<Node*> nodes) {
  std::vector<ResourcePtr> out;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    Node* node = nodes[i];
    if (IsNullOrEmpty(node)) continue;
    bool list = node->is_mapping() && GetText(node, "kind").ends_with("List");
    Node* items = list ? Get(node, "items") : nullptr;
    if (items == nullptr) {
      if (auto checked = CheckResource(node); !checked) {
        context.fault = node->span;
        return tl::unexpected(checked.error());
      }
      out.push_back(std::make_shared<Resource>(node));
      continue;
    }
    if (IsNull(items)) continue;
    if (!items->is_sequence()) {
      context.fault = items->span;
      return Fail("expected a list in " + std::string(GetText(node, "kind")) + "/items");
    }
    nodes.insert(nodes.end(), items->items.begin(), items->items.end());
  }
  return out;
}

Span PlaceInline(const void* context, Span span) {
  return static_cast<const EmbeddedText*>(context)->Place(span);
}

Result<std::vector<Node*>> InlineTrees(Context& context, const Text& text) {
  std::string_view kept = context.arena.CopyString(text.value);
  auto documents = context.ParseYaml(text.span.file, kept);
  if (!documents) {
    context.fault = text.span;
    return tl::unexpected(documents.error());
  }
  std::string_view file;
  if (text.span.valid()) file = context.sources.Text(text.span.file);
  EmbeddedText place(file, kept, text.span);
  std::vector<Node*> trees;
  for (const yaml::Document& d : *documents) {
    if (d.root != nullptr)
      trees.push_back(FromYaml(context.pool, *d.root, kept, PlaceInline, &place));
  }
  return trees;
}

}  // namespace

void Context::Leave(Missing what) {
  ++left_out;
  if (missing_at.emplace(what.span.file, what.span.begin).second) {
    missing.push_back(std::move(what));
  }
}

Result<std::vector<yaml::Document>> Context::ParseYaml(FileId file, std::string_view text) {
  Diagnostics found;
  auto documents = yaml::Parse(file, text, arena, options.limits, found);
  duplicate = {};
  for (const Diagnostic& d : found) {
    if (d.code == DiagnosticCode::kDuplicate) {
      duplicate = d.span;
      continue;
    }
    fault = d.span;
    return Fail("malformed YAML: " + d.message);
  }
  return documents;
}

Result<LoadedFile> Loader::Load(const std::string& path) const {
  std::string joined = JoinPath(root_, path), allowed = allowed_root(), within = root_;
  MirrorPlace place = package_;
  if (IsHttp(path)) {
    place = FindInMirrors(context_->fs, context_->options.mirrors, path, MirrorWants::kFile);
    if (place.path.empty()) return Remote(path);
    joined = place.path;
    allowed = within = place.package;
  }
  std::string real = context_->fs.RealPath(joined);
  if (real.empty()) return Fail("'" + joined + "': no such file or directory");
  if (!context_->fs.IsFile(real)) return Fail("'" + joined + "' must resolve to a file");
  if (!context_->options.files_anywhere && !IsWithin(within, real)) {
    return Fail("security; file '" + joined + "' is not in or below '" + within + "'");
  }
  if (!IsWithin(allowed, real)) {
    return Fail("security; file '" + joined + "' is outside '" + allowed + "'");
  }
  auto known = context_->files.find(real);
  if (known != context_->files.end()) return known->second;
  PL_TRY(std::string text, context_->fs.ReadFile(real, context_->options.limits.max_file_bytes));
  if (context_->files.size() >= context_->options.limits.max_file_count) {
    return Fail("the build reads more than " +
                std::to_string(context_->options.limits.max_file_count) + " files");
  }
  const std::string& base = context_->options.display_base;
  std::string shown = real;
  if (!base.empty() && real != base && IsWithin(base, real)) {
    shown = real.substr(base.size() + (base.ends_with('/') ? 0 : 1));
  }
  if (!place.package.empty()) {
    shown = place.shown + real.substr(std::min(place.package.size(), real.size()));
  }
  LoadedFile file;
  file.path = real;
  file.file = context_->sources.AddShared(shown, std::move(text));
  file.text = context_->sources.Text(file.file);
  context_->files.emplace(real, file);
  return file;
}

Result<Loader> Loader::Enter(const std::string& path) const {
  if (path.empty()) return Fail("new root cannot be empty");
  std::string joined = JoinPath(root_, path);
  std::string real = context_->fs.RealPath(joined);
  bool folder = !real.empty() && context_->fs.IsDirectory(real);
  MirrorPlace place = package_;
  if (!folder && LooksRemote(path)) {
    place = FindInMirrors(context_->fs, context_->options.mirrors, path, MirrorWants::kFolder);
    if (place.path.empty()) return Remote(path);
    real = place.path;
    return EnterFolder(real, std::move(place));
  }
  if (path.starts_with('/')) return Fail("new root '" + path + "' cannot be absolute");
  if (real.empty()) return Fail("'" + path + "': no such file or folder");
  if (!folder) return Fail("'" + path + "' is no folder");
  if (!IsWithin(allowed_root(), real)) {
    return Fail("security; folder '" + joined + "' is outside '" + allowed_root() + "'");
  }
  return EnterFolder(real, package_);
}

Result<Loader> Loader::EnterFolder(const std::string& real, MirrorPlace package) const {
  for (const Loader* l = this; l != nullptr; l = l->referrer_) {
    if (IsWithin(real, l->root_)) {
      return Fail("cycle detected: candidate root '" + real + "' contains visited root '" +
                  l->root_ + "'");
    }
  }
  if (depth() >= kMaxNesting) {
    return Fail("kustomizations nest more than " + std::to_string(kMaxNesting) + " levels deep");
  }
  Loader loader(*context_, real, this);
  loader.package_ = std::move(package);
  return loader;
}

bool Loader::IsHere(const std::string& path) const {
  if (!IsHttp(path) && !context_->fs.RealPath(JoinPath(root_, path)).empty()) return true;
  const std::vector<std::string>& mirrors = context_->options.mirrors;
  return (IsHttp(path) &&
          !FindInMirrors(context_->fs, mirrors, path, MirrorWants::kFile).path.empty()) ||
         !FindInMirrors(context_->fs, mirrors, path, MirrorWants::kFolder).path.empty();
}

bool Loader::IsAbsent(const Text& path, MissingKind kind) const {
  if (!context_->options.tolerant || !LooksRemote(path.value) || IsHere(path.value)) return false;
  context_->Leave({kind, WithoutPassword(path.value), path.span, {}, {}});
  return true;
}

Result<std::vector<ResourcePtr>> ReadResources(Context& context, const LoadedFile& file) {
  PL_TRY(auto documents, context.ParseYaml(file.file, file.text));
  std::vector<Node*> nodes;
  for (const yaml::Document& d : documents) {
    if (d.root != nullptr) nodes.push_back(FromYaml(context.pool, *d.root, file.text));
  }
  return TakeListsApart(context, std::move(nodes));
}

Result<std::vector<ResourcePtr>> TakeResources(Context& context,
                                               const std::vector<yaml::Document>& documents) {
  std::vector<Node*> nodes;
  for (const yaml::Document& d : documents) {
    if (d.root != nullptr) nodes.push_back(FromValues(context.pool, *d.root));
  }
  return TakeListsApart(context, std::move(nodes));
}

Result<std::vector<ResourcePtr>> ReadInlineResources(Context& context, const Text& text) {
  PL_TRY(auto nodes, InlineTrees(context, text));
  return TakeListsApart(context, std::move(nodes));
}

Result<Node*> ReadInlineTree(Context& context, const Text& text) {
  PL_TRY(auto nodes, InlineTrees(context, text));
  return nodes.empty() ? nullptr : nodes.front();
}

Result<Node*> ReadTree(Context& context, const LoadedFile& file) {
  PL_TRY(auto documents, context.ParseYaml(file.file, file.text));
  if (documents.empty() || documents[0].root == nullptr) return nullptr;
  return FromYaml(context.pool, *documents[0].root, file.text);
}

}  // namespace plumbline::kustomize
