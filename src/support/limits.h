// Bounds on hostile input. Each limit has a default that no real repository met, and a test.
#pragma once

#include <cstddef>
#include <cstdint>

namespace plumbline {

struct Limits {
  std::size_t max_file_bytes = 64u << 20;       // one source file
  std::uint32_t max_depth = 512;                // nesting of expressions, blocks, YAML nodes
  std::uint32_t max_instances = 20'000;         // count and for_each of one block
  std::uint32_t max_total_instances = 200'000;  // of one project
  std::uint32_t max_module_depth = 64;          // nesting of module calls
  std::size_t max_yaml_nodes = 2'000'000;       // per file, after expanding aliases
  std::size_t max_string_bytes = 32u << 20;     // one computed string
  std::uint64_t max_steps = 50'000'000;         // expression evaluation steps of one project
  std::uint32_t max_file_count = 500'000;       // files met while walking
  std::uint32_t max_walk_depth = 64;            // nesting of folders
};

}  // namespace plumbline
