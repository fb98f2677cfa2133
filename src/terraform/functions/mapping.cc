// Functions of maps and objects.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "terraform/functions/registry.h"
#include "value/convert.h"

namespace plumbline::terraform::functions {
namespace {

// The type, refused unless it is a map or an object.
Result<const Type*> MappingType(Call& call) {
  const Type* t = TypeOf(call.arena, call.args[0]);
  if (t->kind == TypeKind::kMap || t->kind == TypeKind::kObject) return t;
  return Fail(fmt::format("{}() needs a map or an object, but got {}", call.name, TypeName(t)));
}

Result<Value> Keys(Call& call) {
  PL_TRY(const Type* t, MappingType(call));
  std::vector<Value> keys;
  if (t->kind == TypeKind::kObject) {
    for (const TypeAttr& a : t->attrs) keys.push_back(Value::String(a.name));
    return MakeTuple(call.arena, keys);
  }
  if (call.args[0].is_unknown()) return UnknownResult(call, ListType(call.arena, StringType()));
  for (const Member& m : call.args[0].members()) keys.push_back(Value::String(m.key));
  return MakeList(call.arena, StringType(), keys);
}

Result<const Type*> ValuesType(Call& call) {
  PL_TRY(const Type* t, MappingType(call));
  if (t->kind == TypeKind::kMap) return ListType(call.arena, t->element);
  std::vector<const Type*> elements;
  for (const TypeAttr& a : t->attrs) elements.push_back(a.type);
  return TupleType(call.arena, elements);
}

Result<Value> Values(Call& call) {
  PL_TRY(const Type* t, MappingType(call));
  std::vector<Value> values;
  for (const Member& m : call.args[0].members()) values.push_back(m.value);
  return t->kind == TypeKind::kMap ? MakeList(call.arena, t->element, values)
                                   : MakeTuple(call.arena, values);
}

const Type* AttrType(const Type* object, std::string_view name) {
  auto it = std::ranges::lower_bound(object->attrs, name, {}, &TypeAttr::name);
  return it != object->attrs.end() && it->name == name ? it->type : nullptr;
}

Result<const Type*> LookupType(Call& call) {
  if (call.args.size() > 3)
    return Fail(fmt::format("lookup() takes two or three arguments but got {}", call.args.size()));
  PL_TRY(const Type* t, MappingType(call));
  bool has_default = call.args.size() == 3;
  if (t->kind == TypeKind::kMap) {
    if (has_default && !Convert(call.arena, call.args[2], t->element)) {
      return Fail("lookup() needs a default of the same type as the map's elements");
    }
    return t->element;
  }
  if (call.args[1].is_unknown()) return DynamicType();
  std::string_view key = call.args[1].as_string();
  if (const Type* attr = AttrType(t, key)) return attr;
  if (has_default) return TypeOf(call.arena, call.args[2]);
  return Fail(fmt::format("lookup() found no attribute \"{}\" in the object", key));
}

Result<Value> Lookup(Call& call) {
  PL_TRY(const Type* type, LookupType(call));
  std::string_view key = call.args[1].as_string();
  if (const Value* v = call.args[0].Find(key)) return *v;
  if (call.args.size() == 3) return Convert(call.arena, call.args[2], type);
  return Fail(
      fmt::format("lookup() found no element \"{}\" in the map, and no default is given", key));
}

Result<Value> MatchKeys(Call& call) {
  Arena& arena = call.arena;
  std::vector<const Type*> types = {TypeOf(arena, call.args[1]), TypeOf(arena, call.args[2])};
  const Type* common = Unify(arena, types);
  if (common == nullptr) return Fail("matchkeys() needs keys and a search set of one type");
  PL_TRY(Value keys, Convert(arena, call.args[1], common));
  PL_TRY(Value wanted, Convert(arena, call.args[2], common));
  auto values = call.args[0].items();
  if (values.size() != keys.items().size()) return Fail("matchkeys() needs as many keys as values");
  if (wanted.items().empty()) return MakeList(arena, call.args[0].list_rep()->type->element, {});
  if (HasUnknown(call.args[0]) || HasUnknown(keys))
    return UnknownResult(call, TypeOf(arena, call.args[0]));
  std::vector<Value> out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (Value w : wanted.items()) {
      Tri t = Equal(keys.items()[i], w);
      // Terraform finds nothing once it meets an unknown in the search set.
      if (t == Tri::kUnknown) return MakeList(arena, call.args[0].list_rep()->type->element, {});
      if (t == Tri::kNo) continue;
      out.push_back(values[i]);
      break;
    }
  }
  return MakeList(arena, call.args[0].list_rep()->type->element, out);
}

Result<const Type*> MatchKeysType(Call& call) { return TypeOf(call.arena, call.args[0]); }

// Later arguments win; a map among objects or maps of other types makes the result an object.
Result<const Type*> MergeType(Call& call) {
  std::map<std::string_view, const Type*> attrs;
  const Type* first = nullptr;
  bool same = true, known = true;
  for (Value v : call.args) {
    const Type* t = TypeOf(call.arena, v);
    // Behind an argument of any type, an untyped null among them, nothing is checked.
    if (t->kind == TypeKind::kDynamic) return DynamicType();
    if (t->kind != TypeKind::kMap && t->kind != TypeKind::kObject) {
      return Fail(fmt::format("merge() takes maps or objects only, but got {}", TypeName(t)));
    }
    if (t->kind == TypeKind::kObject && !v.is_null()) {
      for (const TypeAttr& a : t->attrs) attrs[a.name] = a.type;
    }
    for (const Member& m : v.members()) {
      if (t->kind == TypeKind::kMap) attrs[m.key] = t->element;
    }
    known &= !(t->kind == TypeKind::kMap && v.is_unknown());
    if (first == nullptr) first = t;
    same &= SameType(first, t);
  }
  if (first != nullptr && same) return first;
  if (!known) return DynamicType();
  std::vector<TypeAttr> out;
  for (const auto& [name, type] : attrs) out.push_back({name, type});
  return ObjectType(call.arena, out);
}

Result<Value> Merge(Call& call) {
  PL_TRY(const Type* type, MergeType(call));
  // MakeObject keeps the last of equal keys, which is what merging means.
  std::vector<Member> members;
  for (Value v : call.args) {
    if (v.is_unknown()) return UnknownResult(call, type);
    members.insert(members.end(), v.members().begin(), v.members().end());
  }
  return type->kind == TypeKind::kMap ? MakeMap(call.arena, type->element, members)
                                      : MakeObject(call.arena, members);
}

Result<Value> Transpose(Call& call) {
  const Type* list = ListType(call.arena, StringType());
  if (HasUnknown(call.args[0])) return UnknownResult(call, MapType(call.arena, list));
  std::map<std::string_view, std::vector<Value>> out;
  for (const Member& m : call.args[0].members()) {
    if (m.value.is_null())
      return Fail(fmt::format("transpose() cannot use the null list under \"{}\"", m.key));
    for (Value v : m.value.items()) {
      if (!v.is_string())
        return Fail(
            fmt::format("transpose() cannot use a null string in the list under \"{}\"", m.key));
      out[v.as_string()].push_back(Value::String(m.key));
    }
  }
  std::vector<Member> members;
  for (auto& [key, values] : out) {
    members.push_back({key, MakeList(call.arena, StringType(), values)});
  }
  return MakeMap(call.arena, list, members);
}

Result<const Type*> ZipmapType(Call& call) {
  const Type* t = TypeOf(call.arena, call.args[1]);
  if (t->kind == TypeKind::kList) return MapType(call.arena, t->element);
  if (t->kind != TypeKind::kTuple)
    return Fail(fmt::format("zipmap() needs values in a list or tuple, but got {}", TypeName(t)));
  Value keys = call.args[0];
  if (HasUnknown(keys)) return DynamicType();
  if (keys.items().size() != t->elements.size()) {
    return Fail(
        fmt::format("zipmap() got {} keys for {} values", keys.items().size(), t->elements.size()));
  }
  std::map<std::string_view, const Type*> attrs;
  for (std::size_t i = 0; i < t->elements.size(); ++i) {
    if (keys.items()[i].is_null()) return Fail("zipmap() needs keys that are not null");
    attrs[keys.items()[i].as_string()] = t->elements[i];
  }
  std::vector<TypeAttr> out;
  for (const auto& [name, type] : attrs) out.push_back({name, type});
  return ObjectType(call.arena, out);
}

Result<Value> Zipmap(Call& call) {
  PL_TRY(const Type* type, ZipmapType(call));
  auto keys = call.args[0].items();
  auto values = call.args[1].items();
  if (HasUnknown(call.args[0])) return UnknownResult(call, type);
  if (keys.size() != values.size())
    return Fail(fmt::format("zipmap() got {} keys for {} values", keys.size(), values.size()));
  std::vector<Member> members;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].is_null()) return Fail("zipmap() needs keys that are not null");
    members.push_back({keys[i].as_string(), values[i]});
  }
  return type->kind == TypeKind::kMap ? MakeMap(call.arena, type->element, members)
                                      : MakeObject(call.arena, members);
}

using enum Accepts;

constexpr auto kFunctions = std::to_array<Function>({
    {"keys", {{{kAny, kMarked | kUnknown}}}, {}, Returns::kVaries, &Keys},
    {"lookup",
     {{{kAny, kMarked}, {kString}}},
     {kAny, kNull | kUnknown | kDynamic | kOwnMarks},
     Returns::kVaries,
     &Lookup,
     &LookupType},
    {"matchkeys",
     {{{kListAny}, {kListAny}, {kListAny}}},
     {},
     Returns::kVaries,
     &MatchKeys,
     &MatchKeysType},
    {"merge", {}, {kAny, kNull | kDynamic | kMarked}, Returns::kVaries, &Merge, &MergeType},
    {"transpose", {{{kMapOfLists}}}, {}, Returns::kMapOfLists, &Transpose},
    {"values", {{{kAny, kMarked}}}, {}, Returns::kVaries, &Values, &ValuesType},
    {"zipmap", {{{kListString}, {kAny, kMarked}}}, {}, Returns::kVaries, &Zipmap, &ZipmapType},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

std::span<const Function> MappingFunctions() { return kFunctions; }

}  // namespace plumbline::terraform::functions
