// The syntax tree of Go's text/template, as the parser builds it and the executor walks it. All in
// one arena; texts are views into the template's source or into the arena.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "gotmpl/value.h"

namespace plumbline::gotmpl {

struct Pipe;

enum class OperandKind : std::uint8_t {
  kDot,         // .
  kNil,         // nil
  kField,       // .A.B
  kVariable,    // $x.A.B: the first name is the variable's, with its $
  kChain,       // (pipe).A.B, or a term followed by fields
  kIdentifier,  // a function's name
  kBool,
  kNumber,
  kString,
  kPipe,  // (pipe)
};

struct Operand {
  OperandKind kind = OperandKind::kDot;
  std::uint32_t begin = 0, end = 0;         // byte offsets in the template
  std::uint32_t pos = 0;                    // where messages see it: Go's is that of a later field
  std::span<const std::string_view> names;  // kField, kVariable, kChain
  std::string_view name;                    // kIdentifier; the literal's text
  const Operand* term = nullptr;            // kChain
  const Pipe* pipe = nullptr;               // kPipe
  const struct Function* function = nullptr;  // kIdentifier: found while parsing
  Value value;                                // kBool, kString, kNumber
  bool overflows = false;                     // kNumber: an integer that int cannot hold
  bool is_int = false, is_float = false;      // kNumber: what it can be
  std::int64_t int_value = 0;
  double float_value = 0;
  std::int32_t slot = -1;  // kVariable: its place in the template's frame
};

struct Command {
  std::uint32_t pos = 0, end = 0;
  std::span<const Operand* const> args;
};

struct Pipe {
  std::uint32_t pos = 0, end = 0;
  std::uint32_t line = 0;
  bool is_assignment = false;                 // = instead of :=
  std::span<const Operand* const> variables;  // kVariable, one or two (range)
  std::span<const Command* const> commands;
};

enum class NodeKind : std::uint8_t {
  kText,
  kAction,
  kIf,
  kRange,
  kWith,
  kTemplate,
  kBreak,
  kContinue
};

struct Node {
  NodeKind kind = NodeKind::kText;
  std::uint32_t pos = 0, end = 0;
  std::string_view text;       // kText; kTemplate: the name
  const Pipe* pipe = nullptr;  // may be null for kTemplate
  std::span<const Node* const> body, otherwise;
};

/// One named template: a file's top level or a {{ define }}.
struct Template {
  std::string_view name;
  std::string_view parse_name;  // of the file that it stands in, for messages
  FileId file = kNoFile;
  std::string_view source;  // the file's whole text
  std::uint32_t source_offset =
      0;  // of `source` in the file (0 but for tpl's texts, which have no file)
  std::span<const Node* const> body;
  std::uint32_t slots = 0;  // variables at most
  bool is_empty = false;    // nothing but blanks and comments
};

}  // namespace plumbline::gotmpl
