// Conversion functions and marks.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "terraform/functions/registry.h"
#include "value/convert.h"

namespace plumbline::terraform::functions {
namespace {

// Of an unknown only the type asked for is kept: it may be null, and `any` in it stays `any`.
Value Opened(Call& call, Value v, const Type* type) {
  UnknownInfo info = *v.unknown();
  info.type = type;
  info.not_null = false;
  info.prefix = {};
  return MakeUnknown(call.arena, info).WithMarks(v.marks());
}

Result<Value> To(Call& call, const Type* type) {
  auto v = Convert(call.arena, call.args[0], type);
  if (v && call.args[0].is_unknown()) return Opened(call, *v, type);
  if (v) return *v;
  return Fail(fmt::format("{}() cannot convert {}: {}", call.name,
                          TypeName(TypeOf(call.arena, call.args[0])), v.error().message));
}

Result<Value> ToBool(Call& call) { return To(call, BoolType()); }
Result<Value> ToNumber(Call& call) { return To(call, NumberType()); }
Result<Value> ToText(Call& call) { return To(call, StringType()); }
Result<Value> ToList(Call& call) { return To(call, ListType(call.arena, DynamicType())); }
Result<Value> ToSet(Call& call) { return To(call, SetType(call.arena, DynamicType())); }
Result<Value> ToMap(Call& call) { return To(call, MapType(call.arena, DynamicType())); }

Result<Value> Sensitive(Call& call) { return call.args[0].WithMarks(kSensitive); }

Result<Value> Nonsensitive(Call& call) {
  Value v = call.args[0];
  return v.WithoutMarks().WithMarks(v.marks() & static_cast<std::uint8_t>(~kSensitive));
}

Result<Value> IsSensitive(Call& call) {
  if (call.args[0].sensitive()) return Value::Bool(true);
  // What is not known yet may turn out to be sensitive.
  if (call.args[0].is_unknown()) return UnknownResult(call, BoolType());
  return Value::Bool(false);
}

Value EphemeralToNull(Call& call, Value v) {
  if ((v.marks() & kEphemeral) != 0) {
    return Value::Null(TypeOf(call.arena, v))
        .WithMarks(v.marks() & static_cast<std::uint8_t>(~kEphemeral));
  }
  if ((DeepMarks(v) & kEphemeral) == 0) return v;
  if (v.is_mapping()) {
    std::vector<Member> members;
    for (const Member& m : v.members()) members.push_back({m.key, EphemeralToNull(call, m.value)});
    const ObjectRep* rep =
        call.arena.New<ObjectRep>(v.object_rep()->type, call.arena.Copy(members));
    return (v.kind() == Kind::kMap ? Value::Map(rep) : Value::Object(rep)).WithMarks(v.marks());
  }
  std::vector<Value> items;
  for (Value i : v.items()) items.push_back(EphemeralToNull(call, i));
  const ListRep* rep = call.arena.New<ListRep>(v.list_rep()->type, call.arena.Copy(items));
  Value out = v.kind() == Kind::kTuple  ? Value::Tuple(rep)
              : v.kind() == Kind::kList ? Value::List(rep)
                                        : Value::Set(rep);
  return out.WithMarks(v.marks());
}

Result<Value> EphemeralAsNull(Call& call) { return EphemeralToNull(call, call.args[0]); }

using enum Accepts;
constexpr std::uint8_t kEverything = kNull | kUnknown | kDynamic | kOwnMarks;
constexpr std::uint8_t kConverted = kNull | kUnknown | kDynamic | kMarked;

constexpr auto kFunctions = std::to_array<Function>({
    {"ephemeralasnull", {{{kAny, kEverything}}}, {}, Returns::kVaries, &EphemeralAsNull},
    {"issensitive", {{{kAny, kEverything}}}, {}, Returns::kBool, &IsSensitive},
    {"nonsensitive", {{{kAny, kEverything}}}, {}, Returns::kVaries, &Nonsensitive},
    {"sensitive", {{{kAny, kEverything}}}, {}, Returns::kVaries, &Sensitive},
    {"tobool", {{{kAny, kConverted}}}, {}, Returns::kVaries, &ToBool},
    {"tolist", {{{kAny, kConverted}}}, {}, Returns::kVaries, &ToList},
    {"tomap", {{{kAny, kConverted}}}, {}, Returns::kVaries, &ToMap},
    {"tonumber", {{{kAny, kConverted}}}, {}, Returns::kVaries, &ToNumber},
    {"toset", {{{kAny, kConverted}}}, {}, Returns::kVaries, &ToSet},
    {"tostring", {{{kAny, kConverted}}}, {}, Returns::kVaries, &ToText},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

std::span<const Function> ConversionFunctions() { return kFunctions; }

}  // namespace plumbline::terraform::functions
