#include "terraform/plan_configuration.h"

#include <fmt/format.h>

#include <algorithm>

#include "value/number.h"

namespace plumbline::terraform {
namespace {

constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxTargets = 512;  // what depends on more depends on "everything"
constexpr int kMaxSteps = 20'000;         // of following one expression

/// Length of "[…]" at the beginning of a text; 0 when there is none.
std::size_t KeyLength(std::string_view text) {
  if (!text.starts_with('[')) return 0;
  bool quoted = false;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (quoted && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (text[i] == ']' && !quoted) {
      return i + 1;
    }
  }
  return text.size();
}

std::size_t NameLength(std::string_view text) {
  return std::min(text.find_first_of(".["), text.size());
}

/// Takes a name, and a key behind it, off the front of a reference.
struct Part {
  std::string_view name, key;
};
Part Take(std::string_view& text) {
  Part part;
  if (text.starts_with('.')) text.remove_prefix(1);
  std::size_t n = NameLength(text);
  part.name = text.substr(0, n);
  text.remove_prefix(n);
  n = KeyLength(text);
  part.key = text.substr(0, n);
  text.remove_prefix(n);
  return part;
}

std::string KeyText(Value key) {
  if (key.is_number()) return fmt::format("[{}]", FormatNumber(key));
  if (key.is_string()) return fmt::format("[\"{}\"]", key.as_string());
  return {};
}

std::string BaseName(const PlannedResource& r) {
  return fmt::format("{}|{}{}.{}", r.module, r.is_data ? "data." : "", r.type, r.name);
}

const Value* MemberAt(const Value* v, std::initializer_list<std::string_view> path) {
  for (std::string_view key : path) {
    if (v == nullptr) return nullptr;
    v = v->Find(key);
  }
  return v;
}

std::string_view TextOf(const Value& v, std::string_view key) {
  const Value* found = v.Find(key);
  return found != nullptr && found->is_string() ? found->as_string() : std::string_view();
}

}  // namespace

std::string ModulePath(std::string_view address) {
  std::string out;
  while (!address.empty()) {
    if (Take(address).name != "module") break;
    if (!out.empty()) out += '.';
    out += Take(address).name;
  }
  return out;
}

std::string WithoutKeys(std::string_view address) {
  std::string out;
  while (!address.empty()) {
    std::size_t before = address.size();
    if (!out.empty()) out += '.';
    out += Take(address).name;
    if (address.size() == before) break;
  }
  return out;
}

PlanConfiguration::PlanConfiguration(const PlanFile& plan) : plan_(plan) {
  if (const Value* root = plan.configuration.Find("root_module")) AddModule(*root, "");
  // What is appended on the way is visited as well.
  for (std::size_t i = 0; i < calls_.size(); ++i) {
    const Value* module = calls_[i].value->Find("module");
    if (module != nullptr) AddModule(*module, calls_[i].path);
  }
  for (std::size_t i = 0; i < plan.resources.size(); ++i) {
    std::string base = BaseName(plan.resources[i]);
    by_key_.emplace(base + KeyText(plan.resources[i].key), i);
    by_base_[std::move(base)].push_back(i);
    std::string_view module = plan.resources[i].module;
    while (!module.empty()) {
      std::size_t cut = module.rfind("module.");
      if (cut == std::string_view::npos) break;
      std::string_view last = module.substr(cut + 7);
      std::string_view parent = module.substr(0, cut > 0 ? cut - 1 : 0);
      if (!module_addresses_.emplace(module).second) break;  // and so are the modules above it
      children_[fmt::format("{}|{}", parent, last.substr(0, NameLength(last)))].emplace_back(
          module);
      module = parent;
    }
  }
}

void PlanConfiguration::AddModule(const Value& module, const std::string& path) {
  modules_.emplace(path, &module);
  if (const Value* list = module.Find("resources")) {
    for (const Value& r : list->items()) {
      resources_.emplace(fmt::format("{}|{}{}.{}", path, TextOf(r, "mode") == "data" ? "data." : "",
                                     TextOf(r, "type"), TextOf(r, "name")),
                         &r);
    }
  }
  const Value* calls = module.Find("module_calls");
  if (calls == nullptr) return;
  for (const Member& m : calls->members()) {
    std::string inner = path.empty() ? std::string(m.key) : fmt::format("{}.{}", path, m.key);
    call_index_.emplace(inner, calls_.size());
    calls_.push_back({inner, path, m.key, &m.value});
  }
}

const Value* PlanConfiguration::Of(const PlannedResource& r) const {
  auto it = resources_.find(
      fmt::format("{}|{}{}.{}", ModulePath(r.module), r.is_data ? "data." : "", r.type, r.name));
  return it == resources_.end() ? nullptr : it->second;
}

std::vector<PlanTarget> PlanConfiguration::Targets(const Value& expression,
                                                   const PlannedResource& from) const {
  Walk walk;
  Follow(expression, {std::string(from.module), Of(from), KeyText(from.key)}, 0, walk);
  std::vector<PlanTarget> distinct;
  for (const PlanTarget& t : walk.out) {
    if (std::ranges::find(distinct, t) == distinct.end()) distinct.push_back(t);
  }
  return distinct;
}

void PlanConfiguration::Follow(const Value& expression, const Place& place, int depth,
                               Walk& walk) const {
  if (depth > kMaxDepth || ++walk.steps > kMaxSteps) return;
  const Value* references = expression.Find("references");
  if (references == nullptr || !references->is_sequence()) {
    for (const Member& m : expression.members()) Follow(m.value, place, depth + 1, walk);
    for (const Value& i : expression.items()) Follow(i, place, depth + 1, walk);
    return;
  }
  std::string_view longer;
  for (const Value& r : references->items()) {
    if (!r.is_string()) continue;
    // Behind a.b.c stand its beginnings a.b and so on, which say nothing more.
    std::string_view name = r.as_string();
    bool beginning = longer.size() > name.size() && longer.starts_with(name) &&
                     (longer[name.size()] == '.' || longer[name.size()] == '[');
    if (beginning) continue;
    longer = name;
    FollowName(name, place, depth + 1, walk);
  }
}

void PlanConfiguration::FollowName(std::string_view name, const Place& place, int depth,
                                   Walk& walk) const {
  if (++walk.steps > kMaxSteps) return;
  std::string_view rest = name;
  Part first = Take(rest);
  if (first.name == "var") return FollowVariable(Take(rest).name, place, depth, walk);
  if (first.name == "module") return FollowModule(rest, place, depth, walk);
  if (first.name == "each") {
    const Value* e = place.owner != nullptr ? place.owner->Find("for_each_expression") : nullptr;
    Place outer = place;
    outer.owner = nullptr;  // a for_each cannot name itself
    if (e != nullptr) Follow(*e, outer, depth + 1, walk);
    return;
  }
  if (first.name != "local" && first.name != "count" && first.name != "path" &&
      first.name != "terraform" && first.name != "self")
    FollowResource(name, place, walk);
}

void PlanConfiguration::FollowVariable(std::string_view name, const Place& place, int depth,
                                       Walk& walk) const {
  auto call = call_index_.find(ModulePath(place.module));
  if (call == call_index_.end()) return;
  const Value* argument = MemberAt(calls_[call->second].value, {"expressions", name});
  if (argument == nullptr) return;
  std::size_t cut = place.module.rfind("module.");
  if (cut == std::string::npos) return;
  Place outer;
  outer.module = cut == 0 ? "" : place.module.substr(0, cut - 1);
  outer.owner = calls_[call->second].value;
  std::string_view last = std::string_view(place.module).substr(cut + 7);
  outer.key = last.substr(NameLength(last));
  if (outer.key.empty()) outer.key = place.key;
  Follow(*argument, outer, depth + 1, walk);
}

void PlanConfiguration::FollowModule(std::string_view rest, const Place& place, int depth,
                                     Walk& walk) const {
  Part call = Take(rest);
  Part output = Take(rest);
  std::string path = ModulePath(place.module);
  auto config =
      modules_.find(path.empty() ? std::string(call.name) : fmt::format("{}.{}", path, call.name));
  auto addresses = children_.find(fmt::format("{}|{}", place.module, call.name));
  if (config == modules_.end() || addresses == children_.end()) return;
  const Value* e = MemberAt(config->second, {"outputs", output.name, "expression"});
  if (e == nullptr) return;
  std::string key = call.key.empty() ? place.key : std::string(call.key);
  std::string same =
      fmt::format("{}{}module.{}{}", place.module, place.module.empty() ? "" : ".", call.name, key);
  if (!key.empty() && module_addresses_.contains(same)) {
    return Follow(*e, {same, nullptr, place.key}, depth + 1, walk);
  }
  for (const std::string& address : addresses->second)
    Follow(*e, {address, nullptr, place.key}, depth + 1, walk);
}

void PlanConfiguration::FollowResource(std::string_view name, const Place& place,
                                       Walk& walk) const {
  std::string_view rest = name;
  Part type = Take(rest);
  bool is_data = type.name == "data";
  if (is_data) type = Take(rest);
  Part label = Take(rest);
  std::string_view attribute = Take(rest).name;
  std::string base =
      fmt::format("{}|{}{}.{}", place.module, is_data ? "data." : "", type.name, label.name);
  std::string key = label.key.empty() ? place.key : std::string(label.key);
  if (auto same = by_key_.find(base + key); same != by_key_.end()) {
    walk.out.push_back({same->second, attribute});
    return;
  }
  auto found = by_base_.find(base);
  if (found == by_base_.end()) return;
  for (std::size_t i : found->second) {
    if (walk.out.size() < kMaxTargets) walk.out.push_back({i, attribute});
  }
}

}  // namespace plumbline::terraform
