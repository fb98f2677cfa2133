#include "plumbline/version.h"

namespace plumbline {

const char* Version() { return PLUMBLINE_VERSION; }

}  // namespace plumbline
