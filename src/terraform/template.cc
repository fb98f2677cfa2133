// Templates: strings with ${ } and %{ }, in the configuration and in template files.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "hcl/parser.h"
#include "terraform/expression.h"

namespace plumbline::terraform {
namespace {

bool IsDirective(const hcl::Expr& e) {
  return e.kind == hcl::ExprKind::kIfDirective || e.kind == hcl::ExprKind::kForDirective;
}

/// A name a template can refer to: a letter or underscore, then letters, digits, underscores and
/// dashes.
bool IsIdentifier(std::string_view s) {
  auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
  };
  return !s.empty() && letter(s[0]) && std::ranges::all_of(s, [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace

Value ExprEvaluator::JoinParts(std::span<const Value> parts, std::uint8_t marks) {
  std::string text;
  std::vector<Value> merged;  // only when something is unknown
  bool unknown = std::ranges::any_of(parts, [](Value v) { return v.is_unknown(); });
  for (Value p : parts) {
    if (p.is_string()) {
      text += p.as_string();
      continue;
    }
    if (!text.empty()) merged.push_back(MakeText(arena(), text));
    text.clear();
    auto inner = p.unknown()->parts;
    if (inner.empty()) {
      merged.push_back(p.WithoutMarks());
    } else {
      merged.insert(merged.end(), inner.begin(), inner.end());
    }
  }
  if (!unknown) return MakeText(arena(), text).WithMarks(marks);
  if (!text.empty()) merged.push_back(MakeText(arena(), text));
  UnknownInfo info = *UnknownFrom(StringType(), merged, true).unknown();
  if (merged[0].is_string()) {
    info.prefix = merged[0].as_string();
  } else {
    info.prefix = merged[0].unknown()->prefix;
  }
  info.parts = arena().Copy(merged);
  return MakeUnknown(arena(), info).WithMarks(marks);
}

bool ExprEvaluator::TemplatePart(const hcl::Expr& part, const Frame& f, Value* out) {
  Value v;
  if (!Eval(part, f, &v)) return false;
  if (v.is_null()) return Fail("a null value cannot be part of a template", part.span);
  // Terraform asks for the type of an unknown part only when it is known.
  if (v.is_unknown() && !ToText(v, out)) {
    *out = UnknownFrom(StringType(), v);
    return true;
  }
  if (!v.is_unknown() && !ToText(v, out)) {
    return Fail(fmt::format("a {} cannot be part of a template: a string is needed",
                            TypeName(TypeOf(arena(), v))),
                part.span);
  }
  return true;
}

bool ExprEvaluator::EvalTemplate(const hcl::Expr& e, const Frame& f, bool unwrap, Value* out) {
  if (unwrap && e.args.size() == 1 && !IsDirective(*e.args[0])) return Eval(*e.args[0], f, out);
  auto parts = arena().NewArray<Value>(e.args.size());
  std::uint8_t marks = 0;
  for (std::size_t i = 0; i < e.args.size(); ++i) {
    if (!TemplatePart(*e.args[i], f, &parts[i])) return false;
    marks |= parts[i].marks();
  }
  *out = JoinParts(parts, marks);
  return true;
}

bool ExprEvaluator::EvalIfDirective(const hcl::Expr& e, const Frame& f, Value* out) {
  Value arms[2] = {Value::String(""), Value::String("")};
  bool ok[2] = {true, true};
  EvalError errors[2];
  for (std::size_t i = 0; i < 2 && i < e.args.size(); ++i) {
    if (e.args[i] == nullptr) continue;
    const hcl::Expr& arm = *e.args[i];
    ok[i] = arm.kind == hcl::ExprKind::kTemplate ? EvalTemplate(arm, f, false, &arms[i])
                                                 : TemplatePart(arm, f, &arms[i]);
    if (ok[i]) continue;
    if (error_.fatal) return false;
    errors[i] = error_;
    arms[i] = MakeUnknown(arena(), StringType(), errors[i].message, errors[i].span);
  }
  Value condition, decided;
  if (!Eval(*e.operand, f, &condition)) return false;
  if (!Condition(condition, e.operand->span, "the condition of %{ if } is null",
                 "the condition of %{ if } must be true or false", &decided)) {
    return false;
  }
  auto marks = static_cast<std::uint8_t>(decided.marks() | arms[0].marks() | arms[1].marks());
  if (decided.is_unknown()) {
    *out = UnknownFrom(StringType(), std::array{decided, arms[0], arms[1]}, true).WithMarks(marks);
    return true;
  }
  std::size_t taken = decided.as_bool() ? 0 : 1;
  if (!ok[taken]) {
    error_ = errors[taken];
    return false;
  }
  *out = arms[taken].WithMarks(marks);
  return true;
}

bool ExprEvaluator::EvalForDirective(const hcl::Expr& e, const Frame& f, Value* out) {
  Value list;
  hcl::Expr as_for = e;
  as_for.kind = hcl::ExprKind::kFor;
  // A body that is a single interpolation must become text as well: it is made a template of its
  // own.
  hcl::ForExpr spec = *e.for_;
  hcl::Expr body;
  body.kind = hcl::ExprKind::kTemplate;
  body.span = spec.value->span;
  const hcl::Expr* empty_part[2] = {spec.value, nullptr};
  hcl::Expr nothing;
  nothing.kind = hcl::ExprKind::kLiteral;
  nothing.value = Value::String("");
  empty_part[1] = &nothing;
  bool is_template = spec.value->kind == hcl::ExprKind::kTemplate;
  std::vector<const hcl::Expr*> parts;
  if (is_template) {
    parts.assign(spec.value->args.begin(), spec.value->args.end());
    parts.push_back(&nothing);
    body.args = parts;
  } else {
    body.args = empty_part;
  }
  spec.value = &body;
  as_for.for_ = &spec;
  if (!EvalFor(as_for, f, &list)) return false;
  if (list.is_unknown()) {
    *out = UnknownFrom(StringType(), list, true);
    return true;
  }
  std::uint8_t marks = list.marks();
  for (Value v : list.items()) marks |= v.marks();
  *out = JoinParts(list.items(), marks);
  return true;
}

Result<Value> ExprEvaluator::RenderTemplate(std::string_view text, std::string_view path,
                                            Value vars) {
  constexpr std::uint32_t kMaxTemplateDepth = 8;
  if (template_depth_ >= kMaxTemplateDepth)
    return plumbline::Fail("templates call each other too deeply");
  Diagnostics problems;
  std::string_view kept = arena().CopyString(text);
  const hcl::Expr* tree = hcl::ParseTemplate(kNoFile, kept, arena(), functions_.limits, problems);
  if (tree == nullptr || !problems.empty()) {
    std::string why = problems.empty() ? "it cannot be read" : problems[0].message;
    return plumbline::Fail(fmt::format("{}: {}", path, why));
  }
  Frame frame;
  frame.is_template = true;
  std::vector<Binding> bindings;
  bindings.reserve(vars.members().size());
  for (const Member& m : vars.members()) {
    if (!IsIdentifier(m.key)) {
      return plumbline::Fail(
          fmt::format("\"{}\" cannot be the name of a template variable", m.key));
    }
    bindings.push_back({m.key, m.value.WithMarks(vars.marks()), frame.bindings});
    frame.bindings = &bindings.back();
  }
  Value out;
  ++template_depth_;
  bool ok = Eval(*tree, frame, &out);
  --template_depth_;
  if (!ok) return plumbline::Fail(fmt::format("{}: {}", path, error_.message));
  if (out.is_null()) return plumbline::Fail(fmt::format("{}: the template's result is null", path));
  return out;
}

}  // namespace plumbline::terraform
