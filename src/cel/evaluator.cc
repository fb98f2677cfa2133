// Walks compiled code. No allocation outside the activation's arena; recursion is bounded by the
// height of the code, which the parser limits; every node costs a step of the budget.
//
// Truth is three-valued: an unknown operand decides && and || only when no known one does. Unknown
// goes before error, as in the reference implementation.
#include <array>
#include <bit>

#include "cel/runtime.h"
#include "cel/tracer.h"

namespace plumbline::cel {
namespace {

enum class Truth : std::uint8_t { kFalse, kTrue, kUnknown, kError };

/// `kTraced` machines tell a tracer of every step; the others are compiled without a trace of it.
template <bool kTraced>
class Machine {
 public:
  Machine(const CodeView& code, Context& context, std::span<Val> locals, Tracer* tracer = nullptr)
      : code_(code), context_(context), locals_(locals), tracer_(tracer) {}

  Val Eval(std::uint32_t index) {
    if constexpr (!kTraced) return Step(index);
    tracer_->Enter(index);
    const Val v = Step(index);
    tracer_->Leave(v);
    return v;
  }

 private:
  Val Step(std::uint32_t index);
  Truth TruthOf(Val& v);
  Val Logic(const Node& node, Truth decisive);
  Val Not(Val v);
  Val Cond(const Node& node);
  Val Binary(const Node& node);
  Val InNode(const Node& node);
  Val List(const Node& node);
  Val Map(const Node& node);
  Val Slot(const Node& node);
  Val HasSlot(const Node& node);
  Val Call(const Node& node);
  Val Host(const Node& node);
  Val Apply(const Node& node, std::span<Val> args);
  Val LenientApply(const Builtin& builtin, std::span<Val> args);
  bool EvalArguments(const Node& node, std::span<Val> args, Val& out, bool accepts_unknown);

  // Macros.
  struct Range {
    Val value;
    std::size_t size = 0;
    enum class Form : std::uint8_t { kList, kMap, kSingle } form = Form::kList;
  };
  bool Open(const Node& node, Range& range, Val& out);
  void Bind(const Node& node, const Range& range, std::size_t i);
  Val Part(const Node& node, std::uint32_t i) { return Eval(code_.operand(node.b + i)); }
  Truth Filter(const Node& node, Val& v);
  Val Quantifier(const Node& node, Truth decisive);
  Val ExistsOne(const Node& node);
  Val FilterList(const Node& node);
  Val Transform(const Node& node);
  Val TransformMap(const Node& node);
  Val BindMacro(const Node& node);
  Val OptionalMap(const Node& node);

  std::string_view Text(const Node& node) const { return code_.string(node.b, node.c); }
  static std::uint64_t Bits(const Node& node) { return node.a | (std::uint64_t{node.b} << 32); }

  const CodeView& code_;
  Context& context_;
  std::span<Val> locals_;
  Tracer* tracer_;
};

template <bool kTraced>
Val Machine<kTraced>::Step(std::uint32_t index) {
  if (!context_.Charge(1)) return context_.StepError();
  const Node node = code_.node(index);
  switch (node.op) {
    case Op::kNull:
      return Val::Null();
    case Op::kBool:
      return Val::Bool(node.a != 0);
    case Op::kInt:
      return Val::Int(static_cast<std::int64_t>(Bits(node)));
    case Op::kUint:
      return Val::Uint(Bits(node));
    case Op::kDouble:
      return Val::Double(std::bit_cast<double>(Bits(node)));
    case Op::kString:
      return Val::String(code_.string(node.a, node.b));
    case Op::kBytes:
      return Val::Bytes(code_.string(node.a, node.b));
    case Op::kTypeName:
      return Val::TypeNamed(code_.string(node.a, node.b));
    case Op::kFail:
      return context_.Error(code_.string(node.a, node.b));
    case Op::kVar:
      return context_.activation.variables[node.a];
    case Op::kLocal:
      return locals_[node.a];
    case Op::kSelect:
      return Select(context_, Eval(node.a), Text(node));
    case Op::kSlot:
      return Slot(node);
    case Op::kHas:
      return Has(context_, Eval(node.a), Text(node));
    case Op::kHasSlot:
      return HasSlot(node);
    case Op::kOptSelect:
      return OptSelect(context_, Eval(node.a), Text(node));
    case Op::kNot:
      return Not(Eval(node.a));
    case Op::kNegate:
      return Negate(context_, Eval(node.a));
    case Op::kCond:
      return Cond(node);
    case Op::kAnd:
      return Logic(node, Truth::kFalse);
    case Op::kOr:
      return Logic(node, Truth::kTrue);
    case Op::kList:
      return List(node);
    case Op::kMap:
      return Map(node);
    case Op::kCall:
      return Call(node);
    case Op::kHost:
      return Host(node);
    case Op::kAll:
      return Quantifier(node, Truth::kFalse);
    case Op::kExists:
      return Quantifier(node, Truth::kTrue);
    case Op::kExistsOne:
      return ExistsOne(node);
    case Op::kFilter:
      return FilterList(node);
    case Op::kTransform:
      return Transform(node);
    case Op::kTransformMap:
    case Op::kTransformMapEntry:
      return TransformMap(node);
    case Op::kBind:
      return BindMacro(node);
    case Op::kOptMap:
    case Op::kOptFlatMap:
      return OptionalMap(node);
    case Op::kIn:
      return InNode(node);
    default:
      return Binary(node);
  }
}

template <bool kTraced>
Val Machine<kTraced>::Binary(const Node& node) {
  Val a = Eval(node.a);
  Val b = Eval(node.b);
  switch (node.op) {
    case Op::kEq:
      return Equal(context_, a, b);
    case Op::kNe: {
      Val same = Equal(context_, a, b);
      return same.tag() == Tag::kBool ? Val::Bool(!same.as_bool()) : same;
    }
    case Op::kLt:
    case Op::kLe:
    case Op::kGt:
    case Op::kGe:
      return Order(context_, node.op, a, b);
    case Op::kIndex:
      return Index(context_, a, b);
    case Op::kOptIndex:
      return OptIndex(context_, a, b);
    default:
      return Arithmetic(context_, node.op, a, b);
  }
}

/// `x in ["a", "b"]` needs no list in memory.
template <bool kTraced>
Val Machine<kTraced>::InNode(const Node& node) {
  Val element = Eval(node.a);
  const Node list = code_.node(node.b);
  if (list.flags != kLiteralList || element.is_error()) return In(context_, element, Eval(node.b));
  Val result = Val::Bool(false);
  for (std::uint32_t i = 0; i < list.b; ++i) {
    Val same = Equal(context_, element, Eval(code_.operand(list.a + i)));
    if (same.is_true() || same.is_error()) return same;
    if (same.is_unknown() && !result.is_unknown()) result = same;
  }
  return result;
}

/// What a value means as a condition. A value of another type becomes an error in `v`.
template <bool kTraced>
Truth Machine<kTraced>::TruthOf(Val& v) {
  switch (v.tag()) {
    case Tag::kBool:
      return v.as_bool() ? Truth::kTrue : Truth::kFalse;
    case Tag::kUnknown:
      return Truth::kUnknown;
    case Tag::kError:
      return Truth::kError;
    case Tag::kNull:
      if (context_.lenient) return Truth::kFalse;
      [[fallthrough]];
    default:
      v = context_.NoOverload("condition", {&v, 1});
      return Truth::kError;
  }
}

template <bool kTraced>
Val Machine<kTraced>::Logic(const Node& node, Truth decisive) {
  Val unknown, error;
  for (std::uint32_t i = 0; i < node.b; ++i) {
    Val v = Eval(code_.operand(node.a + i));
    Truth truth = TruthOf(v);
    if (truth == decisive) return Val::Bool(decisive == Truth::kTrue);
    if (truth == Truth::kUnknown && !unknown.is_unknown()) unknown = v;
    if (truth == Truth::kError && !error.is_error()) error = v;
  }
  if (unknown.is_unknown()) return unknown;
  return error.is_error() ? error : Val::Bool(decisive == Truth::kFalse);
}

template <bool kTraced>
Val Machine<kTraced>::Not(Val v) {
  Truth truth = TruthOf(v);
  return truth == Truth::kUnknown || truth == Truth::kError ? v : Val::Bool(truth == Truth::kFalse);
}

template <bool kTraced>
Val Machine<kTraced>::Cond(const Node& node) {
  Val condition = Eval(node.a);
  Truth truth = TruthOf(condition);
  if (truth == Truth::kTrue) return Eval(node.b);
  return truth == Truth::kFalse ? Eval(node.c) : condition;
}

template <bool kTraced>
Val Machine<kTraced>::Slot(const Node& node) {
  Val operand = Eval(node.a);
  if (operand.tag() == Tag::kRecord) return operand.as_record()->Get(node.n);
  return Select(context_, operand, Text(node));
}

template <bool kTraced>
Val Machine<kTraced>::HasSlot(const Node& node) {
  Val operand = Eval(node.a);
  if (operand.tag() != Tag::kRecord) return Has(context_, operand, Text(node));
  Val absent = Equal(context_, operand.as_record()->Get(node.n), Val::Null());
  return absent.tag() == Tag::kBool ? Val::Bool(!absent.as_bool()) : absent;
}

template <bool kTraced>
Val Machine<kTraced>::List(const Node& node) {
  if (!context_.ChargeMemory(node.b * sizeof(Val))) return context_.StepError();
  auto items = context_.arena.NewArray<Val>(node.b);
  std::size_t size = 0;
  for (std::uint32_t i = 0; i < node.b; ++i) {
    std::uint32_t operand = code_.operand(node.a + i);
    Val v = Eval(operand & ~kOptionalBit);
    if (v.is_error()) return v;
    if ((operand & kOptionalBit) != 0 && !v.is_unknown()) {
      if (v.tag() != Tag::kOptional) return context_.NoOverload("?element", {&v, 1});
      if (!AsOptional(v)) continue;
      v = *AsOptional(v);
    }
    items[size++] = v;
  }
  return context_.NewList(items.first(size));
}

template <bool kTraced>
Val Machine<kTraced>::Map(const Node& node) {
  if (!context_.ChargeMemory(node.b * sizeof(Val))) return context_.StepError();
  auto entries = context_.arena.NewArray<MapEntry>(node.b / 2);
  std::size_t size = 0;
  for (std::uint32_t i = 0; i < node.b; i += 2) {
    std::uint32_t operand = code_.operand(node.a + i);
    Val key = Eval(operand & ~kOptionalBit);
    if (key.is_unknown() || key.is_error()) return key;
    if (!IsKey(key)) return context_.NoOverload("map key", {&key, 1});
    Val value = Eval(code_.operand(node.a + i + 1));
    if (value.is_error()) return value;
    if ((operand & kOptionalBit) != 0 && !value.is_unknown()) {
      if (value.tag() != Tag::kOptional) return context_.NoOverload("?key", {&value, 1});
      if (!AsOptional(value)) continue;
      value = *AsOptional(value);
    }
    entries[size++] = {key, value};
  }
  return BuildMap(context_, entries.first(size));
}

template <bool kTraced>
bool Machine<kTraced>::EvalArguments(const Node& node, std::span<Val> args, Val& out,
                                     bool accepts_unknown) {
  out = Val::Null();
  for (std::size_t i = 0; i < args.size(); ++i) {
    args[i] = Eval(code_.operand(node.a + static_cast<std::uint32_t>(i)));
    if (args[i].is_error() && out.is_null()) out = args[i];
    if (args[i].is_unknown() && !accepts_unknown && !out.is_unknown()) out = args[i];
  }
  return out.is_null();
}

template <bool kTraced>
Val Machine<kTraced>::Call(const Node& node) {
  std::array<Val, 4> few;
  std::span<Val> args = node.b <= few.size() ? std::span<Val>(few).first(node.b)
                                             : context_.arena.NewArray<Val>(node.b);
  const Builtin& builtin = BuiltinAt(node.n);
  Val out;
  if (EvalArguments(node, args, out, false)) {
    return context_.lenient ? LenientApply(builtin, args) : builtin.fn(context_, args);
  }
  // "arn:aws:…" with an unknown end still starts with "arn:".
  if (builtin.name == "startsWith" && args[0].is_unknown() && args[1].tag() == Tag::kString &&
      args[0].as_unknown()) {
    std::string_view known = args[0].as_unknown()->prefix, wanted = args[1].as_string();
    if (known.starts_with(wanted)) return Val::Bool(true);
    if (!wanted.starts_with(known)) return Val::Bool(false);
  }
  return out;
}

template <bool kTraced>
Val Machine<kTraced>::LenientApply(const Builtin& builtin, std::span<Val> args) {
  bool null = false;
  for (Val arg : args) null |= arg.is_null();
  if (null && builtin.nulls == NullRule::kFalse) return Val::Bool(false);
  if (null && builtin.nulls == NullRule::kNull) return Val::Null();
  if (builtin.nulls == NullRule::kEmpty && args[0].is_null()) args[0] = context_.NewList({});
  return builtin.fn(context_, args);
}

template <bool kTraced>
Val Machine<kTraced>::Host(const Node& node) {
  std::array<Val, 4> few;
  std::span<Val> args = node.b <= few.size() ? std::span<Val>(few).first(node.b)
                                             : context_.arena.NewArray<Val>(node.b);
  const Function& function = context_.activation.functions[node.n];
  Val out;
  if (!EvalArguments(node, args, out, function.accepts_unknown)) return out;
  return function.call(args, context_.activation);
}

/// Prepares a macro's range; false when there is nothing to iterate, with the macro's result in
/// `out`.
template <bool kTraced>
bool Machine<kTraced>::Open(const Node& node, Range& range, Val& out) {
  Val v = Eval(node.a);
  out = v;
  if (v.is_unknown() || v.is_error()) return false;
  range.value = v;
  if (IsList(v)) {
    range.size = ListSize(v);
  } else if (IsMap(v)) {
    // A single block given as an object stands for the list of it.
    bool single = context_.lenient && (node.n & kElementIsObject) != 0;
    range.form = single ? Range::Form::kSingle : Range::Form::kMap;
    range.size = single ? 1 : MapSize(v);
  } else if (!v.is_null() || !context_.lenient) {
    out = context_.NoOverload("macro", {&v, 1});
    return false;
  }
  return true;
}

template <bool kTraced>
void Machine<kTraced>::Bind(const Node& node, const Range& range, std::size_t i) {
  bool two = (node.n & kTwoVariables) != 0;
  if (range.form == Range::Form::kSingle) {
    locals_[node.c] = range.value;
  } else if (range.form == Range::Form::kMap) {
    MapEntry entry = MapAt(range.value, i);
    locals_[node.c] = entry.key;
    if (two) locals_[node.c + 1] = entry.value;
  } else {
    Val element = ListAt(range.value, i);
    locals_[node.c] = two ? Val::Int(static_cast<std::int64_t>(i)) : element;
    if (two) locals_[node.c + 1] = element;
  }
  if constexpr (kTraced) {
    tracer_->Element({i, range.size, locals_[node.c], two ? locals_[node.c + 1] : Val(), two});
  }
}

template <bool kTraced>
Val Machine<kTraced>::Quantifier(const Node& node, Truth decisive) {
  Range range;
  Val out;
  if (!Open(node, range, out)) return out;
  Val unknown, error;
  for (std::size_t i = 0; i < range.size; ++i) {
    Bind(node, range, i);
    Val v = Part(node, 0);
    Truth truth = TruthOf(v);
    if (truth == decisive) return Val::Bool(decisive == Truth::kTrue);
    if (truth == Truth::kUnknown && !unknown.is_unknown()) unknown = v;
    if (truth == Truth::kError && !error.is_error()) error = v;
    if (truth == Truth::kError && !context_.Charge(1)) break;
  }
  if (unknown.is_unknown()) return unknown;
  return error.is_error() ? error : Val::Bool(decisive == Truth::kFalse);
}

template <bool kTraced>
Val Machine<kTraced>::ExistsOne(const Node& node) {
  Range range;
  Val out;
  if (!Open(node, range, out)) return out;
  Val unknown, error;
  std::size_t hits = 0;
  for (std::size_t i = 0; i < range.size; ++i) {
    Bind(node, range, i);
    Val v = Part(node, 0);
    Truth truth = TruthOf(v);
    hits += truth == Truth::kTrue;
    if (truth == Truth::kUnknown && !unknown.is_unknown()) unknown = v;
    if (truth == Truth::kError) return v;
  }
  if (unknown.is_unknown() && hits < 2) return unknown;
  return Val::Bool(hits == 1);
}

/// The filter part of a macro, which is its first one when it has two.
template <bool kTraced>
Truth Machine<kTraced>::Filter(const Node& node, Val& v) {
  if ((node.n & kHasFilter) == 0) return Truth::kTrue;
  v = Part(node, 0);
  return TruthOf(v);
}

template <bool kTraced>
Val Machine<kTraced>::FilterList(const Node& node) {
  Range range;
  Val out;
  if (!Open(node, range, out)) return out;
  ArenaVector<Val> kept(context_);
  Val unknown;
  for (std::size_t i = 0; i < range.size; ++i) {
    Bind(node, range, i);
    Val element = locals_[node.c];
    Val v = Part(node, 0);
    Truth truth = TruthOf(v);
    if (truth == Truth::kError) return v;
    if (truth == Truth::kUnknown && !unknown.is_unknown()) unknown = v;
    if (truth == Truth::kTrue && !kept.Push(element)) return context_.StepError();
  }
  return unknown.is_unknown() ? unknown : context_.NewList(kept.items());
}

template <bool kTraced>
Val Machine<kTraced>::Transform(const Node& node) {
  Range range;
  Val out;
  if (!Open(node, range, out)) return out;
  ArenaVector<Val> made(context_);
  Val unknown;
  for (std::size_t i = 0; i < range.size; ++i) {
    Bind(node, range, i);
    Val v;
    Truth keep = Filter(node, v);
    if (keep == Truth::kError) return v;
    if (keep == Truth::kUnknown && !unknown.is_unknown()) unknown = v;
    if (keep != Truth::kTrue) continue;
    v = Part(node, (node.n & kHasFilter) != 0 ? 1 : 0);
    if (v.is_error()) return v;
    if (!made.Push(v)) return context_.StepError();
  }
  return unknown.is_unknown() ? unknown : context_.NewList(made.items());
}

template <bool kTraced>
Val Machine<kTraced>::TransformMap(const Node& node) {
  Range range;
  Val out;
  if (!Open(node, range, out)) return out;
  ArenaVector<MapEntry> made(context_);
  for (std::size_t i = 0; i < range.size; ++i) {
    Bind(node, range, i);
    Val key = locals_[node.c];
    Val v;
    Truth keep = Filter(node, v);
    if (keep == Truth::kError || keep == Truth::kUnknown) return v;
    if (keep != Truth::kTrue) continue;
    v = Part(node, (node.n & kHasFilter) != 0 ? 1 : 0);
    if (v.is_error()) return v;
    if (node.op == Op::kTransformMap) {
      if (!made.Push({key, v})) return context_.StepError();
      continue;
    }
    if (v.is_unknown()) return v;
    if (!IsMap(v)) return context_.NoOverload("transformMapEntry", {&v, 1});
    for (std::size_t k = 0; k < MapSize(v); ++k) {
      if (!made.Push(MapAt(v, k))) return context_.StepError();
    }
  }
  return BuildMap(context_, made.items());
}

template <bool kTraced>
Val Machine<kTraced>::BindMacro(const Node& node) {
  locals_[node.c] = Eval(node.a);
  return Eval(node.b);
}

template <bool kTraced>
Val Machine<kTraced>::OptionalMap(const Node& node) {
  Val v = Eval(node.a);
  if (v.is_unknown() || v.is_error()) return v;
  if (v.tag() != Tag::kOptional) return context_.NoOverload("optMap", {&v, 1});
  if (!AsOptional(v)) return v;
  locals_[node.c] = *AsOptional(v);
  Val result = Eval(node.b);
  if (result.is_unknown() || result.is_error()) return result;
  if (node.op == Op::kOptMap) return context_.NewOptional(result);
  return result.tag() == Tag::kOptional ? result : context_.NoOverload("optFlatMap", {&result, 1});
}

template <bool kTraced>
Val Run(std::string_view code, const Activation& activation, Tracer* tracer) {
  static constexpr Limits kDefaults;
  CodeView view(code);
  const CodeHeader& header = view.header();
  Context context(activation, activation.limits ? *activation.limits : kDefaults,
                  header.lenient != 0);
  std::array<Val, 16> few;
  std::span<Val> locals = few;
  if (header.local_count > few.size()) locals = activation.arena->NewArray<Val>(header.local_count);
  return Machine<kTraced>(view, context, locals, tracer).Eval(header.node_count - 1);
}

}  // namespace

Val Evaluate(std::string_view code, const Activation& activation) {
  return Run<false>(code, activation, nullptr);
}

Val EvaluateTraced(std::string_view code, const Activation& activation, Tracer& tracer) {
  return Run<true>(code, activation, &tracer);
}

}  // namespace plumbline::cel
