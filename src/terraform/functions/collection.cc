// Functions of lists and tuples.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "terraform/functions/registry.h"
#include "value/convert.h"
#include "value/number.h"

namespace plumbline::terraform::functions {
namespace {

Result<Value> AllTrue(Call& call) {
  for (Value v : call.args[0].items()) {
    if (v.is_unknown()) return UnknownResult(call, BoolType());
    if (v.is_null() || !v.as_bool()) return Value::Bool(false);
  }
  return Value::Bool(true);
}

Result<Value> AnyTrue(Call& call) {
  bool unknown = false;
  for (Value v : call.args[0].items()) {
    unknown |= v.is_unknown();
    if (v.is_bool() && v.as_bool()) return Value::Bool(true);
  }
  return unknown ? UnknownResult(call, BoolType()) : Value::Bool(false);
}

Result<const Type*> ChunklistType(Call& call) {
  return ListType(call.arena, TypeOf(call.arena, call.args[0]));
}

Result<Value> Chunklist(Call& call) {
  PL_TRY(std::int64_t size, WholeArg(call, 1));
  if (size < 0) return Fail("chunklist() needs a size that is not negative");
  const Type* type = call.args[0].list_rep()->type;
  auto items = call.args[0].items();
  std::size_t step =
      size == 0 ? std::max<std::size_t>(items.size(), 1) : static_cast<std::size_t>(size);
  std::vector<Value> chunks;
  for (std::size_t i = 0; i < items.size(); i += std::min(step, items.size() - i)) {
    chunks.push_back(
        MakeList(call.arena, type->element, items.subspan(i, std::min(step, items.size() - i))));
  }
  return MakeList(call.arena, type, chunks);
}

Result<const Type*> CommonType(Call& call) {
  std::vector<const Type*> types;
  for (Value v : call.args) types.push_back(TypeOf(call.arena, v));
  if (types.empty()) return Fail(fmt::format("{}() needs at least one argument", call.name));
  if (const Type* t = Unify(call.arena, types)) return t;
  return Fail(fmt::format("all arguments of {}() must have the same type", call.name));
}

Result<Value> Coalesce(Call& call) {
  PL_TRY(const Type* type, CommonType(call));
  for (Value arg : call.args) {
    PL_TRY(Value v, Convert(call.arena, arg, type));
    if (v.is_unknown()) return UnknownResult(call, type);
    if (v.is_null() || (v.is_string() && v.as_string().empty() && type->kind == TypeKind::kString))
      continue;
    return v;
  }
  return Fail("coalesce() found no argument that is neither null nor an empty string");
}

Result<Value> CoalesceList(Call& call) {
  if (call.args.empty()) return Fail("coalescelist() needs at least one argument");
  for (Value v : call.args) {
    if (v.is_unknown()) break;
    if (v.is_null() && v.null_type() != nullptr && v.null_type()->kind == TypeKind::kList) continue;
    if (v.kind() != Kind::kList && v.kind() != Kind::kTuple)
      return Fail("coalescelist() takes lists or tuples only");
  }
  for (Value v : call.args) {
    if (v.is_unknown()) return UnknownResult(call, DynamicType());
    if (!v.items().empty()) return v;
  }
  return Fail("coalescelist() found no list that has elements");
}

Result<Value> Compact(Call& call) {
  if (HasUnknown(call.args[0])) return UnknownResult(call, ListType(call.arena, StringType()));
  std::vector<Value> out;
  for (Value v : call.args[0].items()) {
    if (v.is_string() && !v.as_string().empty()) out.push_back(v);
  }
  return MakeList(call.arena, StringType(), out);
}

// The list type that all arguments share; null when the result is a tuple.
const Type* ConcatListType(Call& call) {
  std::vector<const Type*> types;
  for (Value v : call.args) {
    const Type* t = TypeOf(call.arena, v);
    if (t->kind != TypeKind::kList) return nullptr;
    types.push_back(t);
  }
  return Unify(call.arena, types);
}

Result<const Type*> ConcatType(Call& call) {
  if (call.args.empty()) return Fail("concat() needs at least one argument");
  if (const Type* t = ConcatListType(call)) return t;
  std::vector<const Type*> elements;
  for (Value v : call.args) {
    const Type* t = TypeOf(call.arena, v);
    if (t->kind == TypeKind::kList) {
      if (v.is_unknown()) return DynamicType();
      elements.insert(elements.end(), v.items().size(), t->element);
    } else if (t->kind == TypeKind::kTuple) {
      elements.insert(elements.end(), t->elements.begin(), t->elements.end());
    } else {
      return Fail(fmt::format("concat() takes lists or tuples only, but got {}", TypeName(t)));
    }
  }
  return TupleType(call.arena, elements);
}

Result<Value> Concat(Call& call) {
  PL_TRY(const Type* type, ConcatType(call));
  std::vector<Value> out;
  for (Value arg : call.args) {
    if (type->kind == TypeKind::kList) {
      PL_TRY(arg, Convert(call.arena, arg, type));
    }
    out.insert(out.end(), arg.items().begin(), arg.items().end());
  }
  return type->kind == TypeKind::kList ? MakeList(call.arena, type->element, out)
                                       : MakeTuple(call.arena, out);
}

bool IsSequenceKind(const Type* t) {
  return t->kind == TypeKind::kList || t->kind == TypeKind::kSet || t->kind == TypeKind::kTuple;
}

Result<Value> Contains(Call& call) {
  if (!call.args[0].is_sequence()) {
    return Fail(fmt::format("contains() needs a list, tuple or set, but got {}",
                            TypeName(TypeOf(call.arena, call.args[0]))));
  }
  bool unknown = false;
  for (Value v : call.args[0].items()) {
    Tri t = Equal(call.args[1], v);
    if (t == Tri::kYes) return Value::Bool(true);
    unknown |= t == Tri::kUnknown;
  }
  return unknown ? UnknownResult(call, BoolType()) : Value::Bool(false);
}

Result<const Type*> SameAsFirst(Call& call) { return TypeOf(call.arena, call.args[0]); }

Result<Value> Distinct(Call& call) {
  if (HasUnknown(call.args[0])) return UnknownResult(call, TypeOf(call.arena, call.args[0]));
  std::vector<Value> order, out;
  // A sorted copy finds repeated values without comparing each with each.
  auto less = [](Value a, Value b) { return Compare(a, b) < 0; };
  for (Value v : call.args[0].items()) {
    auto [low, high] = std::equal_range(order.begin(), order.end(), v, less);
    if (std::any_of(low, high, [&](Value seen) { return Equal(seen, v) == Tri::kYes; })) continue;
    order.insert(high, v);
    out.push_back(v);
  }
  return MakeList(call.arena, call.args[0].list_rep()->type->element, out);
}

Result<const Type*> ElementType(Call& call) {
  const Type* t = TypeOf(call.arena, call.args[0]);
  Value index = call.args[1];
  if (index.is_number() && CompareNumbers(index, Value::Int(0)) < 0)
    return Fail("element() needs an index that is not negative");
  if (t->kind == TypeKind::kList) return t->element;
  if (t->kind != TypeKind::kTuple)
    return Fail(fmt::format("element() needs a list or tuple, but got {}", TypeName(t)));
  if (!index.is_number()) return DynamicType();
  PL_TRY(std::int64_t i, WholeArg(call, 1));
  if (t->elements.empty()) return Fail("element() needs a list that is not empty");
  return t->elements[static_cast<std::size_t>(i) % t->elements.size()];
}

Result<Value> Element(Call& call) {
  PL_CHECK_OK(ElementType(call));
  PL_TRY(std::int64_t i, WholeArg(call, 1));
  auto items = call.args[0].items();
  if (items.empty()) return Fail("element() needs a list that is not empty");
  return items[static_cast<std::size_t>(i) % items.size()];
}

// Appends what `list` holds, nested lists flattened; false when some length is not known.
bool FlattenInto(Call& call, Value list, std::vector<Value>& out, std::uint32_t depth) {
  if (depth > call.context.limits.max_depth) return false;
  bool known = true;
  for (Value v : list.items()) {
    if (v.is_sequence()) {
      call.marks |= v.marks();
      known &= !(v.kind() == Kind::kSet && HasUnknown(v)) && FlattenInto(call, v, out, depth + 1);
      continue;
    }
    if (v.is_unknown()) {
      TypeKind k = v.unknown()->type->kind;
      known &= k != TypeKind::kDynamic && k != TypeKind::kList && k != TypeKind::kSet &&
               k != TypeKind::kTuple;
    }
    out.push_back(v);
  }
  return known;
}

// What is not known in full is let through whatever its type: Terraform checks the types of known
// arguments only.
Result<Value> Flatten(Call& call) {
  Value list = call.args[0];
  if (!list.is_sequence() && !(list.is_mapping() && HasUnknown(list))) {
    return Fail(fmt::format("flatten() needs a list, tuple or set, but got {}",
                            TypeName(TypeOf(call.arena, list))));
  }
  if (list.kind() == Kind::kSet && list.items().size() > 1 && HasUnknown(list))
    return UnknownResult(call, DynamicType());
  std::vector<Value> out;
  for (const Member& m : list.members()) out.push_back(m.value);
  if (!FlattenInto(call, call.args[0], out, 0)) return UnknownResult(call, DynamicType());
  return MakeTuple(call.arena, out);
}

Result<Value> Index(Call& call) {
  if (call.args[0].kind() != Kind::kList && call.args[0].kind() != Kind::kTuple) {
    return Fail(fmt::format("index() needs a list or tuple, but got {}",
                            TypeName(TypeOf(call.arena, call.args[0]))));
  }
  auto items = call.args[0].items();
  if (items.empty()) return Fail("index() cannot search an empty list");
  for (std::size_t i = 0; i < items.size(); ++i) {
    Tri t = Equal(items[i], call.args[1]);
    if (t == Tri::kUnknown) return UnknownResult(call, NumberType());
    if (t == Tri::kYes) return Value::Int(static_cast<std::int64_t>(i));
  }
  return Fail("index() did not find the item in the list");
}

Result<Value> Length(Call& call) {
  Value v = call.args[0];
  const Type* t = TypeOf(call.arena, v);
  if (t->kind == TypeKind::kBool || t->kind == TypeKind::kNumber) {
    return Fail(fmt::format("length() needs a string or a collection, but got {}", TypeName(t)));
  }
  if (v.is_string()) return Value::Int(CountGraphemes(v.as_string()));
  if (v.is_unknown()) {
    if (t->kind == TypeKind::kTuple)
      return Value::Int(static_cast<std::int64_t>(t->elements.size()));
    if (t->kind == TypeKind::kObject) return Value::Int(static_cast<std::int64_t>(t->attrs.size()));
    return UnknownResult(call, NumberType());
  }
  // Two elements of a set that are not known yet may turn out to be one.
  if (v.kind() == Kind::kSet && v.items().size() > 1 && HasUnknown(v))
    return UnknownResult(call, NumberType());
  return Value::Int(static_cast<std::int64_t>(v.items().size() + v.members().size()));
}

Result<const Type*> OneType(Call& call) {
  const Type* t = TypeOf(call.arena, call.args[0]);
  if (!IsSequenceKind(t))
    return Fail(fmt::format("one() needs a list, set or tuple, but got {}", TypeName(t)));
  if (t->kind != TypeKind::kTuple) return t->element;
  if (t->elements.size() > 1) return Fail("one() needs a list with no element or one");
  return t->elements.empty() ? DynamicType() : t->elements[0];
}

Result<Value> One(Call& call) {
  PL_TRY(const Type* type, OneType(call));
  auto items = call.args[0].items();
  if (items.size() > 1 && call.args[0].kind() == Kind::kSet && HasUnknown(call.args[0]))
    return UnknownResult(call, type);
  if (items.size() > 1) return Fail("one() needs a list with no element or one");
  return items.empty() ? Value::Null(type) : items[0];
}

Result<Value> Range(Call& call) {
  Arena& arena = call.arena;
  auto args = call.args;
  if (args.empty() || args.size() > 3) return Fail("range() takes one to three numbers");
  Value start = args.size() > 1 ? args[0] : Value::Int(0);
  Value end = args.size() > 1 ? args[1] : args[0];
  Value step = args.size() > 2 ? args[2] : Value::Int(CompareNumbers(end, start) < 0 ? -1 : 1);
  int direction = CompareNumbers(step, Value::Int(0));
  if (direction == 0 && CompareNumbers(start, end) == 0) return MakeList(arena, NumberType(), {});
  if (direction == 0) return Fail("range() needs a step that is not zero");
  if (direction < 0 && CompareNumbers(end, start) > 0)
    return Fail("range() needs an end below the start when the step is negative");
  if (direction > 0 && CompareNumbers(end, start) < 0)
    return Fail("range() needs an end above the start when the step is positive");
  constexpr std::size_t kMost = 1024;
  std::vector<Value> out;
  for (Value v = start; CompareNumbers(v, end) * direction < 0;) {
    if (out.size() >= kMost) return Fail("range() would make more than 1024 values");
    out.push_back(v);
    auto next = Add(arena, v, step);
    if (!next) return Fail("range() cannot count to infinity");
    v = *next;
  }
  return MakeList(arena, NumberType(), out);
}

Result<const Type*> ReverseType(Call& call) {
  const Type* t = TypeOf(call.arena, call.args[0]);
  if (t->kind == TypeKind::kList) return t;
  if (t->kind == TypeKind::kSet) return ListType(call.arena, t->element);
  if (t->kind != TypeKind::kTuple)
    return Fail(fmt::format("reverse() needs a list, tuple or set, but got {}", TypeName(t)));
  std::vector<const Type*> elements(t->elements.rbegin(), t->elements.rend());
  return TupleType(call.arena, elements);
}

Result<Value> Reverse(Call& call) {
  PL_CHECK_OK(ReverseType(call));
  Value v = call.args[0];
  std::vector<Value> out(v.items().rbegin(), v.items().rend());
  return v.kind() == Kind::kTuple ? MakeTuple(call.arena, out)
                                  : MakeList(call.arena, v.list_rep()->type->element, out);
}

struct Bounds {
  std::int64_t start = 0, end = 0;
  bool known = false;
};

// Start and end checked as far as they are known; `length` is negative when the list is unknown.
Result<Bounds> SliceBounds(Call& call, std::int64_t length) {
  Bounds b;
  auto check = [&](std::size_t arg, std::int64_t& out) -> Result<void> {
    if (call.args[arg].is_unknown()) return {};
    PL_TRY(out, WholeArg(call, arg));
    const char* what = arg == 1 ? "start" : "end";
    if (out < 0) return Fail(fmt::format("slice() needs a {} index that is not negative", what));
    if (length >= 0 && out > length)
      return Fail(fmt::format("slice() got a {} index of {} for a list of {}", what, out, length));
    return {};
  };
  PL_CHECK_OK(check(1, b.start));
  PL_CHECK_OK(check(2, b.end));
  b.known = !call.args[1].is_unknown() && !call.args[2].is_unknown();
  if (b.known && b.start > b.end) return Fail("slice() got a start index behind its end index");
  return b;
}

Result<const Type*> SliceType(Call& call) {
  const Type* t = TypeOf(call.arena, call.args[0]);
  if (t->kind != TypeKind::kList && t->kind != TypeKind::kTuple) {
    return Fail(fmt::format("slice() needs a list or tuple, but got {}", TypeName(t)));
  }
  std::int64_t length = -1;
  if (t->kind == TypeKind::kTuple)
    length = static_cast<std::int64_t>(t->elements.size());
  else if (!call.args[0].is_unknown())
    length = static_cast<std::int64_t>(call.args[0].items().size());
  PL_TRY(Bounds b, SliceBounds(call, length));
  if (t->kind == TypeKind::kList) return t;
  if (!b.known) return DynamicType();
  return TupleType(call.arena, t->elements.subspan(static_cast<std::size_t>(b.start),
                                                   static_cast<std::size_t>(b.end - b.start)));
}

Result<Value> Slice(Call& call) {
  PL_CHECK_OK(SliceType(call));
  Value v = call.args[0];
  PL_TRY(Bounds b, SliceBounds(call, static_cast<std::int64_t>(v.items().size())));
  auto part = v.items().subspan(static_cast<std::size_t>(b.start),
                                static_cast<std::size_t>(b.end - b.start));
  return v.kind() == Kind::kTuple ? MakeTuple(call.arena, part)
                                  : MakeList(call.arena, v.list_rep()->type->element, part);
}

Result<Value> Sort(Call& call) {
  // The order is not known, the length is.
  if (call.args[0].is_unknown()) return UnknownResult(call, ListType(call.arena, StringType()));
  if (HasUnknown(call.args[0])) {
    std::vector<Value> unknown(call.args[0].items().size(), UnknownResult(call, StringType()));
    return MakeList(call.arena, StringType(), unknown);
  }
  std::vector<Value> out(call.args[0].items().begin(), call.args[0].items().end());
  if (std::ranges::any_of(out, &Value::is_null)) return Fail("sort() cannot sort a null string");
  std::ranges::stable_sort(out, {}, &Value::as_string);
  return MakeList(call.arena, StringType(), out);
}

using enum Accepts;

constexpr auto kFunctions = std::to_array<Function>({
    {"alltrue", {{{kListBool}}}, {}, Returns::kBool, &AllTrue},
    {"anytrue", {{{kListBool}}}, {}, Returns::kBool, &AnyTrue},
    {"chunklist",
     {{{kListAny, kMarked}, {kNumber}}},
     {},
     Returns::kVaries,
     &Chunklist,
     &ChunklistType},
    {"coalesce", {}, {kAny, kNull | kUnknown | kDynamic}, Returns::kVaries, &Coalesce},
    {"coalescelist", {}, {kAny, kNull | kUnknown | kDynamic}, Returns::kVaries, &CoalesceList},
    {"compact", {{{kListString}}}, {}, Returns::kListString, &Compact},
    {"concat", {}, {kAny, kMarked}, Returns::kVaries, &Concat, &ConcatType},
    {"contains", {{{kAny}, {kAny}}}, {}, Returns::kBool, &Contains},
    {"distinct", {{{kListAny}}}, {}, Returns::kVaries, &Distinct, &SameAsFirst},
    {"element", {{{kAny, kMarked}, {kNumber}}}, {}, Returns::kVaries, &Element, &ElementType},
    {"flatten", {{{kAny, kMarked}}}, {}, Returns::kVaries, &Flatten},
    {"index", {{{kAny}, {kAny}}}, {}, Returns::kNumber, &Index},
    {"length", {{{kAny, kMarked | kUnknown | kDynamic}}}, {}, Returns::kNumber, &Length},
    {"one", {{{kAny}}}, {}, Returns::kVaries, &One, &OneType},
    {"range", {}, {kNumber}, Returns::kListNumber, &Range},
    {"reverse", {{{kAny, kMarked}}}, {}, Returns::kVaries, &Reverse, &ReverseType},
    {"slice", {{{kAny, kMarked}, {kNumber}, {kNumber}}}, {}, Returns::kVaries, &Slice, &SliceType},
    {"sort", {{{kListString, kUnknown}}}, {}, Returns::kListString, &Sort},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

std::span<const Function> CollectionFunctions() { return kFunctions; }

}  // namespace plumbline::terraform::functions
