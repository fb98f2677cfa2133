// The built-in objects of Helm's templates: .Chart, .Capabilities, .Files.
#pragma once

#include <string>
#include <vector>

#include "gotmpl/value.h"
#include "helm/chart.h"

namespace plumbline::helm {

/// `kube_version`: "v1.32.0"; an error says that it is none.
Result<gotmpl::Value> MakeCapabilities(gotmpl::Heap& heap, const std::string& kube_version,
                                       const std::vector<std::string>& api_versions);
gotmpl::Value MakeFiles(gotmpl::Heap& heap, const SourceMap& sources, const Chart& chart);

}  // namespace plumbline::helm
