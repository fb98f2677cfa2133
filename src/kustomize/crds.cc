// `crds`: OpenAPI definitions whose extensions say which fields of a custom resource hold names,
// labels or annotations.
#include "kustomize/transformers.h"

namespace plumbline::kustomize {
namespace {

constexpr std::size_t kMaxDepth = 64;

std::string_view TextAt(Value v, std::string_view key) {
  const Value* found = v.Find(key);
  return found != nullptr && found->is_string() ? found->as_string() : std::string_view();
}

class CrdReader {
 public:
  CrdReader(Value definitions, TransformerConfig& config)
      : definitions_(definitions), config_(config) {}

  Result<void> Read() {
    for (const Member& m : definitions_.members()) {
      const Value* properties = Properties(m.value);
      bool resource = properties != nullptr && properties->Find("kind") != nullptr &&
                      properties->Find("apiVersion") != nullptr &&
                      properties->Find("metadata") != nullptr;
      if (!resource) continue;
      std::size_t dot = m.key.rfind('.');
      gvk_ =
          Gvk{"", "", std::string(dot == std::string_view::npos ? m.key : m.key.substr(dot + 1))};
      PL_CHECK_OK(Type(m.key, ""));
    }
    return {};
  }

 private:
  static const Value* Properties(Value definition) {
    const Value* schema = definition.Find("Schema");
    if (schema == nullptr) schema = definition.Find("schema");
    return schema != nullptr ? schema->Find("properties") : nullptr;
  }

  Result<void> Type(std::string_view name, const std::string& path) {
    const Value* definition = definitions_.Find(name);
    const Value* properties = definition != nullptr ? Properties(*definition) : nullptr;
    if (properties == nullptr) return {};
    if (++depth_ > kMaxDepth) return Fail("CRD definitions refer to each other without end");
    for (const Member& m : properties->members()) {
      PL_CHECK_OK(
          Property(m.value, path.empty() ? std::string(m.key) : path + "/" + std::string(m.key)));
    }
    --depth_;
    return {};
  }

  Result<void> Property(Value v, const std::string& path) {
    FieldSpec spec{gvk_, path, false};
    auto add = [&](std::string_view key, SpecUse use) -> Result<void> {
      const Value* found = v.Find(key);
      if (found == nullptr || !found->is_string()) return {};
      return MergeSpecs(config_.of(use), {spec});
    };
    PL_CHECK_OK(add("x-kubernetes-annotation", SpecUse::kCommonAnnotations));
    PL_CHECK_OK(add("x-kubernetes-label-selector", SpecUse::kCommonLabels));
    PL_CHECK_OK(add("x-kubernetes-identity", SpecUse::kNamePrefix));
    const Value* version = v.Find("x-kubernetes-object-ref-api-version");
    std::string_view kind = TextAt(v, "x-kubernetes-object-ref-kind");
    if (version != nullptr && version->is_string() && !kind.empty()) {
      std::string_view key = TextAt(v, "x-kubernetes-object-ref-name-key");
      spec.path += "/" + std::string(key.empty() ? "name" : key);
      NameReference reference{{"", std::string(version->as_string()), std::string(kind)}, {spec}};
      TransformerConfig one;
      one.references.push_back(std::move(reference));
      PL_CHECK_OK(config_.Merge(one));
    }
    std::string_view ref = TextAt(v, "$ref");
    return ref.empty() ? Result<void>() : Type(ref, path);
  }

  Value definitions_;
  TransformerConfig& config_;
  Gvk gvk_;
  std::size_t depth_ = 0;
};

}  // namespace

Result<TransformerConfig> ReadCrds(Context& context, const Loader& loader, const TextList& paths) {
  TransformerConfig config;
  for (const Text& path : paths) {
    context.fault = path.span;
    if (loader.IsAbsent(path, MissingKind::kFile)) continue;
    PL_TRY(LoadedFile file, loader.Load(path.value));
    PL_TRY(auto documents, context.ParseYaml(file.file, file.text));
    if (documents.empty() || documents[0].root == nullptr) continue;
    PL_CHECK_OK(CrdReader(documents[0].root->value, config).Read());
  }
  return config;
}

}  // namespace plumbline::kustomize
