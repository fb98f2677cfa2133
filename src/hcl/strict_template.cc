// Quoted strings, heredocs and template files: literal pieces and ${ } and %{ } sequences.
#include <cstring>

#include "hcl/strict_parser.h"
#include "hcl/text.h"

namespace plumbline::hcl {

// Moves to the closing quote or to a sequence; `escapes` becomes true when the run needs Unescape.
bool StrictParser::ScanQuotedRun(bool& escapes) {
  while (p_ < end_) {
    if (HasClass(*p_, kQuotedPlain)) {
      ++p_;
      continue;
    }
    switch (*p_) {
      case '"':
        return true;
      case '\n':
        return Fail("the string is not closed on its line: expected \" (or \\n for a line break)");
      case '\r':
        if (Next() == '\n') {
          return Fail(
              "the string is not closed on its line: expected \" (or \\n for a line break)");
        }
        ++p_;
        break;
      case '\\':
        escapes = true;
        p_ += Left() >= 2 && Next() != '\n' ? 2 : 1;
        break;
      case '$':
      case '%':
        if (Next() == '{') return true;
        if (Next() == *p_ && Next(2) == '{') {
          escapes = true;
          p_ += 2;
        }
        ++p_;
        break;
      default:
        ++p_;
    }
  }
  return true;
}

bool StrictParser::PushLiteral(const char* from, const char* to, bool backslashes) {
  if (from == to) return true;
  std::optional<EscapeError> error;
  TemplatePart part;
  part.text = Unescape(arena_, {from, static_cast<std::size_t>(to - from)}, backslashes, error);
  part.span = SpanOf(from, to);
  if (error) return FailAt(SpanOf(from + error->offset, from + error->offset + 2), error->message);
  parts_.push_back(part);
  return true;
}

const Expr* StrictParser::ParseQuoted() {
  const char* open = p_++;
  bool escapes = false;
  if (!ScanQuotedRun(escapes)) return nullptr;
  if (Cur() == '"' && !escapes) {
    std::string_view text(open + 1, static_cast<std::size_t>(p_ - open - 1));
    ++p_;
    Expr* e = NewExpr(ExprKind::kLiteral, open, p_);
    e->quoted = true;
    e->value = Value::String(Normalize(arena_, text));
    return e;
  }
  p_ = open + 1;
  std::size_t first = parts_.size();
  if (!ParsePartsQuoted(open)) return nullptr;
  return Assemble(first, SpanOf(open, p_), {});
}

// Up to and including the closing quote.
bool StrictParser::ParsePartsQuoted(const char* open) {
  while (true) {
    const char* from = p_;
    bool escapes = false;
    if (!ScanQuotedRun(escapes)) return false;
    const char* to = p_;
    if (p_ == end_) {
      return FailAt(SpanOf(open, open + 1),
                    "the string is not closed: expected \" before the end of the text");
    }
    if (!PushLiteral(from, to, true)) return false;
    if (*p_ == '"') break;
    if (!ParseSequence()) return false;
  }
  ++p_;
  return true;
}

// `${ … }` or `%{ … }`.
bool StrictParser::ParseSequence() {
  TemplatePart part;
  const char* from = p_;
  bool directive = *p_ == '%';
  p_ += 2;
  if (Cur() == '~') {
    part.strip_before = true;
    ++p_;
  }
  bool outer = std::exchange(newlines_, false);
  if (directive) {
    if (!ParseDirective(part)) return false;
  } else {
    part.kind = TemplatePart::Kind::kInterpolation;
    part.expr = ParseExpression();
    if (part.expr == nullptr) return false;
  }
  SkipBlank();
  if (Cur() == '~' && Next() == '}') {
    part.strip_after = true;
    ++p_;
  }
  if (Cur() != '}')
    return FailExpected(directive ? "} at the end of %{ }" : "} at the end of ${ }");
  ++p_;
  newlines_ = outer;
  part.span = SpanOf(from, p_);
  parts_.push_back(part);
  return true;
}

bool StrictParser::ParseDirective(TemplatePart& part) {
  using Kind = TemplatePart::Kind;
  SkipBlank();
  if (AtWord("for")) {
    part.kind = Kind::kFor;
    return ParseForIntro(part.key_name, part.value_name, part.expr);
  }
  const char* from = p_;
  std::string_view word = TakeIdentifier();
  if (word == "if") {
    part.kind = Kind::kIf;
    part.expr = ParseExpression();
    return part.expr != nullptr;
  }
  if (word == "else") {
    part.kind = Kind::kElse;
  } else if (word == "endif") {
    part.kind = Kind::kEndIf;
  } else if (word == "endfor") {
    part.kind = Kind::kEndFor;
  } else {
    p_ = from;
    return FailExpected("if, else, endif, for or endfor in %{ }");
  }
  return true;
}

const Expr* StrictParser::Assemble(std::size_t first_part, Span span, TemplateOptions options) {
  TemplateError error;
  options.max_depth = max_depth_;
  const Expr* e = AssembleTemplate(arena_, std::span<TemplatePart>(parts_).subspan(first_part),
                                   span, options, error);
  parts_.resize(first_part);
  if (e == nullptr) {
    bool limit = error.message.ends_with("too deeply");
    FailAt(error.span, std::move(error.message),
           limit ? DiagnosticCode::kLimit : DiagnosticCode::kParseError);
  }
  return e;
}

const Expr* StrictParser::ParseHeredoc() {
  const char* open = p_;
  p_ += 2;
  TemplateOptions options;
  options.heredoc = true;
  options.flush = Cur() == '-';
  if (options.flush) ++p_;
  std::string_view marker = TakeIdentifier();
  if (marker.empty()) {
    FailExpected("the end marker of the heredoc behind <<");
    return nullptr;
  }
  if (!AtNewline()) {
    FailExpected("the end of the line behind the heredoc marker \"" + std::string(marker) + "\"");
    return nullptr;
  }
  TakeNewline();
  std::size_t first = parts_.size();
  if (!ParseHeredocLines(marker, open)) return nullptr;
  Span span = SpanOf(open, p_);
  while (p_ < end_ && !AtNewline()) ++p_;
  return Assemble(first, span, options);
}

// Up to the line break behind the closing marker, which stays: it ends an argument or separates
// items.
bool StrictParser::ParseHeredocLines(std::string_view marker, const char* open) {
  while (true) {
    const char* nl = p_ == end_ ? nullptr : static_cast<const char*>(std::memchr(p_, '\n', Left()));
    if (nl == nullptr) {
      return FailAt(SpanOf(open, open + 2), "the heredoc is not closed: expected a line with \"" +
                                                std::string(marker) + "\" alone");
    }
    std::string_view line(p_, static_cast<std::size_t>(nl - p_));
    std::string_view trimmed = TrimSpaceLeft(line);
    if (trimmed.starts_with(marker) && TrimSpaceRight(trimmed) == marker) {
      p_ = trimmed.data() + marker.size();
      return true;
    }
    if (!ParseLineParts(nl + 1)) return false;
  }
}

// The rest of a line, up to `line_end` (behind its line break), or further when a sequence spans
// lines.
bool StrictParser::ParseLineParts(const char* line_end) {
  const char* from = p_;
  while (p_ < line_end) {
    if (*p_ != '$' && *p_ != '%') {
      ++p_;
    } else if (Next() == *p_ && Next(2) == '{') {
      p_ += 3;
    } else if (!AtSequence()) {
      ++p_;
    } else {
      if (!PushLiteral(from, p_, false) || !ParseSequence()) return false;
      from = p_;
      const void* nl = p_ == end_ ? nullptr : std::memchr(p_, '\n', Left());
      line_end = nl == nullptr ? end_ : static_cast<const char*>(nl) + 1;
    }
  }
  return PushLiteral(from, p_, false);
}

const Expr* StrictParser::ParseTemplateText() {
  while (p_ < end_) {
    const void* nl = std::memchr(p_, '\n', Left());
    if (!ParseLineParts(nl == nullptr ? end_ : static_cast<const char*>(nl) + 1)) return nullptr;
  }
  TemplateOptions options;
  options.quoted = false;
  return Assemble(0, SpanOf(begin_, end_), options);
}

}  // namespace plumbline::hcl
