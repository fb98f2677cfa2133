// Transformers that set one thing in all resources: namespace, name prefix and suffix, labels,
// annotations, replica counts, and the hash suffixes of generated names.
#include <algorithm>
#include <array>

#include "kustomize/transformers.h"

namespace plumbline::kustomize {
namespace {

bool IsRoleBinding(std::string_view kind) {
  return kind == "RoleBinding" || kind == "ClusterRoleBinding";
}

class NamespaceRun {
 public:
  NamespaceRun(Context& context, const Text& ns, const FieldSpecs& specs, bool unset_only,
               SubjectMode mode)
      : context_(context), ns_(ns), specs_(specs), unset_only_(unset_only), mode_(mode) {
    value_.text = context.pool.Keep(ns.value);
    value_.tag = Tag::kString;
    value_.span = ns.span;
  }

  Result<void> Run(Node* root) {
    std::string_view kind = GetText(root, "kind"), api_version = GetText(root, "apiVersion");
    auto set = [this](Node* field) { return Set(field); };
    if (!context_.schema.IsClusterScoped(api_version, kind)) {
      PL_CHECK_OK(VisitFields(context_.pool, root, {{}, "metadata/namespace", true},
                              Creation{Shape::kScalar, Tag::kNone, ns_.span}, set));
    }
    bool binding = IsRoleBinding(kind);
    if (binding) PL_CHECK_OK(SetSubjects(root));
    for (const FieldSpec& spec : specs_) {
      if (spec.path == "metadata/namespace") continue;
      if (spec.path == "metadata/name" && api_version != "v1") continue;
      if (binding && IsRoleBinding(spec.gvk.kind) && spec.path == "subjects/namespace") continue;
      auto result = VisitFields(context_.pool, root, spec,
                                Creation{Shape::kScalar, Tag::kString, ns_.span}, set);
      if (!result) return Fail("namespace transformation failed: " + result.error().message);
    }
    return {};
  }

 private:
  Result<void> Set(Node* field) {
    if (unset_only_ && !TextOf(field).empty()) return {};
    return SetScalar(field, value_);
  }

  Result<void> SetSubjects(Node* root) {
    Node* subjects = Get(root, "subjects");
    if (mode_ == SubjectMode::kNone || IsNull(subjects)) return {};
    if (!subjects->is_sequence()) return Fail("subjects of a role binding must be a list");
    for (Node* subject : subjects->items) {
      bool chosen = mode_ == SubjectMode::kDefaultOnly
                        ? GetText(subject, "name") == "default"
                        : GetText(subject, "kind") == "ServiceAccount";
      if (!chosen) continue;
      PL_TRY(Node * field,
             GetOrCreate(context_.pool, subject, "namespace", Shape::kScalar, ns_.span));
      PL_CHECK_OK(Set(field));
    }
    return {};
  }

  Context& context_;
  const Text& ns_;
  const FieldSpecs& specs_;
  bool unset_only_;
  SubjectMode mode_;
  Node value_;
};

// Kinds whose names are fixed by something else.
bool KeepsName(const ResId& id) {
  return id.gvk.kind == "CustomResourceDefinition" || id.gvk.kind == "Namespace" ||
         (id.gvk.kind == "APIService" && id.gvk.group == "apiregistration.k8s.io");
}

// Sets each pair as an entry of the mappings that the specs lead to.
Result<void> SetPairs(Context& context, ResMap& resources, const TextMap& pairs,
                      const FieldSpecs& specs) {
  Pool& pool = context.pool;
  for (const ResourcePtr& r : resources.list) {
    for (const auto& [key, text] : pairs) {
      if (text.span.valid()) context.fault = text.span;
      auto set = [&](Node* field) {
        return SetField(pool, field, key, pool.NewString(pool.Keep(text.value), text.span));
      };
      for (const FieldSpec& spec : specs) {
        PL_CHECK_OK(VisitFields(pool, r->root, spec,
                                Creation{Shape::kMapping, Tag::kNone, text.span}, set));
      }
    }
  }
  return {};
}

}  // namespace

TransformFn NamespaceTransformer(Context& context, Text ns, FieldSpecs specs, bool unset_only,
                                 SubjectMode mode) {
  return [&context, ns = std::move(ns), specs = std::move(specs), unset_only,
          mode](ResMap& resources) -> Result<void> {
    if (ns.empty()) return {};
    context.fault = ns.span;
    NamespaceRun run(context, ns, specs, unset_only, mode);
    NameIndex index = resources.Index();
    for (const ResourcePtr& r : resources.list) {
      if (IsNullOrEmpty(r->root)) continue;
      r->StorePreviousId(context.schema);
      std::string_view name = r->name();
      PL_CHECK_OK(run.Run(r->root));
      if (r->name() != name) index.Add(*r);
      ResId id = r->CurId(context.schema);
      if (index.Count(id) != 1) {
        context.fault = r->root->span;
        return Fail("namespace transformation produces ID conflict: " + id.ToString());
      }
    }
    return {};
  };
}

TransformFn AffixTransformer(Context& context, Text affix, FieldSpecs specs, bool prefix) {
  return [&context, affix = std::move(affix), specs = std::move(specs),
          prefix](ResMap& resources) -> Result<void> {
    Pool& pool = context.pool;
    if (affix.span.valid()) context.fault = affix.span;
    for (const ResourcePtr& r : resources.list) {
      ResId org = r->OrgId(context.schema);
      if (KeepsName(org)) continue;
      auto set = [&](Node* field) -> Result<void> {
        if (!IsNull(field) && !field->is_scalar()) return Fail("a name must be a scalar");
        std::string old(field->text);
        std::string name = prefix ? affix.value + old : old + affix.value;
        return SetScalar(field, *pool.NewScalar(pool.Keep(name), Tag::kNone,
                                                affix.empty() ? field->span : affix.span));
      };
      for (const FieldSpec& spec : specs) {
        if (!org.gvk.IsSelected(spec.gvk)) continue;
        if (spec.path == "metadata/name" && !affix.empty()) {
          (prefix ? r->prefixes : r->suffixes).push_back(affix.value);
          r->StorePreviousId(context.schema);
        }
        PL_CHECK_OK(VisitFields(pool, r->root, spec,
                                Creation{Shape::kScalar, Tag::kString, affix.span}, set));
      }
    }
    return {};
  };
}

TransformFn LabelTransformer(Context& context, TextMap labels, FieldSpecs specs) {
  return [&context, labels = std::move(labels), specs = std::move(specs)](ResMap& resources) {
    return SetPairs(context, resources, labels, specs);
  };
}

TransformFn AnnotationsTransformer(Context& context, TextMap annotations, FieldSpecs specs) {
  return [&context, annotations = std::move(annotations), specs = std::move(specs)](
             ResMap& resources) { return SetPairs(context, resources, annotations, specs); };
}

TransformFn ReplicaTransformer(Context& context, ReplicaArgs args, FieldSpecs specs) {
  return [&context, args = std::move(args),
          specs = std::move(specs)](ResMap& resources) -> Result<void> {
    Pool& pool = context.pool;
    context.fault = args.span;
    std::string_view count = pool.Keep(std::to_string(args.count));
    auto set = [&](Node* field) {
      return SetScalar(field, *pool.NewScalar(count, Tag::kInt, args.span));
    };
    bool found = false;
    for (const FieldSpec& spec : specs) {
      auto matches = resources.ByAnyId(
          args.name, [&](const ResId& id) { return id.gvk.IsSelected(spec.gvk); });
      found = found || !matches.empty();
      for (const ResourcePtr& r : matches) {
        PL_CHECK_OK(
            VisitFields(pool, r->root, spec, Creation{Shape::kScalar, Tag::kInt, args.span}, set));
      }
    }
    if (found || resources.lacks_resources) return {};
    return Fail("no resource named " + args.name + " of a kind that has replicas");
  };
}

TransformFn HashTransformer(Context& context) {
  return [&context](ResMap& resources) -> Result<void> {
    for (const ResourcePtr& r : resources.list) {
      if (!r->needs_hash) continue;
      context.fault = r->root->span;
      PL_TRY(std::string hash, ContentHash(*r));
      r->StorePreviousId(context.schema);
      PL_CHECK_OK(r->SetName(context.pool, std::string(r->name()) + "-" + hash, {}));
    }
    return {};
  };
}

}  // namespace plumbline::kustomize
