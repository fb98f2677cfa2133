// The engine's loop: resources × the rules that their types have.
//
// What a type needs (its *plan*) is looked up once a type: the rules, and the models' sources that
// make instances of it. Instances are made once a resource and shared by its rules; their fields
// are computed when first read.
#include <algorithm>
#include <array>
#include <unordered_map>

#include "checks/checks.h"
#include "engine/engine.h"
#include "engine/instance.h"
#include "engine/locate.h"
#include "engine/rule_set_impl.h"
#include "engine/run_observer.h"
#include "engine/run_state.h"
#include "engine/type_pattern.h"
#include "value/json.h"

namespace plumbline::engine {
namespace {

// The instances that the rules of one `on` share.
struct Group {
  std::uint32_t image = 0;  // of the `on`
  std::uint32_t on = 0;
  std::uint32_t source_image = 0;      // of the model
  std::vector<std::uint32_t> sources;  // SourceDef; empty for a raw type
};

struct PlannedRule {
  std::uint32_t number = 0;
  RuleRef ref;
  std::uint32_t group = 0;
};

struct Plan {
  std::vector<Group> groups;
  std::vector<PlannedRule> rules;  // ascending numbers
};

enum class Truth : std::uint8_t { kTrue, kFalse, kUnknown };

struct Judgement {
  Truth truth = Truth::kFalse;
  std::string cause;
};

class Runner {
 public:
  Runner(const RuleSet::Impl& rules, const Selection& selection, model::ResourceGraph& graph,
         const RunOptions& options, RunObserver* observer)
      : rules_(rules),
        options_(options),
        observer_(observer),
        run_({rules.images[0], rules.images[1]}, graph, options.sources) {
    for (int i = 0; i < 2; ++i) numbers_[i].resize(rules.images[i].All<RuleDef>().size(), kNone);
    for (std::uint32_t i = 0; i < rules.size() && i < selection.size(); ++i) {
      const RuleRef ref = rules.Ref(i);
      if (selection[i]) numbers_[ref.image][ref.index] = i;
    }
  }

  std::vector<Verdict> Run();

 private:
  const Plan& PlanFor(const model::Resource& resource);
  void AddToPlan(Plan& plan, const std::string& key, std::uint32_t image,
                 const model::Resource& resource);
  void MakeSubjects(const Group& group, std::vector<Subject>& out);
  void MakeSubjectsOf(const Group& group, const SourceDef& source, std::vector<Subject>& out);
  void AddSubject(const Group& group, const SourceDef& source, const Hit& hit,
                  std::vector<Subject>& out);
  bool Where(ImageState& image, const SourceDef& source, const Value* raw);

  void RunRule(const PlannedRule& planned, const std::vector<Subject>& subjects);
  void RunOnSubject(const PlannedRule& planned, const RuleDef& rule, const Subject& subject);
  void RunEach(const PlannedRule& planned, const RuleDef& rule, const Subject& subject,
               std::array<cel::Val, kVariableCount>& variables, const Judgement& when);
  void Assert(const PlannedRule& planned, const RuleDef& rule, const Subject& subject,
              const Element& element, std::span<const cel::Val> variables, const Judgement& when);
  void RunCheck(const PlannedRule& planned, const RuleDef& rule, const Subject& subject);
  cel::Val Evaluate(ImageState& image, RulePart part, std::uint32_t expression,
                    std::span<const cel::Val> variables);
  Judgement Judge(ImageState& image, RulePart part, std::uint32_t expression,
                  std::span<const cel::Val> variables);
  void Tell(RuleOutcome outcome, std::string_view cause = {}) {
    if (observer_ != nullptr) observer_->Outcome(outcome, cause);
  }

  void Fail(const PlannedRule& planned, const RuleDef& rule, const Subject& subject,
            const Element& element, std::span<const cel::Val> variables);
  void Unknown(const PlannedRule& planned, const RuleDef& rule, const Subject& subject,
               const Element& element, const std::string& cause);
  std::string Message(ImageState& image, const RuleDef& rule, std::span<const cel::Val> variables);
  void Finish(const PlannedRule& planned);

  const RuleSet::Impl& rules_;
  const RunOptions& options_;
  RunObserver* observer_;
  RunState run_;
  std::array<std::vector<std::uint32_t>, 2> numbers_;  // image's rule → number; kNone: not selected
  std::unordered_map<std::string, Plan> plans_;
  std::vector<Verdict> verdicts_;
  // Of the rule and resource at work.
  std::vector<Verdict> fails_;
  std::optional<Verdict> unknown_;
  std::size_t passes_ = 0;
};

void Runner::AddToPlan(Plan& plan, const std::string& key, std::uint32_t image_index,
                       const model::Resource& resource) {
  const Image& image = rules_.images[image_index];
  const auto index = image.All<IndexDef>();
  auto row = std::lower_bound(
      index.begin(), index.end(), key,
      [&](const IndexDef& d, const std::string& k) { return image.Text(d.key) < k; });
  for (; row != index.end() && image.Text(row->key) == key; ++row) {
    const OnDef& on = image.At<OnDef>(row->on);
    const std::uint32_t source_image = on.model != kNone && on.in_base == 0 ? image_index : 0;
    const Image& models = on.model == kNone ? image : rules_.images[source_image];
    const std::uint32_t pattern =
        on.model == kNone ? on.pattern : models.At<SourceDef>(row->source).pattern;
    if (!Matches(models, models.At<TypePattern>(pattern), resource)) continue;
    // A model may have sources under both keys of a Kubernetes object, its kind and "*".
    auto group = std::find_if(plan.groups.begin(), plan.groups.end(), [&](const Group& g) {
      return g.on == row->on && g.image == image_index;
    });
    if (group == plan.groups.end()) {
      const auto at = static_cast<std::uint32_t>(plan.groups.size());
      group = plan.groups.insert(group, {image_index, row->on, source_image, {}});
      for (std::uint32_t rule : image.Get(on.rules)) {
        const std::uint32_t number = numbers_[image_index][rule];
        if (number != kNone) plan.rules.push_back({number, {image_index, rule}, at});
      }
    }
    if (on.model != kNone) group->sources.push_back(row->source);
  }
}

const Plan& Runner::PlanFor(const model::Resource& resource) {
  std::string id = std::to_string(static_cast<int>(resource.mode)) + std::string(resource.type);
  auto [it, fresh] = plans_.try_emplace(std::move(id));
  Plan& plan = it->second;
  if (!fresh) return plan;
  const std::string key = ResourceKey(resource);
  const std::string any = IsKubernetes(resource) ? "kubernetes:*" : "terraform:*";
  for (std::uint32_t image = 0; image < 2; ++image) {
    AddToPlan(plan, key, image, resource);
    if (any != key) AddToPlan(plan, any, image, resource);
  }
  std::sort(plan.rules.begin(), plan.rules.end(),
            [](const PlannedRule& a, const PlannedRule& b) { return a.number < b.number; });
  return plan;
}

bool Runner::Where(ImageState& image, const SourceDef& source, const Value* raw) {
  if (source.where == kNone) return true;
  std::array<cel::Val, kVariableCount> variables;
  run_.FillVariables(variables);
  variables[kRawSlot] = cel::Val::FromValue(raw);
  const cel::Val result = run_.Evaluate(image, source.where, variables);
  // When it is not known whether this is an instance, the rules are better silent than wrong.
  return result.is_true();
}

void Runner::AddSubject(const Group& group, const SourceDef& source, const Hit& hit,
                        std::vector<Subject>& out) {
  ImageState& image = run_.image(group.source_image);
  Subject subject;
  subject.resource = &run_.current();
  subject.raw = hit.value;
  subject.path = hit.path;
  if (hit.value->is_unknown()) {
    subject.unknown = hit.value->unknown();
  } else {
    if (!Where(image, source, hit.value)) return;
    const OnDef& on = rules_.images[group.image].At<OnDef>(group.on);
    Scope scope;
    scope.resource = subject.resource;
    scope.value = hit.value;
    scope.whole = &subject.resource->attributes;
    scope.path = hit.path;
    subject.instance = Instance::Make(run_, image, image.image.At<ModelDef>(on.model).record,
                                      source.bindings, scope);
  }
  out.push_back(subject);
}

void Runner::MakeSubjectsOf(const Group& group, const SourceDef& source,
                            std::vector<Subject>& out) {
  ImageState& image = run_.image(group.source_image);
  const model::Resource& resource = run_.current();
  Scope scope;
  scope.resource = &resource;
  scope.trace = true;  // an instance knows its own path from the start
  const std::size_t mark = run_.hits.size();
  const auto base = image.image.Get(source.base);
  const bool each = source.each.count > 0;
  Resolver(run_, image, scope, each ? Want::kAll : Want::kScalar)
      .Walk({&resource, &resource.attributes, nullptr}, base);
  if (each) {
    const std::vector<Hit> bases(run_.hits.begin() + static_cast<std::ptrdiff_t>(mark),
                                 run_.hits.end());
    run_.hits.resize(mark);
    for (const EachDef& e : image.image.Get(source.each)) {
      for (const Hit& b : bases)
        Resolver(run_, image, scope, Want::kAll).Walk(b, image.image.Get(e.path));
    }
    ExpandHits(run_, mark, true);
  }
  const std::vector<Hit> hits(run_.hits.begin() + static_cast<std::ptrdiff_t>(mark),
                              run_.hits.end());
  run_.hits.resize(mark);
  for (const Hit& h : hits) AddSubject(group, source, h, out);
}

void Runner::MakeSubjects(const Group& group, std::vector<Subject>& out) {
  if (group.sources.empty()) {
    Subject subject;
    subject.resource = &run_.current();
    subject.raw = &run_.current().attributes;
    out.push_back(subject);
    return;
  }
  for (std::uint32_t s : group.sources) {
    MakeSubjectsOf(group, run_.image(group.source_image).image.At<SourceDef>(s), out);
  }
}

cel::Val Runner::Evaluate(ImageState& image, RulePart part, std::uint32_t expression,
                          std::span<const cel::Val> variables) {
  if (observer_ != nullptr) return observer_->Evaluate(run_, image, part, expression, variables);
  return run_.Evaluate(image, expression, variables);
}

Judgement Runner::Judge(ImageState& image, RulePart part, std::uint32_t expression,
                        std::span<const cel::Val> variables) {
  const cel::Val v = Evaluate(image, part, expression, variables);
  if (v.is_true()) return {Truth::kTrue, {}};
  if (v.is_unknown()) return {Truth::kUnknown, CauseText(v.as_unknown())};
  if (v.is_error()) return {Truth::kUnknown, "error in the rule: " + std::string(v.as_error())};
  if (v.is_null() || v.tag() == cel::Tag::kBool) return {Truth::kFalse, {}};
  return {Truth::kUnknown, "error in the rule: the condition is no bool"};
}

std::string Runner::Message(ImageState& image, const RuleDef& rule,
                            std::span<const cel::Val> variables) {
  std::string out;
  for (const MessageDef& part : image.image.Get(rule.message)) {
    if (part.expression == kNone) {
      out += image.image.Text(part.text);
      continue;
    }
    const cel::Val v = run_.Evaluate(image, part.expression, variables);
    if (v.tag() == cel::Tag::kString) {
      out += v.as_string();
    } else if (v.is_unknown()) {
      out += "(unknown)";
    } else {
      out += ToJson(cel::ToValue(v, run_.scratch()));
    }
  }
  return out;
}

void Runner::Fail(const PlannedRule& planned, const RuleDef& rule, const Subject& subject,
                  const Element& element, std::span<const cel::Val> variables) {
  Tell(RuleOutcome::kFail);
  ImageState& image = run_.image(planned.ref.image);
  Verdict v;
  v.rule = planned.number;
  v.resource = subject.resource;
  Locator(run_, image, rule, subject, element).Locate(v.path, v.span, v.exact, v.located);
  for (const Verdict& other : fails_) {
    if (other.span == v.span && other.located == v.located) return;
  }
  v.message = Message(image, rule, variables);
  if (const Value* value = ValueAt(v.located->attributes, v.path)) v.value = *value;
  fails_.push_back(std::move(v));
}

void Runner::Unknown(const PlannedRule& planned, const RuleDef& rule, const Subject& subject,
                     const Element& element, const std::string& cause) {
  Tell(RuleOutcome::kUnknown, cause);
  if (!options_.unknowns || unknown_) return;
  Verdict v;
  v.rule = planned.number;
  v.status = Status::kUnknown;
  v.resource = subject.resource;
  v.cause = cause;
  if (subject.unknown != nullptr) {
    v.located = subject.resource;
    v.path = ToPath(subject.path);
    v.span = subject.resource->header;
  } else {
    Locator(run_, run_.image(planned.ref.image), rule, subject, element)
        .Locate(v.path, v.span, v.exact, v.located);
  }
  unknown_ = std::move(v);
}

void Runner::Assert(const PlannedRule& planned, const RuleDef& rule, const Subject& subject,
                    const Element& element, std::span<const cel::Val> variables,
                    const Judgement& when) {
  const Judgement result =
      Judge(run_.image(planned.ref.image), RulePart::kAssert, rule.condition, variables);
  if (result.truth == Truth::kTrue) {
    // Where it is not known whether the rule applies, a pass says nothing.
    if (when.truth == Truth::kTrue) ++passes_;
    Tell(when.truth == Truth::kTrue ? RuleOutcome::kPass : RuleOutcome::kSilent);
  } else if (when.truth == Truth::kUnknown) {
    Unknown(planned, rule, subject, element, when.cause);
  } else if (result.truth == Truth::kUnknown) {
    Unknown(planned, rule, subject, element, result.cause);
  } else {
    Fail(planned, rule, subject, element, variables);
  }
}

void Runner::RunEach(const PlannedRule& planned, const RuleDef& rule, const Subject& subject,
                     std::array<cel::Val, kVariableCount>& variables, const Judgement& when) {
  ImageState& image = run_.image(planned.ref.image);
  const cel::Val list = Evaluate(image, RulePart::kEach, rule.each, variables);
  if (list.is_unknown()) return Unknown(planned, rule, subject, {}, CauseText(list.as_unknown()));
  if (list.is_error()) {
    return Unknown(planned, rule, subject, {},
                   "error in the rule: " + std::string(list.as_error()));
  }
  std::size_t size = 0;
  if (list.tag() == cel::Tag::kList) size = list.as_list().size();
  // As in CEL's macros, the elements of a map are its keys.
  const Value* data = list.tag() == cel::Tag::kData ? &list.as_data() : nullptr;
  if (data != nullptr) size = data->items().size() + data->members().size();
  if (list.tag() == cel::Tag::kRecord) size = 1;
  for (std::size_t i = 0; i < size; ++i) {
    Element element;
    element.present = true;
    element.index = static_cast<std::uint32_t>(i);
    if (list.tag() == cel::Tag::kRecord) {
      element.value = list;
    } else if (data == nullptr) {
      element.value = list.as_list()[i];
    } else if (data->is_mapping()) {
      element.value = cel::Val::String(data->members()[i].key);
    } else {
      element.value = cel::Val::FromValue(&data->items()[i]);
    }
    variables[kElementSlot] = element.value;
    if (observer_ != nullptr) observer_->BeginElement(run_, element);
    Judgement guard = when;
    if (rule.when_each != kNone) {
      const Judgement each = Judge(image, RulePart::kWhenEach, rule.when_each, variables);
      if (each.truth == Truth::kFalse) {
        Tell(RuleOutcome::kSilent);
        continue;
      }
      if (each.truth == Truth::kUnknown) guard = each;
    }
    Assert(planned, rule, subject, element, variables, guard);
  }
}

void Runner::RunCheck(const PlannedRule& planned, const RuleDef& rule, const Subject& subject) {
  const checks::CheckContext context{run_.graph(), *subject.resource};
  for (checks::Outcome& o : checks::All()[rule.check].run(context)) {
    if (o.status == checks::Outcome::Status::kPass) {
      ++passes_;
      Tell(RuleOutcome::kPass);
      continue;
    }
    Verdict v;
    v.rule = planned.number;
    v.resource = v.located = subject.resource;
    v.path = std::move(o.path);
    v.message = std::move(o.message);
    v.cause = std::move(o.cause);
    model::Located at{v.resource->header, false};
    if (v.resource->source != nullptr) at = v.resource->source->Locate(*v.resource, v.path);
    v.span = at.span;
    v.exact = at.exact;
    if (o.status == checks::Outcome::Status::kUnknown) {
      v.status = Status::kUnknown;
      Tell(RuleOutcome::kUnknown, v.cause);
      if (options_.unknowns && !unknown_) unknown_ = std::move(v);
      continue;
    }
    Tell(RuleOutcome::kFail);
    if (const Value* value = ValueAt(v.resource->attributes, v.path)) v.value = *value;
    const bool seen = std::any_of(fails_.begin(), fails_.end(),
                                  [&](const Verdict& f) { return f.span == v.span; });
    if (!seen) fails_.push_back(std::move(v));
  }
}

void Runner::RunOnSubject(const PlannedRule& planned, const RuleDef& rule, const Subject& subject) {
  if (observer_ != nullptr) observer_->BeginSubject(run_, subject);
  if (subject.unknown != nullptr)
    return Unknown(planned, rule, subject, {}, CauseText(subject.unknown));
  std::array<cel::Val, kVariableCount> variables;
  run_.FillVariables(variables);
  if (subject.instance != nullptr) {
    variables[kSelfSlot] = cel::Val::OfRecord(subject.instance);
    variables[kRawSlot] = cel::Val::FromValue(subject.raw);
  } else {
    variables[kSelfSlot] = variables[kRawSlot];
  }
  Judgement when{Truth::kTrue, {}};
  if (rule.when != kNone) {
    when = Judge(run_.image(planned.ref.image), RulePart::kWhen, rule.when, variables);
  }
  if (when.truth == Truth::kFalse) return Tell(RuleOutcome::kSilent);
  if (rule.check != kNone) {
    if (when.truth == Truth::kUnknown) return Unknown(planned, rule, subject, {}, when.cause);
    return RunCheck(planned, rule, subject);
  }
  if (rule.each != kNone) return RunEach(planned, rule, subject, variables, when);
  Assert(planned, rule, subject, {}, variables, when);
}

void Runner::Finish(const PlannedRule& planned) {
  if (!fails_.empty()) {
    for (Verdict& v : fails_) verdicts_.push_back(std::move(v));
  } else if (unknown_) {
    verdicts_.push_back(std::move(*unknown_));
  } else if (passes_ > 0 && options_.passes) {
    Verdict v;
    v.rule = planned.number;
    v.status = Status::kPass;
    v.resource = v.located = &run_.current();
    v.span = run_.current().header;
    verdicts_.push_back(std::move(v));
  }
}

void Runner::RunRule(const PlannedRule& planned, const std::vector<Subject>& subjects) {
  fails_.clear();
  unknown_.reset();
  passes_ = 0;
  const RuleDef& rule = rules_.Rule(planned.ref);
  for (const Subject& s : subjects) RunOnSubject(planned, rule, s);
  Finish(planned);
}

std::vector<Verdict> Runner::Run() {
  std::vector<std::vector<Subject>> subjects;
  std::vector<bool> made;
  for (const model::Resource& r : run_.graph()) {
    if (observer_ != nullptr && !observer_->Wants(r)) continue;
    const Plan& plan = PlanFor(r);
    if (plan.rules.empty()) continue;
    run_.Begin(r);
    if (subjects.size() < plan.groups.size()) subjects.resize(plan.groups.size());
    for (auto& s : subjects) s.clear();
    made.assign(plan.groups.size(), false);
    for (const PlannedRule& p : plan.rules) {
      if (!made[p.group]) MakeSubjects(plan.groups[p.group], subjects[p.group]);
      made[p.group] = true;
      RunRule(p, subjects[p.group]);
    }
  }
  return std::move(verdicts_);
}

}  // namespace

std::vector<Verdict> Run(const RuleSet& rules, const Selection& selection,
                         model::ResourceGraph& graph, const RunOptions& options) {
  return Runner(rules.impl(), selection, graph, options, nullptr).Run();
}

std::vector<Verdict> RunWatched(const RuleSet& rules, const Selection& selection,
                                model::ResourceGraph& graph, const RunOptions& options,
                                RunObserver& observer) {
  return Runner(rules.impl(), selection, graph, options, &observer).Run();
}

}  // namespace plumbline::engine
