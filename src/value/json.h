// JSON out of and into values.
#pragma once

#include <string>
#include <string_view>

#include "support/limits.h"
#include "support/result.h"
#include "value/value.h"

namespace plumbline {

/// Appends `s` as a JSON string with quotes. Invalid UTF-8 becomes U+FFFD.
void AppendJsonString(std::string& out, std::string_view s);
/// Appends compact JSON: numbers exactly, keys in order, unknown as {"$unknown":true}; marks are
/// ignored.
void AppendJson(std::string& out, Value v);
std::string ToJson(Value v);
/// Parses JSON text to objects, tuples and exact numbers. Bounded by `limits` (depth, bytes); of
/// equal keys the last wins.
Result<Value> ParseJson(Arena& arena, std::string_view text, const Limits& limits);

}  // namespace plumbline
