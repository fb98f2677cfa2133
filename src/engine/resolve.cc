#include "engine/resolve.h"

#include <algorithm>

#include "engine/type_pattern.h"
#include "value/number.h"

namespace plumbline::engine {
namespace {

// The text by which `map:` knows a value; nothing for collections.
std::optional<std::string> MapText(const Value& value) {
  if (value.is_string()) return std::string(value.as_string());
  if (value.is_bool()) return value.as_bool() ? "true" : "false";
  if (value.is_number()) return FormatNumber(value);
  return std::nullopt;
}

const UnknownInfo* ComputeError(RunState& run, std::string_view message) {
  Cause cause;
  cause.text = run.scratch().CopyString("error in the model: " + std::string(message));
  UnknownInfo info;
  info.cause = run.scratch().New<Cause>(cause);
  return run.scratch().New<UnknownInfo>(info);
}

}  // namespace

void ExpandHits(RunState& run, std::size_t mark, bool trace) {
  bool needed = false;
  for (std::size_t i = mark; i < run.hits.size(); ++i)
    needed = needed || run.hits[i].value->is_sequence();
  if (!needed) return;
  const std::vector<Hit> old(run.hits.begin() + static_cast<std::ptrdiff_t>(mark), run.hits.end());
  run.hits.resize(mark);
  for (const Hit& h : old) {
    if (!h.value->is_sequence()) {
      run.hits.push_back(h);
      continue;
    }
    std::int64_t index = 0;
    for (const Value& item : h.value->items()) {
      const std::int64_t at = index++;
      if (item.is_null()) continue;
      run.hits.push_back({h.resource, &item, trace ? run.Append(h.path, {{}, at}) : nullptr});
    }
  }
}

std::size_t ExistingDepth(const Image& image, const Value* value, std::span<const StepDef> path) {
  std::size_t depth = 0;
  for (const StepDef& s : path) {
    while (value != nullptr && value->is_sequence() && s.index < 0) {
      value = value->items().empty() ? nullptr : &value->items().front();
    }
    if (value == nullptr) break;
    if (s.index >= 0) {
      const auto items = value->items();
      value = static_cast<std::size_t>(s.index) < items.size()
                  ? &items[static_cast<std::size_t>(s.index)]
                  : nullptr;
    } else {
      value = value->Find(image.Text(s.key));
    }
    if (value == nullptr || value->is_null()) break;
    ++depth;
  }
  return depth;
}

void Resolver::Walk(const Hit& from, std::span<const StepDef> path) {
  if (from.value == nullptr || from.value->is_null()) return;
  const Value& value = *from.value;
  if (value.is_unknown()) {
    run_.hits.push_back(from);
    return;
  }
  const bool key = !path.empty() && path.front().index < 0;
  if (value.is_sequence() && (key || (path.empty() && want_ == Want::kScalar))) {
    const std::size_t mark = run_.hits.size();
    std::int64_t index = 0;
    for (const Value& item : value.items()) {
      Walk({from.resource, &item, scope_.trace ? run_.Append(from.path, {{}, index}) : nullptr},
           path);
      ++index;
      if (want_ != Want::kAll && run_.hits.size() > mark) return;
    }
    return;
  }
  if (path.empty()) {
    run_.hits.push_back(from);
    return;
  }
  const StepDef& step = path.front();
  const Value* next = nullptr;
  model::PathStep taken;
  if (key) {
    taken.key = image_.image.Text(step.key);
    next = value.Find(taken.key);
  } else {
    taken.index = step.index;
    const auto items = value.items();
    if (static_cast<std::size_t>(step.index) < items.size())
      next = &items[static_cast<std::size_t>(step.index)];
  }
  if (next == nullptr) return;
  Walk({from.resource, next, scope_.trace ? run_.Append(from.path, taken) : nullptr},
       path.subspan(1));
}

// What the hits above `mark` amount to.
Found Resolver::Judge(std::size_t mark) {
  if (run_.hits.size() == mark) return Found::kAbsent;
  if (want_ != Want::kAll) {
    run_.hits.resize(mark + 1);
    const Value& value = *run_.hits[mark].value;
    if (!value.is_unknown()) return Found::kFound;
    unknown_ = value.unknown();
    return Found::kUnknown;
  }
  const UnknownInfo* unknown = nullptr;
  for (std::size_t i = mark; i < run_.hits.size(); ++i) {
    if (!run_.hits[i].value->is_unknown()) return Found::kFound;
    if (unknown == nullptr) unknown = run_.hits[i].value->unknown();
  }
  unknown_ = unknown;
  return Found::kUnknown;
}

void Resolver::Map(const EntryDef& entry, std::size_t mark) {
  if (want_ == Want::kAll) ExpandHits(run_, mark, scope_.trace);
  for (std::size_t i = mark; i < run_.hits.size(); ++i) {
    Hit& hit = run_.hits[i];
    if (hit.value->is_unknown()) continue;
    const auto text = MapText(*hit.value);
    if (!text) continue;
    std::uint32_t constant = entry.otherwise;
    for (const MemberDef& m : image_.image.Get(entry.map)) {
      if (image_.image.Text(m.key) == *text) constant = m.constant;
    }
    if (constant != kNone) hit.value = run_.Constant(image_, constant);
  }
}

Found Resolver::First(const EntryDef& entry) {
  const UnknownInfo* uncertain = nullptr;
  const std::size_t mark = run_.hits.size();
  bool empty = false;  // found, but an empty list: a later alternative may have more
  Hit empty_hit;
  for (std::uint32_t child : image_.image.Get(entry.children)) {
    const Found found = Resolve(child);
    if (found == Found::kFound) {
      const Hit& hit = run_.hits[mark];
      const bool nothing = want_ == Want::kAll && run_.hits.size() == mark + 1 &&
                           hit.value->is_sequence() && hit.value->items().empty();
      if (!nothing) return found;
      empty = true;
      empty_hit = hit;
    } else if (found == Found::kUnknown && !uncertain_) {
      return found;
    } else if (found == Found::kUnknown) {
      uncertain = unknown_;
    }
    uncertain_ = false;
    run_.hits.resize(mark);
  }
  if (uncertain != nullptr) {
    unknown_ = uncertain;
    uncertain_ = true;
    return Found::kUnknown;
  }
  if (!empty) return Found::kAbsent;
  run_.hits.push_back(empty_hit);
  return Found::kFound;
}

Found Resolver::Concat(const EntryDef& entry) {
  const std::size_t mark = run_.hits.size();
  const Want want = want_;
  want_ = Want::kAll;
  for (std::uint32_t child : image_.image.Get(entry.children)) {
    const std::size_t before = run_.hits.size();
    if (Resolve(child) == Found::kUnknown && run_.hits.size() == before) {
      const Value* value = run_.scratch().New<Value>(Value::Unknown(unknown_));
      run_.hits.push_back({scope_.resource, value, scope_.path});
    }
    uncertain_ = false;
  }
  ExpandHits(run_, mark, scope_.trace);
  const Found found = Judge(mark);
  want_ = want;
  return found;
}

// The value by which satellites may name this resource.
const Value* Resolver::KeyOf(const EntryDef& entry) {
  if (entry.has_key == 0) return nullptr;
  const std::size_t mark = run_.hits.size();
  const Want want = want_;
  want_ = Want::kScalar;
  Walk(Start(*scope_.resource), image_.image.Get(entry.key));
  want_ = want;
  const Value* key = run_.hits.size() > mark ? run_.hits[mark].value : nullptr;
  run_.hits.resize(mark);
  return key;
}

void Resolver::FindSatellites(std::uint32_t index, const EntryDef& entry,
                              std::vector<const model::Resource*>& out) {
  run_.Satellites(image_, index).Find(*scope_.resource, KeyOf(entry), out);
}

Found Resolver::Satellite(std::uint32_t index, const EntryDef& entry) {
  std::vector<const model::Resource*> satellites;
  FindSatellites(index, entry, satellites);
  if (satellites.empty()) {
    unknown_ = run_.Satellites(image_, index).Floating(KeyOf(entry), entry.has_key != 0);
    uncertain_ = unknown_ != nullptr;
    return uncertain_ ? Found::kUnknown : Found::kAbsent;
  }
  const std::size_t mark = run_.hits.size();
  for (const model::Resource* s : satellites) {
    Walk(Start(*s), image_.image.Get(entry.path));
    if (want_ != Want::kAll && run_.hits.size() > mark) break;
  }
  if (entry.has_map != 0) Map(entry, mark);
  return Judge(mark);
}

// Returns the unknown that hides a target, when no target is found.
const UnknownInfo* Resolver::FindTargets(const EntryDef& entry,
                                         std::vector<const model::Resource*>& out) {
  const TypePattern& pattern = image_.image.At<TypePattern>(entry.pattern);
  const std::size_t mark = run_.hits.size();
  const Want want = want_;
  want_ = Want::kAll;
  Walk(ScopeHit(), image_.image.Get(entry.via));
  want_ = want;
  ExpandHits(run_, mark, false);
  auto add = [&](const model::Resource& r) {
    if (Matches(image_.image, pattern, r) && std::find(out.begin(), out.end(), &r) == out.end())
      out.push_back(&r);
  };
  const UnknownInfo* hidden = nullptr;
  bool any = false;
  for (std::size_t i = mark; i < run_.hits.size(); ++i) {
    any = true;
    const Value& value = *run_.hits[i].value;
    if (!value.is_unknown()) continue;
    bool all_found = !value.unknown()->refs.empty();
    for (const ResourceRef& ref : value.unknown()->refs) {
      const model::Resource* target = run_.graph().FindAddress(ref.address);
      if (target != nullptr) add(*target);
      all_found = all_found && target != nullptr;
    }
    if (!all_found) hidden = value.unknown();
  }
  run_.hits.resize(mark);
  if (!any || !out.empty()) return nullptr;
  // A known value may still have been written as a reference (`bucket = aws_s3_bucket.b.bucket`).
  std::vector<std::string_view> via;
  for (const StepDef& s : image_.image.Get(entry.via)) {
    if (s.index < 0) via.push_back(image_.image.Text(s.key));
  }
  for (const model::Reference& r : scope_.resource->references) {
    std::string_view attribute = r.attribute;
    // Inside of a block the reference's path begins with the block's.
    while (!via.empty() && !IsAtOrBelow(attribute, via)) {
      const std::size_t dot = attribute.find('.');
      attribute = dot == std::string_view::npos ? std::string_view() : attribute.substr(dot + 1);
      if (attribute.empty()) break;
    }
    if (!attribute.empty()) add(run_.graph().at(r.target));
  }
  return out.empty() ? hidden : nullptr;
}

Found Resolver::Target(const EntryDef& entry) {
  std::vector<const model::Resource*> targets;
  unknown_ = FindTargets(entry, targets);
  if (unknown_ != nullptr) return Found::kUnknown;
  const std::size_t mark = run_.hits.size();
  for (const model::Resource* t : targets) {
    Walk(Start(*t), image_.image.Get(entry.path));
    if (want_ != Want::kAll && run_.hits.size() > mark) break;
  }
  if (entry.has_map != 0) Map(entry, mark);
  return Judge(mark);
}

Found Resolver::Computed(const EntryDef& entry) {
  std::array<cel::Val, kVariableCount> variables;
  run_.FillVariables(variables);
  variables[kRawSlot] = cel::Val::FromValue(scope_.value);
  variables[kParentSlot] = cel::Val::FromValue(scope_.whole);
  const cel::Val result = run_.Evaluate(image_, entry.expression, variables);
  if (result.is_unknown() || result.is_error()) {
    unknown_ = result.is_unknown() ? result.as_unknown() : ComputeError(run_, result.as_error());
    return Found::kUnknown;
  }
  if (result.is_null()) return Found::kAbsent;
  // Data keeps its identity, so that it is still known where it stands.
  const Value* value = result.tag() == cel::Tag::kData
                           ? &result.as_data()
                           : run_.scratch().New<Value>(cel::ToValue(result, run_.scratch()));
  const PathNode* path = scope_.path;
  if (scope_.trace) {
    for (const StepDef& s : image_.image.Get(entry.path)) {
      path = run_.Append(path, {image_.image.Text(s.key), s.index});
    }
  }
  const std::size_t mark = run_.hits.size();
  if (want_ == Want::kScalar && value->is_sequence()) {
    Walk({scope_.resource, value, path}, {});
  } else {
    run_.hits.push_back({scope_.resource, value, path});
  }
  return Judge(mark);
}

Found Resolver::Resolve(std::uint32_t index) {
  const EntryDef& entry = image_.image.At<EntryDef>(index);
  const std::size_t mark = run_.hits.size();
  switch (entry.kind) {
    case EntryKind::kPath:
      Walk(ScopeHit(), image_.image.Get(entry.path));
      if (entry.has_map != 0) Map(entry, mark);
      return Judge(mark);
    case EntryKind::kFirst:
      return First(entry);
    case EntryKind::kConcat:
      return Concat(entry);
    case EntryKind::kValue:
      run_.hits.push_back({nullptr, run_.Constant(image_, entry.constant), nullptr});
      return run_.hits.back().value->is_null() ? (run_.hits.pop_back(), Found::kAbsent)
                                               : Found::kFound;
    case EntryKind::kSatellite:
      return Satellite(index, entry);
    case EntryKind::kTarget:
      return Target(entry);
    case EntryKind::kCel:
      return Computed(entry);
  }
  return Found::kAbsent;
}

Hit Resolver::ExpectedAmong(const EntryDef& entry) {
  Hit best;
  std::size_t best_depth = 0;
  for (std::uint32_t child : image_.image.Get(entry.children)) {
    const Hit hit = Expected(child);
    if (hit.resource == nullptr) continue;
    // A satellite that exists is where the attribute belongs.
    if (hit.resource != scope_.resource) return hit;
    const EntryDef& c = image_.image.At<EntryDef>(child);
    const std::size_t depth = c.kind == EntryKind::kPath ? ExistingDepth(image_.image, scope_.value,
                                                                         image_.image.Get(c.path))
                                                         : 0;
    if (best.resource == nullptr || depth > best_depth) {
      best = hit;
      best_depth = depth;
    }
  }
  return best;
}

Hit Resolver::Expected(std::uint32_t index) {
  const EntryDef& entry = image_.image.At<EntryDef>(index);
  auto below = [&](Hit from, PathDef path) {
    for (const StepDef& s : image_.image.Get(path)) {
      // Inside of a block list the attribute belongs to its first block.
      if (from.value != nullptr && from.value->is_sequence() && s.index < 0) {
        from.path = run_.Append(from.path, {{}, 0});
        from.value = from.value->items().empty() ? nullptr : &from.value->items().front();
      }
      const std::string_view key = image_.image.Text(s.key);
      from.path = run_.Append(from.path, {key, s.index});
      from.value = from.value == nullptr || s.index >= 0 ? nullptr : from.value->Find(key);
    }
    return from;
  };
  std::vector<const model::Resource*> found;
  switch (entry.kind) {
    case EntryKind::kPath:
    case EntryKind::kCel:
      return below(ScopeHit(), entry.path);
    case EntryKind::kFirst:
    case EntryKind::kConcat:
      return ExpectedAmong(entry);
    case EntryKind::kValue:
      return {};
    case EntryKind::kSatellite:
      FindSatellites(index, entry, found);
      break;
    case EntryKind::kTarget:
      FindTargets(entry, found);
      if (found.empty()) return below(ScopeHit(), entry.via);
      break;
  }
  return found.empty() ? Hit() : below(Start(*found.front()), entry.path);
}

}  // namespace plumbline::engine
