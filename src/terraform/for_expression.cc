// `for` expressions and what template directives share with them.
#include <fmt/format.h>

#include <unordered_map>
#include <vector>

#include "terraform/expression.h"
#include "value/number.h"

namespace plumbline::terraform {

/// What a for expression has made so far.
struct ExprEvaluator::ForState {
  std::vector<Value> items;
  std::vector<Member> members;
  std::unordered_map<std::string_view, std::size_t> index;  // key → place in members or groups
  std::vector<std::vector<Value>> groups;
  std::uint8_t marks = 0;
  Value unknown;  // a condition or key that is unknown makes the whole result so
};

bool ExprEvaluator::ForElement(const hcl::Expr& e, const Frame& f, ForState& state, Value key,
                               Value value) {
  const hcl::ForExpr& spec = *e.for_;
  // Of two equal names the value's counts.
  Binding key_binding{spec.key_name, key, f.bindings};
  Binding value_binding{spec.value_name, value, spec.key_name.empty() ? f.bindings : &key_binding};
  Frame inner = f;
  inner.bindings = &value_binding;
  if (spec.condition != nullptr) {
    Value c, keep;
    if (!Eval(*spec.condition, inner, &c)) return false;
    constexpr const char* kNoBool = "the condition of the for expression must be true or false";
    if (c.is_unknown() && !ToBool(c, &keep)) return Fail(kNoBool, spec.condition->span);
    if (!Condition(c, spec.condition->span, "the condition of the for expression is null", kNoBool,
                   &keep)) {
      return false;
    }
    state.marks |= keep.marks();
    if (keep.is_unknown()) {
      state.unknown = keep;
      return true;
    }
    if (!keep.as_bool()) return true;
  }
  Value result;
  if (!spec.is_object) {
    if (!Eval(*spec.value, inner, &result)) return false;
    state.items.push_back(result);
    return true;
  }
  Value k, text;
  if (!Eval(*spec.key, inner, &k)) return false;
  if (k.is_null()) return Fail("the key of a for expression is null", spec.key->span);
  if (!ToText(k, &text))
    return Fail("the key of a for expression must be a string", spec.key->span);
  state.marks |= text.marks();
  if (!Eval(*spec.value, inner, &result)) return false;
  if (text.is_unknown()) {
    state.unknown = text;
    return true;
  }
  auto [it, is_new] = state.index.try_emplace(text.as_string(), state.members.size());
  if (is_new) {
    state.members.push_back({text.as_string(), result});
    if (spec.grouped) state.groups.push_back({result});
  } else if (spec.grouped) {
    state.groups[it->second].push_back(result);
  } else {
    return Fail(
        fmt::format(
            "two elements of the for expression have the same key \"{}\"; \"...\" behind the value "
            "would group them",
            text.as_string()),
        spec.key->span);
  }
  return true;
}

// Without elements to try it on, the condition of a for expression is evaluated for elements that
// are not known.
bool ExprEvaluator::CheckCondition(const hcl::Expr& e, const Frame& f) {
  const hcl::ForExpr& spec = *e.for_;
  Value open = MakeUnknown(arena(), DynamicType(), "an element that is not known yet", e.span), c,
        keep;
  Binding key_binding{spec.key_name, open, f.bindings};
  Binding value_binding{spec.value_name, open, spec.key_name.empty() ? f.bindings : &key_binding};
  Frame inner = f;
  inner.bindings = &value_binding;
  if (!Eval(*spec.condition, inner, &c)) return false;
  if (c.is_null()) return Fail("the condition of the for expression is null", spec.condition->span);
  return ToBool(c, &keep) ||
         Fail("the condition of the for expression must be true or false", spec.condition->span);
}

bool ExprEvaluator::EvalFor(const hcl::Expr& e, const Frame& f, Value* out) {
  const hcl::ForExpr& spec = *e.for_;
  Value collection;
  if (!Eval(*spec.collection, f, &collection)) return false;
  if (collection.is_null())
    return Fail("a for expression cannot iterate over null", spec.collection->span);
  if (spec.condition != nullptr && !collection.is_unknown() && collection.items().empty() &&
      collection.members().empty() && !CheckCondition(e, f)) {
    return false;
  }
  if (collection.is_unknown()) {
    if (collection.unknown()->type->kind != TypeKind::kDynamic && spec.condition != nullptr &&
        !CheckCondition(e, f)) {
      return false;
    }
    TypeKind k = collection.unknown()->type->kind;
    if (k == TypeKind::kString || k == TypeKind::kNumber || k == TypeKind::kBool) {
      return Fail(fmt::format("a for expression cannot iterate over a {}",
                              TypeName(collection.unknown()->type)),
                  spec.collection->span);
    }
    *out = UnknownFrom(DynamicType(), collection);
    return true;
  }
  ForState state;
  state.marks = collection.marks();
  if (collection.is_sequence()) {
    auto items = collection.items();
    state.items.reserve(spec.is_object ? 0 : items.size());
    bool is_set = collection.kind() == Kind::kSet;
    for (std::size_t i = 0; i < items.size(); ++i) {
      Value key = is_set ? items[i] : Value::Int(static_cast<std::int64_t>(i));
      if (!ForElement(e, f, state, key, items[i])) return false;
    }
  } else if (collection.is_mapping()) {
    for (const Member& m : collection.members()) {
      if (!ForElement(e, f, state, Value::String(m.key), m.value)) return false;
    }
  } else {
    return Fail(fmt::format("a for expression cannot iterate over a {}",
                            TypeName(TypeOf(arena(), collection))),
                spec.collection->span);
  }
  if (state.unknown.is_unknown()) {
    *out = UnknownFrom(DynamicType(), state.unknown).WithMarks(state.marks);
    return true;
  }
  if (!spec.is_object) {
    *out = MakeTuple(arena(), state.items).WithMarks(state.marks);
    return true;
  }
  for (std::size_t i = 0; i < state.groups.size(); ++i)
    state.members[i].value = MakeTuple(arena(), state.groups[i]);
  auto members = arena().NewArray<Member>(state.members.size());
  std::copy(state.members.begin(), state.members.end(), members.begin());
  *out = SealObject(arena(), members).WithMarks(state.marks);
  return true;
}

}  // namespace plumbline::terraform
