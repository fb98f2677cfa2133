// Operators and conditionals. Nothing is short-circuited: Terraform 1.11 evaluates both sides.
#include <fmt/format.h>

#include <array>

#include "terraform/expression.h"
#include "value/convert.h"
#include "value/number.h"

namespace plumbline::terraform {
namespace {

enum class Tri : std::uint8_t { kFalse, kTrue, kUnknown };

bool HasDynamic(const Type* t) {
  if (t->kind == TypeKind::kDynamic) return true;
  if (t->element != nullptr) return HasDynamic(t->element);
  for (const Type* e : t->elements) {
    if (HasDynamic(e)) return true;
  }
  for (const TypeAttr& a : t->attrs) {
    if (HasDynamic(a.type)) return true;
  }
  return false;
}

// Whether `t` is `pattern` with something in place of each `any`.
bool Conforms(const Type* t, const Type* pattern) {
  if (pattern->kind == TypeKind::kDynamic) return true;
  if (t->kind != pattern->kind || t->elements.size() != pattern->elements.size() ||
      t->attrs.size() != pattern->attrs.size()) {
    return false;
  }
  if (t->element != nullptr) return Conforms(t->element, pattern->element);
  for (std::size_t i = 0; i < t->elements.size(); ++i) {
    if (!Conforms(t->elements[i], pattern->elements[i])) return false;
  }
  for (std::size_t i = 0; i < t->attrs.size(); ++i) {
    if (t->attrs[i].name != pattern->attrs[i].name ||
        !Conforms(t->attrs[i].type, pattern->attrs[i].type)) {
      return false;
    }
  }
  return true;
}

bool SameCollectionType(Value a, Value b) {
  if (a.is_mapping()) return SameType(a.object_rep()->type, b.object_rep()->type);
  return SameType(a.list_rep()->type, b.list_rep()->type);
}

Tri EqualValues(Arena& arena, Value a, Value b);

Tri UnknownEqual(Arena& arena, Value unknown, Value other) {
  const UnknownInfo* u = unknown.unknown();
  if (other.is_unknown()) return Tri::kUnknown;
  if (other.is_null()) return u->not_null ? Tri::kFalse : Tri::kUnknown;
  if (HasDynamic(u->type))
    return Conforms(TypeOf(arena, other), u->type) ? Tri::kUnknown : Tri::kFalse;
  if (!SameType(u->type, TypeOf(arena, other))) return Tri::kFalse;
  if (other.is_string() && !u->prefix.empty()) {
    std::string_view s = other.as_string();
    if (!s.starts_with(u->prefix)) return Tri::kFalse;
  }
  return Tri::kUnknown;
}

Tri EqualItems(Arena& arena, Value a, Value b) {
  auto x = a.items(), y = b.items();
  if (x.size() != y.size()) return Tri::kFalse;
  for (std::size_t i = 0; i < x.size(); ++i) {
    Tri t = EqualValues(arena, x[i], y[i]);
    if (t != Tri::kTrue) return t;
  }
  return Tri::kTrue;
}

Tri EqualMembers(Arena& arena, Value a, Value b) {
  auto x = a.members(), y = b.members();
  if (x.size() != y.size()) return Tri::kFalse;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (x[i].key != y[i].key) return Tri::kFalse;
  }
  Tri all = Tri::kTrue;
  for (std::size_t i = 0; i < x.size(); ++i) {
    Tri t = EqualValues(arena, x[i].value, y[i].value);
    if (t == Tri::kFalse) return t;
    if (t == Tri::kUnknown) all = t;
  }
  return all;
}

Tri EqualValues(Arena& arena, Value a, Value b) {
  if (a.is_unknown()) return UnknownEqual(arena, a, b);
  if (b.is_unknown()) return UnknownEqual(arena, b, a);
  if (a.kind() != b.kind()) return Tri::kFalse;
  switch (a.kind()) {
    case Kind::kNull:
      return Tri::kTrue;
    case Kind::kList:
    case Kind::kSet:
      if (!SameCollectionType(a, b)) return Tri::kFalse;
      return EqualItems(arena, a, b);
    case Kind::kTuple:
      return EqualItems(arena, a, b);
    case Kind::kMap:
      if (!SameCollectionType(a, b)) return Tri::kFalse;
      return EqualMembers(arena, a, b);
    case Kind::kObject:
      return EqualMembers(arena, a, b);
    default:
      return RawEqual(a, b) ? Tri::kTrue : Tri::kFalse;
  }
}

const char* Symbol(hcl::Op op) {
  constexpr std::array kSymbols = {
      "", "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "!", "-"};
  return kSymbols[static_cast<std::size_t>(op)];
}

bool Holds(hcl::Op op, int order) {
  switch (op) {
    case hcl::Op::kLt:
      return order < 0;
    case hcl::Op::kLe:
      return order <= 0;
    case hcl::Op::kGt:
      return order > 0;
    default:
      return order >= 0;
  }
}

}  // namespace

// Operands mostly have their type already: only the others are converted.
bool ExprEvaluator::ToType(const Type* type, Kind kind, Value v, Value* out) {
  if (v.kind() == kind) {
    *out = v;
    return true;
  }
  auto converted = Convert(arena(), v, type);
  if (converted) *out = *converted;
  return converted.has_value();
}

bool ExprEvaluator::ToText(Value v, Value* out) {
  return ToType(StringType(), Kind::kString, v, out);
}

bool ExprEvaluator::ToNumber(Value v, Value* out) {
  return ToType(NumberType(), Kind::kNumber, v, out);
}

bool ExprEvaluator::ToBool(Value v, Value* out) { return ToType(BoolType(), Kind::kBool, v, out); }

bool ExprEvaluator::EvalBinary(const hcl::Expr& e, const Frame& f, Value* out) {
  Value a, b;
  if (!Eval(*e.args[0], f, &a) || !Eval(*e.args[1], f, &b)) return false;
  switch (e.op) {
    case hcl::Op::kEq:
    case hcl::Op::kNe: {
      Value equal = Equal(a, b);
      if (equal.is_bool() && e.op == hcl::Op::kNe)
        equal = Value::Bool(!equal.as_bool()).WithMarks(equal.marks());
      *out = equal;
      return true;
    }
    case hcl::Op::kAnd:
    case hcl::Op::kOr:
      return Logic(e.op, a, b, e.span, out);
    case hcl::Op::kLt:
    case hcl::Op::kLe:
    case hcl::Op::kGt:
    case hcl::Op::kGe:
      return Ordering(e.op, a, b, e.span, out);
    default:
      return Arithmetic(e.op, a, b, e.span, out);
  }
}

Value ExprEvaluator::Equal(Value a, Value b) {
  Tri t = EqualValues(arena(), a, b);
  auto marks =
      static_cast<std::uint8_t>(a.is_sequence() || a.is_mapping() ? DeepMarks(a) : a.marks());
  marks |= b.is_sequence() || b.is_mapping() ? DeepMarks(b) : b.marks();
  if (t == Tri::kUnknown) return UnknownFrom(BoolType(), std::array{a, b}, true).WithMarks(marks);
  return Value::Bool(t == Tri::kTrue).WithMarks(marks);
}

bool ExprEvaluator::Logic(hcl::Op op, Value a, Value b, Span span, Value* out) {
  Value x, y;
  if (!ToBool(a, &x) || !ToBool(b, &y)) {
    return Fail(fmt::format("the operands of \"{}\" must be true or false", Symbol(op)), span);
  }
  if (x.is_null() || y.is_null())
    return Fail(fmt::format("an operand of \"{}\" is null", Symbol(op)), span);
  if (x.is_unknown() || y.is_unknown()) {
    *out = UnknownFrom(BoolType(), std::array{x, y}, true);
    return true;
  }
  bool r = op == hcl::Op::kAnd ? x.as_bool() && y.as_bool() : x.as_bool() || y.as_bool();
  *out = Value::Bool(r).WithMarks(x.marks() | y.marks());
  return true;
}

bool ExprEvaluator::Ordering(hcl::Op op, Value a, Value b, Span span, Value* out) {
  Value x, y;
  if (!ToNumber(a, &x) || !ToNumber(b, &y)) {
    return Fail(fmt::format("the operands of \"{}\" must be numbers", Symbol(op)), span);
  }
  if (x.is_null() || y.is_null())
    return Fail(fmt::format("an operand of \"{}\" is null", Symbol(op)), span);
  if (x.is_unknown() || y.is_unknown()) {
    *out = UnknownFrom(BoolType(), std::array{x, y}, true);
    return true;
  }
  *out = Value::Bool(Holds(op, CompareNumbers(x, y))).WithMarks(x.marks() | y.marks());
  return true;
}

bool ExprEvaluator::Arithmetic(hcl::Op op, Value a, Value b, Span span, Value* out) {
  Value x, y;
  if (!ToNumber(a, &x) || !ToNumber(b, &y)) {
    return Fail(fmt::format("the operands of \"{}\" must be numbers", Symbol(op)), span);
  }
  if (x.is_null() || y.is_null())
    return Fail(fmt::format("an operand of \"{}\" is null", Symbol(op)), span);
  if (x.is_unknown() || y.is_unknown()) {
    *out = UnknownFrom(NumberType(), std::array{x, y}, true);
    return true;
  }
  auto compute = [&]() -> std::optional<Value> {
    switch (op) {
      case hcl::Op::kAdd:
        return Add(arena(), x, y);
      case hcl::Op::kSub:
        return Subtract(arena(), x, y);
      case hcl::Op::kMul:
        return Multiply(arena(), x, y);
      case hcl::Op::kDiv:
        return Divide(arena(), x, y);
      default:
        return Modulo(arena(), x, y);
    }
  };
  auto r = compute();
  if (!r) return Fail(fmt::format("the result of \"{}\" is not defined", Symbol(op)), span);
  *out = r->WithMarks(x.marks() | y.marks());
  return true;
}

bool ExprEvaluator::EvalUnary(const hcl::Expr& e, const Frame& f, Value* out) {
  Value v, x;
  if (!Eval(*e.operand, f, &v)) return false;
  bool is_not = e.op == hcl::Op::kNot;
  if (is_not ? !ToBool(v, &x) : !ToNumber(v, &x)) {
    return Fail(fmt::format("the operand of \"{}\" must be {}", Symbol(e.op),
                            is_not ? "true or false" : "a number"),
                e.span);
  }
  if (x.is_null()) return Fail(fmt::format("the operand of \"{}\" is null", Symbol(e.op)), e.span);
  if (x.is_unknown()) {
    *out = UnknownFrom(is_not ? BoolType() : NumberType(), x, true);
  } else {
    *out = (is_not ? Value::Bool(!x.as_bool()) : Negate(arena(), x)).WithMarks(x.marks());
  }
  return true;
}

bool ExprEvaluator::Condition(Value condition, Span span, const char* null_message,
                              const char* type_message, Value* out) {
  if (condition.is_null()) return Fail(null_message, span);
  if (condition.is_unknown() && condition.unknown()->type->kind != TypeKind::kDynamic) {
    // Terraform asks for the type of a condition only when it is known.
    *out = UnknownFrom(BoolType(), condition);
    return true;
  }
  if (!ToBool(condition, out)) return Fail(type_message, span);
  return true;
}

// The arm that is not taken may fail; its type then does not count. The types of both arms are
// unified even so.
bool ExprEvaluator::EvalConditional(const hcl::Expr& e, const Frame& f, Value* out) {
  Value arms[2];
  bool ok[2];
  EvalError errors[2];
  for (int i = 0; i < 2; ++i) {
    ok[i] = Eval(*e.args[static_cast<std::size_t>(i)], f, &arms[i]);
    if (ok[i]) continue;
    if (error_.fatal) return false;
    errors[i] = error_;
    arms[i] = MakeUnknown(arena(), DynamicType(), errors[i].message, errors[i].span);
  }
  Value condition, decided;
  if (!Eval(*e.operand, f, &condition)) return false;
  auto untyped_null = [](Value v) {
    return v.is_null() && (v.null_type() == nullptr || v.null_type()->kind == TypeKind::kDynamic);
  };
  const Type* type = nullptr;
  bool same_kind = arms[0].kind() == arms[1].kind() &&
                   (arms[0].is_string() || arms[0].is_bool() || arms[0].is_number());
  if (same_kind || untyped_null(arms[0])) {
    type = TypeOf(arena(), arms[1]);
  } else if (untyped_null(arms[1])) {
    type = TypeOf(arena(), arms[0]);
  } else {
    std::array types{TypeOf(arena(), arms[0]), TypeOf(arena(), arms[1])};
    bool open = types[0]->kind == TypeKind::kDynamic || types[1]->kind == TypeKind::kDynamic;
    type = open ? DynamicType() : Unify(arena(), types);
    if (type == nullptr) {
      return Fail("the two results of the conditional have types that cannot be made one: " +
                      TypeName(types[0]) + " and " + TypeName(types[1]),
                  e.span);
    }
  }
  if (!Condition(condition, e.operand->span, "the condition is null",
                 "the condition must be true or false", &decided)) {
    return false;
  }
  auto marks = static_cast<std::uint8_t>(condition.marks() | arms[0].marks() | arms[1].marks());
  if (decided.is_unknown()) {
    if (arms[0].is_null() && arms[1].is_null()) {
      *out = Value::Null(type).WithMarks(marks);
      return true;
    }
    auto not_null = [](Value v) { return v.is_unknown() ? v.unknown()->not_null : !v.is_null(); };
    // The condition says why; the result is made of the arms alone.
    UnknownInfo why;
    why.cause = decided.unknown()->cause;
    *out = UnknownFrom(type, std::array{MakeUnknown(arena(), why), arms[0], arms[1]},
                       not_null(arms[0]) && not_null(arms[1]))
               .WithMarks(marks);
    return true;
  }
  std::size_t taken = decided.as_bool() ? 0 : 1;
  if (!ok[taken]) {
    error_ = errors[taken];
    return false;
  }
  Value result = arms[taken];
  if (!same_kind && type->kind != TypeKind::kDynamic) {
    auto converted = Convert(arena(), result, type);
    if (!converted)
      return Fail("the result of the conditional: " + converted.error().message, e.span);
    result = *converted;
  }
  *out = result.WithMarks(marks);
  return true;
}

}  // namespace plumbline::terraform
