// The findings of one project in several environments, joined: one finding for one place, saying
// where it occurs, where it does not, and which input makes the difference.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "scan/finding_maker.h"

namespace plumbline::scan {

class Matrix {
 public:
  /// Where an environment sets what a draft depends on: one place an input in the mask, in the same
  /// order in every environment. One with an empty `what` stands for what is not set.
  using Deciders =
      std::function<std::vector<Origin>(const Draft& draft, model::InputMask mask, std::size_t i)>;

  explicit Matrix(std::vector<std::string> names)
      : names_(std::move(names)), drafts_(names_.size()), resources_(names_.size()) {}

  /// What one environment gave, and the addresses or identities of the resources in it; called once
  /// for each.
  void Add(std::size_t environment, std::vector<Draft> drafts,
           std::unordered_set<std::string> resources);
  /// The joined findings, in a stable order. Call once.
  std::vector<Draft> Join(const Deciders& deciders);

 private:
  struct Group;
  std::vector<Draft> JoinGroup(const Group& group, const Deciders& deciders);
  Draft JoinPlace(const Group& group, std::span<const Draft* const> drafts,
                  const Deciders& deciders);
  void SetDeciders(Draft& draft, model::InputMask inputs, const Deciders& deciders) const;

  std::vector<std::string> names_;
  std::vector<std::vector<Draft>> drafts_;                  // by environment
  std::vector<std::unordered_set<std::string>> resources_;  // by environment
};

}  // namespace plumbline::scan
