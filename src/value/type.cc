#include "value/type.h"

#include <algorithm>
#include <vector>

#include "value/json.h"

namespace plumbline {
namespace {
constexpr Type kDynamicType{TypeKind::kDynamic, nullptr, {}, {}};
constexpr Type kBoolType{TypeKind::kBool, nullptr, {}, {}};
constexpr Type kNumberType{TypeKind::kNumber, nullptr, {}, {}};
constexpr Type kStringType{TypeKind::kString, nullptr, {}, {}};
}  // namespace

const Type* DynamicType() { return &kDynamicType; }
const Type* BoolType() { return &kBoolType; }
const Type* NumberType() { return &kNumberType; }
const Type* StringType() { return &kStringType; }

const Type* ListType(Arena& arena, const Type* element) {
  return arena.New<Type>(TypeKind::kList, element);
}
const Type* SetType(Arena& arena, const Type* element) {
  return arena.New<Type>(TypeKind::kSet, element);
}
const Type* MapType(Arena& arena, const Type* element) {
  return arena.New<Type>(TypeKind::kMap, element);
}

const Type* TupleType(Arena& arena, std::span<const Type* const> elements) {
  return arena.New<Type>(TypeKind::kTuple, nullptr, arena.Copy(elements));
}

const Type* ObjectType(Arena& arena, std::span<const TypeAttr> attrs) {
  auto copy = arena.NewArray<TypeAttr>(attrs.size());
  std::copy(attrs.begin(), attrs.end(), copy.begin());
  std::sort(copy.begin(), copy.end(),
            [](const TypeAttr& a, const TypeAttr& b) { return a.name < b.name; });
  return arena.New<Type>(TypeKind::kObject, nullptr, std::span<const Type* const>(),
                         std::span<const TypeAttr>(copy));
}

bool SameType(const Type* a, const Type* b) {
  if (a == b) return true;
  if (a->kind != b->kind) return false;
  switch (a->kind) {
    case TypeKind::kList:
    case TypeKind::kSet:
    case TypeKind::kMap:
      return SameType(a->element, b->element);
    case TypeKind::kTuple:
      return std::ranges::equal(a->elements, b->elements, SameType);
    case TypeKind::kObject:
      return std::ranges::equal(a->attrs, b->attrs, [](const TypeAttr& x, const TypeAttr& y) {
        return x.name == y.name && x.optional == y.optional && SameType(x.type, y.type);
      });
    default:
      return true;
  }
}

namespace {
void AppendTypeJson(std::string& out, const Type* t) {
  switch (t->kind) {
    case TypeKind::kDynamic:
      out += "\"dynamic\"";
      return;
    case TypeKind::kBool:
      out += "\"bool\"";
      return;
    case TypeKind::kNumber:
      out += "\"number\"";
      return;
    case TypeKind::kString:
      out += "\"string\"";
      return;
    case TypeKind::kList:
    case TypeKind::kSet:
    case TypeKind::kMap:
      out += t->kind == TypeKind::kList  ? "[\"list\","
             : t->kind == TypeKind::kSet ? "[\"set\","
                                         : "[\"map\",";
      AppendTypeJson(out, t->element);
      out += ']';
      return;
    case TypeKind::kTuple:
      out += "[\"tuple\",[";
      for (std::size_t i = 0; i < t->elements.size(); ++i) {
        if (i > 0) out += ',';
        AppendTypeJson(out, t->elements[i]);
      }
      out += "]]";
      return;
    case TypeKind::kObject:
      out += "[\"object\",{";
      for (std::size_t i = 0; i < t->attrs.size(); ++i) {
        if (i > 0) out += ',';
        AppendJsonString(out, t->attrs[i].name);
        out += ':';
        AppendTypeJson(out, t->attrs[i].type);
      }
      out += "}]";
      return;
  }
}
}  // namespace

std::string TypeJson(const Type* type) {
  std::string out;
  AppendTypeJson(out, type);
  return out;
}

std::string TypeName(const Type* t) {
  switch (t->kind) {
    case TypeKind::kDynamic:
      return "any type";
    case TypeKind::kBool:
      return "bool";
    case TypeKind::kNumber:
      return "number";
    case TypeKind::kString:
      return "string";
    case TypeKind::kList:
      return "list of " + TypeName(t->element);
    case TypeKind::kSet:
      return "set of " + TypeName(t->element);
    case TypeKind::kMap:
      return "map of " + TypeName(t->element);
    case TypeKind::kTuple:
      return "tuple";
    case TypeKind::kObject:
      return "object";
  }
  return "any type";
}

}  // namespace plumbline
