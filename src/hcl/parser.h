// HCL text → syntax tree. A strict hand-written parser reads valid files; in a file it refuses,
// only the top-level items with errors are read again through tree-sitter, whose error recovery
// keeps what is readable in them. String literals are in Unicode's normal form C, as Terraform's
// are.
#pragma once

#include <string>
#include <string_view>

#include "hcl/ast.h"
#include "support/arena.h"
#include "support/diagnostic.h"
#include "support/limits.h"

namespace plumbline::hcl {

/// `text` must outlive the arena's users (literals are views into it) and be the text of `file`.
/// The result is never null. Of syntax errors the first is reported; what could not be read is left
/// out or kError, and bodies that lack something are marked `partial`.
const Body* ParseFile(FileId file, std::string_view text, Arena& arena, const Limits& limits,
                      Diagnostics& diagnostics);

/// True when `name` is a nested block, not an attribute, in resources (or the provider) of `type`.
using IsNestedBlockName = bool (*)(std::string_view type, std::string_view name);

/// A file in JSON syntax (.tf.json, terraform.tfvars.json): the known top-level block types
/// (resource, variable, module, …) become blocks, and so do, inside of them, Terraform's own nested
/// blocks and those that `is_nested` knows (null: none); the rest becomes attributes whose string
/// values are templates. Attributes that hold references or types (depends_on, provider, type, …)
/// have their strings parsed as expressions. `as_variables`: a tfvars.json file, where strings are
/// literal and nothing is a block.
const Body* ParseJsonFile(FileId file, std::string_view text, bool as_variables, Arena& arena,
                          const Limits& limits, Diagnostics& diagnostics,
                          IsNestedBlockName is_nested = nullptr);

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
