// Records an evaluation as it happens: one event a node, nested as the evaluation was. Macros may
// run over very many elements, so what an element's events say is dropped again unless the element
// decides, or is among the first. Internal to src/cel; see cel/trace.h for the result.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "cel/cel.h"
#include "cel/code.h"

namespace plumbline::cel {

/// What a macro binds for one element.
struct BoundElement {
  std::size_t index = 0;
  std::size_t count = 0;  // of the elements
  Val first, second;      // the variables
  bool two = false;
};

/// Why an element of a macro was kept.
enum class ElementRole : std::uint8_t { kOrdinary, kDecisive, kUnknown, kError };

struct Event {
  static constexpr std::uint32_t kNoEvent = 0xFFFFFFFFu;
  std::uint32_t node = kNoEvent;  // kNoEvent: an element
  std::uint32_t parent = kNoEvent, child = kNoEvent, last = kNoEvent, next = kNoEvent;
  Val value;             // of an element: its last part's
  BoundElement element;  // of a macro: the element met last
  ElementRole role = ElementRole::kOrdinary;
  std::uint32_t kept = 0;  // of a macro: ordinary elements kept
};

class Tracer {
 public:
  explicit Tracer(std::string_view code) : code_(code) {}

  void Enter(std::uint32_t node);
  void Leave(Val value);
  void Element(const BoundElement& element);

  /// The first event is the root's.
  const std::vector<Event>& events() const { return events_; }
  /// Something was left out for want of room.
  bool full() const { return full_; }

 private:
  std::uint32_t Push(std::uint32_t node);
  void Pop() { stack_ = events_[stack_].parent; }
  bool InElement() const {
    return stack_ != Event::kNoEvent && events_[stack_].node == Event::kNoEvent;
  }
  void CloseElement();
  void Drop(std::uint32_t event);

  CodeView code_;
  std::vector<Event> events_;
  std::uint32_t stack_ = Event::kNoEvent;  // the innermost open event
  std::uint32_t skipped_ = 0;              // open nodes that are not recorded
  bool full_ = false;
};

/// `Evaluate`, watched.
Val EvaluateTraced(std::string_view code, const Activation& activation, Tracer& tracer);

}  // namespace plumbline::cel
