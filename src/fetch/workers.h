// A process a request, a few at a time: a library that hangs, crashes or eats memory over hostile
// input costs one module, not the run.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "fetch/package.h"

namespace plumbline::fetch {

using OnAnswer = std::function<void(std::size_t index, const terraform::FetchAnswer&)>;

/// Answers come in the order in which they are ready.
void FetchAll(const FetchOptions& options, const std::vector<terraform::ModuleRequest>& requests,
              const OnAnswer& on_answer);

/// One line: {"id":"0","tree":…} or {"id":"0","error":…}.
std::string AnswerText(std::size_t index, const terraform::FetchAnswer& answer);

}  // namespace plumbline::fetch
