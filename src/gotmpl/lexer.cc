#include "gotmpl/lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "gotmpl/utf8.h"

namespace plumbline::gotmpl {
namespace {

constexpr std::string_view kLeft = "{{", kRight = "}}", kCommentOpen = "/*", kCommentClose = "*/";

constexpr auto kKeywords = std::to_array<std::pair<std::string_view, TokenKind>>({
    {".", TokenKind::kDot},
    {"block", TokenKind::kBlock},
    {"break", TokenKind::kBreak},
    {"continue", TokenKind::kContinue},
    {"define", TokenKind::kDefine},
    {"else", TokenKind::kElse},
    {"end", TokenKind::kEnd},
    {"if", TokenKind::kIf},
    {"nil", TokenKind::kNil},
    {"range", TokenKind::kRange},
    {"template", TokenKind::kTemplate},
    {"with", TokenKind::kWith},
});

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool IsAlphaNumericAscii(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string ShowRune(char32_t rune) {
  std::string text;
  AppendUtf8(text, rune);
  return fmt::format("U+{:04X} '{}'", static_cast<std::uint32_t>(rune), text);
}

}  // namespace

Token Lexer::Make(TokenKind kind) {
  Token t{kind, start_, input_.substr(start_, pos_ - start_)};
  start_ = pos_;
  return t;
}

Token Lexer::Fail(std::string message) {
  error_ = std::move(message);
  Token t{TokenKind::kError, start_, {}};
  pos_ = start_ = static_cast<std::uint32_t>(input_.size());
  inside_ = false;
  return t;
}

Token Lexer::Next() {
  if (inside_) return InsideAction();
  if (pending_left_) return LeftDelim();
  return Text();
}

// Literal text up to the next action; blanks go where a trim marker says so.
Token Lexer::Text() {
  if (trim_next_) {
    while (pos_ < input_.size() && IsSpace(input_[pos_])) ++pos_;
    trim_next_ = false;
    start_ = pos_;
  }
  std::size_t at = input_.find(kLeft, pos_);
  if (at == std::string_view::npos) {
    pos_ = static_cast<std::uint32_t>(input_.size());
    return Make(pos_ > start_ ? TokenKind::kText : TokenKind::kEof);
  }
  std::size_t end = at;
  bool trims = at + 3 < input_.size() && input_[at + 2] == '-' && IsSpace(input_[at + 3]);
  while (trims && end > pos_ && IsSpace(input_[end - 1])) --end;
  pending_left_ = true;
  Token text{TokenKind::kText, start_, input_.substr(start_, end - start_)};
  pos_ = start_ = static_cast<std::uint32_t>(at);
  return text.text.empty() ? LeftDelim() : text;
}

Token Lexer::LeftDelim() {
  pending_left_ = false;
  std::size_t after = pos_ + kLeft.size();
  bool trims = after + 1 < input_.size() && input_[after] == '-' && IsSpace(input_[after + 1]);
  std::size_t inner = after + (trims ? 2 : 0);
  if (input_.substr(inner).starts_with(kCommentOpen)) {
    pos_ = static_cast<std::uint32_t>(inner);
    return Comment();
  }
  pos_ = static_cast<std::uint32_t>(after);
  Token t = Make(TokenKind::kLeftDelim);
  pos_ = start_ = static_cast<std::uint32_t>(inner);
  inside_ = true;
  parens_ = 0;
  return t;
}

Token Lexer::Comment() {
  std::size_t close = input_.find(kCommentClose, pos_ + kCommentOpen.size());
  if (close == std::string_view::npos) return Fail("unclosed comment");
  pos_ = static_cast<std::uint32_t>(close + kCommentClose.size());
  bool trim = false;
  if (!AtRightDelim(&trim)) return Fail("comment ends before closing delimiter");
  pos_ += static_cast<std::uint32_t>(kRight.size()) + (trim ? 2 : 0);
  start_ = pos_;
  trim_next_ = trim;
  return Text();
}

bool Lexer::AtRightDelim(bool* trim) const {
  std::string_view rest = input_.substr(pos_);
  *trim =
      rest.size() >= 4 && IsSpace(rest[0]) && rest[1] == '-' && rest.substr(2).starts_with(kRight);
  return *trim || rest.starts_with(kRight);
}

Token Lexer::InsideAction() {
  start_ = pos_;
  bool trim = false;
  if (AtRightDelim(&trim)) {
    if (parens_ > 0) return Fail("unclosed left paren");
    if (trim) pos_ += 2;
    pos_ += static_cast<std::uint32_t>(kRight.size());
    trim_next_ = trim;
    inside_ = false;
    return Make(TokenKind::kRightDelim);
  }
  if (pos_ >= input_.size()) return Fail("unclosed action");
  char c = input_[pos_++];
  if (IsSpace(c)) {
    while (pos_ < input_.size() && IsSpace(input_[pos_]) && !AtRightDelim(&trim)) ++pos_;
    // The blank in front of -}} belongs to the delimiter.
    return Make(TokenKind::kSpace);
  }
  switch (c) {
    case '=':
      return Make(TokenKind::kAssign);
    case ':':
      if (pos_ >= input_.size() || input_[pos_] != '=') return Fail("expected :=");
      ++pos_;
      return Make(TokenKind::kDeclare);
    case '|':
      return Make(TokenKind::kPipe);
    case '"':
      return Quoted('"', TokenKind::kString);
    case '\'':
      return Quoted('\'', TokenKind::kCharConstant);
    case '`':
      return Raw();
    case '$':
      return FieldOrVariable(TokenKind::kVariable);
    case '(':
      ++parens_;
      return Make(TokenKind::kLeftParen);
    case ')':
      if (--parens_ < 0) return Fail("unexpected right paren");
      return Make(TokenKind::kRightParen);
    default:
      break;
  }
  bool digit_follows = pos_ < input_.size() && input_[pos_] >= '0' && input_[pos_] <= '9';
  if (c == '.' && !digit_follows) return FieldOrVariable(TokenKind::kField);
  if (c == '.' || c == '+' || c == '-' || (c >= '0' && c <= '9')) {
    --pos_;
    return Number();
  }
  --pos_;
  std::size_t width = 0;
  char32_t rune = DecodeUtf8(input_.substr(pos_), &width);
  if (IsAlphaNumericAscii(c) || (rune >= 0x80 && IsLetterOrDigit(rune))) return Identifier();
  pos_ += static_cast<std::uint32_t>(width);
  if (rune > 0x20 && rune < 0x7F) return Make(TokenKind::kChar);
  return Fail(fmt::format("unrecognized character in action: {}", ShowRune(rune)));
}

Token Lexer::Quoted(char quote, TokenKind kind) {
  const char* what =
      quote == '"' ? "unterminated quoted string" : "unterminated character constant";
  while (true) {
    if (pos_ >= input_.size() || input_[pos_] == '\n') return Fail(what);
    char c = input_[pos_++];
    if (c == quote) return Make(kind);
    if (c != '\\') continue;
    if (pos_ >= input_.size() || input_[pos_] == '\n') return Fail(what);
    ++pos_;
  }
}

Token Lexer::Raw() {
  std::size_t close = input_.find('`', pos_);
  if (close == std::string_view::npos) return Fail("unterminated raw quoted string");
  pos_ = static_cast<std::uint32_t>(close + 1);
  return Make(TokenKind::kRawString);
}

bool Lexer::AtTerminator() const {
  bool trim = false;
  if (pos_ >= input_.size() || AtRightDelim(&trim)) return true;
  char c = input_[pos_];
  return IsSpace(c) || std::string_view(".,|:)(").find(c) != std::string_view::npos;
}

Token Lexer::FieldOrVariable(TokenKind kind) {
  if (AtTerminator()) {
    return Make(kind == TokenKind::kVariable ? TokenKind::kVariable : TokenKind::kDot);
  }
  while (pos_ < input_.size()) {
    std::size_t width = 0;
    char32_t rune = DecodeUtf8(input_.substr(pos_), &width);
    if (!IsLetterOrDigit(rune) && rune != '_') break;
    pos_ += static_cast<std::uint32_t>(width);
  }
  if (!AtTerminator()) {
    std::size_t width = 0;
    return Fail("bad character " + ShowRune(DecodeUtf8(input_.substr(pos_), &width)));
  }
  return Make(kind);
}

Token Lexer::Identifier() {
  while (pos_ < input_.size()) {
    std::size_t width = 0;
    char32_t rune = DecodeUtf8(input_.substr(pos_), &width);
    if (!IsLetterOrDigit(rune) && rune != '_') break;
    pos_ += static_cast<std::uint32_t>(width);
  }
  if (!AtTerminator()) {
    std::size_t width = 0;
    return Fail("bad character " + ShowRune(DecodeUtf8(input_.substr(pos_), &width)));
  }
  std::string_view word = input_.substr(start_, pos_ - start_);
  auto keyword = std::ranges::find(kKeywords, word, &std::pair<std::string_view, TokenKind>::first);
  if (keyword != kKeywords.end()) return Make(keyword->second);
  if (word == "true" || word == "false") return Make(TokenKind::kBool);
  return Make(TokenKind::kIdentifier);
}

bool Lexer::ScanNumber() {
  auto accept = [&](std::string_view set) {
    bool ok = pos_ < input_.size() && set.find(input_[pos_]) != std::string_view::npos;
    pos_ += ok ? 1 : 0;
    return ok;
  };
  auto run = [&](std::string_view set) {
    while (accept(set)) {
    }
  };
  accept("+-");
  std::string_view digits = "0123456789_";
  if (accept("0")) {
    if (accept("xX")) {
      digits = "0123456789abcdefABCDEF_";
    } else if (accept("oO")) {
      digits = "01234567_";
    } else if (accept("bB")) {
      digits = "01_";
    }
  }
  run(digits);
  if (accept(".")) run(digits);
  if (digits.size() == 11 && accept("eE")) {
    accept("+-");
    run("0123456789_");
  }
  if (digits.size() == 23 && accept("pP")) {
    accept("+-");
    run("0123456789_");
  }
  accept("i");
  std::size_t width = 0;
  if (pos_ < input_.size() &&
      (input_[pos_] == '_' || IsLetterOrDigit(DecodeUtf8(input_.substr(pos_), &width)))) {
    ++pos_;
    return false;
  }
  return true;
}

Token Lexer::Number() {
  if (!ScanNumber())
    return Fail(fmt::format("bad number syntax: \"{}\"", input_.substr(start_, pos_ - start_)));
  // 1+2i, without blanks and with an i at its end.
  bool is_complex = pos_ < input_.size() && (input_[pos_] == '+' || input_[pos_] == '-');
  if (is_complex && (!ScanNumber() || input_[pos_ - 1] != 'i'))
    return Fail(fmt::format("bad number syntax: \"{}\"", input_.substr(start_, pos_ - start_)));
  return Make(TokenKind::kNumber);
}

}  // namespace plumbline::gotmpl
