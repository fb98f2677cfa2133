// Which resources a target means: regular expressions over ids, label and annotation selectors.
#pragma once

#include <functional>

#include "kustomize/kustomization.h"

namespace plumbline::kustomize {

Result<std::vector<ResourcePtr>> SelectResources(const ResMap& resources, const Selector& selector);
/// Kubernetes' selector syntax: `a=b,c!=d,e in (f,g),h,!i`. An empty one matches everything.
Result<bool> MatchesSelector(const StringMap& strings, std::string_view selector);
/// Tells whether a text matches a regular expression as a whole or, unanchored, in part.
using Matcher = std::function<bool(std::string_view text)>;
/// Fails for a bad expression.
Result<Matcher> MakeMatcher(const std::string& pattern, bool whole);

}  // namespace plumbline::kustomize
