// A resource under construction: its tree and what the build remembers of it (former names,
// prefixes, where it comes from), and the ids by which resources are found.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kustomize/node.h"
#include "kustomize/schema.h"

namespace plumbline::kustomize {

struct Gvk {
  std::string group, version, kind;
  bool operator==(const Gvk&) const = default;
  /// Empty parts of the selector match everything.
  bool IsSelected(const Gvk& selector) const;
  std::string ApiVersion() const { return group.empty() ? version : group + "/" + version; }
  /// "Deployment.v1.apps", with [noGrp] and the like for what is empty.
  std::string ToString() const;
};
Gvk ParseGvk(std::string_view api_version, std::string_view kind);
/// ParseGvk(api_version, kind).IsSelected(selector), without making one.
bool IsSelected(std::string_view api_version, std::string_view kind, const Gvk& selector);
bool GvkLess(const Gvk& a, const Gvk& b);

struct ResId {
  Gvk gvk;
  std::string name, ns;
  bool cluster_scoped = false;
  /// The namespace that counts: "default" for none, a special word for kinds without one.
  std::string_view EffectiveNamespace() const;
  bool Equals(const ResId& other) const;
  bool GvknEquals(const ResId& other) const { return name == other.name && gvk == other.gvk; }
  bool IsSelectedBy(const ResId& selector) const;
  std::string ToString() const;
};

/// Where a resource or a change of it comes from: the content of the buildMetadata annotations.
struct Origin {
  std::string path, configured_in;
  std::string api_version, kind, name, ns;  // configuredBy
  std::string ToYaml(std::string_view indent) const;
};

enum class Behavior : std::uint8_t { kUnspecified, kCreate, kReplace, kMerge };

struct PreviousId {
  std::string name, ns, kind;
};

using StringMap = std::map<std::string, std::string>;

class Resource {
 public:
  explicit Resource(Node* root_node) : root(root_node) {}

  Node* root;
  std::vector<PreviousId> previous;
  std::vector<std::string> prefixes, suffixes;
  std::vector<std::string> var_names;
  bool needs_hash = false, generated = false;
  bool allow_name_change = false, allow_kind_change = false;
  Behavior behavior = Behavior::kUnspecified;
  std::optional<Origin> origin;
  std::vector<Origin> transformations;

  Gvk gvk() const { return ParseGvk(GetText(root, "apiVersion"), GetText(root, "kind")); }
  std::string_view kind() const { return GetText(root, "kind"); }
  std::string_view name() const { return GetText(Get(root, "metadata"), "name"); }
  std::string_view ns() const { return GetText(Get(root, "metadata"), "namespace"); }

  ResId CurId(const Schema& schema) const;
  std::vector<ResId> PrevIds(const Schema& schema) const;
  ResId OrgId(const Schema& schema) const;
  /// Previous ids, then the current one.
  std::vector<ResId> AllIds(const Schema& schema) const;
  void StorePreviousId(const Schema& schema);
  bool has_build_state() const {
    return !previous.empty() || generated || !prefixes.empty() || !suffixes.empty();
  }
  void ForgetBuildState();

  StringMap StringsAt(std::string_view field) const;  // of metadata: labels, annotations
  Result<void> SetStringsAt(Pool& pool, std::string_view field, const StringMap& strings);
  Result<void> SetName(Pool& pool, std::string_view name, Span span);
  Result<void> SetNamespace(Pool& pool, std::string_view ns, Span span);
};

using ResourcePtr = std::shared_ptr<Resource>;

/// Finds resources by their names as long as nobody renames them: a long list is not searched once
/// for each of its elements.
class NameIndex {
 public:
  NameIndex(const std::vector<ResourcePtr>& list, const Schema& schema);
  /// Also for one that has a new name.
  void Add(const Resource& resource);
  /// How many resources have this id now.
  std::size_t Count(const ResId& id) const;

 private:
  std::unordered_multimap<std::string, const Resource*> by_name_;
  const Schema* schema_;
};

/// Resources in the order they were added; no two of one id.
class ResMap {
 public:
  explicit ResMap(const Schema& schema) : schema_(&schema) {}
  std::vector<ResourcePtr> list;
  /// Something remote was left out: resources, or what would have changed them. What is not found
  /// then is no fault.
  bool lacks_resources = false, lacks_changes = false;

  Result<void> Append(ResourcePtr resource);
  /// The same with an index of what is there, which learns of the new one.
  Result<void> Append(ResourcePtr resource, NameIndex& index);
  Result<void> AppendAll(const ResMap& other, NameIndex& index);
  NameIndex Index() const { return {list, *schema_}; }
  /// Adds, replaces or merges generated resources, as their behaviour says.
  Result<void> Absorb(Pool& pool, ResourcePtr resource);
  /// Those of which one id, present or former, has this name and matches.
  std::vector<ResourcePtr> ByAnyId(std::string_view name,
                                   const std::function<bool(const ResId&)>& matches) const;
  Result<ResourcePtr> ById(const ResId& id) const;
  void DropEmpty();
  const Schema& schema() const { return *schema_; }

 private:
  const Schema* schema_;
};

}  // namespace plumbline::kustomize
