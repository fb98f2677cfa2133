#include "engine/locate.h"

#include <algorithm>
#include <vector>

namespace plumbline::engine {
namespace {

// The attribute in one of a field's hits; what lies deeper is addressed in the raw value.
Place PlaceOf(const Hit& hit) { return {hit.resource, hit.path}; }

}  // namespace

const Value* ValueAt(const Value& root, const model::Path& path) {
  const Value* value = &root;
  for (const model::PathStep& s : path) {
    if (s.is_index()) {
      const auto items = value->items();
      if (static_cast<std::size_t>(s.index) >= items.size()) return nullptr;
      value = &items[static_cast<std::size_t>(s.index)];
    } else {
      value = value->Find(s.key);
      if (value == nullptr) return nullptr;
    }
  }
  return value;
}

Place Locator::InValue(Place from, const Value* value, std::span<const model::PathStep> path) {
  for (const model::PathStep& s : path) {
    const std::string_view key = s.key;
    if (s.index < 0 && value != nullptr && value->is_sequence()) {
      // A block list: the first block that has the attribute, else the first.
      std::size_t index = 0;
      const auto items = value->items();
      for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i].Find(key) != nullptr) {
          index = i;
          break;
        }
      }
      from.path = run_.Append(from.path, {{}, static_cast<std::int64_t>(index)});
      value = items.empty() ? nullptr : &items[index];
    }
    from.path = run_.Append(from.path, {key, s.index});
    if (value == nullptr) continue;
    if (s.index < 0) {
      value = value->Find(key);
    } else {
      const auto items = value->items();
      value = static_cast<std::size_t>(s.index) < items.size()
                  ? &items[static_cast<std::size_t>(s.index)]
                  : nullptr;
    }
  }
  return from;
}

Place Locator::InField(Instance& instance, std::uint32_t slot,
                       std::span<const model::PathStep> rest) {
  const Image& image = instance.image().image;
  const TypeDef& type = image.At<TypeDef>(instance.Field(slot).type);
  const bool list = type.kind == FieldKind::kList;
  const bool indexed = list && !rest.empty() && rest.front().index >= 0;
  // A list of texts is one attribute; a list of objects is many blocks, of which the first is
  // meant.
  const bool blocks = list && image.At<TypeDef>(type.element).kind == FieldKind::kObject;
  const Trail& trail = instance.Trace(slot, indexed || blocks);
  if (trail.found == Found::kAbsent || trail.hits.empty()) {
    const Hit expected = instance.Expected(slot);
    return expected.resource != nullptr ? PlaceOf(expected)
                                        : Place{&instance.resource(), instance.PathOf()};
  }
  std::size_t index = 0;
  if (indexed) {
    index = static_cast<std::size_t>(rest.front().index);
    rest = rest.subspan(1);
    if (index >= trail.hits.size()) index = 0;
  }
  const Hit hit = trail.hits[index];
  if (hit.resource == nullptr) return {&instance.resource(), instance.PathOf()};  // a constant
  cel::Val nested =
      rest.empty() || trail.found == Found::kUnknown ? cel::Val() : instance.Get(slot);
  if (nested.tag() == cel::Tag::kList && index < nested.as_list().size())
    nested = nested.as_list()[index];
  if (nested.tag() == cel::Tag::kRecord) {
    return InRecord(*static_cast<Instance*>(nested.as_record()), rest);
  }
  return InValue(PlaceOf(hit), hit.value, rest);
}

Place Locator::InRecord(Instance& instance, std::span<const model::PathStep> path) {
  if (path.empty()) return {&instance.resource(), instance.PathOf()};
  const auto slot = path.front().index < 0 ? instance.SlotOf(path.front().key) : std::nullopt;
  if (!slot) return {&instance.resource(), instance.PathOf()};
  return InField(instance, *slot, path.subspan(1));
}

bool Locator::IsElement(const Value& value) const {
  const cel::Val& e = element_.value;
  if (e.tag() == cel::Tag::kData) return &e.as_data() == &value;
  if (e.is_unknown()) return value.is_unknown() && value.unknown() == e.as_unknown();
  return RawEqual(cel::ToValue(e, run_.scratch()), value);
}

// The element among those of the list that `each` is, or begins with: by number when nothing was
// filtered, else by identity.
Place Locator::ElementInList(const AtDef& list) {
  const auto path = Steps(list.path);
  if (list.root == AtDef::kSelf && subject_.instance != nullptr && path.size() == 1) {
    const auto slot = subject_.instance->SlotOf(path[0].key);
    const auto hits = slot ? subject_.instance->Trace(*slot).hits : std::span<const Hit>();
    if (rule_.each_exact != 0 && element_.index < hits.size()) return PlaceOf(hits[element_.index]);
    const auto hit = std::ranges::find_if(hits, [&](const Hit& h) { return IsElement(*h.value); });
    return hit != hits.end() ? PlaceOf(*hit) : Place();
  }
  const Place place = At(list);
  if (place.resource == nullptr) return {};
  const Value* value = ValueAt(place.resource->attributes, ToPath(place.path));
  if (value == nullptr) return {};
  if (value->is_mapping() && element_.value.tag() == cel::Tag::kString) {
    return {place.resource, run_.Append(place.path, {element_.value.as_string(), -1})};
  }
  const auto items = value->items();
  std::size_t index = element_.index;
  if (rule_.each_exact == 0 || index >= items.size()) {
    const auto item = std::ranges::find_if(items, [&](const Value& v) { return IsElement(v); });
    if (item == items.end()) return {};
    index = static_cast<std::size_t>(item - items.begin());
  }
  return {place.resource, run_.Append(place.path, {{}, static_cast<std::int64_t>(index)})};
}

// Finds a value by its identity in a resource's attributes: for elements that an expression picked
// out of data.
Place Locator::Search(const model::Resource& resource, const void* wanted) {
  struct Item {
    const Value* value;
    const PathNode* path;
  };
  std::vector<Item> stack{{&resource.attributes, nullptr}};
  while (!stack.empty()) {
    const Item item = stack.back();
    stack.pop_back();
    if (item.value == wanted) return {&resource, item.path};
    std::int64_t index = 0;
    for (const Value& v : item.value->items()) {
      const std::int64_t at = index++;
      if (!v.items().empty() || !v.members().empty() || &v == wanted) {
        stack.push_back({&v, run_.Append(item.path, {{}, at})});
      }
    }
    for (const Member& m : item.value->members()) {
      if (!m.value.items().empty() || !m.value.members().empty() || &m.value == wanted) {
        stack.push_back({&m.value, run_.Append(item.path, {m.key, -1})});
      }
    }
  }
  return {};
}

Place Locator::OfElement() {
  if (element_.value.tag() == cel::Tag::kRecord) {
    Instance& instance = *static_cast<Instance*>(element_.value.as_record());
    return {&instance.resource(), instance.PathOf()};
  }
  const bool listed = rule_.each_path != kNone;
  Place place;
  if (listed) place = ElementInList(image_.image.At<AtDef>(rule_.each_path));
  if (place.resource == nullptr && element_.value.tag() == cel::Tag::kData) {
    place = Search(*subject_.resource, &element_.value.as_data());
  }
  if (place.resource == nullptr && listed) place = At(image_.image.At<AtDef>(rule_.each_path));
  return place.resource == nullptr ? OfSubject() : place;
}

std::vector<model::PathStep> Locator::Steps(PathDef path) const {
  std::vector<model::PathStep> out;
  for (const StepDef& s : image_.image.Get(path)) {
    // `[it]`: the element is the key.
    const bool by_element = s.index == kElementStep && element_.value.tag() == cel::Tag::kString;
    out.push_back({by_element ? element_.value.as_string() : image_.image.Text(s.key),
                   std::max(s.index, -1)});
  }
  return out;
}

Place Locator::At(const AtDef& at) {
  const auto path = Steps(at.path);
  switch (at.root) {
    case AtDef::kRaw:
      return InValue(OfSubject(), subject_.raw, path);
    case AtDef::kSelf:
      if (subject_.instance != nullptr) return InRecord(*subject_.instance, path);
      return InValue(OfSubject(), subject_.raw, path);
    case AtDef::kElement:
      break;
  }
  if (!element_.present) return OfSubject();
  if (element_.value.tag() == cel::Tag::kRecord && !path.empty()) {
    return InRecord(*static_cast<Instance*>(element_.value.as_record()), path);
  }
  const Place place = OfElement();
  if (path.empty() || place.resource == nullptr) return place;
  return InValue(place, ValueAt(place.resource->attributes, ToPath(place.path)), path);
}

void Locator::Locate(model::Path& path, Span& span, bool& exact, const model::Resource*& located) {
  std::vector<Place> places;
  for (const AtDef& at : image_.image.Get(rule_.at)) places.push_back(At(at));
  if (places.empty()) places.push_back(element_.present ? OfElement() : OfSubject());
  for (std::size_t i = 0; i < places.size(); ++i) {
    const model::Resource& resource = *places[i].resource;
    const model::Path found = ToPath(places[i].path);
    model::Located at{resource.header, false};
    if (resource.source != nullptr) at = resource.source->Locate(resource, found);
    if (i > 0 && !at.exact) continue;
    path = found;
    span = at.span;
    exact = at.exact;
    located = &resource;
    if (exact) return;
  }
}

}  // namespace plumbline::engine
