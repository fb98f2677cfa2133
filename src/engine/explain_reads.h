// Where the parts of a traced expression were read: a path of the model leads to a raw attribute,
// to a default and why it holds, or nowhere.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "cel/trace.h"
#include "engine/explain.h"
#include "engine/instance.h"
#include "engine/locate.h"
#include "engine/run_state.h"

namespace plumbline::engine {

class ReadFinder {
 public:
  ReadFinder(RunState& run, const SourceMap& sources, ValueWriter& writer)
      : run_(run), sources_(sources), writer_(writer) {}

  /// Fills `reads` and `more_reads` of what a path came to. True when it is a secret.
  bool Find(const cel::TraceStep& step, ExplainedStep& out);
  /// The place of a record or of a collection that stands in a resource.
  std::optional<ReadFrom> PlaceOf(cel::Val value);
  ReadFrom AttributeAt(const model::Resource& resource, model::Path path);
  Location LocationOf(Span span) const;
  std::vector<Origin> OriginsOf(const model::Resource& resource, const model::Path& path) const;

 private:
  bool FromField(Instance& instance, std::uint32_t slot, std::span<const cel::TraceLink> rest,
                 const cel::TraceStep& step, ExplainedStep& out);
  ReadFrom NotSet(Instance& instance, std::uint32_t slot);
  std::string AbsentReason(Instance& instance, std::uint32_t slot, std::uint32_t entry);
  bool Add(const model::Resource& resource, model::Path path, const cel::TraceStep& step,
           ExplainedStep& out);
  bool FromData(const cel::TraceStep& step, ExplainedStep& out);
  std::optional<Place> Lookup(const Value& collection);
  void Index(const model::Resource& resource);

  RunState& run_;
  const SourceMap& sources_;
  ValueWriter& writer_;
  // Every collection in the resources' attributes, the current resource's first: values in
  // expressions stand in place, so that their address tells where they were read.
  std::unordered_map<const Value*, Place> places_;
  bool indexed_all_ = false;
};

}  // namespace plumbline::engine
