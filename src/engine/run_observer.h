// Watching a run: what `explain` hears of the rules at work. The run is the same as ever; only the
// evaluation of conditions goes through the observer, which must answer with their value.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "cel/cel.h"
#include "engine/engine.h"
#include "engine/locate.h"
#include "engine/run_state.h"

namespace plumbline::engine {

/// An expression of a rule.
enum class RulePart : std::uint8_t { kWhen, kEach, kWhenEach, kAssert };

/// What came out for one subject, or one element of it.
enum class RuleOutcome : std::uint8_t { kFail, kPass, kUnknown, kSilent };

class RunObserver {
 public:
  virtual ~RunObserver() = default;
  /// Resources that are not wanted are passed over.
  virtual bool Wants(const model::Resource& resource) = 0;
  virtual void BeginSubject(RunState& run, const Subject& subject) = 0;
  virtual void BeginElement(RunState& run, const Element& element) = 0;
  virtual cel::Val Evaluate(RunState& run, ImageState& image, RulePart part,
                            std::uint32_t expression, std::span<const cel::Val> variables) = 0;
  virtual void Outcome(RuleOutcome outcome, std::string_view cause) = 0;
};

/// `Run`, watched.
std::vector<Verdict> RunWatched(const RuleSet& rules, const Selection& selection,
                                model::ResourceGraph& graph, const RunOptions& options,
                                RunObserver& observer);

}  // namespace plumbline::engine
