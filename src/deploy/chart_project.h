// A chart that is loaded once and rendered for any number of releases, and what comes out of that
// as objects.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gotmpl/value.h"
#include "helm/chart.h"
#include "helm/render.h"
#include "support/arena.h"
#include "support/diagnostic.h"
#include "support/fs.h"
#include "support/source.h"
#include "yaml/yaml.h"

namespace plumbline::deploy {

/// The objects that something makes; documents live in the arena, their spans lead to where people
/// edit them.
struct MadeObjects {
  Arena arena;
  std::vector<yaml::Document> documents;
  Diagnostics diagnostics;
};

struct Release {
  helm::RenderOptions options;
  std::vector<std::string> own_values;  // files instead of the chart's values.yaml
  bool incomplete = false;              // more values are given that nobody knows here
};

/// Not thread-safe; several projects may share files and sources.
class ChartProject {
 public:
  /// `path`: a folder or a .tgz; files below `base_dir` are shown relative to it.
  ChartProject(const FileSystem& fs, SourceMap& sources, std::string base_dir, std::string path);

  /// Null when the chart cannot even be loaded: `diagnostics` says why.
  const helm::Chart* chart() const { return chart_.get(); }
  const Diagnostics& diagnostics() const { return diagnostics_; }
  /// Adds the objects of a release to `out`. What Helm would refuse is a diagnostic; the rest of
  /// the chart is rendered.
  void Render(const Release& release, MadeObjects& out) const;

 private:
  Span ChartFile() const;
  Span DependencyEntry(const std::string& name) const;
  Diagnostic ToDiagnostic(const helm::RenderFault& fault, bool has_values) const;

  const FileSystem& fs_;
  SourceMap& sources_;
  const std::string base_dir_, path_;
  mutable gotmpl::Heap heap_;
  helm::LoadOptions load_;
  std::unique_ptr<helm::Chart> chart_;
  Diagnostics diagnostics_;
};

}  // namespace plumbline::deploy
