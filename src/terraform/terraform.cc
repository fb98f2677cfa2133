#include "terraform/terraform.h"

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

}  // namespace plumbline::terraform
