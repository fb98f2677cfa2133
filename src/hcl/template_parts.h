// What both parsers share about templates: literal pieces and ${ } and %{ } sequences in order
// become one expression. Here the strip markers, the flush of `<<-` heredocs, the escapes and the
// nesting of directives are resolved, as the reference implementation does it: a strip marker trims
// the neighbouring piece only, and in heredocs and template files a piece ends with its line.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "hcl/ast.h"
#include "support/arena.h"

namespace plumbline::hcl {

struct TemplatePart {
  enum class Kind : std::uint8_t { kLiteral, kInterpolation, kIf, kElse, kEndIf, kFor, kEndFor };
  Kind kind = Kind::kLiteral;
  bool strip_before = false;              // opened by ${~ or %{~
  bool strip_after = false;               // closed by ~}
  std::string_view text;                  // kLiteral, escapes resolved
  const Expr* expr = nullptr;             // interpolated value, condition or collection
  std::string_view key_name, value_name;  // kFor
  Span span;
};

struct TemplateOptions {
  bool heredoc = false;
  bool flush = false;  // `<<-`
  bool quoted = true;  // false: a template file
  std::uint32_t max_depth = 512;
};

struct TemplateError {
  std::string message;
  Span span;
};

/// The expression for a whole template spanning `span`. `parts` is changed. Null with `error` set
/// when directives do not nest.
const Expr* AssembleTemplate(Arena& arena, std::span<TemplatePart> parts, Span span,
                             const TemplateOptions& options, TemplateError& error);

struct EscapeError {
  std::size_t offset = 0;  // of the backslash
  std::string message;
};

/// Resolves `$${`, `%%{` and, when `backslashes`, the escapes of quoted strings. Returns `raw` when
/// it has none.
std::string_view Unescape(Arena& arena, std::string_view raw, bool backslashes,
                          std::optional<EscapeError>& error);

}  // namespace plumbline::hcl
