// The parts of a finding that several JSON formats write alike.
#pragma once

#include <string_view>
#include <vector>

#include "plumbline/finding.h"
#include "report/json_writer.h"

namespace plumbline::report {

/// `key`: [{"file","line","column","what"}…]
void WriteOrigins(std::string_view key, const std::vector<Origin>& origins, JsonWriter& w);
/// "environment_results": [{"name","status","value","decided_by"}…]; the status is fail, pass,
/// unknown, ignored or absent.
void WriteEnvironmentResults(const std::vector<EnvironmentResult>& results, JsonWriter& w);

}  // namespace plumbline::report
