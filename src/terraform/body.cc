// A block's body becomes an object: attributes by name, nested blocks as lists of objects in source
// order, dynamic blocks unfolded. On the way the references of each attribute are noted.
#include <fmt/format.h>

#include <algorithm>

#include "terraform/dynamic_block.h"
#include "terraform/project.h"

namespace plumbline::terraform {
namespace {

constexpr std::size_t kMaxLeaves = 256;

/// The text leaves and the resource attributes behind unknown leaves of a value.
struct Leaves {
  std::vector<std::string_view> texts;
  std::vector<ResourceRef> refs;
  std::size_t seen = 0;

  void Visit(Value v, int depth) {
    if (++seen > kMaxLeaves || depth > 16) return;
    if (v.is_string()) texts.push_back(v.as_string());
    if (v.is_unknown()) {
      refs.insert(refs.end(), v.unknown()->refs.begin(), v.unknown()->refs.end());
      if (v.unknown()->json != nullptr) Visit(*v.unknown()->json, depth + 1);
      for (Value p : v.unknown()->parts) {
        if (p.is_string()) Visit(p, depth + 1);
      }
    }
    for (Value i : v.items()) Visit(i, depth + 1);
    for (const Member& m : v.members()) Visit(m.value, depth + 1);
  }

  bool Mentions(const Dependency& d, Value known) const {
    for (const ResourceRef& r : refs) {
      if (r.address == d.target->address && (r.attribute == d.attribute || d.attribute.empty()))
        return true;
    }
    if (!known.is_string() || known.as_string().empty()) return false;
    return std::ranges::any_of(
        texts, [&](std::string_view t) { return t.find(known.as_string()) != t.npos; });
  }
};

}  // namespace

// What was read on the way to a value is more than what the value is made of (all of a local map
// where one element was picked). Where the value itself shows what it is made of, only that counts.
void Project::AddReferences(Collector& collector, std::string_view path, Value v,
                            std::vector<AttributeDependency>& out) {
  auto& list = collector.list;
  if (list.empty()) return;
  Node distinct;
  Finish(collector, distinct);
  std::size_t before = out.size();
  if (distinct.dependencies.size() > 1) {
    Leaves leaves;
    leaves.Visit(v, 0);
    for (const Dependency& d : distinct.dependencies) {
      Value known;
      if (d.target->is_resource) {
        const Node& body = static_cast<const ResourceInstance*>(d.target)->body;
        const Value* found =
            body.state == NodeState::kDone ? body.value.Find(d.attribute) : nullptr;
        if (found != nullptr) known = *found;
      }
      if (!leaves.Mentions(d, known)) continue;
      // The whole resource says nothing more where one of its attributes was read as well.
      bool redundant = d.attribute.empty() &&
                       std::ranges::any_of(distinct.dependencies, [&](const Dependency& o) {
                         return o.target == d.target && !o.attribute.empty();
                       });
      if (!redundant) out.push_back({path, d});
    }
  }
  if (out.size() > before) return;
  for (const Dependency& d : distinct.dependencies) out.push_back({path, d});
}

void Project::EvalAttribute(const hcl::Attribute& a, const Frame& f, const Place& place,
                            BodyState& state) {
  Collector collector{++next_collector_, collector_};
  collector_ = &collector;
  Value v = Bounded(EvalOrUnknown(*a.expr, f, DynamicType(), place.resource), a.span);
  Pop(collector);
  if (!collector.list.empty() || collector.inputs != 0) {
    if (collector_ != nullptr) {
      collector_->list.insert(collector_->list.end(), collector.list.begin(), collector.list.end());
    }
    std::string_view path = place.prefix.empty()
                                ? a.name
                                : arena_->CopyString(fmt::format("{}.{}", place.prefix, a.name));
    AddReferences(collector, path, v, state.notes->references);
    if (collector.inputs != 0) state.notes->inputs.push_back({path, collector.inputs});
  }
  CheckArgument(a, place, v);
  state.members.push_back({a.name, v});
}

void Project::EvalBlock(const hcl::Block& block, const Frame& f, const Place& place,
                        BodyState& state) {
  Place inner = place;
  inner.top = false;
  inner.prefix = place.prefix.empty()
                     ? block.type
                     : arena_->CopyString(fmt::format("{}.{}", place.prefix, block.type));
  Value v = EvalBody(*block.body, f, inner, state.depth + 1, *state.notes);
  state.GroupOf(block.type).Add(v);
}

void Project::EvalDynamic(const hcl::Block& block, const Frame& f, const Place& place,
                          BodyState& state) {
  DynamicBlock dynamic;
  if (!ReadDynamic(block, &dynamic)) {
    if (block.body->json) {  // elsewhere block_check.cc has told it
      Report(DiagnosticCode::kEvaluationError,
             "a dynamic block needs a label, for_each and a content block", block.header,
             place.resource);
    }
    return;
  }
  Collector collector{++next_collector_, collector_};
  collector_ = &collector;
  Value list = EvalOrUnknown(*dynamic.for_each, f, DynamicType(), place.resource);
  Pop(collector);
  std::string_view path =
      place.prefix.empty() ? dynamic.type
                           : arena_->CopyString(fmt::format("{}.{}", place.prefix, dynamic.type));
  AddReferences(collector, path, list, state.notes->references);
  if (collector.inputs != 0) state.notes->inputs.push_back({path, collector.inputs});
  if (list.is_null()) {
    Report(DiagnosticCode::kEvaluationError, "the for_each of a dynamic block must not be null",
           dynamic.for_each->span, place.resource);
    return;
  }
  auto& group = state.GroupOf(dynamic.type);
  if (list.is_unknown()) {
    group.blocks.push_back(evaluator_->UnknownFrom(DynamicType(), list));
    return;
  }
  if (!list.is_sequence() && !list.is_mapping()) {
    Report(DiagnosticCode::kEvaluationError,
           "the for_each of a dynamic block must be a list, set or map", dynamic.for_each->span,
           place.resource);
    return;
  }
  std::size_t n = list.is_mapping() ? list.members().size() : list.items().size();
  if (n > files_->limits().max_instances) {
    Report(DiagnosticCode::kLimit,
           fmt::format("the dynamic block would become {} blocks, more than the limit of {}", n,
                       files_->limits().max_instances),
           block.header, place.resource);
    group.blocks.push_back(
        MakeUnknown(*arena_, DynamicType(), "the dynamic block is larger than the limit allows"));
    return;
  }
  Place inner = place;
  inner.top = false;
  inner.prefix = path;
  for (std::size_t i = 0; i < n; ++i) {
    IteratorBinding iterator(*arena_, dynamic, list, i, f);
    Value v =
        EvalBody(*dynamic.content->body, iterator.frame(), inner, state.depth + 1, *state.notes);
    state.GroupOf(dynamic.type).Add(v.WithMarks(list.marks()));
  }
}

// ignore_changes holds bare references, which have no value; they are kept as text.
Value Project::EvalLifecycle(const hcl::Block& block) {
  std::vector<Member> members;
  for (const hcl::Attribute& a : block.body->attributes) {
    if (a.expr->kind == hcl::ExprKind::kLiteral) members.push_back({a.name, a.expr->value});
    if (a.name != "ignore_changes") continue;
    std::vector<Value> names;
    if (a.expr->kind == hcl::ExprKind::kVariable) names.push_back(Value::String(a.expr->name));
    for (const hcl::Expr* e : a.expr->args) {
      if (e->kind == hcl::ExprKind::kVariable) names.push_back(Value::String(e->name));
    }
    members.push_back({a.name, MakeTuple(*arena_, names)});
  }
  return MakeObject(*arena_, members);
}

Value Project::EvalBody(const hcl::Body& body, const Frame& f, const Place& place,
                        std::uint32_t depth, BodyNotes& notes) {
  if (depth > files_->limits().max_depth) {
    Report(DiagnosticCode::kLimit, "blocks are nested more deeply than the limit allows", body.span,
           place.resource);
    return MakeUnknown(*arena_, DynamicType(),
                       "blocks are nested more deeply than the limit allows", body.span);
  }
  BodyState state;
  state.notes = &notes;
  state.depth = depth;
  state.members.reserve(body.attributes.size() + 4);
  auto skipped = [&](std::string_view name) {
    return place.top && place.skip != nullptr && place.skip(name);
  };
  for (const hcl::Attribute& a : body.attributes) {
    if (!skipped(a.name)) EvalAttribute(a, f, place, state);
  }
  for (const hcl::Block& b : body.blocks) {
    if (b.type == "dynamic") {
      EvalDynamic(b, f, place, state);
    } else if (!skipped(b.type)) {
      EvalBlock(b, f, place, state);
    } else if (b.type == "lifecycle") {
      Value v = EvalLifecycle(b);
      state.members.push_back({b.type, MakeTuple(*arena_, {&v, 1})});
    }
  }
  for (const BodyState::Group& g : state.groups) {
    bool open = g.only_unknown && !g.blocks.empty();
    state.members.push_back({g.type, open ? g.blocks[0] : MakeTuple(*arena_, g.blocks)});
  }
  auto members = arena_->NewArray<Member>(state.members.size());
  std::copy(state.members.begin(), state.members.end(), members.begin());
  Value v = SealObject(*arena_, members);
  if (!place.top && place.instance != nullptr) open_blocks_.emplace(v.object_rep(), place.instance);
  return v;
}

}  // namespace plumbline::terraform
