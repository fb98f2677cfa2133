// An ApplicationSet: each set of parameters and the template make an Application.
// https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Template/
#include "gitops/params.h"

namespace plumbline::gitops {
namespace {

const yaml::Node* AsApplication(Arena& arena, const yaml::Node& set, const yaml::Node& rendered) {
  const yaml::Node* metadata = rendered.Find("metadata");
  const yaml::Node* ns = At(&set, {"metadata", "namespace"});
  if (ns != nullptr) metadata = With(arena, metadata, "namespace", ns);
  std::vector<NamedNode> entries = {
      {"apiVersion", set.Find("apiVersion")},
      {"kind", NewText(arena, "Application", SpanOf(set.Find("kind"), &set))}};
  if (metadata != nullptr) entries.emplace_back("metadata", metadata);
  if (const yaml::Node* spec = rendered.Find("spec")) entries.emplace_back("spec", spec);
  return NewMapping(arena, entries, rendered.span);
}

}  // namespace

void FollowApplicationSet(Follower& follower, const yaml::Node& object) {
  const yaml::Node* spec = At(&object, {"spec"});
  const yaml::Node* tmpl = At(spec, {"template"});
  if (tmpl == nullptr) {
    follower.Fault(object, SpanOf(spec, &object), NameOf(object) + " has no spec.template");
    return;
  }
  TemplateRenderer renderer(follower.context(), spec);
  const yaml::Node* patch = At(spec, {"templatePatch"});
  for (const ParamSet& set : GenerateParams(follower, object, renderer)) {
    if (follower.full()) break;
    auto fail = [&](const Error& e, Span span) {
      follower.Fault(object, span, e.message, DiagnosticCode::kEvaluationError);
    };
    auto rendered = renderer.Render(*Merge(follower.arena(), tmpl, set.tmpl), *set.params);
    if (!rendered) {
      fail(rendered.error(), renderer.fault());
      break;
    }
    const yaml::Node* application = AsApplication(follower.arena(), object, **rendered);
    if (patch != nullptr) {
      auto text = renderer.Render(*patch, *set.params);
      if (!text) {
        fail(text.error(), renderer.fault());
        break;
      }
      Span fault;
      auto parsed = ParseEmbedded(follower.context(), **text, &fault);
      if (!parsed) {
        fail(parsed.error(), fault);
        break;
      }
      application = Merge(follower.arena(), application, *parsed);
    }
    FollowApplication(follower, *application);
  }
}

}  // namespace plumbline::gitops
