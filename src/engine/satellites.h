// Which resources of a type belong to which resource: an index over one attribute ("via") of the
// satellites' type.
//
// A satellite names its owner by a reference (`bucket = aws_s3_bucket.b.id`), by an unknown value
// that is made of the owner's attributes (through a module's output, say), or by the same known
// text as the owner has in its key attribute. Made once a run and type, so that finding satellites
// costs the same for the first and the ten-thousandth resource.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/image.h"
#include "model/resource.h"

namespace plumbline::engine {

class SatelliteIndex {
 public:
  SatelliteIndex(const model::ResourceGraph& graph, const Image& image, const TypePattern& pattern,
                 std::span<const StepDef> via);

  /// Satellites of `owner` in the graph's order. `key`: the owner's value that satellites may name
  /// it by; null when there is none. An unknown key names what hangs on the very same unknown.
  void Find(const model::Resource& owner, const Value* key,
            std::vector<const model::Resource*>& out) const;

  /// A satellite whose owner cannot be known: while there is one, "has no satellite" is not
  /// certain. Null when there is none that `key` could name. A variable's value is no guess at a
  /// name that is written here, or at one that the provider makes up.
  const UnknownInfo* Floating(const Value* key, bool has_key) const;

 private:
  void Add(const model::ResourceGraph& graph, const model::Resource& satellite,
           std::span<const std::string_view> via);

  std::unordered_map<std::uint32_t, std::vector<const model::Resource*>> by_owner_;
  std::unordered_map<std::string_view, std::vector<const model::Resource*>> by_key_;
  // The types of the resources that a satellite refers to: it belongs to those, whatever others
  // of the same type bear the same name.
  std::unordered_map<const model::Resource*, std::vector<std::string_view>> owner_types_;
  std::unordered_map<std::string_view,
                     std::vector<std::pair<const model::Resource*, const UnknownInfo*>>>
      by_cause_;
  const UnknownInfo* floating_ = nullptr;            // hangs on a variable
  const UnknownInfo* floating_elsewhere_ = nullptr;  // on anything else
};

/// True when `attribute` (a reference's dotted path) is `via` or lies below it.
bool IsAtOrBelow(std::string_view attribute, std::span<const std::string_view> via);

}  // namespace plumbline::engine
