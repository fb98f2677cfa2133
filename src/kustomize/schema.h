// What strategic merge and name references need to know of Kubernetes' types: which lists merge by
// which keys, and which kinds have no namespace. Either the built-in tables or those of an
// `openapi.path` document.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/arena.h"
#include "value/value.h"

namespace plumbline::kustomize {

struct SchemaType {
  bool merge = false;  // a list whose items are joined instead of replaced
  std::string_view
      keys;        // the keys that tell items apart, comma-separated; empty for lists of scalars
  int child = -1;  // type of a list's items or a map's values
  int first = 0, count = 0;  // its fields, sorted by name
};
struct SchemaField {
  std::string_view name;
  int type = -1;
};
struct SchemaKind {
  std::string_view kind, api_version;
  int type = -1;
};
struct ScopedKind {
  std::string_view kind, api_version;
  bool operator==(const ScopedKind&) const = default;
  auto operator<=>(const ScopedKind&) const = default;
};

struct SchemaTables {
  std::span<const SchemaType> types;
  std::span<const SchemaField> fields;
  std::span<const SchemaKind> kinds;           // sorted
  std::span<const ScopedKind> cluster_scoped;  // sorted
};

/// Generated: schema_data.cc.
SchemaTables BuiltinTables();

class Schema {
 public:
  Schema();
  /// Replaces the types by those of an OpenAPI document (`definitions`, `paths`).
  void UseDocument(Value document);

  /// The type of a kind; null when it is unknown or has no list that merges.
  const SchemaType* Find(std::string_view api_version, std::string_view kind) const;
  const SchemaType* FieldType(const SchemaType* type, std::string_view field) const;
  const SchemaType* ItemType(const SchemaType* type) const;
  bool IsClusterScoped(std::string_view api_version, std::string_view kind) const;

 private:
  friend class SchemaReader;
  const SchemaType* At(int type) const;

  SchemaTables tables_;
  std::vector<ScopedKind> more_cluster_scoped_;
  // What UseDocument read.
  Arena arena_;
  std::vector<SchemaType> types_;
  std::vector<SchemaField> fields_;
  std::vector<SchemaKind> kinds_;
};

}  // namespace plumbline::kustomize
