#include "yaml/builder.h"

#include <algorithm>

namespace plumbline::yaml {

void TreeBuilder::BeginDocument() {
  root_ = nullptr;
  frames_.clear();
  items_.clear();
  anchors_.clear();
}

bool TreeBuilder::Refuse(DiagnosticCode code, std::string message, Span span) {
  diagnostics_.push_back({code, std::move(message), span});
  root_ = nullptr;
  return false;
}

bool TreeBuilder::Charge(std::size_t count, Span span) {
  if (count <= limits_.max_yaml_nodes - nodes_) {
    nodes_ += count;
    return true;
  }
  return Refuse(DiagnosticCode::kLimit,
                "the file has more than " + std::to_string(limits_.max_yaml_nodes) +
                    " YAML nodes when its aliases are expanded; nothing behind this is read",
                span);
}

bool TreeBuilder::Push(Item item, std::size_t anchor) {
  if (anchor != 0) anchors_[anchor] = item;
  if (frames_.empty()) {
    root_ = item.node;
  } else {
    items_.push_back(item);
  }
  return true;
}

bool TreeBuilder::Scalar(Span span, Value value, std::string_view text, bool plain,
                         std::size_t anchor) {
  if (!Charge(1, span)) return false;
  Item item;
  bool key =
      !frames_.empty() && frames_.back().mapping && (items_.size() - frames_.back().first) % 2 == 0;
  if (!key || anchor != 0) item.node = arena_.New<Node>(value, span);
  item.span = span;
  item.text = text;
  item.scalar = true;
  item.plain = plain;
  return Push(item, anchor);
}

bool TreeBuilder::Alias(Span span, std::size_t anchor) {
  auto it = anchors_.find(anchor);
  if (it == anchors_.end()) {
    return Refuse(DiagnosticCode::kParseError,
                  "an alias refers to the very node it stands in; it must refer to an anchor that "
                  "ends before it",
                  span);
  }
  Item item = it->second;
  if (!Charge(item.count, span)) return false;
  if (frames_.size() + item.height > limits_.max_depth) {
    return Refuse(DiagnosticCode::kLimit,
                  "aliases nest more than " + std::to_string(limits_.max_depth) + " levels deep",
                  span);
  }
  Node* node = arena_.New<Node>(*item.node);
  node->anchor = item.node->anchor != nullptr ? item.node->anchor : item.node;
  node->span = span;
  item.node = node;
  item.span = span;
  item.plain = false;
  return Push(item, 0);
}

bool TreeBuilder::Begin(bool mapping, std::uint32_t at, std::size_t anchor) {
  Span span{file_, at, at};
  if (!Charge(1, span)) return false;
  if (frames_.size() >= limits_.max_depth) {
    return Refuse(DiagnosticCode::kLimit,
                  "nested more than " + std::to_string(limits_.max_depth) + " levels deep", span);
  }
  frames_.push_back({mapping, at, anchor, items_.size()});
  return true;
}

bool TreeBuilder::End(std::uint32_t end) {
  Frame frame = frames_.back();
  frames_.pop_back();
  std::span<const Item> children(items_.begin() + static_cast<std::ptrdiff_t>(frame.first),
                                 items_.end());
  Node* node = arena_.New<Node>();
  node->span = {file_, frame.begin, end};
  Item item;
  item.node = node;
  item.span = node->span;
  for (const Item& child : children) {
    item.height = std::max(item.height, child.height);
    item.count += child.count;
  }
  ++item.height;
  if (frame.mapping) {
    if (!Mapping(children, *node)) return false;
  } else {
    auto nodes = arena_.NewArray<const Node*>(children.size());
    auto values = arena_.NewArray<Value>(children.size());
    for (std::size_t i = 0; i < children.size(); ++i) {
      nodes[i] = children[i].node;
      values[i] = children[i].node->value;
    }
    node->items = nodes;
    node->value = Value::Tuple(
        arena_.New<ListRep>(static_cast<const Type*>(nullptr), std::span<const Value>(values)));
  }
  items_.resize(frame.first);
  return Push(item, frame.anchor);
}

bool TreeBuilder::Mapping(std::span<const Item> items, Node& node) {
  candidates_.clear();
  bool merges = false;
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
    const Item& key = items[i];
    if (!key.scalar) {
      return Refuse(DiagnosticCode::kParseError,
                    "a mapping or list stands where a key is expected; a key must be a scalar (is "
                    "this a template that has to be rendered first?)",
                    key.span);
    }
    if (key.plain && key.text == "<<") {
      merges = true;
      continue;
    }
    candidates_.push_back({Entry{key.text, key.span, items[i + 1].node, Span{}}, true});
  }
  std::size_t explicit_count = candidates_.size();
  for (std::size_t i = 0; merges && i + 1 < items.size(); i += 2) {
    if (items[i].plain && items[i].text == "<<") {
      Merge(items[i + 1], Join(items[i].span, items[i + 1].span));
    }
  }
  DropEqualKeys(explicit_count);
  Finish(node);
  return true;
}

bool TreeBuilder::Merge(const Item& value, Span entry) {
  const Node& node = *value.node;
  if (node.value.is_mapping()) {
    MergeMapping(node, entry);
    return true;
  }
  bool good = node.value.is_sequence();
  for (const Node* item : node.items) {
    if (item->value.is_mapping()) {
      MergeMapping(*item, entry);
    } else {
      good = false;
    }
  }
  if (!good) {
    diagnostics_.push_back({DiagnosticCode::kParseError,
                            "the value of << must be a mapping or a list of mappings", node.span});
  }
  return good;
}

void TreeBuilder::MergeMapping(const Node& from, Span entry) {
  for (const Entry& e : from.entries) {
    candidates_.push_back({Entry{e.key, e.key_span, e.value, entry}, true});
  }
}

void TreeBuilder::ReportDuplicate(const Entry& entry) {
  constexpr std::size_t kMaxReported = 100;  // of one file: nobody reads more
  if (++duplicates_ > kMaxReported) return;
  diagnostics_.push_back({DiagnosticCode::kDuplicate,
                          "the key \"" + std::string(entry.key.substr(0, 200)) +
                              "\" is set twice in one mapping; the last one counts",
                          entry.key_span});
}

// Explicit entries beat merged ones; of equal explicit ones the last wins, of equal merged ones the
// first.
void TreeBuilder::DropEqualKeys(std::size_t explicit_count) {
  order_.resize(candidates_.size());
  for (std::uint32_t i = 0; i < order_.size(); ++i) order_[i] = i;
  std::sort(order_.begin(), order_.end(), [&](std::uint32_t a, std::uint32_t b) {
    int c = candidates_[a].entry.key.compare(candidates_[b].entry.key);
    return c != 0 ? c < 0 : a < b;
  });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < order_.size(); ++i) {
    if (kept > 0) {
      Candidate& before = candidates_[order_[kept - 1]];
      Candidate& now = candidates_[order_[i]];
      if (before.entry.key == now.entry.key) {
        if (order_[i] >= explicit_count) {
          now.keep = false;
          continue;
        }
        before.keep = false;
        --kept;
        ReportDuplicate(now.entry);
      }
    }
    order_[kept++] = order_[i];
  }
  order_.resize(kept);
}

// The entries in source order, the value's members sorted.
void TreeBuilder::Finish(Node& node) {
  auto members = arena_.NewArray<Member>(order_.size());
  for (std::size_t i = 0; i < order_.size(); ++i) {
    const Entry& e = candidates_[order_[i]].entry;
    members[i] = {e.key, e.value->value};
  }
  auto entries = arena_.NewArray<Entry>(order_.size());
  std::size_t n = 0;
  for (const Candidate& c : candidates_) {
    if (c.keep) entries[n++] = c.entry;
  }
  node.entries = entries;
  node.value = Value::Object(
      arena_.New<ObjectRep>(static_cast<const Type*>(nullptr), std::span<const Member>(members)));
}

}  // namespace plumbline::yaml
