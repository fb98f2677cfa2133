// Functions about the graph: referenced_by, references, resources.
#include <algorithm>

#include "engine/functions.h"
#include "engine/run_state.h"
#include "engine/type_pattern.h"

namespace plumbline::engine {
namespace {

constexpr std::string_view kNeedsResource =
    "the first argument must be a resource: self, raw, or one that a function gave";
constexpr std::string_view kNeedsType =
    "a resource type must be a text such as \"aws_s3_bucket\" or \"Pod\"";

RunState& StateOf(const cel::Activation& activation) {
  return *static_cast<RunState*>(activation.host);
}

const model::Resource* ResourceOf(const cel::Val& v, RunState& run) {
  if (v.tag() == cel::Tag::kRecord) return &static_cast<ResourceRecord*>(v.as_record())->resource();
  if (v.tag() == cel::Tag::kData) return run.OwnerOf(&v.as_data());
  return nullptr;
}

cel::Val ListOf(const std::vector<const model::Resource*>& resources, Arena& arena) {
  auto items = arena.NewArray<cel::Val>(resources.size());
  for (std::size_t i = 0; i < items.size(); ++i)
    items[i] = cel::Val::FromValue(&resources[i]->attributes);
  return cel::Val::List(arena.New<std::span<const cel::Val>>(items));
}

// The resources among `ids` (as `id_of` tells) that have the type named by the second argument.
template <typename Items, typename IdOf>
cel::Val Related(std::span<const cel::Val> args, const cel::Activation& activation, Items items,
                 IdOf id_of) {
  RunState& run = StateOf(activation);
  const model::Resource* resource = ResourceOf(args[0], run);
  if (resource == nullptr) return cel::Val::Error(&kNeedsResource);
  if (args[1].tag() != cel::Tag::kString) return cel::Val::Error(&kNeedsType);
  const std::string_view text = args[1].as_string();
  const bool kubernetes = text.find('/') != std::string_view::npos ||
                          (!text.empty() && text[0] >= 'A' && text[0] <= 'Z');
  const auto type = ParseTypeName(kubernetes, text);
  if (!type) return cel::Val::Error(&kNeedsType);
  std::vector<const model::Resource*> found;
  for (const auto& item : items(*resource)) {
    const model::Resource& other = run.graph().at(id_of(item));
    if (Matches(*type, other)) found.push_back(&other);
  }
  std::sort(found.begin(), found.end(), [](const auto* a, const auto* b) { return a->id < b->id; });
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return ListOf(found, *activation.arena);
}

}  // namespace

cel::Val ReferencedBy(std::span<const cel::Val> args, const cel::Activation& activation) {
  return Related(
      args, activation, [](const model::Resource& r) -> const auto& { return r.referenced_by; },
      [](std::uint32_t id) { return id; });
}

cel::Val References(std::span<const cel::Val> args, const cel::Activation& activation) {
  return Related(
      args, activation, [](const model::Resource& r) -> const auto& { return r.references; },
      [](const model::Reference& r) { return r.target; });
}

cel::Val Resources(std::span<const cel::Val> args, const cel::Activation& activation) {
  if (args[0].tag() != cel::Tag::kString) return cel::Val::Error(&kNeedsType);
  return cel::Val::List(StateOf(activation).ResourcesOfType(args[0].as_string()));
}

}  // namespace plumbline::engine
