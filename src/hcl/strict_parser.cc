// Characters, comments, errors, and bodies with their attributes and blocks.
#include "hcl/strict_parser.h"

#include <algorithm>
#include <cstring>

#include "hcl/body_checks.h"
#include "hcl/text.h"

namespace plumbline::hcl {

StrictParser::StrictParser(FileId file, std::string_view text, Arena& arena, const Limits& limits,
                           Diagnostics& diagnostics, Origin origin)
    : file_(file),
      begin_(text.data()),
      p_(text.data()),
      end_(text.data() + text.size()),
      origin_(origin),
      arena_(arena),
      max_depth_(std::min<std::uint32_t>(limits.max_depth, 60'000)),
      diagnostics_(diagnostics) {}

void StrictParser::SkipLine() {
  const void* nl = std::memchr(p_, '\n', Left());
  p_ = nl == nullptr ? end_ : static_cast<const char*>(nl);
}

bool StrictParser::SkipBlockComment() {
  std::size_t close = Rest().find("*/", 2);
  if (close == std::string_view::npos) {
    return FailAt(SpanOf(p_, p_ + 2), "the comment is not closed: expected */");
  }
  p_ += close + 2;
  return true;
}

void StrictParser::SkipBlank() {
  while (p_ < end_) {
    switch (*p_) {
      case ' ':
      case '\t':
        ++p_;
        break;
      case '\n':
        if (newlines_) return;
        ++p_;
        break;
      case '\r':
        if (newlines_ || Next() != '\n') return;
        p_ += 2;
        break;
      case '#':
        SkipLine();
        break;
      case '/':
        if (Next() == '/') {
          SkipLine();
        } else if (Next() != '*' || !SkipBlockComment()) {
          return;
        }
        break;
      default:
        return;
    }
  }
}

std::string_view StrictParser::TakeIdentifier() {
  if (p_ == end_ || (IsAscii(*p_) && !HasClass(*p_, kIdentStart))) return {};
  const char* from = p_;
  const char* q = p_;
  while (q < end_ && HasClass(*q, kIdentPart)) ++q;
  if (q < end_ && !IsAscii(*q)) q = p_ + IdentifierLength(Rest());
  p_ = q;
  return {from, static_cast<std::size_t>(q - from)};
}

// Whether the identifier here is `word`.
bool StrictParser::AtWord(std::string_view word) const {
  if (!Rest().starts_with(word)) return false;
  return IdentifierLength(Rest().substr(0, word.size() + 4)) == word.size();
}

std::string StrictParser::Found() const {
  if (p_ == end_) return "the end of the text";
  if (AtNewline()) return "the end of the line";
  std::size_t n = IdentifierLength(Rest().substr(0, 40));
  while (n == 0 && n < Left() && n < 12 && IsDigit(p_[n])) ++n;
  if (n == 0) n = 1;
  while (n < Left() && (static_cast<unsigned char>(p_[n]) & 0xC0) == 0x80) ++n;
  if (static_cast<unsigned char>(*p_) < 0x20) {
    return "a control character (byte " + std::to_string(static_cast<int>(*p_)) + ")";
  }
  return "\"" + std::string(p_, n) + "\"";
}

bool StrictParser::Fail(std::string message) {
  return FailAt(SpanOf(p_, p_ + (p_ < end_ ? 1 : 0)), std::move(message));
}

bool StrictParser::FailAt(Span span, std::string message, DiagnosticCode code) {
  if (!failed_) diagnostics_.push_back({code, std::move(message), span});
  failed_ = true;
  p_ = end_;
  return false;
}

bool StrictParser::FailExpected(std::string_view expected) {
  return Fail("expected " + std::string(expected) + ", found " + Found());
}

bool StrictParser::Enter() {
  if (++depth_ <= max_depth_) return true;
  return FailAt(SpanOf(p_, p_),
                "nested too deeply: more than " + std::to_string(max_depth_) + " levels",
                DiagnosticCode::kLimit);
}

const Body* StrictParser::ParseConfig(std::size_t from) {
  p_ += from;
  if (from == 0 && Rest().starts_with("\xEF\xBB\xBF")) p_ += 3;
  return ParseBody(nullptr);
}

const Body* StrictParser::FinishBody(std::size_t first_attribute, std::size_t first_block,
                                     const char* from) {
  Body* body = arena_.New<Body>();
  body->attributes = arena_.Copy(std::span<const Attribute>(attributes_).subspan(first_attribute));
  body->blocks = arena_.Copy(std::span<const Block>(blocks_).subspan(first_block));
  body->span = SpanOf(from, p_);
  attributes_.resize(first_attribute);
  blocks_.resize(first_block);
  ReportDuplicates(body->attributes, diagnostics_);
  return body;
}

// `open` is the opening brace, or null at the top of a file.
const Body* StrictParser::ParseBody(const char* open) {
  std::size_t first_attribute = attributes_.size(), first_block = blocks_.size();
  const char* from = p_;
  while (true) {
    SkipBlank();
    if (p_ == end_) {
      if (open != nullptr) {
        FailAt(SpanOf(open, open + 1),
               "the block is not closed: expected } before the end of the file");
      }
      break;
    }
    if (AtNewline()) {
      TakeNewline();
      continue;
    }
    if (*p_ == '}' && open != nullptr) break;
    if (open == nullptr) last_item_ = static_cast<std::size_t>(p_ - begin_);
    if (!ParseItem()) break;
  }
  return FinishBody(first_attribute, first_block, from);
}

bool StrictParser::ParseItem() {
  std::string_view name = TakeIdentifier();
  if (name.empty()) {
    if (Cur() == '"') {
      return Fail("expected an argument or block name without quotes, found a quoted string");
    }
    return FailExpected("an argument or a block");
  }
  SkipBlank();
  char c = Cur();
  if (c == '=' && Next() != '=' && Next() != '>') return ParseAttribute(name, false);
  if (c == '{' || c == '"' || HasClass(c, kIdentStart) || !IsAscii(c)) return ParseBlock(name);
  return FailExpected("\"=\" or a block behind \"" + std::string(name) + "\"");
}

bool StrictParser::ParseAttribute(std::string_view name, bool single_line) {
  ++p_;  // =
  const Expr* e = ParseExpression();
  if (e == nullptr) return false;
  Span name_span = SpanOf(name.data(), name.data() + name.size());
  attributes_.push_back({name, name_span, e, {file_, name_span.begin, e->span.end}});
  SkipBlank();
  if (single_line || p_ == end_) return !failed_;
  if (!AtNewline()) {
    return FailExpected("the end of the line behind the value of \"" + std::string(name) + "\"");
  }
  TakeNewline();
  return true;
}

bool StrictParser::ParseLabels() {
  while (true) {
    SkipBlank();
    if (Cur() == '{') return true;
    const char* from = p_;
    if (Cur() == '"') {
      const Expr* e = ParseQuoted();
      if (e == nullptr) return false;
      if (e->kind != ExprKind::kLiteral) {
        return FailAt(e->span, "a block label may not hold ${ } or %{ }: expected a plain string");
      }
      labels_.push_back({e->value.as_string(), SpanOf(from, p_)});
      continue;
    }
    std::string_view word = TakeIdentifier();
    if (word.empty()) return FailExpected("\"{\" or a label of the block");
    labels_.push_back({word, SpanOf(from, p_)});
  }
}

bool StrictParser::ParseBlock(std::string_view type) {
  std::size_t first = labels_.size();
  bool ok = ParseLabels();
  Block block;
  block.type = type;
  block.type_span = SpanOf(type.data(), type.data() + type.size());
  block.labels = arena_.Copy(std::span<const Label>(labels_).subspan(first));
  labels_.resize(first);
  if (!ok) return false;
  std::uint32_t header_end =
      block.labels.empty() ? block.type_span.end : block.labels.back().span.end;
  block.header = {file_, block.type_span.begin, header_end};
  if (!Enter()) return false;
  block.body = ParseBlockBody(p_);
  Leave();
  block.span = {file_, block.type_span.begin, SpanOf(p_, p_).end};
  blocks_.push_back(block);
  if (failed_) return false;
  SkipBlank();
  if (p_ == end_) return !failed_;
  if (!AtNewline()) return FailExpected("the end of the line behind the block");
  TakeNewline();
  return true;
}

const Body* StrictParser::ParseBlockBody(const char* open) {
  ++p_;  // {
  SkipBlank();
  const Body* body =
      p_ == end_ || AtNewline() || *p_ == '}' ? ParseBody(open) : ParseSingleLineBody();
  if (!failed_) ++p_;  // }
  return body;
}

// `{ name = value }` on one line: one argument and nothing else.
const Body* StrictParser::ParseSingleLineBody() {
  std::size_t first_attribute = attributes_.size(), first_block = blocks_.size();
  const char* from = p_;
  std::string_view name = TakeIdentifier();
  SkipBlank();
  if (name.empty()) {
    FailExpected("an argument or }");
  } else if (Cur() != '=' || Next() == '=') {
    FailExpected("\"=\" (a block on one line holds a single argument)");
  } else if (ParseAttribute(name, true) && Cur() != '}') {
    FailExpected("} (a block on one line holds a single argument)");
  }
  return FinishBody(first_attribute, first_block, from);
}

}  // namespace plumbline::hcl
