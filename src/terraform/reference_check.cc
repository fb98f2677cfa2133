// Names in expressions: every reference must lead to something the module declares, and each, count
// and self must have a meaning where they stand. Terraform looks at all expressions alike, whether
// they will be evaluated or not, and so does this.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "hcl/ast.h"
#include "terraform/config_check.h"
#include "terraform/dynamic_block.h"
#include "terraform/names.h"

namespace plumbline::terraform {
namespace {

using StepKind = hcl::Step::Kind;

/// Names bound by a for expression or a dynamic block around an expression.
struct Scope {
  std::string_view first, second;
  const Scope* outer = nullptr;

  static bool Binds(const Scope* s, std::string_view name) {
    for (; s != nullptr; s = s->outer) {
      if (!name.empty() && (s->first == name || s->second == name)) return true;
    }
    return false;
  }
};

/// What has a meaning besides what the module declares.
struct Place {
  std::string resource;
  bool each = false, count = false, self = false;
  bool destroy = false;  // when only the resource itself is left
  const hcl::Block* check = nullptr;
};

// In JSON syntax these may stand as attributes, and hold names that they bind themselves or no
// expressions at all.
constexpr auto kBlocksInJson = std::to_array<std::string_view>(
    {"connection", "depends_on", "dynamic", "lifecycle", "provider", "providers", "provisioner"});

class ReferenceCheck {
 public:
  ReferenceCheck(const ModuleConfig& config, Diagnostics& diagnostics)
      : config_(config), diagnostics_(diagnostics) {}

  void Run() {
    for (const VariableDecl& d : config_.variables) {
      place_ = {};
      validated_ = d.name;
      Conditions(*d.body, "validation");
      validated_ = {};
    }
    for (const LocalDecl& d : config_.locals) {
      place_ = {};
      Visit(*d.attribute->expr, nullptr);
    }
    for (const OutputDecl& d : config_.outputs) {
      place_ = {};
      if (d.value != nullptr) Visit(*d.value, nullptr);
      Conditions(*d.body, "precondition");
      DependsOn(*d.body);
    }
    for (const ResourceDecl& d : config_.resources) Resource(d);
    for (const CallDecl& d : config_.calls) Call(d);
    for (const Declaration& d : config_.providers) {
      place_ = {};
      Body(*d.body, nullptr, {});
    }
    for (const Declaration& d : config_.checks) {
      place_ = {};
      place_.check = d.block;
      Conditions(*d.body, "assert");
    }
    for (const hcl::Block* b : config_.imports) Import(*b->body);
  }

 private:
  void Report(std::string message, Span span,
              DiagnosticCode code = DiagnosticCode::kEvaluationError) {
    diagnostics_.push_back({code, std::move(message), span, place_.resource});
  }

  void Resource(const ResourceDecl& d) {
    place_ = {};
    place_.resource = fmt::format("{}{}.{}",
                                  d.ephemeral                    ? "ephemeral."
                                  : d.mode == model::Mode::kData ? "data."
                                                                 : "",
                                  d.type, d.name);
    place_.check = d.check;
    Counted(*d.body);
    Body(*d.body, nullptr, {"count", "for_each", "depends_on", "provider"});
    for (const hcl::Block& b : d.body->blocks) {
      if (b.type == "lifecycle") Lifecycle(*b.body);
      if (b.type == "provisioner" || b.type == "connection") {
        place_.destroy = RunsAtDestroy(*b.body);
        Provisioner(*b.body);
        place_.destroy = false;
      }
    }
    DependsOn(*d.body);
    Provider(*d.body);
  }

  void Call(const CallDecl& d) {
    place_ = {};
    place_.resource = fmt::format("module.{}", d.name);
    Counted(*d.body);
    Body(*d.body, nullptr, {"count", "for_each", "depends_on", "providers", "source", "version"});
    DependsOn(*d.body);
  }

  // count and for_each themselves see neither.
  void Counted(const hcl::Body& body) {
    const hcl::Attribute* count = body.FindAttribute("count");
    const hcl::Attribute* for_each = body.FindAttribute("for_each");
    if (count != nullptr) Visit(*count->expr, nullptr);
    if (for_each != nullptr) Visit(*for_each->expr, nullptr);
    place_.count = count != nullptr;
    place_.each = for_each != nullptr;
  }

  void Import(const hcl::Body& body) {
    place_ = {};
    Counted(body);
    if (const hcl::Attribute* id = body.FindAttribute("id")) Visit(*id->expr, nullptr);
  }

  using Skipped = std::initializer_list<std::string_view>;

  void Body(const hcl::Body& body, const Scope* scope, Skipped skipped) {
    for (const hcl::Attribute& a : body.attributes) {
      bool skip = std::ranges::find(skipped, a.name) != skipped.end() ||
                  (body.json && std::ranges::find(kBlocksInJson, a.name) != kBlocksInJson.end());
      if (!skip) Visit(*a.expr, scope);
    }
    bool top = skipped.size() > 0;
    for (const hcl::Block& b : body.blocks) {
      if (top && (b.type == "lifecycle" || b.type == "provisioner" || b.type == "connection"))
        continue;
      if (b.type == "dynamic") {
        Dynamic(b, scope);
      } else {
        Body(*b.body, scope, {});
      }
    }
  }

  void Dynamic(const hcl::Block& block, const Scope* scope) {
    DynamicBlock dynamic;
    if (!ReadDynamic(block, &dynamic)) return;
    Visit(*dynamic.for_each, scope);
    Scope inner{dynamic.iterator, {}, scope};
    if (const hcl::Attribute* labels = block.body->FindAttribute("labels"))
      Visit(*labels->expr, &inner);
    Body(*dynamic.content->body, &inner, {});
  }

  void Lifecycle(const hcl::Body& body) {
    Conditions(body, "precondition");
    place_.self = true;
    Conditions(body, "postcondition");
    place_.self = false;
    const hcl::Attribute* triggers = body.FindAttribute("replace_triggered_by");
    if (triggers == nullptr) return;
    for (const hcl::Expr* e : triggers->expr->args) Visit(*e, nullptr);
  }

  void Provisioner(const hcl::Body& body) {
    place_.self = true;
    Body(body, nullptr, {"when", "on_failure"});
    place_.self = false;
    for (const hcl::Block& b : body.blocks) {
      if (b.type == "connection") Provisioner(*b.body);
    }
  }

  static bool RunsAtDestroy(const hcl::Body& body) {
    const hcl::Attribute* when = body.FindAttribute("when");
    if (when == nullptr) return false;
    return when->expr->kind == hcl::ExprKind::kVariable ? when->expr->name == "destroy"
                                                        : LiteralString(when) == "destroy";
  }

  void Conditions(const hcl::Body& body, std::string_view type) {
    for (const hcl::Block& b : body.blocks) {
      if (b.type != type) continue;
      const hcl::Attribute* message = b.body->FindAttribute("error_message");
      if (message != nullptr) Visit(*message->expr, nullptr);
      const hcl::Attribute* condition = b.body->FindAttribute("condition");
      if (condition == nullptr) continue;
      references_ = 0;
      tests_value_ = validated_.empty();
      Visit(*condition->expr, nullptr);
      if (references_ == 0 && !b.body->partial) {
        Report("the condition refers to nothing, so it tests nothing", condition->expr->span,
               DiagnosticCode::kInvalidConfiguration);
      } else if (!tests_value_ && !b.body->partial) {
        Report(
            fmt::format("the condition must refer to var.{}, which it is to validate", validated_),
            condition->expr->span, DiagnosticCode::kInvalidConfiguration);
      }
    }
  }

  void DependsOn(const hcl::Body& body) {
    const hcl::Attribute* a = body.FindAttribute("depends_on");
    if (a == nullptr || body.json) return;
    for (const hcl::Expr* e : a->expr->args) {
      if (e->kind == hcl::ExprKind::kVariable) Visit(*e, nullptr);
    }
  }

  // `provider = aws.west`
  void Provider(const hcl::Body& body) {
    const hcl::Attribute* a = body.FindAttribute("provider");
    if (a == nullptr || a->expr->kind != hcl::ExprKind::kVariable) return;
    const hcl::Expr& e = *a->expr;
    if (e.steps.size() != 1 || e.steps[0].kind != StepKind::kAttr) return;
    if (DeclaresProvider(e.name, e.steps[0].name)) return;
    Report(fmt::format("the module has no configuration {}.{} of the provider: neither a provider "
                       "block with this alias nor a configuration_aliases entry",
                       e.name, e.steps[0].name),
           e.span, DiagnosticCode::kInvalidConfiguration);
  }

  bool DeclaresProvider(std::string_view name, std::string_view alias) const {
    for (const Declaration& p : config_.providers) {
      if (p.name == name && LiteralString(p.body->FindAttribute("alias")) == alias) return true;
    }
    return DeclaresProviderAlias(config_, name, alias);
  }

  // Depth is bounded by the parser, as everywhere.
  void Visit(const hcl::Expr& e, const Scope* scope) {
    if (e.kind == hcl::ExprKind::kVariable && !Scope::Binds(scope, e.name)) Reference(e);
    if (e.operand != nullptr) Visit(*e.operand, scope);
    for (const hcl::Expr* arg : e.args) {
      if (arg != nullptr) Visit(*arg, scope);
    }
    for (const hcl::Step& s : e.steps) {
      if (s.index != nullptr) Visit(*s.index, scope);
    }
    for (const hcl::ObjectItem& item : e.items) {
      if (!item.bare_key) Visit(*item.key, scope);
      Visit(*item.value, scope);
    }
    if (e.for_ == nullptr) return;
    const hcl::ForExpr& f = *e.for_;
    if (f.collection != nullptr) Visit(*f.collection, scope);
    Scope inner{f.key_name, f.value_name, scope};
    for (const hcl::Expr* part : {f.key, f.value, f.condition}) {
      if (part != nullptr) Visit(*part, &inner);
    }
  }

  static std::string_view NameAt(const hcl::Expr& e, std::size_t i) {
    return i < e.steps.size() && e.steps[i].kind == StepKind::kAttr ? e.steps[i].name
                                                                    : std::string_view();
  }

  void Reference(const hcl::Expr& e) {
    ++references_;
    std::string_view name = NameAt(e, 0);
    if (e.name == "self") {
      if (!place_.self)
        Report("\"self\" can only be used in provisioners and postconditions", e.span);
      return;
    }
    if (name.empty()) {
      return Report(
          fmt::format("\"{}\" alone is no reference; a name must follow it, as in {}.NAME", e.name,
                      e.name),
          e.span);
    }
    bool remains = e.name == "count" || (e.name == "each" && name == "key") || e.name == "path" ||
                   e.name == "terraform";
    if (place_.destroy && !remains) {
      return Report(
          "a provisioner that runs at destroy time can refer only to self, count.index and "
          "each.key",
          e.span, DiagnosticCode::kInvalidConfiguration);
    }
    tests_value_ |= e.name == "var" && name == validated_;
    std::string wrong = Wrong(e, name);
    if (!wrong.empty()) Report(std::move(wrong), e.span);
  }

  std::string Wrong(const hcl::Expr& e, std::string_view name) const {
    auto missing = [&](const ModuleConfig::Index& index, auto message) {
      return index.contains(name) ? std::string() : message(config_, name);
    };
    if (e.name == "var") return missing(config_.variable_index, UndeclaredVariable);
    if (e.name == "local") return missing(config_.local_index, UndeclaredLocal);
    if (e.name == "module") return missing(config_.call_index, UndeclaredModule);
    if (e.name == "each") return WrongEach(name, place_.each);
    if (e.name == "count") return WrongCount(name, place_.count);
    if (e.name == "path") return WrongPath(name);
    if (e.name == "terraform" || e.name == "tofu") return WrongTerraform(name);
    if (e.name == "data") return Resource("data.", name, NameAt(e, 1));
    if (e.name == "ephemeral") return Resource("ephemeral.", name, NameAt(e, 1));
    if (e.name == "resource") return Resource("", name, NameAt(e, 1));
    return Resource("", e.name, name);
  }

  std::string Resource(std::string_view prefix, std::string_view type,
                       std::string_view name) const {
    if (name.empty()) return fmt::format("a name must follow the resource type \"{}\"", type);
    std::string key = fmt::format("{}{}.{}", prefix, type, name);
    auto it = config_.resource_index.find(key);
    if (it == config_.resource_index.end()) return UndeclaredResource(config_, key);
    const hcl::Block* check = config_.resources[it->second].check;
    if (check == nullptr || check == place_.check) return {};
    return fmt::format("{} belongs to check \"{}\" and can only be used inside it", key,
                       check->labels[0].text);
  }

  const ModuleConfig& config_;
  Diagnostics& diagnostics_;
  Place place_;
  std::size_t references_ = 0;  // met so far in a condition
  std::string_view validated_;  // the variable whose validation it is
  bool tests_value_ = true;     // it refers to that variable
};

}  // namespace

void CheckReferences(const ModuleConfig& config, Diagnostics& diagnostics) {
  ReferenceCheck(config, diagnostics).Run();
}

}  // namespace plumbline::terraform
