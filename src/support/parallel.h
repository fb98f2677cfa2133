// One pool, no shared writes: work is split by index, each index writes only its own slot.
#pragma once

#include <cstddef>
#include <functional>

namespace plumbline {

/// Runs `work(i)` for i in [0, n) on up to `jobs` threads (0: one a core) and waits. `work` must
/// not throw. Runs on the calling thread alone when n or jobs is 1. The results must not depend on
/// the order of execution.
void ParallelFor(std::size_t n, unsigned jobs, const std::function<void(std::size_t)>& work);

}  // namespace plumbline
