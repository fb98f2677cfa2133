// What one run over one project keeps: memory, constants and types of the images, indices of
// satellites, caches of functions.
//
// Two arenas: `persistent` for what serves the whole run, `scratch` for what serves one resource
// (instances, temporaries of expressions); scratch is dropped between resources once it has grown,
// so that memory does not grow with rules × resources.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "cel/cel.h"
#include "engine/engine.h"
#include "engine/functions.h"
#include "engine/image.h"
#include "engine/satellites.h"
#include "model/resource.h"
#include "support/arena.h"
#include "value/value.h"

namespace plumbline::engine {

/// A path under construction: shared prefixes, newest step first.
struct PathNode {
  const PathNode* parent = nullptr;
  model::PathStep step;
};
model::Path ToPath(const PathNode* node);

/// A value found in a resource. `path` is only filled in tracing mode; `resource` is null for
/// constants, which have no place.
struct Hit {
  const model::Resource* resource = nullptr;
  const Value* value = nullptr;
  const PathNode* path = nullptr;
};

/// Any record of ours knows the resource it belongs to, for `referenced_by(self, …)`.
class ResourceRecord : public cel::Record {
 public:
  virtual const model::Resource& resource() const = 0;
};

/// The variable `resource`.
class CurrentResource final : public ResourceRecord {
 public:
  void Set(const model::Resource* resource, const SourceMap* sources) {
    resource_ = resource;
    sources_ = sources;
  }
  cel::Val Get(std::uint32_t slot) override;
  const cel::RecordType& type() const override { return ResourceRecordType(); }
  Value ToValue(Arena& arena) override;
  const model::Resource& resource() const override { return *resource_; }

 private:
  const model::Resource* resource_ = nullptr;
  const SourceMap* sources_ = nullptr;
};

/// An image in use.
struct ImageState {
  Image image;
  std::vector<const Value*> constants;
  std::vector<const cel::RecordType*> record_types;
  std::vector<const SatelliteIndex*> satellites;  // by EntryDef
};

class RunState {
 public:
  RunState(const Image (&images)[2], model::ResourceGraph& graph, const SourceMap* sources);

  model::ResourceGraph& graph() { return graph_; }
  ImageState& image(std::uint32_t index) { return images_[index]; }
  Arena& persistent() { return persistent_; }
  Arena& scratch() { return *scratch_; }
  const model::Resource& current() const { return *current_; }

  /// Everything in scratch of the previous resource may be gone afterwards.
  void Begin(const model::Resource& resource);

  /// A constant of an image as a value that lives as long as the run.
  const Value* Constant(ImageState& image, std::uint32_t constant);
  const cel::RecordType& RecordTypeOf(ImageState& image, std::uint32_t record);
  /// The index behind a satellite entry.
  const SatelliteIndex& Satellites(ImageState& image, std::uint32_t entry);

  cel::Val Evaluate(ImageState& image, std::uint32_t expression,
                    std::span<const cel::Val> variables);
  /// What expressions run in.
  cel::Activation ActivationFor(std::span<const cel::Val> variables);
  /// The variables that are the same for every expression about the current resource.
  void FillVariables(std::span<cel::Val> variables);

  const PathNode* Append(const PathNode* parent, model::PathStep step) {
    return scratch_->New<PathNode>(parent, step);
  }

  /// The stack of hits; who pushes above a mark also truncates to it.
  std::vector<Hit> hits;

  /// Every resource of a type named in an expression, as a list value; made once a type.
  const std::span<const cel::Val>* ResourcesOfType(std::string_view type);
  /// The resource whose attributes these are (null when it is none's).
  const model::Resource* OwnerOf(const Value* attributes);
  /// Results of policy() and json() for the current resource, by what they read: the address of the
  /// text or value, its size, and which function it was.
  using DocumentKey = std::tuple<const void*, std::size_t, int>;
  std::map<DocumentKey, cel::Val>& documents() { return documents_; }

 private:
  const cel::Type* TypeOf(ImageState& image, std::uint32_t type);

  model::ResourceGraph& graph_;
  const SourceMap* sources_;
  ImageState images_[2];
  Arena persistent_;
  std::unique_ptr<Arena> scratch_;
  const model::Resource* current_ = nullptr;
  CurrentResource resource_record_;
  std::map<std::string, std::unique_ptr<SatelliteIndex>> satellites_;
  std::map<std::string, const std::span<const cel::Val>*, std::less<>> types_;
  std::unordered_map<const Value*, const model::Resource*> owners_;
  std::map<DocumentKey, cel::Val> documents_;
};

/// The text of why something is unknown.
std::string CauseText(const UnknownInfo* info);

}  // namespace plumbline::engine
