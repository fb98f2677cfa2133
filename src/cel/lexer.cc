// Lexical rules: cel-spec, doc/langdef.md, "Syntax".
#include "cel/lexer.h"

#include <array>

namespace plumbline::cel {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

int HexValue(char c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

struct Mark {
  std::string_view text;
  TokenKind kind;
};

// Longer ones first.
constexpr auto kMarks = std::to_array<Mark>({
    {"&&", TokenKind::kAnd},         {"||", TokenKind::kOr},        {"==", TokenKind::kEq},
    {"!=", TokenKind::kNe},          {"<=", TokenKind::kLe},        {">=", TokenKind::kGe},
    {"<", TokenKind::kLt},           {">", TokenKind::kGt},         {".", TokenKind::kDot},
    {",", TokenKind::kComma},        {":", TokenKind::kColon},      {"?", TokenKind::kQuestion},
    {"(", TokenKind::kLeftParen},    {")", TokenKind::kRightParen}, {"[", TokenKind::kLeftBracket},
    {"]", TokenKind::kRightBracket}, {"{", TokenKind::kLeftBrace},  {"}", TokenKind::kRightBrace},
    {"+", TokenKind::kPlus},         {"-", TokenKind::kMinus},      {"*", TokenKind::kStar},
    {"/", TokenKind::kSlash},        {"%", TokenKind::kPercent},    {"!", TokenKind::kNot},
});

}  // namespace

bool AppendUtf8(std::string& out, std::uint32_t cp) {
  if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF)) return false;
  if (cp < 0x80) {
    out += static_cast<char>(cp);
  } else if (cp < 0x800) {
    out += static_cast<char>(0xC0 | (cp >> 6));
    out += static_cast<char>(0x80 | (cp & 0x3F));
  } else if (cp < 0x10000) {
    out += static_cast<char>(0xE0 | (cp >> 12));
    out += static_cast<char>(0x80 | ((cp >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (cp & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (cp >> 18));
    out += static_cast<char>(0x80 | ((cp >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((cp >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (cp & 0x3F));
  }
  return true;
}

Token Lexer::Make(TokenKind kind, std::size_t begin) const {
  return {kind, static_cast<std::uint32_t>(begin), source_.substr(begin, at_ - begin)};
}

Token Lexer::Fail(std::size_t at, std::string_view message) {
  at_ = source_.size();
  return {TokenKind::kError, static_cast<std::uint32_t>(at), message};
}

void Lexer::SkipSpace() {
  while (at_ < source_.size()) {
    char c = source_[at_];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
      ++at_;
    } else if (c == '/' && Peek(1) == '/') {
      at_ = std::min(source_.find('\n', at_), source_.size());
    } else {
      return;
    }
  }
}

Token Lexer::Next() {
  SkipSpace();
  if (at_ >= source_.size()) return {TokenKind::kEnd, static_cast<std::uint32_t>(at_), {}};
  char c = source_[at_];
  std::size_t prefix = 0;
  bool raw = false, bytes = false;
  if (StringPrefix(prefix, raw, bytes)) return String(prefix, raw, bytes);
  if (IsLetter(c)) return Word();
  if (IsDigit(c) || (c == '.' && IsDigit(Peek(1)))) return Number();
  if (c == '`') return QuotedIdent();
  return Punctuation();
}

Token Lexer::Word() {
  std::size_t begin = at_;
  while (IsLetter(Peek()) || IsDigit(Peek())) ++at_;
  Token t = Make(TokenKind::kIdent, begin);
  if (t.text == "true") t.kind = TokenKind::kTrue;
  if (t.text == "false") t.kind = TokenKind::kFalse;
  if (t.text == "null") t.kind = TokenKind::kNull;
  if (t.text == "in") t.kind = TokenKind::kIn;
  return t;
}

Token Lexer::QuotedIdent() {
  std::size_t begin = at_++;
  auto allowed = [](char c) {
    return IsLetter(c) || IsDigit(c) || c == '.' || c == '-' || c == '/' || c == ' ';
  };
  while (allowed(Peek())) ++at_;
  if (Peek() != '`' || at_ == begin + 1)
    return Fail(begin, "unterminated quoted identifier, expected '`'");
  ++at_;
  Token t = Make(TokenKind::kQuotedIdent, begin);
  t.text = t.text.substr(1, t.text.size() - 2);
  return t;
}

Token Lexer::Number() {
  std::size_t begin = at_;
  TokenKind kind = TokenKind::kInt;
  if (Peek() == '0' && (Peek(1) == 'x' || Peek(1) == 'X') && HexValue(Peek(2)) >= 0) {
    at_ += 2;
    while (HexValue(Peek()) >= 0) ++at_;
  } else {
    while (IsDigit(Peek())) ++at_;
    if (Peek() == '.' && IsDigit(Peek(1))) {
      kind = TokenKind::kDouble;
      ++at_;
      while (IsDigit(Peek())) ++at_;
    }
    std::size_t sign = Peek(1) == '+' || Peek(1) == '-' ? 1 : 0;
    if ((Peek() == 'e' || Peek() == 'E') && IsDigit(Peek(1 + sign))) {
      kind = TokenKind::kDouble;
      at_ += 1 + sign;
      while (IsDigit(Peek())) ++at_;
    }
  }
  if (kind == TokenKind::kInt && (Peek() == 'u' || Peek() == 'U')) {
    ++at_;
    kind = TokenKind::kUint;
  }
  if (IsLetter(Peek())) return Fail(at_, "unexpected letter after a number");
  return Make(kind, begin);
}

Token Lexer::Punctuation() {
  for (const Mark& mark : kMarks) {
    if (source_.substr(at_).starts_with(mark.text)) {
      std::size_t begin = at_;
      at_ += mark.text.size();
      return Make(mark.kind, begin);
    }
  }
  return Fail(at_, "unexpected character");
}

bool Lexer::StringPrefix(std::size_t& prefix, bool& raw, bool& bytes) const {
  for (prefix = 0; prefix < 3; ++prefix) {
    char c = Peek(prefix);
    if (c == '"' || c == '\'') return true;
    if ((c == 'r' || c == 'R') && !raw) {
      raw = true;
    } else if ((c == 'b' || c == 'B') && !bytes) {
      bytes = true;
    } else {
      return false;
    }
  }
  return false;
}

Token Lexer::String(std::size_t prefix, bool raw, bool bytes) {
  std::size_t begin = at_;
  at_ += prefix;
  char quote = Peek();
  bool triple = Peek(1) == quote && Peek(2) == quote;
  std::string_view closing = source_.substr(at_, triple ? 3 : 1);
  at_ += closing.size();
  std::string out;
  while (!source_.substr(at_).starts_with(closing)) {
    if (at_ >= source_.size()) return Fail(begin, "unterminated string");
    char c = source_[at_++];
    if (!triple && (c == '\n' || c == '\r'))
      return Fail(begin, "unterminated string at the end of the line");
    if (c != '\\' || raw) {
      out += c;
    } else if (!Escape(bytes, out)) {
      return Fail(at_ > 0 ? at_ - 1 : 0, "invalid escape in a string");
    }
  }
  at_ += closing.size();
  return {bytes ? TokenKind::kBytes : TokenKind::kString, static_cast<std::uint32_t>(begin),
          arena_.CopyString(out)};
}

bool Lexer::Digits(int count, int base, std::uint32_t& value) {
  value = 0;
  for (int i = 0; i < count; ++i) {
    int digit = HexValue(Peek());
    if (digit < 0 || digit >= base) return false;
    value = value * static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(digit);
    ++at_;
  }
  return true;
}

bool Lexer::Escape(bool bytes, std::string& out) {
  constexpr std::string_view kFrom = "abfnrtv\\?\"'`";
  constexpr std::string_view kTo = "\a\b\f\n\r\t\v\\?\"'`";
  char c = Peek();
  if (auto at = kFrom.find(c); c != '\0' && at != std::string_view::npos) {
    ++at_;
    out += kTo[at];
    return true;
  }
  std::uint32_t value = 0;
  if (c >= '0' && c <= '3') {
    if (!Digits(3, 8, value)) return false;
  } else if (c == 'x' || c == 'X') {
    ++at_;
    if (!Digits(2, 16, value)) return false;
  } else if ((c == 'u' || c == 'U') && !bytes) {
    ++at_;
    return Digits(c == 'u' ? 4 : 8, 16, value) && AppendUtf8(out, value);
  } else {
    return false;
  }
  if (!bytes) return AppendUtf8(out, value);
  out += static_cast<char>(value);
  return true;
}

}  // namespace plumbline::cel
