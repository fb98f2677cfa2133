// A chart of a few files in memory, rendered.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "helm/render.h"

namespace plumbline::helm {

/// Paths are relative to the chart's folder; Chart.yaml has a stand-in. A file that starts with a
/// slash lies where it says.
using Files = std::map<std::string, std::string>;

struct Outcome {
  std::string text;   // of all manifests: "# SOURCE\nTEXT\n" each
  std::string error;  // the first fault, or why the chart cannot be loaded
  std::vector<std::string> faults;
  std::vector<std::string> missing;
  std::vector<std::string> at, from;  // the source lines that each line of the manifests leads to
};

Outcome RenderChart(const Files& files, RenderOptions options = {}, bool strict = true);
/// {{ expression }} over these values.
std::string Evaluate(std::string_view expression, std::string_view values,
                     RenderOptions options = {});

}  // namespace plumbline::helm
