// Edges that stand in meta-arguments: depends_on, and the provider configuration that a resource
// uses, which may be chosen by `provider`, handed down by `providers` of module calls, or
// inherited.
#include <algorithm>

#include "terraform/project.h"

namespace plumbline::terraform {
namespace {

// Every instance of one block depending on every instance of another is a square.
constexpr std::size_t kMaxEdges = 64;

/// "aws" and "west" of aws.west, written as a reference or, as in old code, as text.
struct ProviderName {
  std::string_view name, alias;
};

ProviderName ReadName(const hcl::Expr& e) {
  if (e.kind == hcl::ExprKind::kVariable) {
    bool has_alias = e.steps.size() == 1 && e.steps[0].kind == hcl::Step::Kind::kAttr;
    return {e.name, has_alias ? e.steps[0].name : std::string_view()};
  }
  if (e.kind != hcl::ExprKind::kLiteral || !e.value.is_string()) return {};
  std::string_view text = e.value.as_string();
  auto dot = text.find('.');
  if (dot == text.npos) return {text, {}};
  return {text.substr(0, dot), text.substr(dot + 1)};
}

}  // namespace

const Declaration* Project::ProviderOf(const ResourceNode& node) {
  ProviderName wanted{node.decl->type.substr(0, node.decl->type.find('_')), {}};
  if (const hcl::Attribute* a = node.decl->body->FindAttribute("provider"))
    wanted = ReadName(*a->expr);
  for (const ModuleInstance* m = node.module; m != nullptr; m = m->parent) {
    if (wanted.name.empty() || m->parsed == nullptr) return nullptr;
    for (const Declaration& p : m->parsed->config.providers) {
      if (p.name == wanted.name && LiteralString(p.body->FindAttribute("alias")) == wanted.alias)
        return &p;
    }
    const hcl::Attribute* handed =
        m->call != nullptr ? m->call->decl->body->FindAttribute("providers") : nullptr;
    if (handed == nullptr) {
      if (!wanted.alias.empty()) return nullptr;  // only default configurations are inherited
      continue;
    }
    ProviderName outer;
    for (const hcl::ObjectItem& item : handed->expr->items) {
      ProviderName inner = ReadName(*item.key);
      if (inner.name == wanted.name && inner.alias == wanted.alias) outer = ReadName(*item.value);
    }
    wanted = outer;
  }
  return nullptr;
}

void Project::AddEdge(model::ResourceGraph& graph, ResourceNode& node, std::string_view attribute,
                      std::uint32_t target) {
  for (ResourceInstance& instance : node.instances) {
    if (instance.id == Target::kNoId || instance.id == target) continue;
    graph.at(instance.id).references.push_back({attribute, target, {}});
  }
}

void Project::AddDependsOn(model::ResourceGraph& graph, ResourceNode& node) {
  const hcl::Attribute* a = node.decl->body->FindAttribute("depends_on");
  if (a == nullptr) return;
  for (const hcl::Expr* e : a->expr->args) {
    if (e->kind != hcl::ExprKind::kVariable) continue;
    std::size_t skip = e->name == "data" || e->name == "resource" ? 1 : 0;
    if (e->steps.size() <= skip || e->name == "module") continue;
    std::string_view type = skip == 0 ? e->name : e->steps[0].name;
    ResourceNode* target =
        FindResource(*node.module, e->name == "data" ? "data." : "", type, e->steps[skip].name);
    if (target == nullptr || target->instances.size() * node.instances.size() > kMaxEdges) continue;
    for (ResourceInstance& t : target->instances) {
      if (t.id != Target::kNoId) AddEdge(graph, node, "depends_on", t.id);
    }
  }
}

void Project::AddMetaReferences(model::ResourceGraph& graph) {
  for (ModuleInstance* module : modules_) {
    for (ResourceNode& node : module->resources) {
      AddDependsOn(graph, node);
      auto provider = provider_ids_.find(ProviderOf(node));
      if (provider != provider_ids_.end()) AddEdge(graph, node, "provider", provider->second);
    }
  }
}

}  // namespace plumbline::terraform
