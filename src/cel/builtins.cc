#include "cel/builtins.h"

#include <algorithm>
#include <array>

namespace plumbline::cel {
namespace {

using Group = std::span<const Builtin> (*)();
constexpr auto kGroups = std::to_array<Group>({
    &StringBuiltins,
    &ConversionBuiltins,
    &ListBuiltins,
    &MathBuiltins,
    &TimeBuiltins,
    &NetBuiltins,
    &OptionalBuiltins,
});

}  // namespace

std::optional<std::uint16_t> FindBuiltin(std::string_view name, bool member) {
  for (std::size_t g = 0; g < kGroups.size(); ++g) {
    std::span<const Builtin> table = kGroups[g]();
    auto [first, last] = std::ranges::equal_range(table, name, {}, &Builtin::name);
    for (auto it = first; it != last; ++it) {
      if (it->style == Style::kBoth || (it->style == Style::kMember) == member) {
        return static_cast<std::uint16_t>(g * 256 + static_cast<std::size_t>(it - table.begin()));
      }
    }
  }
  return std::nullopt;
}

const Builtin& BuiltinAt(std::uint16_t number) { return kGroups[number >> 8]()[number & 0xFF]; }

std::size_t BuiltinGroupCount() { return kGroups.size(); }

}  // namespace plumbline::cel
