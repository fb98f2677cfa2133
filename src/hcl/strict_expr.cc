// Expressions: precedence climbing over postfix terms.
#include <algorithm>

#include "hcl/strict_parser.h"
#include "hcl/text.h"
#include "value/number.h"

namespace plumbline::hcl {

namespace {

struct Operator {
  Op op = Op::kNone;
  int precedence = 0;
  int length = 0;
};

// The binary operator written at the start of a text, of which `c` and `d` are the first two bytes.
Operator OperatorAt(char c, char d) {
  switch (c) {
    case '|':
      return d == '|' ? Operator{Op::kOr, 1, 2} : Operator{};
    case '&':
      return d == '&' ? Operator{Op::kAnd, 2, 2} : Operator{};
    case '=':
      return d == '=' ? Operator{Op::kEq, 3, 2} : Operator{};
    case '!':
      return d == '=' ? Operator{Op::kNe, 3, 2} : Operator{};
    case '<':
      if (d == '<') return {};
      return d == '=' ? Operator{Op::kLe, 4, 2} : Operator{Op::kLt, 4, 1};
    case '>':
      return d == '=' ? Operator{Op::kGe, 4, 2} : Operator{Op::kGt, 4, 1};
    case '+':
      return {Op::kAdd, 5, 1};
    case '-':
      return {Op::kSub, 5, 1};
    case '*':
      return {Op::kMul, 6, 1};
    case '/':
      return {Op::kDiv, 6, 1};
    case '%':
      return {Op::kMod, 6, 1};
    default:
      return {};
  }
}

}  // namespace

Expr* StrictParser::NewExpr(ExprKind kind, const char* from, const char* to) {
  Expr* e = arena_.New<Expr>();
  e->kind = kind;
  e->span = SpanOf(from, to);
  return e;
}

// Counts `below` as a child of `e`; fails when the tree becomes too high.
bool StrictParser::Raise(Expr* e, const Expr* below) {
  if (below == nullptr || below->height < e->height) return true;
  e->height = static_cast<std::uint16_t>(below->height + 1);
  if (e->height <= max_depth_) return true;
  return FailAt(e->span, "nested too deeply: more than " + std::to_string(max_depth_) + " levels",
                DiagnosticCode::kLimit);
}

const Expr* StrictParser::ParseSingleExpression() {
  newlines_ = false;
  const Expr* e = ParseExpression();
  if (e == nullptr) return nullptr;
  SkipBlank();
  if (p_ < end_) FailExpected("the end of the expression");
  return failed_ ? nullptr : e;
}

const Expr* StrictParser::ParseExpression() {
  if (!Enter()) return nullptr;
  const Expr* e = ParseConditional();
  Leave();
  return e;
}

const Expr* StrictParser::ParseConditional() {
  const Expr* condition = ParseBinary(1);
  if (condition == nullptr) return nullptr;
  SkipBlank();
  if (Cur() != '?') return condition;
  ++p_;
  const Expr* arms[2] = {ParseExpression(), nullptr};
  if (arms[0] == nullptr) return nullptr;
  SkipBlank();
  if (Cur() != ':') {
    FailExpected("\":\" and the value for when the condition is false");
    return nullptr;
  }
  ++p_;
  arms[1] = ParseExpression();
  if (arms[1] == nullptr) return nullptr;
  Expr* e = NewExpr(ExprKind::kConditional, p_, p_);
  e->span = Join(condition->span, arms[1]->span);
  e->operand = condition;
  e->args = arena_.Copy(std::span<const Expr* const>(arms, 2));
  bool ok = Raise(e, condition) && Raise(e, arms[0]) && Raise(e, arms[1]);
  return ok ? e : nullptr;
}

const Expr* StrictParser::ParseBinary(int min_precedence) {
  const Expr* left = ParsePostfix();
  while (left != nullptr) {
    SkipBlank();
    if (p_ == end_) return failed_ ? nullptr : left;
    Operator op = OperatorAt(*p_, Next());
    if (op.op == Op::kNone || op.precedence < min_precedence) return left;
    p_ += op.length;
    const Expr* right = ParseBinary(op.precedence + 1);
    if (right == nullptr) return nullptr;
    const Expr* operands[2] = {left, right};
    Expr* e = NewExpr(ExprKind::kBinary, p_, p_);
    e->span = Join(left->span, right->span);
    e->op = op.op;
    e->args = arena_.Copy(std::span<const Expr* const>(operands, 2));
    left = Raise(e, operands[0]) && Raise(e, right) ? e : nullptr;
  }
  return left;
}

const Expr* StrictParser::ParseUnary(Op op) {
  const char* from = p_++;
  if (!Enter()) return nullptr;
  const Expr* operand = ParsePostfix();
  Leave();
  if (operand == nullptr) return nullptr;
  Expr* e = NewExpr(ExprKind::kUnary, from, p_);
  e->span.end = operand->span.end;
  e->op = op;
  e->operand = operand;
  return Raise(e, operand) ? e : nullptr;
}

const Expr* StrictParser::ParsePostfix() {
  const Expr* term = ParseTerm();
  if (term == nullptr || term->kind == ExprKind::kUnary) return term;
  SkipBlank();
  if (Cur() != '.' && Cur() != '[') return failed_ ? nullptr : term;
  return ParseSteps(term);
}

const Expr* StrictParser::ParseTerm() {
  SkipBlank();
  if (p_ == end_) {
    FailExpected("an expression");
    return nullptr;
  }
  switch (*p_) {
    case '"':
      return ParseQuoted();
    case '(':
      return ParseParens();
    case '[':
      return ParseTuple();
    case '{':
      return ParseObject();
    case '-':
      return ParseUnary(Op::kNeg);
    case '!':
      if (Next() != '=') return ParseUnary(Op::kNot);
      break;
    case '<':
      if (Next() == '<') return ParseHeredoc();
      break;
    case '\'':
      Fail("expected an expression, found \"'\": strings are written in double quotes");
      return nullptr;
    default:
      if (IsDigit(*p_)) return ParseNumberLiteral();
      return ParseWord();
  }
  FailExpected("an expression");
  return nullptr;
}

// As the scanner of HCL cuts it: digits, points and exponents in any order, a digit at the end.
const Expr* StrictParser::ParseNumberLiteral() {
  const char* from = p_;
  const char* to = p_;
  while (true) {
    if (IsDigit(Cur())) {
      to = ++p_;
    } else if (Cur() == '.' && !Rest().starts_with("...")) {
      ++p_;
    } else if ((Cur() | 32) == 'e' && IsDigit(Next(Next() == '+' || Next() == '-' ? 2 : 1))) {
      p_ += Next() == '+' || Next() == '-' ? 3 : 2;
      to = p_;
    } else {
      break;
    }
  }
  p_ = to;
  std::string_view text(from, static_cast<std::size_t>(p_ - from));
  std::optional<Value> number = ParseNumber(arena_, text);
  if (!number) {
    FailAt(SpanOf(from, p_), "expected a number, found \"" + std::string(text) + "\"");
    return nullptr;
  }
  Expr* e = NewExpr(ExprKind::kLiteral, from, p_);
  e->value = *number;
  return e;
}

// A variable, a function call, or true, false, null.
const Expr* StrictParser::ParseWord() {
  const char* from = p_;
  std::string_view name = TakeIdentifier();
  if (name.empty()) {
    FailExpected("an expression");
    return nullptr;
  }
  const char* to = p_;
  SkipBlank();
  if (Cur() == '(' || (Cur() == ':' && Next() == ':')) return ParseCall(name, from);
  bool boolean = name == "true" || name == "false";
  if (!boolean && name != "null") {
    Expr* e = NewExpr(ExprKind::kVariable, from, to);
    e->name = name;
    return e;
  }
  Expr* e = NewExpr(ExprKind::kLiteral, from, to);
  if (boolean) e->value = Value::Bool(name == "true");
  return e;
}

const Expr* StrictParser::ParseParens() {
  const char* from = p_++;
  bool outer = std::exchange(newlines_, false);
  const Expr* inner = ParseExpression();
  if (inner == nullptr) return nullptr;
  SkipBlank();
  if (Cur() != ')') {
    FailExpected("\")\"");
    return nullptr;
  }
  ++p_;
  newlines_ = outer;
  Expr* e = NewExpr(ExprKind::kParens, from, p_);
  e->operand = inner;
  return Raise(e, inner) ? e : nullptr;
}

// `first` is behind us; reads `::name` as often as it comes.
std::string_view StrictParser::ParseNamespace(std::string_view first) {
  std::string joined(first);
  const char* to = first.data() + first.size();
  bool adjacent = true;
  while (Cur() == ':' && Next() == ':') {
    adjacent = adjacent && p_ == to;
    p_ += 2;
    SkipBlank();
    const char* at = p_;
    std::string_view name = TakeIdentifier();
    if (name.empty()) {
      FailExpected("a function name behind \"::\"");
      return {};
    }
    adjacent = adjacent && at == to + 2;
    to = p_;
    joined.append("::").append(name);
    SkipBlank();
  }
  if (adjacent) return {first.data(), static_cast<std::size_t>(to - first.data())};
  return arena_.CopyString(joined);
}

const Expr* StrictParser::ParseCall(std::string_view name, const char* from) {
  if (Cur() == ':') name = ParseNamespace(name);
  if (Cur() != '(') {
    FailExpected("\"(\" and the arguments of the function");
    return nullptr;
  }
  ++p_;
  bool outer = std::exchange(newlines_, false);
  std::size_t first = exprs_.size();
  bool expand = false;
  if (!ParseArguments(expand)) return nullptr;
  newlines_ = outer;
  Expr* e = NewExpr(ExprKind::kCall, from, p_);
  e->name = name;
  e->expand_last = expand;
  e->args = arena_.Copy(std::span<const Expr* const>(exprs_).subspan(first));
  exprs_.resize(first);
  for (const Expr* arg : e->args) {
    if (!Raise(e, arg)) return nullptr;
  }
  return e;
}

// Up to and including the closing parenthesis.
bool StrictParser::ParseArguments(bool& expand) {
  while (true) {
    SkipBlank();
    if (Cur() == ')') break;
    const Expr* arg = ParseExpression();
    if (arg == nullptr) return false;
    exprs_.push_back(arg);
    SkipBlank();
    if (Cur() == ',') {
      ++p_;
      continue;
    }
    if (Rest().starts_with("...")) {
      expand = true;
      p_ += 3;
      SkipBlank();
      if (Cur() != ')') return FailExpected("\")\" behind \"...\"");
    }
    if (Cur() != ')') return FailExpected("\",\" or \")\" behind the argument");
    break;
  }
  if (failed_) return false;
  ++p_;
  return true;
}

const Expr* StrictParser::ParseTuple() {
  const char* from = p_++;
  bool outer = std::exchange(newlines_, false);
  SkipBlank();
  const Expr* result = nullptr;
  if (AtWord("for")) {
    result = ParseFor(from, ']');
    newlines_ = outer;
    return result;
  }
  std::size_t first = exprs_.size();
  while (Cur() != ']') {
    const Expr* item = ParseExpression();
    if (item == nullptr) return nullptr;
    exprs_.push_back(item);
    SkipBlank();
    if (Cur() == ']') break;
    if (Cur() != ',') {
      FailExpected("\",\" or \"]\" behind the element");
      return nullptr;
    }
    ++p_;
    SkipBlank();
  }
  ++p_;
  newlines_ = outer;
  Expr* e = NewExpr(ExprKind::kTuple, from, p_);
  e->args = arena_.Copy(std::span<const Expr* const>(exprs_).subspan(first));
  exprs_.resize(first);
  for (const Expr* item : e->args) {
    if (!Raise(e, item)) return nullptr;
  }
  return e;
}

const Expr* StrictParser::ParseObject() {
  const char* from = p_++;
  bool outer = std::exchange(newlines_, false);
  SkipBlank();
  if (AtWord("for")) {
    const Expr* result = ParseFor(from, '}');
    newlines_ = outer;
    return result;
  }
  newlines_ = true;
  std::size_t first = items_.size();
  while (Cur() != '}') {
    if (!ParseObjectItem() || !ParseObjectSeparator()) return nullptr;
  }
  ++p_;
  newlines_ = outer;
  Expr* e = NewExpr(ExprKind::kObject, from, p_);
  e->items = arena_.Copy(std::span<const ObjectItem>(items_).subspan(first));
  items_.resize(first);
  for (const ObjectItem& item : e->items) {
    if (!Raise(e, item.key) || !Raise(e, item.value)) return nullptr;
  }
  return e;
}

// A comma or a line break, and every further line break; nothing before the closing brace.
bool StrictParser::ParseObjectSeparator() {
  SkipBlank();
  if (Cur() == '}') return true;
  if (Cur() == ',') {
    ++p_;
  } else if (!AtNewline()) {
    return FailExpected("\",\", a line break or } behind the value");
  }
  SkipBlank();
  while (p_ < end_ && AtNewline()) {
    TakeNewline();
    SkipBlank();
  }
  return !failed_;
}

bool StrictParser::ParseObjectItem() {
  ObjectItem item;
  if (!ParseObjectKey(item)) return false;
  SkipBlank();
  bool equals = Cur() == '=' && Next() != '=' && Next() != '>';
  if (!equals && Cur() != ':') return FailExpected("\"=\" and a value behind the key");
  ++p_;
  item.value = ParseExpression();
  if (item.value == nullptr) return false;
  items_.push_back(item);
  return true;
}

bool StrictParser::ParseObjectKey(ObjectItem& item) {
  item.key = ParseExpression();
  if (item.key == nullptr) return false;
  const Expr& key = *item.key;
  bool variable = key.kind == ExprKind::kVariable && key.steps.empty();
  bool keyword = key.kind == ExprKind::kLiteral && !key.quoted && !key.value.is_number();
  if (!variable && !keyword) return true;
  std::string_view text = key.name;
  if (keyword) text = key.value.is_null() ? "null" : key.value.as_bool() ? "true" : "false";
  Expr* e = NewExpr(ExprKind::kLiteral, p_, p_);
  e->span = key.span;
  e->value = Value::String(Normalize(arena_, text));
  item.key = e;
  item.bare_key = true;
  return true;
}

}  // namespace plumbline::hcl
