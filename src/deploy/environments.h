// The environments of charts and kustomizations, for --matrix: values files beside a chart,
// overlays that share a base.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "support/fs.h"

namespace plumbline::deploy {

struct ValuesFile {
  std::string name;    // "prod", "ci/ha"
  std::string path;    // absolute
  bool is_ci = false;  // a test's, of chart-testing
};

/// The values files that lie beside the chart's own: values-prod.yaml, values.prod.yaml, prod.yaml
/// in its folder or in folders like environments/, ci/*.yaml. Sorted by name.
std::vector<ValuesFile> FindValuesFiles(const FileSystem& fs, const std::string& chart);

/// For each folder the shortest end of its path that no other one has; the whole path where there
/// is none.
std::vector<std::string> ShortNames(std::span<const std::string> folders);

/// Parts overlays into groups of those that share a base, directly or by way of others. `bases[i]`
/// are the bases of overlay i. Groups and members are in the order of the overlays.
std::vector<std::vector<std::size_t>> GroupByBase(std::span<const std::vector<std::string>> bases);

}  // namespace plumbline::deploy
