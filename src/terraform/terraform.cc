#include "terraform/terraform.h"

#include <algorithm>

#include "terraform/project.h"

namespace plumbline::terraform {

void Evaluate(ParsedFiles& files, const std::string& dir, const std::string& allowed_root,
              const Options& options, model::ResourceGraph& graph, Diagnostics& diagnostics) {
  auto project =
      std::make_unique<Project>(files, dir, allowed_root, options, graph.arena(), diagnostics);
  graph.root = files.ShownPath(files.fs().RealPath(dir));
  if (project->Start()) {
    Project* p = graph.Own(std::move(project));
    p->Run(graph);
  }
  graph.Link();
}

struct RootModule::Impl {
  Arena arena;
  std::string shown_dir;
  Diagnostics start;  // of loading; nothing is reported there
  std::unique_ptr<Project> project;
};

RootModule::RootModule(ParsedFiles& files, const std::string& dir, const std::string& allowed_root,
                       const Options& options, std::span<const Environment> environments)
    : impl_(std::make_unique<Impl>()) {
  impl_->shown_dir = files.ShownPath(files.fs().RealPath(dir));
  impl_->project =
      std::make_unique<Project>(files, dir, allowed_root, options, impl_->arena, impl_->start);
  if (!impl_->project->Start(environments)) impl_->project.reset();
}

RootModule::~RootModule() = default;
RootModule::RootModule(RootModule&&) noexcept = default;

void RootModule::Evaluate(std::size_t i, model::ResourceGraph& graph, Diagnostics& diagnostics) {
  graph.root = impl_->shown_dir;
  if (impl_->project != nullptr) {
    impl_->project->Enter(i, diagnostics);
    impl_->project->Run(graph);
  }
  graph.Link();
}

std::vector<model::OriginStep> RootModule::Deciders(model::InputMask mask, std::size_t i) const {
  return impl_->project != nullptr ? impl_->project->Deciders(mask, i)
                                   : std::vector<model::OriginStep>();
}

bool SetsVariablesOf(ParsedFiles& files, const std::string& path, const std::string& dir) {
  const ParsedModule* module = files.Module(dir);
  const ParsedVariables* values = files.Variables(files.fs().RealPath(path));
  if (module == nullptr || values->body == nullptr) return false;
  return !values->body->attributes.empty() &&
         std::ranges::all_of(values->body->attributes, [&](const hcl::Attribute& a) {
           return module->config.FindVariable(a.name) != nullptr;
         });
}

}  // namespace plumbline::terraform
