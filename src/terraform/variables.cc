// Input variables: where their values come from, in Terraform's order, and what becomes of them:
// defaults of optional attributes, conversion, null, validation.
#include <fmt/format.h>

#include "hcl/parser.h"
#include "terraform/project.h"

namespace plumbline::terraform {
namespace {

bool EndsWithAny(std::string_view name, std::string_view a, std::string_view b) {
  return name.ends_with(a) || name.ends_with(b);
}

bool LiteralTrue(const hcl::Body& body, std::string_view name) {
  const hcl::Attribute* a = body.FindAttribute(name);
  return a != nullptr && a->expr->kind == hcl::ExprKind::kLiteral && a->expr->value.is_bool() &&
         a->expr->value.as_bool();
}

/// Text from the command line or the environment is HCL only for types that a string cannot say.
bool IsTextType(const VariableDecl& decl, const TypeConstraint& constraint) {
  if (decl.type == nullptr) return true;
  TypeKind k = constraint.type->kind;
  return k == TypeKind::kString || k == TypeKind::kNumber || k == TypeKind::kBool;
}

}  // namespace

void Project::LoadInputFile(const std::string& path, bool required, InputTable& table) {
  if (!files_->fs().IsFile(path)) {
    if (required) table.absent_files.push_back(path);
    return;
  }
  const ParsedVariables* file = files_->Variables(files_->fs().RealPath(path));
  if (file->body == nullptr) return;
  std::string shown = std::string(files_->sources().Path(file->file));
  for (const hcl::Attribute& a : file->body->attributes)
    table.values[a.name] = {&a, {}, false, shown};
}

void Project::LoadInputs(const Environment* environment, InputTable& table) {
  auto add_texts = [&](const auto& list, std::string_view prefix) {
    for (const auto& [name, text] : list)
      table.values[name] = {nullptr, text, true, fmt::format("{}{}", prefix, name)};
  };
  auto add_files = [&](const std::vector<std::string>& paths) {
    for (const std::string& path : paths) LoadInputFile(path, true, table);
  };
  add_texts(options_.environment, "TF_VAR_");
  LoadInputFile(dir_ + "/terraform.tfvars", false, table);
  LoadInputFile(dir_ + "/terraform.tfvars.json", false, table);
  if (auto entries = files_->fs().ListDir(dir_)) {
    for (const DirEntry& e : *entries) {
      if (!e.is_directory && EndsWithAny(e.name, ".auto.tfvars", ".auto.tfvars.json")) {
        LoadInputFile(dir_ + "/" + e.name, false, table);
      }
    }
  }
  add_files(options_.var_files);
  if (environment != nullptr) add_files(environment->var_files);
  add_texts(options_.vars, "--var ");
  if (environment != nullptr) add_texts(environment->vars, "environment's variable ");
  for (const auto& [name, text] : options_.planned)
    table.values[name] = {nullptr, text, true, "the plan"};
  table.workspace = environment != nullptr && !environment->workspace.empty()
                        ? environment->workspace
                        : options_.workspace;
}

const TypeConstraint& Project::Constraint(const VariableDecl& decl) {
  auto [it, is_new] = constraints_.try_emplace(&decl);
  if (!is_new) return it->second;
  it->second = {DynamicType(), DynamicType(), nullptr};
  if (decl.type == nullptr) return it->second;
  auto parsed = ParseTypeConstraint(*decl.type, *evaluator_);
  if (parsed) {
    it->second = *parsed;
  } else {
    lasting_report_ = true;
    Report(DiagnosticCode::kEvaluationError,
           fmt::format("variable \"{}\": {}", decl.name, parsed.error().message), decl.type->span);
    lasting_report_ = false;
  }
  return it->second;
}

bool Project::Nullable(const VariableDecl& decl) {
  const hcl::Attribute* a = decl.body->FindAttribute("nullable");
  return a == nullptr || a->expr->kind != hcl::ExprKind::kLiteral || !a->expr->value.is_bool() ||
         a->expr->value.as_bool();
}

bool Project::RootInput(const VariableDecl& decl, Value* out) {
  auto it = inputs().values.find(decl.name);
  if (it == inputs().values.end()) return false;
  const InputValue& input = it->second;
  const hcl::Expr* e = nullptr;
  if (!input.is_text) {
    e = input.attribute->expr;
  } else if (IsTextType(decl, Constraint(decl))) {
    *out = MakeText(*arena_, input.text);
    return true;
  } else {
    Diagnostics problems;
    e = hcl::ParseExpression(kNoFile, arena_->CopyString(input.text), *arena_, files_->limits(),
                             problems);
    if (e == nullptr) {
      std::string why = problems.empty() ? "it is no expression" : problems[0].message;
      Report(DiagnosticCode::kInvalidVariable,
             fmt::format("the value of variable \"{}\" from {}: {}", decl.name, input.what, why),
             decl.block->header);
      *out = MakeUnknown(*arena_, Constraint(decl).plain,
                         fmt::format("the value of var.{} cannot be read", decl.name));
      return true;
    }
  }
  if (evaluator_->Eval(*e, Frame{}, out)) return true;
  Report(DiagnosticCode::kInvalidVariable,
         fmt::format("the value of variable \"{}\" from {}: {}", decl.name, input.what,
                     evaluator_->error().message),
         evaluator_->error().span);
  *out = MakeUnknown(*arena_, Constraint(decl).plain,
                     fmt::format("the value of var.{} cannot be read", decl.name));
  return true;
}

Value Project::CheckedVariable(Value v, const VariableDecl& decl, const ModuleInstance& module,
                               Span span) {
  auto converted = ApplyConstraint(*arena_, v, Constraint(decl));
  if (converted) return *converted;
  std::string where = module.address.empty() ? "" : fmt::format(" of {}", module.address);
  Report(DiagnosticCode::kInvalidVariable,
         fmt::format("the value of variable \"{}\"{} is not of its type: {}", decl.name, where,
                     converted.error().message),
         span);
  return MakeUnknown(*arena_, Constraint(decl).plain,
                     fmt::format("var.{} has a value of the wrong type", decl.name), span);
}

Value Project::ComputeVariable(ModuleInstance& module, const VariableDecl& decl) {
  Value v;
  Span span = decl.block->header;
  bool given = false;
  if (module.call == nullptr) {
    NoteInputs(MaskOf(decl));
    given = RootInput(decl, &v);
    auto it = inputs().values.find(decl.name);
    if (given && it->second.attribute != nullptr) span = it->second.attribute->span;
  } else if (const hcl::Attribute* a = module.call->decl->body->FindAttribute(decl.name);
             a != nullptr && !IsCallMeta(decl.name)) {
    given = true;
    span = a->span;
    v = EvalOrUnknown(*a->expr, Frame{module.parent, &module.key}, DynamicType(), module.address);
  }
  if (given && v.is_null() && !Nullable(decl)) {
    given = false;
    if (decl.default_value == nullptr) {
      Report(DiagnosticCode::kInvalidVariable,
             fmt::format("variable \"{}\" must be set and must not be null", decl.name), span);
    }
  }
  if (!given && decl.default_value != nullptr) {
    given = true;
    if (module.call == nullptr && collector_ != nullptr) collector_->on_defaults = true;
    span = decl.default_value->span;
    if (!evaluator_->Eval(*decl.default_value->expr, Frame{}, &v)) v = Refused(DynamicType(), {});
  }
  if (!given) {
    v = MakeUnknown(*arena_, Constraint(decl).plain,
                    fmt::format("var.{} has no default", decl.name), decl.block->header);
  } else {
    v = CheckedVariable(v, decl, module, span);
    CheckVariableMarks(decl, module, v, span);
  }
  std::uint8_t marks = 0;
  if (LiteralTrue(*decl.body, "sensitive")) marks |= kSensitive;
  if (LiteralTrue(*decl.body, "ephemeral")) {
    marks |= kEphemeral;
    ephemeral_used_ = true;
  }
  return marks != 0 ? v.WithMarks(marks) : v;
}

void Project::Validate(ModuleInstance& module) {
  const ModuleConfig& config = module.parsed->config;
  for (std::uint32_t i = 0; i < config.variables.size(); ++i) {
    const VariableDecl& decl = config.variables[i];
    Value v = VariableValue(module, i);
    if (v.is_unknown() || module.uncertain) continue;
    for (const hcl::Block& block : decl.body->blocks) {
      const hcl::Attribute* condition =
          block.type == "validation" ? block.body->FindAttribute("condition") : nullptr;
      if (condition == nullptr) continue;
      Frame frame{&module};
      Value holds, decided;
      if (!evaluator_->Eval(*condition->expr, frame, &holds)) {
        Refused(BoolType(), module.address);
        continue;
      }
      if (!evaluator_->ToBool(holds, &decided) || !decided.is_bool() || decided.as_bool()) continue;
      const hcl::Attribute* text = block.body->FindAttribute("error_message");
      Value message;
      std::string why = "its validation fails";
      if (text != nullptr && evaluator_->Eval(*text->expr, frame, &message) &&
          message.is_string()) {
        why = message.as_string();
      }
      auto input = inputs().values.find(decl.name);
      Span span = decl.block->header;
      if (module.call != nullptr) {
        const hcl::Attribute* a = module.call->decl->body->FindAttribute(decl.name);
        if (a != nullptr) span = a->span;
      } else if (input != inputs().values.end() && input->second.attribute != nullptr) {
        span = input->second.attribute->span;
      } else if (input == inputs().values.end() && decl.default_value != nullptr) {
        span = decl.default_value->span;
      }
      Report(DiagnosticCode::kInvalidVariable,
             fmt::format("variable \"{}\" is not valid: {}", decl.name, why), span);
    }
  }
}

}  // namespace plumbline::terraform
