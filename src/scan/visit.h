// A scan up to the point where rules would run: for those who want the evaluated resources
// themselves.
#pragma once

#include "engine/engine.h"
#include "model/resource.h"
#include "plumbline/scan.h"
#include "scan/rule_table.h"
#include "support/result.h"
#include "support/source.h"

namespace plumbline::scan {

class GraphVisitor {
 public:
  virtual ~GraphVisitor() = default;
  /// Called once, before anything is read. An error ends the scan.
  virtual Result<void> Begin(const engine::RuleSet& rules, const RuleTable& table) = 0;
  /// Called for each project instead of running the rules, from any thread.
  virtual void Visit(model::ResourceGraph& graph, const SourceMap& sources) = 0;
};

/// `Scan` with the visitor in place of the rules; null: `Scan` itself.
ScanResult ScanVisited(const ScanOptions& options, GraphVisitor* visitor);

}  // namespace plumbline::scan
