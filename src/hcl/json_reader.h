// JSON text → a plain tree that keeps the span of every key and value, for the HCL JSON form.
// Strict RFC 8259; after an error the tree holds what was read before it.
#pragma once

#include <span>
#include <string_view>

#include "support/arena.h"
#include "support/diagnostic.h"
#include "support/limits.h"

namespace plumbline::hcl {

struct JsonMember;

struct JsonNode {
  enum class Kind : std::uint8_t { kNull, kBool, kNumber, kString, kArray, kObject };
  Kind kind = Kind::kNull;
  bool decoded = false;  // kString: had escapes, `text` is a copy
  bool boolean = false;
  Span span;              // with quotes or brackets
  std::string_view text;  // kString: its value; kNumber: as written
  std::span<const JsonNode* const> items;
  std::span<const JsonMember> members;
};

struct JsonMember {
  JsonNode key;  // kString
  const JsonNode* value = nullptr;
};

/// Null when there is not even the beginning of a value.
const JsonNode* ReadJson(FileId file, std::string_view text, Arena& arena, const Limits& limits,
                         Diagnostics& diagnostics);

}  // namespace plumbline::hcl
