// Evaluates the whole project and turns it into resources of the graph.
#include <fmt/format.h>

#include <algorithm>

#include "terraform/locate.h"
#include "terraform/project.h"
#include "value/number.h"

namespace plumbline::terraform {
namespace {

bool NothingSkipped(std::string_view) { return false; }

Value LiteralOf(const hcl::Body& body, std::string_view name) {
  const hcl::Attribute* a = body.FindAttribute(name);
  return a != nullptr && a->expr->kind == hcl::ExprKind::kLiteral ? a->expr->value : Value::Null();
}

// CDK for Terraform leaves {"metadata": {"path": …}} in the comment of what it writes.
std::string_view ConstructPath(const hcl::Body& body) {
  if (body.comment == nullptr) return {};
  const hcl::ObjectItem* metadata = FindItem(*body.comment, "metadata");
  const hcl::ObjectItem* path = metadata != nullptr ? FindItem(*metadata->value, "path") : nullptr;
  if (path == nullptr || !path->value->value.is_string()) return {};
  return path->value->value.as_string();
}

}  // namespace

Project::Project(ParsedFiles& files, std::string dir, std::string allowed_root,
                 const Options& options, Arena& arena, Diagnostics& diagnostics)
    : files_(files.shared_from_this()),
      dir_(files.fs().RealPath(dir)),
      allowed_root_(files.fs().RealPath(allowed_root)),
      options_(options),
      diagnostics_(&diagnostics),
      arena_(&arena) {
  if (allowed_root_.empty()) allowed_root_ = std::move(allowed_root);
  main_evaluator_ = std::make_unique<ExprEvaluator>(*this, MakeFunctionContext(arena));
  evaluator_ = main_evaluator_.get();
}

FunctionContext Project::MakeFunctionContext(Arena& arena) {
  return {arena, files_->limits(),      files_->fs(), dir_, allowed_root_, {},
          {},    options_.allowed_paths};
}

std::span<const std::string_view> Project::Packages(const Frame& frame) const {
  return frame.module == nullptr ? std::span<const std::string_view>() : frame.module->packages;
}

bool Project::MayReach(const std::string& real_path, const ModuleInstance* from) const {
  if (IsWithin(allowed_root_, real_path)) return true;
  for (std::string_view package :
       from == nullptr ? std::span<const std::string_view>() : from->packages) {
    if (IsWithin(package, real_path)) return true;
  }
  return std::ranges::any_of(options_.allowed_paths, [&](const std::string& allowed) {
    std::string real = files_->fs().RealPath(allowed);
    return !real.empty() && IsWithin(real, real_path);
  });
}

bool Project::Start(std::span<const Environment> environments) {
  const ParsedModule* parsed = dir_.empty() ? nullptr : files_->Module(dir_);
  if (parsed == nullptr) return false;
  manifest_ = ReadModulesManifest(files_->fs(), dir_, files_->limits());
  root_ = NewModule(parsed);
  environments_.assign(environments.begin(), environments.end());
  tables_.resize(std::max<std::size_t>(environments_.size(), 1));
  for (std::size_t i = 0; i < tables_.size(); ++i) {
    LoadInputs(i < environments_.size() ? &environments_[i] : nullptr, tables_[i]);
  }
  FindVarying();
  Enter(0, *diagnostics_);
  return true;
}

void Project::EvaluateModule(ModuleInstance& module) {
  for (std::uint32_t i = 0; i < module.variables.size(); ++i) VariableValue(module, i);
  for (std::uint32_t i = 0; i < module.locals.size(); ++i) LocalValue(module, i);
  for (ResourceNode& node : module.resources) {
    Expand(node);
    for (ResourceInstance& instance : node.instances) ForceBody(instance);
  }
  for (std::uint32_t i = 0; i < module.outputs.size(); ++i) OutputValue(module, i);
}

void Project::EvaluateAll() {
  modules_.assign(1, root_);
  for (std::size_t i = 0; i < modules_.size(); ++i) {
    ModuleInstance& module = *modules_[i];
    if (module.parsed == nullptr) continue;
    quiet_ += module.uncertain ? 1 : 0;
    for (CallNode& call : module.calls) {
      Expand(call);
      for (ModuleInstance& m : call.instances) modules_.push_back(&m);
    }
    EvaluateModule(module);
    Validate(module);
    CheckConditions(module);
    quiet_ -= module.uncertain ? 1 : 0;
  }
}

std::string_view Project::SourceText(Span span) const {
  if (!span.valid()) return {};
  return files_->sources().Text(span.file).substr(span.begin, span.end - span.begin);
}

model::Resource& Project::Add(model::ResourceGraph& graph, ModuleInstance& module, model::Mode mode,
                              std::string_view type, std::string_view name,
                              std::string_view address, const Declaration& decl) {
  auto* record = arena_->New<Record>();
  record->mode = mode;
  record->module = &module;
  record->body = decl.body;
  record->block = decl.block;
  model::Resource r;
  r.framework = model::Framework::kTerraform;
  r.mode = mode;
  r.type = type;
  r.name = name;
  r.address = address;
  r.module = module.address;
  r.construct = ConstructPath(*decl.body);
  r.header = decl.block->header;
  r.span = decl.block->span;
  r.module_calls = module.call_headers;
  r.module_call_blocks = module.call_blocks;
  r.source = this;
  r.node = record;
  return graph.Add(std::move(r));
}

void Project::AddResources(ModuleInstance& module, model::ResourceGraph& graph) {
  for (ResourceNode& node : module.resources) {
    if (node.decl->ephemeral) continue;
    for (ResourceInstance& instance : node.instances) {
      model::Resource& r = Add(graph, module, node.decl->mode, node.decl->type, node.decl->name,
                               instance.address, *node.decl);
      auto* record = static_cast<Record*>(const_cast<void*>(r.node));
      record->key = &instance.key;
      record->instance = &instance;
      r.attributes = instance.attributes;
      instance.id = r.id;
      pending_references_.push_back({r.id, instance.references});
    }
  }
}

Value Project::PlainAttributes(ModuleInstance& module, const Declaration& decl,
                               const InstanceKey* key, Place place,
                               std::span<const AttributeDependency>* references) {
  BodyNotes notes;
  Value v = EvalBody(*decl.body, Frame{&module, key}, place, 0, notes);
  if (references != nullptr) *references = arena_->Copy(notes.references);
  std::vector<Member> members(v.members().begin(), v.members().end());
  members.push_back({"name", Value::String(decl.name)});
  return MakeObject(*arena_, members);
}

void Project::AddCalls(ModuleInstance& module, model::ResourceGraph& graph) {
  auto skip = [](std::string_view name) {
    return name == "providers" || name == "depends_on" || name == "count" || name == "for_each";
  };
  for (CallNode& call : module.calls) {
    for (ModuleInstance& m : call.instances) {
      model::Resource& r = Add(graph, module, model::Mode::kModuleCall, "module", call.decl->name,
                               m.address, *call.decl);
      static_cast<Record*>(const_cast<void*>(r.node))->key = &m.key;
      m.id = r.id;
      std::span<const AttributeDependency> references;
      ++quiet_;  // the arguments reported their faults when the module's variables were computed
      r.attributes = PlainAttributes(module, *call.decl, &m.key, Place{m.address, {}, true, skip},
                                     &references);
      --quiet_;
      pending_references_.push_back({r.id, references});
    }
  }
}

Value Project::VariableAttributes(ModuleInstance& module, std::uint32_t index) {
  const VariableDecl& decl = module.parsed->config.variables[index];
  std::vector<Member> members{{"name", Value::String(decl.name)}};
  if (decl.type != nullptr) members.push_back({"type", Value::String(SourceText(decl.type->span))});
  if (decl.default_value != nullptr) {
    Value v;
    if (evaluator_->Eval(*decl.default_value->expr, Frame{}, &v)) members.push_back({"default", v});
  }
  for (std::string_view name : {"description", "sensitive", "nullable", "ephemeral"}) {
    if (Value v = LiteralOf(*decl.body, name); !v.is_null()) members.push_back({name, v});
  }
  members.push_back({"value", VariableValue(module, index)});
  return MakeObject(*arena_, members);
}

Value Project::OutputAttributes(ModuleInstance& module, std::uint32_t index,
                                std::span<const AttributeDependency>* references) {
  const OutputDecl& decl = module.parsed->config.outputs[index];
  Value v = OutputValue(module, index);
  std::vector<Member> members{{"name", Value::String(decl.name)}, {"value", v}};
  for (std::string_view name : {"description", "sensitive", "ephemeral"}) {
    if (Value l = LiteralOf(*decl.body, name); !l.is_null()) members.push_back({name, l});
  }
  std::vector<AttributeDependency> list;
  for (const Dependency& d : module.outputs[index].dependencies) list.push_back({"value", d});
  *references = arena_->Copy(list);
  return MakeObject(*arena_, members);
}

// Variables, outputs, providers and settings are declarations: one resource each, however many
// instances the module has.
void Project::AddDeclarations(ModuleInstance& module, model::ResourceGraph& graph) {
  const ModuleConfig& config = module.parsed->config;
  for (std::uint32_t i = 0; i < config.variables.size(); ++i) {
    const VariableDecl& decl = config.variables[i];
    std::string_view address = Address(module, fmt::format("var.{}", decl.name));
    Add(graph, module, model::Mode::kVariable, "variable", decl.name, address, decl).attributes =
        VariableAttributes(module, i);
  }
  for (std::uint32_t i = 0; i < config.outputs.size(); ++i) {
    const OutputDecl& decl = config.outputs[i];
    std::string_view address = Address(module, fmt::format("output.{}", decl.name));
    model::Resource& r =
        Add(graph, module, model::Mode::kOutput, "output", decl.name, address, decl);
    std::span<const AttributeDependency> references;
    r.attributes = OutputAttributes(module, i, &references);
    pending_references_.push_back({r.id, references});
  }
  for (const Declaration& decl : config.providers) {
    std::string_view alias = LiteralString(decl.body->FindAttribute("alias"));
    std::string_view address =
        Address(module, fmt::format("provider.{}{}{}", decl.name, alias.empty() ? "" : ".", alias));
    model::Resource& r =
        Add(graph, module, model::Mode::kProvider, "provider", decl.name, address, decl);
    provider_ids_.emplace(&decl, r.id);
    std::span<const AttributeDependency> references;
    r.attributes = PlainAttributes(module, decl, nullptr, Place{address, {}, true, &NothingSkipped},
                                   &references);
    pending_references_.push_back({r.id, references});
  }
  for (const Declaration& decl : config.settings) {
    std::string_view address = Address(module, "terraform");
    model::Resource& r =
        Add(graph, module, model::Mode::kTerraform, "terraform", "terraform", address, decl);
    ++quiet_;  // configuration_aliases and the like are names, not values
    Declaration named = decl;
    named.name = "terraform";
    r.attributes =
        PlainAttributes(module, named, nullptr, Place{address, {}, true, &NothingSkipped}, nullptr);
    --quiet_;
  }
}

void Project::AddModule(ModuleInstance& module, model::ResourceGraph& graph) {
  if (module.parsed == nullptr) return;
  quiet_ += module.uncertain ? 1 : 0;
  AddResources(module, graph);
  AddCalls(module, graph);
  if (described_.insert(module.parsed).second) AddDeclarations(module, graph);
  quiet_ -= module.uncertain ? 1 : 0;
}

void Project::SetReferences(model::ResourceGraph& graph) {
  for (auto& [id, references] : pending_references_) {
    auto& list = graph.at(id).references;
    for (const AttributeDependency& r : references) {
      if (r.on.target->id == Target::kNoId || r.on.target->id == id) continue;
      bool known = std::ranges::any_of(list, [&](const model::Reference& o) {
        return o.target == r.on.target->id && o.attribute == r.path &&
               o.target_attribute == r.on.attribute;
      });
      if (!known) list.push_back({r.path, r.on.target->id, r.on.attribute});
    }
  }
}

void Project::Run(model::ResourceGraph& graph) {
  EvaluateAll();
  pending_references_.clear();
  provider_ids_.clear();
  described_.clear();
  for (ModuleInstance* module : modules_) AddModule(*module, graph);
  SetReferences(graph);
  AddMetaReferences(graph);
  diagnostics_ = nullptr;
}

}  // namespace plumbline::terraform
