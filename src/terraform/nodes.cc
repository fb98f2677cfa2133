// Forcing nodes, collecting what they depend on, and reporting what Terraform would refuse.
#include <fmt/format.h>

#include <algorithm>

#include "terraform/project.h"
#include "value/convert.h"

namespace plumbline::terraform {
namespace {

// An attribute that depends on more than this depends on "everything"; the graph keeps the first
// ones.
constexpr std::size_t kMaxDependencies = 512;

// A value with more leaves than this is written by nobody; it is doubled again and again by
// references.
constexpr std::uint64_t kMaxLeaves = 5'000'000;

bool SameDependency(const Dependency& a, const Dependency& b) {
  return a.target == b.target && a.attribute == b.attribute;
}

}  // namespace

void Project::Pop(Collector& collector) {
  collector_ = collector.outer;
  if (collector_ == nullptr) return;
  collector_->on_defaults |= collector.on_defaults;
  collector_->inputs |= collector.inputs;
}

// References share what they refer to, so a few lines can build a value that is astronomically
// large or deep when it is walked. Containers that a node holds are measured once; a walk meets
// only what is new in a value.
Project::Extent Project::Measure(Value v, std::uint32_t depth, std::uint64_t& budget) {
  if (!v.is_sequence() && !v.is_mapping()) return {0, 1};
  const void* rep = v.is_mapping() ? static_cast<const void*>(v.object_rep()) : v.list_rep();
  if (auto known = extents_.find(rep); known != extents_.end()) return known->second;
  Extent total{1, 1};
  if (depth > files_->limits().max_depth || budget == 0) return {depth, kMaxLeaves + 1};
  --budget;
  auto add = [&](Value inner) {
    Extent e = Measure(inner, depth + 1, budget);
    total.depth = std::max(total.depth, e.depth + 1);
    total.leaves = std::min(total.leaves + e.leaves, kMaxLeaves + 1);
  };
  for (Value i : v.items()) add(i);
  for (const Member& m : v.members()) add(m.value);
  return total;
}

Value Project::Bounded(Value v, Span span) {
  if (!v.is_sequence() && !v.is_mapping()) return v;
  std::uint64_t budget = kMaxLeaves;
  Extent extent = Measure(v, 0, budget);
  if (extent.depth <= files_->limits().max_depth && extent.leaves <= kMaxLeaves) {
    extents_.emplace(v.is_mapping() ? static_cast<const void*>(v.object_rep()) : v.list_rep(),
                     extent);
    return v;
  }
  const char* what = "the value is larger or nested more deeply than the limit allows";
  Report(DiagnosticCode::kLimit, what, span);
  return MakeUnknown(*arena_, DynamicType(), what, span);
}

void Project::Touch(Target& target, std::string_view attribute) {
  if (collector_ == nullptr) return;
  auto& list = collector_->list;
  if (!list.empty() && SameDependency(list.back(), {&target, attribute})) return;
  if (list.size() < 4 * kMaxDependencies) list.push_back({&target, attribute});
}

void Project::Take(Node& node) {
  if (collector_ == nullptr) return;
  collector_->on_defaults |= node.on_defaults;
  collector_->inputs |= node.inputs;
  if (node.dependencies.empty() || node.collected_by == collector_->id) return;
  node.collected_by = collector_->id;
  auto& list = collector_->list;
  std::size_t room = 4 * kMaxDependencies - std::min(list.size(), 4 * kMaxDependencies);
  auto some = node.dependencies.first(std::min(room, node.dependencies.size()));
  list.insert(list.end(), some.begin(), some.end());
}

// Distinct, in the order of first use.
void Project::Finish(Collector& collector, Node& node) {
  auto& list = collector.list;
  if (list.empty()) return;
  std::vector<std::size_t> order(list.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (list[a].target != list[b].target) return list[a].target < list[b].target;
    return list[a].attribute < list[b].attribute;
  });
  std::vector<bool> drop(list.size());
  for (std::size_t i = 1; i < order.size(); ++i)
    drop[order[i]] = SameDependency(list[order[i - 1]], list[order[i]]);
  std::size_t n = 0;
  for (std::size_t i = 0; i < list.size() && n < kMaxDependencies; ++i) {
    if (!drop[i]) list[n++] = list[i];
  }
  list.resize(n);
  node.dependencies = arena_->Copy(list);
}

Value Project::Circle(const Node& node, const ModuleInstance* module, std::string_view what,
                      Span span) {
  auto name = [](const ModuleInstance* m, std::string_view w) {
    bool whole = m == nullptr || m->address.empty() || w.starts_with(m->address);
    return whole ? std::string(w) : fmt::format("{}.{}", m->address, w);
  };
  std::string self = name(module, what), message = self + " refers to itself";
  auto first = std::ranges::find(busy_, &node, &Busy::node);
  constexpr std::ptrdiff_t kMaxShown = 20;
  if (busy_.end() - first > 1) {
    message += ": ";
    if (busy_.end() - first > kMaxShown) {
      message += "… → ";
      first = busy_.end() - kMaxShown;
    }
    for (; first != busy_.end(); ++first) message += name(first->module, first->what) + " → ";
    message += self;
  }
  Report(DiagnosticCode::kCycle, message, span, {});
  return MakeUnknown(*arena_, DynamicType(), self + " refers to itself", span);
}

Value Project::Force(Node& node, const ModuleInstance* module, std::string_view what, Span span,
                     ComputeRef compute) {
  if (node.state == NodeState::kDone) {
    Take(node);
    return node.value;
  }
  if (node.state == NodeState::kBusy) return Circle(node, module, what, span);
  node.state = NodeState::kBusy;
  Collector collector{++next_collector_, collector_};
  collector_ = &collector;
  bool quiet = module != nullptr && module->uncertain;
  quiet_ += quiet ? 1 : 0;
  const std::size_t claimed = unclaimed_.size();
  busy_.push_back({&node, module, what});
  Value v = Bounded(compute(), span);
  busy_.pop_back();
  quiet_ -= quiet ? 1 : 0;
  Pop(collector);
  node.on_defaults = collector.on_defaults;
  node.inputs = collector.inputs;
  Finish(collector, node);
  for (std::size_t i = claimed; i < unclaimed_.size(); ++i)
    kept_.push_back({node.inputs | ExistenceMask(module), std::move(unclaimed_[i])});
  unclaimed_.resize(claimed);
  node.value = v;
  node.state = NodeState::kDone;
  Take(node);
  return v;
}

std::string Project::ReportKey(DiagnosticCode code, std::string_view message, Span span) {
  return fmt::format("{}/{}/{}/{}", span.file, span.begin, static_cast<int>(code), message);
}

void Project::Report(DiagnosticCode code, std::string message, Span span,
                     std::string_view resource) {
  if (diagnostics_ == nullptr || quiet_ > 0) return;
  if (!reported_.insert(ReportKey(code, message, span)).second) return;
  diagnostics_->push_back({code, std::move(message), span, std::string(resource)});
  if (lasting_report_) {
    kept_.push_back({0, diagnostics_->back()});
  } else if (tables_.size() > 1) {
    unclaimed_.push_back(diagnostics_->back());
  }
}

// After a failed Eval: the diagnostic, and the unknown that stands for the value.
Value Project::Refused(const Type* type, std::string_view resource) {
  const EvalError& error = evaluator_->error();
  if (evaluator_->out_of_steps()) {
    if (!limit_reported_) Report(DiagnosticCode::kLimit, error.message, error.span, resource);
    limit_reported_ = true;
  } else if (!error.quiet &&
             (error.fatal || !is_library_ || collector_ == nullptr || !collector_->on_defaults)) {
    Report(DiagnosticCode::kEvaluationError, error.message, error.span, resource);
  }
  return MakeUnknown(*arena_, type, error.message, error.span);
}

Value Project::EvalOrUnknown(const hcl::Expr& e, const Frame& f, const Type* type,
                             std::string_view resource) {
  Value v;
  return evaluator_->Eval(e, f, &v) ? v : Refused(type, resource);
}

Value Project::VariableValue(ModuleInstance& module, std::uint32_t index) {
  const VariableDecl& decl = module.parsed->config.variables[index];
  Node& node = module.variables[index];
  if (node.state == NodeState::kDone) {
    Take(node);
    return node.value;
  }
  return Force(node, &module, fmt::format("var.{}", decl.name), decl.block->header,
               [&] { return ComputeVariable(module, decl); });
}

Value Project::LocalValue(ModuleInstance& module, std::uint32_t index) {
  const LocalDecl& decl = module.parsed->config.locals[index];
  Node& node = module.locals[index];
  if (node.state == NodeState::kDone) {
    Take(node);
    return node.value;
  }
  return Force(node, &module, fmt::format("local.{}", decl.name), decl.attribute->span, [&] {
    return EvalOrUnknown(*decl.attribute->expr, Frame{&module}, DynamicType(), {});
  });
}

Value Project::OutputValue(ModuleInstance& module, std::uint32_t index) {
  const OutputDecl& decl = module.parsed->config.outputs[index];
  Node& node = module.outputs[index];
  if (node.state == NodeState::kDone) {
    Take(node);
    return node.value;
  }
  return Force(node, &module, fmt::format("output.{}", decl.name), decl.block->header, [&] {
    if (decl.value == nullptr) {
      return MakeUnknown(*arena_, DynamicType(),
                         fmt::format("output \"{}\" has no value", decl.name), decl.block->header);
    }
    return CheckedOutput(module, decl,
                         EvalOrUnknown(*decl.value, Frame{&module}, DynamicType(), {}));
  });
}

Value Project::WholeResource(ResourceNode& node) {
  return Force(node.whole, node.module, fmt::format("{}.{}", node.decl->type, node.decl->name),
               node.decl->block->header, [&] {
                 bool is_map = node.decl->for_each != nullptr;
                 auto members = arena_->NewArray<Member>(is_map ? node.instances.size() : 0);
                 auto items = arena_->NewArray<Value>(is_map ? 0 : node.instances.size());
                 for (std::size_t i = 0; i < node.instances.size(); ++i) {
                   ForceBody(node.instances[i]);
                   if (is_map) {
                     members[i] = {node.instances[i].key.key, node.instances[i].body.value};
                   } else {
                     items[i] = node.instances[i].body.value;
                   }
                 }
                 return is_map ? SealObject(*arena_, members) : SealTuple(*arena_, items);
               });
}

Value Project::WholeModule(ModuleInstance& module) {
  return Force(module.whole, &module, "outputs", module.call->decl->block->header, [&] {
    auto members = arena_->NewArray<Member>(module.outputs.size());
    for (std::uint32_t i = 0; i < module.outputs.size(); ++i) {
      members[i] = {module.parsed->config.outputs[i].name, OutputValue(module, i)};
    }
    return SealObject(*arena_, members);
  });
}

Value Project::WholeCall(CallNode& call) {
  return Force(call.whole, call.module, fmt::format("module.{}", call.decl->name),
               call.decl->block->header, [&] {
                 bool is_map = call.decl->for_each != nullptr;
                 auto members = arena_->NewArray<Member>(is_map ? call.instances.size() : 0);
                 auto items = arena_->NewArray<Value>(is_map ? 0 : call.instances.size());
                 for (std::size_t i = 0; i < call.instances.size(); ++i) {
                   ModuleInstance& m = call.instances[i];
                   Value v = m.parsed == nullptr ? MissingOutput(m, {}) : WholeModule(m);
                   if (is_map) {
                     members[i] = {m.key.key, v};
                   } else {
                     items[i] = v;
                   }
                 }
                 return is_map ? SealObject(*arena_, members) : SealTuple(*arena_, items);
               });
}

void Project::ForceBody(ResourceInstance& instance) {
  if (instance.body.state == NodeState::kDone) return NoteInputs(instance.body.inputs);
  const ResourceDecl& decl = *instance.node->decl;
  quiet_ += instance.key.kind == InstanceKey::Kind::kUncertain ? 1 : 0;
  Force(instance.body, instance.node->module, instance.address, decl.block->header,
        [&] { return ReferenceValue(instance); });
  quiet_ -= instance.key.kind == InstanceKey::Kind::kUncertain ? 1 : 0;
}

}  // namespace plumbline::terraform
