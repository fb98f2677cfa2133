// Which resources a target means: regular expressions over ids, label and annotation selectors.
#pragma once

#include "kustomize/kustomization.h"

namespace plumbline::kustomize {

Result<std::vector<ResourcePtr>> SelectResources(const ResMap& resources, const Selector& selector);
/// Kubernetes' selector syntax: `a=b,c!=d,e in (f,g),h,!i`. An empty one matches everything.
Result<bool> MatchesSelector(const StringMap& strings, std::string_view selector);
/// Whether `text` matches a regular expression as a whole or, unanchored, in part. Fails for a bad
/// expression.
Result<bool> MatchesRegex(std::string_view text, const std::string& pattern, bool whole);

}  // namespace plumbline::kustomize
