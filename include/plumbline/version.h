// The version of this build.
#pragma once

namespace plumbline {

/// "0.1.0"
const char* Version();

}  // namespace plumbline
