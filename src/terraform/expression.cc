// Dispatch, names, constructors and calls. Operators, steps and templates have files of their own.
#include "terraform/expression.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "support/suggest.h"
#include "value/convert.h"
#include "value/number.h"

namespace plumbline::terraform {
namespace {

// The evaluator recurses over the user's expressions and, through names, over whole chains of
// declarations. Threads have 8 MB of stack; this much of it is ours.
constexpr std::uintptr_t kMaxStackBytes = 5u << 20;

bool IsAscii(std::string_view s) {
  return std::ranges::all_of(s, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

Value MakeText(Arena& arena, std::string_view text) {
  if (!IsAscii(text)) {
    utf8proc_uint8_t* normal = nullptr;
    auto n = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                          static_cast<utf8proc_ssize_t>(text.size()), &normal,
                          static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(normal, &std::free);
    if (n >= 0)
      return MakeString(arena,
                        {reinterpret_cast<const char*>(normal), static_cast<std::size_t>(n)});
  }
  return MakeString(arena, text);
}

Value SealTuple(Arena& arena, std::span<const Value> items) {
  return Value::Tuple(arena.New<ListRep>(static_cast<const Type*>(nullptr), items));
}

Value SealObject(Arena& arena, std::span<Member> members) {
  auto less = [](const Member& a, const Member& b) { return a.key < b.key; };
  if (!std::is_sorted(members.begin(), members.end(), less))
    std::stable_sort(members.begin(), members.end(), less);
  std::size_t n = 0;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (i + 1 < members.size() && members[i].key == members[i + 1].key) continue;
    members[n++] = members[i];
  }
  std::span<const Member> kept = members.first(n);
  return Value::Object(arena.New<ObjectRep>(static_cast<const Type*>(nullptr), kept));
}

ExprEvaluator::ExprEvaluator(Names& names, FunctionContext functions)
    : names_(names),
      functions_(std::move(functions)),
      steps_left_(functions_.limits.max_steps),
      stack_base_(reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0))) {
  functions_.render_template = [this](std::string_view text, std::string_view path, Value vars) {
    return RenderTemplate(text, path, vars);
  };
}

bool ExprEvaluator::Fail(std::string message, Span span, bool fatal) {
  error_.message = std::move(message);
  error_.span = span;
  error_.fatal = fatal;
  error_.quiet = false;
  return false;
}

bool ExprEvaluator::FailQuietly(std::string message, Span span) {
  Fail(std::move(message), span, true);
  error_.quiet = true;
  return false;
}

Value ExprEvaluator::UnknownFrom(const Type* type, std::span<const Value> from, bool not_null) {
  UnknownInfo info;
  info.type = type;
  info.not_null = not_null;
  std::uint8_t marks = 0;
  std::size_t with_refs = 0, n = 0;
  for (Value v : from) {
    marks |= v.marks();
    const UnknownInfo* u = v.is_unknown() ? v.unknown() : FirstUnknown(v);
    if (u == nullptr) continue;
    if (info.cause == nullptr) info.cause = u->cause;
    if (u->refs.empty()) continue;
    ++with_refs;
    n += u->refs.size();
    info.refs = u->refs;
  }
  constexpr std::size_t kMaxRefs = 64;
  if (with_refs > 1) {
    auto all = arena().NewArray<ResourceRef>(std::min(n, kMaxRefs));
    std::size_t k = 0;
    for (Value v : from) {
      const UnknownInfo* u = v.is_unknown() ? v.unknown() : FirstUnknown(v);
      if (u == nullptr) continue;
      for (const ResourceRef& r : u->refs) {
        bool known = std::any_of(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(k),
                                 [&](const ResourceRef& o) {
                                   return o.address == r.address && o.attribute == r.attribute;
                                 });
        if (!known && k < all.size()) all[k++] = r;
      }
    }
    info.refs = all.first(k);
  }
  return MakeUnknown(arena(), info).WithMarks(marks);
}

bool ExprEvaluator::Eval(const hcl::Expr& e, const Frame& f, Value* out) {
  if (steps_left_ == 0)
    return Fail("evaluating this project takes more steps than the limit allows", e.span, true);
  --steps_left_;
  auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  auto used = stack_base_ > here ? stack_base_ - here : here - stack_base_;
  if (used > kMaxStackBytes)
    return Fail("expressions refer to each other more deeply than the limit allows", e.span, true);
  switch (e.kind) {
    case hcl::ExprKind::kLiteral:
      *out = e.value;
      return true;
    case hcl::ExprKind::kTemplate:
      return EvalTemplate(e, f, true, out);
    case hcl::ExprKind::kVariable:
      return EvalVariable(e, f, out);
    case hcl::ExprKind::kTraversal:
      return EvalTraversal(e, f, out);
    case hcl::ExprKind::kCall:
      return EvalCall(e, f, out);
    case hcl::ExprKind::kConditional:
      return EvalConditional(e, f, out);
    case hcl::ExprKind::kBinary:
      return EvalBinary(e, f, out);
    case hcl::ExprKind::kUnary:
      return EvalUnary(e, f, out);
    case hcl::ExprKind::kTuple:
      return EvalTuple(e, f, out);
    case hcl::ExprKind::kObject:
      return EvalObject(e, f, out);
    case hcl::ExprKind::kFor:
      return EvalFor(e, f, out);
    case hcl::ExprKind::kParens:
      return Eval(*e.operand, f, out);
    case hcl::ExprKind::kIfDirective:
      return EvalIfDirective(e, f, out);
    case hcl::ExprKind::kForDirective:
      return EvalForDirective(e, f, out);
    case hcl::ExprKind::kError:
      break;
  }
  *out = MakeUnknown(arena(), DynamicType(), "the expression could not be read", e.span);
  return true;
}

bool ExprEvaluator::EvalVariable(const hcl::Expr& e, const Frame& f, Value* out) {
  for (const Binding* b = f.bindings; b != nullptr; b = b->next) {
    if (b->name == e.name) return ApplySteps(b->value, e.steps, f, out);
  }
  if (f.is_template) {
    return Fail(fmt::format("the template's variables have no \"{}\"", e.name), e.span);
  }
  if (f.module == nullptr)
    return Fail("only constant values are allowed here, not references", e.span, true);
  Value root;
  std::size_t used = 0;
  if (!names_.Resolve(e, f, &root, &used)) return false;
  return ApplySteps(root, e.steps.subspan(used), f, out);
}

bool ExprEvaluator::EvalTraversal(const hcl::Expr& e, const Frame& f, Value* out) {
  Value v;
  return Eval(*e.operand, f, &v) && ApplySteps(v, e.steps, f, out);
}

bool ExprEvaluator::EvalTuple(const hcl::Expr& e, const Frame& f, Value* out) {
  auto items = arena().NewArray<Value>(e.args.size());
  for (std::size_t i = 0; i < e.args.size(); ++i) {
    if (!Eval(*e.args[i], f, &items[i])) return false;
  }
  *out = SealTuple(arena(), items);
  return true;
}

bool ExprEvaluator::EvalObject(const hcl::Expr& e, const Frame& f, Value* out) {
  auto members = arena().NewArray<Member>(e.items.size());
  Value unknown_key;
  std::uint8_t marks = 0;
  for (std::size_t i = 0; i < e.items.size(); ++i) {
    const hcl::ObjectItem& item = e.items[i];
    Value key, text;
    if (item.key->kind == hcl::ExprKind::kVariable && !item.key->steps.empty()) {
      return Fail("an object key that is a reference must stand in parentheses", item.key->span,
                  true);
    }
    if (!Eval(*item.key, f, &key) || !Eval(*item.value, f, &members[i].value)) return false;
    if (key.is_null()) return Fail("an object key must not be null", item.key->span);
    if (!ToText(key, &text)) return Fail("an object key must be a string", item.key->span);
    marks |= text.marks();
    if (text.is_unknown()) {
      unknown_key = text;
    } else {
      members[i].key = text.as_string();
    }
  }
  *out = unknown_key.is_unknown() ? UnknownFrom(DynamicType(), unknown_key)
                                  : SealObject(arena(), members);
  if (marks != 0) *out = out->WithMarks(marks);
  return true;
}

bool ExprEvaluator::EvalTry(const hcl::Expr& e, const Frame& f, Value* out) {
  for (std::size_t i = 0; i < e.args.size(); ++i) {
    ++try_depth_;
    bool ok = Eval(*e.args[i], f, out);
    --try_depth_;
    if (ok) {
      bool expand = e.expand_last && i + 1 == e.args.size();
      if (expand && !out->is_unknown()) {
        if (!out->is_sequence())
          return Fail("the argument before \"...\" must be a list, tuple or set", e.args[i]->span);
        if (out->items().empty()) break;
        *out = out->items()[0].WithMarks(out->marks());
      }
      // Terraform can't tell yet whether the expression would fail, so the type is open as well. A
      // value that is known in part is kept: what is known of it is worth more to a rule than
      // nothing.
      if (exact_ ? HasUnknown(*out) : out->is_unknown()) *out = UnknownFrom(DynamicType(), *out);
      return true;
    }
    if (error_.fatal) return false;
  }
  return Fail("try() found no argument that can be evaluated", e.span);
}

bool ExprEvaluator::EvalCan(const hcl::Expr& e, const Frame& f, Value* out) {
  if (e.args.size() != 1) return Fail("can() takes exactly one argument", e.span);
  Value v;
  ++try_depth_;
  bool ok = Eval(*e.args[0], f, &v);
  --try_depth_;
  if (e.expand_last) {
    if (!ok) return false;
    if (!v.is_unknown() && v.items().size() != 1)
      return Fail("can() takes exactly one argument", e.span);
  }
  if (!ok) {
    if (error_.fatal) return false;
    *out = Value::Bool(false);
  } else {
    *out = HasUnknown(v) ? UnknownFrom(BoolType(), v, true) : Value::Bool(true);
  }
  return true;
}

bool ExprEvaluator::EvalCall(const hcl::Expr& e, const Frame& f, Value* out) {
  std::string_view name = e.name;
  if (name.starts_with("core::")) name.remove_prefix(6);
  if (name == "try") return EvalTry(e, f, out);
  if (name == "can") return EvalCan(e, f, out);
  if (!IsFunction(e.name)) {
    return Fail(fmt::format("there is no function named \"{}\"{}", e.name,
                            DidYouMean(name, FunctionNames())),
                e.span);
  }
  if (f.is_template && (name == "templatefile" || name == "templatestring")) {
    return Fail(fmt::format("{}() cannot be called from inside a template", name), e.span);
  }
  if (f.module == nullptr && !f.is_template)
    return Fail("only constant values are allowed here, not function calls", e.span, true);
  auto args = arena().NewArray<Value>(e.args.size());
  for (std::size_t i = 0; i < e.args.size(); ++i) {
    if (!Eval(*e.args[i], f, &args[i])) return false;
  }
  std::span<const Value> given = args;
  if (e.expand_last && !args.empty()) {
    Value last = args.back();
    if (last.is_unknown()) {
      TypeKind kind = last.unknown()->type->kind;
      if (kind == TypeKind::kDynamic || kind == TypeKind::kList || kind == TypeKind::kSet ||
          kind == TypeKind::kTuple) {
        *out = UnknownFrom(DynamicType(), last);
        return true;
      }
    }
    if (!last.is_sequence()) {
      return Fail("the argument before \"...\" must be a list, tuple or set", e.args.back()->span);
    }
    auto all = arena().NewArray<Value>(args.size() - 1 + last.items().size());
    auto end = std::copy(args.begin(), args.end() - 1, all.begin());
    std::transform(last.items().begin(), last.items().end(), end,
                   [&](Value v) { return v.WithMarks(last.marks()); });
    given = all;
  }
  if (name == "templatestring" && given.size() == 2 && !given[1].is_unknown() &&
      !given[1].is_null()) {
    if (e.args[0]->kind != hcl::ExprKind::kVariable && e.args[0]->kind != hcl::ExprKind::kTraversal)
      return Fail("the first argument of templatestring() must be a reference to a template",
                  e.args[0]->span);
    if (!given[0].is_unknown() && !given[1].is_mapping())
      return Fail("the second argument of templatestring() must be an object or map", e.span);
  }
  // A template has no module: what its caller may read holds for it too.
  if (f.module != nullptr) functions_.packages = names_.Packages(f);
  if (name.starts_with("provider::")) return CallProvider(e, given, f, out);
  auto result = CallFunction(e.name, given, functions_);
  if (!result) {
    std::string message = result.error().message;
    bool named = message.find(fmt::format("{}()", name)) != std::string::npos;
    Fail(named ? std::move(message) : fmt::format("{}: {}", e.name, message), e.span);
    error_.quiet = name.starts_with("file") || name == "templatefile";
    return false;
  }
  *out = *result;
  return true;
}

}  // namespace plumbline::terraform
