// Drafts → the finished report: sorted, merged, fingerprinted, counted.
#pragma once

#include <vector>

#include "plumbline/finding.h"
#include "scan/finding_maker.h"

namespace plumbline::scan {

struct AssembleOptions {
  bool show_unknown = false;
  bool include_ignored = false;
  bool include_passed = false;
};

/// Fills `report.findings` and the counts of `report.summary`.
void Assemble(std::vector<Draft> drafts, const AssembleOptions& options, Report& report);

}  // namespace plumbline::scan
