// Strict JSON text → the same Node trees as YAML gives, in one pass and without recursion.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "yaml/builder.h"

namespace plumbline::yaml {

enum class JsonStatus : std::uint8_t { kDone, kNotJson, kRefused };

struct JsonResult {
  JsonStatus status = JsonStatus::kDone;
  std::uint32_t end = 0;      // behind the value; where the fault is for kNotJson
  std::string_view expected;  // for kNotJson
};

/// Reads one value at `at` in `text` into `builder`. kRefused: the builder met a limit and has said
/// so.
JsonResult ReadJson(FileId file, std::string_view text, std::uint32_t at, Arena& arena,
                    TreeBuilder& builder);

}  // namespace plumbline::yaml
