#include "kustomize/merge.h"

#include <algorithm>
#include <set>

namespace plumbline::kustomize {
namespace {

enum class Directive : std::uint8_t { kMerge, kReplace, kDelete };
constexpr std::string_view kDirectiveKey = "$patch";
using Texts = std::vector<std::string>;

Result<Directive> ParseDirective(std::string_view text) {
  if (text == "delete") return Directive::kDelete;
  if (text == "replace") return Directive::kReplace;
  if (text == "merge") return Directive::kMerge;
  return Fail("unknown patch strategy '" + std::string(text) +
              "'; expected delete, merge or replace");
}

// The directive of a mapping; it is taken out of the patch.
Result<Directive> MappingDirective(Node* patch) {
  const Node* value = Get(patch, kDirectiveKey);
  if (value == nullptr) return Directive::kMerge;
  PL_TRY(Directive directive, ParseDirective(value->text));
  RemoveField(patch, kDirectiveKey);
  return directive;
}

// A list's directive is an item of its own: `- $patch: replace`.
Result<Directive> ListDirective(Node* patch) {
  for (const Node* item : patch->items) {
    const Node* value = Get(item, kDirectiveKey);
    if (value == nullptr) continue;
    if (item->fields.size() > 1) return Directive::kMerge;
    PL_TRY(Directive directive, ParseDirective(value->text));
    std::string_view text = value->text;
    std::erase_if(patch->items, [&](const Node* n) {
      const Node* v = Get(n, kDirectiveKey);
      return IsNullOrEmpty(n) || (v != nullptr && v->text == text);
    });
    return directive;
  }
  return Directive::kMerge;
}

Result<Directive> DirectiveOf(Node* patch) {
  if (patch == nullptr) return Directive::kMerge;
  if (patch->is_mapping()) return MappingDirective(patch);
  if (patch->is_sequence()) return ListDirective(patch);
  return Fail("no strategic merge patch strategy for a scalar");
}

Texts SplitKeys(std::string_view keys) {
  Texts out;
  while (!keys.empty()) {
    std::size_t end = keys.find(',');
    out.emplace_back(keys.substr(0, end));
    keys = end == std::string_view::npos ? std::string_view() : keys.substr(end + 1);
  }
  return out;
}

// A missing value repeats the answer of the key before it, as kyaml has it.
bool HasValues(const Node* item, const Texts& keys, const Texts& values) {
  const Node* found = nullptr;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (i < values.size()) {
      found = keys[i].empty() ? item : Get(item, keys[i]);
      bool any = values[i].empty() && !keys[i].empty();
      bool same = found != nullptr && found->is_scalar() && found->text == values[i];
      if (!any && !same) found = nullptr;
    }
    if (found == nullptr) return false;
  }
  return found != nullptr;
}

// Puts `element` in the place of the item whose keys have these values, or at the end; a null
// element removes it. Empty items go, too. A key without value matches any item that has the key.
void SetElement(Node* list, const Texts& keys, const Texts& values, Node* element) {
  std::vector<Node*> out;
  bool found = false;
  bool maps = !keys.empty() && !keys[0].empty() && !values.empty() && !values[0].empty();
  for (Node* item : list->items) {
    if (IsNull(item) || (item->is_mapping() && item->fields.empty())) continue;
    if (!item->is_mapping() && maps) {
      out.push_back(item);
      continue;
    }
    if (!HasValues(item, keys, values)) {
      // Without any value there is nothing to tell items apart by: the others go.
      if (!values.empty()) out.push_back(item);
      continue;
    }
    found = true;
    if (element != nullptr) out.push_back(element);
  }
  if (!IsNull(element) && !found) out.push_back(element);
  list->items = std::move(out);
}

// With several keys (containerPort, protocol), values that agree where both are given belong
// together.
void JoinValues(std::vector<Texts>& list) {
  for (Texts& a : list) {
    for (Texts& b : list) {
      bool common = false, clash = a.size() != b.size();
      Texts joined;
      for (std::size_t i = 0; !clash && i < a.size(); ++i) {
        common |= a[i] == b[i];
        clash = a[i] != b[i] && !a[i].empty() && !b[i].empty();
        joined.push_back(a[i].empty() ? b[i] : a[i]);
      }
      if (!clash && common) {
        a = joined;
        b = joined;
      }
    }
  }
}

// Keys that no item gives a value to are left out.
void ValidKeys(const std::vector<Texts>& list, Texts& keys, Texts& values) {
  std::set<std::string> valid;
  for (const Texts& v : list) {
    for (std::size_t i = 0; i < v.size() && i < keys.size(); ++i) {
      if (!v[i].empty()) valid.insert(keys[i]);
    }
  }
  if (valid.empty()) return;
  Texts k, v;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!valid.contains(keys[i])) continue;
    k.push_back(keys[i]);
    v.push_back(i < values.size() ? values[i] : "");
  }
  keys = std::move(k);
  values = std::move(v);
}

Node* FindElement(Node* list, const Texts& keys, const Texts& values) {
  if (list == nullptr) return nullptr;
  for (Node* item : list->items) {
    if (keys.empty() || keys[0].empty()) {
      if (item->is_scalar() && !values.empty() && item->text == values[0]) return item;
      continue;
    }
    if (!item->is_mapping()) continue;
    bool matches = true;
    for (std::size_t i = 0; matches && i < keys.size(); ++i) {
      const Node* value = Get(item, keys[i]);
      matches = value != nullptr && value->is_scalar() && value->text == values[i];
    }
    if (matches) return item;
  }
  return nullptr;
}

// The tag a scalar has when it is printed.
Tag PlainTag(const Node& n) {
  if (n.tag != Tag::kNone) return n.tag;
  return n.quoted ? Tag::kString : ResolveTag(n.text);
}

class Merger {
 public:
  Merger(Pool& pool, const Schema& schema) : pool_(pool), schema_(schema) {}

  Result<Node*> Merge(Node* dest, Node* patch, const SchemaType* type) {
    if (type == nullptr) type = TypeOf(dest, patch);
    const Node* first = !IsNull(dest) ? dest : !IsNull(patch) ? patch : nullptr;
    Shape shape = first != nullptr ? first->shape : Shape::kMapping;
    for (const Node* n : {dest, patch}) {
      if (!IsNull(n) && n->shape != shape) {
        return Fail("wrong node kind: expected a " + std::string(ShapeName(shape)) + " but got a " +
                    std::string(ShapeName(n->shape)));
      }
    }
    if (shape == Shape::kMapping) return MergeMapping(dest, patch, type);
    if (shape == Shape::kScalar) return patch != nullptr ? patch : dest;
    if (type == nullptr || !type->merge) return patch != nullptr ? patch : dest;
    return MergeList(dest, patch, type);
  }

 private:
  const SchemaType* TypeOf(const Node* dest, const Node* patch) const {
    for (const Node* n : {dest, patch}) {
      if (IsNull(n) || !n->is_mapping()) continue;
      std::string_view kind = GetText(n, "kind"), api_version = GetText(n, "apiVersion");
      if (kind.empty() || api_version.empty()) continue;
      if (const SchemaType* type = schema_.Find(api_version, kind)) return type;
    }
    return nullptr;
  }

  // What the merged mapping starts from; null clears it.
  Result<Node*> MappingStart(Node* dest, Node* patch) {
    if (IsNull(dest)) {
      if (patch != nullptr && !patch->is_scalar()) {
        PL_TRY(Directive directive, DirectiveOf(patch));
        if (directive == Directive::kDelete) return nullptr;
      }
      // A null that stands in the resource stays when the patch says nothing.
      if (patch == nullptr) return dest;
      return patch;
    }
    if (patch != nullptr && patch->tag == Tag::kNull) return nullptr;
    PL_TRY(Directive directive, DirectiveOf(patch));
    if (directive == Directive::kDelete) return nullptr;
    return directive == Directive::kReplace ? patch : dest;
  }

  Result<Node*> MergeMapping(Node* dest, Node* patch, const SchemaType* type) {
    PL_TRY(Node * start, MappingStart(dest, patch));
    if (start == nullptr || start->tag == Tag::kNull || !start->is_mapping()) return start;
    std::set<std::string_view> names;
    for (const Field& f : start->fields) names.insert(f.key);
    if (patch != nullptr) {
      for (const Field& f : patch->fields) names.insert(f.key);
    }
    for (std::string_view name : names) {
      Field* from = FindField(patch, name);
      Field* into = FindField(start, name);
      Node* old = into != nullptr ? into->value : nullptr;
      Node* add = from != nullptr ? from->value : nullptr;
      bool stays_null = old != nullptr && old->tag == Tag::kNull && add == nullptr;
      if (stays_null && !old->text.empty()) continue;
      PL_TRY(Node * merged, Merge(old, add, schema_.FieldType(type, name)));
      PL_CHECK_OK(Put(start, name, merged, from));
    }
    return start;
  }

  Result<void> Put(Node* mapping, std::string_view name, Node* value, const Field* from) {
    Field* into = FindField(mapping, name);
    if (into != nullptr && into->value == value && !IsNull(value)) return {};
    if (IsNull(value)) {
      RemoveField(mapping, name);
      return {};
    }
    // A patch repeats kind and name to say what it is for: what it does not change keeps its place.
    bool same = into != nullptr && value->is_scalar() && into->value->is_scalar() &&
                value->text == into->value->text && PlainTag(*value) == PlainTag(*into->value);
    if (same) return {};
    if (into == nullptr) {
      PL_CHECK_OK(SetField(pool_, mapping, name, value));
      if (from != nullptr) mapping->fields.back().key_span = from->key_span;
      return {};
    }
    PL_CHECK_OK(SetField(pool_, mapping, name, value));
    if (from != nullptr && value->is_scalar()) FindField(mapping, name)->key_span = from->key_span;
    return {};
  }

  Result<Node*> MergeList(Node* dest, Node* patch, const SchemaType* type) {
    Node* start = dest;
    if (IsNull(dest)) {
      start = patch;
    } else if (patch != nullptr && patch->tag == Tag::kNull) {
      return nullptr;
    } else {
      PL_TRY(Directive directive, DirectiveOf(patch));
      if (directive == Directive::kDelete) return nullptr;
      if (directive == Directive::kReplace) start = patch;
    }
    if (start == nullptr) return nullptr;
    Texts keys = SplitKeys(type->keys);
    bool scalars = keys.empty();
    if (scalars) keys = {""};
    std::vector<Texts> values = Values(start, patch, keys);
    if (keys.size() > 1) JoinValues(values);
    return MergeItems(start, patch, keys, values, scalars ? nullptr : schema_.ItemType(type));
  }

  // The key values of all items, those of the patch first.
  static std::vector<Texts> Values(const Node* dest, const Node* patch, const Texts& keys) {
    std::vector<Texts> out;
    std::set<Texts> seen;
    for (const Node* list : {patch, dest}) {
      if (IsNull(list)) continue;
      for (const Node* item : list->items) {
        Texts values;
        for (const std::string& key : keys) {
          const Node* value = key.empty() ? item : Get(item, key);
          bool text = value != nullptr && value->is_scalar() && value->tag != Tag::kNull;
          values.emplace_back(text ? value->text : std::string_view());
        }
        if (seen.insert(values).second) out.push_back(std::move(values));
      }
    }
    return out;
  }

  Result<Node*> MergeItems(Node* dest, Node* patch, const Texts& keys,
                           const std::vector<Texts>& list, const SchemaType* item_type) {
    Node* added = pool_.New(Shape::kSequence, dest->span);
    Texts valid_keys = keys;
    for (const Texts& given : list) {
      valid_keys = keys;
      Texts values = given;
      ValidKeys(list, valid_keys, values);
      Texts own_keys = valid_keys, own_values = values;
      ValidKeys({own_values}, own_keys, own_values);
      Node* old = FindElement(dest, own_keys, own_values);
      Node* add = dest == patch ? nullptr : FindElement(patch, own_keys, own_values);
      if (dest == patch) add = old;
      PL_TRY(Node * merged, Merge(old, add, item_type));
      if (IsNull(merged) || (merged->is_mapping() && merged->fields.empty())) {
        SetElement(dest, valid_keys, values, nullptr);
        continue;
      }
      for (std::size_t i = 0; i < valid_keys.size(); ++i) {
        bool named = !valid_keys[i].empty() && merged->is_mapping() && !values[i].empty();
        if (named && Get(merged, valid_keys[i]) == nullptr) {
          Node* key = pool_.NewScalar(pool_.Keep(values[i]), Tag::kNone, merged->span);
          PL_CHECK_OK(SetField(pool_, merged, valid_keys[i], key));
        }
      }
      SetElement(added, valid_keys, values, merged);
    }
    if (list.empty()) return dest;
    AppendRest(added, dest, valid_keys);
    return added;
  }

  // What the target had and no key touched, behind the merged items.
  static void AppendRest(Node* into, const Node* from, const Texts& keys) {
    for (Node* item : from->items) {
      if (keys[0].empty()) {
        SetElement(into, {""}, {std::string(item->text)}, item);
        continue;
      }
      Texts values;
      for (const std::string& key : keys) {
        const Node* value = Get(item, key);
        if (value == nullptr) {
          into->items.push_back(item);
          continue;
        }
        values.emplace_back(value->text);
      }
      if (keys.size() > 1) SetElement(into, keys, values, nullptr);
      SetElement(into, keys, values, item);
    }
  }

  Pool& pool_;
  const Schema& schema_;
};

}  // namespace

Result<Node*> StrategicMerge(Pool& pool, const Schema& schema, Node* target, Node* patch) {
  return Merger(pool, schema).Merge(target, patch, nullptr);
}

}  // namespace plumbline::kustomize
