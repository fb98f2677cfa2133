// The check every text passes before it is parsed.
#pragma once

#include <string_view>

#include "support/arena.h"
#include "support/diagnostic.h"
#include "support/limits.h"

namespace plumbline::hcl {

/// `text` as the parsers may read it: empty with a diagnostic when it is too large or binary, of
/// the same length with question marks in place of bytes that are no UTF-8.
std::string_view AdmitText(FileId file, std::string_view text, Arena& arena, const Limits& limits,
                           Diagnostics& diagnostics);

}  // namespace plumbline::hcl
