// Globs of .Files.Glob: `*` within a path element, `**` across them, `?`, [classes], {a,b}.
#pragma once

#include <string_view>

namespace plumbline::helm {

bool GlobMatch(std::string_view pattern, std::string_view name);

}  // namespace plumbline::helm
