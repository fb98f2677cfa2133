// A value as `terraform console` prints it.
#pragma once

#include <string>

#include "value/value.h"

namespace plumbline::terraform {

/// "hello", tolist([…]), { "a" = 1 }, (sensitive value), (known after apply) …; multi-line where
/// Terraform's is.
std::string ConsoleText(Value v);

}  // namespace plumbline::terraform
