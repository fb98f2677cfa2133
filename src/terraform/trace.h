// From an attribute to the literal that a person edits: variables, module arguments, tfvars,
// locals, outputs, each, for expressions and the functions that pass a value through.
#pragma once

#include <deque>
#include <vector>

#include "terraform/locate.h"

namespace plumbline::terraform {

class Tracer {
 public:
  using Path = std::vector<model::PathStep>;

  explicit Tracer(Project& project) : project_(project) {}

  std::vector<model::OriginStep> Trace(const Record& record, std::span<const model::PathStep> path);

 private:
  void Follow(const hcl::Expr& e, const Frame& f, Path path);
  void FollowVariable(const hcl::Expr& e, const Frame& f, Path path);
  bool FollowBinding(const hcl::Expr& e, const Frame& f, const Path& path);
  void FollowEach(const hcl::Expr& e, const Frame& f, const Path& path);
  void FollowInput(ModuleInstance& module, const VariableDecl& decl, Path path);
  void FollowOutput(const hcl::Expr& e, const Frame& f, Path path);
  void FollowResource(const hcl::Expr& e, const Frame& f, model::Mode mode, std::size_t skip,
                      Path path);
  void FollowCall(const hcl::Expr& e, const Frame& f, const Path& path);
  void FollowFor(const hcl::Expr& e, const Frame& f, const Path& path);
  void FollowObject(const hcl::Expr& e, const Frame& f, const Path& path);
  void FollowOnly(std::span<const hcl::Expr* const> candidates, const Frame& f);
  void Push(Span span, std::string what);
  void Narrow(Span span);
  bool Eval(const hcl::Expr& e, const Frame& f, Value* out);
  /// The steps behind a name as a path in front of `rest`; false when an index is not known.
  bool ToPath(std::span<const hcl::Step> steps, const Frame& f, const Path& rest, Path* out);

  Project& project_;
  std::vector<model::OriginStep> steps_;
  std::vector<BindingSource> sources_;
  std::deque<Binding> for_bindings_;
  int depth_ = 0;
};

}  // namespace plumbline::terraform
