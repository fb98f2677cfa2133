// The walk from a resource's block down a path of names and indices: through nested blocks, dynamic
// blocks and object constructors, to the expression that stands there.
#pragma once

#include <deque>
#include <span>
#include <vector>

#include "terraform/dynamic_block.h"
#include "terraform/project.h"

namespace plumbline::terraform {

/// Lets a project evaluate again, on request, without touching the graph's arena. Hold the
/// project's lock.
class TraceSession {
 public:
  explicit TraceSession(Project& project);
  ~TraceSession();
  TraceSession(const TraceSession&) = delete;

 private:
  Project& project_;
  Arena arena_;
  Arena* old_arena_;
  ExprEvaluator* old_evaluator_;
  std::unique_ptr<ExprEvaluator> evaluator_;
};

/// What a dynamic block's iterator or a for expression's variable stands for.
struct BindingSource {
  std::string_view name;
  const hcl::Expr* collection = nullptr;
  Frame frame;               // of the collection
  model::PathStep element;   // key or index of the element
  bool is_iterator = false;  // dynamic: .key and .value follow the name
};

struct LocatedAttribute {
  model::Located located;
  const hcl::Expr* expr = nullptr;  // null: a block, or nothing
  Frame frame;
  std::vector<model::PathStep> rest;  // what of the path lies inside the value
};

class Locator {
 public:
  Locator(Project& project, const Record& record) : project_(project), record_(record) {}

  LocatedAttribute Find(std::span<const model::PathStep> path);
  const std::vector<BindingSource>& bindings() const { return sources_; }

 private:
  bool Enter(std::string_view type, std::size_t wanted);
  bool EnterDynamic(const hcl::Block& block, std::size_t wanted, std::size_t* count);
  LocatedAttribute InAttribute(const hcl::Attribute& a, std::span<const model::PathStep> rest);

  Project& project_;
  const Record& record_;
  const hcl::Body* body_ = nullptr;
  Span header_;
  Frame frame_;
  std::deque<IteratorBinding> iterators_;  // the frames point to them
  std::vector<BindingSource> sources_;
};

/// The item of an object constructor with this key, when the key is a plain name or string.
const hcl::ObjectItem* FindItem(const hcl::Expr& object, std::string_view key);

}  // namespace plumbline::terraform
