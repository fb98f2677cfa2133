// Which remote modules a set of root modules needs: their calls are followed without evaluating
// anything, so that everything missing can be asked for in few rounds before evaluation begins.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "terraform/modules/store.h"
#include "terraform/parsed_files.h"

namespace plumbline::terraform {

struct ClosureLimits {
  std::uint32_t max_downloads = 1'000;  // of one scan, over the network
  std::uint32_t max_calls = 100'000;    // of one project, followed to find what is missing
};

/// Answers in the order of the requests.
using FetchModules =
    std::function<std::vector<FetchAnswer>(const std::vector<ModuleRequest>& requests)>;

/// Follows the calls of `roots` through `store`, and makes known how files of the packages met are
/// shown. `fetch` (may be null) is asked for what is missing, a batch a round, and what it brings
/// is followed too.
void ResolveModules(ParsedFiles& files, const std::vector<std::string>& roots, ModuleStore& store,
                    const FetchModules& fetch, const ClosureLimits& limits = {});

}  // namespace plumbline::terraform
