// The `images` field: other names, tags and digests for containers.
#include "kustomize/selector.h"
#include "kustomize/transformers.h"

namespace plumbline::kustomize {
namespace {

struct ImageParts {
  std::string name, tag, digest;
};

// "host:5000/a/b:tag@sha256:…": a colon in front of the first slash belongs to the host.
ImageParts SplitImage(std::string_view image) {
  std::size_t slash = image.find('/');
  std::size_t from = slash == std::string_view::npos || slash == 0 ? 0 : slash;
  std::size_t at = image.find('@', from), colon = image.find(':', from);
  ImageParts parts;
  constexpr std::size_t kNone = std::string_view::npos;
  if (at != kNone && (colon == kNone || at < colon)) {
    parts.name = image.substr(0, at);
    parts.digest = image.substr(at + 1);
  } else if (colon != kNone) {
    parts.name = image.substr(0, colon);
    parts.tag = image.substr(colon + 1, at == kNone ? kNone : at - colon - 1);
    if (at != kNone) parts.digest = image.substr(at + 1);
  } else {
    parts.name = image;
  }
  return parts;
}

class ImageRun {
 public:
  ImageRun(Context& context, const ImageArgs& args, const FieldSpecs& specs)
      : context_(context), args_(args), specs_(specs) {}

  Result<void> Run(ResMap& resources) {
    for (const ResourcePtr& r : resources.list) {
      if (r->kind() != "CustomResourceDefinition") PL_CHECK_OK(FindContainers(r->root));
    }
    auto set = [this](Node* field) { return SetImage(field); };
    for (const ResourcePtr& r : resources.list) {
      if (r->kind() == "CustomResourceDefinition") continue;
      for (const FieldSpec& spec : specs_) {
        // What is not there is never created, even where a spec says so.
        PL_CHECK_OK(VisitFields(context_.pool, r->root, spec, std::nullopt, set));
      }
    }
    return {};
  }

 private:
  // Lists called containers or initContainers count wherever they stand.
  Result<void> FindContainers(Node* node) {
    for (const Field& f : node->fields) {
      PL_CHECK_OK(FindContainers(f.value));
      bool containers = f.key == "containers" || f.key == "initContainers";
      if (!containers || !f.value->is_sequence()) continue;
      for (Node* item : f.value->items) {
        if (IsNull(item)) continue;
        if (!item->is_mapping()) return Fail("wrong node kind: a container must be a mapping");
        Node* image = Get(item, "image");
        if (image != nullptr) PL_CHECK_OK(SetImage(image));
      }
    }
    for (Node* item : node->items) PL_CHECK_OK(FindContainers(item));
    return {};
  }

  Result<void> SetImage(Node* node) {
    if (IsNull(node) && node->text.empty()) return {};
    if (!node->is_scalar()) return Fail("wrong node kind: an image must be a scalar");
    if (!matches_) {
      PL_TRY(matches_,
             MakeMatcher("^" + args_.name + "(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$",
                         false));
    }
    if (!(*matches_)(node->text)) return {};
    ImageParts parts = SplitImage(node->text);
    if (!args_.new_name.empty()) parts.name = args_.new_name;
    if (!args_.new_tag.empty()) {
      parts.tag = args_.new_tag;
      parts.digest = args_.digest;
    } else if (!args_.digest.empty()) {
      parts.tag.clear();
      parts.digest = args_.digest;
    } else if (!args_.tag_suffix.empty()) {
      parts.tag += args_.tag_suffix;
      parts.digest.clear();
    }
    std::string image = parts.name;
    if (!parts.tag.empty()) image += ":" + parts.tag;
    if (!parts.digest.empty()) image += "@" + parts.digest;
    if (image == node->text) return {};
    return SetScalar(node,
                     *context_.pool.NewScalar(context_.pool.Keep(image), Tag::kNone, args_.span));
  }

  Context& context_;
  const ImageArgs& args_;
  const FieldSpecs& specs_;
  std::optional<Matcher> matches_;
};

}  // namespace

TransformFn ImageTransformer(Context& context, ImageArgs args, FieldSpecs specs) {
  return [&context, args = std::move(args), specs = std::move(specs)](ResMap& resources) {
    context.fault = args.span;
    return ImageRun(context, args, specs).Run(resources);
  };
}

}  // namespace plumbline::kustomize
