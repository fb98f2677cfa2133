// What authors wrote down to be true (preconditions, postconditions, checks), and what values
// marked sensitive or ephemeral must not be used for. A condition that is known to be false is a
// diagnostic with its own message; an unknown one is nothing.
#include <fmt/format.h>

#include <algorithm>

#include "support/suggest.h"
#include "terraform/project.h"

namespace plumbline::terraform {
namespace {

bool LiteralTrue(const hcl::Body& body, std::string_view name) {
  const hcl::Attribute* a = body.FindAttribute(name);
  return a != nullptr && a->expr->kind == hcl::ExprKind::kLiteral && a->expr->value.is_bool() &&
         a->expr->value.as_bool();
}

bool HasBlock(const hcl::Body& body, std::string_view type) {
  return std::ranges::any_of(body.blocks, [&](const hcl::Block& b) { return b.type == type; });
}

// By convention of the providers, arguments that are sent but never stored end like this.
bool IsWriteOnly(std::string_view name) { return name.ends_with("_wo"); }

}  // namespace

std::string Project::ConditionMessage(const hcl::Block& block, const Frame& f) {
  const hcl::Attribute* text = block.body->FindAttribute("error_message");
  Value v;
  if (text == nullptr) return "it has no error_message";
  if (!evaluator_->Eval(*text->expr, f, &v)) {
    return fmt::format("its error_message cannot be evaluated: {}", evaluator_->error().message);
  }
  if (DeepMarks(v) != 0) return "its error_message holds sensitive values";
  if (!v.is_string()) return "its error_message is not known";
  std::string out(v.as_string());
  out.erase(out.find_last_not_of(" \t\r\n") + 1);
  return out;
}

void Project::Condition(const hcl::Block& block, const Frame& f, std::string_view what,
                        std::string_view address) {
  const hcl::Attribute* condition = block.body->FindAttribute("condition");
  if (condition == nullptr) return;
  Value holds, decided;
  // One that tests nothing is refused for that alone; the check of the files has told it.
  if (evaluator_->Eval(*condition->expr, Frame{}, &holds)) return;
  Collector collector{++next_collector_, collector_};
  collector_ = &collector;
  bool ok = evaluator_->Eval(*condition->expr, f, &holds);
  if (ok && holds.is_null())
    ok = evaluator_->Fail("a condition must not be null", condition->expr->span);
  if (ok && !evaluator_->ToBool(holds, &decided))
    ok = evaluator_->Fail("a condition must be true or false", condition->expr->span);
  if (!ok) Refused(BoolType(), address);
  // What a library's own defaults make of its conditions is for its callers to say.
  bool counts = !is_library_ || !collector.on_defaults;
  if (ok && counts && decided.is_bool() && !decided.as_bool()) {
    Report(DiagnosticCode::kFailedCondition,
           fmt::format("{} does not hold: {}", what, ConditionMessage(block, f)), condition->span,
           address);
  }
  Pop(collector);
}

void Project::CheckInstance(ResourceInstance& instance) {
  const ResourceDecl& decl = *instance.node->decl;
  if (instance.key.kind == InstanceKey::Kind::kUncertain) return;
  for (const hcl::Block& lifecycle : decl.body->blocks) {
    if (lifecycle.type != "lifecycle") continue;
    for (const hcl::Block& b : lifecycle.body->blocks) {
      Frame frame{instance.node->module, &instance.key};
      Binding self{"self", instance.body.value};
      if (b.type == "postcondition") {
        frame.bindings = &self;
      } else if (b.type != "precondition") {
        continue;
      }
      Condition(b, frame, fmt::format("the {} of {}", b.type, instance.address), instance.address);
    }
  }
}

void Project::CheckConditions(ModuleInstance& module) {
  const ModuleConfig& config = module.parsed->config;
  if (module.call == nullptr) CheckInputNames();
  for (ResourceNode& node : module.resources) {
    if (!HasBlock(*node.decl->body, "lifecycle")) continue;
    for (ResourceInstance& instance : node.instances) CheckInstance(instance);
  }
  for (const OutputDecl& decl : config.outputs) {
    for (const hcl::Block& b : decl.body->blocks) {
      if (b.type != "precondition") continue;
      Condition(b, Frame{&module}, fmt::format("the precondition of output \"{}\"", decl.name), {});
    }
  }
  for (const Declaration& decl : config.checks) {
    for (const hcl::Block& b : decl.body->blocks) {
      if (b.type == "assert")
        Condition(b, Frame{&module}, fmt::format("check \"{}\"", decl.name), {});
    }
  }
  if (module.call != nullptr && !config.imports.empty()) {
    Report(DiagnosticCode::kInvalidConfiguration,
           "import blocks are only allowed in the root module, but another module calls this one",
           config.imports[0]->header);
  }
}

// Values from the folder's own files; one file of a command line may serve many projects.
void Project::CheckInputNames() {
  const ModuleConfig& config = root_->parsed->config;
  std::vector<std::pair<const hcl::Attribute*, std::string_view>> unused;
  for (const auto& [name, input] : inputs().values) {
    if (input.attribute == nullptr || config.FindVariable(name) != nullptr) continue;
    std::string path = files_->Absolute(input.what);
    if (DirName(path) == dir_) unused.push_back({input.attribute, input.what});
  }
  std::ranges::sort(
      unused, {}, [](const auto& u) { return std::pair(u.first->span.file, u.first->span.begin); });
  std::vector<std::string_view> names;
  for (const VariableDecl& v : config.variables) names.push_back(v.name);
  for (const auto& [attribute, file] : unused) {
    Report(DiagnosticCode::kUndeclaredValue,
           fmt::format("{} sets \"{}\", but the root module declares no such variable{}", file,
                       attribute->name, DidYouMean(attribute->name, names)),
           attribute->name_span);
  }
}

// The value of an output after its own declarations.
Value Project::CheckedOutput(ModuleInstance& module, const OutputDecl& decl, Value v) {
  bool sensitive = LiteralTrue(*decl.body, "sensitive");
  bool ephemeral = LiteralTrue(*decl.body, "ephemeral");
  bool is_root = module.call == nullptr;
  std::uint8_t marks = is_root || ephemeral_used_ ? DeepMarks(v) : 0;
  Span span = decl.block->header;
  if (const hcl::Attribute* a = decl.body->FindAttribute("value")) span = a->span;
  if (is_root && !is_library_ && !sensitive && (marks & kSensitive) != 0) {
    Report(DiagnosticCode::kInvalidConfiguration,
           fmt::format("output \"{}\" holds sensitive values and must say sensitive = true",
                       decl.name),
           span);
  }
  if (!ephemeral && (marks & kEphemeral) != 0) {
    Report(DiagnosticCode::kInvalidConfiguration,
           fmt::format("output \"{}\" holds ephemeral values{}", decl.name,
                       is_root ? ", which a root module cannot give out"
                               : " and must say ephemeral = true"),
           span);
  } else if (is_root && ephemeral && !is_library_) {
    Report(DiagnosticCode::kInvalidConfiguration,
           fmt::format("output \"{}\" is ephemeral, but a root module has no ephemeral outputs",
                       decl.name),
           span);
  }
  if (sensitive)
    marks = kSensitive;
  else
    marks = kNoMark;
  if (ephemeral) marks |= kEphemeral;
  return marks != 0 ? v.WithMarks(marks) : v;
}

void Project::CheckArgument(const hcl::Attribute& a, const Place& place, Value v) {
  if (!ephemeral_used_ || !place.persistent || IsWriteOnly(a.name) ||
      (DeepMarks(v) & kEphemeral) == 0) {
    return;
  }
  Report(DiagnosticCode::kInvalidConfiguration,
         fmt::format("\"{}\" is stored in the state, so its value must not be ephemeral", a.name),
         a.span, place.resource);
}

void Project::CheckVariableMarks(const VariableDecl& decl, const ModuleInstance& module, Value v,
                                 Span span) {
  if (!ephemeral_used_ || module.call == nullptr || LiteralTrue(*decl.body, "ephemeral") ||
      (DeepMarks(v) & kEphemeral) == 0) {
    return;
  }
  Report(DiagnosticCode::kInvalidConfiguration,
         fmt::format("variable \"{}\" of {} is given an ephemeral value, but is not declared "
                     "ephemeral",
                     decl.name, module.address),
         span, module.address);
}

void Project::CheckKeyMarks(std::string_view argument, Value v, Span span,
                            std::string_view address) {
  bool sensitive = argument == "for_each" && (v.marks() & kSensitive) != 0;
  if (!sensitive && (v.marks() & kEphemeral) == 0) return;
  Report(DiagnosticCode::kEvaluationError,
         fmt::format("{} must not be {}: {}", argument, sensitive ? "sensitive" : "ephemeral",
                     sensitive ? "its keys are shown in the addresses of the instances"
                               : "Terraform must remember the instances between its runs"),
         span, address);
}

}  // namespace plumbline::terraform
