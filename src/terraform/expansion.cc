// count and for_each: blocks become instances; module calls find their folders.
#include <fmt/format.h>

#include <algorithm>

#include "support/suggest.h"
#include "terraform/modules/store.h"
#include "terraform/project.h"
#include "value/number.h"

namespace plumbline::terraform {

/// The keys of a block's instances.
struct Project::Keys {
  std::vector<InstanceKey> list;
  bool unknown = false;
  Value why;  // unknown: the value that decides
};

std::string ManifestKey(const ModuleInstance& caller, std::string_view call) {
  std::string key(call);
  for (const ModuleInstance* m = &caller; m->call != nullptr; m = m->parent) {
    key = std::string(m->call->decl->name) + "." + key;
  }
  return key;
}

std::string_view Project::Address(const ModuleInstance& module, std::string_view name) {
  if (module.address.empty()) return arena_->CopyString(name);
  return arena_->CopyString(fmt::format("{}.{}", module.address, name));
}

bool Project::AllowInstances(std::size_t n, Span span, std::string_view address) {
  const Limits& limits = files_->limits();
  if (n > limits.max_instances) {
    Report(DiagnosticCode::kLimit,
           fmt::format("{} would have {} instances, more than the limit of {}", address, n,
                       limits.max_instances),
           span, address);
    return false;
  }
  if (instance_count_ + n > limits.max_total_instances) {
    Report(DiagnosticCode::kLimit,
           fmt::format("the project would have more than {} instances", limits.max_total_instances),
           span, address);
    return false;
  }
  instance_count_ += n;
  return true;
}

Project::Keys Project::UncertainKeys(Value why, bool is_count, const Type* element) {
  Keys keys;
  keys.unknown = true;
  keys.why = why;
  InstanceKey key;
  key.kind = InstanceKey::Kind::kUncertain;
  key.has_count = is_count;
  key.has_each = !is_count;
  if (is_count) {
    key.count_index = evaluator_->UnknownFrom(NumberType(), why, true);
  } else {
    key.each_key = evaluator_->UnknownFrom(StringType(), why, true);
    key.each_value = evaluator_->UnknownFrom(element, why);
  }
  keys.list.push_back(key);
  return keys;
}

Project::Keys Project::CountKeys(ModuleInstance& module, const hcl::Attribute& count,
                                 std::string_view address) {
  Value v, n;
  bool ok = evaluator_->Eval(*count.expr, Frame{&module}, &v);
  if (ok && !evaluator_->ToNumber(v, &n))
    ok = evaluator_->Fail("count must be a whole number", count.expr->span);
  if (ok && n.is_null()) ok = evaluator_->Fail("count must not be null", count.expr->span);
  if (ok && n.is_number() && (!IsWhole(n) || CompareNumbers(n, Value::Int(0)) < 0)) {
    ok = evaluator_->Fail("count must be a whole number, zero or greater", count.expr->span);
  }
  if (!ok) return UncertainKeys(Refused(NumberType(), address), true, nullptr);
  CheckKeyMarks("count", v, count.expr->span, address);
  if (n.is_unknown()) return UncertainKeys(n, true, nullptr);
  auto size = ToInt64(n);
  if (!size || !AllowInstances(static_cast<std::size_t>(*size), count.span, address)) {
    return UncertainKeys(
        MakeUnknown(*arena_, NumberType(), "the count is larger than the limit allows", count.span),
        true, nullptr);
  }
  Keys keys;
  keys.list.resize(static_cast<std::size_t>(*size));
  for (std::int64_t i = 0; i < *size; ++i) {
    InstanceKey& key = keys.list[static_cast<std::size_t>(i)];
    key.kind = InstanceKey::Kind::kIndex;
    key.has_count = true;
    key.index = i;
    key.count_index = Value::Int(i);
    key.suffix = arena_->CopyString(fmt::format("[{}]", i));
  }
  return keys;
}

namespace {

/// As addresses show a string key: ["a"], with quotes and backslashes escaped.
std::string KeySuffix(std::string_view key) {
  std::string out = "[\"";
  for (std::size_t i = 0; i < key.size(); ++i) {
    char c = key[i];
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if ((c == '$' || c == '%') && i + 1 < key.size() && key[i + 1] == '{') out += c;
    out += c;
  }
  return out + "\"]";
}

}  // namespace

Project::Keys Project::ForEachKeys(ModuleInstance& module, const hcl::Attribute& for_each,
                                   std::string_view address) {
  Value v;
  Span span = for_each.expr->span;
  bool ok = evaluator_->Eval(*for_each.expr, Frame{&module}, &v);
  if (ok && v.is_null()) ok = evaluator_->Fail("for_each must not be null", span);
  if (ok && !v.is_unknown() && v.kind() != Kind::kSet && !v.is_mapping()) {
    ok = evaluator_->Fail(fmt::format("for_each must be a map or a set of strings, not a {}",
                                      TypeName(TypeOf(*arena_, v))),
                          span);
  }
  if (!ok) return UncertainKeys(Refused(DynamicType(), address), false, DynamicType());
  CheckKeyMarks("for_each", v, span, address);
  if (v.is_unknown()) {
    const Type* t = v.unknown()->type;
    return UncertainKeys(v, false, t->element != nullptr ? t->element : DynamicType());
  }
  Keys keys;
  std::size_t n = v.is_mapping() ? v.members().size() : v.items().size();
  if (!AllowInstances(n, for_each.span, address)) {
    return UncertainKeys(
        MakeUnknown(*arena_, DynamicType(), "for_each is larger than the limit allows", span),
        false, DynamicType());
  }
  auto add = [&](std::string_view name, Value value) {
    InstanceKey key;
    key.kind = InstanceKey::Kind::kString;
    key.has_each = true;
    key.key = name;
    key.each_key = Value::String(name);
    key.each_value = value;
    key.suffix = arena_->CopyString(KeySuffix(name));
    keys.list.push_back(key);
  };
  for (const Member& m : v.members()) add(m.key, m.value);
  for (Value item : v.items()) {
    if (item.is_unknown()) return UncertainKeys(item, false, StringType());
    if (!item.is_string()) {
      evaluator_->Fail("the elements of a set in for_each must be strings, none of them null",
                       span);
      return UncertainKeys(Refused(DynamicType(), address), false, StringType());
    }
    add(item.as_string(), item);
  }
  return keys;
}

Project::Keys Project::ComputeKeys(ModuleInstance& module, const hcl::Attribute* count,
                                   const hcl::Attribute* for_each, std::string_view address) {
  if (count != nullptr) return CountKeys(module, *count, address);
  if (for_each != nullptr) return ForEachKeys(module, *for_each, address);
  Keys keys;
  keys.list.resize(1);
  ++instance_count_;
  return keys;
}

void Project::Expand(ResourceNode& node) {
  if (node.expansion.state == NodeState::kDone) return NoteInputs(node.expansion.inputs);
  const ResourceDecl& decl = *node.decl;
  std::string_view address =
      Address(*node.module, fmt::format("{}{}.{}",
                                        decl.ephemeral                    ? "ephemeral."
                                        : decl.mode == model::Mode::kData ? "data."
                                                                          : "",
                                        decl.type, decl.name));
  // A resource whose count reads the resource itself is a cycle; the inner meeting sees one
  // uncertain instance.
  auto make = [&](const Keys& keys) {
    node.unknown_keys = keys.unknown;
    node.instances = arena_->NewArray<ResourceInstance>(keys.list.size());
    for (std::size_t i = 0; i < keys.list.size(); ++i) {
      ResourceInstance& instance = node.instances[i];
      instance.node = &node;
      instance.is_resource = true;
      instance.key = keys.list[i];
      instance.key.source =
          decl.count != nullptr || decl.for_each != nullptr ? &node.expansion : nullptr;
      instance.address =
          instance.key.suffix.empty()
              ? address
              : arena_->CopyString(fmt::format("{}{}", address, instance.key.suffix));
    }
  };
  bool busy = node.expansion.state == NodeState::kBusy;
  Collector* outer = collector_;
  collector_ = nullptr;
  std::string what = fmt::format("{} of {}.{}", decl.count != nullptr ? "count" : "for_each",
                                 decl.type, decl.name);
  Value v = Force(node.expansion, node.module, what, decl.block->header, [&] {
    Keys keys = ComputeKeys(*node.module, decl.count, decl.for_each, address);
    make(keys);
    return keys.why;
  });
  collector_ = outer;
  NoteInputs(node.expansion.inputs);
  if (busy && node.instances.empty()) make(UncertainKeys(v, decl.count != nullptr, DynamicType()));
}

void Project::Expand(CallNode& call) {
  if (call.expansion.state == NodeState::kDone) return NoteInputs(call.expansion.inputs);
  const CallDecl& decl = *call.decl;
  std::string_view address = Address(*call.module, fmt::format("module.{}", decl.name));
  bool busy = call.expansion.state == NodeState::kBusy;
  if (!busy) FindTarget(call);
  auto make = [&](const Keys& keys) {
    call.unknown_keys = keys.unknown;
    call.instances = arena_->NewArray<ModuleInstance>(keys.list.size());
    for (std::size_t i = 0; i < keys.list.size(); ++i) {
      ModuleInstance& m = call.instances[i];
      m.parent = call.module;
      m.call = &call;
      m.key = keys.list[i];
      m.key.source = decl.count != nullptr || decl.for_each != nullptr ? &call.expansion : nullptr;
      m.address = m.key.suffix.empty()
                      ? address
                      : arena_->CopyString(fmt::format("{}{}", address, m.key.suffix));
      m.depth = call.module->depth + 1;
      m.uncertain = call.module->uncertain || keys.unknown;
      FillModule(m, call.target);
    }
  };
  Collector* outer = collector_;
  collector_ = nullptr;
  std::string what =
      fmt::format("{} of module.{}", decl.count != nullptr ? "count" : "for_each", decl.name);
  Value v = Force(call.expansion, call.module, what, decl.block->header, [&] {
    Keys keys = ComputeKeys(*call.module, decl.count, decl.for_each, address);
    make(keys);
    return keys.why;
  });
  collector_ = outer;
  NoteInputs(call.expansion.inputs);
  if (busy && call.instances.empty()) make(UncertainKeys(v, decl.count != nullptr, DynamicType()));
}

void Project::SetPackages(ModuleInstance& module) {
  if (module.call == nullptr) return;
  std::span<const std::string_view> outer = module.parent->packages;
  module.packages = outer;
  if (module.call->package.empty()) return;
  auto packages = arena_->NewArray<std::string_view>(outer.size() + 1);
  std::ranges::copy(outer, packages.begin());
  packages.back() = module.call->package;
  module.packages = packages;
}

void Project::FillModule(ModuleInstance& module, const ParsedModule* parsed) {
  module.parsed = parsed;
  if (module.call != nullptr) {
    const ModuleInstance& parent = *module.parent;
    auto extend = [&](std::span<const Span> list, Span last) {
      auto out = arena_->NewArray<Span>(list.size() + 1);
      std::copy(list.begin(), list.end(), out.begin());
      out.back() = last;
      return out;
    };
    module.call_headers = extend(parent.call_headers, module.call->decl->block->header);
    module.call_blocks = extend(parent.call_blocks, module.call->decl->block->span);
  }
  if (parsed == nullptr) return;
  SetPackages(module);
  const ModuleConfig& config = parsed->config;
  if (module.call == nullptr) {
    module.path = ".";
  } else {
    module.path = arena_->CopyString(IsLocalSource(module.call->decl->source)
                                         ? JoinPath(module.parent->path, module.call->decl->source)
                                         : parsed->dir);
  }
  module.variables = arena_->NewArray<Node>(config.variables.size());
  module.locals = arena_->NewArray<Node>(config.locals.size());
  module.outputs = arena_->NewArray<Node>(config.outputs.size());
  module.resources = arena_->NewArray<ResourceNode>(config.resources.size());
  module.calls = arena_->NewArray<CallNode>(config.calls.size());
  for (std::size_t i = 0; i < config.resources.size(); ++i) {
    module.resources[i].decl = &config.resources[i];
    module.resources[i].module = &module;
  }
  for (std::size_t i = 0; i < config.calls.size(); ++i) {
    module.calls[i].decl = &config.calls[i];
    module.calls[i].module = &module;
  }
}

ModuleInstance* Project::NewModule(const ParsedModule* parsed) {
  auto* module = arena_->New<ModuleInstance>();
  FillModule(*module, parsed);
  return module;
}

bool Project::Missing(CallNode& call, Span span, DiagnosticCode code, std::string cause,
                      std::string message) {
  call.missing = arena_->New<Cause>(arena_->CopyString(cause), span);
  Report(code, std::move(message), span,
         Address(*call.module, fmt::format("module.{}", call.decl->name)));
  return false;
}

// The folder of a call, or the reason why there is none.
bool Project::ResolveSource(CallNode& call, std::string* dir) {
  const CallDecl& decl = *call.decl;
  Span span = decl.block->header;
  if (const hcl::Attribute* a = decl.body->FindAttribute("source")) span = a->span;
  std::string name = fmt::format("module.{}", decl.name);
  auto missing = [&](std::string cause, std::string message) {
    return Missing(call, span, DiagnosticCode::kModuleNotFound, std::move(cause),
                   std::move(message));
  };
  for (const ManifestEntry& e : manifest_) {
    if (IsLocalSource(decl.source) || e.key != ManifestKey(*call.module, decl.name)) continue;
    std::string real = files_->fs().RealPath(e.dir);
    if (!real.empty() && MayReach(real)) {
      *dir = real;
      return true;
    }
  }
  if (decl.source.empty()) {
    return missing(name + " has no source",
                   fmt::format("{} needs a source that is a plain string", name));
  }
  if (!IsLocalSource(decl.source)) return ResolveRemote(call, span, dir);
  if (auto known = call_dirs_.find(&decl); known != call_dirs_.end()) {
    *dir = known->second;
    return true;
  }
  *dir = ResolveLocalSource(files_->fs(), call.module->parsed->dir, decl.source);
  if (dir->empty() || !IsModuleDir(files_->fs(), *dir)) {
    return missing(fmt::format("the folder of {} does not exist", name),
                   fmt::format("{} calls {}, but there is no such folder with Terraform files",
                               name, decl.source));
  }
  if (!MayReach(*dir, call.module)) {
    return missing(
        fmt::format("the folder of {} lies outside of the scanned tree", name),
        fmt::format("{} calls {}, which lies outside of the scanned tree", name, decl.source));
  }
  call_dirs_.emplace(&decl, *dir);
  return true;
}

// The same for a source that is not a path.
bool Project::ResolveRemote(CallNode& call, Span span, std::string* dir) {
  const CallDecl& decl = *call.decl;
  std::string name = fmt::format("module.{}", decl.name);
  const ModuleStore none(files_->fs(), {});
  const ModulePlace& place = (options_.modules != nullptr ? *options_.modules : none)
                                 .Find({std::string(decl.source), std::string(decl.version)});
  std::string shown = ShownSource(decl.source);
  switch (place.kind) {
    case PlaceKind::kFound:
      if (!IsModuleDir(files_->fs(), place.dir)) {
        return Missing(
            call, span, DiagnosticCode::kModuleNotFound,
            fmt::format("{} has no Terraform files", name),
            fmt::format("{} calls {}, which has no Terraform files in that folder", name, shown));
      }
      *dir = place.dir;
      call.package = arena_->CopyString(place.package);
      return true;
    case PlaceKind::kInvalid:
      return Missing(call, span, DiagnosticCode::kModuleNotFound,
                     fmt::format("{} has no valid source", name),
                     fmt::format("{} cannot be found from \"{}\": {}", name, shown, place.problem));
    case PlaceKind::kFailed:
      return Missing(
          call, span, DiagnosticCode::kModuleUnavailable,
          fmt::format("{} could not be downloaded", name),
          fmt::format("{} cannot be downloaded from {}: {}", name, shown, place.problem));
    case PlaceKind::kUnsupported:
    case PlaceKind::kNotDownloaded:
      break;
  }
  return Missing(
      call, span, DiagnosticCode::kModuleNotDownloaded,
      fmt::format("{} is a remote module that is not downloaded", name),
      fmt::format(
          "{} comes from {}, which is remote and not downloaded; what it makes is not seen{}{}",
          name, shown, place.problem.empty() ? "" : "; ", place.problem));
}

void Project::FindTarget(CallNode& call) {
  lasting_report_ = true;
  LookForTarget(call);
  lasting_report_ = false;
}

void Project::LookForTarget(CallNode& call) {
  std::string dir;
  if (!ResolveSource(call, &dir)) return;
  std::string name = fmt::format("module.{}", call.decl->name);
  Span span = call.decl->block->header;
  for (const ModuleInstance* m = call.module; m != nullptr; m = m->parent) {
    if (m->parsed->dir != dir) continue;
    call.missing = arena_->New<Cause>(arena_->CopyString(name + " calls itself"), span);
    Report(DiagnosticCode::kCycle, fmt::format("{} leads back to the module that calls it", name),
           span, Address(*call.module, name));
    return;
  }
  if (call.module->depth + 1 > files_->limits().max_module_depth) {
    call.missing = arena_->New<Cause>(arena_->CopyString(name + " is nested too deeply"), span);
    Report(DiagnosticCode::kLimit,
           fmt::format("{} is nested more than {} modules deep", name,
                       files_->limits().max_module_depth),
           span, Address(*call.module, name));
    return;
  }
  auto [it, is_first] = call_targets_.try_emplace(call.decl, nullptr);
  if (is_first) {
    it->second = files_->Module(dir);
    call.target = it->second;
    CheckArguments(call);
  }
  call.target = it->second;
}

void Project::CheckArguments(CallNode& call) {
  if (call.target == nullptr) return;
  std::vector<std::string_view> names;
  for (const VariableDecl& v : call.target->config.variables) names.push_back(v.name);
  for (const hcl::Attribute& a : call.decl->body->attributes) {
    if (IsCallMeta(a.name) || call.target->config.FindVariable(a.name) != nullptr) continue;
    Report(DiagnosticCode::kUndeclaredArgument,
           fmt::format("the module called by module.{} declares no variable \"{}\"{}",
                       call.decl->name, a.name, DidYouMean(a.name, names)),
           a.name_span, Address(*call.module, fmt::format("module.{}", call.decl->name)));
  }
  for (const VariableDecl& v : call.target->config.variables) {
    if (v.default_value != nullptr || call.decl->body->FindAttribute(v.name) != nullptr) continue;
    Report(DiagnosticCode::kEvaluationError,
           fmt::format("module.{} does not set \"{}\", which the module requires", call.decl->name,
                       v.name),
           call.decl->block->header,
           Address(*call.module, fmt::format("module.{}", call.decl->name)));
  }
}

}  // namespace plumbline::terraform
