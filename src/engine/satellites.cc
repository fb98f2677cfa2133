#include "engine/satellites.h"

#include <algorithm>

#include "engine/type_pattern.h"

namespace plumbline::engine {
namespace {

// Every scalar at `via`, entering block lists.
void Collect(const Value& value, std::span<const std::string_view> via,
             std::vector<const Value*>& out) {
  if (value.is_sequence()) {
    for (const Value& item : value.items()) Collect(item, via, out);
  } else if (value.is_unknown() || via.empty()) {
    if (!value.is_null()) out.push_back(&value);
  } else if (const Value* member = value.Find(via.front())) {
    Collect(*member, via.subspan(1), out);
  }
}

std::string_view CauseOf(const UnknownInfo& info) {
  return info.cause == nullptr ? std::string_view() : info.cause->text;
}

// The same variable in the same template, not just the same variable somewhere in it.
bool SameText(const UnknownInfo& a, const UnknownInfo& b) {
  if (CauseOf(a) != CauseOf(b) || a.prefix != b.prefix || a.parts.size() != b.parts.size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.parts.size(); ++i) {
    const Value &x = a.parts[i], &y = b.parts[i];
    if (x.is_unknown() != y.is_unknown()) return false;
    if (x.is_unknown() ? CauseOf(*x.unknown()) != CauseOf(*y.unknown()) : !RawEqual(x, y)) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool IsAtOrBelow(std::string_view attribute, std::span<const std::string_view> via) {
  for (std::string_view step : via) {
    if (!attribute.starts_with(step)) return false;
    attribute.remove_prefix(step.size());
    if (attribute.empty()) return step.data() == via.back().data();
    if (attribute[0] != '.') return false;
    attribute.remove_prefix(1);
  }
  return true;
}

SatelliteIndex::SatelliteIndex(const model::ResourceGraph& graph, const Image& image,
                               const TypePattern& pattern, std::span<const StepDef> via) {
  std::vector<std::string_view> keys;
  for (const StepDef& s : via) {
    if (s.index < 0) keys.push_back(image.Text(s.key));
  }
  for (const model::Resource& r : graph) {
    if (Matches(image, pattern, r)) Add(graph, r, keys);
  }
}

void SatelliteIndex::Add(const model::ResourceGraph& graph, const model::Resource& satellite,
                         std::span<const std::string_view> via) {
  std::vector<std::uint32_t> owners;
  auto own = [&](std::uint32_t id) {
    if (std::find(owners.begin(), owners.end(), id) == owners.end()) owners.push_back(id);
  };
  for (const model::Reference& r : satellite.references) {
    if (IsAtOrBelow(r.attribute, via)) own(r.target);
  }
  std::vector<const Value*> values;
  Collect(satellite.attributes, via, values);
  bool named = false;
  const UnknownInfo* unknown = nullptr;
  for (const Value* v : values) {
    if (v->is_string()) {
      by_key_[v->as_string()].push_back(&satellite);
      named = true;
    } else if (v->is_unknown()) {
      for (const ResourceRef& ref : v->unknown()->refs) {
        if (const model::Resource* target = graph.FindAddress(ref.address)) own(target->id);
      }
      unknown = v->unknown();
    }
  }
  for (std::uint32_t id : owners) {
    by_owner_[id].push_back(&satellite);
    owner_types_[&satellite].push_back(graph.at(id).type);
  }
  if (!owners.empty() || named || unknown == nullptr) return;
  const std::string_view cause = CauseOf(*unknown);
  if (!cause.empty()) by_cause_[cause].push_back({&satellite, unknown});
  const UnknownInfo*& slot = cause.starts_with("var.") ? floating_ : floating_elsewhere_;
  if (slot == nullptr) slot = unknown;
}

void SatelliteIndex::Find(const model::Resource& owner, const Value* key,
                          std::vector<const model::Resource*>& out) const {
  const auto mark = static_cast<std::ptrdiff_t>(out.size());
  auto add = [&](const std::vector<const model::Resource*>& found) {
    for (const model::Resource* r : found) {
      // Objects of different namespaces have nothing to do with each other.
      const bool apart = !r->ns.empty() && !owner.ns.empty() && r->ns != owner.ns;
      if (!apart && r != &owner) out.push_back(r);
    }
  };
  if (auto it = by_owner_.find(owner.id); it != by_owner_.end()) add(it->second);
  const bool text = key != nullptr && key->is_string() && !key->as_string().empty();
  if (auto it = by_key_.find(text ? key->as_string() : ""); text && it != by_key_.end()) {
    std::vector<const model::Resource*> named;
    for (const model::Resource* r : it->second) {
      const auto types = owner_types_.find(r);
      const bool owned =
          types != owner_types_.end() &&
          std::find(types->second.begin(), types->second.end(), owner.type) != types->second.end();
      if (!owned) named.push_back(r);
    }
    add(named);
  }
  if (key != nullptr && key->is_unknown()) {
    const UnknownInfo& wanted = *key->unknown();
    if (auto it = by_cause_.find(CauseOf(wanted)); it != by_cause_.end()) {
      for (const auto& [satellite, unknown] : it->second) {
        if (SameText(wanted, *unknown)) add({satellite});
      }
    }
  }
  std::sort(out.begin() + mark, out.end(),
            [](const auto* a, const auto* b) { return a->id < b->id; });
  out.erase(std::unique(out.begin() + mark, out.end()), out.end());
}

const UnknownInfo* SatelliteIndex::Floating(const Value* key, bool has_key) const {
  if (floating_elsewhere_ != nullptr) return floating_elsewhere_;
  return !has_key || (key != nullptr && key->is_unknown()) ? floating_ : nullptr;
}

}  // namespace plumbline::engine
