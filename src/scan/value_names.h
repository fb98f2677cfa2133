// What a place in a values file is called ("image.tag"), for origins that a person reads.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>

#include "support/source.h"

namespace plumbline::scan {

/// Files are read when they are first asked about. Thread-safe.
class ValueNames {
 public:
  explicit ValueNames(const SourceMap& sources) : sources_(sources) {}
  /// "value" where the file has no name for the place.
  std::string At(Span place);

 private:
  using Names = std::map<std::uint32_t, std::string>;  // by where a value begins
  Names Read(FileId file) const;

  const SourceMap& sources_;
  std::mutex mutex_;
  std::unordered_map<FileId, Names> files_;
};

}  // namespace plumbline::scan
