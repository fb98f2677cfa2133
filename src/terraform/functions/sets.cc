// Functions of sets.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "terraform/functions/registry.h"
#include "value/convert.h"

namespace plumbline::terraform::functions {
namespace {

Result<const Type*> OperationType(Call& call) {
  std::vector<const Type*> elements;
  for (Value v : call.args) {
    const Type* t = TypeOf(call.arena, v);
    if (t->kind != TypeKind::kSet) return SetType(call.arena, DynamicType());
    // An empty set without a type converts to any other.
    if (v.kind() == Kind::kSet && v.items().empty() && t->element->kind == TypeKind::kDynamic)
      continue;
    elements.push_back(t->element);
  }
  if (elements.empty()) return SetType(call.arena, DynamicType());
  if (const Type* e = Unify(call.arena, elements)) return SetType(call.arena, e);
  return Fail(fmt::format("{}() needs sets with elements of one type", call.name));
}

// The elements of a set in the order of Compare(), which is that of the set for primitive ones
// only.
class Lookup {
 public:
  explicit Lookup(Value set) : items_(set.items().begin(), set.items().end()) {
    std::ranges::sort(items_, Less);
  }
  bool Holds(Value v) const {
    auto [low, high] = std::equal_range(items_.begin(), items_.end(), v, Less);
    return std::any_of(low, high, [&](Value i) { return RawEqual(i, v); });
  }

 private:
  static bool Less(Value a, Value b) { return Compare(a, b) < 0; }
  std::vector<Value> items_;
};

template <typename Combine>
Result<Value> Operate(Call& call, bool unknown_allowed, Combine combine) {
  PL_TRY(const Type* type, OperationType(call));
  std::vector<Value> sets;
  for (Value v : call.args) {
    PL_TRY(sets.emplace_back(), Convert(call.arena, v, type));
    if (sets.back().is_unknown() || (!unknown_allowed && HasUnknown(sets.back())))
      return UnknownResult(call, type);
  }
  std::vector<Value> out(sets[0].items().begin(), sets[0].items().end());
  for (std::size_t i = 1; i < sets.size(); ++i) combine(out, sets[i]);
  return MakeSet(call.arena, type->element, out);
}

Result<Value> SetUnion(Call& call) {
  return Operate(call, true, [](std::vector<Value>& out, Value set) {
    out.insert(out.end(), set.items().begin(), set.items().end());
  });
}

Result<Value> SetIntersection(Call& call) {
  return Operate(call, false, [](std::vector<Value>& out, Value set) {
    std::erase_if(out, [lookup = Lookup(set)](Value v) { return !lookup.Holds(v); });
  });
}

Result<Value> SetSubtract(Call& call) {
  return Operate(call, false, [](std::vector<Value>& out, Value set) {
    std::erase_if(out, [lookup = Lookup(set)](Value v) { return lookup.Holds(v); });
  });
}

// The tuple type of one combination, and whether the result is a list (no set among the arguments).
struct Product {
  std::vector<const Type*> elements;
  bool list = true;
};

Result<Product> ProductType(Call& call) {
  if (call.args.size() < 2) return Fail("setproduct() needs at least two arguments");
  Product p;
  for (Value v : call.args) {
    const Type* t = TypeOf(call.arena, v);
    p.list &= t->kind != TypeKind::kSet;
    if (t->kind == TypeKind::kList || t->kind == TypeKind::kSet) {
      p.elements.push_back(t->element);
    } else if (t->kind == TypeKind::kTuple) {
      p.elements.push_back(t->elements.empty() ? DynamicType() : Unify(call.arena, t->elements));
      if (p.elements.back() == nullptr)
        return Fail("setproduct() needs elements of one type in each argument");
    } else {
      return Fail(fmt::format("setproduct() needs sets or lists, but got {}", TypeName(t)));
    }
  }
  return p;
}

const Type* ProductResultType(Arena& arena, const Product& p) {
  const Type* tuple = TupleType(arena, p.elements);
  return p.list ? ListType(arena, tuple) : SetType(arena, tuple);
}

Result<const Type*> SetProductType(Call& call) {
  PL_TRY(Product p, ProductType(call));
  return ProductResultType(call.arena, p);
}

Result<Value> SetProduct(Call& call) {
  PL_TRY(Product p, ProductType(call));
  const Type* type = ProductResultType(call.arena, p);
  std::size_t total = 1;
  std::vector<std::vector<Value>> columns;
  for (std::size_t i = 0; i < call.args.size(); ++i) {
    Value arg = call.args[i];
    if (arg.kind() == Kind::kSet && arg.items().size() > 1 && HasUnknown(arg))
      return UnknownResult(call, type);
    auto& column = columns.emplace_back();
    for (Value v : arg.items()) {
      PL_TRY(column.emplace_back(), Convert(call.arena, v, p.elements[i]));
    }
    total *= column.size();
    if (total > call.context.limits.max_total_instances) {
      return Fail(fmt::format("setproduct() would make more than {} combinations",
                              call.context.limits.max_total_instances));
    }
  }
  std::vector<Value> out;
  out.reserve(total);
  std::vector<Value> tuple(columns.size());
  for (std::size_t n = 0; n < total; ++n) {
    for (std::size_t i = columns.size(), rest = n; i-- > 0; rest /= columns[i].size())
      tuple[i] = columns[i][rest % columns[i].size()];
    out.push_back(MakeTuple(call.arena, tuple));
  }
  if (p.list) return MakeList(call.arena, type->element, out);
  // Convert() knows what becomes of marks in a set.
  return Convert(call.arena, MakeList(call.arena, type->element, out), type);
}

using enum Accepts;

constexpr auto kFunctions = std::to_array<Function>({
    {"setintersection",
     {{{kSetAny, kDynamic}}},
     {kSetAny, kDynamic},
     Returns::kVaries,
     &SetIntersection,
     &OperationType},
    {"setproduct", {}, {kAny, kMarked}, Returns::kVaries, &SetProduct, &SetProductType},
    {"setsubtract",
     {{{kSetAny, kDynamic}, {kSetAny, kDynamic}}},
     {},
     Returns::kVaries,
     &SetSubtract,
     &OperationType},
    {"setunion",
     {{{kSetAny, kDynamic}}},
     {kSetAny, kDynamic},
     Returns::kVaries,
     &SetUnion,
     &OperationType},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

std::span<const Function> SetFunctions() { return kFunctions; }

}  // namespace plumbline::terraform::functions
