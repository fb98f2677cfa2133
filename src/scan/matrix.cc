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
  struct Entry {
    std::size_t environment;
    const Draft* draft;
    std::string place;
  };
  std::string resource;
  std::vector<Entry> entries;

  Status Worst(std::size_t environment) const {
    Status worst = Status::kPass;
    for (const Entry& e : entries) {
      Status s = e.draft->finding.status;
      if (e.environment == environment && Rank(s) < Rank(worst)) worst = s;
    }
    return worst;
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
      Group& group = groups[{d.finding.rule->id, d.finding.resource}];
      group.resource = d.finding.resource;
      group.entries.push_back({i, &d, PlaceOf(d)});
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
  int best = 4;
  for (const Group::Entry& e : group.entries) best = std::min(best, Rank(e.draft->finding.status));
  bool occurs = best <= Rank(Status::kIgnored);
  std::map<std::string, bool> places;
  for (const Group::Entry& e : group.entries) {
    Status s = e.draft->finding.status;
    if (occurs ? Occurs(s) : Rank(s) == best) places[e.place] = true;
  }
  std::vector<Draft> out;
  for (const auto& [place, wanted] : places) out.push_back(JoinPlace(group, place, deciders));
  return out;
}

Draft Matrix::JoinPlace(const Group& group, const std::string& place, const Deciders& deciders) {
  const Draft* first = nullptr;
  model::InputMask inputs = 0;
  std::vector<EnvironmentResult> results;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    EnvironmentResult& r = results.emplace_back();
    r.name = names_[i];
    const Draft* here = nullptr;
    for (const Group::Entry& e : group.entries) {
      if (e.environment != i || e.place != place) continue;
      if (here == nullptr || Rank(e.draft->finding.status) < Rank(here->finding.status))
        here = e.draft;
    }
    bool worse = first == nullptr ||
                 (here != nullptr && Rank(here->finding.status) < Rank(first->finding.status));
    if (here != nullptr && worse) first = here;
    if (here != nullptr) {
      r.status = here->finding.status;
      r.value = here->finding.value;
      inputs |= here->inputs;
    } else if (group.Worst(i) == Status::kUnknown) {
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
  SetDeciders(f, inputs, deciders);
  return d;
}

// Of the inputs that the attribute depends on, those that are not the same in an environment where
// the finding occurs and in one where it does not.
void Matrix::SetDeciders(Finding& finding, model::InputMask inputs,
                         const Deciders& deciders) const {
  auto& results = finding.environment_results;
  auto differing = [&](model::InputMask mask) {
    std::vector<std::vector<Origin>> places;
    for (std::size_t i = 0; i < results.size(); ++i) places.push_back(deciders(mask, i));
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
    for (std::size_t v : differ) results[i].decided_by.push_back(places[i][v]);
  }
}

}  // namespace plumbline::scan
