#include "terraform/locate.h"

namespace plumbline::terraform {

TraceSession::TraceSession(Project& project)
    : project_(project), old_arena_(project.arena_), old_evaluator_(project.evaluator_) {
  evaluator_ = std::make_unique<ExprEvaluator>(project, project.MakeFunctionContext(arena_));
  project_.arena_ = &arena_;
  project_.evaluator_ = evaluator_.get();
}

TraceSession::~TraceSession() {
  project_.arena_ = old_arena_;
  project_.evaluator_ = old_evaluator_;
}

const hcl::ObjectItem* FindItem(const hcl::Expr& object, std::string_view key) {
  const hcl::ObjectItem* found = nullptr;
  for (const hcl::ObjectItem& item : object.items) {
    const hcl::Expr& k = *item.key;
    if (k.kind == hcl::ExprKind::kLiteral && k.value.is_string() && k.value.as_string() == key)
      found = &item;
  }
  return found;
}

LocatedAttribute Locator::Find(std::span<const model::PathStep> path) {
  body_ = record_.body;
  header_ = record_.block->header;
  frame_ = Frame{record_.module, record_.key};
  for (std::size_t i = 0; i < path.size();) {
    if (path[i].is_index()) return {{header_, false}, nullptr, frame_, {}};
    if (const hcl::Attribute* a = body_->FindAttribute(path[i].key))
      return InAttribute(*a, path.subspan(i + 1));
    bool indexed = i + 1 < path.size() && path[i + 1].is_index();
    std::size_t wanted = indexed ? static_cast<std::size_t>(path[i + 1].index) : 0;
    if (!Enter(path[i].key, wanted)) return {{header_, false}, nullptr, frame_, {}};
    i += indexed ? 2 : 1;
  }
  return {{header_, true}, nullptr, frame_, {}};
}

// Objects and tuples written in place are entered, so that a finding about one element points to
// it.
LocatedAttribute Locator::InAttribute(const hcl::Attribute& a,
                                      std::span<const model::PathStep> rest) {
  const hcl::Expr* e = a.expr;
  Span span = a.span;
  while (!rest.empty()) {
    if (e->kind == hcl::ExprKind::kParens) {
      e = e->operand;
    } else if (e->kind == hcl::ExprKind::kObject && !rest[0].is_index()) {
      const hcl::ObjectItem* item = FindItem(*e, rest[0].key);
      if (item == nullptr) break;
      span = Join(item->key->span, item->value->span);
      e = item->value;
      rest = rest.subspan(1);
    } else if (e->kind == hcl::ExprKind::kObject && rest[0].index == 0) {
      rest = rest.subspan(1);  // JSON syntax: one block may stand for a list of them
    } else if (e->kind == hcl::ExprKind::kTuple && rest[0].is_index() &&
               static_cast<std::size_t>(rest[0].index) < e->args.size()) {
      e = e->args[static_cast<std::size_t>(rest[0].index)];
      span = e->span;
      rest = rest.subspan(1);
    } else {
      break;
    }
  }
  return {{span, true}, e, frame_, std::vector<model::PathStep>(rest.begin(), rest.end())};
}

bool Locator::Enter(std::string_view type, std::size_t wanted) {
  std::size_t count = 0;
  for (const hcl::Block& b : body_->blocks) {
    if (b.type == type) {
      if (count++ < wanted) continue;
      body_ = b.body;
      header_ = b.header;
      return true;
    }
    if (b.type == "dynamic" && !b.labels.empty() && b.labels[0].text == type &&
        EnterDynamic(b, wanted, &count)) {
      return true;
    }
  }
  return false;
}

bool Locator::EnterDynamic(const hcl::Block& block, std::size_t wanted, std::size_t* count) {
  DynamicBlock dynamic;
  if (!ReadDynamic(block, &dynamic)) return false;
  Value list;
  if (!project_.evaluator_->Eval(*dynamic.for_each, frame_, &list)) return false;
  bool open = list.is_unknown();
  std::size_t n = open ? 1 : list.is_mapping() ? list.members().size() : list.items().size();
  if (wanted >= *count + n) {
    *count += n;
    return false;
  }
  std::size_t element = wanted - *count;
  model::PathStep step;
  if (open) {
    Value item = project_.evaluator_->UnknownFrom(DynamicType(), list);
    list = MakeTuple(*project_.arena_, {&item, 1});
  } else if (list.is_mapping()) {
    step.key = list.members()[element].key;
  }
  if (step.key.empty()) step.index = static_cast<std::int64_t>(element);
  sources_.push_back({dynamic.iterator, dynamic.for_each, frame_, step, true});
  iterators_.emplace_back(*project_.arena_, dynamic, list, element, frame_);
  frame_ = iterators_.back().frame();
  body_ = dynamic.content->body;
  header_ = block.header;
  return true;
}

model::Located Project::Locate(const model::Resource& resource,
                               std::span<const model::PathStep> path) const {
  std::lock_guard lock(trace_mutex_);
  auto& self =
      const_cast<Project&>(*this);  // evaluation is memoised: nothing that others see changes
  TraceSession session(self);
  return Locator(self, *static_cast<const Record*>(resource.node)).Find(path).located;
}

}  // namespace plumbline::terraform
