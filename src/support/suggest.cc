#include "support/suggest.h"

#include <algorithm>
#include <array>
#include <vector>

namespace plumbline {
namespace {

// Longer names are not typed by hand, and the table is quadratic.
constexpr std::size_t kMaxLength = 128;

/// Edits between two texts; swapping two neighbours is one.
std::size_t Distance(std::string_view a, std::string_view b) {
  std::array<std::vector<std::size_t>, 3> rows;
  for (auto& row : rows) row.resize(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i + 2) % 3];
    const auto& second = rows[(i + 1) % 3];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] != b[j - 1])});
      bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], second[j - 2] + 1);
    }
  }
  return rows[a.size() % 3][b.size()];
}

}  // namespace

std::string_view NearestName(std::string_view given, std::span<const std::string_view> known) {
  std::size_t best = std::clamp<std::size_t>(given.size() / 3, 1, 3) + 1;
  std::string_view nearest;
  if (given.size() < 2 || given.size() > kMaxLength) return nearest;
  for (std::string_view name : known) {
    if (name.size() > kMaxLength || name == given) continue;
    std::size_t longer = std::max(name.size(), given.size());
    if (longer - std::min(name.size(), given.size()) >= best) continue;
    std::size_t d = Distance(given, name);
    if (d < best && d < longer) {
      best = d;
      nearest = name;
    }
  }
  return nearest;
}

std::string DidYouMean(std::string_view given, std::span<const std::string_view> known) {
  std::string_view nearest = NearestName(given, known);
  return nearest.empty() ? std::string() : "; did you mean \"" + std::string(nearest) + "\"?";
}

}  // namespace plumbline
