#include "cel/parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <string>
#include <vector>

#include "cel/lexer.h"

namespace plumbline::cel {
namespace {

constexpr auto kReserved = std::to_array<std::string_view>(
    {"as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
     "namespace", "package", "return", "var", "void", "while"});
static_assert(std::ranges::is_sorted(kReserved));

struct Binary {
  int precedence = 0;
  Op op = Op::kNull;
};

Binary BinaryOf(TokenKind kind) {
  switch (kind) {
    case TokenKind::kOr:
      return {1, Op::kOr};
    case TokenKind::kAnd:
      return {2, Op::kAnd};
    case TokenKind::kEq:
      return {3, Op::kEq};
    case TokenKind::kNe:
      return {3, Op::kNe};
    case TokenKind::kLt:
      return {3, Op::kLt};
    case TokenKind::kLe:
      return {3, Op::kLe};
    case TokenKind::kGt:
      return {3, Op::kGt};
    case TokenKind::kGe:
      return {3, Op::kGe};
    case TokenKind::kIn:
      return {3, Op::kIn};
    case TokenKind::kPlus:
      return {4, Op::kAdd};
    case TokenKind::kMinus:
      return {4, Op::kSub};
    case TokenKind::kStar:
      return {5, Op::kMul};
    case TokenKind::kSlash:
      return {5, Op::kDiv};
    case TokenKind::kPercent:
      return {5, Op::kMod};
    default:
      return {};
  }
}

class Parser {
 public:
  Parser(std::string_view source, Arena& arena, const Limits& limits)
      : source_(source), arena_(arena), limits_(limits), lexer_(source, arena) {
    Advance();
  }

  Result<Ast*> Run() {
    Ast* root = Expression();
    if (root && token_.kind != TokenKind::kEnd) root = Unexpected("an operator or the end");
    if (!root) return tl::unexpected(ErrorAt(source_, error_offset_, error_));
    return root;
  }

 private:
  using Kids = std::vector<Ast*>;

  void Advance() {
    consumed_ = lexer_.position();
    token_ = lexer_.Next();
  }
  /// Marks what a node was made from; an inner node keeps its own mark, without the parentheses.
  Ast* Spanned(std::uint32_t begin, Ast* node) const {
    if (node && node->end == 0) {
      node->begin = begin;
      node->end = static_cast<std::uint32_t>(consumed_);
    }
    return node;
  }
  bool Accept(TokenKind kind) {
    if (token_.kind != kind) return false;
    Advance();
    return true;
  }

  std::nullptr_t FailAt(std::uint32_t offset, std::string message) {
    if (error_.empty()) {
      error_ = std::move(message);
      error_offset_ = offset;
    }
    return nullptr;
  }
  std::nullptr_t Unexpected(std::string_view expected) {
    if (token_.kind == TokenKind::kError) return FailAt(token_.offset, std::string(token_.text));
    if (token_.kind == TokenKind::kEnd) {
      return FailAt(token_.offset, fmt::format("unexpected end, expected {}", expected));
    }
    std::string_view shown = source_.substr(token_.offset, 1);
    if (token_.kind != TokenKind::kString && token_.kind != TokenKind::kBytes) shown = token_.text;
    return FailAt(token_.offset, fmt::format("unexpected '{}', expected {}", shown, expected));
  }
  bool Expect(TokenKind kind, std::string_view name) {
    if (Accept(kind)) return true;
    Unexpected(name);
    return false;
  }

  std::nullptr_t TooDeep(std::uint32_t offset) {
    return FailAt(offset,
                  fmt::format("the expression nests deeper than {} levels", limits_.max_depth));
  }

  Ast* Make(Op op, std::uint32_t offset, const Kids& kids = {}) {
    Ast* node = arena_.New<Ast>();
    node->op = op;
    node->offset = offset;
    node->kids = arena_.NewArray<Ast*>(kids.size());
    std::ranges::copy(kids, node->kids.begin());
    for (const Ast* kid : kids) node->height = std::max(node->height, kid->height + 1);
    if (node->height > limits_.max_depth) return TooDeep(offset);
    return node;
  }

  Ast* Expression() {
    if (++depth_ > limits_.max_depth) return TooDeep(token_.offset);
    Ast* result = Conditional();
    --depth_;
    return result;
  }

  Ast* Conditional() {
    std::uint32_t begin = token_.offset;
    Ast* condition = BinaryChain(1);
    if (!condition || token_.kind != TokenKind::kQuestion) return condition;
    std::uint32_t offset = token_.offset;
    Advance();
    Ast* then = BinaryChain(1);
    if (!then || !Expect(TokenKind::kColon, "':' of a conditional")) return nullptr;
    Ast* otherwise = Expression();
    if (!otherwise) return nullptr;
    return Spanned(begin, Make(Op::kCond, offset, {condition, then, otherwise}));
  }

  Ast* BinaryChain(int min_precedence) {
    std::uint32_t begin = token_.offset;
    Ast* left = Unary();
    while (left) {
      Binary binary = BinaryOf(token_.kind);
      if (binary.precedence < min_precedence) return left;
      std::uint32_t offset = token_.offset;
      if (binary.op == Op::kAnd || binary.op == Op::kOr) {
        left = Spanned(begin, FlatChain(binary, left, offset));
        continue;
      }
      Advance();
      Ast* right = BinaryChain(binary.precedence + 1);
      left = right ? Spanned(begin, Make(binary.op, offset, {left, right})) : nullptr;
    }
    return nullptr;
  }

  Ast* FlatChain(Binary binary, Ast* first, std::uint32_t offset) {
    Kids kids{first};
    TokenKind kind = token_.kind;
    while (Accept(kind)) {
      Ast* next = BinaryChain(binary.precedence + 1);
      if (!next) return nullptr;
      kids.push_back(next);
    }
    return Make(binary.op, offset, kids);
  }

  Ast* Unary() {
    if (token_.kind != TokenKind::kNot && token_.kind != TokenKind::kMinus)
      return Member(token_.offset);
    Token op = token_;
    Advance();
    bool number = token_.kind == TokenKind::kInt || token_.kind == TokenKind::kDouble;
    if (op.kind == TokenKind::kMinus && number) {
      negative_ = true;
      return Member(op.offset);
    }
    if (++depth_ > limits_.max_depth) return TooDeep(op.offset);
    Ast* operand = Unary();
    --depth_;
    if (!operand) return nullptr;
    return Spanned(op.offset,
                   Make(op.kind == TokenKind::kNot ? Op::kNot : Op::kNegate, op.offset, {operand}));
  }

  Ast* Member(std::uint32_t begin) {
    Ast* value = Primary();
    while (Spanned(begin, value)) {
      if (token_.kind == TokenKind::kDot) {
        value = AfterDot(value);
      } else if (token_.kind == TokenKind::kLeftBracket) {
        value = AfterBracket(value);
      } else if (token_.kind == TokenKind::kLeftBrace && IsName(value)) {
        value = StructLiteral(value);
      } else {
        return value;
      }
    }
    return nullptr;
  }

  static bool IsName(const Ast* node) {
    while (node->op == Op::kSelect) node = node->kids[0];
    return node->op == Op::kIdent;
  }

  Ast* AfterDot(Ast* receiver) {
    std::uint32_t offset = token_.offset;
    Advance();
    bool optional = Accept(TokenKind::kQuestion);
    Token name = token_;
    if (name.kind != TokenKind::kIdent && name.kind != TokenKind::kQuotedIdent)
      return Unexpected("a field name");
    Advance();
    if (!optional && name.kind == TokenKind::kIdent && Accept(TokenKind::kLeftParen)) {
      return Call(Op::kMember, name, {receiver});
    }
    Ast* node = Make(optional ? Op::kOptSelect : Op::kSelect, offset, {receiver});
    if (node) node->text = name.text;
    return node;
  }

  Ast* AfterBracket(Ast* receiver) {
    std::uint32_t offset = token_.offset;
    Advance();
    bool optional = Accept(TokenKind::kQuestion);
    Ast* index = Expression();
    if (!index || !Expect(TokenKind::kRightBracket, "']'")) return nullptr;
    return Make(optional ? Op::kOptIndex : Op::kIndex, offset, {receiver, index});
  }

  Ast* Call(Op op, const Token& name, Kids kids, bool absolute = false) {
    if (!Arguments(kids)) return nullptr;
    Ast* node = Make(op, name.offset, kids);
    if (!node) return nullptr;
    node->text = name.text;
    node->absolute = absolute;
    if (std::string_view problem = ExpandMacro(*node, arena_); !problem.empty()) {
      return FailAt(name.offset, std::string(problem));
    }
    if (node->height > limits_.max_depth) return TooDeep(name.offset);
    return node;
  }

  bool Arguments(Kids& kids) {
    if (Accept(TokenKind::kRightParen)) return true;
    do {
      Ast* argument = Expression();
      if (!argument) return false;
      kids.push_back(argument);
    } while (Accept(TokenKind::kComma));
    return Expect(TokenKind::kRightParen, "',' or ')'");
  }

  Ast* Primary() {
    Token token = token_;
    switch (token.kind) {
      case TokenKind::kLeftParen:
        return Parenthesised();
      case TokenKind::kLeftBracket:
        return ListLiteral();
      case TokenKind::kLeftBrace:
        return MapLiteral();
      case TokenKind::kDot:
      case TokenKind::kIdent:
        return Identifier();
      default:
        return Literal(token);
    }
  }

  Ast* Parenthesised() {
    Advance();
    Ast* inner = Expression();
    return inner && Expect(TokenKind::kRightParen, "')'") ? inner : nullptr;
  }

  Ast* Identifier() {
    std::uint32_t offset = token_.offset;
    bool absolute = Accept(TokenKind::kDot);
    Token name = token_;
    if (name.kind != TokenKind::kIdent) return Unexpected("an identifier");
    Advance();
    if (Accept(TokenKind::kLeftParen)) return Call(Op::kGlobal, name, {}, absolute);
    if (std::ranges::binary_search(kReserved, name.text)) {
      return FailAt(name.offset, fmt::format("'{}' is a reserved word", name.text));
    }
    Ast* node = Make(Op::kIdent, offset);
    if (node) {
      node->text = name.text;
      node->absolute = absolute;
    }
    return node;
  }

  Ast* ListLiteral() {
    std::uint32_t offset = token_.offset;
    Advance();
    Kids kids;
    while (token_.kind != TokenKind::kRightBracket) {
      bool optional = Accept(TokenKind::kQuestion);
      Ast* element = Expression();
      if (!element) return nullptr;
      element->optional = optional;
      kids.push_back(element);
      if (!Accept(TokenKind::kComma)) break;
    }
    return Expect(TokenKind::kRightBracket, "',' or ']'") ? Make(Op::kList, offset, kids) : nullptr;
  }

  Ast* MapLiteral() {
    std::uint32_t offset = token_.offset;
    Advance();
    Kids kids;
    while (token_.kind != TokenKind::kRightBrace) {
      bool optional = Accept(TokenKind::kQuestion);
      Ast* key = Expression();
      if (!key || !Expect(TokenKind::kColon, "':' after a key")) return nullptr;
      Ast* value = Expression();
      if (!value) return nullptr;
      key->optional = optional;
      kids.push_back(key);
      kids.push_back(value);
      if (!Accept(TokenKind::kComma)) break;
    }
    return Expect(TokenKind::kRightBrace, "',' or '}'") ? Make(Op::kMap, offset, kids) : nullptr;
  }

  Ast* StructLiteral(Ast* name) {
    std::uint32_t offset = name->offset;
    Advance();
    Kids kids{name};
    while (token_.kind != TokenKind::kRightBrace) {
      bool optional = Accept(TokenKind::kQuestion);
      Token field = token_;
      if (!Accept(TokenKind::kIdent) && !Accept(TokenKind::kQuotedIdent))
        return Unexpected("a field name");
      if (!Expect(TokenKind::kColon, "':' after a field name")) return nullptr;
      Ast* value = Expression();
      Ast* node = value ? Make(Op::kField, field.offset, {value}) : nullptr;
      if (!node) return nullptr;
      node->text = field.text;
      node->optional = optional;
      kids.push_back(node);
      if (!Accept(TokenKind::kComma)) break;
    }
    return Expect(TokenKind::kRightBrace, "',' or '}'") ? Make(Op::kStruct, offset, kids) : nullptr;
  }

  Ast* Literal(const Token& token) {
    bool negative = std::exchange(negative_, false);
    Ast* node = Make(Op::kNull, token.offset);
    if (!node) return nullptr;
    switch (token.kind) {
      case TokenKind::kNull:
        break;
      case TokenKind::kTrue:
      case TokenKind::kFalse:
        node->op = Op::kBool;
        node->bits = token.kind == TokenKind::kTrue;
        break;
      case TokenKind::kString:
      case TokenKind::kBytes:
        node->op = token.kind == TokenKind::kString ? Op::kString : Op::kBytes;
        node->text = token.text;
        break;
      case TokenKind::kInt:
      case TokenKind::kUint:
        if (!Integer(token, negative, *node)) return nullptr;
        break;
      case TokenKind::kDouble:
        if (!Double(token, negative, *node)) return nullptr;
        break;
      default:
        return Unexpected("an expression");
    }
    Advance();
    return node;
  }

  bool Integer(const Token& token, bool negative, Ast& node) {
    std::string_view digits = token.text;
    bool is_unsigned = token.kind == TokenKind::kUint;
    if (is_unsigned) digits.remove_suffix(1);
    int base = 10;
    if (digits.starts_with("0x") || digits.starts_with("0X")) {
      base = 16;
      digits.remove_prefix(2);
    }
    std::uint64_t value = 0;
    bool ok = std::from_chars(digits.data(), digits.data() + digits.size(), value, base).ec ==
              std::errc();
    std::uint64_t most = is_unsigned ? UINT64_MAX : std::uint64_t{INT64_MAX} + (negative ? 1 : 0);
    if (!ok || value > most) {
      FailAt(token.offset, fmt::format("{} literal out of range", is_unsigned ? "uint" : "int"));
      return false;
    }
    node.op = is_unsigned ? Op::kUint : Op::kInt;
    node.bits = negative ? ~value + 1 : value;
    return true;
  }

  bool Double(const Token& token, bool negative, Ast& node) {
    double value = 0;
    auto end = token.text.data() + token.text.size();
    if (std::from_chars(token.text.data(), end, value).ec != std::errc()) {
      FailAt(token.offset, "double literal out of range");
      return false;
    }
    node.op = Op::kDouble;
    node.bits = std::bit_cast<std::uint64_t>(negative ? -value : value);
    return true;
  }

  std::string_view source_;
  Arena& arena_;
  const Limits& limits_;
  Lexer lexer_;
  Token token_;
  std::size_t consumed_ = 0;  // where the last consumed token ends
  bool negative_ = false;     // a minus stands directly before the number literal to come
  std::uint32_t depth_ = 0;
  std::string error_;
  std::uint32_t error_offset_ = 0;
};

}  // namespace

Error ErrorAt(std::string_view source, std::uint32_t offset, std::string_view message) {
  std::string_view before = source.substr(0, offset);
  auto line = std::ranges::count(before, '\n') + 1;
  auto start = before.rfind('\n');
  if (start != std::string_view::npos) before.remove_prefix(start + 1);
  auto column = std::ranges::count_if(before, [](char c) { return (c & 0xC0) != 0x80; }) + 1;
  return Error{fmt::format("{}:{}: {}", line, column, message)};
}

Result<Ast*> Parse(std::string_view source, Arena& arena, const Limits& limits) {
  if (source.size() > limits.max_file_bytes) {
    return Fail(fmt::format("1:1: the expression is longer than {} bytes", limits.max_file_bytes));
  }
  return Parser(source, arena, limits).Run();
}

}  // namespace plumbline::cel
