// A strict reader of the YAML that most files are written in: block mappings and lists, one-line
// scalars, `|` texts, flow collections on one line. It gives exactly the trees that yaml-cpp's
// events give, many times faster, and gives up at the first thing outside of that subset (anchors,
// tags, multi-line plain texts, tabs, any fault): the document is then read by yaml-cpp from its
// start. tests/yaml/fast_reader_test.cc holds the two to each other.
#pragma once

#include <cstdint>
#include <string_view>

#include "yaml/builder.h"

namespace plumbline::yaml {

enum class FastStatus : std::uint8_t {
  kDone,
  kGivenUp,  // nothing is known about the text; the builder has to be restored
  kRefused,  // the builder met a limit and has said so
};

/// Reads the only document of `text[begin, end)` into `builder`.
FastStatus ReadFast(FileId file, std::string_view text, std::uint32_t begin, std::uint32_t end,
                    Arena& arena, TreeBuilder& builder);

}  // namespace plumbline::yaml
