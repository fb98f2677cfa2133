// Bodies and blocks out of tree-sitter's nodes, also out of its ERROR nodes: the items of a block
// whose end (or start) is broken hang there side by side, and are put back together here.
#include "hcl/tree_sitter_parser.h"

#include <algorithm>
#include <array>
#include <memory>

#include "hcl/admit.h"
#include "hcl/body_checks.h"
#include "hcl/parser.h"
#include "hcl/tree_sitter_reader.h"

extern "C" const TSLanguage* tree_sitter_hcl(void);

namespace plumbline::hcl {

namespace {

struct TopLevelType {
  std::string_view name;
  std::size_t labels;
};

// Blocks that Terraform has at the top of a file only. One that seems to stand inside a broken
// block is behind it.
constexpr auto kTopLevelTypes = std::to_array<TopLevelType>({
    {"data", 2},
    {"locals", 0},
    {"module", 1},
    {"output", 1},
    {"provider", 1},
    {"resource", 2},
    {"terraform", 0},
    {"variable", 1},
});

bool IsTopLevel(const Block& block) {
  return std::ranges::any_of(kTopLevelTypes, [&](const TopLevelType& t) {
    return t.name == block.type && t.labels == block.labels.size();
  });
}

bool IsBroken(TSNode node) { return ts_node_is_error(node) || ts_node_is_missing(node); }

}  // namespace

TreeSitterReader::TreeSitterReader(FileId file, std::string_view text, Arena& arena,
                                   const Limits& limits, Diagnostics* diagnostics)
    : file_(file),
      text_(text),
      arena_(arena),
      max_depth_(std::min<std::uint32_t>(limits.max_depth, 30'000)),
      diagnostics_(diagnostics) {}

// Without comments, which may stand anywhere.
TreeSitterReader::Nodes TreeSitterReader::Children(TSNode node) {
  Nodes out;
  if (ts_node_child_count(node) == 0) return out;
  TSTreeCursor cursor = ts_tree_cursor_new(node);
  if (ts_tree_cursor_goto_first_child(&cursor)) {
    do {
      TSNode child = ts_tree_cursor_current_node(&cursor);
      if (!ts_node_is_extra(child) || ts_node_is_error(child)) out.push_back(child);
    } while (ts_tree_cursor_goto_next_sibling(&cursor));
  }
  ts_tree_cursor_delete(&cursor);
  return out;
}

std::string_view TreeSitterReader::Text(TSNode node) const {
  std::uint32_t from = ts_node_start_byte(node), to = ts_node_end_byte(node);
  return text_.substr(from, to - from);
}

Span TreeSitterReader::SpanOf(TSNode node) const {
  return {file_, ts_node_start_byte(node), ts_node_end_byte(node)};
}

Span TreeSitterReader::SpanOf(TSNode first, TSNode last) const {
  return {file_, ts_node_start_byte(first), ts_node_end_byte(last)};
}

void TreeSitterReader::Report(Span span, std::string message, DiagnosticCode code) {
  if (diagnostics_ != nullptr) diagnostics_->push_back({code, std::move(message), span});
}

// The grammar has about two nodes a level of ours.
bool TreeSitterReader::Enter(Span span) {
  if (depth_ < 2 * max_depth_ + 8) {
    ++depth_;
    return true;
  }
  if (!too_deep_) {
    Report(span, "nested too deeply: more than " + std::to_string(max_depth_) + " levels",
           DiagnosticCode::kLimit);
  }
  too_deep_ = true;
  return false;
}

const Body* TreeSitterReader::ReadConfig(TSNode root) {
  Frame frame;
  std::vector<Block> hoisted;
  return ReadItems(root, std::move(frame), false, &hoisted);
}

const Body* TreeSitterReader::MakeBody(Frame& frame, std::uint32_t end) {
  Body* body = arena_.New<Body>();
  body->attributes = arena_.Copy(frame.attributes);
  body->blocks = arena_.Copy(frame.blocks);
  body->span = {file_, frame.begin, std::max(frame.begin, end)};
  body->partial = frame.partial;
  if (diagnostics_ != nullptr) ReportDuplicates(body->attributes, *diagnostics_);
  return body;
}

// The items below `node` (a config_file, body or ERROR) as the body of `frame`. Top-level blocks
// found in a broken body go to `hoisted`.
const Body* TreeSitterReader::ReadItems(TSNode node, Frame frame, bool recovering,
                                        std::vector<Block>* hoisted) {
  std::vector<Frame> frames;
  frames.push_back(std::move(frame));
  Nodes header;
  std::vector<Block> below;
  if (ts_node_is_error(node)) {
    ReadError(node, frames, header, below);
  } else {
    for (TSNode n : Children(node)) ReadItem(n, frames, header, below);
  }
  std::uint32_t end = ts_node_end_byte(node);
  while (frames.size() > 1) CloseFrame(frames, end);
  if (recovering) {
    std::vector<Block> own;
    for (const Block& b : frames[0].blocks) (IsTopLevel(b) ? *hoisted : own).push_back(b);
    frames[0].blocks = std::move(own);
    hoisted->insert(hoisted->end(), below.begin(), below.end());
  } else {
    frames[0].blocks.insert(frames[0].blocks.end(), below.begin(), below.end());
  }
  std::ranges::stable_sort(frames[0].blocks, {}, [](const Block& b) { return b.span.begin; });
  return MakeBody(frames[0], end);
}

void TreeSitterReader::ReadItem(TSNode node, std::vector<Frame>& frames, Nodes& header,
                                std::vector<Block>& hoisted) {
  std::string_view type = TypeOf(node);
  if (ts_node_is_error(node)) {
    frames.back().partial = true;
    Report(SpanOf(node), "expected an argument or a block");
    ReadError(node, frames, header, hoisted);
  } else if (type == "attribute") {
    ReadAttribute(node, frames.back());
  } else if (type == "block") {
    ReadBlock(node, frames.back(), hoisted);
  } else if (type == "body") {
    for (TSNode n : Children(node)) ReadItem(n, frames, header, hoisted);
  }
}

// The parts of blocks that lie loose in an ERROR node: a header and block_start open a block,
// block_end closes it.
void TreeSitterReader::ReadError(TSNode node, std::vector<Frame>& frames, Nodes& header,
                                 std::vector<Block>& hoisted) {
  if (!Enter(SpanOf(node))) return;
  for (TSNode n : Children(node)) {
    std::string_view type = TypeOf(n);
    if (type == "identifier" || type == "string_lit") {
      header.push_back(n);
      continue;
    }
    if (type == "block_start") {
      Frame frame;
      frame.begin = ts_node_start_byte(n);
      frame.partial = true;
      if (ReadHeader(header, FindHeader(header), frame.block)) {
        // A top-level block cannot stand in another one: those before it were not closed.
        while (IsTopLevel(frame.block) && frames.size() > 1)
          CloseFrame(frames, frame.block.header.begin);
        if (frames.size() <= max_depth_) frames.push_back(std::move(frame));
      }
    } else if (type == "=" && !header.empty() && TypeOf(header.back()) == "identifier") {
      // An argument whose value is debris: that it is set is worth knowing.
      Span name = SpanOf(header.back());
      frames.back().attributes.push_back(
          {Text(header.back()), name, Error(SpanOf(n)), SpanOf(header.back(), n)});
    } else if (type == "block_end" && frames.size() > 1) {
      CloseFrame(frames, ts_node_end_byte(n));
    } else {
      ReadItem(n, frames, header, hoisted);
    }
    header.clear();
  }
  --depth_;
}

void TreeSitterReader::CloseFrame(std::vector<Frame>& frames, std::uint32_t end) {
  Frame frame = std::move(frames.back());
  frames.pop_back();
  frame.block.body = MakeBody(frame, end);
  frame.block.span = {file_, frame.block.header.begin, std::max(end, frame.block.header.end)};
  frames.back().blocks.push_back(frame.block);
}

// Where in loose words a block's header begins: at the identifier before the last quoted labels.
// What stands before it is debris, except that a lone pair of identifiers is a type and a bare
// label.
std::size_t TreeSitterReader::FindHeader(const Nodes& words) {
  std::size_t type = words.size();
  while (type > 0 && TypeOf(words[type - 1]) == "string_lit") --type;
  if (type == words.size() && type == 2) --type;
  return type == 0 ? words.size() : type - 1;
}

// The type at words[type] and the labels behind it.
bool TreeSitterReader::ReadHeader(const Nodes& words, std::size_t type, Block& block) {
  if (type >= words.size() || TypeOf(words[type]) != "identifier") return false;
  block.type = Text(words[type]);
  block.type_span = SpanOf(words[type]);
  std::vector<Label> labels;
  for (std::size_t i = type + 1; i < words.size(); ++i) {
    if (TypeOf(words[i]) == "identifier") {
      labels.push_back({Text(words[i]), SpanOf(words[i])});
      continue;
    }
    const Expr* e = ReadTemplate(words[i], false);
    if (e->kind != ExprKind::kLiteral) return false;
    labels.push_back({e->value.as_string(), SpanOf(words[i])});
  }
  block.labels = arena_.Copy(labels);
  block.header = SpanOf(words[type], words.back());
  return true;
}

void TreeSitterReader::ReadAttribute(TSNode node, Frame& frame) {
  Nodes nodes = Children(node);
  if (nodes.empty() || TypeOf(nodes[0]) != "identifier") return;
  Attribute a;
  a.name = Text(nodes[0]);
  a.name_span = SpanOf(nodes[0]);
  bool whole = nodes.size() == 3 && TypeOf(nodes[2]) == "expression" && !ts_node_has_error(node);
  if (whole) {
    a.expr = ReadExpression(nodes[2]);
  } else {
    Report(SpanOf(node), "the value of \"" + std::string(a.name) + "\" cannot be read");
    a.expr = Error(SpanOf(nodes.back()));
  }
  a.span = {file_, a.name_span.begin, a.expr->span.end};
  frame.attributes.push_back(a);
}

void TreeSitterReader::ReadBlock(TSNode node, Frame& frame, std::vector<Block>& hoisted) {
  if (!Enter(SpanOf(node))) {
    frame.partial = true;
    return;
  }
  Nodes header;
  Frame inner;
  bool broken = ts_node_has_error(node);
  TSNode body_node = {};
  bool has_body = false;
  std::vector<Block> extra;
  for (TSNode n : Children(node)) {
    std::string_view type = TypeOf(n);
    if (IsBroken(n) && type != "body") inner.partial = true;
    if (type == "identifier" || type == "string_lit") {
      header.push_back(n);
    } else if (type == "block_start") {
      inner.begin = ts_node_start_byte(n);
    } else if (type == "block_end" && ts_node_start_byte(n) == ts_node_end_byte(n)) {
      inner.partial = true;  // inserted by the recovery
      Report(SpanOf(node), "the block is not closed: expected }");
    } else if (type == "body") {
      body_node = n;
      has_body = true;
    } else if (ts_node_is_error(n)) {
      Report(SpanOf(n), "expected an argument or a block");
      std::vector<Frame> frames;
      frames.push_back(std::move(inner));
      Nodes loose;
      ReadError(n, frames, loose, extra);
      while (frames.size() > 1) CloseFrame(frames, ts_node_end_byte(n));
      inner = std::move(frames[0]);
    }
  }
  Block block;
  bool named = ReadHeader(header, 0, block);
  bool partial = inner.partial;
  block.body = has_body ? ReadItems(body_node, std::move(inner), broken && partial, &hoisted)
                        : MakeBody(inner, ts_node_end_byte(node));
  hoisted.insert(hoisted.end(), extra.begin(), extra.end());
  block.span = SpanOf(node);
  if (named) frame.blocks.push_back(block);
  --depth_;
}

const Body* ReadWithTreeSitter(FileId file, std::string_view text, std::size_t from, std::size_t to,
                               Arena& arena, const Limits& limits, Diagnostics* diagnostics) {
  std::unique_ptr<TSParser, decltype(&ts_parser_delete)> parser(ts_parser_new(), &ts_parser_delete);
  if (!ts_parser_set_language(parser.get(), tree_sitter_hcl())) return nullptr;
  // Offsets stay those of the whole text; rows and columns are not asked for.
  TSRange range{{0, 0},
                {0xFFFFFFFF, 0xFFFFFFFF},
                static_cast<std::uint32_t>(from),
                static_cast<std::uint32_t>(to)};
  if (!ts_parser_set_included_ranges(parser.get(), &range, 1)) return nullptr;
  std::unique_ptr<TSTree, decltype(&ts_tree_delete)> tree(
      ts_parser_parse_string(parser.get(), nullptr, text.data(),
                             static_cast<std::uint32_t>(text.size())),
      &ts_tree_delete);
  if (tree == nullptr) return nullptr;
  TreeSitterReader reader(file, text, arena, limits, diagnostics);
  return reader.ReadConfig(ts_tree_root_node(tree.get()));
}

const Body* ParseFileWithTreeSitter(FileId file, std::string_view text, Arena& arena,
                                    const Limits& limits, Diagnostics& diagnostics) {
  text = AdmitText(file, text, arena, limits, diagnostics);
  const Body* body = ReadWithTreeSitter(file, text, 0, text.size(), arena, limits, &diagnostics);
  return body != nullptr ? body : arena.New<Body>();
}

}  // namespace plumbline::hcl
