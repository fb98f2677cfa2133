// The syntax tree of HCL native syntax and of its JSON form. Plain structs in an arena, no
// destructors; the rest of the program sees nothing of the parser that made it. Specification: HCL
// native syntax and HCL JSON syntax.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "support/source.h"
#include "value/value.h"

namespace plumbline::hcl {

struct Expr;

/// One step behind a root name or an expression: `.name`, `[expr]`, legacy `.0`, or a splat.
struct Step {
  enum class Kind : std::uint8_t {
    kAttr,       // .name
    kIndex,      // [key]; `index` is any expression (a literal for the legacy form `.0`)
    kAttrSplat,  // .*   : later kAttr and legacy steps (and only they) apply to each element; an
                 // index in
                 //        brackets applies to the result and ends the splat
    kFullSplat,  // [*]  : every later step applies to each element
  };
  Kind kind = Kind::kAttr;
  bool legacy = false;  // kIndex written as `.0`
  std::string_view name;
  const Expr* index = nullptr;
  Span span;
};

struct ObjectItem {
  const Expr* key = nullptr;  // a bare identifier key is a kLiteral string with `bare_key` set
  const Expr* value = nullptr;
  bool bare_key = false;
};

enum class ExprKind : std::uint8_t {
  kLiteral,      // value: null, bool, number, string (a quoted template without interpolation is a
                 // literal)
  kTemplate,     // parts: concatenated to a string; a template that is a single interpolation keeps
                 // the value's type
  kVariable,     // name, steps: a reference such as var.a["b"].c; steps may be empty
  kTraversal,    // operand, steps: steps behind any other expression
  kCall,         // name (may hold "::" for provider functions), args, expand_last
  kConditional,  // operand ? args[0] : args[1]
  kBinary,       // op, args[0], args[1]
  kUnary,        // op, operand
  kTuple,        // args
  kObject,       // items
  kFor,          // for_: list or object form
  kParens,       // operand
  kIfDirective,  // inside templates: %{ if operand } args[0] %{ else } args[1] %{ endif }; args[1]
                 // may be null
  kForDirective,  // inside templates: %{ for } body %{ endfor }: for_ with `value` = the body
                  // template
  kError,         // unreadable: evaluates to unknown
};

enum class Op : std::uint8_t {
  kNone,
  kAdd,
  kSub,
  kMul,
  kDiv,
  kMod,
  kEq,
  kNe,
  kLt,
  kLe,
  kGt,
  kGe,
  kAnd,
  kOr,
  kNot,
  kNeg
};

struct ForExpr {
  std::string_view key_name;  // empty when absent
  std::string_view value_name;
  const Expr* collection = nullptr;
  const Expr* key = nullptr;  // object form only
  const Expr* value = nullptr;
  const Expr* condition = nullptr;
  bool is_object = false;
  bool grouped = false;  // value...
};

struct Expr {
  ExprKind kind = ExprKind::kError;
  Op op = Op::kNone;
  bool expand_last = false;  // kCall: f(xs...)
  bool heredoc = false;      // kTemplate / kLiteral written as a heredoc
  bool quoted = false;       // kLiteral string or kTemplate written in quotes or as heredoc
  std::uint16_t height =
      0;  // levels of expressions below this one; parsers bound it by Limits::max_depth
  Span span;
  std::string_view name;  // kVariable root, kCall function
  Value value;            // kLiteral
  const Expr* operand = nullptr;
  std::span<const Expr* const> args;  // also template parts
  std::span<const Step> steps;
  std::span<const ObjectItem> items;
  const ForExpr* for_ = nullptr;
};

struct Attribute {
  std::string_view name;
  Span name_span;
  const Expr* expr = nullptr;
  Span span;  // name to end of expression
};

struct Label {
  std::string_view text;
  Span span;
};

struct Body;

struct Block {
  std::string_view type;
  Span type_span;
  std::span<const Label> labels;
  const Body* body = nullptr;
  Span header;  // type and labels
  Span span;    // header to closing brace
};

/// Attributes and blocks in source order. Duplicate attribute names are kept (and reported by the
/// parser).
struct Body {
  std::span<const Attribute> attributes;
  std::span<const Block> blocks;
  Span span;
  bool partial = false;  // a syntax error lies within: that an attribute is absent says nothing
  bool json = false;  // from a .tf.json file: a nested block may stand as an attribute (object or
                      // tuple of objects)
  const Expr* comment =
      nullptr;  // JSON: the value of its "//" member, in which nothing is a template

  const Attribute* FindAttribute(std::string_view name) const {
    for (const Attribute& a : attributes) {
      if (a.name == name) return &a;
    }
    return nullptr;
  }
};

}  // namespace plumbline::hcl
