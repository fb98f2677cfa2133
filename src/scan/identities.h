// Objects that are rendered once for each environment, told apart by where they stand in the
// sources: names and namespaces differ from one environment to the next.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "model/resource.h"
#include "plumbline/finding.h"
#include "scan/finding_maker.h"
#include "scan/value_names.h"

namespace plumbline::scan {

/// Of one environment; the graph must outlive it.
class Identities {
 public:
  explicit Identities(const model::ResourceGraph& graph);

  /// The same in every environment for what the same lines make; several objects of the same lines
  /// (a range) are told apart by their addresses.
  const std::string& Of(const model::Resource& resource) const { return texts_[resource.id]; }
  /// Null when the environment has no such object.
  const model::Resource* Find(const std::string& identity) const;

 private:
  std::vector<std::string> texts_;  // by id
  std::unordered_map<std::string, const model::Resource*> by_text_;
};

/// Where the environment sets the attribute that a draft of any environment is about; with an empty
/// `what` when it does not. `identity` is that of the draft's located resource.
Origin FindSetting(const Identities& environment, const std::string& identity,
                   const model::Path& attribute, const FindingMaker& maker, ValueNames& names);

}  // namespace plumbline::scan
