#include "checks/checks.h"

#include <algorithm>

namespace plumbline::checks {

std::uint32_t Find(std::string_view name) {
  const auto all = All();
  const auto it = std::ranges::lower_bound(all, name, {}, &Check::name);
  return it == all.end() || it->name != name ? 0xFFFFFFFFu
                                             : static_cast<std::uint32_t>(it - all.begin());
}

}  // namespace plumbline::checks
