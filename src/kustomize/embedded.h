// YAML inside a text of another file (an inline patch, the values of an Application): offsets in
// the text → places in the file.
#pragma once

#include <string_view>
#include <vector>

#include "support/source.h"

namespace plumbline::kustomize {

class EmbeddedText {
 public:
  /// `text` is the value of the scalar that `span` covers in `file`, the file's whole text.
  EmbeddedText(std::string_view file, std::string_view text, Span span);
  /// Inside a literal block scalar the exact place, else the whole scalar.
  Span Place(Span span) const;

 private:
  std::uint32_t Outer(std::uint32_t offset) const;

  Span whole_;
  std::vector<std::uint32_t> inner_;  // offset of each line in the text
  std::vector<std::uint32_t> outer_;  // and in the file
  bool exact_ = false;
};

}  // namespace plumbline::kustomize
