// Name references: where a resource names another one whose name has changed (prefix, suffix,
// hash), the name is set right. Candidates are found by their former names.
#include <algorithm>
#include <set>

#include "kustomize/transformers.h"

namespace plumbline::kustomize {
namespace {

// What the search asks of a resource, computed once: names do not change while references are
// fixed.
struct Identity {
  Resource* resource = nullptr;
  ResId now;
  std::vector<ResId> before;
};
using Candidates = std::vector<const Identity*>;

// Whether the shorter list is the end of the longer one.
bool SameEnding(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  const auto& shorter = a.size() <= b.size() ? a : b;
  const auto& longer = a.size() <= b.size() ? b : a;
  if (shorter.empty()) return longer.empty();
  return std::equal(shorter.rbegin(), shorter.rend(), longer.rbegin());
}

bool SameAffixes(const Resource& a, const Resource& b, bool allow_empty) {
  auto same = [&](const std::vector<std::string>& x, const std::vector<std::string>& y) {
    return (allow_empty && (x.empty() || y.empty())) || SameEnding(x, y);
  };
  return same(a.prefixes, b.prefixes) && same(a.suffixes, b.suffixes);
}

class Referrer {
 public:
  Referrer(Context& context, const std::vector<Identity>& all, const Identity& self)
      : context_(context), all_(all), self_(self) {}

  Result<void> Fix(const Gvk& target, const FieldSpec& spec) {
    if (!candidates_known_) PL_CHECK_OK(FindCandidates());
    target_ = &target;
    spec_ = &spec;
    auto set = [this](Node* field) { return Set(field); };
    FieldSpec own = spec;
    own.gvk = self_.now.gvk;
    auto result = VisitFields(context_.pool, self_.resource->root, own, std::nullopt, set);
    if (result) return result;
    context_.fault = self_.resource->root->span;
    return Fail("updating name reference in '" + spec.path + "' field of '" + self_.now.ToString() +
                "': " + result.error().message);
  }

 private:
  // Everything, for a cluster-wide resource; else what has no namespace or the same one.
  Result<void> FindCandidates() {
    candidates_known_ = true;
    PL_TRY(auto subject_namespaces, SubjectNamespaces());
    for (const Identity& other : all_) {
      bool near = self_.now.cluster_scoped || other.now.cluster_scoped ||
                  other.now.EffectiveNamespace() == self_.now.EffectiveNamespace() ||
                  subject_namespaces.contains(other.now.ns);
      if (near) candidates_.push_back(&other);
    }
    return {};
  }

  // A role binding reaches the service accounts of other namespaces.
  Result<std::set<std::string_view>> SubjectNamespaces() const {
    std::set<std::string_view> out;
    const Node* subjects = Get(self_.resource->root, "subjects");
    bool reaches = self_.resource->kind() == "RoleBinding" && !self_.now.cluster_scoped;
    if (!reaches || subjects == nullptr) return out;
    for (const Node* s : subjects->items) {
      const Node* ns = Get(s, "namespace");
      if (GetText(s, "kind") != "ServiceAccount" || ns == nullptr) continue;
      if (IsNull(ns)) {
        return Fail("invalid input: namespace is blank for resource " + self_.now.ToString());
      }
      out.insert(TextOf(ns));
    }
    return out;
  }

  Result<void> Set(Node* field) {
    if (IsNull(field)) return {};
    if (field->is_scalar()) return SetName(field);
    if (field->is_mapping()) return SetNamed(field);
    for (Node* item : field->items) {
      if (IsNull(item)) continue;
      if (item->is_sequence()) return Fail("expected a text or a mapping in a list of names");
      PL_CHECK_OK(item->is_scalar() ? SetName(item) : SetNamed(item));
    }
    return {};
  }

  Result<void> SetName(Node* field) {
    PL_TRY(const Identity* found, Select(field->text, candidates_, false));
    if (found == nullptr || found->resource->name() == field->text) return {};
    return SetScalar(field, *NameOf(*found));
  }

  Node* NameOf(const Identity& found) {
    const Node* name = Get(Get(found.resource->root, "metadata"), "name");
    Node* copy = context_.pool.NewScalar(name->text, Tag::kNone, name->span);
    copy->from = name->from;
    return copy;
  }

  Result<void> SetNamed(Node* mapping) {
    const Node* name = Get(mapping, "name");
    if (name == nullptr) return Fail("path config error; no 'name' field in node");
    Candidates near = candidates_;
    if (const Node* ns = Get(mapping, "namespace")) near = InNamespace(TextOf(ns));
    PL_TRY(const Identity* found, Select(name->text, near, true));
    if (found == nullptr) return {};
    std::string_view ns = found->resource->ns();
    if (found->resource->name() == name->text && ns.empty()) return {};
    Pool& pool = context_.pool;
    if (found->resource->name() != name->text) {
      PL_CHECK_OK(SetField(pool, mapping, "name", NameOf(*found)));
    }
    if (ns.empty() || GetText(mapping, "namespace") == ns) return {};
    const Node* source = Get(Get(found->resource->root, "metadata"), "namespace");
    return SetField(pool, mapping, "namespace", pool.NewScalar(ns, Tag::kNone, source->span));
  }

  Candidates InNamespace(std::string_view ns) const {
    Candidates out;
    auto original = [](const Identity& i) -> const ResId& {
      return i.before.empty() ? i.now : i.before.front();
    };
    auto collect = [&](auto&& id_of) {
      for (const Identity* i : candidates_) {
        const ResId& id = id_of(*i);
        if (id.EffectiveNamespace() != "_non_namespaceable_" && id.EffectiveNamespace() == ns) {
          out.push_back(i);
        }
      }
    };
    collect(original);
    if (out.empty()) collect([](const Identity& i) -> const ResId& { return i.now; });
    return out;
  }

  // Of a role reference, the kind it names.
  std::optional<Gvk> RoleRef() const {
    if (!spec_->path.ends_with("roleRef/name")) return std::nullopt;
    const Node* ref = Get(self_.resource->root, "roleRef");
    const Node* group = Get(ref, "apiGroup");
    const Node* kind = Get(ref, "kind");
    if (group == nullptr || kind == nullptr) return std::nullopt;
    return Gvk{std::string(TextOf(group)), "", std::string(TextOf(kind))};
  }

  bool Fits(const Identity& i, std::string_view old_name, const std::optional<Gvk>& role) const {
    auto any = [&](auto&& matches) { return std::ranges::any_of(i.before, matches); };
    if (!any([&](const ResId& id) { return id.name == old_name; })) return false;
    if (!any([&](const ResId& id) { return id.gvk.IsSelected(*target_); })) return false;
    if (role && !any([&](const ResId& id) { return id.gvk.IsSelected(*role); })) return false;
    return self_.now.cluster_scoped || i.now.cluster_scoped ||
           i.resource->kind() == "ServiceAccount" ||
           i.now.EffectiveNamespace() == self_.now.EffectiveNamespace();
  }

  Result<const Identity*> Select(std::string_view old_name, const Candidates& from,
                                 bool namespace_counts) const {
    std::optional<Gvk> role = RoleRef();
    Candidates left;
    for (const Identity* i : from) {
      if (Fits(*i, old_name, role)) left.push_back(i);
    }
    if (left.size() == 1) return left[0];
    auto sieve = [&](bool allow_empty) {
      std::erase_if(left, [&](const Identity* i) {
        return !SameAffixes(*i->resource, *self_.resource, allow_empty);
      });
    };
    sieve(true);
    if (left.size() > 1) sieve(false);
    if (left.empty()) return nullptr;
    std::string ids;
    bool same = true;
    for (const Identity* i : left) {
      ids += (ids.empty() ? "" : ", ") + i->now.ToString();
      same = same && i->resource->name() == left[0]->resource->name() &&
             (!namespace_counts || i->resource->ns() == left[0]->resource->ns());
    }
    if (same) return left[0];
    return Fail("found multiple possible referrals: " + ids);
  }

  Context& context_;
  const std::vector<Identity>& all_;
  const Identity& self_;
  Candidates candidates_;
  bool candidates_known_ = false;
  const Gvk* target_ = nullptr;
  const FieldSpec* spec_ = nullptr;
};

}  // namespace

Result<void> FixNameReferences(Context& context, ResMap& resources,
                               const std::vector<NameReference>& references) {
  std::vector<Identity> all;
  for (const ResourcePtr& r : resources.list) {
    all.push_back({r.get(), r->CurId(context.schema), r->PrevIds(context.schema)});
  }
  for (const Identity& self : all) {
    Referrer referrer(context, all, self);
    const ResId& org = self.before.empty() ? self.now : self.before.front();
    for (const NameReference& reference : references) {
      for (const FieldSpec& spec : reference.referrers) {
        if (org.gvk.IsSelected(spec.gvk)) PL_CHECK_OK(referrer.Fix(reference.gvk, spec));
      }
    }
  }
  return {};
}

}  // namespace plumbline::kustomize
