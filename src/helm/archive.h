// .tgz archives of charts, unpacked in memory.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"

namespace plumbline::helm {

struct ArchiveFile {
  std::string name;  // as in the archive, cleaned
  std::string data;
};

/// The regular files of a gzipped tar archive. Paths that are absolute or lead out of the archive,
/// links, and archives that unpack to more than the bounds are errors.
Result<std::vector<ArchiveFile>> ReadTgz(std::string_view bytes, std::size_t max_bytes,
                                         std::size_t max_files);

}  // namespace plumbline::helm
