// Optional values.
#include <algorithm>
#include <array>

#include "cel/builtins.h"

namespace plumbline::cel {
namespace {

using Args = std::span<const Val>;

Val None() { return Val::Make(Tag::kOptional, nullptr); }
bool IsOptional(Val v) { return v.tag() == Tag::kOptional; }

bool IsZero(Val v) {
  switch (v.tag()) {
    case Tag::kNull:
      return true;
    case Tag::kBool:
    case Tag::kInt:
    case Tag::kUint:
    case Tag::kDuration:
      return v.as_int() == 0;
    case Tag::kDouble:
      return v.as_double() == 0;
    case Tag::kString:
    case Tag::kBytes:
      return v.as_string().empty();
    case Tag::kTimestamp:
      return v.as_int() == 0 && v.as_nanos() == 0;
    case Tag::kOptional:
      return AsOptional(v) == nullptr;
    default:
      return IsList(v) ? ListSize(v) == 0 : IsMap(v) && MapSize(v) == 0;
  }
}

Val OptionalNone(Context&, Args) { return None(); }
Val OptionalOf(Context& context, Args args) { return context.NewOptional(args[0]); }
Val OptionalOfNonZero(Context& context, Args args) {
  return IsZero(args[0]) ? None() : context.NewOptional(args[0]);
}

Val HasValue(Context& context, Args args) {
  if (!IsOptional(args[0])) return context.NoOverload("hasValue", args);
  return Val::Bool(AsOptional(args[0]) != nullptr);
}

Val ValueOf(Context& context, Args args) {
  if (!IsOptional(args[0])) return context.NoOverload("value", args);
  return AsOptional(args[0]) ? *AsOptional(args[0]) : context.Error("value() of optional.none()");
}

Val Or(Context& context, Args args) {
  if (!IsOptional(args[0]) || !IsOptional(args[1])) return context.NoOverload("or", args);
  return AsOptional(args[0]) ? args[0] : args[1];
}

Val OrValue(Context& context, Args args) {
  if (!IsOptional(args[0])) return context.NoOverload("orValue", args);
  return AsOptional(args[0]) ? *AsOptional(args[0]) : args[1];
}

Val Unwrap(Context& context, Args args) {
  if (!IsList(args[0])) return context.NoOverload("unwrap", args);
  ArenaVector<Val> out(context);
  for (std::size_t i = 0; i < ListSize(args[0]); ++i) {
    Val v = ListAt(args[0], i);
    if (v.is_unknown()) return v;
    if (!IsOptional(v)) return context.NoOverload("unwrap", {&v, 1});
    if (AsOptional(v) && !out.Push(*AsOptional(v))) return context.StepError();
  }
  return context.NewList(out.items());
}

constexpr auto kBuiltins = std::to_array<Builtin>({
    {"hasValue", Style::kMember, NullRule::kFalse, "O>b", &HasValue},
    {"optional.none", Style::kGlobal, NullRule::kPass, ">O", &OptionalNone},
    {"optional.of", Style::kGlobal, NullRule::kPass, "d>O", &OptionalOf},
    {"optional.ofNonZeroValue", Style::kGlobal, NullRule::kPass, "d>O", &OptionalOfNonZero},
    {"optional.unwrap", Style::kGlobal, NullRule::kEmpty, "L>L", &Unwrap},
    {"or", Style::kMember, NullRule::kPass, "OO>O", &Or},
    {"orValue", Style::kMember, NullRule::kPass, "Od>d", &OrValue},
    {"unwrapOpt", Style::kMember, NullRule::kEmpty, "L>L", &Unwrap},
    {"value", Style::kMember, NullRule::kNull, "O>e", &ValueOf},
});
static_assert(std::ranges::is_sorted(kBuiltins, {}, &Builtin::name));

}  // namespace

std::span<const Builtin> OptionalBuiltins() { return kBuiltins; }

}  // namespace plumbline::cel
