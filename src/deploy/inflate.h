// The charts of a kustomization (`helmCharts`), rendered in this process.
#pragma once

#include <string>

#include "kustomize/kustomize.h"
#include "support/fs.h"
#include "support/source.h"

namespace plumbline::deploy {

/// All three must outlive the inflater. Thread-safe when they are.
kustomize::ChartInflater MakeInflater(const FileSystem& fs, SourceMap& sources,
                                      const std::string& base_dir);

}  // namespace plumbline::deploy
