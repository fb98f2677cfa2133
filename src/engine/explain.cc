#include "engine/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "cel/trace.h"
#include "engine/explain_reads.h"
#include "engine/rule_set_impl.h"
#include "engine/run_observer.h"
#include "engine/type_pattern.h"

namespace plumbline::engine {
namespace {

constexpr std::size_t kMaxShown = 5;       // subjects and items kept of each outcome
constexpr std::size_t kMaxTypesNamed = 6;  // of a model's sources

constexpr std::string_view PartName(RulePart part) {
  constexpr std::string_view kNames[] = {"when", "each", "when_each", "assert"};
  return kNames[static_cast<int>(part)];
}

ExplainedOutcome ToExplained(RuleOutcome outcome) { return static_cast<ExplainedOutcome>(outcome); }

// The texts of a rule's conditions.
struct RuleTexts {
  std::string_view parts[4];
  std::string_view element;
};

// Fails outrank what is undetermined, that outranks passes.
int Rank(ExplainedOutcome outcome) {
  switch (outcome) {
    case ExplainedOutcome::kFail:
      return 0;
    case ExplainedOutcome::kUnknown:
      return 1;
    case ExplainedOutcome::kPass:
      return 2;
    case ExplainedOutcome::kSilent:
      return 3;
  }
  return 3;
}

class Explainer final : public RunObserver {
 public:
  Explainer(const model::Resource& resource, const SourceMap& sources, ValueWriter& writer,
            const RuleTexts& texts, Explanation& out)
      : resource_(resource), sources_(sources), writer_(writer), texts_(texts), out_(out) {}

  bool Wants(const model::Resource& resource) override { return &resource == &resource_; }

  void BeginSubject(RunState& run, const Subject& subject) override {
    Close();
    if (!finder_) finder_.emplace(run, sources_, writer_);
    subject_.emplace();
    const model::Path path = ToPath(subject.path);
    subject_->path = model::PathToString(path);
    subject_->location = finder_->AttributeAt(*subject.resource, path).location;
  }

  void BeginElement(RunState& run, const Element& element) override {
    CloseItem();
    item_.emplace();
    item_->name = texts_.element;
    item_->index = element.index;
    item_->value = WriteVal(run, element.value, {}, each_secret_);
  }

  cel::Val Evaluate(RunState& run, ImageState& image, RulePart part, std::uint32_t expression,
                    std::span<const cel::Val> variables) override;

  void Outcome(RuleOutcome outcome, std::string_view cause) override {
    if (!subject_) return;
    auto set = [&](auto& of) {
      if (of.outcome != ExplainedOutcome::kSilent && Rank(of.outcome) <= Rank(ToExplained(outcome)))
        return;
      of.outcome = ToExplained(outcome);
      of.cause = cause;
    };
    if (item_) set(*item_);
    set(*subject_);
  }

  /// Everything is told: what is shown is chosen.
  void Finish() {
    Close();
    std::ranges::stable_sort(out_.subjects, {},
                             [](const ExplainedSubject& s) { return Rank(s.outcome); });
    if (out_.subjects.size() > kMaxShown) out_.subjects.resize(kMaxShown);
  }

 private:
  void CloseItem() {
    if (!item_) return;
    auto& count = subject_->items_by_outcome[static_cast<int>(item_->outcome)];
    ++subject_->item_count;
    if (count++ < kMaxShown) subject_->items.push_back(std::move(*item_));
    item_.reset();
  }
  void Close() {
    CloseItem();
    if (!subject_) return;
    auto& items = subject_->items;
    std::ranges::stable_sort(items, {}, [](const ExplainedItem& i) { return Rank(i.outcome); });
    if (items.size() > kMaxShown) items.resize(kMaxShown);
    auto& count = out_.subjects_by_outcome[static_cast<int>(subject_->outcome)];
    ++out_.subject_count;
    if (count++ < kMaxShown) out_.subjects.push_back(std::move(*subject_));
    subject_.reset();
  }

  ExplainedStep Convert(RunState& run, const cel::TraceStep& step);
  ExplainedElement ConvertElement(RunState& run, const cel::TraceElement& element, bool secret);
  void ConvertParts(RunState& run, const cel::TraceStep& step, ExplainedStep& out);
  void SetValue(RunState& run, const cel::TraceStep& step, ExplainedStep& out);
  std::string WriteVal(RunState& run, cel::Val v, const model::Path& names, bool secret,
                       bool* masked = nullptr);

  const model::Resource& resource_;
  const SourceMap& sources_;
  ValueWriter& writer_;
  const RuleTexts& texts_;
  Explanation& out_;
  std::optional<ReadFinder> finder_;
  std::optional<ExplainedSubject> subject_;
  std::optional<ExplainedItem> item_;
  bool each_secret_ = false;  // the elements of `each` are secrets
};

cel::Val Explainer::Evaluate(RunState& run, ImageState& image, RulePart part,
                             std::uint32_t expression, std::span<const cel::Val> variables) {
  const auto declared = RuleVariables(nullptr, nullptr, texts_.element);
  cel::CompileOptions options;
  options.variables = declared;
  options.functions = HostFunctions();
  options.lenient = true;
  const cel::Activation activation = run.ActivationFor(variables);
  const auto trace = cel::EvaluateWithTrace(texts_.parts[static_cast<int>(part)],
                                            image.image.Code(expression), options, activation);
  // The image holds the text that its code was made from.
  if (!trace) return run.Evaluate(image, expression, variables);
  ExplainedCondition condition;
  condition.part = PartName(part);
  condition.step = Convert(run, trace->root);
  condition.complete = trace->complete;
  if (part == RulePart::kEach) each_secret_ = condition.step.secret;
  (item_ ? item_->conditions : subject_->conditions).push_back(std::move(condition));
  return trace->value;
}

std::string Explainer::WriteVal(RunState& run, cel::Val v, const model::Path& names, bool secret,
                                bool* masked) {
  bool left_out = false;
  std::string out = writer_.Write(cel::ToValue(v, run.scratch()), names, secret, left_out);
  if (masked != nullptr) *masked = left_out;
  return out;
}

void Explainer::SetValue(RunState& run, const cel::TraceStep& step, ExplainedStep& out) {
  using State = ExplainedStep::State;
  if (step.value.is_unknown()) {
    out.state = State::kUnknown;
    out.value = CauseText(step.value.as_unknown());
    return;
  }
  if (step.value.is_error()) {
    out.state = State::kError;
    out.value = step.value.as_error();
    return;
  }
  out.state = State::kKnown;
  model::Path names;
  const bool path = step.form == cel::TraceStep::Form::kPath;
  for (const cel::TraceLink& link : step.links) {
    if (path && !link.name.empty()) names.push_back({link.name, -1});
  }
  bool masked = false;
  out.value = WriteVal(run, step.value, names, out.secret, &masked);
  // What a collection keeps back it keeps back by itself, wherever it is shown.
  out.secret = out.secret || (masked && step.value.tag() == cel::Tag::kString);
}

ExplainedElement Explainer::ConvertElement(RunState& run, const cel::TraceElement& element,
                                           bool secret) {
  ExplainedElement out;
  out.name = element.name;
  out.index = element.index;
  out.value = WriteVal(run, element.value, {}, secret);
  out.place = finder_->PlaceOf(element.value);
  for (const cel::TraceStep& part : element.parts) out.steps.push_back(Convert(run, part));
  return out;
}

void Explainer::ConvertParts(RunState& run, const cel::TraceStep& step, ExplainedStep& out) {
  using Form = cel::TraceStep::Form;
  bool secret = false;
  auto of_secret = [](const ExplainedStep& s) { return s.secret; };
  for (const cel::TraceStep& part : step.parts) {
    // `self` alone is the whole resource, and an element's value is told where it is bound.
    const bool known = part.form == Form::kPath && part.links.empty() && part.text != "address";
    if (known && step.form != Form::kMacro) continue;
    out.steps.push_back(Convert(run, part));
    secret = secret || out.steps.back().secret;
  }
  for (const cel::TraceElement& e : step.elements) {
    out.elements.push_back(ConvertElement(run, e, secret));
    out.secret = out.secret || std::ranges::any_of(out.elements.back().steps, of_secret);
  }
  out.secret = out.secret || secret;
}

// As deep as the expression, which the parser limits.
ExplainedStep Explainer::Convert(RunState& run, const cel::TraceStep& step) {
  using Form = cel::TraceStep::Form;
  ExplainedStep out;
  out.text = step.text;
  out.is_macro = step.form == Form::kMacro;
  if (!step.evaluated) return out;
  if (!step.links.empty() && !out.is_macro) out.secret = finder_->Find(step, out);
  ConvertParts(run, step, out);
  out.total = step.total;
  out.decided = step.decided;
  SetValue(run, step, out);
  // Whether something is so, or how many there are, is no secret.
  const cel::Tag tag = step.value.tag();
  if (tag == cel::Tag::kBool || tag == cel::Tag::kInt || tag == cel::Tag::kNull) out.secret = false;
  return out;
}

// What feeds the model, or the raw type, that the rule is about.
std::vector<std::pair<const Image*, const TypePattern*>> PatternsOf(const RuleSet::Impl& rules,
                                                                    RuleRef ref) {
  std::vector<std::pair<const Image*, const TypePattern*>> out;
  const Image& image = rules.ImageOf(ref);
  const OnDef& on = image.At<OnDef>(rules.Rule(ref).on);
  if (on.model == kNone) {
    out.emplace_back(&image, &image.At<TypePattern>(on.pattern));
    return out;
  }
  const Image& models = on.in_base != 0 ? rules.images[0] : image;
  for (const SourceDef& s : models.Get(models.At<ModelDef>(on.model).sources))
    out.emplace_back(&models, &models.At<TypePattern>(s.pattern));
  return out;
}

std::string PatternText(const Image& image, const TypePattern& pattern) {
  TypeName name;
  name.kind = pattern.kind;
  name.mode = static_cast<model::Mode>(pattern.mode);
  name.type = image.Text(pattern.type);
  name.object = image.Text(pattern.object);
  const std::string key = name.Key();
  return key.substr(key.find(':') + 1);
}

// Of the resources that refer to this one, or that it refers to, the first that the rule is about.
const model::Resource* Neighbour(const RuleSet::Impl& impl, std::uint32_t rule,
                                 const model::ResourceGraph& graph,
                                 const model::Resource& resource) {
  const auto patterns = PatternsOf(impl, impl.Ref(rule));
  auto fits = [&](const model::Resource& r) {
    return std::ranges::any_of(patterns,
                               [&](const auto& p) { return Matches(*p.first, *p.second, r); });
  };
  for (std::uint32_t id : resource.referenced_by) {
    if (fits(graph.at(id))) return &graph.at(id);
  }
  for (const model::Reference& r : resource.references) {
    if (fits(graph.at(r.target))) return &graph.at(r.target);
  }
  return nullptr;
}

std::string WhyNoSubject(const RuleSet& rules, std::uint32_t rule,
                         const model::ResourceGraph& graph, const model::Resource& resource) {
  const RuleSet::Impl& impl = rules.impl();
  std::vector<std::string> types;
  for (const auto& [image, pattern] : PatternsOf(impl, impl.Ref(rule))) {
    if (Matches(*image, *pattern, resource)) {
      return fmt::format("the rule is about {}, and this resource has none", rules.On(rule));
    }
    std::string text = PatternText(*image, *pattern);
    if (std::ranges::find(types, text) == types.end()) types.push_back(std::move(text));
  }
  std::string named;
  for (std::size_t i = 0; i < std::min(types.size(), kMaxTypesNamed); ++i)
    named += (i > 0 ? ", " : "") + types[i];
  if (types.size() > kMaxTypesNamed)
    named += fmt::format(" and {} more", types.size() - kMaxTypesNamed);
  std::string out = fmt::format("the rule is about {} ({}), this resource is of type {}",
                                rules.On(rule), named, resource.type);
  if (const model::Resource* near = Neighbour(impl, rule, graph, resource))
    out += fmt::format("; near it is {}", near->address);
  return out;
}

std::string WhySilent(const Explanation& e) {
  bool when = false;
  for (const ExplainedSubject& s : e.subjects) {
    when = when || (s.conditions.size() == 1 && s.conditions[0].part == "when" && s.items.empty());
  }
  if (when) return "its `when` is not true here";
  const bool each = !e.subjects.empty() && !e.subjects[0].conditions.empty() &&
                    e.subjects[0].conditions.back().part == "each";
  if (each && e.subjects[0].item_count == 0) return "its `each` has no elements here";
  if (each) return "its `when_each` is true of no element here";
  return "it says nothing about this resource";
}

ExplainedVerdict ConvertVerdict(const Verdict& v, const ReadFinder& finder, ValueWriter& writer) {
  ExplainedVerdict out;
  bool masked = false;
  const model::Resource& located = v.located != nullptr ? *v.located : *v.resource;
  out.status = v.status;
  out.message = v.status == Status::kUnknown ? v.cause : v.message;
  out.resource = located.address;
  out.path = model::PathToString(v.path);
  if (!v.value.is_null() && !v.path.empty())
    out.value = writer.Write(v.value, v.path, writer.IsSecret(located, v.path), masked);
  out.location = finder.LocationOf(v.span);
  if (v.exact && v.status != Status::kPass) out.origin = finder.OriginsOf(located, v.path);
  return out;
}

void SetOutcome(const std::vector<Verdict>& verdicts, Explanation& out) {
  for (const Verdict& v : verdicts) {
    const auto outcome = v.status == Status::kFail   ? ExplainedOutcome::kFail
                         : v.status == Status::kPass ? ExplainedOutcome::kPass
                                                     : ExplainedOutcome::kUnknown;
    if (Rank(outcome) < Rank(out.outcome)) out.outcome = outcome;
  }
}

}  // namespace

std::string_view OutcomeName(ExplainedOutcome outcome) {
  constexpr std::string_view kNames[] = {"fail", "pass", "undetermined", "does not apply"};
  return kNames[static_cast<int>(outcome)];
}

Explanation Explain(const RuleSet& rules, std::uint32_t rule, model::ResourceGraph& graph,
                    const model::Resource& resource, const SourceMap& sources,
                    ValueWriter& writer) {
  const RuleSet::Impl& impl = rules.impl();
  const RuleRef ref = impl.Ref(rule);
  const Image& image = impl.ImageOf(ref);
  const ColdRule& cold = image.At<ColdRule>(ref.index);
  const RuleTexts texts{{image.Text(cold.when), image.Text(cold.each), image.Text(cold.when_each),
                         image.Text(cold.condition)},
                        image.Text(cold.element)};
  Explanation out;
  out.check = image.Text(cold.check);
  Explainer explainer(resource, sources, writer, texts, out);
  Selection selection(rules.size());
  selection[rule] = true;
  RunOptions options;
  options.passes = true;
  options.sources = &sources;
  const auto verdicts = RunWatched(rules, selection, graph, options, explainer);
  explainer.Finish();
  SetOutcome(verdicts, out);
  RunState places({impl.images[0], impl.images[1]}, graph, &sources);
  const ReadFinder finder(places, sources, writer);
  for (const Verdict& v : verdicts) out.verdicts.push_back(ConvertVerdict(v, finder, writer));
  if (out.outcome == ExplainedOutcome::kSilent) {
    out.reason =
        out.subject_count == 0 ? WhyNoSubject(rules, rule, graph, resource) : WhySilent(out);
  }
  return out;
}

}  // namespace plumbline::engine
