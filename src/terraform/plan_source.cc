#include "terraform/plan_source.h"

namespace plumbline::terraform {
namespace {

Span SpanOf(const PlanFile& plan, TextRange range) { return {plan.file, range.begin, range.end}; }

// Where the sources could not tell how many blocks there are, each planned one stands for the block
// that makes them all.
model::Path ConfiguredPath(const model::Resource& configured,
                           std::span<const model::PathStep> path) {
  model::Path out(path.begin(), path.end());
  const Value* at = &configured.attributes;
  for (model::PathStep& step : out) {
    if (!step.is_index()) {
      at = at != nullptr ? at->Find(step.key) : nullptr;
      continue;
    }
    auto i = static_cast<std::size_t>(step.index);
    bool is_there = at != nullptr && at->is_sequence() && i < at->items().size();
    at = is_there ? &at->items()[i] : nullptr;
    if (!is_there) step.index = 0;
  }
  return out;
}

}  // namespace

model::Located PlanSource::LocateInPlan(const PlanNode& node,
                                        std::span<const model::PathStep> path) const {
  TextRange at = node.values, header = node.header;
  TextRange whole = at;
  for (const model::PathStep& step : path) {
    if (at.empty()) return {SpanOf(*plan_, header), false};
    auto found = step.is_index() ? FindElement(plan_->text, at, step.index)
                                 : FindMember(plan_->text, at, step.key);
    if (!found) return {SpanOf(*plan_, header), false};
    whole = found->whole;
    at = found->value;
    bool opens = plan_->text[at.begin] == '{' || plan_->text[at.begin] == '[';
    if (opens) header = {whole.begin, at.begin + 1};
  }
  if (path.empty()) return {SpanOf(*plan_, node.header), true};
  return {SpanOf(*plan_, whole), true};
}

model::Located PlanSource::Locate(const model::Resource& resource,
                                  std::span<const model::PathStep> path) const {
  const auto& node = *static_cast<const PlanNode*>(resource.node);
  if (node.configured == nullptr) return LocateInPlan(node, path);
  const model::Resource& configured = *node.configured;
  return configured.source->Locate(configured, ConfiguredPath(configured, path));
}

std::vector<model::OriginStep> PlanSource::Trace(const model::Resource& resource,
                                                 std::span<const model::PathStep> path) const {
  const auto& node = *static_cast<const PlanNode*>(resource.node);
  if (node.configured == nullptr) return {};
  const model::Resource& configured = *node.configured;
  return configured.source->Trace(configured, ConfiguredPath(configured, path));
}

}  // namespace plumbline::terraform
