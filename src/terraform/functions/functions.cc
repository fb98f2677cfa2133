// Finding a function and applying the common rules: number of arguments, conversion, null, unknown,
// marks.
#include "terraform/functions.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "terraform/functions/registry.h"
#include "value/convert.h"
#include "value/number.h"

namespace plumbline::terraform {
namespace functions {
namespace {

constexpr std::array kGroups = {
    &NumericFunctions,      &StringFunctions,  &RegexFunctions,      &FormatFunctions,
    &CollectionFunctions,   &MappingFunctions, &SetFunctions,        &EncodingFunctions,
    &TextEncodingFunctions, &YamlFunctions,    &FilesystemFunctions, &DatetimeFunctions,
    &CryptoFunctions,       &NetworkFunctions, &ConversionFunctions,
};

// All functions by name: the groups merged when first needed.
const std::vector<const Function*>& Index() {
  static const std::vector<const Function*> kIndex = [] {
    std::vector<const Function*> index;
    for (auto group : kGroups) {
      for (const Function& f : group()) index.push_back(&f);
    }
    std::ranges::sort(index, {}, &Function::name);
    return index;
  }();
  return kIndex;
}

const Function* Find(std::string_view name) {
  const auto& index = Index();
  auto it = std::ranges::lower_bound(index, name, {}, &Function::name);
  return it != index.end() && (*it)->name == name ? *it : nullptr;
}

const Type* ParamType(Arena& arena, Accepts accepts) {
  switch (accepts) {
    case Accepts::kBool:
      return BoolType();
    case Accepts::kNumber:
      return NumberType();
    case Accepts::kString:
      return StringType();
    case Accepts::kListAny:
      return ListType(arena, DynamicType());
    case Accepts::kListBool:
      return ListType(arena, BoolType());
    case Accepts::kListString:
      return ListType(arena, StringType());
    case Accepts::kSetAny:
      return SetType(arena, DynamicType());
    case Accepts::kMapOfLists:
      return MapType(arena, ListType(arena, StringType()));
    case Accepts::kNothing:
    case Accepts::kAny:
      break;
  }
  return DynamicType();
}

const Type* ReturnType(Arena& arena, Returns returns) {
  switch (returns) {
    case Returns::kBool:
      return BoolType();
    case Returns::kNumber:
      return NumberType();
    case Returns::kString:
      return StringType();
    case Returns::kListString:
      return ListType(arena, StringType());
    case Returns::kListNumber:
      return ListType(arena, NumberType());
    case Returns::kSetString:
      return SetType(arena, StringType());
    case Returns::kMapOfLists:
      return MapType(arena, ListType(arena, StringType()));
    case Returns::kVaries:
      break;
  }
  return DynamicType();
}

bool IsDynamic(Value v) {
  if (v.is_unknown()) return v.unknown()->type->kind == TypeKind::kDynamic;
  return v.is_null() && (v.null_type() == nullptr || v.null_type()->kind == TypeKind::kDynamic);
}

const Param& ParamAt(const Function& f, std::size_t i) {
  return i < f.min_arity() ? f.params[i] : f.rest;
}

Result<void> CheckArity(const Function& f, std::size_t n) {
  if (n < f.min_arity()) {
    return Fail(fmt::format("{}() needs {}{} argument{} but got {}", f.name,
                            f.variadic() ? "at least " : "", f.min_arity(),
                            f.min_arity() == 1 ? "" : "s", n));
  }
  if (!f.variadic() && n > f.min_arity()) {
    return Fail(fmt::format("{}() takes {} argument{} but got {}", f.name, f.min_arity(),
                            f.min_arity() == 1 ? "" : "s", n));
  }
  return {};
}

Result<std::vector<Value>> ConvertArgs(Arena& arena, const Function& f,
                                       std::span<const Value> args) {
  std::vector<Value> out;
  out.reserve(args.size());
  for (std::size_t i = 0; i < args.size(); ++i) {
    const Param& p = ParamAt(f, i);
    auto v = p.type == Accepts::kAny ? Result<Value>(args[i])
                                     : Convert(arena, args[i], ParamType(arena, p.type));
    if (!v) return Fail(fmt::format("argument {} of {}(): {}", i + 1, f.name, v.error().message));
    out.push_back(*v);
  }
  return out;
}

// Takes from `v` the marks that the function does not want to see.
Value TakeMarks(Arena& arena, Value v, const Param& p, std::uint8_t& marks) {
  if ((p.flags & kOwnMarks) != 0) return v;
  if ((p.flags & kMarked) != 0) {
    marks |= v.marks();
    return v.WithoutMarks();
  }
  std::uint8_t deep = DeepMarks(v);
  if (deep == 0) return v;
  marks |= deep;
  return WithoutDeepMarks(arena, v);
}

// What the flags make of the arguments before the function is asked.
enum class Outcome { kRun, kUnknownType, kUnknown };

Result<Outcome> Examine(const Function& f, Call& call, std::vector<Value>& args) {
  Outcome outcome = Outcome::kRun;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const Param& p = ParamAt(f, i);
    // Behind an argument of unknown type nothing is checked.
    bool checked = outcome != Outcome::kUnknownType;
    if (checked && args[i].is_null() && (p.flags & kNull) == 0) {
      return Fail(fmt::format("argument {} of {}() must not be null", i + 1, f.name));
    }
    args[i] = TakeMarks(call.arena, args[i], p, call.marks);
    if (!checked) continue;
    if ((p.flags & kDynamic) == 0 && IsDynamic(args[i]))
      outcome = Outcome::kUnknownType;
    else if ((p.flags & kUnknown) == 0 && args[i].is_unknown())
      outcome = Outcome::kUnknown;
  }
  return outcome;
}

Result<Value> Run(const Function& f, Call& call, std::vector<Value>& args) {
  PL_TRY(Outcome outcome, Examine(f, call, args));
  call.args = args;
  if (outcome == Outcome::kUnknownType) {
    return UnknownResult(call, DynamicType());
  }
  if (outcome == Outcome::kUnknown) {
    if (f.type == nullptr) return UnknownResult(call, ReturnType(call.arena, f.returns));
    PL_TRY(const Type* type, f.type(call));
    return UnknownResult(call, type);
  }
  return f.run(call);
}

void CollectUnknown(Value v, std::vector<const UnknownInfo*>& out, int depth = 0) {
  constexpr std::size_t kEnough = 32;
  if (out.size() >= kEnough || depth > 64) return;
  if (v.is_unknown()) out.push_back(v.unknown());
  for (Value i : v.items()) CollectUnknown(i, out, depth + 1);
  for (const Member& m : v.members()) CollectUnknown(m.value, out, depth + 1);
}

}  // namespace

Value UnknownResult(Call& call, const Type* type) {
  UnknownInfo info;
  info.type = type;
  info.not_null = type->kind != TypeKind::kDynamic;
  return UnknownResult(call, info);
}

Value UnknownResult(Call& call, UnknownInfo info) {
  std::vector<const UnknownInfo*> sources;
  for (Value v : call.args) CollectUnknown(v, sources);
  std::vector<ResourceRef> refs(info.refs.begin(), info.refs.end());
  for (const UnknownInfo* u : sources) {
    if (info.cause == nullptr) info.cause = u->cause;
    for (const ResourceRef& r : u->refs) {
      bool known = std::ranges::any_of(refs, [&](const ResourceRef& x) {
        return x.address == r.address && x.attribute == r.attribute;
      });
      if (!known) refs.push_back(r);
    }
  }
  info.refs = call.arena.Copy(refs);
  return MakeUnknown(call.arena, info);
}

std::string Normalize(std::string_view s) {
  bool ascii = std::ranges::all_of(s, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (ascii) return std::string(s);
  utf8proc_uint8_t* out = nullptr;
  auto n = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(s.data()),
                        static_cast<utf8proc_ssize_t>(s.size()), &out,
                        static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  if (n < 0) return std::string(s);  // invalid UTF-8 stays as it is
  std::string result(reinterpret_cast<const char*>(out), static_cast<std::size_t>(n));
  std::free(out);
  return result;
}

Result<Value> Text(Call& call, std::string_view s) {
  if (s.size() > call.context.limits.max_string_bytes) {
    return Fail(fmt::format("{}() would make a string of {} bytes, more than the limit of {}",
                            call.name, s.size(), call.context.limits.max_string_bytes));
  }
  bool ascii = std::ranges::all_of(s, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return MakeString(call.arena, ascii ? s : std::string_view(Normalize(s)));
}

Result<std::int64_t> WholeArg(Call& call, std::size_t index) {
  if (auto i = ToInt64(call.args[index])) return *i;
  return Fail(fmt::format("argument {} of {}() must be a whole number, but is {}", index + 1,
                          call.name, FormatNumber(call.args[index])));
}

namespace {
Tri EqualUnknown(Value a, Value b) {
  Value u = a.is_unknown() ? a : b, other = a.is_unknown() ? b : a;
  if (other.is_null()) return u.unknown()->not_null ? Tri::kNo : Tri::kUnknown;
  TypeKind kind = u.unknown()->type->kind;
  if (kind == TypeKind::kDynamic || other.is_unknown()) return Tri::kUnknown;
  constexpr TypeKind kKinds[] = {TypeKind::kDynamic, TypeKind::kBool, TypeKind::kNumber,
                                 TypeKind::kString,  TypeKind::kList, TypeKind::kTuple,
                                 TypeKind::kSet,     TypeKind::kMap,  TypeKind::kObject};
  if (kKinds[static_cast<std::size_t>(other.kind())] != kind) return Tri::kNo;
  if (other.is_string() && !other.as_string().starts_with(u.unknown()->prefix)) return Tri::kNo;
  return Tri::kUnknown;
}

Tri EqualAt(Value a, Value b, int depth);

Tri EqualParts(Value a, Value b, int depth) {
  bool unknown = false;
  auto x = a.items(), y = b.items();
  if (x.size() != y.size() || a.members().size() != b.members().size()) return Tri::kNo;
  for (std::size_t i = 0; i < x.size(); ++i) {
    Tri t = EqualAt(x[i], y[i], depth + 1);
    if (t == Tri::kNo) return t;
    unknown |= t == Tri::kUnknown;
  }
  for (std::size_t i = 0; i < a.members().size(); ++i) {
    if (a.members()[i].key != b.members()[i].key) return Tri::kNo;
    Tri t = EqualAt(a.members()[i].value, b.members()[i].value, depth + 1);
    if (t == Tri::kNo) return t;
    unknown |= t == Tri::kUnknown;
  }
  return unknown ? Tri::kUnknown : Tri::kYes;
}

Tri EqualAt(Value a, Value b, int depth) {
  if (depth > 1000) return Tri::kUnknown;
  if (a.is_unknown() || b.is_unknown()) return EqualUnknown(a, b);
  if (a.is_null() || b.is_null()) return a.is_null() && b.is_null() ? Tri::kYes : Tri::kNo;
  if (a.kind() != b.kind()) return Tri::kNo;
  switch (a.kind()) {
    case Kind::kList:
    case Kind::kSet:
      if (!SameType(a.list_rep()->type, b.list_rep()->type)) return Tri::kNo;
      if (a.kind() == Kind::kSet && (HasUnknown(a) || HasUnknown(b))) return Tri::kUnknown;
      return EqualParts(a, b, depth);
    case Kind::kMap:
      if (!SameType(a.object_rep()->type, b.object_rep()->type)) return Tri::kNo;
      return EqualParts(a, b, depth);
    case Kind::kTuple:
    case Kind::kObject:
      return EqualParts(a, b, depth);
    default:
      return RawEqual(a, b) ? Tri::kYes : Tri::kNo;
  }
}
}  // namespace

Tri Equal(Value a, Value b) { return EqualAt(a, b, 0); }

bool IsValidUtf8(std::string_view s) {
  while (!s.empty()) {
    utf8proc_int32_t c = 0;
    auto n = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(s.data()),
                              static_cast<utf8proc_ssize_t>(s.size()), &c);
    if (n <= 0) return false;
    s.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

std::size_t FirstGrapheme(std::string_view s) {
  std::size_t at = 0;
  utf8proc_int32_t previous = 0, state = 0;
  while (at < s.size()) {
    utf8proc_int32_t c = 0;
    auto n = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(s.data() + at),
                              static_cast<utf8proc_ssize_t>(s.size() - at), &c);
    if (n <= 0) return at == 0 ? 1 : at;
    if (at > 0 && utf8proc_grapheme_break_stateful(previous, c, &state)) return at;
    previous = c;
    at += static_cast<std::size_t>(n);
  }
  return at;
}

std::int64_t CountGraphemes(std::string_view s) {
  std::int64_t n = 0;
  for (; !s.empty(); s.remove_prefix(FirstGrapheme(s))) ++n;
  return n;
}

}  // namespace functions

namespace {
std::string_view WithoutNamespace(std::string_view name) {
  constexpr std::string_view kCore = "core::";
  return name.starts_with(kCore) ? name.substr(kCore.size()) : name;
}
}  // namespace

bool IsFunction(std::string_view name) {
  if (name.starts_with("provider::")) return true;
  name = WithoutNamespace(name);
  return name == "try" || name == "can" || functions::Find(name) != nullptr;
}

std::vector<std::string_view> FunctionNames() {
  std::vector<std::string_view> names{"can", "try"};
  for (const functions::Function* f : functions::Index()) names.push_back(f->name);
  std::ranges::sort(names);
  return names;
}

Result<Value> CallFunction(std::string_view name, std::span<const Value> args,
                           FunctionContext& context) {
  name = WithoutNamespace(name);
  const functions::Function* f = functions::Find(name);
  if (f == nullptr) return Fail(fmt::format("there is no function named \"{}\"", name));
  PL_CHECK_OK(functions::CheckArity(*f, args.size()));
  PL_TRY(auto converted, functions::ConvertArgs(context.arena, *f, args));
  functions::Call call{context, context.arena, f->name, {}};
  PL_TRY(Value result, functions::Run(*f, call, converted));
  return result.WithMarks(call.marks);
}

}  // namespace plumbline::terraform
