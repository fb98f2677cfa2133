// The syntax tree between parser, checker and emitter. Nodes live in the compilation's arena; the
// checker resolves names in place, the emitter writes what it finds.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "cel/cel.h"
#include "cel/code.h"

namespace plumbline::cel {

struct Ast {
  Op op = Op::kNull;
  std::uint32_t offset = 0;          // into the source, for messages
  std::uint32_t begin = 0, end = 0;  // of the source, without parentheses around the whole
  std::uint32_t height = 1;
  std::string_view text = {};      // identifier, field, function or string
  std::string_view variable = {};  // macros: the first variable
  std::string_view second = {};    // macros: the second variable, when there are two
  std::uint64_t bits = 0;          // bool, int, uint, double literal
  std::span<Ast*> kids = {};
  bool absolute = false;        // an identifier with a leading dot
  bool optional = false;        // `?element`, `?key: value`
  bool has_filter = false;      // macros
  bool object_element = false;  // macros: see kElementIsObject
  // Set by the checker.
  std::uint32_t slot = 0;  // variable, local, record field, builtin, host function
  const Type* type = nullptr;
};

}  // namespace plumbline::cel
