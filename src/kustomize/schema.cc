#include "kustomize/schema.h"

#include <algorithm>
#include <map>

namespace plumbline::kustomize {

Schema::Schema() : tables_(BuiltinTables()) {}

const SchemaType* Schema::At(int type) const {
  return type < 0 ? nullptr : &tables_.types[static_cast<std::size_t>(type)];
}

const SchemaType* Schema::Find(std::string_view api_version, std::string_view kind) const {
  auto less = [](const SchemaKind& k, const ScopedKind& wanted) {
    return ScopedKind{k.kind, k.api_version} < wanted;
  };
  ScopedKind wanted{kind, api_version};
  auto it = std::lower_bound(tables_.kinds.begin(), tables_.kinds.end(), wanted, less);
  bool found = it != tables_.kinds.end() && ScopedKind{it->kind, it->api_version} == wanted;
  return found ? At(it->type) : nullptr;
}

const SchemaType* Schema::FieldType(const SchemaType* type, std::string_view field) const {
  if (type == nullptr) return nullptr;
  auto fields = tables_.fields.subspan(static_cast<std::size_t>(type->first),
                                       static_cast<std::size_t>(type->count));
  auto it = std::ranges::lower_bound(fields, field, {}, &SchemaField::name);
  if (it != fields.end() && it->name == field) return At(it->type);
  return At(type->child);
}

const SchemaType* Schema::ItemType(const SchemaType* type) const {
  return type != nullptr ? At(type->child) : nullptr;
}

bool Schema::IsClusterScoped(std::string_view api_version, std::string_view kind) const {
  ScopedKind wanted{kind, api_version};
  auto builtin = BuiltinTables().cluster_scoped;
  return std::ranges::binary_search(builtin, wanted) ||
         std::ranges::find(more_cluster_scoped_, wanted) != more_cluster_scoped_.end();
}

// Reads the definitions of a document; references between them may be circular, so a definition
// gets its number before its fields are read.
class SchemaReader {
 public:
  SchemaReader(Schema& schema, Value definitions) : schema_(schema), definitions_(definitions) {}

  void Read() {
    for (const Member& m : definitions_.members()) {
      const Value* kinds = m.value.Find("x-kubernetes-group-version-kind");
      if (kinds == nullptr) continue;
      int type = Definition(m.key);
      for (const Value& kind : kinds->items()) {
        schema_.kinds_.push_back({Text(kind, "kind"), ApiVersion(kind), type});
      }
    }
    // A definition may refer to one that is read later: fields are laid out at the end.
    for (std::size_t i = 0; i < pending_.size(); ++i) {
      schema_.types_[i].first = static_cast<int>(schema_.fields_.size());
      schema_.types_[i].count = static_cast<int>(pending_[i].size());
      std::ranges::sort(pending_[i], {}, &SchemaField::name);
      for (const SchemaField& f : pending_[i]) schema_.fields_.push_back(f);
    }
    std::ranges::sort(schema_.kinds_, {},
                      [](const SchemaKind& k) { return ScopedKind{k.kind, k.api_version}; });
  }

  static std::string_view Text(Value v, std::string_view key) {
    const Value* found = v.Find(key);
    return found != nullptr && found->is_string() ? found->as_string() : std::string_view();
  }

  std::string_view ApiVersion(Value v) {
    std::string_view group = Text(v, "group"), version = Text(v, "version");
    if (group.empty()) return version;
    return schema_.arena_.CopyString(std::string(group) + "/" + std::string(version));
  }

 private:
  static constexpr int kMaxDepth = 64;

  int NewType() {
    schema_.types_.emplace_back();
    pending_.emplace_back();
    return static_cast<int>(schema_.types_.size()) - 1;
  }

  int Definition(std::string_view name) {
    auto [it, added] = numbers_.try_emplace(name, -1);
    if (!added) return it->second;
    const Value* definition = definitions_.Find(name);
    if (definition == nullptr || depth_ > kMaxDepth) return -1;
    int type = NewType();
    it->second = type;
    Fill(type, *definition);
    return type;
  }

  int Property(Value v) {
    constexpr std::string_view kPrefix = "#/definitions/";
    std::string_view ref = Text(v, "$ref");
    if (ref.starts_with(kPrefix)) return Definition(ref.substr(kPrefix.size()));
    if (depth_ > kMaxDepth) return -1;
    int type = NewType();
    Fill(type, v);
    return type;
  }

  void Fill(int type, Value v) {
    ++depth_;
    auto at = static_cast<std::size_t>(type);
    std::string_view strategy = Text(v, "x-kubernetes-patch-strategy");
    schema_.types_[at].merge = strategy == "merge" || strategy.starts_with("merge,") ||
                               strategy.find(",merge") != std::string_view::npos;
    schema_.types_[at].keys = Keys(v);
    const Value* items = v.Find("items");
    const Value* values = v.Find("additionalProperties");
    if (items != nullptr && items->is_mapping()) {
      int child = Property(*items);
      schema_.types_[at].child = child;
    } else if (values != nullptr && values->is_mapping()) {
      int child = Property(*values);
      schema_.types_[at].child = child;
    }
    if (const Value* properties = v.Find("properties")) {
      for (const Member& m : properties->members()) {
        int field = Property(m.value);
        pending_[at].push_back({m.key, field});
      }
    }
    --depth_;
  }

  std::string_view Keys(Value v) {
    std::string keys;
    if (const Value* list = v.Find("x-kubernetes-list-map-keys")) {
      for (const Value& key : list->items()) {
        if (key.is_string()) keys += (keys.empty() ? "" : ",") + std::string(key.as_string());
      }
    }
    if (keys.empty()) keys = Text(v, "x-kubernetes-patch-merge-key");
    return schema_.arena_.CopyString(keys);
  }

  Schema& schema_;
  Value definitions_;
  int depth_ = 0;
  std::map<std::string_view, int> numbers_;
  std::vector<std::vector<SchemaField>> pending_;
};

void Schema::UseDocument(Value document) {
  const Value* definitions = document.Find("definitions");
  SchemaReader reader(*this, definitions != nullptr ? *definitions : Value());
  reader.Read();
  std::map<ScopedKind, bool> scoped;  // true: has a namespace
  if (const Value* paths = document.Find("paths")) {
    for (const Member& path : paths->members()) {
      const Value* get = path.value.Find("get");
      const Value* kind = get != nullptr ? get->Find("x-kubernetes-group-version-kind") : nullptr;
      if (kind == nullptr) continue;
      bool within = path.key.find("namespaces/{namespace}") != std::string_view::npos;
      scoped[{SchemaReader::Text(*kind, "kind"), reader.ApiVersion(*kind)}] |= within;
    }
  }
  for (const auto& [kind, within] : scoped) {
    if (!within) more_cluster_scoped_.push_back(kind);
  }
  tables_ = {types_, fields_, kinds_, {}};
}

}  // namespace plumbline::kustomize
