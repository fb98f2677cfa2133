// `size`, and the lists and sets extensions.
#include <algorithm>
#include <array>

#include "cel/builtins.h"
#include "cel/text.h"

namespace plumbline::cel {
namespace {

using Args = std::span<const Val>;

Val Size(Context& context, Args args) {
  Val v = args[0];
  std::size_t n = 0;
  if (v.tag() == Tag::kString) {
    n = CodePoints(v.as_string());
  } else if (v.tag() == Tag::kBytes) {
    n = v.as_string().size();
  } else if (IsList(v)) {
    n = ListSize(v);
  } else if (IsMap(v)) {
    n = MapSize(v);
  } else if (!v.is_null() || !context.lenient) {
    return context.NoOverload("size", args);
  }
  return Val::Int(static_cast<std::int64_t>(n));
}

/// Whether `list` holds something equal to `v`; unknown when that hangs on an unknown.
Val Holds(Context& context, Val list, Val v) { return In(context, v, list); }

Val Distinct(Context& context, Args args) {
  if (!IsList(args[0])) return context.NoOverload("distinct", args);
  ArenaVector<Val> kept(context);
  for (std::size_t i = 0; i < ListSize(args[0]); ++i) {
    Val v = ListAt(args[0], i);
    bool twin = false;
    for (std::size_t k = 0; k < kept.size() && !twin; ++k) {
      Val same = Equal(context, v, kept.items()[k]);
      if (same.is_unknown() || same.is_error()) return same;
      twin = same.is_true();
    }
    if (!twin && !kept.Push(v)) return context.StepError();
  }
  return context.NewList(kept.items());
}

bool FlattenInto(Context& context, ArenaVector<Val>& out, Val list, std::int64_t depth) {
  for (std::size_t i = 0; i < ListSize(list); ++i) {
    Val v = ListAt(list, i);
    bool nested = depth > 0 && IsList(v);
    if (!context.Charge(1)) return false;
    if (nested ? !FlattenInto(context, out, v, depth - 1) : !out.Push(v)) return false;
  }
  return true;
}

Val Flatten(Context& context, Args args) {
  if (!IsList(args[0]) || (args.size() == 2 && args[1].tag() != Tag::kInt))
    return context.NoOverload("flatten", args);
  std::int64_t depth = args.size() == 2 ? args[1].as_int() : 1;
  if (depth < 0) return context.Error("flatten: the depth is negative");
  ArenaVector<Val> out(context);
  if (!FlattenInto(context, out, args[0], std::min<std::int64_t>(depth, kMaxValueDepth)))
    return context.StepError();
  return context.NewList(out.items());
}

Val End(Context& context, Args args, bool front) {
  if (!IsList(args[0])) return context.NoOverload(front ? "first" : "last", args);
  std::size_t n = ListSize(args[0]);
  if (n == 0) return Val::Make(Tag::kOptional, nullptr);
  Val v = ListAt(args[0], front ? 0 : n - 1);
  return v.is_unknown() ? v : context.NewOptional(v);
}
Val First(Context& context, Args args) { return End(context, args, true); }
Val Last(Context& context, Args args) { return End(context, args, false); }

Val RangeOf(Context& context, Args args) {
  if (args[0].tag() != Tag::kInt) return context.NoOverload("lists.range", args);
  std::int64_t n = std::max<std::int64_t>(args[0].as_int(), 0);
  if (!context.Charge(static_cast<std::uint64_t>(n))) return context.StepError();
  auto items = context.arena.NewArray<Val>(static_cast<std::size_t>(n));
  for (std::int64_t i = 0; i < n; ++i) items[static_cast<std::size_t>(i)] = Val::Int(i);
  return context.NewList(items);
}

Val Slice(Context& context, Args args) {
  if (!IsList(args[0]) || args[1].tag() != Tag::kInt || args[2].tag() != Tag::kInt) {
    return context.NoOverload("slice", args);
  }
  std::int64_t begin = args[1].as_int(), end = args[2].as_int();
  if (begin < 0 || end < begin || end > static_cast<std::int64_t>(ListSize(args[0]))) {
    return context.Error("slice: index out of range");
  }
  ArenaVector<Val> out(context);
  for (std::int64_t i = begin; i < end; ++i) {
    if (!out.Push(ListAt(args[0], static_cast<std::size_t>(i)))) return context.StepError();
  }
  return context.NewList(out.items());
}

/// Merge sort: a comparison may fail, and the budget may end in the midst of it.
Val SortRange(Context& context, std::span<Val> items, std::span<Val> scratch) {
  if (items.size() < 2) return Val::Null();
  std::size_t half = items.size() / 2;
  auto left = items.first(half), right = items.subspan(half);
  if (Val v = SortRange(context, left, scratch); !v.is_null()) return v;
  if (Val v = SortRange(context, right, scratch); !v.is_null()) return v;
  std::ranges::copy(left, scratch.begin());
  std::size_t i = 0, k = 0, to = 0;
  while (i < half && k < right.size()) {
    if (!context.Charge(1)) return context.StepError();
    Val less = Order(context, Op::kLt, right[k], scratch[i]);
    if (less.tag() != Tag::kBool) return less;
    items[to++] = less.is_true() ? right[k++] : scratch[i++];
  }
  while (i < half) items[to++] = scratch[i++];
  return Val::Null();
}

Val Sort(Context& context, Args args) {
  if (!IsList(args[0])) return context.NoOverload("sort", args);
  std::size_t n = ListSize(args[0]);
  if (!context.ChargeMemory(2 * n * sizeof(Val))) return context.StepError();
  auto items = context.arena.NewArray<Val>(n);
  for (std::size_t i = 0; i < n; ++i) items[i] = ListAt(args[0], i);
  Val problem = SortRange(context, items, context.arena.NewArray<Val>(n));
  return problem.is_null() ? context.NewList(items) : problem;
}

/// Whether every element of `b` is in `a`.
Val Covers(Context& context, Val a, Val b) {
  Val unknown;
  for (std::size_t i = 0; i < ListSize(b); ++i) {
    Val held = Holds(context, a, ListAt(b, i));
    if (held.is_unknown()) {
      if (!unknown.is_unknown()) unknown = held;
    } else if (!held.is_true()) {
      return held;
    }
  }
  return unknown.is_unknown() ? unknown : Val::Bool(true);
}

/// The arguments as lists, with null standing for the empty one in the lenient dialect.
bool TwoLists(Context& context, Args args, std::array<Val, 2>& lists) {
  for (std::size_t i = 0; i < 2; ++i) {
    lists[i] = args[i];
    if (context.lenient && args[i].is_null()) lists[i] = context.NewList({});
    if (!IsList(lists[i])) return false;
  }
  return true;
}

Val SetsContains(Context& context, Args args) {
  std::array<Val, 2> lists;
  if (!TwoLists(context, args, lists)) return context.NoOverload("sets.contains", args);
  return Covers(context, lists[0], lists[1]);
}

Val SetsEquivalent(Context& context, Args args) {
  std::array<Val, 2> lists;
  if (!TwoLists(context, args, lists)) return context.NoOverload("sets.equivalent", args);
  Val forth = Covers(context, lists[0], lists[1]);
  if (forth.tag() == Tag::kBool && !forth.as_bool()) return forth;
  Val back = Covers(context, lists[1], lists[0]);
  return back.is_true() ? forth : back;
}

Val SetsIntersects(Context& context, Args args) {
  std::array<Val, 2> lists;
  if (!TwoLists(context, args, lists)) return context.NoOverload("sets.intersects", args);
  Val result = Val::Bool(false);
  for (std::size_t i = 0; i < ListSize(lists[1]); ++i) {
    Val held = Holds(context, lists[0], ListAt(lists[1], i));
    if (held.is_true() || held.is_error()) return held;
    if (held.is_unknown() && !result.is_unknown()) result = held;
  }
  return result;
}

constexpr auto kBuiltins = std::to_array<Builtin>({
    {"distinct", Style::kMember, NullRule::kEmpty, "L>=", &Distinct},
    {"first", Style::kMember, NullRule::kEmpty, "L>O", &First},
    {"flatten", Style::kMember, NullRule::kEmpty, "L>L Li>L", &Flatten},
    {"last", Style::kMember, NullRule::kEmpty, "L>O", &Last},
    {"lists.range", Style::kGlobal, NullRule::kNull, "i>L", &RangeOf},
    {"sets.contains", Style::kGlobal, NullRule::kPass, "LL>b", &SetsContains},
    {"sets.equivalent", Style::kGlobal, NullRule::kPass, "LL>b", &SetsEquivalent},
    {"sets.intersects", Style::kGlobal, NullRule::kPass, "LL>b", &SetsIntersects},
    {"size", Style::kBoth, NullRule::kPass, "s>i y>i L>i M>i", &Size},
    {"slice", Style::kMember, NullRule::kEmpty, "Lii>=", &Slice},
    {"sort", Style::kMember, NullRule::kEmpty, "L>=", &Sort},
});
static_assert(std::ranges::is_sorted(kBuiltins, {}, &Builtin::name));

}  // namespace

std::span<const Builtin> ListBuiltins() { return kBuiltins; }

}  // namespace plumbline::cel
