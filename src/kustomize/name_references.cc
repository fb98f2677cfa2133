// Name references: where a resource names another one whose name has changed (prefix, suffix,
// hash), the name is set right. Candidates are found by their former names.
#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <tuple>
#include <unordered_map>

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

// All resources, and by each of their former names: most references name something else than what
// is renamed, and a search through everything for each of them would cost its square.
struct Identities {
  std::vector<Identity> all;
  std::unordered_map<std::string_view, Candidates> by_former_name;

  Identities(const Context& context, const ResMap& resources) {
    for (const ResourcePtr& r : resources.list) {
      all.push_back({r.get(), r->CurId(context.schema), r->PrevIds(context.schema)});
    }
    for (const Identity& i : all) {
      for (const ResId& id : i.before) {
        Candidates& list = by_former_name[id.name];
        if (list.empty() || list.back() != &i) list.push_back(&i);
      }
    }
  }

  std::span<const Identity* const> Formerly(std::string_view name) const {
    auto it = by_former_name.find(name);
    if (it == by_former_name.end()) return {};
    return it->second;
  }
};

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
  Referrer(Context& context, const Identities& identities, const Identity& self)
      : context_(context), identities_(identities), self_(self) {}

  Result<void> Fix(const Gvk& target, const FieldSpec& spec) {
    if (!subjects_known_) PL_CHECK_OK(FindSubjectNamespaces());
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
  bool IsNear(const Identity& other) const {
    return self_.now.cluster_scoped || other.now.cluster_scoped ||
           other.now.EffectiveNamespace() == self_.now.EffectiveNamespace() ||
           subject_namespaces_.contains(other.now.ns);
  }

  // A role binding reaches the service accounts of other namespaces.
  Result<void> FindSubjectNamespaces() {
    subjects_known_ = true;
    const Node* subjects = Get(self_.resource->root, "subjects");
    bool reaches = self_.resource->kind() == "RoleBinding" && !self_.now.cluster_scoped;
    if (!reaches || subjects == nullptr) return {};
    for (const Node* s : subjects->items) {
      const Node* ns = Get(s, "namespace");
      if (GetText(s, "kind") != "ServiceAccount" || ns == nullptr) continue;
      if (IsNull(ns)) {
        return Fail("invalid input: namespace is blank for resource " + self_.now.ToString());
      }
      subject_namespaces_.insert(TextOf(ns));
    }
    return {};
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
    PL_TRY(const Identity* found, Select(field->text, std::nullopt));
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
    std::optional<Scope> scope = Scope{};
    if (const Node* given = Get(mapping, "namespace")) scope = ScopeOf(TextOf(given));
    PL_TRY(const Identity* found, Select(name->text, scope));
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

  // The namespace that a named thing must have or have had; without one any will do.
  struct Scope {
    std::optional<std::string_view> ns;
    bool formerly = true;

    bool Holds(const Identity& i) const {
      const ResId& id = formerly && !i.before.empty() ? i.before.front() : i.now;
      if (!ns) return true;
      return id.EffectiveNamespace() != "_non_namespaceable_" && id.EffectiveNamespace() == *ns;
    }
  };

  // The present namespace counts when none had this one at first.
  Scope ScopeOf(std::string_view ns) const {
    Scope scope{ns, true};
    scope.formerly = std::ranges::any_of(
        identities_.all, [&](const Identity& i) { return scope.Holds(i) && IsNear(i); });
    return scope;
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

  bool Fits(const Identity& i, const std::optional<Gvk>& role) const {
    auto any = [&](auto&& matches) { return std::ranges::any_of(i.before, matches); };
    if (!any([&](const ResId& id) { return id.gvk.IsSelected(*target_); })) return false;
    if (role && !any([&](const ResId& id) { return id.gvk.IsSelected(*role); })) return false;
    return self_.now.cluster_scoped || i.now.cluster_scoped ||
           i.resource->kind() == "ServiceAccount" ||
           i.now.EffectiveNamespace() == self_.now.EffectiveNamespace();
  }

  // With a scope the namespaces must agree, too.
  Result<const Identity*> Select(std::string_view old_name,
                                 const std::optional<Scope>& scope) const {
    std::optional<Gvk> role = RoleRef();
    Candidates left;
    for (const Identity* i : identities_.Formerly(old_name)) {
      if (IsNear(*i) && (!scope || scope->Holds(*i)) && Fits(*i, role)) left.push_back(i);
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
             (!scope || i->resource->ns() == left[0]->resource->ns());
    }
    if (same) return left[0];
    return Fail("found multiple possible referrals: " + ids);
  }

  Context& context_;
  const Identities& identities_;
  const Identity& self_;
  std::set<std::string_view> subject_namespaces_;
  bool subjects_known_ = false;
  const Gvk* target_ = nullptr;
  const FieldSpec* spec_ = nullptr;
};

}  // namespace

Result<void> FixNameReferences(Context& context, ResMap& resources,
                               const std::vector<NameReference>& references) {
  Identities identities(context, resources);
  // Few kinds share hundreds of references.
  using Kind = std::tuple<std::string, std::string, std::string>;
  std::map<Kind, std::vector<std::pair<const Gvk*, const FieldSpec*>>> by_kind;
  for (const Identity& self : identities.all) {
    Referrer referrer(context, identities, self);
    const ResId& org = self.before.empty() ? self.now : self.before.front();
    auto [it, added] = by_kind.try_emplace({org.gvk.group, org.gvk.version, org.gvk.kind});
    if (added) {
      for (const NameReference& reference : references) {
        for (const FieldSpec& spec : reference.referrers) {
          if (org.gvk.IsSelected(spec.gvk)) it->second.emplace_back(&reference.gvk, &spec);
        }
      }
    }
    for (const auto& [target, spec] : it->second) PL_CHECK_OK(referrer.Fix(*target, *spec));
  }
  return {};
}

}  // namespace plumbline::kustomize
