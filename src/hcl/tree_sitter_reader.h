// tree-sitter's concrete tree → our syntax tree. No type of tree-sitter leaves the .cc files that
// include this header.
#pragma once

#include <tree_sitter/api.h>

#include <string_view>
#include <vector>

#include "hcl/ast.h"
#include "hcl/template_parts.h"
#include "support/arena.h"
#include "support/diagnostic.h"
#include "support/limits.h"

namespace plumbline::hcl {

class TreeSitterReader {
 public:
  TreeSitterReader(FileId file, std::string_view text, Arena& arena, const Limits& limits,
                   Diagnostics* diagnostics);
  const Body* ReadConfig(TSNode root);

 private:
  using Nodes = std::vector<TSNode>;
  // A block (or the file) whose items are being collected.
  struct Frame {
    Block block;
    std::uint32_t begin = 0;
    bool partial = false;
    std::vector<Attribute> attributes;
    std::vector<Block> blocks;
  };

  // Nodes (tree_sitter_parser.cc).
  static Nodes Children(TSNode node);
  std::string_view Text(TSNode node) const;
  Span SpanOf(TSNode node) const;
  Span SpanOf(TSNode first, TSNode last) const;
  void Report(Span span, std::string message, DiagnosticCode code = DiagnosticCode::kParseError);
  bool Enter(Span span);

  // Bodies (tree_sitter_parser.cc).
  const Body* ReadItems(TSNode node, Frame frame, bool recovering, std::vector<Block>* hoisted);
  void ReadItem(TSNode node, std::vector<Frame>& frames, Nodes& header,
                std::vector<Block>& hoisted);
  void ReadError(TSNode node, std::vector<Frame>& frames, Nodes& header,
                 std::vector<Block>& hoisted);
  void ReadAttribute(TSNode node, Frame& frame);
  void ReadBlock(TSNode node, Frame& frame, std::vector<Block>& hoisted);
  static std::size_t FindHeader(const Nodes& words);
  bool ReadHeader(const Nodes& words, std::size_t type, Block& block);
  void CloseFrame(std::vector<Frame>& frames, std::uint32_t end);
  const Body* MakeBody(Frame& frame, std::uint32_t end);

  // Expressions (tree_sitter_expr.cc).
  Expr* NewExpr(ExprKind kind, Span span);
  const Expr* Error(Span span) { return NewExpr(ExprKind::kError, span); }
  const Expr* Finish(Expr* e);
  const Expr* ReadExpression(TSNode node);
  const Expr* ReadTerm(const Nodes& nodes, std::size_t& i);
  const Expr* ReadPrimary(TSNode node);
  const Expr* ReadPrimaryBelow(TSNode node);
  const Expr* ReadLiteral(TSNode node);
  const Expr* ReadWord(TSNode node);
  const Expr* ReadOperation(TSNode node);
  const Expr* MakeConditional(const Expr* condition, const Expr* yes, const Expr* no);
  const Expr* ReadConditional(TSNode node);
  const Expr* ReadCall(TSNode node);
  const Expr* ReadTuple(TSNode node);
  const Expr* ReadObject(TSNode node);
  const Expr* ReadFor(TSNode node);
  bool ReadForNames(TSNode intro, std::string_view& key_name, std::string_view& value_name,
                    const Expr*& collection);
  bool ReadSteps(TSNode node, std::vector<Step>& steps);
  const Expr* ReadTemplate(TSNode node, bool heredoc);
  bool CollectSequences(TSNode node, std::vector<TemplatePart>& sequences);
  bool AddLiteral(std::uint32_t from, std::uint32_t to, bool heredoc,
                  std::vector<TemplatePart>& parts);

  const FileId file_;
  const std::string_view text_;
  Arena& arena_;
  const std::uint32_t max_depth_;
  Diagnostics* diagnostics_;
  std::uint32_t depth_ = 0;
  bool too_deep_ = false;
};

/// What kind of node this is, by its name in the grammar.
inline std::string_view TypeOf(TSNode node) { return ts_node_type(node); }

}  // namespace plumbline::hcl
