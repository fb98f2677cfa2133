// The strict parser: one pass over the bytes, recursive descent without a token list, stops at the
// first error.
//
// Whether a line break separates or is mere space depends on the innermost bracket: `newlines_` is
// false inside ( ), [ ], calls, `for` and ${ }, and true in bodies and objects. Lists under
// construction live on scratch stacks shared by all levels and are copied into the arena when
// complete. Recursion is bounded by `depth_`, the height of the tree (long operator chains lean to
// the left) by Expr::height. Specification: HCL native syntax,
// https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hcl/ast.h"
#include "hcl/template_parts.h"
#include "support/arena.h"
#include "support/diagnostic.h"
#include "support/limits.h"

namespace plumbline::hcl {

class StrictParser {
 public:
  /// Where the text stands in its file: at `offset`, or, when its bytes were decoded from something
  /// else (a JSON string with escapes), somewhere within `whole`, which then is the span of
  /// everything read.
  struct Origin {
    std::uint32_t offset = 0;
    Span whole;
  };

  StrictParser(FileId file, std::string_view text, Arena& arena, const Limits& limits,
               Diagnostics& diagnostics, Origin origin);
  StrictParser(FileId file, std::string_view text, Arena& arena, const Limits& limits,
               Diagnostics& diagnostics)
      : StrictParser(file, text, arena, limits, diagnostics, Origin()) {}

  /// A whole file, or what stands from the offset `from` on. After an error the body holds what
  /// stands before it and failed() is true.
  const Body* ParseConfig(std::size_t from = 0);
  /// Offset of the last top-level item begun: after an error, the one that holds it.
  std::size_t last_item() const { return last_item_; }
  const Expr* ParseSingleExpression();
  const Expr* ParseTemplateText();
  bool failed() const { return failed_; }

 private:
  // Characters and tokens (strict_parser.cc).
  char Cur() const { return p_ < end_ ? *p_ : '\0'; }
  char Next(std::size_t n = 1) const { return n < Left() ? p_[n] : '\0'; }
  std::size_t Left() const { return static_cast<std::size_t>(end_ - p_); }
  std::string_view Rest() const { return {p_, Left()}; }
  Span SpanOf(const char* from, const char* to) const {
    if (origin_.whole.valid()) return origin_.whole;
    return {file_, origin_.offset + static_cast<std::uint32_t>(from - begin_),
            origin_.offset + static_cast<std::uint32_t>(to - begin_)};
  }
  bool AtNewline() const { return Cur() == '\n' || (Cur() == '\r' && Next() == '\n'); }
  void TakeNewline() { p_ += *p_ == '\r' ? 2 : 1; }
  void SkipBlank();
  void SkipLine();
  bool SkipBlockComment();
  std::string_view TakeIdentifier();
  bool AtWord(std::string_view word) const;
  std::string Found() const;
  bool Fail(std::string message);
  bool FailAt(Span span, std::string message, DiagnosticCode code = DiagnosticCode::kParseError);
  bool FailExpected(std::string_view expected);
  bool Enter();
  void Leave() { --depth_; }

  // Bodies (strict_parser.cc).
  const Body* ParseBody(const char* open);
  bool ParseItem();
  bool ParseAttribute(std::string_view name, bool single_line);
  bool ParseBlock(std::string_view type);
  bool ParseLabels();
  const Body* ParseBlockBody(const char* open);
  const Body* ParseSingleLineBody();
  const Body* FinishBody(std::size_t first_attribute, std::size_t first_block, const char* from);

  // Expressions (strict_expr.cc).
  Expr* NewExpr(ExprKind kind, const char* from, const char* to);
  bool Raise(Expr* e, const Expr* below);
  const Expr* ParseExpression();
  const Expr* ParseConditional();
  const Expr* ParseBinary(int min_precedence);
  const Expr* ParseUnary(Op op);
  const Expr* ParsePostfix();
  const Expr* ParseTerm();
  const Expr* ParseWord();
  const Expr* ParseNumberLiteral();
  const Expr* ParseParens();
  const Expr* ParseCall(std::string_view name, const char* from);
  std::string_view ParseNamespace(std::string_view first);
  bool ParseArguments(bool& expand);
  const Expr* ParseTuple();
  const Expr* ParseObject();
  bool ParseObjectItem();
  bool ParseObjectKey(ObjectItem& item);
  bool ParseObjectSeparator();
  const Expr* ParseFor(const char* open, char close);
  bool ParseForIntro(std::string_view& key_name, std::string_view& value_name,
                     const Expr*& collection);
  const Expr* FinishFor(const char* open, char close, ForExpr* f);
  const Expr* ParseSteps(const Expr* base);
  bool ParseStep(bool& more, bool& attribute_splat);
  bool ParseDotStep(const char* from, bool& attribute_splat);
  bool ParseLegacyIndex();
  bool ParseBracketStep(const char* from);

  // Templates (strict_template.cc).
  const Expr* ParseQuoted();
  bool ScanQuotedRun(bool& escapes);
  bool ParsePartsQuoted(const char* open);
  const Expr* ParseHeredoc();
  bool ParseHeredocLines(std::string_view marker, const char* open);
  bool ParseLineParts(const char* line_end);
  bool PushLiteral(const char* from, const char* to, bool backslashes);
  bool ParseSequence();
  bool ParseDirective(TemplatePart& part);
  const Expr* Assemble(std::size_t first_part, Span span, TemplateOptions options);
  bool AtSequence() const { return (*p_ == '$' || *p_ == '%') && Next() == '{'; }

  const FileId file_;
  const char* const begin_;
  const char* p_;
  const char* end_;
  const Origin origin_;
  Arena& arena_;
  const std::uint32_t max_depth_;
  Diagnostics& diagnostics_;
  std::size_t last_item_ = 0;
  bool failed_ = false;
  bool newlines_ = true;
  std::uint32_t depth_ = 0;

  std::vector<Attribute> attributes_;
  std::vector<Block> blocks_;
  std::vector<Label> labels_;
  std::vector<const Expr*> exprs_;
  std::vector<Step> steps_;
  std::vector<ObjectItem> items_;
  std::vector<TemplatePart> parts_;
};

}  // namespace plumbline::hcl
