// Entries at work: where a model's field is found in resources.
//
// Results are hits on `RunState::hits`. In tracing mode hits also carry their paths; evaluation
// does without, and asks again when a rule has failed (findings are few, values are many).
#pragma once

#include <cstdint>
#include <optional>

#include "engine/run_state.h"

namespace plumbline::engine {

/// Where the entries of one record start from.
struct Scope {
  const model::Resource* resource = nullptr;
  const Value* value = nullptr;    // what paths are relative to
  const Value* whole = nullptr;    // the resource's attributes: `parent`
  const PathNode* path = nullptr;  // of `value`; tracing mode only
  bool trace = false;
};

/// What a field wants: one scalar (block lists are entered), the value as it is, or everything.
enum class Want : std::uint8_t { kScalar, kWhole, kAll };

enum class Found : std::uint8_t { kAbsent, kFound, kUnknown };

class Resolver {
 public:
  Resolver(RunState& run, ImageState& image, const Scope& scope, Want want)
      : run_(run), image_(image), scope_(scope), want_(want) {}

  /// Pushes the hits of an entry. When unknown, `unknown()` says why, and the unknown's own place
  /// (when it has one) is the last hit.
  Found Resolve(std::uint32_t entry);
  const UnknownInfo* unknown() const { return unknown_; }

  /// Where the attribute would stand: for an absent field. Null resource when nothing can be said.
  Hit Expected(std::uint32_t entry);

  /// Pushes what a path leads to, starting anywhere.
  void Walk(const Hit& from, std::span<const StepDef> path);

 private:
  Found Judge(std::size_t mark);
  Found First(const EntryDef& entry);
  Found Concat(const EntryDef& entry);
  Found Satellite(std::uint32_t index, const EntryDef& entry);
  Found Target(const EntryDef& entry);
  Found Computed(const EntryDef& entry);
  void Map(const EntryDef& entry, std::size_t mark);
  const Value* KeyOf(const EntryDef& entry);
  void FindSatellites(std::uint32_t index, const EntryDef& entry,
                      std::vector<const model::Resource*>& out);
  const UnknownInfo* FindTargets(const EntryDef& entry, std::vector<const model::Resource*>& out);
  Hit ExpectedAmong(const EntryDef& entry);
  Hit Start(const model::Resource& resource) const {
    return {&resource, &resource.attributes, nullptr};
  }
  Hit ScopeHit() const { return {scope_.resource, scope_.value, scope_.path}; }

  RunState& run_;
  ImageState& image_;
  const Scope& scope_;
  Want want_;
  const UnknownInfo* unknown_ = nullptr;
  bool uncertain_ = false;  // unknown only because a satellite's owner is
};

/// Replaces sequences among the hits above `mark` by their elements (nulls dropped): the elements
/// of a list field.
void ExpandHits(RunState& run, std::size_t mark, bool trace);

/// How many steps of a path exist below `value`; block lists are entered.
std::size_t ExistingDepth(const Image& image, const Value* value, std::span<const StepDef> path);

}  // namespace plumbline::engine
