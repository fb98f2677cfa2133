// YAML (1.1 scalars as Kubernetes reads them, through yaml-cpp's events) and JSON text → trees with
// spans.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "support/arena.h"
#include "support/diagnostic.h"
#include "support/limits.h"
#include "support/source.h"
#include "value/value.h"

namespace plumbline::yaml {

struct Node;

struct Entry {
  std::string_view key;
  Span key_span;
  const Node* value = nullptr;
  Span merge;  // the `<<: *base` entry that brought this one in; not valid for an entry of the
               // mapping itself
};

/// A key that a rendered mapping lacks because a value has switched off what would have written it.
struct Absent {
  std::string_view key;
  Span from;
};

/// A node with its place in the text. Mappings keep the source's order; `value` is the whole
/// subtree as a Value (an object sorted by key, anchors and merge keys resolved).
struct Node {
  Value value;
  Span span;                           // the scalar, or first to last character of the collection
  std::span<const Entry> entries;      // mapping
  std::span<const Node* const> items;  // sequence
  const Node* anchor = nullptr;  // of an alias (`*a`, covered by `span`): the node it stands for
  Span
      from;  // of a rendered text: where the value was set, e.g. a values file; not valid otherwise
  std::span<const Absent> absent;  // of a rendered mapping
  const Node* Find(std::string_view key) const;
  /// The entry itself, for its key's span.
  const Entry* FindEntry(std::string_view key) const;
};

struct Document {
  const Node* root = nullptr;  // null for an empty document
  Span span;
};

/// All documents of a text, which must outlive the arena: strings point into it. Keys are kept as
/// they are written (`on` is "on"); of equal keys the last wins, with a kDuplicate diagnostic. A
/// syntax error is a diagnostic (with the documents before it kept); aliases, depth and size are
/// bounded by `limits`. JSON is read with its positions too, at JSON speed.
std::vector<Document> Parse(FileId file, std::string_view text, Arena& arena, const Limits& limits,
                            Diagnostics& diagnostics);

}  // namespace plumbline::yaml
