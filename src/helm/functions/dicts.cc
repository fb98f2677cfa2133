// Maps. `set`, `unset` and the merging functions change the map they are given, which every holder
// of it sees.
#include <algorithm>
#include <array>

#include "helm/functions/common.h"

namespace plumbline::helm {
namespace {

bool Dict(Call& call) {
  Map* map = call.heap.MakeMap();
  for (std::size_t i = 0; i < call.args.size(); i += 2) {
    Value key = call.args[i];
    std::string_view text = key.is_string() ? key.as_string() : call.heap.Text(TextOf(key));
    map->Set(call.heap, text,
             i + 1 < call.args.size() ? Stored(call.args[i + 1]) : Value::String(""));
  }
  return call.Return(Value::Of(map));
}

bool Get(Call& call) {
  Map* map = MapOf(call.args[0]);
  const Value* found = map != nullptr ? map->Find(call.Text(1)) : nullptr;
  return call.Return(found != nullptr ? *found : Value::String(""));
}

bool Set(Call& call) {
  Map* map = MapOf(call.args[0]);
  if (map == nullptr) return call.Fail("assignment to entry in nil map");
  map->Set(call.heap, call.Text(1), Stored(call.args[2]));
  return call.Return(call.args[0]);
}

Value NilMap(Heap& heap) {
  Map* map = heap.MakeMap();
  map->is_nil = true;
  return Value::Of(map);
}

bool Unset(Call& call) {
  Map* map = MapOf(call.args[0]);
  if (map == nullptr) return call.Return(NilMap(call.heap));
  map->Remove(call.Text(1));
  return call.Return(call.args[0]);
}

bool HasKey(Call& call) {
  Map* map = MapOf(call.args[0]);
  return ReturnBool(call, map != nullptr && map->Find(call.Text(1)) != nullptr);
}

bool Pluck(Call& call) {
  std::vector<Value> found;
  for (Value v : call.args.subspan(1)) {
    Map* map = MapOf(v);
    const Value* item = map != nullptr ? map->Find(call.Text(0)) : nullptr;
    if (item != nullptr) found.push_back(*item);
  }
  return ReturnList(call, found);
}

// Go gives no order; this is the sorted one.
bool Keys(Call& call) {
  std::vector<std::string_view> keys;
  for (Value v : call.args) {
    if (MapOf(v) == nullptr) continue;
    for (const Entry& e : v.map().entries()) keys.push_back(e.key);
  }
  return ReturnTexts(call, keys);
}

bool Values(Call& call) {
  std::vector<Value> values;
  if (Map* map = MapOf(call.args[0])) {
    for (const Entry& e : map->entries()) values.push_back(e.value);
  }
  return ReturnList(call, values);
}

bool Pick(Call& call) {
  Map* map = MapOf(call.args[0]);
  Map* picked = call.heap.MakeMap();
  for (Value key : call.args.subspan(1)) {
    const Value* found = map != nullptr ? map->Find(key.as_string()) : nullptr;
    if (found != nullptr) picked->Set(call.heap, key.as_string(), *found);
  }
  return call.Return(Value::Of(picked));
}

bool Omit(Call& call) {
  Map* map = MapOf(call.args[0]);
  Map* left = call.heap.MakeMap();
  if (map != nullptr) {
    if (!Spend(call, map->size)) return false;
    for (const Entry& e : map->entries()) {
      bool omitted = std::ranges::any_of(call.args.subspan(1),
                                         [&](Value key) { return key.as_string() == e.key; });
      if (!omitted) left->Set(call.heap, e.key, e.value);
    }
  }
  return call.Return(Value::Of(left));
}

// Walks down the keys in front of the default value and the map.
bool Dig(Call& call) {
  std::size_t n = call.args.size();
  if (n < 3) return call.Fail("dig needs at least three arguments");
  auto mismatch = [&](Value v, std::string_view wanted) {
    std::string got = v.is_nil() ? "nil" : gotmpl::TypeName(v);
    return call.Fail(
        fmt::format("interface conversion: interface {{}} is {}, not {}", got, wanted));
  };
  constexpr std::string_view kMapType = "map[string]interface {}";
  auto is_map = [](Value v) { return v.is_map() && v.map().element == Element::kAny; };
  Value at = call.args[n - 1];
  if (!is_map(at)) return mismatch(at, kMapType);
  for (Value key : call.args.first(n - 2)) {
    if (!key.is_string()) return mismatch(key, "string");
  }
  for (std::size_t i = 0; i + 2 < n; ++i) {
    if (!is_map(at)) return mismatch(at, kMapType);
    const Value* found = at.map().Find(call.Text(i));
    if (found == nullptr) return call.Return(Stored(call.args[n - 2]));
    at = *found;
  }
  return call.Return(at);
}

// The nodes of a value; too many mean that it contains itself.
bool CountNodes(Call& call, Value v, int depth) {
  if (depth > kMaxDepth)
    return call.Fail(fmt::format("the value is nested more than {} levels deep", kMaxDepth));
  if (!Spend(call, 1)) return false;
  if (v.is_list()) {
    for (Value item : v.list().items) {
      if (!CountNodes(call, item, depth + 1)) return false;
    }
  } else if (v.is_map()) {
    for (const Entry& e : v.map().entries()) {
      if (!CountNodes(call, e.value, depth + 1)) return false;
    }
  }
  return true;
}

bool DeepCopy(Call& call) {
  if (call.args[0].is_nil()) return call.Fail("reflect: call of reflect.Value.Type on zero Value");
  return CountNodes(call, call.args[0], 0) &&
         call.Return(gotmpl::DeepCopy(call.heap, call.args[0]));
}

// --- Merging, as mergo does it ---

bool MergeInto(Call& call, Map& to, const Map& from, bool overwrite, int depth);

bool MergeEntry(Call& call, Map& to, const Entry& e, bool overwrite, int depth) {
  Value* old = to.Find(e.key);
  if (e.value.is_nil()) {
    if (overwrite) to.Set(call.heap, e.key, Value::Nil());
    return true;
  }
  if (e.value.is_map() && old != nullptr && old->is_map() &&
      !MergeInto(call, old->map(), e.value.map(), overwrite, depth + 1))
    return false;
  bool kept = old != nullptr && !IsEmpty(*old);
  if (kept && e.value.is_map() && old->is_map()) return true;
  if (overwrite || !kept) to.Set(call.heap, e.key, e.value);
  return true;
}

bool MergeInto(Call& call, Map& to, const Map& from, bool overwrite, int depth) {
  if (&to == &from) return true;
  if (depth > kMaxDepth)
    return call.Fail(fmt::format("the maps are nested more than {} levels deep", kMaxDepth));
  if (!Spend(call, from.size)) return false;
  // `to` may be part of `from`.
  auto entries = call.heap.arena().Copy(std::span<const Entry>(from.entries()));
  for (const Entry& e : entries) {
    if (!MergeEntry(call, to, e, overwrite, depth)) return false;
  }
  return true;
}

bool MergeAll(Call& call, bool overwrite) {
  Map* to = MapOf(call.args[0]);
  for (Value v : call.args.subspan(1)) {
    Map* from = MapOf(v);
    if (from == nullptr) continue;
    if (to == nullptr) to = call.heap.MakeMap();
    if (!MergeInto(call, *to, *from, overwrite, 0)) return false;
  }
  return call.Return(to != nullptr ? Value::Of(to) : NilMap(call.heap));
}

bool Merge(Call& call) { return MergeAll(call, false); }
bool MergeOverwrite(Call& call) { return MergeAll(call, true); }

constexpr auto kFunctions = std::to_array<Function>({
    {"deepCopy", "v", DeepCopy},
    {"dict", "v*", Dict},
    {"dig", "v*", Dig},
    {"get", "ms", Get},
    {"hasKey", "ms", HasKey},
    {"keys", "m*", Keys},
    {"merge", "mm*", Merge},
    {"mergeOverwrite", "mm*", MergeOverwrite},
    {"mustDeepCopy", "v", DeepCopy},
    {"mustMerge", "mm*", Merge},
    {"mustMergeOverwrite", "mm*", MergeOverwrite},
    {"omit", "ms*", Omit},
    {"pick", "ms*", Pick},
    {"pluck", "sm*", Pluck},
    {"set", "msv", Set},
    {"unset", "ms", Unset},
    {"values", "m", Values},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

std::span<const Function> DictFunctions() { return kFunctions; }

}  // namespace plumbline::helm
