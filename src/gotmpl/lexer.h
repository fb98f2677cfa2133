// Tokens of Go's text/template: literal text, and what stands between {{ and }}.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace plumbline::gotmpl {

enum class TokenKind : std::uint8_t {
  kError,
  kEof,
  kText,
  kLeftDelim,
  kRightDelim,
  kSpace,
  kAssign,   // =
  kDeclare,  // :=
  kPipe,
  kLeftParen,
  kRightParen,
  kChar,  // any other printable character, the comma among them
  kString,
  kRawString,
  kCharConstant,
  kNumber,
  kBool,
  kField,     // .name
  kVariable,  // $name
  kIdentifier,
  kDot,
  kNil,
  // Keywords.
  kBlock,
  kBreak,
  kContinue,
  kDefine,
  kElse,
  kEnd,
  kIf,
  kRange,
  kTemplate,
  kWith,
};

struct Token {
  TokenKind kind = TokenKind::kEof;
  std::uint32_t pos = 0;
  std::string_view text;
};

class Lexer {
 public:
  explicit Lexer(std::string_view input) : input_(input) {}

  Token Next();
  /// What is wrong, after a kError.
  const std::string& error() const { return error_; }

 private:
  Token Text();
  Token LeftDelim();
  Token Comment();
  Token InsideAction();
  Token Quoted(char quote, TokenKind kind);
  Token Raw();
  Token FieldOrVariable(TokenKind kind);
  Token Identifier();
  Token Number();
  bool ScanNumber();
  bool AtTerminator() const;
  bool AtRightDelim(bool* trim) const;
  Token Make(TokenKind kind);
  Token Fail(std::string message);

  std::string_view input_;
  std::uint32_t pos_ = 0, start_ = 0;
  bool inside_ = false;        // between {{ and }}
  bool trim_next_ = false;     // the last action ended with -}}
  bool pending_left_ = false;  // text was handed out, the delimiter is next
  int parens_ = 0;
  std::string error_;
};

}  // namespace plumbline::gotmpl
