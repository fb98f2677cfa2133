// Field specs: which fields of which kinds a transformer works on, and the configuration that
// collects them.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "kustomize/field_spec_data.h"
#include "kustomize/resource.h"

namespace plumbline::kustomize {

struct FieldSpec {
  Gvk gvk;
  std::string path;
  bool create = false;
};
using FieldSpecs = std::vector<FieldSpec>;

/// Adds what is not there yet. Fails when the same field is to be created here and not there.
Result<void> MergeSpecs(FieldSpecs& into, const FieldSpecs& from);

struct NameReference {
  Gvk gvk;  // what is named
  FieldSpecs referrers;
};

struct TransformerConfig {
  std::array<FieldSpecs, static_cast<std::size_t>(SpecUse::kCount)> specs;
  std::vector<NameReference> references;
  bool is_default = false;  // nothing but the defaults: merging them again changes nothing

  FieldSpecs& of(SpecUse use) { return specs[static_cast<std::size_t>(use)]; }
  const FieldSpecs& of(SpecUse use) const { return specs[static_cast<std::size_t>(use)]; }
  Result<void> Merge(const TransformerConfig& other);
  void Sort();
  bool empty() const;
};
const TransformerConfig& DefaultConfig();

/// Called for each field that a spec leads to.
using FieldFn = std::function<Result<void>(Node* field)>;

/// What to create when a spec says so and the field is absent.
struct Creation {
  Shape shape;
  Tag tag = Tag::kNone;
  Span span;
};

/// Visits the fields of `root` that the spec names; kinds that it is not for are left alone.
Result<void> VisitFields(Pool& pool, Node* root, const FieldSpec& spec,
                         const std::optional<Creation>& creation, const FieldFn& visit);

}  // namespace plumbline::kustomize
