// Builds Node trees from a stream of events: the shared back end of the YAML and JSON readers. It
// keeps its own stack, counts nodes (aliases at the full size of what they stand for), bounds
// depth, applies merge keys and reports duplicate keys. Aliases share their anchor's children, so
// memory stays linear in the text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "support/arena.h"
#include "support/diagnostic.h"
#include "support/limits.h"
#include "yaml/yaml.h"

namespace plumbline::yaml {

class TreeBuilder {
 public:
  TreeBuilder(FileId file, Arena& arena, const Limits& limits, Diagnostics& diagnostics)
      : file_(file), arena_(arena), limits_(limits), diagnostics_(diagnostics) {}

  /// Forgets the tree and its anchors, but not the nodes counted so far: the limit is the file's.
  void BeginDocument();
  /// What BeginDocument does not forget, for readers that may have to give up.
  struct Counts {
    std::size_t nodes = 0, duplicates = 0;
  };
  Counts counts() const { return {nodes_, duplicates_}; }
  void Restore(Counts counts) {
    nodes_ = counts.nodes;
    duplicates_ = counts.duplicates;
  }
  /// The finished document; null when it is empty, or was refused (then there is a diagnostic).
  const Node* root() const { return root_; }

  // Events. `anchor` 0 means none. They return false when a limit is hit or the document makes no
  // sense: stop then. `text` is the scalar as written (the key, if it is one); `plain` when it is
  // neither quoted nor tagged.
  [[nodiscard]] bool Scalar(Span span, Value value, std::string_view text, bool plain,
                            std::size_t anchor = 0);
  [[nodiscard]] bool Alias(Span span, std::size_t anchor);
  [[nodiscard]] bool Begin(bool mapping, std::uint32_t at, std::size_t anchor = 0);
  /// `end` is the offset behind the collection.
  [[nodiscard]] bool End(std::uint32_t end);

 private:
  /// A finished node waiting for its collection to end.
  struct Item {
    const Node* node = nullptr;  // null for a key that no alias can refer to
    Span span;
    std::string_view text;  // a scalar's text
    bool scalar = false, plain = false;
    std::uint32_t height = 0;  // levels of collections below it
    std::size_t count = 1;     // nodes, aliases expanded
  };
  struct Frame {
    bool mapping = false;
    std::uint32_t begin = 0;
    std::size_t anchor = 0;
    std::size_t first = 0;  // index of its first child in items_
  };
  struct Candidate {
    Entry entry;
    bool keep = true;
  };

  bool Push(Item item, std::size_t anchor);
  bool Charge(std::size_t count, Span span);
  bool Refuse(DiagnosticCode code, std::string message, Span span);
  bool Mapping(std::span<const Item> items, Node& node);
  bool Merge(const Item& value, Span entry);
  void MergeMapping(const Node& from, Span entry);
  void DropEqualKeys(std::size_t explicit_count);
  void ReportDuplicate(const Entry& entry);
  void Finish(Node& node);

  FileId file_;
  Arena& arena_;
  const Limits& limits_;
  Diagnostics& diagnostics_;
  std::size_t nodes_ = 0;
  std::size_t duplicates_ = 0;
  const Node* root_ = nullptr;
  std::vector<Frame> frames_;
  std::vector<Item> items_;
  std::unordered_map<std::size_t, Item> anchors_;
  std::vector<Candidate> candidates_;  // scratch of Mapping
  std::vector<std::uint32_t> order_;   // scratch of DropEqualKeys
};

}  // namespace plumbline::yaml
