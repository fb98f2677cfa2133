// Where the attributes of planned resources stand: in the sources where they are at hand, else in
// the plan's own text.
#pragma once

#include <memory>
#include <vector>

#include "model/resource.h"
#include "terraform/plan_file.h"

namespace plumbline::terraform {

/// What a graph resource's `node` points to. Exactly one of the two is set.
struct PlanNode {
  const model::Resource* configured = nullptr;  // in the graph of the sources
  TextRange object;                             // in the plan
  TextRange values;                             // what paths are relative to
  TextRange header;
};

class PlanSource final : public model::ResourceSource {
 public:
  /// `sources` may be null.
  PlanSource(std::shared_ptr<const PlanFile> plan, std::unique_ptr<model::ResourceGraph> sources)
      : plan_(std::move(plan)), sources_(std::move(sources)) {}

  const PlanFile& plan() const { return *plan_; }
  model::ResourceGraph* sources() const { return sources_.get(); }

  model::Located Locate(const model::Resource& resource,
                        std::span<const model::PathStep> path) const override;
  std::vector<model::OriginStep> Trace(const model::Resource& resource,
                                       std::span<const model::PathStep> path) const override;

 private:
  model::Located LocateInPlan(const PlanNode& node, std::span<const model::PathStep> path) const;

  std::shared_ptr<const PlanFile> plan_;
  std::unique_ptr<model::ResourceGraph> sources_;
};

}  // namespace plumbline::terraform
