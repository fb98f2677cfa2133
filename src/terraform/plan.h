// Plans in JSON (`terraform show -json PLANFILE`) → the same resources as their sources give, with
// what the plan knows. Beside the sources, findings keep their lines; without them they stand in
// the plan itself.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "model/resource.h"
#include "support/diagnostic.h"
#include "support/source.h"
#include "terraform/terraform.h"

namespace plumbline::terraform {

struct PlanFile;

/// True for a text that has the marks of a plan: cheap, and right also for one that is cut short.
bool LooksLikePlan(std::string_view text);
/// The same for a state as `terraform show -json` writes it.
bool LooksLikeState(std::string_view text);

/// Null when it is no plan or broken: then one diagnostic says why. The text stays in the sources.
std::shared_ptr<const PlanFile> LoadPlan(const SourceMap& sources, FileId file,
                                         const Limits& limits, Diagnostics& diagnostics);

/// True when most of what the plan's root module holds is declared by the module in `dir`.
bool IsPlanOf(const PlanFile& plan, ParsedFiles& files, const std::string& dir);

/// Fills `graph` (which gets linked) with what is there after the plan is applied. `dir`: the root
/// module it was made from, or empty.
void EvaluatePlan(std::shared_ptr<const PlanFile> plan, ParsedFiles* files, const std::string& dir,
                  const std::string& allowed_root, const Options& options,
                  model::ResourceGraph& graph, Diagnostics& diagnostics);

}  // namespace plumbline::terraform
