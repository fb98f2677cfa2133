// What names mean: var.x, local.x, module.m.out, aws_s3_bucket.b[0].id, each.value, path.module …
// Names that lead nowhere fail quietly: reference_check.cc has told them.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "support/suggest.h"
#include "terraform/names.h"
#include "terraform/project.h"
#include "value/number.h"

namespace plumbline::terraform {
namespace {

using StepKind = hcl::Step::Kind;

constexpr auto kDataNames =
    std::to_array<std::string_view>({"id", "input", "output", "triggers_replace"});

/// The name behind the root ("x" in var.x); empty when there is none.
std::string_view SecondName(const hcl::Expr& e, std::size_t at = 0) {
  return e.steps.size() > at && e.steps[at].kind == StepKind::kAttr ? e.steps[at].name
                                                                    : std::string_view();
}

/// The attribute that follows a splat: "id" in x[*].id.
std::string_view SplatAttribute(const hcl::Expr& e, std::size_t at) {
  if (at + 1 >= e.steps.size()) return {};
  StepKind k = e.steps[at].kind;
  return k == StepKind::kAttrSplat || k == StepKind::kFullSplat ? SecondName(e, at + 1)
                                                                : std::string_view();
}

}  // namespace

bool Project::Resolve(const hcl::Expr& e, const Frame& f, Value* out, std::size_t* used) {
  *used = 1;
  if (SecondName(e).empty()) {
    return evaluator_->FailQuietly(
        fmt::format("\"{}\" alone is no reference; a name must follow it, as in {}.NAME", e.name,
                    e.name),
        e.span);
  }
  if (e.name == "var") return ResolveVariable(e, f, out);
  if (e.name == "local") return ResolveLocal(e, f, out);
  if (e.name == "module") return ResolveModule(e, f, out, used);
  if (e.name == "each") return ResolveEach(e, f, out);
  if (e.name == "count") return ResolveCount(e, f, out);
  if (e.name == "path") return ResolvePath(e, f, out);
  if (e.name == "terraform" || e.name == "tofu") return ResolveTerraform(e, out);
  if (e.name == "data") return ResolveResource(e, f, "data.", 1, out, used);
  if (e.name == "resource") return ResolveResource(e, f, "", 1, out, used);
  if (e.name == "self")
    return evaluator_->FailQuietly("\"self\" can only be used in provisioners and postconditions",
                                   e.span);
  if (e.name == "ephemeral") {
    return ResolveResource(e, f, "ephemeral.", 1, out, used);
  }
  return ResolveResource(e, f, "", 0, out, used);
}

bool Project::ResolveVariable(const hcl::Expr& e, const Frame& f, Value* out) {
  const ModuleConfig& config = f.module->parsed->config;
  auto it = config.variable_index.find(e.steps[0].name);
  if (it == config.variable_index.end()) {
    return evaluator_->FailQuietly(UndeclaredVariable(config, e.steps[0].name), e.span);
  }
  *out = VariableValue(*f.module, it->second);
  return true;
}

bool Project::ResolveLocal(const hcl::Expr& e, const Frame& f, Value* out) {
  const ModuleConfig& config = f.module->parsed->config;
  auto it = config.local_index.find(e.steps[0].name);
  if (it == config.local_index.end()) {
    return evaluator_->FailQuietly(UndeclaredLocal(config, e.steps[0].name), e.span);
  }
  *out = LocalValue(*f.module, it->second);
  return true;
}

// A for_each over another block's instances depends on all of them, but what each.* holds comes
// from the instance with the same key: with thousands of instances the difference is a square.
void Project::TakeEach(const InstanceKey& key) {
  auto has_key = [&](const Dependency& d) {
    return (d.target->is_resource
                ? static_cast<const ResourceInstance*>(d.target)->key.key
                : static_cast<const ModuleInstance*>(d.target)->key.key) == key.key;
  };
  // The list of dependencies is bounded: when it is long, the one that counts may be missing.
  constexpr std::size_t kUnclear = 64;
  std::span<const Dependency> all = key.source->dependencies;
  if (collector_ == nullptr || (all.size() <= kUnclear && std::ranges::none_of(all, has_key))) {
    return Take(*key.source);
  }
  collector_->on_defaults |= key.source->on_defaults;
  collector_->inputs |= key.source->inputs;
  std::ranges::copy_if(all, std::back_inserter(collector_->list), has_key);
}

bool Project::ResolveEach(const hcl::Expr& e, const Frame& f, Value* out) {
  std::string_view name = e.steps[0].name;
  std::string wrong = WrongEach(name, f.instance != nullptr && f.instance->has_each);
  if (!wrong.empty()) return evaluator_->FailQuietly(std::move(wrong), e.span);
  if (f.instance->source != nullptr) TakeEach(*f.instance);
  *out = name == "key" ? f.instance->each_key : f.instance->each_value;
  return true;
}

bool Project::ResolveCount(const hcl::Expr& e, const Frame& f, Value* out) {
  std::string wrong = WrongCount(e.steps[0].name, f.instance != nullptr && f.instance->has_count);
  if (!wrong.empty()) return evaluator_->FailQuietly(std::move(wrong), e.span);
  *out = f.instance->count_index;
  return true;
}

bool Project::ResolvePath(const hcl::Expr& e, const Frame& f, Value* out) {
  std::string_view name = e.steps[0].name;
  if (name == "module") {
    *out = Value::String(f.module->path);
  } else if (name == "root") {
    *out = Value::String(".");
  } else if (name == "cwd") {
    *out = Value::String(arena_->CopyString(dir_));
  } else {
    return evaluator_->FailQuietly(WrongPath(name), e.span);
  }
  return true;
}

bool Project::ResolveTerraform(const hcl::Expr& e, Value* out) {
  if (e.steps[0].name == "workspace") {
    NoteInputs(workspace_mask_);
    *out = Value::String(arena_->CopyString(inputs().workspace));
    return true;
  }
  if (e.steps[0].name == "applying") {
    *out = Value::Bool(false);
    return true;
  }
  return evaluator_->FailQuietly(WrongTerraform(e.steps[0].name), e.span);
}

ResourceNode* Project::FindResource(ModuleInstance& module, std::string_view prefix,
                                    std::string_view type, std::string_view name) {
  std::array<char, 256> buffer;
  std::string long_key;
  std::string_view key;
  std::size_t n = prefix.size() + type.size() + 1 + name.size();
  if (n <= buffer.size()) {
    char* p = std::copy(prefix.begin(), prefix.end(), buffer.data());
    p = std::copy(type.begin(), type.end(), p);
    *p++ = '.';
    std::copy(name.begin(), name.end(), p);
    key = {buffer.data(), n};
  } else {
    long_key = fmt::format("{}{}.{}", prefix, type, name);
    key = long_key;
  }
  const ModuleConfig& config = module.parsed->config;
  auto it = config.resource_index.find(key);
  return it == config.resource_index.end() ? nullptr : &module.resources[it->second];
}

bool Project::ResolveResource(const hcl::Expr& e, const Frame& f, std::string_view prefix,
                              std::size_t skip, Value* out, std::size_t* used) {
  std::string_view type = skip == 0 ? e.name : e.steps[0].name;
  std::string_view name = SecondName(e, skip);
  if (name.empty()) {
    return evaluator_->FailQuietly(fmt::format("a name must follow the resource type \"{}\"", type),
                                   e.span);
  }
  ResourceNode* node = FindResource(*f.module, prefix, type, name);
  if (node == nullptr) {
    return evaluator_->FailQuietly(
        UndeclaredResource(f.module->parsed->config, fmt::format("{}{}.{}", prefix, type, name)),
        e.span);
  }
  if (!ResolveNode(*node, e, f, skip, out, used)) return false;
  if (node->decl->ephemeral) {
    ephemeral_used_ = true;
    *out = out->WithMarks(kEphemeral);
  }
  return true;
}

bool Project::ResolveNode(ResourceNode& resource, const hcl::Expr& e, const Frame& f,
                          std::size_t skip, Value* out, std::size_t* used) {
  ResourceNode* node = &resource;
  *used = skip + 1;
  Expand(*node);
  bool repeated = node->decl->count != nullptr || node->decl->for_each != nullptr;
  if (repeated) return ResolveInstances(*node, e, f, out, used);
  ResourceInstance& only = node->instances[0];
  if (*used < e.steps.size()) {
    const hcl::Step& next = e.steps[*used];
    if (next.kind == StepKind::kIndex) {
      return evaluator_->Fail(
          fmt::format("{} has neither count nor for_each, so it takes no index", only.address),
          e.span, true);
    }
    if (next.kind == StepKind::kAttr) {
      ++*used;
      return InstanceAttribute(only, next, out);
    }
  }
  Touch(only, SplatAttribute(e, *used));
  ForceBody(only);
  *out = only.body.state == NodeState::kDone ? only.body.value : Computed(only, {});
  return true;
}

bool Project::InstanceAttribute(ResourceInstance& instance, const hcl::Step& step, Value* out) {
  Touch(instance, step.name);
  bool busy = instance.body.state == NodeState::kBusy;
  ForceBody(instance);
  if (busy) {
    *out = Computed(instance, step.name);
    return true;
  }
  if (const Value* found = instance.body.value.Find(step.name)) {
    *out = *found;
    return true;
  }
  if (OpenAttribute(instance.body.value, step.name, out)) return true;
  return evaluator_->Fail(fmt::format("{} has no attribute \"{}\"{}", instance.address, step.name,
                                      DidYouMean(step.name, kDataNames)),
                          step.span, true);
}

template <typename Instance>
Instance* Project::FindInstance(std::span<Instance> instances, Value key) {
  Value k;
  if (instances.empty()) return nullptr;
  if (instances[0].key.kind == InstanceKey::Kind::kUncertain) return &instances[0];
  if (instances[0].key.kind == InstanceKey::Kind::kIndex) {
    if (!evaluator_->ToNumber(key, &k) || !k.is_number()) return nullptr;
    auto i = ToInt64(k);
    return i && *i >= 0 && static_cast<std::size_t>(*i) < instances.size()
               ? &instances[static_cast<std::size_t>(*i)]
               : nullptr;
  }
  if (!evaluator_->ToText(key, &k) || !k.is_string()) return nullptr;
  std::size_t low = 0, high = instances.size();  // sorted by key
  while (low < high) {
    std::size_t mid = (low + high) / 2;
    if (instances[mid].key.key < k.as_string()) {
      low = mid + 1;
    } else {
      high = mid;
    }
  }
  return low < instances.size() && instances[low].key.key == k.as_string() ? &instances[low]
                                                                           : nullptr;
}

bool Project::ResolveInstances(ResourceNode& node, const hcl::Expr& e, const Frame& f, Value* out,
                               std::size_t* used) {
  const hcl::Step* next = *used < e.steps.size() ? &e.steps[*used] : nullptr;
  if (next != nullptr && next->kind == StepKind::kAttr) {
    return evaluator_->Fail(fmt::format("{}.{} has instances; an index must follow it",
                                        node.decl->type, node.decl->name),
                            e.span, true);
  }
  if (next != nullptr && next->kind == StepKind::kIndex) {
    Value key;
    if (!evaluator_->Eval(*next->index, f, &key)) return false;
    if (ResourceInstance* instance = FindInstance(node.instances, key)) {
      ++*used;
      if (*used < e.steps.size() && e.steps[*used].kind == StepKind::kAttr) {
        return InstanceAttribute(*instance, e.steps[(*used)++], out);
      }
      Touch(*instance, {});
      ForceBody(*instance);
      *out = instance->body.value;
      return true;
    }
  }
  std::string_view attribute = SplatAttribute(e, *used);
  for (ResourceInstance& i : node.instances) Touch(i, attribute);
  if (node.unknown_keys) {
    // One or many, and which: only what it is made of is known.
    UnknownInfo info = *Computed(node.instances[0], attribute).unknown();
    info.type = DynamicType();
    info.not_null = false;
    *out = MakeUnknown(*arena_, info);
    return true;
  }
  *out = WholeResource(node);
  return true;
}

bool Project::OutputOf(ModuleInstance& module, const hcl::Step& step, Value* out) {
  Touch(module, step.name);
  if (module.parsed == nullptr) {
    *out = MissingOutput(module, step.name);
    return true;
  }
  const ModuleConfig& config = module.parsed->config;
  auto it = config.output_index.find(step.name);
  if (it == config.output_index.end()) {
    return evaluator_->Fail(UndeclaredOutput(config, module.address, step.name), step.span);
  }
  *out = OutputValue(module, it->second);
  return true;
}

Value Project::MissingOutput(const ModuleInstance& module, std::string_view output) {
  UnknownInfo info;
  info.cause = module.call->missing;
  ResourceRef ref{module.address, output};
  info.refs = arena_->Copy(std::span<const ResourceRef>(&ref, 1));
  return MakeUnknown(*arena_, info);
}

bool Project::ResolveModule(const hcl::Expr& e, const Frame& f, Value* out, std::size_t* used) {
  const ModuleConfig& config = f.module->parsed->config;
  auto it = config.call_index.find(e.steps[0].name);
  if (it == config.call_index.end()) {
    return evaluator_->FailQuietly(UndeclaredModule(config, e.steps[0].name), e.span);
  }
  CallNode& call = f.module->calls[it->second];
  Expand(call);
  ModuleInstance* module = nullptr;
  bool repeated = call.decl->count != nullptr || call.decl->for_each != nullptr;
  const hcl::Step* next = *used < e.steps.size() ? &e.steps[*used] : nullptr;
  if (!repeated) {
    if (next != nullptr && next->kind == StepKind::kIndex) {
      return evaluator_->Fail(
          fmt::format("module.{} has neither count nor for_each, so it takes no index",
                      call.decl->name),
          e.span, true);
    }
    module = &call.instances[0];
  } else if (next != nullptr && next->kind == StepKind::kIndex) {
    Value key;
    if (!evaluator_->Eval(*next->index, f, &key)) return false;
    module = FindInstance(call.instances, key);
    if (module != nullptr) ++*used;
  }
  if (module != nullptr) {
    if (*used < e.steps.size() && e.steps[*used].kind == StepKind::kAttr) {
      return OutputOf(*module, e.steps[(*used)++], out);
    }
    Touch(*module, {});
    *out = module->parsed == nullptr ? MissingOutput(*module, {}) : WholeModule(*module);
    return true;
  }
  std::string_view output = SplatAttribute(e, *used);
  for (ModuleInstance& m : call.instances) Touch(m, output);
  if (call.unknown_keys) {
    Value why = call.expansion.value;
    *out = evaluator_->UnknownFrom(DynamicType(), why);
    return true;
  }
  *out = WholeCall(call);
  return true;
}

bool Project::RequiresProvider(const Frame& frame, std::string_view provider) {
  if (frame.module == nullptr || frame.module->parsed == nullptr) return true;
  for (const Declaration& settings : frame.module->parsed->config.settings) {
    for (const hcl::Block& block : settings.body->blocks) {
      if (block.type == "required_providers" && block.body->FindAttribute(provider) != nullptr)
        return true;
    }
  }
  return false;
}

bool Project::OpenAttribute(Value object, std::string_view name, Value* out) {
  auto it = open_objects_.find(object.object_rep());
  if (it == open_objects_.end()) {
    it = open_blocks_.find(object.object_rep());
    if (it == open_blocks_.end()) return false;
  }
  // The built-in resource type is known completely; of all others there is no schema here.
  if (it->second->node->decl->type == "terraform_data") return false;
  Touch(*it->second, name);
  *out = Computed(*it->second, name);
  return true;
}

void Project::Touched(Value object, std::string_view name) {
  if (collector_ == nullptr || open_objects_.empty()) return;
  auto it = open_objects_.find(object.object_rep());
  if (it != open_objects_.end()) Touch(*it->second, name);
}

}  // namespace plumbline::terraform
