// Bounds on what comes over the network. Each has a test.
#pragma once

#include <cstddef>
#include <cstdint>

namespace plumbline::fetch {

struct FetchLimits {
  std::uint64_t max_download_bytes = 256u << 20;  // one archive, or what git receives
  std::uint64_t max_package_bytes = 512u << 20;   // unpacked
  std::uint32_t max_git_objects = 5'000'000;      // what git receives
  std::uint32_t max_package_entries = 50'000;     // files, folders and links
  // An archive may unpack to this many times its size; small ones are never a danger.
  std::uint32_t max_ratio = 100;
  std::uint64_t ratio_free_bytes = 32u << 20;
  std::size_t max_path_bytes = 1'024;
  std::size_t max_answer_bytes = 16u << 20;  // a registry's JSON, a page with a redirect
  std::uint32_t max_redirects = 10;
  std::uint32_t max_hops = 5;  // addresses that lead to other addresses
  std::uint32_t connect_seconds = 15;
  std::uint32_t stall_seconds = 30;             // without a byte
  std::uint64_t max_memory_bytes = 2ull << 30;  // of the process that gets one module
  std::uint32_t module_seconds = 300;  // everything for one module; PLUMBLINE_FETCH_TIMEOUT
};

}  // namespace plumbline::fetch
