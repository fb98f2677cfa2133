#include "cel/tracer.h"

namespace plumbline::cel {
namespace {

constexpr std::size_t kMaxEvents = 50'000;
constexpr std::uint32_t kOrdinaryElements = 3;  // kept of each macro

// What an element's result is to its macro.
ElementRole RoleOf(Op op, Val v) {
  if (v.is_unknown()) return ElementRole::kUnknown;
  if (v.is_error()) return ElementRole::kError;
  if (op == Op::kAll) return v.is_true() ? ElementRole::kOrdinary : ElementRole::kDecisive;
  if (op == Op::kExists || op == Op::kExistsOne) {
    return v.is_true() ? ElementRole::kDecisive : ElementRole::kOrdinary;
  }
  return ElementRole::kOrdinary;
}

}  // namespace

std::uint32_t Tracer::Push(std::uint32_t node) {
  const auto at = static_cast<std::uint32_t>(events_.size());
  Event& event = events_.emplace_back();
  event.node = node;
  event.parent = stack_;
  if (stack_ != Event::kNoEvent) {
    Event& parent = events_[stack_];
    (parent.child == Event::kNoEvent ? parent.child : events_[parent.last].next) = at;
    parent.last = at;
  }
  return stack_ = at;
}

void Tracer::Enter(std::uint32_t node) {
  if (skipped_ > 0 || events_.size() >= kMaxEvents) {
    full_ = true;
    ++skipped_;
    return;
  }
  Push(node);
}

void Tracer::Leave(Val value) {
  if (skipped_ > 0) {
    --skipped_;
    return;
  }
  if (InElement()) CloseElement();
  events_[stack_].value = value;
  Pop();
}

void Tracer::Element(const BoundElement& element) {
  if (skipped_ > 0) return;
  if (InElement()) CloseElement();
  events_[stack_].element = element;
  if (events_.size() >= kMaxEvents) {
    full_ = true;
    return;
  }
  events_[Push(Event::kNoEvent)].element = element;
}

// An element's children and their children are the newest events, so that dropping is cutting off.
void Tracer::Drop(std::uint32_t at) {
  Event& parent = events_[events_[at].parent];
  if (parent.child == at) {
    parent.child = parent.last = Event::kNoEvent;
  } else {
    std::uint32_t before = parent.child;
    while (events_[before].next != at) before = events_[before].next;
    events_[before].next = Event::kNoEvent;
    parent.last = before;
  }
  events_.resize(at);
}

void Tracer::CloseElement() {
  const std::uint32_t at = stack_;
  Pop();
  Event& element = events_[at];
  Event& macro = events_[stack_];
  if (element.last != Event::kNoEvent) element.value = events_[element.last].value;
  element.role = RoleOf(code_.node(macro.node).op, element.value);
  // The first of a kind says as much as all of them.
  for (std::uint32_t e = macro.child; element.role != ElementRole::kOrdinary && e != at;
       e = events_[e].next) {
    const bool same = events_[e].node == Event::kNoEvent && events_[e].role == element.role;
    if (same) element.role = ElementRole::kOrdinary;
  }
  if (element.role == ElementRole::kOrdinary && ++macro.kept > kOrdinaryElements) Drop(at);
}

}  // namespace plumbline::cel
