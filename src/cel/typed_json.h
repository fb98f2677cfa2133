// Typed JSON, the form in which values of CEL are written without loss: {"int": "1"}, {"list":
// […]},
// {"map": [[KEY, VALUE], …]}, {"duration": "1.500000000"}, …
#pragma once

#include <string>

#include "cel/cel.h"
#include "support/result.h"

namespace plumbline::cel {

void AppendTypedJson(std::string& out, Val v);
/// Reads what `AppendTypedJson` writes, parsed as JSON. The result lives in `arena`.
Result<Val> FromTypedJson(const Value& json, Arena& arena);

}  // namespace plumbline::cel
