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

void Project::AddInput(std::string_view name, InputValue value) {
  inputs_[name] = std::move(value);
}

void Project::LoadInputFile(const std::string& path, bool required) {
  if (!files_->fs().IsFile(path)) {
    if (required) {
      Report(DiagnosticCode::kInvalidVariable,
             fmt::format("the variables file {} does not exist", path), {});
    }
    return;
  }
  const ParsedVariables* file = files_->Variables(files_->fs().RealPath(path));
  if (file->body == nullptr) return;
  std::string shown = std::string(files_->sources().Path(file->file));
  for (const hcl::Attribute& a : file->body->attributes) AddInput(a.name, {&a, {}, false, shown});
}

void Project::LoadInputs() {
  for (const auto& [name, text] : options_.environment)
    AddInput(name, {nullptr, text, true, "TF_VAR_" + name});
  LoadInputFile(dir_ + "/terraform.tfvars", false);
  LoadInputFile(dir_ + "/terraform.tfvars.json", false);
  if (auto entries = files_->fs().ListDir(dir_)) {
    for (const DirEntry& e : *entries) {
      if (!e.is_directory && EndsWithAny(e.name, ".auto.tfvars", ".auto.tfvars.json")) {
        LoadInputFile(dir_ + "/" + e.name, false);
      }
    }
  }
  for (const std::string& path : options_.var_files) LoadInputFile(path, true);
  for (const auto& [name, text] : options_.vars)
    AddInput(name, {nullptr, text, true, "--var " + name});
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
    Report(DiagnosticCode::kEvaluationError,
           fmt::format("variable \"{}\": {}", decl.name, parsed.error().message), decl.type->span);
  }
  return it->second;
}

bool Project::Nullable(const VariableDecl& decl) {
  const hcl::Attribute* a = decl.body->FindAttribute("nullable");
  return a == nullptr || a->expr->kind != hcl::ExprKind::kLiteral || !a->expr->value.is_bool() ||
         a->expr->value.as_bool();
}

bool Project::RootInput(const VariableDecl& decl, Value* out) {
  auto it = inputs_.find(decl.name);
  if (it == inputs_.end()) return false;
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
    given = RootInput(decl, &v);
    auto it = inputs_.find(decl.name);
    if (given && it->second.attribute != nullptr) span = it->second.attribute->span;
  } else if (const hcl::Attribute* a = module.call->decl->body->FindAttribute(decl.name);
             a != nullptr && !IsCallMeta(decl.name)) {
    given = true;
    span = a->span;
    v = EvalOrUnknown(*a->expr, Frame{module.parent, &module.key}, DynamicType(), module.address);
  }
  if (given && v.is_null() && !Nullable(decl)) given = false;
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
  }
  std::uint8_t marks = 0;
  if (LiteralTrue(*decl.body, "sensitive")) marks |= kSensitive;
  if (LiteralTrue(*decl.body, "ephemeral")) marks |= kEphemeral;
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
      auto input = inputs_.find(decl.name);
      Span span = decl.block->header;
      if (module.call != nullptr) {
        const hcl::Attribute* a = module.call->decl->body->FindAttribute(decl.name);
        if (a != nullptr) span = a->span;
      } else if (input != inputs_.end() && input->second.attribute != nullptr) {
        span = input->second.attribute->span;
      } else if (input == inputs_.end() && decl.default_value != nullptr) {
        span = decl.default_value->span;
      }
      Report(DiagnosticCode::kInvalidVariable,
             fmt::format("variable \"{}\" is not valid: {}", decl.name, why), span);
    }
  }
}

}  // namespace plumbline::terraform
