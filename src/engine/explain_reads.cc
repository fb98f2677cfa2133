#include "engine/explain_reads.h"

#include <fmt/format.h>

#include "engine/type_pattern.h"
#include "value/json.h"

namespace plumbline::engine {
namespace {

constexpr std::size_t kMaxReads = 3;         // shown of one field
constexpr std::size_t kMaxAlternatives = 3;  // named as absent

std::string PathText(const Image& image, PathDef path) {
  std::vector<model::PathStep> steps;
  for (const StepDef& s : image.Get(path)) steps.push_back({image.Text(s.key), s.index});
  return model::PathToString(steps);
}

std::string TypeText(const Image& image, const TypePattern& pattern) {
  return std::string(
      image.Text(pattern.kind == TypePattern::kTerraform ? pattern.type : pattern.object));
}

model::PathStep StepOf(const cel::TraceLink& link) {
  // Block lists of one are entered by themselves in rules, so that an index may have no list.
  return link.name.empty() ? model::PathStep{{}, link.index} : model::PathStep{link.name, -1};
}

// Appends what the links select, entering block lists as conditions do.
void Extend(const model::Resource& resource, std::span<const cel::TraceLink> links,
            model::Path& path) {
  for (const cel::TraceLink& link : links) {
    const Value* value = ValueAt(resource.attributes, path);
    if (link.name.empty()) {
      if (value != nullptr && value->is_sequence() && link.index >= 0)
        path.push_back({{}, link.index});
      continue;
    }
    path.push_back(StepOf(link));
  }
}

Instance* AsInstance(const cel::Val& v) {
  if (v.tag() != cel::Tag::kRecord || &v.as_record()->type() == &ResourceRecordType())
    return nullptr;
  return static_cast<Instance*>(v.as_record());
}

}  // namespace

Location ReadFinder::LocationOf(Span span) const {
  Location l;
  if (!span.valid()) return l;
  const Position start = sources_.Start(span), end = sources_.End(span);
  l.file = sources_.Path(span.file);
  l.line = start.line;
  l.column = start.column;
  l.end_line = end.line;
  l.end_column = end.column;
  return l;
}

std::vector<Origin> ReadFinder::OriginsOf(const model::Resource& resource,
                                          const model::Path& path) const {
  std::vector<Origin> out;
  if (resource.source == nullptr) return out;
  for (const model::OriginStep& step : resource.source->Trace(resource, path)) {
    out.push_back({LocationOf(step.span), step.what});
  }
  return out;
}

ReadFrom ReadFinder::AttributeAt(const model::Resource& resource, model::Path path) {
  ReadFrom out;
  out.resource = resource.address;
  out.path = model::PathToString(path);
  model::Located at{resource.header, false};
  if (resource.source != nullptr) at = resource.source->Locate(resource, path);
  out.location = LocationOf(at.span);
  if (at.exact) {
    out.origin = OriginsOf(resource, path);
  } else if (ValueAt(resource.attributes, path) == nullptr) {
    out.kind = ReadFrom::Kind::kAbsent;
  }
  return out;
}

bool ReadFinder::Add(const model::Resource& resource, model::Path path, const cel::TraceStep& step,
                     ExplainedStep& out) {
  if (out.reads.size() >= kMaxReads) {
    ++out.more_reads;
    return false;
  }
  ReadFrom read = AttributeAt(resource, path);
  const Value* raw = ValueAt(resource.attributes, path);
  bool masked = false;
  const bool presence = step.form == cel::TraceStep::Form::kPresence;
  if (read.kind == ReadFrom::Kind::kAbsent)
    read.note = fmt::format("{} is not set", path.empty() ? "it" : path.back().key);
  bool secret = writer_.IsSecret(resource, path);
  if (raw != nullptr && !raw->is_unknown()) {
    secret = secret || raw->sensitive();
    const Value shown = cel::ToValue(step.value, run_.scratch());
    if (!presence && !step.value.is_unknown() && ToJson(*raw) != ToJson(shown))
      read.value = writer_.Write(*raw, path, secret, masked);
  }
  out.reads.push_back(std::move(read));
  return secret;
}

std::string ReadFinder::AbsentReason(Instance& instance, std::uint32_t slot, std::uint32_t index) {
  const Image& image = instance.image().image;
  const EntryDef& entry = image.At<EntryDef>(index);
  std::string out;
  std::size_t shown = 0;
  switch (entry.kind) {
    case EntryKind::kPath:
      return PathText(image, entry.path).empty() ? "" : PathText(image, entry.path) + " is not set";
    case EntryKind::kFirst:
    case EntryKind::kConcat:
      for (std::uint32_t child : image.Get(entry.children)) {
        const std::string reason = AbsentReason(instance, slot, child);
        if (reason.empty() || shown++ >= kMaxAlternatives) continue;
        out += (out.empty() ? "" : ", ") + reason;
      }
      return out;
    case EntryKind::kSatellite:
    case EntryKind::kTarget: {
      const Hit hit = instance.Expected(slot, index);
      const std::string type =
          entry.pattern == kNone ? "" : TypeText(image, image.At<TypePattern>(entry.pattern));
      if (hit.resource != nullptr && hit.resource != &instance.resource()) {
        return fmt::format("{} is not set in {}", PathText(image, entry.path),
                           hit.resource->address);
      }
      if (entry.kind == EntryKind::kTarget)
        return fmt::format("{} leads to no {}", PathText(image, entry.via), type);
      return fmt::format("no {} belongs to it", type);
    }
    case EntryKind::kCel:
      return "computed by the model, which finds none";
    case EntryKind::kValue:
      return "";
  }
  return out;
}

ReadFrom ReadFinder::NotSet(Instance& instance, std::uint32_t slot) {
  ReadFrom out;
  // An object made of nothing but defaults is absent as a whole.
  Instance* owner = &instance;
  std::uint32_t at = slot;
  while (owner->value() == nullptr && owner->parent() != nullptr) {
    at = owner->parent_slot();
    owner = owner->parent();
  }
  const Hit expected = owner->Expected(at);
  const model::Resource& resource =
      expected.resource != nullptr ? *expected.resource : owner->resource();
  const model::Path path = ToPath(expected.resource != nullptr ? expected.path : owner->PathOf());
  out = AttributeAt(resource, path);
  out.origin.clear();
  out.note = AbsentReason(*owner, at, owner->Binding(at).entry);
  const bool fallback = instance.Field(slot).fallback != kNone;
  out.kind = fallback ? ReadFrom::Kind::kDefault : ReadFrom::Kind::kAbsent;
  return out;
}

bool ReadFinder::FromField(Instance& instance, std::uint32_t slot,
                           std::span<const cel::TraceLink> rest, const cel::TraceStep& step,
                           ExplainedStep& out) {
  const Image& image = instance.image().image;
  const bool list = image.At<TypeDef>(instance.Field(slot).type).kind == FieldKind::kList;
  const bool indexed = list && !rest.empty() && rest.front().name.empty();
  const Trail& trail = instance.Trace(slot, indexed);
  if (trail.found == Found::kAbsent || trail.hits.empty()) {
    // Of an unknown without a place the cause says all.
    if (trail.found != Found::kUnknown) out.reads.push_back(NotSet(instance, slot));
    return false;
  }
  std::span<const Hit> hits = trail.hits;
  if (indexed) {
    const std::int64_t at = rest.front().index;
    if (at < 0 || static_cast<std::size_t>(at) >= hits.size()) return false;
    hits = hits.subspan(static_cast<std::size_t>(at), 1);
    rest = rest.subspan(1);
  }
  bool secret = false;
  for (const Hit& hit : hits) {
    if (hit.resource == nullptr) {
      ReadFrom constant;
      constant.kind = ReadFrom::Kind::kConstant;
      out.reads.push_back(std::move(constant));
      continue;
    }
    model::Path path = ToPath(hit.path);
    Extend(*hit.resource, rest, path);
    secret = Add(*hit.resource, std::move(path), step, out) || secret;
  }
  return secret;
}

void ReadFinder::Index(const model::Resource& resource) {
  struct Item {
    const Value* value;
    const PathNode* path;
  };
  std::vector<Item> stack{{&resource.attributes, nullptr}};
  while (!stack.empty()) {
    const Item item = stack.back();
    stack.pop_back();
    places_.try_emplace(item.value, Place{&resource, item.path});
    std::int64_t index = 0;
    for (const Value& v : item.value->items()) {
      const std::int64_t at = index++;
      if (v.is_sequence() || v.is_mapping())
        stack.push_back({&v, run_.Append(item.path, {{}, at})});
    }
    for (const Member& m : item.value->members()) {
      if (m.value.is_sequence() || m.value.is_mapping())
        stack.push_back({&m.value, run_.Append(item.path, {m.key, -1})});
    }
  }
}

std::optional<Place> ReadFinder::Lookup(const Value& collection) {
  if (places_.empty()) Index(run_.current());
  auto found = places_.find(&collection);
  if (found == places_.end() && !indexed_all_) {
    indexed_all_ = true;
    for (const model::Resource& r : run_.graph()) Index(r);
    found = places_.find(&collection);
  }
  return found == places_.end() ? std::nullopt : std::optional(found->second);
}

// The innermost value on the way that stands in a resource.
bool ReadFinder::FromData(const cel::TraceStep& step, ExplainedStep& out) {
  for (std::size_t i = step.links.size(); i-- > 0;) {
    const cel::Val& operand = step.links[i].operand;
    if (operand.tag() != cel::Tag::kData) continue;
    const auto place = Lookup(operand.as_data());
    if (!place) return false;
    model::Path path = ToPath(place->path);
    Extend(*place->resource, std::span(step.links).subspan(i), path);
    return Add(*place->resource, std::move(path), step, out);
  }
  return false;
}

std::optional<ReadFrom> ReadFinder::PlaceOf(cel::Val value) {
  if (Instance* instance = AsInstance(value)) {
    return AttributeAt(instance->resource(), ToPath(instance->PathOf()));
  }
  if (value.tag() != cel::Tag::kData) return std::nullopt;
  const auto place = Lookup(value.as_data());
  if (!place) return std::nullopt;
  return AttributeAt(*place->resource, ToPath(place->path));
}

bool ReadFinder::Find(const cel::TraceStep& step, ExplainedStep& out) {
  for (std::size_t i = step.links.size(); i-- > 0;) {
    const cel::TraceLink& link = step.links[i];
    Instance* instance = AsInstance(link.operand);
    if (instance == nullptr || link.name.empty()) continue;
    const auto slot = instance->SlotOf(link.name);
    if (!slot) return false;
    return FromField(*instance, *slot, std::span(step.links).subspan(i + 1), step, out);
  }
  return FromData(step, out);
}

}  // namespace plumbline::engine
