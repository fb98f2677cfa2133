#include "kustomize/field_spec.h"

#include <algorithm>

namespace plumbline::kustomize {
namespace {

bool SameField(const FieldSpec& a, const FieldSpec& b) {
  return a.gvk.IsSelected(b.gvk) && a.path == b.path;
}

class Visitor {
 public:
  Visitor(Pool& pool, const FieldSpec& spec, const std::optional<Creation>& creation,
          const FieldFn& visit)
      : pool_(pool),
        creation_(creation),
        visit_(visit),
        path_(SplitPath(spec.path, '/')),
        creates_(spec.create && creation.has_value()) {}

  Result<void> Visit(Node* at, std::size_t depth) {
    if (depth == path_.size()) return visit_(at);
    if (IsNull(at)) return {};
    if (at->is_sequence()) {
      for (Node* item : at->items) PL_CHECK_OK(Visit(item, depth));
      return {};
    }
    if (!at->is_mapping()) return Fail("expected sequence or mapping node");
    return VisitMapping(at, depth);
  }

 private:
  Result<void> VisitMapping(Node* at, std::size_t depth) {
    std::string_view name = path_[depth];
    bool list = name.ends_with("[]");
    if (list) name.remove_suffix(2);
    if (name.empty()) return Fail("cannot set or create an empty field name");
    bool last = depth + 1 == path_.size();
    Node* field = Get(at, name);
    if (!creates_ || list) {
      if (field == nullptr) return {};
      if (list && field->tag == Tag::kNull) Turn(*field, Shape::kSequence, Tag::kNone);
      return Visit(field, depth + 1);
    }
    Shape shape = last ? creation_->shape : Shape::kMapping;
    if (field == nullptr) {
      PL_TRY(field, GetOrCreate(pool_, at, name, shape, creation_->span));
    } else if (field->tag == Tag::kNull) {
      Turn(*field, shape, last ? creation_->tag : Tag::kNone);
    }
    return Visit(field, depth + 1);
  }

  void Turn(Node& node, Shape shape, Tag tag) {
    node.shape = shape;
    node.tag = shape == Shape::kScalar ? tag : Tag::kNone;
    if (!creation_) return;
    node.span = creation_->span;
    node.from = {};
  }

  Pool& pool_;
  const std::optional<Creation>& creation_;
  const FieldFn& visit_;
  std::vector<std::string> path_;
  bool creates_;
};

}  // namespace

Result<void> MergeSpecs(FieldSpecs& into, const FieldSpecs& from) {
  for (const FieldSpec& spec : from) {
    auto it = std::ranges::find_if(into, [&](const FieldSpec& s) { return SameField(s, spec); });
    if (it == into.end()) {
      into.push_back(spec);
    } else if (it->create != spec.create) {
      return Fail("conflicting fieldspecs for the path " + spec.path);
    }
  }
  return {};
}

bool TransformerConfig::empty() const {
  return references.empty() && std::ranges::all_of(specs, &FieldSpecs::empty);
}

Result<void> TransformerConfig::Merge(const TransformerConfig& other) {
  if (other.empty() || (is_default && other.is_default)) return {};
  if (empty() && other.is_default) {
    *this = other;
    return {};
  }
  is_default = false;
  for (std::size_t i = 0; i < specs.size(); ++i) PL_CHECK_OK(MergeSpecs(specs[i], other.specs[i]));
  for (const NameReference& r : other.references) {
    auto it = std::ranges::find(references, r.gvk, &NameReference::gvk);
    if (it == references.end()) {
      references.push_back(r);
    } else {
      PL_CHECK_OK(MergeSpecs(it->referrers, r.referrers));
    }
  }
  Sort();
  return {};
}

void TransformerConfig::Sort() {
  for (FieldSpecs& list : specs) std::ranges::stable_sort(list, GvkLess, &FieldSpec::gvk);
  std::ranges::stable_sort(references, GvkLess, &NameReference::gvk);
}

namespace {

TransformerConfig MakeDefaults() {
  TransformerConfig config;
  for (const DefaultSpec& d : DefaultSpecs()) {
    config.of(d.use).push_back({{std::string(d.group), std::string(d.version), std::string(d.kind)},
                                std::string(d.path),
                                d.create});
  }
  for (const DefaultReference& d : DefaultReferences()) {
    Gvk gvk{std::string(d.group), std::string(d.version), std::string(d.kind)};
    if (config.references.empty() || config.references.back().gvk != gvk) {
      config.references.push_back({gvk, {}});
    }
    Gvk from{std::string(d.from_group), std::string(d.from_version), std::string(d.from_kind)};
    config.references.back().referrers.push_back({from, std::string(d.path), false});
  }
  config.Sort();
  config.is_default = true;
  return config;
}

}  // namespace

const TransformerConfig& DefaultConfig() {
  static const TransformerConfig defaults = MakeDefaults();
  return defaults;
}

Result<void> VisitFields(Pool& pool, Node* root, const FieldSpec& spec,
                         const std::optional<Creation>& creation, const FieldFn& visit) {
  std::string_view api_version = GetText(root, "apiVersion"), kind = GetText(root, "kind");
  if (!IsSelected(api_version, kind, spec.gvk)) return {};
  auto result = Visitor(pool, spec, creation, visit).Visit(root, 0);
  if (result) return result;
  return Fail("considering field '" + spec.path + "' of object " +
              ParseGvk(api_version, kind).ToString() + "/" +
              std::string(GetText(Get(root, "metadata"), "name")) + ": " + result.error().message);
}

}  // namespace plumbline::kustomize
