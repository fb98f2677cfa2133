// A typed model's instance: a record whose slots are computed from resources when first read, and
// kept.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "engine/resolve.h"
#include "engine/run_state.h"

namespace plumbline::engine {

/// What tracing a field found.
struct Trail {
  Found found = Found::kAbsent;
  std::span<const Hit> hits;
};

class Instance final : public ResourceRecord {
 public:
  /// Everything lives in the run's scratch arena. `value` is null for an object that is made of
  /// defaults only.
  static Instance* Make(RunState& run, ImageState& image, std::uint32_t record,
                        std::uint32_t bindings, const Scope& scope);

  cel::Val Get(std::uint32_t slot) override;
  const cel::RecordType& type() const override { return run_.RecordTypeOf(image_, record_); }
  Value ToValue(Arena& arena) override;
  const model::Resource& resource() const override { return *scope_.resource; }

  ImageState& image() const { return image_; }
  const Value* value() const { return scope_.value; }
  /// The slot of a field; nothing when there is no such field.
  std::optional<std::uint32_t> SlotOf(std::string_view name) const;
  const FieldDef& Field(std::uint32_t slot) const;
  const BindingDef& Binding(std::uint32_t slot) const;

  /// The path of the record itself, found again in tracing mode.
  const PathNode* PathOf();
  /// Where a field stands: its hits with paths, for a list its elements when `expand`. Kept, so
  /// that asking for each of many elements costs no more than asking once.
  const Trail& Trace(std::uint32_t slot, bool expand = true);
  /// Where a field that is absent would stand.
  Hit Expected(std::uint32_t slot) { return Expected(slot, Binding(slot).entry); }
  /// The same by one entry among the field's.
  Hit Expected(std::uint32_t slot, std::uint32_t entry);
  /// The record that this one is a field of, and which; null for a subject's own.
  Instance* parent() const { return parent_; }
  std::uint32_t parent_slot() const { return parent_slot_; }

 private:
  Trail MakeTrail(std::uint32_t slot, bool expand);
  Instance(RunState& run, ImageState& image, std::uint32_t record, std::uint32_t bindings,
           const Scope& scope);

  cel::Val Compute(std::uint32_t slot);
  cel::Val Default(std::uint32_t slot, const FieldDef& field, const TypeDef& type);
  cel::Val Convert(std::uint32_t slot, const TypeDef& type, std::size_t mark);
  cel::Val ConvertList(std::uint32_t slot, const TypeDef& element, std::size_t mark);
  cel::Val Nested(std::uint32_t slot, std::uint32_t record, const Hit& hit, std::uint32_t index);
  Want WantOf(const TypeDef& type) const;

  RunState& run_;
  ImageState& image_;
  std::uint32_t record_;
  std::uint32_t bindings_;
  Scope scope_;
  std::span<cel::Val> slots_;
  std::span<bool> ready_;
  std::span<const Trail*> trails_;  // two a slot: as it is, expanded; empty until first asked for
  // How this record hangs below another one: its slot there, and which element of a list.
  Instance* parent_ = nullptr;
  std::uint32_t parent_slot_ = 0;
  std::uint32_t parent_index_ = 0;
  bool path_known_ = true;
};

/// A scalar as a field of the given kind, converted as Terraform does; an unknown with a cause when
/// that cannot be.
cel::Val ConvertScalar(RunState& run, FieldKind kind, const Value& value);

}  // namespace plumbline::engine
