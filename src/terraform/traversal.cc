// Steps behind a value: attributes, indices and splats.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "support/suggest.h"
#include "terraform/expression.h"
#include "value/number.h"

namespace plumbline::terraform {
namespace {

bool IsSplat(const hcl::Step& s) {
  return s.kind == hcl::Step::Kind::kAttrSplat || s.kind == hcl::Step::Kind::kFullSplat;
}

bool InAttrSplat(const hcl::Step& s) { return s.kind == hcl::Step::Kind::kAttr || s.legacy; }

std::string Quoted(Value key) {
  if (key.is_string()) return fmt::format("\"{}\"", key.as_string());
  if (key.is_number()) return FormatNumber(key);
  return "this key";
}

const Type* FindType(const Type* object, std::string_view name) {
  for (const TypeAttr& a : object->attrs) {
    if (a.name == name) return a.type;
  }
  return nullptr;
}

std::string NearMember(Value object, std::string_view name) {
  constexpr std::size_t kMaxNames = 256;
  std::vector<std::string_view> names;
  for (const Member& m : object.members()) {
    if (names.size() < kMaxNames) names.push_back(m.key);
  }
  return DidYouMean(name, names);
}

}  // namespace

bool ExprEvaluator::ApplySteps(Value v, std::span<const hcl::Step> steps, const Frame& f,
                               Value* out) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const hcl::Step& s = steps[i];
    if (IsSplat(s)) {
      // .* takes the attribute names and dotted indexes right behind it; [*] takes all that
      // follows.
      std::size_t end = steps.size();
      if (s.kind == hcl::Step::Kind::kAttrSplat) {
        end = i + 1;
        while (end < steps.size() && InAttrSplat(steps[end])) ++end;
      }
      if (!AttrSplat(v, steps.subspan(i + 1, end - i - 1), s.span, f, &v)) return false;
      i = end - 1;
      continue;
    }
    if (s.kind == hcl::Step::Kind::kAttr) {
      if (!GetAttribute(v, s.name, s.span, &v)) return false;
      continue;
    }
    Value key;
    if (!Eval(*s.index, f, &key) || !GetIndex(v, key, s.span, &v)) return false;
  }
  *out = v;
  return true;
}

bool ExprEvaluator::GetAttribute(Value v, std::string_view name, Span span, Value* out) {
  if (v.is_mapping()) {
    if (const Value* found = v.Find(name)) {
      if (v.kind() == Kind::kObject) names_.Touched(v, name);
      *out = found->WithMarks(v.marks());
      return true;
    }
    auto near = [&] { return try_depth_ == 0 ? NearMember(v, name) : std::string(); };
    if (v.kind() == Kind::kMap)
      return Fail(fmt::format("the map has no element \"{}\"{}", name, near()), span);
    Value open;
    if (names_.OpenAttribute(v, name, &open)) {
      *out = open.WithMarks(v.marks());
      return true;
    }
    return Fail(fmt::format("the object has no attribute \"{}\"{}", name, near()), span);
  }
  if (v.is_null()) return Fail(fmt::format("cannot read the attribute \"{}\" of null", name), span);
  if (v.is_unknown()) return UnknownAttribute(v, name, span, out);
  return Fail(
      fmt::format("a {} has no attributes such as \"{}\"", TypeName(TypeOf(arena(), v)), name),
      span);
}

bool ExprEvaluator::UnknownAttribute(Value v, std::string_view name, Span span, Value* out) {
  const Type* t = v.unknown()->type;
  const Type* result = nullptr;
  switch (t->kind) {
    case TypeKind::kDynamic:
      result = DynamicType();
      break;
    case TypeKind::kMap:
      result = t->element;
      break;
    case TypeKind::kObject:
      result = FindType(t, name);
      break;
    default:
      break;
  }
  if (result == nullptr)
    return Fail(fmt::format("a {} has no attribute \"{}\"", TypeName(t), name), span);
  *out = UnknownFrom(result, v);
  return true;
}

const Type* ExprEvaluator::TupleElement(const Type* tuple, Value key) const {
  if (!key.is_number()) return DynamicType();
  auto i = ToInt64(key);
  if (!i || *i < 0 || static_cast<std::size_t>(*i) >= tuple->elements.size()) return nullptr;
  return tuple->elements[static_cast<std::size_t>(*i)];
}

bool ExprEvaluator::UnknownIndex(Value v, Value key, Span span, Value* out) {
  const Type* t = v.unknown()->type;
  const Type* result = nullptr;
  Value k;
  switch (t->kind) {
    case TypeKind::kDynamic:
      result = DynamicType();
      break;
    case TypeKind::kMap:
      result = ToText(key, &k) ? t->element : nullptr;
      break;
    case TypeKind::kList:
      result = ToNumber(key, &k) ? t->element : nullptr;
      break;
    case TypeKind::kTuple:
      result = ToNumber(key, &k) ? TupleElement(t, k) : nullptr;
      break;
    case TypeKind::kObject:
      if (ToText(key, &k)) result = DynamicType();
      break;
    default:
      break;
  }
  if (result == nullptr)
    return Fail(fmt::format("a {} has no index {}", TypeName(t), Quoted(key)), span);
  *out = UnknownFrom(result, v);
  return true;
}

bool ExprEvaluator::GetIndex(Value v, Value key, Span span, Value* out) {
  if (v.is_null()) return Fail("cannot read an element of null", span);
  if (key.is_null()) return Fail("an index must not be null", span);
  // An object's attributes are told apart by the expression, not by the value of the key: its marks
  // are dropped.
  auto marks = static_cast<std::uint8_t>(v.marks());
  if (v.kind() != Kind::kObject && !key.is_unknown()) marks |= key.marks();
  if (v.is_unknown()) {
    if (!UnknownIndex(v, key, span, out)) return false;
    *out = out->WithMarks(v.marks());
    return true;
  }
  Value k;
  if (v.is_mapping()) {
    if (!ToText(key, &k)) return Fail("the key of a map or object must be a string", span);
    if (k.is_unknown()) {
      *out = UnknownFrom(v.kind() == Kind::kMap ? v.object_rep()->type->element : DynamicType(), k)
                 .WithoutMarks()
                 .WithMarks(marks);
      return true;
    }
    if (const Value* found = v.Find(k.as_string())) {
      if (v.kind() == Kind::kObject) names_.Touched(v, k.as_string());
      *out = found->WithMarks(marks);
      return true;
    }
    Value open;
    if (v.kind() == Kind::kObject && names_.OpenAttribute(v, k.as_string(), &open)) {
      *out = open.WithMarks(marks);
      return true;
    }
    return Fail(fmt::format("there is no element {}", Quoted(k)), span);
  }
  if (v.kind() != Kind::kList && v.kind() != Kind::kTuple) {
    return Fail(fmt::format("a {} has no indices", TypeName(TypeOf(arena(), v))), span);
  }
  if (!ToNumber(key, &k)) return Fail("the index of a list must be a whole number", span);
  if (k.is_unknown()) {
    *out = UnknownFrom(v.kind() == Kind::kList ? v.list_rep()->type->element : DynamicType(), k)
               .WithoutMarks()
               .WithMarks(marks);
    return true;
  }
  auto i = ToInt64(k);
  if (!i || *i < 0 || static_cast<std::size_t>(*i) >= v.items().size()) {
    return Fail(fmt::format("the index {} is outside of the list, which has {} elements",
                            FormatNumber(k), v.items().size()),
                span);
  }
  *out = v.items()[static_cast<std::size_t>(*i)].WithMarks(marks);
  return true;
}

bool ExprEvaluator::UnknownSplat(Value v, std::span<const hcl::Step> steps, const Frame& f,
                                 Value* out) {
  const Type* t = v.unknown()->type;
  Value each;
  switch (t->kind) {
    case TypeKind::kDynamic:
      *out = UnknownFrom(DynamicType(), v).WithMarks(v.marks());
      return true;
    case TypeKind::kList:
    case TypeKind::kSet:
      if (!ApplySteps(UnknownFrom(t->element, v), steps, f, &each)) return false;
      *out = UnknownFrom(ListType(arena(), TypeOf(arena(), each)), v, true).WithMarks(v.marks());
      return true;
    case TypeKind::kTuple: {
      std::vector<const Type*> types;
      for (const Type* element : t->elements) {
        if (!ApplySteps(UnknownFrom(element, v), steps, f, &each)) return false;
        types.push_back(TypeOf(arena(), each));
      }
      *out = UnknownFrom(TupleType(arena(), types), v, true).WithMarks(v.marks());
      return true;
    }
    default:
      break;
  }
  // Anything else is a tuple of one, or of none should it turn out to be null.
  if (!ApplySteps(v, steps, f, &each)) return false;
  *out = (v.unknown()->not_null ? SealTuple(arena(), arena().Copy(std::span<const Value>(&each, 1)))
                                : UnknownFrom(DynamicType(), v))
             .WithMarks(v.marks());
  return true;
}

bool ExprEvaluator::AttrSplat(Value v, std::span<const hcl::Step> steps, Span span, const Frame& f,
                              Value* out) {
  auto is_list_type = [](const Type* t) {
    return t->kind == TypeKind::kList || t->kind == TypeKind::kTuple || t->kind == TypeKind::kSet;
  };
  auto marks = v.marks();
  if (v.is_null()) {
    if (v.null_type() != nullptr && is_list_type(v.null_type())) {
      return Fail("a splat cannot be applied to a null list", span);
    }
    *out = SealTuple(arena(), {}).WithMarks(marks);
    return true;
  }
  if (v.is_unknown()) return UnknownSplat(v, steps, f, out);
  std::span<const Value> source = v.is_sequence() ? v.items() : std::span<const Value>(&v, 1);
  auto items = arena().NewArray<Value>(source.size());
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (!ApplySteps(source[i], steps, f, &items[i])) return false;
  }
  bool to_list = v.kind() == Kind::kList || v.kind() == Kind::kSet;
  if (!to_list) {
    *out = SealTuple(arena(), items).WithMarks(marks);
    return true;
  }
  const Type* element = DynamicType();
  if (!items.empty()) {
    element = TypeOf(arena(), items[0]);
  } else {
    Value probe;
    UnknownInfo info;
    info.type = v.list_rep()->type->element;
    if (ApplySteps(MakeUnknown(arena(), info), steps, f, &probe)) element = TypeOf(arena(), probe);
  }
  bool uniform = std::all_of(items.begin(), items.end(),
                             [&](Value i) { return SameType(TypeOf(arena(), i), element); });
  *out = (uniform ? MakeList(arena(), element, items) : SealTuple(arena(), items)).WithMarks(marks);
  return true;
}

}  // namespace plumbline::terraform
