// The parameters of an ApplicationSet: what its generators make, and how they are put into a
// template, in both flavours: {{name}} (fasttemplate, flat names) and Go templates.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gitops/follow.h"
#include "gotmpl/executor.h"
#include "gotmpl/value.h"

namespace plumbline::gitops {

using Params = gotmpl::Map*;

class TemplateRenderer {
 public:
  TemplateRenderer(const Context& context, const yaml::Node* spec);

  bool go() const { return go_; }
  gotmpl::Heap& heap() { return heap_; }
  /// The value of a node, with its place.
  gotmpl::Value ValueOf(const yaml::Node& node);
  gotmpl::Value Text(std::string_view text, Span from = {});

  /// The tree with all texts and keys rendered. Changed texts say in `from` where their parameter
  /// comes from. An error has its place in `fault()`.
  Result<const yaml::Node*> Render(const yaml::Node& node, const gotmpl::Map& params);
  Span fault() const { return fault_; }

 private:
  Result<const yaml::Node*> RenderAt(const yaml::Node& node, const gotmpl::Map& params,
                                     std::uint32_t depth);
  Result<std::string> RenderText(std::string_view text, const gotmpl::Map& params, Span* from);
  Result<std::string> RenderGo(std::string_view text, const gotmpl::Map& params, Span* from);
  std::string RenderFast(std::string_view text, const gotmpl::Map& params, Span* from);

  const Context& context_;
  gotmpl::Heap heap_;
  gotmpl::FunctionSet functions_;
  std::uint64_t steps_left_;
  bool go_ = false, missing_is_error_ = false;
  Span fault_;
};

/// As a name in Kubernetes: lower case, other characters than letters, digits, `-` and `.` replaced
/// by `-`, at most 253, none of `-` and `.` at the ends.
std::string SanitizeName(std::string_view name);

/// All sets of parameters of `spec.generators`, each with the template that goes with it.
struct ParamSet {
  Params params = nullptr;
  const yaml::Node* tmpl = nullptr;  // of the generator; may be null
};
std::vector<ParamSet> GenerateParams(Follower& follower, const yaml::Node& object,
                                     TemplateRenderer& renderer);

}  // namespace plumbline::gitops
