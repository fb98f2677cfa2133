// Message literals. The only messages known here are the well-known wrappers, which stand for plain
// values: `google.protobuf.Int32Value{value: 1}` is 1.
#pragma once

#include <string>
#include <string_view>

#include "cel/ast.h"
#include "support/arena.h"

namespace plumbline::cel {

/// Whether there is a message of this full name.
bool IsMessage(std::string_view name);
/// Replaces the literal of the message `name` by the value it stands for. Returns what is wrong
/// with it, or nothing.
std::string FoldMessage(Ast& literal, std::string_view name);

}  // namespace plumbline::cel
