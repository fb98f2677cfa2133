#include "engine/instance.h"

#include <fmt/format.h>

#include <new>

#include "value/number.h"

namespace plumbline::engine {
namespace {

constexpr std::string_view KindName(FieldKind kind) {
  switch (kind) {
    case FieldKind::kBool:
      return "bool";
    case FieldKind::kInt:
      return "whole number";
    case FieldKind::kNumber:
      return "number";
    case FieldKind::kString:
      return "string";
    default:
      return "value";
  }
}

bool IsPlain(FieldKind kind, const Value& value) {
  if (value.is_unknown()) return true;
  switch (kind) {
    case FieldKind::kAny:
      return true;
    case FieldKind::kMap:
      return value.is_mapping();
    case FieldKind::kBool:
      return value.is_bool();
    case FieldKind::kInt:
      return value.is_number() && IsWhole(value);
    case FieldKind::kNumber:
      return value.is_number();
    case FieldKind::kString:
      return value.is_string();
    default:
      return false;
  }
}

}  // namespace

cel::Val ConvertScalar(RunState& run, FieldKind kind, const Value& value) {
  if (IsPlain(kind, value)) return cel::Val::FromValue(&value);
  Arena& arena = run.scratch();
  if (kind == FieldKind::kString && value.is_bool())
    return cel::Val::String(value.as_bool() ? "true" : "false");
  if (kind == FieldKind::kString && value.is_number())
    return cel::Val::String(arena.CopyString(FormatNumber(value)));
  if (kind == FieldKind::kBool && value.is_string()) {
    const std::string_view text = value.as_string();
    if (text == "true" || text == "1") return cel::Val::Bool(true);
    if (text == "false" || text == "0") return cel::Val::Bool(false);
  }
  if ((kind == FieldKind::kInt || kind == FieldKind::kNumber) && value.is_string()) {
    if (auto number = ParseNumber(arena, value.as_string())) {
      if (IsPlain(kind, *number)) return cel::Val::FromValue(arena.New<Value>(*number));
    }
  }
  const Value unknown =
      MakeUnknown(arena, DynamicType(), fmt::format("a value that is no {}", KindName(kind)));
  return cel::Val::Unknown(unknown.unknown());
}

Instance::Instance(RunState& run, ImageState& image, std::uint32_t record, std::uint32_t bindings,
                   const Scope& scope)
    : run_(run), image_(image), record_(record), bindings_(bindings), scope_(scope) {
  const std::size_t n = image.image.At<RecordDef>(record).fields.count;
  slots_ = run.scratch().NewArray<cel::Val>(n);
  ready_ = run.scratch().NewArray<bool>(n);
}

Instance* Instance::Make(RunState& run, ImageState& image, std::uint32_t record,
                         std::uint32_t bindings, const Scope& scope) {
  // The arena runs no destructors; this one would have nothing to do.
  void* at = run.scratch().Allocate(sizeof(Instance), alignof(Instance));
  return new (at) Instance(run, image, record, bindings, scope);
}

const FieldDef& Instance::Field(std::uint32_t slot) const {
  return image_.image.At<FieldDef>(image_.image.At<RecordDef>(record_).fields.first + slot);
}

const BindingDef& Instance::Binding(std::uint32_t slot) const {
  return image_.image.At<BindingDef>(bindings_ + slot);
}

std::optional<std::uint32_t> Instance::SlotOf(std::string_view name) const {
  for (std::uint32_t i = 0; i < slots_.size(); ++i) {
    if (image_.image.Text(Field(i).name) == name) return i;
  }
  return std::nullopt;
}

cel::Val Instance::Get(std::uint32_t slot) {
  if (slot >= slots_.size()) return cel::Val::Null();
  if (!ready_[slot]) {
    slots_[slot] = Compute(slot);
    ready_[slot] = true;
  }
  return slots_[slot];
}

Value Instance::ToValue(Arena& arena) {
  std::vector<Member> members;
  for (std::uint32_t i = 0; i < slots_.size(); ++i) {
    members.push_back({image_.image.Text(Field(i).name), cel::ToValue(Get(i), arena)});
  }
  return MakeObject(arena, members);
}

Want Instance::WantOf(const TypeDef& type) const {
  if (type.kind == FieldKind::kList) return Want::kAll;
  return type.kind == FieldKind::kAny ? Want::kWhole : Want::kScalar;
}

cel::Val Instance::Default(std::uint32_t slot, const FieldDef& field, const TypeDef& type) {
  if (field.fallback == kNone) return cel::Val::Null();
  if (type.kind == FieldKind::kObject)
    return Nested(slot, type.record, {scope_.resource, nullptr, nullptr}, 0);
  return cel::Val::FromValue(run_.Constant(image_, field.fallback));
}

cel::Val Instance::Nested(std::uint32_t slot, std::uint32_t record, const Hit& hit,
                          std::uint32_t index) {
  Scope scope = scope_;
  if (hit.resource != nullptr && hit.resource != scope.resource) {
    scope.resource = hit.resource;
    scope.whole = &hit.resource->attributes;
  }
  scope.value = hit.value;
  scope.path = nullptr;
  Instance* nested = Make(run_, image_, record, Binding(slot).nested, scope);
  nested->parent_ = this;
  nested->parent_slot_ = slot;
  nested->parent_index_ = index;
  nested->path_known_ = false;
  return cel::Val::OfRecord(nested);
}

cel::Val Instance::ConvertList(std::uint32_t slot, const TypeDef& element, std::size_t mark) {
  const bool records = element.kind == FieldKind::kObject;
  if (!records && run_.hits.size() == mark + 1 && run_.hits[mark].value->is_sequence()) {
    bool plain = true;
    for (const Value& v : run_.hits[mark].value->items()) plain = plain && IsPlain(element.kind, v);
    if (plain) return cel::Val::FromValue(run_.hits[mark].value);  // in place
  }
  // A list of lists keeps its inner lists.
  if (element.kind != FieldKind::kList) ExpandHits(run_, mark, false);
  if (records && run_.hits.size() > mark) {
    // Blocks that are all unknown (a dynamic block over something unknown): not even their number
    // is known.
    bool known = false;
    for (std::size_t i = mark; i < run_.hits.size(); ++i) {
      known = known || !run_.hits[i].value->is_unknown();
    }
    if (!known) return cel::Val::Unknown(run_.hits[mark].value->unknown());
  }
  auto items = run_.scratch().NewArray<cel::Val>(run_.hits.size() - mark);
  for (std::uint32_t i = 0; i < items.size(); ++i) {
    const Hit hit = run_.hits[mark + i];
    if (hit.value->is_unknown() || element.kind == FieldKind::kList) {
      items[i] = cel::Val::FromValue(hit.value);
    } else {
      items[i] = records ? Nested(slot, element.record, hit, i)
                         : ConvertScalar(run_, element.kind, *hit.value);
    }
  }
  return cel::Val::List(run_.scratch().New<std::span<const cel::Val>>(items));
}

cel::Val Instance::Convert(std::uint32_t slot, const TypeDef& type, std::size_t mark) {
  switch (type.kind) {
    case FieldKind::kList:
      return ConvertList(slot, image_.image.At<TypeDef>(type.element), mark);
    case FieldKind::kObject:
      return Nested(slot, type.record, run_.hits[mark], 0);
    case FieldKind::kAny:
      return cel::Val::FromValue(run_.hits[mark].value);
    default:
      return ConvertScalar(run_, type.kind, *run_.hits[mark].value);
  }
}

cel::Val Instance::Compute(std::uint32_t slot) {
  const FieldDef& field = Field(slot);
  const TypeDef& type = image_.image.At<TypeDef>(field.type);
  if (scope_.value == nullptr) return Default(slot, field, type);
  const std::size_t mark = run_.hits.size();
  Resolver resolver(run_, image_, scope_, WantOf(type));
  cel::Val out;
  switch (resolver.Resolve(Binding(slot).entry)) {
    case Found::kAbsent:
      out = Default(slot, field, type);
      break;
    case Found::kUnknown:
      out = cel::Val::Unknown(resolver.unknown());
      break;
    case Found::kFound:
      out = Convert(slot, type, mark);
      break;
  }
  run_.hits.resize(mark);
  return out;
}

const PathNode* Instance::PathOf() {
  if (path_known_) return scope_.path;
  path_known_ = true;
  if (scope_.value == nullptr) return scope_.path = parent_->Expected(parent_slot_).path;
  const Trail& trail = parent_->Trace(parent_slot_);
  if (parent_index_ < trail.hits.size()) scope_.path = trail.hits[parent_index_].path;
  return scope_.path;
}

Trail Instance::MakeTrail(std::uint32_t slot, bool expand) {
  Scope scope = scope_;
  scope.path = PathOf();
  scope.trace = true;
  if (scope.value == nullptr) return {};
  const TypeDef& type = image_.image.At<TypeDef>(Field(slot).type);
  const std::size_t mark = run_.hits.size();
  Trail out;
  out.found = Resolver(run_, image_, scope, WantOf(type)).Resolve(Binding(slot).entry);
  const bool nested_lists = type.kind == FieldKind::kList &&
                            image_.image.At<TypeDef>(type.element).kind == FieldKind::kList;
  if (expand && type.kind == FieldKind::kList && out.found == Found::kFound && !nested_lists) {
    ExpandHits(run_, mark, true);
  }
  out.hits = run_.scratch().Copy(std::span<const Hit>(run_.hits).subspan(mark));
  run_.hits.resize(mark);
  return out;
}

const Trail& Instance::Trace(std::uint32_t slot, bool expand) {
  if (trails_.empty()) trails_ = run_.scratch().NewArray<const Trail*>(slots_.size() * 2);
  const Trail*& trail = trails_[slot * 2 + (expand ? 1 : 0)];
  if (trail == nullptr) trail = run_.scratch().New<Trail>(MakeTrail(slot, expand));
  return *trail;
}

Hit Instance::Expected(std::uint32_t slot, std::uint32_t entry) {
  Scope scope = scope_;
  scope.path = PathOf();
  scope.trace = true;
  const TypeDef& type = image_.image.At<TypeDef>(Field(slot).type);
  return Resolver(run_, image_, scope, WantOf(type)).Expected(entry);
}

}  // namespace plumbline::engine
