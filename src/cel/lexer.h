// Tokens of CEL, one at a time. Escapes of string literals are decoded here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "support/arena.h"

namespace plumbline::cel {

enum class TokenKind : std::uint8_t {
  kEnd,
  kIdent,
  kQuotedIdent,
  kInt,
  kUint,
  kDouble,
  kString,
  kBytes,
  kError,
  kTrue,
  kFalse,
  kNull,
  kIn,
  kDot,
  kComma,
  kColon,
  kQuestion,
  kLeftParen,
  kRightParen,
  kLeftBracket,
  kRightBracket,
  kLeftBrace,
  kRightBrace,
  kPlus,
  kMinus,
  kStar,
  kSlash,
  kPercent,
  kNot,
  kAnd,
  kOr,
  kEq,
  kNe,
  kLt,
  kLe,
  kGt,
  kGe,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::uint32_t offset = 0;
  std::string_view text;  // the source; a string's decoded bytes; an error's message
};

class Lexer {
 public:
  Lexer(std::string_view source, Arena& arena) : source_(source), arena_(arena) {}
  Token Next();
  /// Just behind the last token.
  std::size_t position() const { return at_; }

 private:
  char Peek(std::size_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }
  Token Make(TokenKind kind, std::size_t begin) const;
  Token Fail(std::size_t at, std::string_view message);
  void SkipSpace();
  Token Number();
  Token Word();
  Token QuotedIdent();
  Token Punctuation();
  Token String(std::size_t prefix, bool raw, bool bytes);
  bool StringPrefix(std::size_t& prefix, bool& raw, bool& bytes) const;
  /// Decodes the escape at `at_` (behind the backslash); false when it is none.
  bool Escape(bool bytes, std::string& out);
  bool Digits(int count, int base, std::uint32_t& value);

  std::string_view source_;
  Arena& arena_;
  std::size_t at_ = 0;
};

/// Appends a code point; false when it is none (surrogate, beyond U+10FFFF).
bool AppendUtf8(std::string& out, std::uint32_t code_point);

}  // namespace plumbline::cel
