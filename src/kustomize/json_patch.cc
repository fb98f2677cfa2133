#include "kustomize/json_patch.h"

#include <algorithm>
#include <optional>

#include "value/value.h"

namespace plumbline::kustomize {
namespace {

std::vector<std::string> SplitPointer(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    path.remove_prefix(1);
    std::size_t end = std::min(path.find('/'), path.size());
    std::string part;
    for (std::size_t i = 0; i < end; ++i) {
      bool escape = path[i] == '~' && i + 1 < end;
      if (escape && (path[i + 1] == '0' || path[i + 1] == '1')) {
        part += path[++i] == '0' ? '~' : '/';
      } else {
        part += path[i];
      }
    }
    parts.push_back(std::move(part));
    path.remove_prefix(end);
  }
  return parts;
}

bool SameTree(const Node* a, const Node* b) {
  if (IsNull(a) || IsNull(b)) return IsNull(a) == IsNull(b);
  if (a->shape != b->shape) return false;
  if (a->is_mapping()) {
    return a->fields.size() == b->fields.size() &&
           std::ranges::all_of(a->fields, [&](const Field& f) {
             const Field* other = FindField(b, f.key);
             return other != nullptr && SameTree(f.value, other->value);
           });
  }
  if (a->is_sequence()) {
    return std::ranges::equal(a->items, b->items, SameTree);
  }
  Arena arena;
  auto x = ScalarValue(arena, *a), y = ScalarValue(arena, *b);
  return x && y && Compare(*x, *y) == 0 && x->kind() == y->kind();
}

class Patcher {
 public:
  Patcher(Pool& pool, Node* root) : pool_(pool), root_(root) {}

  Result<void> Apply(const JsonOperation& o) {
    if (o.op == "add") return Add(o, pool_.Copy(o.value));
    if (o.op == "remove") return Remove(o.path).map([](Node*) {});
    if (o.op == "replace") return Replace(o);
    if (o.op == "test") return Test(o);
    if (o.op == "copy") return Copy(o);
    PL_TRY(Node * moved, Remove(o.from));
    return Add(o, moved);
  }

 private:
  struct Place {
    Node* parent = nullptr;
    std::string key;
  };

  tl::unexpected<Error> Missing(std::string_view path) const {
    return Fail("the path \"" + std::string(path) + "\" of a JSON patch does not exist");
  }

  static std::optional<std::size_t> Index(const Node* list, std::string_view key, bool behind) {
    std::size_t size = list->items.size(), index = 0;
    if (key.starts_with('-') && key.size() > 1) {
      if (!ParseIndex(key.substr(1), index) || index > size + (behind ? 1 : 0) || index == 0) {
        return std::nullopt;
      }
      return size + (behind ? 1 : 0) - index;
    }
    if (key.starts_with('+') || !ParseIndex(key, index)) return std::nullopt;
    return index < size + (behind ? 1 : 0) ? std::optional(index) : std::nullopt;
  }

  static Node* Child(Node* node, const std::string& key) {
    if (node == nullptr) return nullptr;
    if (node->is_mapping()) return Get(node, key);
    if (!node->is_sequence()) return nullptr;
    auto index = Index(node, key, false);
    return index ? node->items[*index] : nullptr;
  }

  Result<void> Locate(std::string_view path, Place& place) const {
    if (!path.starts_with('/')) return Missing(path);
    std::vector<std::string> parts = SplitPointer(path);
    place.parent = root_;
    place.key = parts.back();
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) place.parent = Child(place.parent, parts[i]);
    if (IsNull(place.parent) || place.parent->is_scalar()) return Missing(path);
    return {};
  }

  Result<Node*> Find(std::string_view path) const {
    if (path.empty()) return root_;
    Place place;
    PL_CHECK_OK(Locate(path, place));
    Node* node = Child(place.parent, place.key);
    if (node == nullptr) return Missing(path);
    return node;
  }

  Result<void> Add(const JsonOperation& o, Node* value) {
    if (o.path.empty()) {
      *root_ = *value;
      return {};
    }
    Place place;
    PL_CHECK_OK(Locate(o.path, place));
    if (place.parent->is_sequence()) {
      auto& items = place.parent->items;
      if (place.key == "-") {
        items.push_back(value);
        return {};
      }
      auto index = Index(place.parent, place.key, true);
      if (!index) return Missing(o.path);
      items.insert(items.begin() + static_cast<std::ptrdiff_t>(*index), value);
      return {};
    }
    Put(place, value, o.span);
    return {};
  }

  void Put(const Place& place, Node* value, Span span) {
    if (Field* field = FindField(place.parent, place.key)) {
      field->value = value;
      field->key_span = span;
    } else {
      place.parent->fields.push_back({pool_.Keep(place.key), span, value});
    }
  }

  Result<Node*> Remove(std::string_view path) {
    Place place;
    PL_CHECK_OK(Locate(path, place));
    Node* node = Child(place.parent, place.key);
    if (node == nullptr) return Missing(path);
    if (place.parent->is_mapping()) {
      RemoveField(place.parent, place.key);
    } else {
      auto index = Index(place.parent, place.key, false);
      place.parent->items.erase(place.parent->items.begin() + static_cast<std::ptrdiff_t>(*index));
    }
    return node;
  }

  Result<void> Replace(const JsonOperation& o) {
    if (o.path.empty()) return Add(o, pool_.Copy(o.value));
    Place place;
    PL_CHECK_OK(Locate(o.path, place));
    // A key that is not there is set, as the library that kustomize uses does.
    bool item = place.parent->is_sequence();
    if (item && Child(place.parent, place.key) == nullptr) return Missing(o.path);
    if (!item) {
      Put(place, pool_.Copy(o.value), o.span);
    } else {
      place.parent->items[*Index(place.parent, place.key, false)] = pool_.Copy(o.value);
    }
    return {};
  }

  // What is not in a mapping is copied as null.
  Result<void> Copy(const JsonOperation& o) {
    if (o.from.empty()) return Add(o, pool_.Copy(root_));
    Place place;
    PL_CHECK_OK(Locate(o.from, place));
    Node* node = Child(place.parent, place.key);
    if (node == nullptr && place.parent->is_sequence()) return Missing(o.from);
    return Add(o, node != nullptr ? pool_.Copy(node) : pool_.NewScalar("", Tag::kNull, o.span));
  }

  Result<void> Test(const JsonOperation& o) {
    auto node = Find(o.path);
    Node* found = node ? *node : nullptr;
    if (found == nullptr && IsNull(o.value)) return {};
    if (found != nullptr && SameTree(found, o.value)) return {};
    return Fail("testing value " + o.path + " failed");
  }

  Pool& pool_;
  Node* root_;
};

}  // namespace

Result<std::vector<JsonOperation>> ReadJsonPatch(const Node* patch) {
  if (patch == nullptr || !patch->is_sequence()) return Fail("expected a list of operations");
  std::vector<JsonOperation> out;
  for (Node* item : patch->items) {
    if (!item->is_mapping()) return Fail("expected a mapping with op and path");
    JsonOperation o;
    o.op = GetText(item, "op");
    o.path = GetText(item, "path");
    o.from = GetText(item, "from");
    o.value = Get(item, "value");
    o.span = item->span;
    out.push_back(std::move(o));
  }
  return out;
}

Result<void> ApplyJsonPatch(Pool& pool, Node* root, const std::vector<JsonOperation>& patch) {
  Patcher patcher(pool, root);
  for (const JsonOperation& given : patch) {
    JsonOperation o = given;
    constexpr std::string_view kNames[] = {"add", "remove", "replace", "move", "copy", "test"};
    if (std::ranges::find(kNames, o.op) == std::end(kNames)) {
      return Fail("unexpected kind of JSON patch operation: \"" + o.op + "\"");
    }
    bool needs_value = o.op == "add" || o.op == "replace";
    if (needs_value && o.value == nullptr) o.value = pool.NewScalar("", Tag::kNull, o.span);
    PL_CHECK_OK(patcher.Apply(o));
    PL_CHECK_OK(pool.Check(root));
  }
  return {};
}

}  // namespace plumbline::kustomize
