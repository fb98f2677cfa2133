// Conversion follows the value, not only its type: a tuple or object is converted member by member,
// so that no type has to be built for it. Where a value has nothing to follow (unknown, null, an
// empty collection) `CanConvert` decides from the types alone, because Terraform refuses impossible
// conversions even there.
//
// Unification is unsafe in cty's sense: text may become numbers or booleans when the value allows
// it.
#include "value/convert.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "value/number.h"

namespace plumbline {
namespace {

bool IsPrimitive(const Type* t) {
  return t->kind == TypeKind::kBool || t->kind == TypeKind::kNumber || t->kind == TypeKind::kString;
}
bool IsSequenceType(const Type* t) {
  return t->kind == TypeKind::kList || t->kind == TypeKind::kSet || t->kind == TypeKind::kTuple;
}

bool HasOptional(const Type* t) {
  switch (t->kind) {
    case TypeKind::kList:
    case TypeKind::kSet:
    case TypeKind::kMap:
      return HasOptional(t->element);
    case TypeKind::kTuple:
      return std::ranges::any_of(t->elements, HasOptional);
    case TypeKind::kObject:
      return std::ranges::any_of(
          t->attrs, [](const TypeAttr& a) { return a.optional || HasOptional(a.type); });
    default:
      return false;
  }
}

bool HasDynamic(const Type* t) {
  switch (t->kind) {
    case TypeKind::kDynamic:
      return true;
    case TypeKind::kList:
    case TypeKind::kSet:
    case TypeKind::kMap:
      return HasDynamic(t->element);
    case TypeKind::kTuple:
      return std::ranges::any_of(t->elements, HasDynamic);
    case TypeKind::kObject:
      return std::ranges::any_of(t->attrs, [](const TypeAttr& a) { return HasDynamic(a.type); });
    default:
      return false;
  }
}

const Type* Collection(Arena& arena, TypeKind kind, const Type* element) {
  return kind == TypeKind::kList  ? ListType(arena, element)
         : kind == TypeKind::kSet ? SetType(arena, element)
                                  : MapType(arena, element);
}

const Type* StripOptional(Arena& arena, const Type* t) {
  if (!HasOptional(t)) return t;
  switch (t->kind) {
    case TypeKind::kTuple: {
      std::vector<const Type*> elements;
      for (const Type* e : t->elements) elements.push_back(StripOptional(arena, e));
      return TupleType(arena, elements);
    }
    case TypeKind::kObject: {
      std::vector<TypeAttr> attrs;
      for (const TypeAttr& a : t->attrs) attrs.push_back({a.name, StripOptional(arena, a.type)});
      return ObjectType(arena, attrs);
    }
    default:
      return Collection(arena, t->kind, StripOptional(arena, t->element));
  }
}

const TypeAttr* FindAttr(const Type* object, std::string_view name) {
  auto it = std::ranges::lower_bound(object->attrs, name, {}, &TypeAttr::name);
  return it != object->attrs.end() && it->name == name ? &*it : nullptr;
}

// `out` with each `any` replaced by what `in` has in its place: the type of an unknown or null
// after conversion.
const Type* ReplaceDynamic(Arena& arena, const Type* in, const Type* out) {
  if (out->kind == TypeKind::kDynamic) return in;
  if (in->kind == TypeKind::kDynamic || !HasDynamic(out)) return out;
  switch (out->kind) {
    case TypeKind::kList:
    case TypeKind::kSet:
    case TypeKind::kMap: {
      const Type* element = in->element;
      std::vector<const Type*> members;
      if (in->kind == TypeKind::kTuple) members.assign(in->elements.begin(), in->elements.end());
      for (const TypeAttr& a : in->attrs) members.push_back(a.type);
      if (element == nullptr) element = members.empty() ? nullptr : Unify(arena, members);
      if (element == nullptr) return out;
      return Collection(arena, out->kind, ReplaceDynamic(arena, element, out->element));
    }
    case TypeKind::kTuple: {
      if (in->kind != TypeKind::kTuple || in->elements.size() != out->elements.size()) return out;
      std::vector<const Type*> elements;
      for (std::size_t i = 0; i < out->elements.size(); ++i) {
        elements.push_back(ReplaceDynamic(arena, in->elements[i], out->elements[i]));
      }
      return TupleType(arena, elements);
    }
    case TypeKind::kObject: {
      std::vector<TypeAttr> attrs;
      for (const TypeAttr& a : out->attrs) {
        const TypeAttr* from = in->kind == TypeKind::kObject ? FindAttr(in, a.name) : nullptr;
        attrs.push_back(
            {a.name, from != nullptr ? ReplaceDynamic(arena, from->type, a.type) : a.type});
      }
      return ObjectType(arena, attrs);
    }
    default:
      return out;
  }
}

bool CanConvert(Arena& arena, const Type* in, const Type* out);

// The common type of a tuple's or object's members as elements of a collection. Null beside
// structural types has none.
const Type* ElementType(Arena& arena, std::span<const Type* const> members) {
  const Type* common = Unify(arena, members);
  if (common == nullptr || common->kind != TypeKind::kDynamic) return common;
  bool all =
      std::ranges::all_of(members, [](const Type* m) { return m->kind == TypeKind::kDynamic; });
  return all ? common : nullptr;
}

bool CanConvertAll(Arena& arena, std::vector<const Type*> members, const Type* element) {
  if (members.empty()) return true;
  if (element->kind == TypeKind::kDynamic) return ElementType(arena, members) != nullptr;
  return std::ranges::all_of(members, [&](const Type* m) { return CanConvert(arena, m, element); });
}

std::vector<const Type*> AttrTypes(const Type* object) {
  std::vector<const Type*> out;
  for (const TypeAttr& a : object->attrs) out.push_back(a.type);
  return out;
}

bool CanConvertObject(Arena& arena, const Type* in, const Type* out) {
  return std::ranges::all_of(out->attrs, [&](const TypeAttr& a) {
    const TypeAttr* from = FindAttr(in, a.name);
    return from == nullptr ? a.optional : CanConvert(arena, from->type, a.type);
  });
}

// Whether some value of type `in` may become `out`.
bool CanConvert(Arena& arena, const Type* in, const Type* out) {
  if (out->kind == TypeKind::kDynamic || in->kind == TypeKind::kDynamic || SameType(in, out))
    return true;
  if (IsPrimitive(in) && IsPrimitive(out))
    return in->kind == TypeKind::kString || out->kind == TypeKind::kString;
  switch (out->kind) {
    case TypeKind::kObject:
      if (in->kind == TypeKind::kObject) return CanConvertObject(arena, in, out);
      return in->kind == TypeKind::kMap && std::ranges::all_of(out->attrs, [&](const TypeAttr& a) {
               return CanConvert(arena, in->element, a.type);
             });
    case TypeKind::kTuple:
      return in->kind == TypeKind::kTuple && in->elements.size() == out->elements.size() &&
             std::ranges::equal(in->elements, out->elements, [&](const Type* a, const Type* b) {
               return CanConvert(arena, a, b);
             });
    case TypeKind::kList:
    case TypeKind::kSet:
      if (in->kind == TypeKind::kTuple) {
        return CanConvertAll(arena, {in->elements.begin(), in->elements.end()}, out->element);
      }
      return IsSequenceType(in) && CanConvert(arena, in->element, out->element);
    case TypeKind::kMap:
      if (in->kind == TypeKind::kObject) return CanConvertAll(arena, AttrTypes(in), out->element);
      return in->kind == TypeKind::kMap && CanConvert(arena, in->element, out->element);
    default:
      return false;
  }
}

std::string Required(const Type* type) {
  if (type->kind == TypeKind::kDynamic) return "a value of one type is required";
  std::string name = TypeName(type);
  return fmt::format("{} {} is required", name.starts_with("o") ? "an" : "a", name);
}

class Converter {
 public:
  explicit Converter(Arena& arena) : arena_(arena) {}

  Result<Value> To(Value v, const Type* type, std::uint32_t depth) {
    if (type->kind == TypeKind::kDynamic) return v;
    if (depth > kMaxDepth) return Fail("the value is nested too deeply to convert");
    auto out = Unmarked(v, type, depth);
    if (out && v.marks() != 0) *out = out->WithMarks(v.marks());
    return out;
  }

 private:
  static constexpr std::uint32_t kMaxDepth = 1000;

  Result<Value> Unmarked(Value v, const Type* type, std::uint32_t depth) {
    if (v.is_unknown() || v.is_null()) return Absent(v, type);
    switch (type->kind) {
      case TypeKind::kBool:
        return ToBool(v, type);
      case TypeKind::kNumber:
        return ToNumber(v, type);
      case TypeKind::kString:
        return ToText(v, type);
      case TypeKind::kList:
      case TypeKind::kSet:
        return ToSequence(v, type, depth);
      case TypeKind::kMap:
        return ToMap(v, type, depth);
      case TypeKind::kTuple:
        return ToTuple(v, type, depth);
      case TypeKind::kObject:
        return ToObject(v, type, depth);
      case TypeKind::kDynamic:
        break;
    }
    return v;
  }

  // Null and unknown take the new type; a string's known prefix does not survive becoming a number.
  Result<Value> Absent(Value v, const Type* type) {
    const Type* in = TypeOf(arena_, v);
    if (!CanConvert(arena_, in, type)) return Fail(Required(type));
    const Type* out = StripOptional(arena_, ReplaceDynamic(arena_, in, type));
    if (v.is_null()) return Value::Null(out);
    UnknownInfo info = *v.unknown();
    if (SameType(info.type, out)) return v;
    info.type = out;
    if (out->kind != TypeKind::kString) {
      info.prefix = {};
      info.json = nullptr;
      info.parts = {};
    }
    return MakeUnknown(arena_, info);
  }

  Result<Value> ToBool(Value v, const Type* type) {
    if (v.is_bool()) return v;
    if (!v.is_string()) return Fail(Required(type));
    std::string_view s = v.as_string();
    if (s == "true" || s == "1") return Value::Bool(true);
    if (s == "false" || s == "0") return Value::Bool(false);
    return Fail(R"(a bool is required: "true" or "false", in lower case)");
  }

  Result<Value> ToNumber(Value v, const Type* type) {
    if (v.is_number()) return v;
    if (!v.is_string()) return Fail(Required(type));
    if (auto n = ParseNumber(arena_, v.as_string())) return *n;
    return Fail("a number is required");
  }

  Result<Value> ToText(Value v, const Type* type) {
    if (v.is_string()) return v;
    if (v.is_bool()) return Value::String(v.as_bool() ? "true" : "false");
    if (!v.is_number()) return Fail(Required(type));
    return MakeString(arena_, FormatNumber(v));
  }

  // The element type of a collection after conversion; nested `any` is settled by unifying what the
  // elements became.
  Result<const Type*> Settle(std::vector<Value*>& values, const Type* element,
                             std::uint32_t depth) {
    if (!HasDynamic(element)) return StripOptional(arena_, element);
    std::vector<const Type*> types;
    for (Value* v : values) types.push_back(TypeOf(arena_, *v));
    bool same = std::ranges::all_of(types, [&](const Type* t) { return SameType(t, types[0]); });
    const Type* common = same ? types[0] : ElementType(arena_, types);
    if (common == nullptr) return Fail("all elements must have the same type");
    if (same) return common;
    for (Value* v : values) {
      PL_TRY(*v, To(*v, common, depth + 1));
    }
    return common;
  }

  Value MakeSequence(TypeKind kind, const Type* element, std::span<const Value> items) {
    if (kind == TypeKind::kList) return MakeList(arena_, element, items);
    // A set cannot tell which of its elements are sensitive, so all of it is.
    std::uint8_t marks = 0;
    std::vector<Value> plain(items.begin(), items.end());
    for (Value& v : plain) {
      marks |= DeepMarks(v);
      v = WithoutDeepMarks(arena_, v);
    }
    return MakeSet(arena_, element, plain).WithMarks(marks);
  }

  // How many elements a set has is not known as long as one of several is not, so that it cannot
  // become a list yet.
  Result<Value> ToSequence(Value v, const Type* type, std::uint32_t depth) {
    auto out = ToKnownSequence(v, type, depth);
    if (!out || v.kind() != Kind::kSet || type->kind != TypeKind::kList || v.items().size() < 2)
      return out;
    const UnknownInfo* unknown = FirstUnknown(v);
    if (unknown == nullptr) return out;
    UnknownInfo info;
    info.type = out->list_rep()->type;
    info.cause = unknown->cause;
    info.refs = unknown->refs;
    info.not_null = true;
    return MakeUnknown(arena_, info);
  }

  Result<Value> ToKnownSequence(Value v, const Type* type, std::uint32_t depth) {
    if (!v.is_sequence()) return Fail(Required(type));
    bool typed = v.kind() != Kind::kTuple;
    const Type* element = type->element;
    if (typed &&
        (element->kind == TypeKind::kDynamic || SameType(v.list_rep()->type->element, element))) {
      bool same = (v.kind() == Kind::kList) == (type->kind == TypeKind::kList);
      return same ? v : MakeSequence(type->kind, v.list_rep()->type->element, v.items());
    }
    if (v.items().empty()) {
      if (typed && !CanConvert(arena_, v.list_rep()->type->element, element))
        return Fail(Required(type));
      const Type* in = typed ? v.list_rep()->type->element : DynamicType();
      return MakeSequence(type->kind, StripOptional(arena_, ReplaceDynamic(arena_, in, element)),
                          {});
    }
    std::vector<Value> items;
    std::vector<Value*> slots;
    items.reserve(v.items().size());
    for (std::size_t i = 0; i < v.items().size(); ++i) {
      auto item = To(v.items()[i], element, depth + 1);
      if (!item) return Fail(fmt::format("element {}: {}", i, item.error().message));
      slots.push_back(&items.emplace_back(*item));
    }
    PL_TRY(element, Settle(slots, element, depth));
    return MakeSequence(type->kind, element, items);
  }

  Result<Value> ToMap(Value v, const Type* type, std::uint32_t depth) {
    if (!v.is_mapping()) return Fail(Required(type));
    bool typed = v.kind() == Kind::kMap;
    const Type* element = type->element;
    if (typed &&
        (element->kind == TypeKind::kDynamic || SameType(v.object_rep()->type->element, element)))
      return v;
    if (v.members().empty()) {
      if (typed && !CanConvert(arena_, v.object_rep()->type->element, element))
        return Fail(Required(type));
      const Type* in = typed ? v.object_rep()->type->element : DynamicType();
      return MakeMap(arena_, StripOptional(arena_, ReplaceDynamic(arena_, in, element)), {});
    }
    std::vector<Member> members;
    std::vector<Value*> slots;
    members.reserve(v.members().size());
    for (const Member& m : v.members()) {
      auto value = To(m.value, element, depth + 1);
      if (!value) return Fail(fmt::format("element \"{}\": {}", m.key, value.error().message));
      slots.push_back(&members.emplace_back(m.key, *value).value);
    }
    PL_TRY(element, Settle(slots, element, depth));
    return MakeMap(arena_, element, members);
  }

  Result<Value> ToTuple(Value v, const Type* type, std::uint32_t depth) {
    if (v.kind() != Kind::kTuple || v.items().size() != type->elements.size()) {
      return Fail(fmt::format("a tuple of {} elements is required", type->elements.size()));
    }
    std::vector<Value> items;
    for (std::size_t i = 0; i < type->elements.size(); ++i) {
      auto item = To(v.items()[i], type->elements[i], depth + 1);
      if (!item) return Fail(fmt::format("element {}: {}", i, item.error().message));
      items.push_back(*item);
    }
    return MakeTuple(arena_, items);
  }

  Result<Value> ToObject(Value v, const Type* type, std::uint32_t depth) {
    if (!v.is_mapping()) return Fail(Required(type));
    std::vector<Member> members;
    members.reserve(type->attrs.size());
    for (const TypeAttr& a : type->attrs) {
      const Value* from = v.Find(a.name);
      if (from == nullptr) {
        if (!a.optional) return Fail(fmt::format("attribute \"{}\" is required", a.name));
        members.push_back({a.name, Value::Null(StripOptional(arena_, a.type))});
        continue;
      }
      auto value = To(*from, a.type, depth + 1);
      if (!value) return Fail(fmt::format("attribute \"{}\": {}", a.name, value.error().message));
      members.push_back({a.name, *value});
    }
    return MakeObject(arena_, members);
  }

  Arena& arena_;
};

// --- Unification ---

struct KindCounts {
  std::size_t map = 0, list = 0, set = 0, object = 0, tuple = 0, dynamic = 0;
};

KindCounts Count(std::span<const Type* const> types) {
  KindCounts n;
  for (const Type* t : types) {
    n.map += t->kind == TypeKind::kMap;
    n.list += t->kind == TypeKind::kList;
    n.set += t->kind == TypeKind::kSet;
    n.object += t->kind == TypeKind::kObject;
    n.tuple += t->kind == TypeKind::kTuple;
    n.dynamic += t->kind == TypeKind::kDynamic;
  }
  return n;
}

// All members of all types in one list: what a collection holding them must be able to hold.
void AppendMembers(const Type* t, std::vector<const Type*>& out) {
  if (t->element != nullptr) out.push_back(t->element);
  out.insert(out.end(), t->elements.begin(), t->elements.end());
  for (const TypeAttr& a : t->attrs) out.push_back(a.type);
}

// Objects as maps, tuples as lists: the collection of `kind` that takes every member; null when
// there is none.
const Type* UnifyAsCollection(Arena& arena, TypeKind kind, std::span<const Type* const> types) {
  std::vector<const Type*> members;
  for (const Type* t : types) AppendMembers(t, members);
  const Type* element = members.empty() ? DynamicType() : Unify(arena, members);
  if (element == nullptr) return nullptr;
  const Type* out = Collection(arena, kind, element);
  bool all = std::ranges::all_of(types, [&](const Type* t) { return CanConvert(arena, t, out); });
  return all ? out : nullptr;
}

const Type* UnifyTuples(Arena& arena, std::span<const Type* const> types) {
  std::size_t n = types[0]->elements.size();
  bool same = std::ranges::all_of(types, [&](const Type* t) { return t->elements.size() == n; });
  if (!same) return UnifyAsCollection(arena, TypeKind::kList, types);
  std::vector<const Type*> elements, column;
  for (std::size_t i = 0; i < n; ++i) {
    column.clear();
    for (const Type* t : types) column.push_back(t->elements[i]);
    const Type* e = Unify(arena, column);
    if (e == nullptr) return nullptr;
    elements.push_back(e);
  }
  return TupleType(arena, elements);
}

const Type* UnifyObjects(Arena& arena, std::span<const Type* const> types) {
  bool same = std::ranges::all_of(types, [&](const Type* t) {
    return std::ranges::equal(t->attrs, types[0]->attrs, {}, &TypeAttr::name, &TypeAttr::name);
  });
  if (!same) return UnifyAsCollection(arena, TypeKind::kMap, types);
  std::vector<TypeAttr> attrs;
  std::vector<const Type*> column;
  for (std::size_t i = 0; i < types[0]->attrs.size(); ++i) {
    column.clear();
    for (const Type* t : types) column.push_back(t->attrs[i].type);
    const Type* e = Unify(arena, column);
    if (e == nullptr) return nullptr;
    attrs.push_back({types[0]->attrs[i].name, e});
  }
  return ObjectType(arena, attrs);
}

// Negative when `a` is the better common type: what more can be converted to. Dynamic is the last
// resort.
int Preference(const Type* a, const Type* b) {
  if (a->kind == TypeKind::kDynamic || b->kind == TypeKind::kDynamic) {
    return static_cast<int>(a->kind == TypeKind::kDynamic) -
           static_cast<int>(b->kind == TypeKind::kDynamic);
  }
  if (IsPrimitive(a) && IsPrimitive(b)) {
    return static_cast<int>(b->kind == TypeKind::kString) -
           static_cast<int>(a->kind == TypeKind::kString);
  }
  if (a->kind == b->kind && a->element != nullptr) return Preference(a->element, b->element);
  auto rank = [](const Type* t) {
    return t->kind == TypeKind::kList || t->kind == TypeKind::kMap ? 0
           : t->kind == TypeKind::kSet                             ? 1
                                                                   : 2;
  };
  return IsSequenceType(a) == IsSequenceType(b) ? rank(a) - rank(b) : 0;
}

const Type* UnifyByPreference(Arena& arena, std::span<const Type* const> types) {
  std::vector<const Type*> order(types.begin(), types.end());
  std::ranges::stable_sort(order,
                           [](const Type* a, const Type* b) { return Preference(a, b) < 0; });
  for (const Type* want : order) {
    if (std::ranges::all_of(types, [&](const Type* t) { return CanConvert(arena, t, want); }))
      return want;
  }
  return nullptr;
}

}  // namespace

Result<Value> Convert(Arena& arena, Value v, const Type* type) {
  return Converter(arena).To(v, type, 0);
}

const Type* Unify(Arena& arena, std::span<const Type* const> types) {
  if (types.empty()) return nullptr;
  if (std::ranges::all_of(types, [&](const Type* t) { return SameType(t, types[0]); }))
    return types[0];
  KindCounts n = Count(types);
  std::size_t all = types.size();
  // What an unknown type turns out to be may change the answer, so structural types wait for it.
  auto or_dynamic = [&](auto make) { return n.dynamic > 0 ? DynamicType() : make(); };
  if (n.map > 0 && n.map + n.dynamic == all) {
    return or_dynamic([&] { return UnifyAsCollection(arena, TypeKind::kMap, types); });
  }
  if (n.map > 0 && n.map + n.object + n.dynamic == all) {
    if (const Type* t = UnifyAsCollection(arena, TypeKind::kMap, types)) return t;
  }
  if (n.list > 0 && n.list + n.dynamic == all) {
    return or_dynamic([&] { return UnifyAsCollection(arena, TypeKind::kList, types); });
  }
  if (n.list > 0 && n.list + n.tuple + n.dynamic == all) {
    if (const Type* t = UnifyAsCollection(arena, TypeKind::kList, types)) return t;
  }
  if (n.set > 0 && n.set + n.dynamic == all) {
    return or_dynamic([&] { return UnifyAsCollection(arena, TypeKind::kSet, types); });
  }
  if (n.object > 0 && n.object + n.dynamic == all) {
    return or_dynamic([&] { return UnifyObjects(arena, types); });
  }
  if (n.tuple > 0 && n.tuple + n.dynamic == all) {
    return or_dynamic([&] { return UnifyTuples(arena, types); });
  }
  if (n.object > 0 && n.tuple > 0) return nullptr;
  return UnifyByPreference(arena, types);
}

}  // namespace plumbline
