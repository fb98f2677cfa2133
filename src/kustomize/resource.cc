#include "kustomize/resource.h"

#include <algorithm>

#include "kustomize/kind_order.h"

namespace plumbline::kustomize {
namespace {

// Field specs are sorted by it.
int Rank(std::string_view kind) {
  auto first = std::ranges::find(kFirstKinds, kind);
  if (first != kFirstKinds.end()) return static_cast<int>(first - kFirstKinds.begin()) - 1000;
  auto last = std::ranges::find(kLastKinds, kind);
  return last != kLastKinds.end() ? static_cast<int>(last - kLastKinds.begin()) + 1 : 0;
}

std::string SortText(const Gvk& g) {
  auto part = [](const std::string& s, std::string_view none) {
    return s.empty() ? std::string(none) : s;
  };
  return part(g.group, "~G") + "_" + part(g.version, "~V") + "_" + part(g.kind, "~K");
}

constexpr std::string_view kNoNamespace = "_non_namespaceable_";

void MergeInto(StringMap& into, const StringMap& from) {
  for (const auto& [key, value] : from) into[key] = value;
}

// The generated data joined with that of the resource it merges into; the generated wins.
Result<void> MergeData(Pool& pool, Resource& resource, const Resource& old,
                       std::string_view field) {
  const Node* before = Get(old.root, field);
  if (before == nullptr || !before->is_mapping()) return {};
  Node* now = Get(resource.root, field);
  Node* merged = pool.Copy(before);
  for (Field& f : merged->fields) {
    if (f.value->is_scalar()) f.value->tag = Tag::kString;
  }
  if (now != nullptr) {
    for (const Field& f : now->fields)
      PL_CHECK_OK(SetField(pool, merged, f.key, pool.Copy(f.value)));
  }
  std::ranges::sort(merged->fields, {}, &Field::key);
  RemoveField(resource.root, field);
  if (merged->fields.empty()) return {};
  return SetField(pool, resource.root, field, merged);
}

// A text in the place of another; without a span of its own it stands where the other stood.
Node* Renamed(Pool& pool, const Node* old, std::string_view text, Span span) {
  Node* made = pool.NewScalar(pool.Keep(text), Tag::kNone, span);
  if (span.valid() || old == nullptr) return made;
  made->span = old->span;
  made->from = old->from;
  return made;
}

}  // namespace

bool Gvk::IsSelected(const Gvk& s) const {
  return (s.group.empty() || s.group == group) && (s.version.empty() || s.version == version) &&
         (s.kind.empty() || s.kind == kind);
}

std::string Gvk::ToString() const {
  return (kind.empty() ? "[noKind]" : kind) + "." + (version.empty() ? "[noVer]" : version) + "." +
         (group.empty() ? "[noGrp]" : group);
}

Gvk ParseGvk(std::string_view api_version, std::string_view kind) {
  std::size_t slash = api_version.find('/');
  Gvk gvk;
  if (slash != std::string_view::npos) gvk.group = api_version.substr(0, slash);
  gvk.version = slash != std::string_view::npos ? api_version.substr(slash + 1) : api_version;
  gvk.kind = kind;
  return gvk;
}

bool IsSelected(std::string_view api_version, std::string_view kind, const Gvk& selector) {
  std::size_t slash = api_version.find('/');
  bool grouped = slash != std::string_view::npos;
  std::string_view group = grouped ? api_version.substr(0, slash) : std::string_view();
  std::string_view version = grouped ? api_version.substr(slash + 1) : api_version;
  return (selector.kind.empty() || selector.kind == kind) &&
         (selector.group.empty() || selector.group == group) &&
         (selector.version.empty() || selector.version == version);
}

bool GvkLess(const Gvk& a, const Gvk& b) {
  int ra = Rank(a.kind), rb = Rank(b.kind);
  return ra != rb ? ra < rb : SortText(a) < SortText(b);
}

std::string_view ResId::EffectiveNamespace() const {
  if (cluster_scoped) return kNoNamespace;
  return ns.empty() ? std::string_view("default") : std::string_view(ns);
}

bool ResId::Equals(const ResId& other) const {
  return EffectiveNamespace() == other.EffectiveNamespace() && GvknEquals(other);
}

bool ResId::IsSelectedBy(const ResId& s) const {
  return (s.name.empty() || s.name == name) &&
         (s.ns.empty() || s.EffectiveNamespace() == EffectiveNamespace()) && gvk.IsSelected(s.gvk);
}

std::string ResId::ToString() const {
  return gvk.ToString() + "/" + (name.empty() ? "[noName]" : name) + "." +
         (ns.empty() ? "[noNs]" : ns);
}

std::string Origin::ToYaml(std::string_view indent) const {
  std::string out;
  auto line = [&](std::string_view more, std::string_view key, const std::string& value) {
    if (value.empty()) return;
    if (!out.empty()) out += indent;
    std::string quote = IsNonString11(value) ? "\"" : "";
    out += std::string(more) + std::string(key) + ": " + quote + value + quote + "\n";
  };
  line("", "path", path);
  line("", "configuredIn", configured_in);
  if (!kind.empty()) {
    out += (out.empty() ? "" : std::string(indent)) + "configuredBy:\n";
    line("  ", "apiVersion", api_version);
    line("  ", "kind", kind);
    line("  ", "name", name);
    line("  ", "namespace", ns);
  }
  return out;
}

ResId Resource::CurId(const Schema& schema) const {
  ResId id;
  std::string_view api_version = GetText(root, "apiVersion");
  id.gvk = ParseGvk(api_version, kind());
  id.name = name();
  id.ns = ns();
  id.cluster_scoped = schema.IsClusterScoped(api_version, kind());
  return id;
}

std::vector<ResId> Resource::PrevIds(const Schema&) const {
  std::vector<ResId> ids;
  std::string_view api_version = GetText(root, "apiVersion");
  // Former ids carry no knowledge of scopes: their namespace is the effective one already.
  for (const PreviousId& p : previous) {
    ids.push_back({ParseGvk(api_version, p.kind), p.name, p.ns, false});
  }
  return ids;
}

ResId Resource::OrgId(const Schema& schema) const {
  std::vector<ResId> ids = PrevIds(schema);
  return ids.empty() ? CurId(schema) : ids.front();
}

std::vector<ResId> Resource::AllIds(const Schema& schema) const {
  std::vector<ResId> ids = PrevIds(schema);
  ids.push_back(CurId(schema));
  return ids;
}

void Resource::StorePreviousId(const Schema& schema) {
  ResId id = CurId(schema);
  previous.push_back({id.name, std::string(id.EffectiveNamespace()), id.gvk.kind});
}

void Resource::ForgetBuildState() {
  previous.clear();
  prefixes.clear();
  suffixes.clear();
  needs_hash = generated = false;
  behavior = Behavior::kUnspecified;
}

StringMap Resource::StringsAt(std::string_view field) const {
  StringMap out;
  const Node* map = Get(Get(root, "metadata"), field);
  if (map == nullptr) return out;
  // A null counts as the text it is written with.
  for (const Field& f : map->fields) {
    out[std::string(f.key)] = f.value->is_scalar() ? f.value->text : std::string_view();
  }
  return out;
}

Result<void> Resource::SetStringsAt(Pool& pool, std::string_view field, const StringMap& strings) {
  PL_TRY(Node * meta, GetOrCreate(pool, root, "metadata", Shape::kMapping, root->span));
  if (!meta->is_mapping()) return Fail("wrong node kind: metadata must be a mapping");
  Node* before = Get(meta, field);
  Node* map = pool.New(Shape::kMapping, before != nullptr ? before->span : meta->span);
  for (const auto& [key, value] : strings) {
    const Field* old = FindField(before, key);
    Span span = old != nullptr ? old->value->span : map->span;
    Node* text = pool.NewString(pool.Keep(value), span);
    if (old != nullptr) text->from = old->value->from;
    map->fields.push_back({pool.Keep(key), old != nullptr ? old->key_span : span, text});
  }
  Field* place = FindField(meta, field);
  if (strings.empty()) {
    RemoveField(meta, field);
  } else if (place != nullptr) {
    place->value = map;
  } else {
    meta->fields.push_back({pool.Keep(field), map->span, map});
  }
  return {};
}

Result<void> Resource::SetName(Pool& pool, std::string_view name, Span span) {
  PL_TRY(Node * meta, GetOrCreate(pool, root, "metadata", Shape::kMapping, span));
  return SetField(pool, meta, "name", Renamed(pool, Get(meta, "name"), name, span));
}

Result<void> Resource::SetNamespace(Pool& pool, std::string_view ns, Span span) {
  Node* meta = Get(root, "metadata");
  if (meta == nullptr) return {};
  if (ns.empty()) {
    RemoveField(meta, "namespace");
    return {};
  }
  return SetField(pool, meta, "namespace", Renamed(pool, Get(meta, "namespace"), ns, span));
}

NameIndex::NameIndex(const std::vector<ResourcePtr>& list, const Schema& schema)
    : schema_(&schema) {
  for (const ResourcePtr& r : list) Add(*r);
}

void NameIndex::Add(const Resource& resource) {
  by_name_.emplace(std::string(resource.name()), &resource);
}

std::size_t NameIndex::Count(const ResId& id) const {
  auto [begin, end] = by_name_.equal_range(id.name);
  return static_cast<std::size_t>(std::count_if(begin, end, [&](const auto& entry) {
    const Resource& r = *entry.second;
    return r.name() == id.name && r.CurId(*schema_).Equals(id);
  }));
}

Result<void> ResMap::Append(ResourcePtr resource) {
  NameIndex index = Index();
  return Append(std::move(resource), index);
}

Result<void> ResMap::Append(ResourcePtr resource, NameIndex& index) {
  ResId id = resource->CurId(*schema_);
  if (index.Count(id) > 0) {
    return Fail("may not add resource with an already registered id: " + id.ToString());
  }
  index.Add(*resource);
  list.push_back(std::move(resource));
  return {};
}

Result<void> ResMap::AppendAll(const ResMap& other, NameIndex& index) {
  lacks_resources |= other.lacks_resources;
  lacks_changes |= other.lacks_changes;
  for (const ResourcePtr& r : other.list) PL_CHECK_OK(Append(r, index));
  return {};
}

Result<void> ResMap::Absorb(Pool& pool, ResourcePtr resource) {
  ResId id = resource->CurId(*schema_);
  auto matches = ByAnyId(id.name, [&](const ResId& other) { return id.Equals(other); });
  bool joins = resource->behavior == Behavior::kMerge || resource->behavior == Behavior::kReplace;
  if (matches.empty()) {
    if (joins && lacks_resources) return {};
    if (joins) return Fail("id " + id.ToString() + " does not exist; cannot merge or replace");
    return Append(std::move(resource));
  }
  if (matches.size() > 1) {
    return Fail("found multiple objects that could accept a merge of " + id.ToString());
  }
  if (!joins) return Fail("id " + id.ToString() + " exists; behavior must be merge or replace");
  Resource& old = *matches[0];
  StringMap labels = old.StringsAt("labels"), annotations = old.StringsAt("annotations");
  MergeInto(labels, resource->StringsAt("labels"));
  MergeInto(annotations, resource->StringsAt("annotations"));
  PL_CHECK_OK(resource->SetStringsAt(pool, "labels", labels));
  PL_CHECK_OK(resource->SetStringsAt(pool, "annotations", annotations));
  PL_CHECK_OK(resource->SetName(pool, old.name(), {}));
  PL_CHECK_OK(resource->SetNamespace(pool, old.ns(), {}));
  bool merges = resource->behavior == Behavior::kMerge;
  if (merges) {
    PL_CHECK_OK(MergeData(pool, *resource, old, "data"));
    PL_CHECK_OK(MergeData(pool, *resource, old, "binaryData"));
    if (old.origin) resource->origin = old.origin;
  }
  resource->previous = old.previous;
  resource->prefixes = old.prefixes;
  resource->suffixes = old.suffixes;
  resource->needs_hash = resource->needs_hash && old.needs_hash;
  resource->behavior = old.behavior;
  resource->var_names = old.var_names;
  resource->transformations = old.transformations;
  auto place = std::ranges::find(list, matches[0]);
  // The id may have changed with the name; only one resource may have it.
  *place = std::move(resource);
  return {};
}

std::vector<ResourcePtr> ResMap::ByAnyId(std::string_view name,
                                         const std::function<bool(const ResId&)>& matches) const {
  std::vector<ResourcePtr> found;
  auto fits = [&](const ResId& id) { return id.name == name && matches(id); };
  for (const ResourcePtr& r : list) {
    bool named = r->name() == name ||
                 std::ranges::find(r->previous, name, &PreviousId::name) != r->previous.end();
    if (named && std::ranges::any_of(r->AllIds(*schema_), fits)) found.push_back(r);
  }
  return found;
}

Result<ResourcePtr> ResMap::ById(const ResId& id) const {
  auto found = ByAnyId(id.name, [&](const ResId& other) { return id.Equals(other); });
  if (found.size() == 1) return found[0];
  std::string text = id.ToString();
  return Fail((found.empty() ? "no matches for Id " : "multiple matches for Id ") + text +
              "; failed to find unique target for patch " + text);
}

void ResMap::DropEmpty() {
  std::erase_if(list, [](const ResourcePtr& r) { return IsNullOrEmpty(r->root); });
}

}  // namespace plumbline::kustomize
