// A value as `terraform console` prints it.
#pragma once

#include <cstdint>
#include <string>

#include "value/value.h"

namespace plumbline::terraform {

/// "hello", tolist([…]), { "a" = 1 }, (sensitive value), (known after apply) …; multi-line where
/// Terraform's is.
std::string ConsoleText(Value v);
/// Whether a character is shown as it is: letters, marks, numbers, punctuation, symbols and the
/// plain space.
bool IsPrintable(std::int32_t c);
/// A type as the console's type() prints it.
std::string ConsoleTypeText(const Type* type);

}  // namespace plumbline::terraform
