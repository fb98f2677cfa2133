// The list of checks. A rule names one with `check: NAME`.
#include <algorithm>
#include <array>

#include "checks/checks.h"
#include "checks/general/embedded_secret.h"

namespace plumbline::checks {
namespace {

constexpr auto kChecks = std::to_array<Check>({
    {"embedded-secret", &EmbeddedSecret},
});
static_assert(std::ranges::is_sorted(kChecks, {}, &Check::name));

}  // namespace

std::span<const Check> All() { return kChecks; }

}  // namespace plumbline::checks
