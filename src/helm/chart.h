// Helm charts as they lie on disk: a folder or a .tgz, with the charts below charts/. Nothing is
// rendered here.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gotmpl/value.h"
#include "support/fs.h"
#include "support/limits.h"
#include "support/result.h"
#include "support/source.h"

namespace plumbline::helm {

/// A file of a chart; its name is relative to the chart's folder.
struct ChartFile {
  std::string name;
  FileId id = kNoFile;  // its text in the SourceMap
};

/// One entry of `dependencies`.
struct Dependency {
  std::string name, version, repository, condition, alias;
  std::vector<std::string> tags;
  gotmpl::Value import_values;  // a list, or nil
  bool enabled = false;         // until conditions and tags have been looked at
  bool is_null = false;         // an entry that is no mapping
};

struct Chart {
  std::string name;  // the alias, for a chart that a parent calls otherwise
  std::string version, type, api_version, kube_version;
  gotmpl::Map* metadata = nullptr;  // Chart.yaml's fields under their JSON names; never null
  gotmpl::Map* values = nullptr;    // values.yaml; never null
  FileId metadata_file = kNoFile, values_file = kNoFile;
  std::string schema;  // values.schema.json; empty when there is none
  std::vector<ChartFile> templates;
  std::vector<ChartFile> crds;
  std::vector<ChartFile> files;  // all others, for .Files
  bool declares = false;         // Chart.yaml or requirements.yaml has a list of dependencies
  /// The entries of that list. A chart that is taken in under several names shares them, as it
  /// shares the charts below it, with its other selves: Helm copies no deeper.
  std::vector<std::shared_ptr<Dependency>> declared;
  std::vector<std::shared_ptr<Chart>> dependencies;
  Chart* parent = nullptr;
  /// The chart of which this one is another self; keeps alive what the charts below call parent.
  std::shared_ptr<Chart> original;

  bool is_library() const { return type == "library"; }
  /// "umbrella/charts/db": where Helm says that the chart's templates stand.
  std::string FullPath() const;
};

/// Bounds on what a chart may hold.
struct ChartLimits {
  std::size_t max_file_bytes = 16u << 20;
  std::size_t max_total_bytes = 256u << 20;  // of all files, unpacked
  std::size_t max_files = 20'000;
  std::uint32_t max_depth = 16;  // charts below charts
};

struct LoadOptions {
  const FileSystem& fs;
  SourceMap& sources;
  gotmpl::Heap& heap;
  std::string base_dir;  // files below it are shown relative to it
  ChartLimits limits = {};
  bool traced = true;  // values remember where they stand
};

/// Loads the chart in a folder or a .tgz file. An error is Helm's message.
Result<std::unique_ptr<Chart>> LoadChart(const LoadOptions& options, const std::string& path);

/// A copy that shares texts and values, but has dependencies of its own, all the way down.
std::unique_ptr<Chart> CopyChart(const Chart& chart);

}  // namespace plumbline::helm
