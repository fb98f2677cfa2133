// From a path of the model (`self.logging.bucket`, `it.image`) back to a resource and its raw
// attribute.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/instance.h"
#include "engine/run_state.h"

namespace plumbline::engine {

/// What a rule is evaluated for: a resource's raw attributes, or an instance of a model made from
/// it.
struct Subject {
  Instance* instance = nullptr;  // null for raw types
  const model::Resource* resource = nullptr;
  const Value* raw = nullptr;            // the attributes that the instance was made from
  const PathNode* path = nullptr;        // of `raw`
  const UnknownInfo* unknown = nullptr;  // the instance hangs on something unknown
};

/// One element of a rule's `each`.
struct Element {
  cel::Val value;
  std::uint32_t index = 0;
  bool present = false;
};

struct Place {
  const model::Resource* resource = nullptr;
  const PathNode* path = nullptr;
};

class Locator {
 public:
  Locator(RunState& run, ImageState& image, const RuleDef& rule, const Subject& subject,
          const Element& element)
      : run_(run), image_(image), rule_(rule), subject_(subject), element_(element) {}

  /// The place that the rule's `at` names: the first that exists in the source, else where the
  /// first would stand.
  void Locate(model::Path& path, Span& span, bool& exact, const model::Resource*& located);

 private:
  Place At(const AtDef& at);
  std::vector<model::PathStep> Steps(PathDef path) const;
  Place OfSubject() const { return {subject_.resource, subject_.path}; }
  Place OfElement();
  Place InRecord(Instance& instance, std::span<const model::PathStep> path);
  Place InField(Instance& instance, std::uint32_t slot, std::span<const model::PathStep> rest);
  Place InValue(Place from, const Value* value, std::span<const model::PathStep> path);
  Place ElementInList(const AtDef& list);
  bool IsElement(const Value& value) const;
  Place Search(const model::Resource& resource, const void* wanted);

  RunState& run_;
  ImageState& image_;
  const RuleDef& rule_;
  const Subject& subject_;
  const Element& element_;
};

/// The value at a path, or null.
const Value* ValueAt(const Value& root, const model::Path& path);

}  // namespace plumbline::engine
