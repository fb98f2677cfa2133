#include "terraform/dynamic_block.h"

namespace plumbline::terraform {

bool ReadDynamic(const hcl::Block& block, DynamicBlock* out) {
  if (block.labels.empty()) return false;
  out->type = block.labels[0].text;
  out->iterator = out->type;
  const hcl::Attribute* for_each = block.body->FindAttribute("for_each");
  if (for_each == nullptr) return false;
  out->for_each = for_each->expr;
  if (const hcl::Attribute* i = block.body->FindAttribute("iterator")) {
    if (i->expr->kind == hcl::ExprKind::kVariable && i->expr->steps.empty())
      out->iterator = i->expr->name;
    if (i->expr->kind == hcl::ExprKind::kLiteral && i->expr->value.is_string()) {
      out->iterator = i->expr->value.as_string();
    }
  }
  for (const hcl::Block& b : block.body->blocks) {
    if (b.type == "content") out->content = &b;
  }
  return out->content != nullptr;
}

IteratorBinding::IteratorBinding(Arena& arena, const DynamicBlock& block, Value collection,
                                 std::size_t index, const Frame& outer)
    : frame_(outer) {
  Value key, value;
  if (collection.is_mapping()) {
    const Member& m = collection.members()[index];
    key = Value::String(m.key);
    value = m.value;
  } else {
    value = collection.items()[index];
    key = collection.kind() == Kind::kSet ? value : Value::Int(static_cast<std::int64_t>(index));
  }
  auto members = arena.NewArray<Member>(2);
  members[0] = {"key", key};
  members[1] = {"value", value};
  binding_ = {block.iterator, SealObject(arena, members), outer.bindings};
  frame_.bindings = &binding_;
}

}  // namespace plumbline::terraform
