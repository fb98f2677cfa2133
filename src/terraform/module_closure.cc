#include "terraform/module_closure.h"

#include <fmt/format.h>

#include <deque>
#include <map>
#include <set>

#include "terraform/modules_manifest.h"

namespace plumbline::terraform {
namespace {

class Closure {
 public:
  Closure(ParsedFiles& files, ModuleStore& store, bool may_fetch, const ClosureLimits& limits)
      : files_(files), store_(store), may_fetch_(may_fetch), limits_(limits) {}

  void Walk(const std::string& root) {
    manifest_.clear();
    for (ManifestEntry& e : ReadModulesManifest(files_.fs(), root, files_.limits()))
      manifest_[std::move(e.key)] = std::move(e.dir);
    seen_.clear();
    todo_.clear();
    Push(files_.fs().RealPath(root), "");
    while (!todo_.empty()) {
      auto [dir, key] = std::move(todo_.front());
      todo_.pop_front();
      for (const CallSite& call : files_.Calls(dir)) Follow(dir, key, call);
    }
  }

  /// What is to be asked for, each once over all rounds.
  std::vector<ModuleRequest> TakeWanted() {
    std::vector<ModuleRequest> out;
    for (const ModuleRequest& r : wanted_) {
      if (asked_.size() >= limits_.max_downloads) {
        store_.AddAnswer(r, {"", "", "",
                             fmt::format("the scan has asked for more than the limit of {} modules",
                                         limits_.max_downloads)});
      } else if (asked_.insert(r).second) {
        out.push_back(r);
      }
    }
    wanted_.clear();
    return out;
  }

 private:
  void Push(const std::string& dir, std::string key) {
    if (dir.empty() || seen_.size() >= limits_.max_calls) return;
    // Only a manifest tells two ways to one folder apart.
    if (manifest_.empty()) key.clear();
    if (seen_.emplace(dir, key).second) todo_.emplace_back(dir, std::move(key));
  }

  void Follow(const std::string& dir, const std::string& caller, const CallSite& call) {
    std::string key = caller.empty() ? call.name : caller + "." + call.name;
    // A recursive module would have ever longer keys.
    constexpr std::size_t kLongestKey = 4096;
    if (key.size() > kLongestKey || call.source.empty()) return;
    if (IsLocalSource(call.source)) {
      Push(ResolveLocalSource(files_.fs(), dir, call.source), key);
      return;
    }
    if (auto it = manifest_.find(key); it != manifest_.end()) {
      std::string real = files_.fs().RealPath(it->second);
      if (!real.empty()) return Push(real, key);
    }
    ModuleRequest request{call.source, call.version};
    if (may_fetch_ && !asked_.contains(request) && store_.WantsFetch(request)) {
      wanted_.insert(std::move(request));
      return;
    }
    const ModulePlace& place = store_.Find(request);
    if (place.kind != PlaceKind::kFound) return;
    files_.AddPackage(place.package, place.shown);
    Push(place.dir, key);
  }

  ParsedFiles& files_;
  ModuleStore& store_;
  bool may_fetch_;
  const ClosureLimits& limits_;
  std::map<std::string, std::string, std::less<>> manifest_;
  std::set<std::pair<std::string, std::string>> seen_;
  std::deque<std::pair<std::string, std::string>> todo_;
  std::set<ModuleRequest> wanted_, asked_;
};

}  // namespace

void ResolveModules(ParsedFiles& files, const std::vector<std::string>& roots, ModuleStore& store,
                    const FetchModules& fetch, const ClosureLimits& limits) {
  Closure closure(files, store, fetch != nullptr, limits);
  // A round reaches one module deeper.
  for (std::uint32_t round = 0; round <= files.limits().max_module_depth; ++round) {
    for (const std::string& root : roots) closure.Walk(root);
    std::vector<ModuleRequest> wanted = closure.TakeWanted();
    if (wanted.empty()) return;
    std::vector<FetchAnswer> answers = fetch(wanted);
    answers.resize(wanted.size(), {"", "", "", "no answer came"});
    for (std::size_t i = 0; i < wanted.size(); ++i)
      store.AddAnswer(wanted[i], std::move(answers[i]));
  }
}

}  // namespace plumbline::terraform
