#include "terraform/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "support/suggest.h"

namespace plumbline::terraform {
namespace {

// In source order, so that the answer does not hang on a hash table.
template <typename Declarations>
std::vector<std::string_view> NamesOf(const Declarations& declarations) {
  std::vector<std::string_view> names;
  for (const auto& d : declarations) names.push_back(d.name);
  return names;
}

std::vector<std::string_view> ResourceKeys(const ModuleConfig& config) {
  std::vector<std::string_view> keys(config.resources.size());
  for (const auto& [key, index] : config.resource_index) keys[index] = key;
  return keys;
}

constexpr auto kRoots = std::to_array<std::string_view>(
    {"var", "local", "module", "data", "each", "count", "path", "terraform", "self", "ephemeral"});

/// "local.x" for locals.x and the like, where that is declared.
std::string MisspeltRoot(const ModuleConfig& config, std::string_view type, std::string_view name) {
  auto is = [&](std::initializer_list<std::string_view> forms) {
    return std::ranges::find(forms, type) != forms.end();
  };
  if (is({"vars", "variable", "variables"}) && config.variable_index.contains(name))
    return fmt::format("var.{}", name);
  if (is({"locals"}) && config.local_index.contains(name)) return fmt::format("local.{}", name);
  if (is({"modules"}) && config.call_index.contains(name)) return fmt::format("module.{}", name);
  std::string_view root = NearestName(type, kRoots);
  bool declared = (root == "var" && config.variable_index.contains(name)) ||
                  (root == "local" && config.local_index.contains(name)) ||
                  (root == "module" && config.call_index.contains(name)) ||
                  (root == "each" && (name == "key" || name == "value"));
  return declared ? fmt::format("{}.{}", root, name) : std::string();
}

}  // namespace

std::string UndeclaredVariable(const ModuleConfig& config, std::string_view name) {
  return fmt::format("the module declares no variable \"{}\"{}", name,
                     DidYouMean(name, NamesOf(config.variables)));
}

std::string UndeclaredLocal(const ModuleConfig& config, std::string_view name) {
  return fmt::format("the module declares no local value \"{}\"{}", name,
                     DidYouMean(name, NamesOf(config.locals)));
}

std::string UndeclaredModule(const ModuleConfig& config, std::string_view name) {
  return fmt::format("the module calls no module \"{}\"{}", name,
                     DidYouMean(name, NamesOf(config.calls)));
}

std::string UndeclaredOutput(const ModuleConfig& config, std::string_view address,
                             std::string_view name) {
  return fmt::format("{} has no output \"{}\"{}", address, name,
                     DidYouMean(name, NamesOf(config.outputs)));
}

std::string UndeclaredResource(const ModuleConfig& config, std::string_view key) {
  std::string out = fmt::format("the module declares no {}", key);
  for (std::string_view prefix : {"data.", "ephemeral."}) {
    std::string other =
        key.starts_with(prefix) ? std::string(key.substr(prefix.size())) : std::string(prefix);
    if (!key.starts_with(prefix)) other += key;
    if (config.resource_index.contains(other))
      return out + fmt::format("; did you mean {}?", other);
  }
  auto dot = key.find('.');
  std::string root = MisspeltRoot(config, key.substr(0, dot), key.substr(dot + 1));
  if (!root.empty()) return out + fmt::format("; did you mean {}?", root);
  return out + DidYouMean(key, ResourceKeys(config));
}

std::string WrongEach(std::string_view name, bool has_for_each) {
  if (!has_for_each) return fmt::format("each.{} has no meaning where there is no for_each", name);
  if (name == "key" || name == "value") return {};
  constexpr auto kNames = std::to_array<std::string_view>({"key", "value"});
  std::string near = DidYouMean(name, kNames);
  return fmt::format("there is no each.{}; \"each\" has only key and value", name) + near;
}

std::string WrongCount(std::string_view name, bool has_count) {
  if (!has_count) return fmt::format("count.{} has no meaning where there is no count", name);
  if (name == "index") return {};
  return fmt::format("there is no count.{}; \"count\" has only index", name);
}

std::string WrongPath(std::string_view name) {
  constexpr auto kNames = std::to_array<std::string_view>({"module", "root", "cwd"});
  if (std::ranges::find(kNames, name) != kNames.end()) return {};
  return fmt::format("there is no path.{}; path has module, root and cwd", name);
}

std::string WrongTerraform(std::string_view name) {
  if (name == "workspace" || name == "applying") return {};
  return fmt::format("there is no terraform.{}; terraform has workspace and applying", name);
}

}  // namespace plumbline::terraform
