// One rule and one resource, wherever under the paths it is: why the rule says what it says.
#pragma once

#include <string>
#include <vector>

#include "engine/explain.h"
#include "plumbline/finding.h"
#include "plumbline/scan.h"

namespace plumbline::scan {

/// A resource of the address that was asked for. Several projects may have one.
struct ExplainedResource {
  std::string project;  // its folder, as shown; empty for manifests
  std::string address, type, framework;
  Location location;
  engine::Explanation explanation;
};

struct ExplainReport {
  RuleInfo rule;
  Severity severity = Severity::kMedium;  // the rule's, unless the configuration changed it
  std::string on;
  std::vector<ExplainedResource> resources;  // by project
  std::vector<std::string> nearest;          // addresses like the one asked for, when there is none
  std::vector<std::string> notices;
  std::string error;  // not empty: wrong usage, or nothing could be read
};

/// Values are masked as in reports. `options.rules` and its like do not matter here.
ExplainReport ExplainResource(const ScanOptions& options, const std::string& rule,
                              const std::string& address);

}  // namespace plumbline::scan
