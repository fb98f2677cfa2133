#include "scan/matrix.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace plumbline::scan {
namespace {

constexpr std::size_t kMaxDeciders = 3;  // more inputs than this tell nobody anything

bool Same(const Origin& a, const Origin& b) {
  const Location &x = a.location, &y = b.location;
  return a.what == b.what && x.file == y.file && x.line == y.line && x.column == y.column;
}

// A diagnostic is told apart from others at its place by what it says; a rule's verdict speaks of
// one attribute whatever its value is.
std::string PlaceOf(const Draft& d) {
  const Location& l = d.finding.location;
  return fmt::format("{}:{}:{}:{}:{}", l.file, l.line, l.column, l.end_line, d.path);
}

bool Occurs(Status s) { return s == Status::kFail || s == Status::kIgnored; }

int Rank(Status s) {
  switch (s) {
    case Status::kFail:
      return 0;
    case Status::kIgnored:
      return 1;
    case Status::kUnknown:
      return 2;
    case Status::kPass:
      return 3;
  }
  return 4;
}

}  // namespace

// All drafts of one rule about one resource.
struct Matrix::Group {
  std::string resource;
  std::vector<Status> worst;                                // by environment
  std::map<std::string, std::vector<const Draft*>> places;  // by environment; null: nothing there

  void Add(std::size_t environment, std::size_t environments, const Draft& d) {
    Status s = d.finding.status;
    worst.resize(environments, Status::kPass);
    if (Rank(s) < Rank(worst[environment])) worst[environment] = s;
    auto& drafts = places[PlaceOf(d)];
    drafts.resize(environments);
    const Draft*& here = drafts[environment];
    if (here == nullptr || Rank(s) < Rank(here->finding.status)) here = &d;
  }
};

void Matrix::Add(std::size_t environment, std::vector<Draft> drafts,
                 std::unordered_set<std::string> resources) {
  drafts_[environment] = std::move(drafts);
  resources_[environment] = std::move(resources);
}

std::vector<Draft> Matrix::Join(const Deciders& deciders) {
  std::map<std::pair<std::string, std::string>, Group> groups;
  for (std::size_t i = 0; i < drafts_.size(); ++i) {
    for (const Draft& d : drafts_[i]) {
      const std::string& resource = d.identity.empty() ? d.finding.resource : d.identity;
      Group& group = groups[{d.finding.rule->id, resource}];
      group.resource = resource;
      group.Add(i, names_.size(), d);
    }
  }
  std::vector<Draft> out;
  for (const auto& [key, group] : groups)
    std::ranges::move(JoinGroup(group, deciders), std::back_inserter(out));
  return out;
}

// What fails somewhere is told where it fails; that it is undetermined or passes elsewhere is a
// part of that finding.
std::vector<Draft> Matrix::JoinGroup(const Group& group, const Deciders& deciders) {
  int best = Rank(Status::kPass);
  for (Status s : group.worst) best = std::min(best, Rank(s));
  bool occurs = best <= Rank(Status::kIgnored);
  std::vector<Draft> out;
  for (const auto& [place, drafts] : group.places) {
    bool wanted = std::ranges::any_of(drafts, [&](const Draft* d) {
      return d != nullptr && (occurs ? Occurs(d->finding.status) : Rank(d->finding.status) == best);
    });
    if (wanted) out.push_back(JoinPlace(group, drafts, deciders));
  }
  return out;
}

Draft Matrix::JoinPlace(const Group& group, std::span<const Draft* const> drafts,
                        const Deciders& deciders) {
  const Draft* first = nullptr;
  model::InputMask inputs = 0;
  std::vector<EnvironmentResult> results;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    EnvironmentResult& r = results.emplace_back();
    r.name = names_[i];
    const Draft* here = drafts[i];
    if (here != nullptr) {
      if (first == nullptr || Rank(here->finding.status) < Rank(first->finding.status))
        first = here;
      r.status = here->finding.status;
      r.value = here->finding.value;
      inputs |= here->inputs;
    } else if (group.worst[i] == Status::kUnknown) {
      r.status = Status::kUnknown;
    } else {
      r.absent = !group.resource.empty() && !resources_[i].contains(group.resource);
    }
  }
  Draft d = *first;
  Finding& f = d.finding;
  for (const EnvironmentResult& r : results) {
    if (!r.absent && r.status == f.status) f.environments.push_back(r.name);
  }
  if (f.environments.size() == names_.size()) return d;
  f.environment_results = std::move(results);
  SetDeciders(d, inputs, deciders);
  return d;
}

// Of the inputs that the attribute depends on, those that are not the same in an environment where
// the finding occurs and in one where it does not.
void Matrix::SetDeciders(Draft& draft, model::InputMask inputs, const Deciders& deciders) const {
  Finding& finding = draft.finding;
  auto& results = finding.environment_results;
  auto differing = [&](model::InputMask mask) {
    std::vector<std::vector<Origin>> places;
    for (std::size_t i = 0; i < results.size(); ++i) places.push_back(deciders(draft, mask, i));
    std::vector<std::size_t> differ;
    for (std::size_t v = 0; v < places[0].size(); ++v) {
      bool decides = false;
      for (std::size_t a = 0; a < results.size(); ++a) {
        for (std::size_t b = 0; b < results.size(); ++b) {
          bool in_a = !results[a].absent && results[a].status == finding.status;
          bool in_b = !results[b].absent && results[b].status == finding.status;
          decides |= in_a && !in_b && !Same(places[a][v], places[b][v]);
        }
      }
      if (decides) differ.push_back(v);
    }
    return std::pair(std::move(places), std::move(differ));
  };
  // A rule's verdict may hang on what is absent, which has no inputs to name: any may be meant.
  if (inputs == 0 && finding.resource.empty()) return;
  auto [places, differ] = differing(inputs != 0 ? inputs : ~model::InputMask{0});
  // Where the finding's own origin ends in one of them, that one is meant.
  auto on_chain = [&](std::size_t v) {
    return std::ranges::any_of(places, [&](const std::vector<Origin>& p) {
      return std::ranges::any_of(finding.origin, [&](const Origin& o) {
        return o.location.file == p[v].location.file && o.location.line == p[v].location.line;
      });
    });
  };
  if (std::ranges::any_of(differ, on_chain))
    std::erase_if(differ, [&](std::size_t v) { return !on_chain(v); });
  if (differ.size() > kMaxDeciders) return;
  for (std::size_t i = 0; i < results.size(); ++i) {
    for (std::size_t v : differ) {
      if (!places[i][v].what.empty()) results[i].decided_by.push_back(places[i][v]);
    }
  }
}

}  // namespace plumbline::scan
