// `check: embedded-secret`: a credential written in any text of a resource.
#pragma once

#include <string_view>
#include <vector>

#include "checks/checks.h"

namespace plumbline::checks {

std::vector<Outcome> EmbeddedSecret(const CheckContext& context);

}  // namespace plumbline::checks
