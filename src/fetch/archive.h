// Archives → packages, through libarchive: zip, and tar behind gzip, bzip2 or xz.
#pragma once

#include <string>

#include "fetch/tree_writer.h"

namespace plumbline::fetch {

Result<void> Unpack(const std::string& file, TreeWriter& out);

}  // namespace plumbline::fetch
