// The parts of a `dynamic` block, shared by evaluation and by locating attributes.
#pragma once

#include "terraform/expression.h"

namespace plumbline::terraform {

struct DynamicBlock {
  std::string_view type;  // of the blocks it makes
  std::string_view iterator;
  const hcl::Expr* for_each = nullptr;
  const hcl::Block* content = nullptr;
};

/// False when a part is missing.
bool ReadDynamic(const hcl::Block& block, DynamicBlock* out);

/// Binds the iterator to one element of the collection; lives as long as the element is evaluated.
class IteratorBinding {
 public:
  /// `index` counts the elements in iteration order.
  IteratorBinding(Arena& arena, const DynamicBlock& block, Value collection, std::size_t index,
                  const Frame& outer);
  IteratorBinding(const IteratorBinding&) = delete;
  const Frame& frame() const { return frame_; }

 private:
  Binding binding_;
  Frame frame_;
};

}  // namespace plumbline::terraform
