#include "terraform/trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "value/number.h"

namespace plumbline::terraform {
namespace {

constexpr int kMaxDepth = 64;
constexpr std::size_t kMaxSteps = 32;

/// Functions whose result has the shape of their first argument.
constexpr auto kTransparent = std::to_array<std::string_view>(
    {"nonsensitive", "sensitive", "tolist", "tomap", "tobool", "tonumber", "tostring", "toset"});

model::PathStep StepOf(Value key) {
  model::PathStep step;
  if (key.is_number()) {
    step.index = ToInt64(key).value_or(0);
  } else if (key.is_string()) {
    step.key = key.as_string();
  }
  return step;
}

Tracer::Path Prepend(model::PathStep step, const Tracer::Path& rest) {
  Tracer::Path out{step};
  out.insert(out.end(), rest.begin(), rest.end());
  return out;
}

const Value* Element(Value v, const model::PathStep& step) {
  if (!step.is_index()) return v.Find(step.key);
  auto i = static_cast<std::size_t>(step.index);
  return i < v.items().size() ? &v.items()[i] : nullptr;
}

bool IsConstant(const hcl::Expr& e) {
  switch (e.kind) {
    case hcl::ExprKind::kLiteral:
      return true;
    case hcl::ExprKind::kParens:
    case hcl::ExprKind::kUnary:
      return IsConstant(*e.operand);
    case hcl::ExprKind::kTemplate:
    case hcl::ExprKind::kTuple:
      return std::ranges::all_of(e.args,
                                 [](const hcl::Expr* a) { return a == nullptr || IsConstant(*a); });
    default:
      return false;
  }
}

}  // namespace

void Tracer::Push(Span span, std::string what) {
  if (steps_.size() < kMaxSteps) steps_.push_back({span, std::move(what)});
}

void Tracer::Narrow(Span span) {
  if (!steps_.empty() && span.valid()) steps_.back().span = span;
}

bool Tracer::Eval(const hcl::Expr& e, const Frame& f, Value* out) {
  return project_.evaluator_->Eval(e, f, out);
}

bool Tracer::ToPath(std::span<const hcl::Step> steps, const Frame& f, const Path& rest, Path* out) {
  out->clear();
  std::size_t taken = 0;
  for (const hcl::Step& s : steps) {
    if (s.kind == hcl::Step::Kind::kAttr) {
      out->push_back({s.name});
    } else if (s.kind == hcl::Step::Kind::kIndex) {
      Value key;
      if (!Eval(*s.index, f, &key) || (!key.is_number() && !key.is_string())) return false;
      out->push_back(StepOf(key));
    } else {
      // The index behind a splat's result is the index of the element.
      if (taken < rest.size() && rest[taken].is_index()) {
        out->push_back(rest[taken++]);
      } else {
        return true;
      }
    }
  }
  out->insert(out->end(), rest.begin() + static_cast<std::ptrdiff_t>(taken), rest.end());
  return true;
}

std::vector<model::OriginStep> Tracer::Trace(const Record& record,
                                             std::span<const model::PathStep> path) {
  Locator locator(project_, record);
  LocatedAttribute at = locator.Find(path);
  if (record.mode == model::Mode::kVariable || at.expr == nullptr) return {};
  sources_ = locator.bindings();
  Follow(*at.expr, at.frame, at.rest);
  return std::move(steps_);
}

void Tracer::Follow(const hcl::Expr& e, const Frame& f, Path path) {
  if (depth_ >= kMaxDepth) return;
  ++depth_;
  switch (e.kind) {
    case hcl::ExprKind::kParens:
      Follow(*e.operand, f, std::move(path));
      break;
    case hcl::ExprKind::kVariable:
      FollowVariable(e, f, std::move(path));
      break;
    case hcl::ExprKind::kTraversal: {
      Path inner;
      if (ToPath(e.steps, f, path, &inner)) Follow(*e.operand, f, std::move(inner));
      break;
    }
    case hcl::ExprKind::kTemplate:
      if (e.args.size() == 1) {
        Follow(*e.args[0], f, std::move(path));
      } else {
        FollowOnly(e.args, f);
      }
      break;
    case hcl::ExprKind::kConditional: {
      Value c, decided;
      if (!Eval(*e.operand, f, &c) || !project_.evaluator_->ToBool(c, &decided) ||
          !decided.is_bool())
        break;
      Follow(*e.args[decided.as_bool() ? 0 : 1], f, std::move(path));
      break;
    }
    case hcl::ExprKind::kObject:
      FollowObject(e, f, path);
      break;
    case hcl::ExprKind::kTuple: {
      if (path.empty() || !path[0].is_index() ||
          static_cast<std::size_t>(path[0].index) >= e.args.size())
        break;
      const hcl::Expr& item = *e.args[static_cast<std::size_t>(path[0].index)];
      Narrow(item.span);
      Follow(item, f, Path(path.begin() + 1, path.end()));
      break;
    }
    case hcl::ExprKind::kFor:
      FollowFor(e, f, path);
      break;
    case hcl::ExprKind::kCall:
      FollowCall(e, f, path);
      break;
    case hcl::ExprKind::kBinary:
    case hcl::ExprKind::kUnary: {
      if (e.operand != nullptr) {
        Follow(*e.operand, f, {});
      } else {
        FollowOnly(e.args, f);
      }
      break;
    }
    default:
      break;
  }
  --depth_;
}

// A value made of several things leads on only when one of them alone is not written in place.
void Tracer::FollowOnly(std::span<const hcl::Expr* const> candidates, const Frame& f) {
  const hcl::Expr* only = nullptr;
  for (const hcl::Expr* c : candidates) {
    if (c == nullptr || IsConstant(*c)) continue;
    if (only != nullptr) return;
    only = c;
  }
  if (only != nullptr) Follow(*only, f, {});
}

void Tracer::FollowObject(const hcl::Expr& e, const Frame& f, const Path& path) {
  if (path.empty() || path[0].is_index()) return;
  const hcl::ObjectItem* item = FindItem(e, path[0].key);
  for (const hcl::ObjectItem& i : e.items) {
    Value key, text;
    if (item != nullptr || i.key->kind == hcl::ExprKind::kLiteral) continue;
    if (Eval(*i.key, f, &key) && project_.evaluator_->ToText(key, &text) && text.is_string() &&
        text.as_string() == path[0].key) {
      item = &i;
    }
  }
  if (item == nullptr) return;
  Narrow(Join(item->key->span, item->value->span));
  Follow(*item->value, f, Path(path.begin() + 1, path.end()));
}

bool Tracer::FollowBinding(const hcl::Expr& e, const Frame& f, const Path& path) {
  auto source = std::find_if(sources_.rbegin(), sources_.rend(),
                             [&](const BindingSource& s) { return s.name == e.name; });
  if (source == sources_.rend()) return false;
  std::span<const hcl::Step> steps = e.steps;
  if (source->is_iterator) {
    if (steps.empty()) return true;
    steps = steps.subspan(1);
  }
  Path rest;
  if (!ToPath(steps, f, path, &rest)) return true;
  BindingSource copy = *source;
  Path inner = Prepend(copy.element, rest);
  // What the collection's expression names is not bound by the binding itself.
  std::vector<BindingSource> saved(sources_.begin(), source.base() - 1);
  std::swap(saved, sources_);
  Follow(*copy.collection, copy.frame, std::move(inner));
  std::swap(saved, sources_);
  return true;
}

void Tracer::FollowVariable(const hcl::Expr& e, const Frame& f, Path path) {
  for (const Binding* b = f.bindings; b != nullptr; b = b->next) {
    if (b->name != e.name) continue;
    FollowBinding(e, f, path);
    return;
  }
  if (f.module == nullptr || f.module->parsed == nullptr || e.steps.empty()) return;
  const ModuleConfig& config = f.module->parsed->config;
  std::string_view name = e.steps[0].name;
  Path rest;
  if (e.name == "var" || e.name == "local") {
    if (!ToPath(e.steps.subspan(1), f, path, &rest)) return;
    if (e.name == "var") {
      if (const VariableDecl* decl = config.FindVariable(name))
        FollowInput(*f.module, *decl, std::move(rest));
      return;
    }
    auto it = config.local_index.find(name);
    if (it == config.local_index.end()) return;
    const hcl::Attribute& a = *config.locals[it->second].attribute;
    Push(a.span, fmt::format("local.{}", name));
    Follow(*a.expr, Frame{f.module}, std::move(rest));
    return;
  }
  if (e.name == "each") return FollowEach(e, f, path);
  if (e.name == "module") return FollowOutput(e, f, std::move(path));
  if (e.name == "count" || e.name == "path" || e.name == "terraform" || e.name == "self") return;
  if (e.name == "data") return FollowResource(e, f, model::Mode::kData, 1, std::move(path));
  if (e.name == "resource") return FollowResource(e, f, model::Mode::kManaged, 1, std::move(path));
  FollowResource(e, f, model::Mode::kManaged, 0, std::move(path));
}

void Tracer::FollowEach(const hcl::Expr& e, const Frame& f, const Path& path) {
  if (f.instance == nullptr || f.instance->kind != InstanceKey::Kind::kString) return;
  const hcl::Attribute* for_each = nullptr;
  std::string where;
  ModuleInstance* module = f.module;
  for (ResourceNode& node : module->resources) {
    if (f.instance->source != &node.expansion) continue;
    for_each = node.decl->for_each;
    where = fmt::format("for_each of {}.{}", node.decl->type, node.decl->name);
  }
  for (CallNode& call : module->calls) {
    if (f.instance->source != &call.expansion) continue;
    for_each = call.decl->for_each;
    where = fmt::format("for_each of module.{}", call.decl->name);
  }
  Path rest;
  if (for_each == nullptr || !ToPath(e.steps.subspan(1), f, path, &rest)) return;
  Push(for_each->span, where);
  Follow(*for_each->expr, Frame{module}, Prepend({f.instance->key}, rest));
}

void Tracer::FollowInput(ModuleInstance& module, const VariableDecl& decl, Path path) {
  Push(decl.block->header, fmt::format("variable \"{}\"", decl.name));
  if (module.call != nullptr) {
    const hcl::Attribute* a = module.call->decl->body->FindAttribute(decl.name);
    Value given;
    bool counts = a != nullptr &&
                  (project_.Nullable(decl) ||
                   !Eval(*a->expr, Frame{module.parent, &module.key}, &given) || !given.is_null());
    if (counts) {
      Push(a->span, fmt::format("argument {} of module.{}", decl.name, module.call->decl->name));
      sources_.clear();
      return Follow(*a->expr, Frame{module.parent, &module.key}, std::move(path));
    }
  } else if (auto it = project_.inputs().values.find(decl.name);
             it != project_.inputs().values.end()) {
    const InputValue& input = it->second;
    if (input.attribute == nullptr) {
      Push(decl.block->header, input.what);
      return;
    }
    Push(input.attribute->span, input.what);
    return Follow(*input.attribute->expr, Frame{}, std::move(path));
  }
  if (decl.default_value == nullptr) return;
  Push(decl.default_value->span, fmt::format("default of variable \"{}\"", decl.name));
  Follow(*decl.default_value->expr, Frame{}, std::move(path));
}

void Tracer::FollowOutput(const hcl::Expr& e, const Frame& f, Path path) {
  const ModuleConfig& config = f.module->parsed->config;
  auto it = config.call_index.find(e.steps[0].name);
  if (it == config.call_index.end()) return;
  CallNode& call = f.module->calls[it->second];
  Path rest;
  if (!ToPath(e.steps.subspan(1), f, path, &rest)) return;
  ModuleInstance* module = nullptr;
  if (call.decl->count == nullptr && call.decl->for_each == nullptr) {
    module = call.instances.empty() ? nullptr : &call.instances[0];
  } else if (!rest.empty()) {
    for (ModuleInstance& m : call.instances) {
      bool same = rest[0].is_index() ? m.key.index == rest[0].index && m.key.has_count
                                     : m.key.key == rest[0].key;
      if (same) module = &m;
    }
    rest.erase(rest.begin());
  }
  if (module == nullptr || module->parsed == nullptr || rest.empty()) return;
  const ModuleConfig& inner = module->parsed->config;
  auto out = inner.output_index.find(rest[0].key);
  if (out == inner.output_index.end()) return;
  const OutputDecl& decl = inner.outputs[out->second];
  if (decl.value == nullptr) return;
  Push(decl.body->FindAttribute("value")->span,
       fmt::format("output \"{}\" of module.{}", decl.name, call.decl->name));
  sources_.clear();
  Follow(*decl.value, Frame{module}, Path(rest.begin() + 1, rest.end()));
}

void Tracer::FollowResource(const hcl::Expr& e, const Frame& f, model::Mode mode, std::size_t skip,
                            Path path) {
  if (e.steps.size() <= skip || e.steps[skip].kind != hcl::Step::Kind::kAttr) return;
  std::string_view type = skip == 0 ? e.name : e.steps[0].name;
  std::string_view prefix = mode == model::Mode::kData ? "data." : "";
  ResourceNode* node = project_.FindResource(*f.module, prefix, type, e.steps[skip].name);
  Path rest;
  if (node == nullptr || !ToPath(e.steps.subspan(skip + 1), f, path, &rest)) return;
  ResourceInstance* instance = nullptr;
  if (node->decl->count == nullptr && node->decl->for_each == nullptr) {
    instance = node->instances.empty() ? nullptr : &node->instances[0];
  } else if (!rest.empty()) {
    for (ResourceInstance& i : node->instances) {
      bool same = rest[0].is_index() ? i.key.index == rest[0].index && i.key.has_count
                                     : i.key.key == rest[0].key;
      if (same) instance = &i;
    }
    rest.erase(rest.begin());
  }
  if (instance == nullptr || rest.empty()) return;
  Record record{mode, node->module, node->decl->body, node->decl->block, &instance->key};
  Locator locator(project_, record);
  LocatedAttribute at = locator.Find(rest);
  if (!at.located.exact) return;
  Push(at.located.span, fmt::format("{}.{}", instance->address, model::PathToString(rest)));
  if (at.expr == nullptr) return;
  sources_ = locator.bindings();
  Follow(*at.expr, at.frame, at.rest);
}

void Tracer::FollowFor(const hcl::Expr& e, const Frame& f, const Path& path) {
  const hcl::ForExpr& spec = *e.for_;
  Value list;
  if (path.empty() || spec.grouped || !Eval(*spec.collection, f, &list)) return;
  std::size_t n = list.is_mapping() ? list.members().size() : list.items().size();
  std::int64_t kept = 0;
  for (std::size_t i = 0; i < n; ++i) {
    Value value = list.is_mapping() ? list.members()[i].value : list.items()[i];
    Value key = list.is_mapping()           ? Value::String(list.members()[i].key)
                : list.kind() == Kind::kSet ? value
                                            : Value::Int(static_cast<std::int64_t>(i));
    Frame inner = f;
    for_bindings_.push_back({spec.value_name, value, inner.bindings});
    inner.bindings = &for_bindings_.back();
    if (!spec.key_name.empty()) {
      for_bindings_.push_back({spec.key_name, key, inner.bindings});
      inner.bindings = &for_bindings_.back();
    }
    Value c, keep, k, text;
    if (spec.condition != nullptr &&
        (!Eval(*spec.condition, inner, &c) || !project_.evaluator_->ToBool(c, &keep) ||
         !keep.is_bool() || !keep.as_bool())) {
      continue;
    }
    bool found = false;
    if (!spec.is_object) {
      found = path[0].is_index() && kept++ == path[0].index;
    } else if (Eval(*spec.key, inner, &k) && project_.evaluator_->ToText(k, &text) &&
               text.is_string()) {
      found = text.as_string() == path[0].key;
    }
    if (!found) continue;
    model::PathStep element;
    if (list.is_mapping()) {
      element.key = list.members()[i].key;
    } else {
      element.index = static_cast<std::int64_t>(i);
    }
    sources_.push_back({spec.value_name, spec.collection, f, element, false});
    if (!spec.key_name.empty())
      sources_.push_back({spec.key_name, spec.collection, f, element, false});
    Follow(*spec.value, inner, Path(path.begin() + 1, path.end()));
    return;
  }
}

void Tracer::FollowCall(const hcl::Expr& e, const Frame& f, const Path& path) {
  Value v;
  if (e.args.empty() || e.expand_last) return;
  if (e.name == "try") {
    for (const hcl::Expr* arg : e.args) {
      if (Eval(*arg, f, &v)) return Follow(*arg, f, path);
    }
    return;
  }
  if (e.name == "coalesce" || e.name == "coalescelist") {
    for (const hcl::Expr* arg : e.args) {
      bool empty = !Eval(*arg, f, &v) || v.is_null() || (v.is_string() && v.as_string().empty()) ||
                   (v.is_sequence() && v.items().empty());
      if (!empty) return Follow(*arg, f, path);
    }
    return;
  }
  if (e.name == "lookup" || e.name == "element") {
    Value collection, key;
    if (e.args.size() < 2 || !Eval(*e.args[0], f, &collection) || !Eval(*e.args[1], f, &key))
      return;
    model::PathStep step = StepOf(key);
    if (e.name == "element" && step.is_index() && !collection.items().empty()) {
      step.index %= static_cast<std::int64_t>(collection.items().size());
    }
    if (Element(collection, step) != nullptr) return Follow(*e.args[0], f, Prepend(step, path));
    if (e.args.size() > 2) Follow(*e.args[2], f, path);
    return;
  }
  if (e.name == "merge" && !path.empty()) {
    for (auto arg = e.args.rbegin(); arg != e.args.rend(); ++arg) {
      if (Eval(**arg, f, &v) && Element(v, path[0]) != nullptr) return Follow(**arg, f, path);
    }
    return;
  }
  if (e.name == "concat" && !path.empty() && path[0].is_index()) {
    Path inner = path;
    for (const hcl::Expr* arg : e.args) {
      if (!Eval(*arg, f, &v)) return;
      auto n = static_cast<std::int64_t>(v.items().size());
      if (inner[0].index < n) return Follow(*arg, f, inner);
      inner[0].index -= n;
    }
    return;
  }
  bool transparent = std::ranges::find(kTransparent, e.name) != kTransparent.end();
  if (transparent) return Follow(*e.args[0], f, path);
  FollowOnly(e.args, f);
}

std::vector<model::OriginStep> Project::Trace(const model::Resource& resource,
                                              std::span<const model::PathStep> path) const {
  std::lock_guard lock(trace_mutex_);
  auto& self =
      const_cast<Project&>(*this);  // evaluation is memoised: nothing that others see changes
  TraceSession session(self);
  return Tracer(self).Trace(*static_cast<const Record*>(resource.node), path);
}

}  // namespace plumbline::terraform
