// One project, several environments: inputs that differ are numbered, every node notes which of
// them it depends on, and going from one environment to the next forgets only the nodes behind what
// really changed.
#include <fmt/format.h>

#include <algorithm>

#include "terraform/project.h"

namespace plumbline::terraform {
namespace {

constexpr std::size_t kMaxBits = 64;

bool SameSource(const InputValue* a, const InputValue* b) {
  if (a == nullptr || b == nullptr) return a == b;
  return a->attribute == b->attribute && a->is_text == b->is_text && a->text == b->text;
}

const InputValue* Find(const InputTable& table, std::string_view name) {
  auto it = table.values.find(name);
  return it != table.values.end() ? &it->second : nullptr;
}

void ForgetNode(Node& node) { node = Node(); }

}  // namespace

// Inputs beyond the number of bits share them: too much is evaluated again then, never too little.
void Project::FindVarying() {
  std::size_t bits = 0;
  auto next_bit = [&] { return InputMask{1} << (bits++ % kMaxBits); };
  if (std::ranges::any_of(tables_,
                          [&](const InputTable& t) { return t.workspace != tables_[0].workspace; }))
    workspace_mask_ = next_bit();
  for (const VariableDecl& decl : root_->parsed->config.variables) {
    bool varies = std::ranges::any_of(tables_, [&](const InputTable& t) {
      return !SameSource(Find(t, decl.name), Find(tables_[0], decl.name));
    });
    if (varies) varying_.emplace(decl.name, next_bit());
  }
}

InputMask Project::MaskOf(const VariableDecl& decl) const {
  if (varying_.empty()) return 0;
  auto it = varying_.find(decl.name);
  return it != varying_.end() ? it->second : 0;
}

InputMask Project::ExistenceMask(const ModuleInstance* module) const {
  InputMask mask = 0;
  for (; module != nullptr && module->call != nullptr; module = module->parent)
    mask |= module->call->expansion.inputs;
  return mask;
}

// What is written differently may well be the same: the values decide.
InputMask Project::EnterInputs(std::size_t environment) {
  const InputTable& before = tables_[environment_];
  environment_ = environment;
  const InputTable& now = tables_[environment_];
  InputMask changed = before.workspace != now.workspace ? workspace_mask_ : 0;
  const ModuleConfig& config = root_->parsed->config;
  for (std::uint32_t i = 0; i < config.variables.size(); ++i) {
    const VariableDecl& decl = config.variables[i];
    Node& node = root_->variables[i];
    if (SameSource(Find(before, decl.name), Find(now, decl.name))) continue;
    bool was_known = node.state == NodeState::kDone;
    Value old = node.value;
    ForgetNode(node);
    Value value = VariableValue(*root_, i);
    // An unknown value says where it comes from.
    bool same = was_known && !HasUnknown(value) && RawEqual(old, value);
    if (!same) changed |= MaskOf(decl);
  }
  return changed;
}

void Project::Forget(ModuleInstance& module, InputMask changed) {
  auto forget = [&](Node& node) {
    bool stale = (node.inputs & changed) != 0;
    if (stale) ForgetNode(node);
    return stale;
  };
  // The root's variables are those that changed: they are evaluated already.
  if (module.call != nullptr) std::ranges::for_each(module.variables, forget);
  std::ranges::for_each(module.locals, forget);
  std::ranges::for_each(module.outputs, forget);
  forget(module.whole);
  for (ResourceNode& node : module.resources) {
    bool expand = forget(node.expansion);
    if (forget(node.whole) || expand) ForgetNode(node.whole);
    if (expand) node.instances = {};
    for (ResourceInstance& instance : node.instances) forget(instance.body);
  }
  for (CallNode& call : module.calls) {
    bool expand = forget(call.expansion);
    if (forget(call.whole) || expand) ForgetNode(call.whole);
    if (expand) call.instances = {};
  }
}

std::size_t Project::CountInstances() const {
  std::size_t n = 0;
  std::vector<const ModuleInstance*> todo{root_};
  while (!todo.empty()) {
    const ModuleInstance& module = *todo.back();
    todo.pop_back();
    for (const ResourceNode& node : module.resources) n += node.instances.size();
    for (const CallNode& call : module.calls) {
      n += call.instances.size();
      for (const ModuleInstance& m : call.instances) todo.push_back(&m);
    }
  }
  return n;
}

void Project::Enter(std::size_t environment, Diagnostics& diagnostics) {
  diagnostics_ = &diagnostics;
  reported_.clear();
  limit_reported_ = false;
  unclaimed_.clear();
  evaluator_->RenewSteps();
  auto kept = std::move(kept_);
  kept_.clear();
  InputMask changed = environment != environment_ ? EnterInputs(environment) : 0;
  if (changed != 0) {
    for (ModuleInstance* module : modules_) {
      if (module->parsed != nullptr) Forget(*module, changed);
    }
  }
  instance_count_ = CountInstances();
  const ModuleConfig& config = root_->parsed->config;
  is_library_ = config.providers.empty() && inputs().values.empty() && !KeepsState(config);
  for (auto& [mask, d] : kept) {
    if ((mask & changed) != 0) continue;
    if (reported_.insert(ReportKey(d.code, d.message, d.span)).second) diagnostics.push_back(d);
    kept_.push_back({mask, std::move(d)});
  }
  for (const std::string& path : inputs().absent_files) {
    std::string shown = files_->ShownPath(files_->Absolute(path));
    Report(DiagnosticCode::kInvalidVariable,
           fmt::format("the variables file {} does not exist", shown),
           {files_->sources().Add(shown, ""), 0, 0});
  }
}

InputMask Project::VaryingInputs(const model::Resource& resource,
                                 std::span<const model::PathStep> path) const {
  const auto& record = *static_cast<const Record*>(resource.node);
  if (tables_.size() < 2) return 0;
  InputMask mask = ExistenceMask(record.module);
  if (record.instance == nullptr) return mask;
  mask |= record.instance->node->expansion.inputs;
  std::string wanted;
  for (const model::PathStep& step : path) {
    if (!step.is_index()) wanted += (wanted.empty() ? "" : ".") + std::string(step.key);
  }
  auto within = [](std::string_view inner, std::string_view outer) {
    return inner.starts_with(outer) && (inner.size() == outer.size() || inner[outer.size()] == '.');
  };
  for (const AttributeInputs& a : record.instance->inputs) {
    if (wanted.empty() || within(a.path, wanted) || within(wanted, a.path)) mask |= a.inputs;
  }
  return mask;
}

std::vector<model::OriginStep> Project::Deciders(InputMask mask, std::size_t environment) const {
  std::vector<model::OriginStep> out;
  const InputTable& table = tables_[environment];
  if ((mask & workspace_mask_) != 0)
    out.push_back({Span{}, fmt::format("workspace \"{}\"", table.workspace)});
  for (const VariableDecl& decl : root_->parsed->config.variables) {
    if ((mask & MaskOf(decl)) == 0) continue;
    const InputValue* input = Find(table, decl.name);
    if (input == nullptr) {
      Span span = decl.default_value != nullptr ? decl.default_value->span : decl.block->header;
      out.push_back({span, fmt::format("{} \"{}\"",
                                       decl.default_value != nullptr ? "default of variable"
                                                                     : "no value for variable",
                                       decl.name)});
    } else if (input->attribute != nullptr) {
      out.push_back({input->attribute->span, fmt::format("variable \"{}\"", decl.name)});
    } else {
      out.push_back({decl.block->header, input->what});
    }
  }
  return out;
}

}  // namespace plumbline::terraform
