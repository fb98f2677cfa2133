// Why a rule says what it says of one resource: the rule is run on the resource as a scan runs it,
// and every condition is taken down with the value of each of its parts and where those were read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "model/resource.h"
#include "plumbline/finding.h"
#include "support/source.h"

namespace plumbline::engine {

/// Where a field's value comes from.
struct ReadFrom {
  enum class Kind : std::uint8_t { kAttribute, kDefault, kConstant, kAbsent };
  Kind kind = Kind::kAttribute;
  std::string resource;  // address
  std::string path;      // of the raw attribute; for a default: where it would stand
  Location location;
  std::string value;           // kAttribute: as it stands there, when the field shows it otherwise
  std::string note;            // kDefault, kAbsent: why there is nothing to read
  std::vector<Origin> origin;  // from behind the attribute to the literal
};

struct ExplainedElement;

/// A sub-expression and what it came to.
struct ExplainedStep {
  enum class State : std::uint8_t { kKnown, kUnknown, kError, kSkipped };
  std::string text;
  State state = State::kSkipped;
  std::string value;  // as JSON; of an unknown: what it hangs on; of an error: the message
  std::vector<ReadFrom> reads;
  std::size_t more_reads = 0;  // left out
  bool secret = false;         // the value is, and so is what is made of it
  std::vector<ExplainedStep> steps;
  // Macros (all, exists, filter, …).
  bool is_macro = false;
  std::size_t total = 0;  // elements
  bool decided = false;   // `elements` is what decided, else the first few
  std::vector<ExplainedElement> elements;
};

struct ExplainedElement {
  std::string name;  // the macro's variable
  std::size_t index = 0;
  std::string value;
  std::optional<ReadFrom> place;
  std::vector<ExplainedStep> steps;
};

enum class ExplainedOutcome : std::uint8_t { kFail, kPass, kUnknown, kSilent };
/// "fail", "pass", "undetermined", "does not apply".
std::string_view OutcomeName(ExplainedOutcome outcome);

struct ExplainedCondition {
  std::string part;  // "when", "each", "when_each", "assert"
  ExplainedStep step;
  bool complete = true;  // false: parts were left out for want of room
};

/// One element of the rule's `each`.
struct ExplainedItem {
  std::string name;
  std::size_t index = 0;
  std::string value;
  ExplainedOutcome outcome = ExplainedOutcome::kSilent;
  std::string cause;
  std::vector<ExplainedCondition> conditions;
};

/// What the rule was run on: the resource, or one instance of the model made from it.
struct ExplainedSubject {
  std::string path;  // in the resource; empty: the whole
  Location location;
  ExplainedOutcome outcome = ExplainedOutcome::kSilent;
  std::string cause;
  std::vector<ExplainedCondition> conditions;
  std::vector<ExplainedItem> items;
  std::size_t item_count = 0, items_by_outcome[4] = {};
};

/// A finding, or the place of what is undetermined.
struct ExplainedVerdict {
  Status status = Status::kFail;
  std::string message;  // kUnknown: what it hangs on
  std::string resource, path, value;
  Location location;
  std::vector<Origin> origin;
};

struct Explanation {
  ExplainedOutcome outcome = ExplainedOutcome::kSilent;
  std::string reason;                      // why the rule does not apply
  std::string check;                       // the name of the C++ behind the rule
  std::vector<ExplainedVerdict> verdicts;  // none when the rule does not apply
  std::vector<ExplainedSubject> subjects;  // those that made the outcome, then some others
  std::size_t subject_count = 0, subjects_by_outcome[4] = {};
};

/// How values are written: as JSON, without secrets.
class ValueWriter {
 public:
  virtual ~ValueWriter() = default;
  /// `names`: where the value stands by name; `secret`: it is one whatever the names say. Tells
  /// whether anything was left out as a secret.
  virtual std::string Write(const Value& value, const model::Path& names, bool secret,
                            bool& masked) = 0;
  /// Whether the place holds a secret.
  virtual bool IsSecret(const model::Resource& resource, const model::Path& path) = 0;
};

/// Runs `rule` on `resource` of `graph`. The outcome is that of `Run`.
Explanation Explain(const RuleSet& rules, std::uint32_t rule, model::ResourceGraph& graph,
                    const model::Resource& resource, const SourceMap& sources, ValueWriter& writer);

}  // namespace plumbline::engine
