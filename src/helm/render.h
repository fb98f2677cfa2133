// `helm template` in this process: a chart and values → manifests, each line of which knows the
// template and the value it comes from.
#pragma once

#include <string>
#include <vector>

#include "gotmpl/executor.h"
#include "helm/chart.h"
#include "helm/values.h"

namespace plumbline::helm {

struct RenderOptions {
  std::string release_name = "release-name";
  std::string ns = "default";
  std::string kube_version = "v1.32.0";
  std::vector<std::string> api_versions;  // beside those every cluster has
  ValueOptions values;
  bool include_crds = false;  // what crds/ holds, in front of everything
  bool is_upgrade = false;    // .Release.IsUpgrade in place of .Release.IsInstall
  bool hooks = true;          // false: leave them out
  bool skip_tests = false;    // leave out the hooks that are tests
  gotmpl::ExecutionLimits limits = {};
};

/// One document of the output, in Helm's order.
struct Manifest {
  std::string source;  // "chart/templates/x.yaml"
  std::string text;
  std::vector<gotmpl::LineOrigin> lines;  // one a line of `text`, when traced
  std::string kind;
  bool is_hook = false;
  bool is_test = false;          // a hook that is a test
  bool is_unknown_hook = false;  // of an event that Helm does not know: never printed
  bool is_crd = false;           // a whole file of crds/, as it stands there
};

/// A fault of one chart: Helm's message, and the place it stands at where that is known.
struct RenderFault {
  std::string message;
  Span span;
};

struct Rendered {
  std::vector<Manifest> manifests;
  std::vector<RenderFault> faults;
  std::vector<std::string> warnings;
  std::vector<std::string> missing_dependencies;
};

/// Renders a loaded chart, which is changed on the way (dependencies that are off are gone).
/// With `strict` all ends at the first fault, as in Helm, which a missing dependency is too;
/// without it the rest is rendered.
Rendered Render(const LoadOptions& load, Chart& chart, const RenderOptions& options, bool strict);

}  // namespace plumbline::helm
