#include "cli/command.h"

#include <fmt/format.h>

#include <cstdio>

namespace plumbline::cli {

int UsageError(const std::string& message) {
  fmt::print(stderr, "plumbline: {}\n", message);
  return kExitUsage;
}

}  // namespace plumbline::cli
