// The names of providers' nested blocks, for configurations in JSON syntax.
#pragma once

#include <string_view>

namespace plumbline::terraform {

/// True when `name` is a nested block in resources of `type` (or in the provider of that name), as
/// far as is known.
bool IsNestedBlock(std::string_view type, std::string_view name);

}  // namespace plumbline::terraform
