// HCL text → syntax tree. A strict hand-written parser reads valid files at memory speed; a file it
// refuses is read again through tree-sitter, whose error recovery keeps the readable blocks.
#pragma once

#include <string>
#include <string_view>

#include "hcl/ast.h"
#include "support/arena.h"
#include "support/diagnostic.h"
#include "support/limits.h"

namespace plumbline::hcl {

/// `text` must outlive the arena's users (literals are views into it) and be the text of `file`.
/// The result is never null; what could not be read is reported in `diagnostics` and left out.
const Body* ParseFile(FileId file, std::string_view text, Arena& arena, const Limits& limits,
                      Diagnostics& diagnostics);

/// A file in JSON syntax (.tf.json, terraform.tfvars.json): the known top-level block types
/// (resource, variable, module, …) become blocks, everything inside them attributes whose string
/// values are templates. `as_variables`: a tfvars.json file, where strings are literal.
const Body* ParseJsonFile(FileId file, std::string_view text, bool as_variables, Arena& arena,
                          const Limits& limits, Diagnostics& diagnostics);

/// One expression, spanning the whole text. Null with a diagnostic when it is not one.
const Expr* ParseExpression(FileId file, std::string_view text, Arena& arena, const Limits& limits,
                            Diagnostics& diagnostics);

/// A template file's text (templatefile, templatestring): literal text with ${ } and %{ }.
const Expr* ParseTemplate(FileId file, std::string_view text, Arena& arena, const Limits& limits,
                          Diagnostics& diagnostics);

/// The tree as text, for table tests and for comparing the two parsers.
std::string Dump(const Body& body);
std::string Dump(const Expr& expr);

/// The same file through tree-sitter alone: the differential oracle.
const Body* ParseFileWithTreeSitter(FileId file, std::string_view text, Arena& arena,
                                    const Limits& limits, Diagnostics& diagnostics);

}  // namespace plumbline::hcl
