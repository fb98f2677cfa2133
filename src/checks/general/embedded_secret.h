// `check: embedded-secret`: a credential written in any text of a resource.
#pragma once

#include <string_view>
#include <vector>

#include "checks/checks.h"

namespace plumbline::checks {

std::vector<Outcome> EmbeddedSecret(const CheckContext& context);

/// What kind of credential a text holds ("an AWS access key"); empty when it holds none that is
/// known by its shape.
std::string_view FindSecret(std::string_view text);

}  // namespace plumbline::checks
