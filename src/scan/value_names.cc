#include "scan/value_names.h"

#include <fmt/format.h>

#include "yaml/yaml.h"

namespace plumbline::scan {
namespace {

constexpr std::size_t kMostNames = 200'000;  // of a file; further values go without

void Collect(const yaml::Node& node, const std::string& name,
             std::map<std::uint32_t, std::string>& out) {
  if (out.size() >= kMostNames) return;
  if (!name.empty()) out.emplace(node.span.begin, name);
  if (node.anchor != nullptr) return;
  for (const yaml::Entry& e : node.entries) {
    if (!e.merge.valid())
      Collect(*e.value, name.empty() ? std::string(e.key) : fmt::format("{}.{}", name, e.key), out);
  }
  for (std::size_t i = 0; i < node.items.size(); ++i)
    Collect(*node.items[i], fmt::format("{}[{}]", name, i), out);
}

}  // namespace

std::string ValueNames::At(Span place) {
  if (!place.valid()) return "value";
  std::lock_guard lock(mutex_);
  auto [it, is_new] = files_.try_emplace(place.file);
  if (is_new) it->second = Read(place.file);
  auto name = it->second.find(place.begin);
  return name != it->second.end() ? name->second : "value";
}

ValueNames::Names ValueNames::Read(FileId file) const {
  Names out;
  Arena arena;
  Diagnostics ignored;
  for (const yaml::Document& d : yaml::Parse(file, sources_.Text(file), arena, Limits(), ignored)) {
    if (d.root != nullptr) Collect(*d.root, "", out);
  }
  return out;
}

}  // namespace plumbline::scan
