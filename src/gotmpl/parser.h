// Go's text/template: text → syntax trees, one for the file and one for each {{ define }}.
#pragma once

#include <string>
#include <vector>

#include "gotmpl/ast.h"
#include "gotmpl/function.h"
#include "support/result.h"

namespace plumbline::gotmpl {

struct ParseInput {
  std::string_view name;    // of the template, as messages show it
  std::string_view source;  // must outlive the trees
  FileId file = kNoFile;
  /// Templates are nested no deeper than this.
  std::uint32_t max_depth = 200;
};

/// A fault with its place; `message` is Go's: "template: NAME:LINE: …".
struct ParseError {
  std::string message;
  std::uint32_t pos = 0;
};

/// The file's own template first, then those it defines, in the order in which they end. Trees and
/// names live in `arena`.
tl::expected<std::vector<Template>, ParseError> Parse(const ParseInput& input,
                                                      const FunctionSet& functions, Arena& arena);

}  // namespace plumbline::gotmpl
