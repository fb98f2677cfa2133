// Charts that nothing in the tree deploys: rendered with their own values or, with --matrix, with
// each values file beside them.
#pragma once

#include <set>
#include <string>

#include "deploy/deployments.h"

namespace plumbline::deploy {

/// A chart in charts/ of another of these is a part of that one.
bool IsSubchart(const std::set<std::string>& charts, const std::string& path);

/// Without environments for a library chart, which makes nothing by itself.
Project MakeChart(const FileSystem& fs, SourceMap& sources, const std::string& path,
                  const Options& options);

/// Chart.yaml, values.yaml and the templates, of its dependencies too.
std::size_t CountFiles(const helm::Chart& chart);

}  // namespace plumbline::deploy
