// "Did you mean …": the known name that a misspelt one is nearest to.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace plumbline {

/// The nearest of `known` when it is near enough to be a misspelling (letters swapped, missing,
/// doubled or wrong); else empty. Of equally near names the first.
std::string_view NearestName(std::string_view given, std::span<const std::string_view> known);

/// `; did you mean "x"?`, or nothing.
std::string DidYouMean(std::string_view given, std::span<const std::string_view> known);

}  // namespace plumbline
