// Expressions and templates out of tree-sitter's nodes. An expression that holds an error is kError
// as a whole when its shape is not as expected: half an expression has no meaning.
#include <algorithm>
#include <string>

#include "hcl/text.h"
#include "hcl/tree_sitter_reader.h"
#include "value/number.h"

namespace plumbline::hcl {

namespace {

Op BinaryOp(std::string_view s) {
  struct Entry {
    std::string_view text;
    Op op;
  };
  static constexpr Entry kOps[] = {
      {"+", Op::kAdd}, {"-", Op::kSub},  {"*", Op::kMul}, {"/", Op::kDiv}, {"%", Op::kMod},
      {"==", Op::kEq}, {"!=", Op::kNe},  {"<", Op::kLt},  {"<=", Op::kLe}, {">", Op::kGt},
      {">=", Op::kGe}, {"&&", Op::kAnd}, {"||", Op::kOr},
  };
  for (const Entry& e : kOps) {
    if (e.text == s) return e.op;
  }
  return Op::kNone;
}

}  // namespace

Expr* TreeSitterReader::NewExpr(ExprKind kind, Span span) {
  Expr* e = arena_.New<Expr>();
  e->kind = kind;
  e->span = span;
  return e;
}

// Sets the height from the children; a tree that is too high becomes kError.
const Expr* TreeSitterReader::Finish(Expr* e) {
  std::uint32_t height = 0;
  auto below = [&](const Expr* x) {
    if (x != nullptr) height = std::max<std::uint32_t>(height, x->height + 1u);
  };
  below(e->operand);
  for (const Expr* x : e->args) below(x);
  std::uint32_t splats = 0;
  for (const Step& s : e->steps) {
    below(s.index);
    if (s.kind == Step::Kind::kAttrSplat || s.kind == Step::Kind::kFullSplat) ++splats;
  }
  for (const ObjectItem& item : e->items) {
    below(item.key);
    below(item.value);
  }
  if (e->for_ != nullptr) {
    for (const Expr* x : {e->for_->collection, e->for_->key, e->for_->value, e->for_->condition}) {
      below(x);
    }
  }
  if (height + splats > max_depth_) return Error(e->span);
  e->height = static_cast<std::uint16_t>(height + splats);
  return e;
}

const Expr* TreeSitterReader::ReadExpression(TSNode node) {
  Nodes nodes = Children(node);
  std::size_t i = 0;
  if (nodes.empty() || !Enter(SpanOf(node))) return Error(SpanOf(node));
  const Expr* e = ReadTerm(nodes, i);
  --depth_;
  return i == nodes.size() ? e : Error(SpanOf(node));
}

// A primary and the steps behind it: the grammar lays them side by side.
const Expr* TreeSitterReader::ReadTerm(const Nodes& nodes, std::size_t& i) {
  TSNode first = nodes[i];
  const Expr* base = nullptr;
  if (TypeOf(first) == "(") {
    if (i + 2 >= nodes.size() || TypeOf(nodes[i + 2]) != ")") return Error(SpanOf(first));
    Expr* e = NewExpr(ExprKind::kParens, SpanOf(first, nodes[i + 2]));
    e->operand = ReadExpression(nodes[i + 1]);
    base = Finish(e);
    i += 3;
  } else {
    base = ReadPrimary(first);
    ++i;
  }
  std::vector<Step> steps;
  for (; i < nodes.size(); ++i) {
    std::string_view type = TypeOf(nodes[i]);
    if (type != "get_attr" && type != "index" && type != "splat") break;
    if (!ReadSteps(nodes[i], steps)) return Error(SpanOf(first, nodes[i]));
  }
  if (steps.empty()) return base;
  bool variable = base->kind == ExprKind::kVariable;
  Expr* e = variable ? const_cast<Expr*>(base) : NewExpr(ExprKind::kTraversal, base->span);
  if (!variable) e->operand = base;
  e->span.end = steps.back().span.end;
  e->steps = arena_.Copy(steps);
  return Finish(e);
}

const Expr* TreeSitterReader::ReadPrimary(TSNode node) {
  if (!Enter(SpanOf(node))) return Error(SpanOf(node));
  const Expr* e = ReadPrimaryBelow(node);
  --depth_;
  return e;
}

const Expr* TreeSitterReader::ReadPrimaryBelow(TSNode node) {
  std::string_view type = TypeOf(node);
  if (type == "expression") return ReadExpression(node);
  if (type == "literal_value") return ReadLiteral(node);
  if (type == "operation") return ReadOperation(node);
  if (type == "conditional") return ReadConditional(node);
  if (type == "function_call") return ReadCall(node);
  if (type == "variable_expr") return ReadWord(node);
  Nodes nodes = Children(node);
  if (nodes.size() != 1) return Error(SpanOf(node));
  std::string_view inner = TypeOf(nodes[0]);
  if (inner == "quoted_template" || inner == "heredoc_template") {
    return ReadTemplate(nodes[0], inner == "heredoc_template");
  }
  if (inner == "tuple") return ReadTuple(nodes[0]);
  if (inner == "object") return ReadObject(nodes[0]);
  if (inner == "for_tuple_expr" || inner == "for_object_expr") return ReadFor(nodes[0]);
  return Error(SpanOf(node));
}

const Expr* TreeSitterReader::ReadWord(TSNode node) {
  Expr* e = NewExpr(ExprKind::kVariable, SpanOf(node));
  e->name = Text(node);
  return e->name.empty() ? Error(e->span) : e;
}

const Expr* TreeSitterReader::ReadLiteral(TSNode node) {
  Nodes nodes = Children(node);
  if (nodes.size() != 1) return Error(SpanOf(node));
  std::string_view type = TypeOf(nodes[0]);
  if (type == "string_lit") return ReadTemplate(nodes[0], false);
  Expr* e = NewExpr(ExprKind::kLiteral, SpanOf(node));
  if (type == "null_lit") return e;
  if (type == "bool_lit") {
    e->value = Value::Bool(Text(node) == "true");
    return e;
  }
  std::optional<Value> number = ParseNumber(arena_, Text(node));
  if (type != "numeric_lit" || !number) return Error(SpanOf(node));
  e->value = *number;
  return e;
}

const Expr* TreeSitterReader::ReadOperation(TSNode node) {
  Nodes outer = Children(node);
  if (outer.size() != 1) return Error(SpanOf(node));
  Nodes nodes = Children(outer[0]);
  std::size_t i = 0;
  Expr* e = nullptr;
  if (TypeOf(outer[0]) == "unary_operation" && nodes.size() >= 2) {
    e = NewExpr(ExprKind::kUnary, SpanOf(node));
    e->op = TypeOf(nodes[0]) == "!" ? Op::kNot : Op::kNeg;
    i = 1;
    e->operand = ReadTerm(nodes, i);
  } else if (nodes.size() >= 3) {
    e = NewExpr(ExprKind::kBinary, SpanOf(node));
    const Expr* operands[2] = {ReadTerm(nodes, i), nullptr};
    if (i + 1 >= nodes.size()) return Error(SpanOf(node));
    e->op = BinaryOp(TypeOf(nodes[i++]));
    operands[1] = ReadTerm(nodes, i);
    e->args = arena_.Copy(std::span<const Expr* const>(operands, 2));
  }
  if (e == nullptr || i != nodes.size() || e->op == Op::kNone) return Error(SpanOf(node));
  return Finish(e);
}

// `condition ? yes : no`. The grammar groups a chain of conditionals to the left, HCL to the right:
// a conditional in place of the condition (without parentheses) takes the two arms at its far end.
const Expr* TreeSitterReader::MakeConditional(const Expr* condition, const Expr* yes,
                                              const Expr* no) {
  Expr* e = NewExpr(ExprKind::kConditional, {file_, condition->span.begin, no->span.end});
  const Expr* arms[2] = {yes, no};
  if (condition->kind == ExprKind::kConditional) {
    arms[0] = condition->args[0];
    arms[1] = MakeConditional(condition->args[1], yes, no);
    condition = condition->operand;
  }
  e->operand = condition;
  e->args = arena_.Copy(std::span<const Expr* const>(arms, 2));
  return Finish(e);
}

const Expr* TreeSitterReader::ReadConditional(TSNode node) {
  Nodes nodes = Children(node);
  if (nodes.size() != 5 || TypeOf(nodes[1]) != "?" || TypeOf(nodes[3]) != ":") {
    return Error(SpanOf(node));
  }
  const Expr* condition = ReadExpression(nodes[0]);
  const Expr* yes = ReadExpression(nodes[2]);
  return MakeConditional(condition, yes, ReadExpression(nodes[4]));
}

const Expr* TreeSitterReader::ReadCall(TSNode node) {
  Nodes nodes = Children(node);
  Expr* e = NewExpr(ExprKind::kCall, SpanOf(node));
  std::vector<const Expr*> args;
  for (TSNode n : nodes) {
    std::string_view type = TypeOf(n);
    if (type == "identifier") {
      e->name = Text(n);
    } else if (type == "function_arguments") {
      for (TSNode a : Children(n)) {
        if (TypeOf(a) == "expression") args.push_back(ReadExpression(a));
        if (TypeOf(a) == "ellipsis") e->expand_last = true;
        if (ts_node_is_error(a)) return Error(e->span);
      }
    } else if (type != "(" && type != ")") {
      return Error(e->span);
    }
  }
  e->args = arena_.Copy(args);
  return Finish(e);
}

const Expr* TreeSitterReader::ReadTuple(TSNode node) {
  Expr* e = NewExpr(ExprKind::kTuple, SpanOf(node));
  std::vector<const Expr*> items;
  for (TSNode n : Children(node)) {
    if (ts_node_is_error(n)) return Error(e->span);
    if (TypeOf(n) == "expression") items.push_back(ReadExpression(n));
  }
  e->args = arena_.Copy(items);
  return Finish(e);
}

const Expr* TreeSitterReader::ReadObject(TSNode node) {
  Expr* e = NewExpr(ExprKind::kObject, SpanOf(node));
  std::vector<ObjectItem> items;
  for (TSNode n : Children(node)) {
    if (ts_node_is_error(n)) return Error(e->span);
    if (TypeOf(n) != "object_elem") continue;
    Nodes parts = Children(n);
    if (parts.size() != 3) return Error(e->span);
    ObjectItem item{ReadExpression(parts[0]), ReadExpression(parts[2]), false};
    const Expr& key = *item.key;
    bool variable = key.kind == ExprKind::kVariable && key.steps.empty();
    bool keyword = key.kind == ExprKind::kLiteral && !key.quoted && !key.value.is_number();
    if (variable || keyword) {
      Expr* name = NewExpr(ExprKind::kLiteral, key.span);
      name->value = Value::String(Normalize(arena_, Text(parts[0])));
      item.key = name;
      item.bare_key = true;
    }
    items.push_back(item);
  }
  e->items = arena_.Copy(items);
  return Finish(e);
}

// `for a, b in collection`, of an expression or of a template directive.
bool TreeSitterReader::ReadForNames(TSNode intro, std::string_view& key_name,
                                    std::string_view& value_name, const Expr*& collection) {
  for (TSNode n : Children(intro)) {
    if (ts_node_is_error(n)) return false;
    if (TypeOf(n) == "identifier") {
      key_name = value_name;
      value_name = Text(n);
    } else if (TypeOf(n) == "expression") {
      collection = ReadExpression(n);
    }
  }
  return collection != nullptr && !value_name.empty();
}

const Expr* TreeSitterReader::ReadFor(TSNode node) {
  Expr* e = NewExpr(ExprKind::kFor, SpanOf(node));
  ForExpr* f = arena_.New<ForExpr>();
  e->for_ = f;
  f->is_object = TypeOf(node) == "for_object_expr";
  for (TSNode n : Children(node)) {
    std::string_view type = TypeOf(n);
    if (ts_node_is_error(n)) return Error(e->span);
    if (type == "for_intro") {
      if (!ReadForNames(n, f->key_name, f->value_name, f->collection)) return Error(e->span);
    } else if (type == "expression") {
      f->key = f->value;
      f->value = ReadExpression(n);
    } else if (type == "ellipsis") {
      f->grouped = true;
    } else if (type == "for_cond") {
      Nodes nodes = Children(n);
      if (nodes.size() != 2) return Error(e->span);
      f->condition = ReadExpression(nodes[1]);
    }
  }
  bool complete =
      f->collection != nullptr && f->value != nullptr && f->is_object == (f->key != nullptr);
  return complete ? Finish(e) : Error(e->span);
}

bool TreeSitterReader::ReadSteps(TSNode node, std::vector<Step>& steps) {
  std::string_view type = TypeOf(node);
  Nodes nodes = Children(node);
  if (type == "get_attr") {
    if (nodes.size() != 2) return false;
    steps.push_back({.kind = Step::Kind::kAttr, .name = Text(nodes[1]), .span = SpanOf(node)});
    return true;
  }
  if (type == "new_index") {
    if (nodes.size() != 3) return false;
    steps.push_back(
        {.kind = Step::Kind::kIndex, .index = ReadExpression(nodes[1]), .span = SpanOf(node)});
    return true;
  }
  if (type == "legacy_index") {
    Span span = SpanOf(node);
    Expr* e = NewExpr(ExprKind::kLiteral, {span.file, span.begin + 1, span.end});
    std::optional<Value> number = ParseNumber(arena_, TrimSpaceLeft(Text(node).substr(1)));
    if (!number) return false;
    e->value = *number;
    steps.push_back({.kind = Step::Kind::kIndex, .legacy = true, .index = e, .span = span});
    return true;
  }
  if (type == ".*" || type == "[*]") {
    Step::Kind kind = type == ".*" ? Step::Kind::kAttrSplat : Step::Kind::kFullSplat;
    steps.push_back({.kind = kind, .span = SpanOf(node)});
    return true;
  }
  if (type != "index" && type != "splat" && type != "attr_splat" && type != "full_splat")
    return false;
  return std::ranges::all_of(nodes, [&](TSNode n) { return ReadSteps(n, steps); });
}

// The sequences of a template in source order; directives are flattened, AssembleTemplate nests
// them again.
bool TreeSitterReader::CollectSequences(TSNode node, std::vector<TemplatePart>& sequences) {
  using Kind = TemplatePart::Kind;
  std::string_view type = TypeOf(node);
  if (type == "template_directive" || type == "template_if" || type == "template_for") {
    // Directives nest as deeply as the text says.
    if (depth_ > max_depth_ || !Enter(SpanOf(node))) return false;
    bool readable = true;
    for (TSNode n : Children(node)) {
      if (!(readable = CollectSequences(n, sequences))) break;
    }
    --depth_;
    return readable;
  }
  if (type == "template_literal") return true;
  TemplatePart part;
  part.span = SpanOf(node);
  // Behind a third `$` the grammar sees a sequence where HCL sees the escape `$${`: then it is
  // literal text.
  std::uint32_t begin = ts_node_start_byte(node);
  if (begin > 0 && text_[begin - 1] == text_[begin]) return true;
  std::string_view text = Text(node);
  part.strip_before = text.size() > 2 && text[2] == '~';
  part.strip_after = text.size() > 2 && text[text.size() - 2] == '~';
  if (type == "template_for_start") {
    part.kind = Kind::kFor;
    if (!ReadForNames(node, part.key_name, part.value_name, part.expr)) return false;
  } else if (type == "template_interpolation" || type == "template_if_intro") {
    part.kind = type == "template_interpolation" ? Kind::kInterpolation : Kind::kIf;
    for (TSNode n : Children(node)) {
      if (ts_node_is_error(n)) return false;
      if (TypeOf(n) == "expression") part.expr = ReadExpression(n);
    }
    if (part.expr == nullptr) return false;
  } else if (type == "template_else_intro") {
    part.kind = Kind::kElse;
  } else if (type == "template_if_end") {
    part.kind = Kind::kEndIf;
  } else if (type == "template_for_end") {
    part.kind = Kind::kEndFor;
  } else {
    return false;
  }
  sequences.push_back(part);
  return true;
}

bool TreeSitterReader::AddLiteral(std::uint32_t from, std::uint32_t to, bool heredoc,
                                  std::vector<TemplatePart>& parts) {
  while (from < to) {
    std::uint32_t end = to;
    std::string_view rest = text_.substr(from, to - from);
    std::size_t nl = heredoc ? rest.find('\n') : std::string_view::npos;
    if (nl != std::string_view::npos) end = from + static_cast<std::uint32_t>(nl) + 1;
    std::optional<EscapeError> error;
    TemplatePart part;
    part.text = Unescape(arena_, text_.substr(from, end - from), !heredoc, error);
    part.span = {file_, from, end};
    if (error) return false;
    parts.push_back(part);
    from = end;
  }
  return true;
}

// A quoted_template or string_lit (start, parts, end) or a heredoc_template (start, marker, parts,
// marker).
const Expr* TreeSitterReader::ReadTemplate(TSNode node, bool heredoc) {
  Nodes nodes = Children(node);
  std::size_t first = heredoc ? 2 : 1;
  if (nodes.size() < first + 1) return Error(SpanOf(node));
  std::uint32_t at = ts_node_end_byte(nodes[first - 1]);
  std::uint32_t end = ts_node_start_byte(nodes.back());
  if (heredoc) {
    std::size_t nl = text_.find('\n', at);
    if (nl == std::string_view::npos || nl >= end) return Error(SpanOf(node));
    at = static_cast<std::uint32_t>(nl) + 1;
    while (end > at && text_[end - 1] != '\n') --end;
  }
  std::vector<TemplatePart> sequences, parts;
  for (std::size_t i = first; i + 1 < nodes.size(); ++i) {
    if (!CollectSequences(nodes[i], sequences)) return Error(SpanOf(node));
  }
  for (const TemplatePart& s : sequences) {
    if (!AddLiteral(at, s.span.begin, heredoc, parts)) return Error(SpanOf(node));
    parts.push_back(s);
    at = s.span.end;
  }
  if (!AddLiteral(at, end, heredoc, parts)) return Error(SpanOf(node));
  TemplateOptions options;
  options.heredoc = heredoc;
  options.flush = heredoc && Text(nodes[0]).ends_with('-');
  options.max_depth = max_depth_;
  TemplateError error;
  const Expr* e = AssembleTemplate(arena_, parts, SpanOf(node), options, error);
  return e != nullptr ? e : Error(SpanOf(node));
}

}  // namespace plumbline::hcl
