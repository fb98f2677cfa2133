// Expressions in the scope of a root module, one at a time.
#include "hcl/parser.h"
#include "terraform/console_text.h"
#include "terraform/project.h"
#include "terraform/terraform.h"
#include "value/json.h"
#include "value/number.h"

namespace plumbline::terraform {

namespace {

// type() is the console's own: it stands alone and its answer is no value.
struct Answer {
  Value value;
  const Type* type = nullptr;  // of type()
};

}  // namespace

struct Console::Impl {
  SourceMap sources;
  Limits limits;
  Arena arena;
  Diagnostics diagnostics;
  std::shared_ptr<ParsedFiles> files;
  std::unique_ptr<Project> project;
  bool ready = false;
  std::string dir;

  bool Eval(std::string_view text, Answer* out, std::string* error);
  bool EvalExpr(const hcl::Expr& e, Value* out, std::string* error);
};

namespace {

bool HasInfinity(Value v) {
  if (v.is_number()) return IsInfinite(v);
  for (Value i : v.items()) {
    if (HasInfinity(i)) return true;
  }
  for (const Member& m : v.members()) {
    if (HasInfinity(m.value)) return true;
  }
  return false;
}

}  // namespace

bool Console::Impl::EvalExpr(const hcl::Expr& e, Value* out, std::string* error) {
  ExprEvaluator& evaluator = project->evaluator();
  if (evaluator.Eval(e, Frame{project->root()}, out)) return true;
  *error = evaluator.error().message;
  return false;
}

bool Console::Impl::Eval(std::string_view text, Answer* out, std::string* error) {
  if (!ready) {
    *error = dir + " is not a folder that can be read";
    return false;
  }
  Diagnostics problems;
  std::string_view kept = arena.CopyString(text);
  const hcl::Expr* e = hcl::ParseExpression(kNoFile, kept, arena, limits, problems);
  if (e == nullptr || !problems.empty()) {
    *error = problems.empty() ? "this is no expression" : problems[0].message;
    return false;
  }
  while (e->kind == hcl::ExprKind::kParens) e = e->operand;
  if (e->kind != hcl::ExprKind::kCall || e->name != "type") return EvalExpr(*e, &out->value, error);
  if (e->args.size() != 1 || e->expand_last) {
    *error = "type() takes exactly one argument";
    return false;
  }
  if (!EvalExpr(*e->args[0], &out->value, error)) return false;
  out->type = TypeOf(arena, out->value);
  return true;
}

Console::Console(const FileSystem& fs, std::string dir, std::string allowed_root, Options options)
    : impl_(std::make_unique<Impl>()) {
  impl_->dir = dir;
  impl_->files = MakeParsedFiles(fs, impl_->sources, impl_->limits, dir);
  impl_->project = std::make_unique<Project>(*impl_->files, dir, std::move(allowed_root), options,
                                             impl_->arena, impl_->diagnostics);
  impl_->ready = impl_->project->Start();
  if (impl_->ready) impl_->project->evaluator().set_exact(true);
}

Console::~Console() = default;

std::string Console::EvaluateJson(std::string_view expression) {
  Answer answer;
  std::string error;
  std::string out;
  if (impl_->Eval(expression, &answer, &error) && !HasInfinity(answer.value)) {
    Value v = answer.type == nullptr ? answer.value
                                     : MakeString(impl_->arena, ConsoleTypeText(answer.type));
    out = "{\"value\":";
    AppendJson(out, v);
    out += ",\"type\":" + TypeJson(v.is_null() ? DynamicType() : TypeOf(impl_->arena, v)) + "}";
    return out;
  }
  if (error.empty()) error = "an infinite number cannot be written";
  out = "{\"error\":";
  AppendJsonString(out, error);
  return out + "}";
}

bool Console::EvaluateText(std::string_view expression, std::string& out) {
  Answer answer;
  std::string error;
  if (impl_->Eval(expression, &answer, &error)) {
    out = answer.type == nullptr ? ConsoleText(answer.value) : ConsoleTypeText(answer.type);
    return true;
  }
  out = error;
  return false;
}

}  // namespace plumbline::terraform
