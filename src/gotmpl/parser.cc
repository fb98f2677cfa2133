// Follows the grammar of text/template/parse. Variables become slots of the template's frame while
// they are in scope; functions are looked up here, so an unknown one is a fault even where it would
// never run.
#include "gotmpl/parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <deque>

#include "gotmpl/lexer.h"
#include "gotmpl/utf8.h"

namespace plumbline::gotmpl {
namespace {

std::string Show(const Token& t) {
  if (t.kind == TokenKind::kEof) return "EOF";
  bool is_word =
      t.kind >= TokenKind::kBlock || t.kind == TokenKind::kDot || t.kind == TokenKind::kNil;
  if (is_word) return fmt::format("<{}>", t.text);
  if (t.text.size() > 10) return fmt::format("{}...", Quote(t.text.substr(0, 10)));
  return Quote(t.text);
}

bool StartsOperand(TokenKind k) {
  switch (k) {
    case TokenKind::kBool:
    case TokenKind::kCharConstant:
    case TokenKind::kDot:
    case TokenKind::kField:
    case TokenKind::kIdentifier:
    case TokenKind::kNumber:
    case TokenKind::kNil:
    case TokenKind::kRawString:
    case TokenKind::kString:
    case TokenKind::kVariable:
    case TokenKind::kLeftParen:
      return true;
    default:
      return false;
  }
}

struct Variable {
  std::string_view name;
  std::int32_t slot;
};

class Parser {
 public:
  Parser(const ParseInput& input, const FunctionSet& functions, Arena& arena)
      : input_(input), functions_(functions), arena_(arena), lexer_(input.source) {}

  tl::expected<std::vector<Template>, ParseError> Run() {
    Begin();
    std::vector<const Node*> body;
    while (ok_ && PeekToken().kind != TokenKind::kEof) {
      if (PeekToken().kind == TokenKind::kLeftDelim) {
        Token left = NextToken();
        if (PeekNonSpace().kind == TokenKind::kDefine) {
          NextNonSpace();
          Definition();
          continue;
        }
        Backup(left);
      }
      Ending ending = Ending::kNone;
      const Node* node = TextOrAction(&ending);
      if (ok_ && ending != Ending::kNone)
        Fail(fmt::format("unexpected {}", ending == Ending::kEnd ? "{{end}}" : "{{else}}"));
      if (node != nullptr) body.push_back(node);
    }
    if (!ok_) return tl::unexpected(std::move(error_));
    templates_.insert(templates_.begin(), Finished(input_.name, body));
    return std::move(templates_);
  }

 private:
  enum class Ending { kNone, kEnd, kElse };

  // --- Tokens ---
  Token Raw() {
    if (!backed_up_.empty()) {
      Token t = backed_up_.back();
      backed_up_.pop_back();
      return t;
    }
    return lexer_.Next();
  }
  Token NextToken() {
    Token t = Raw();
    last_ = t;
    if (t.kind == TokenKind::kError) Fail(lexer_.error());
    return t;
  }
  void Backup(const Token& t) { backed_up_.push_back(t); }
  Token PeekToken() {
    Token t = NextToken();
    Backup(t);
    return t;
  }
  Token NextNonSpace() {
    Token t = NextToken();
    while (t.kind == TokenKind::kSpace) t = NextToken();
    return t;
  }
  Token PeekNonSpace() {
    Token t = NextNonSpace();
    Backup(t);
    return t;
  }

  // --- Faults ---
  std::nullptr_t Fail(std::string message) {
    if (ok_) {
      std::string_view before = input_.source.substr(0, last_.pos);
      auto line = 1 + std::ranges::count(before, '\n');
      error_ = {fmt::format("template: {}:{}: {}", input_.name, line, message), last_.pos};
    }
    ok_ = false;
    return nullptr;
  }
  std::nullptr_t Unexpected(const Token& t, std::string_view context) {
    if (t.kind == TokenKind::kError) return Fail(lexer_.error());
    return Fail(fmt::format("unexpected {} in {}", Show(t), context));
  }
  bool Expect(TokenKind kind, std::string_view context) {
    Token t = NextNonSpace();
    if (t.kind == kind) return ok_;
    Unexpected(t, context);
    return false;
  }
  bool Deeper() {
    if (depth_ < input_.max_depth) return true;
    Fail(fmt::format("nested more than {} deep", input_.max_depth));
    return false;
  }

  // --- Templates ---
  void Begin() {
    variables_ = {{"$", 0}};
    next_slot_ = slots_ = 1;
    range_depth_ = 0;
  }
  Template Finished(std::string_view name, const std::vector<const Node*>& body) {
    Template t;
    t.name = name;
    t.parse_name = input_.name;
    t.file = input_.file;
    t.source = input_.source;
    t.body = arena_.Copy(body);
    t.slots = slots_;
    t.is_empty = std::ranges::all_of(body, [](const Node* n) {
      return n->kind == NodeKind::kText &&
             n->text.find_first_not_of(" \t\r\n") == std::string_view::npos;
    });
    return t;
  }

  // {{ define "name" }} … {{ end }}; the keyword is read already.
  void Definition() {
    Token name = NextNonSpace();
    if (name.kind != TokenKind::kString && name.kind != TokenKind::kRawString) {
      Unexpected(name, "define clause");
      return;
    }
    if (Expect(TokenKind::kRightDelim, "define clause")) DefineBody(Text(name), "define clause");
  }

  void DefineBody(std::string_view name, std::string_view context) {
    auto variables = std::move(variables_);
    auto next = next_slot_, slots = slots_;
    auto ranges = range_depth_;
    Begin();
    std::vector<const Node*> body;
    Ending ending = List(body);
    if (ok_ && ending != Ending::kEnd) Fail(fmt::format("unexpected {{{{else}}}} in {}", context));
    if (ok_) Keep(Finished(name, body));
    variables_ = std::move(variables);
    next_slot_ = next;
    slots_ = slots;
    range_depth_ = ranges;
  }

  // A second definition in one file only fills in for an empty one.
  void Keep(Template t) {
    auto old = std::ranges::find(templates_, t.name, &Template::name);
    if (old == templates_.end()) {
      templates_.push_back(t);
    } else if (old->is_empty) {
      *old = t;
    } else if (!t.is_empty) {
      Fail(fmt::format("template: multiple definition of template {}", Quote(t.name)));
    }
  }

  std::string_view Text(const Token& t) {
    std::string text;
    if (!Unquote(t.text, &text)) {
      Fail("invalid syntax");
      return {};
    }
    return arena_.CopyString(text);
  }

  // --- Nodes ---
  Ending List(std::vector<const Node*>& out) {
    if (!Deeper()) return Ending::kNone;
    ++depth_;
    Ending ending = Ending::kNone;
    while (ok_ && ending == Ending::kNone) {
      if (PeekNonSpace().kind == TokenKind::kEof) {
        Fail("unexpected EOF");
        break;
      }
      const Node* node = TextOrAction(&ending);
      if (node != nullptr) out.push_back(node);
    }
    --depth_;
    return ending;
  }

  Node* NewNode(NodeKind kind, std::uint32_t pos) {
    Node* n = arena_.New<Node>();
    n->kind = kind;
    n->pos = n->end = pos;
    return n;
  }

  const Node* TextOrAction(Ending* ending) {
    Token t = NextNonSpace();
    if (t.kind == TokenKind::kText) {
      Node* n = NewNode(NodeKind::kText, t.pos);
      n->text = t.text;
      n->end = t.pos + static_cast<std::uint32_t>(t.text.size());
      return n;
    }
    if (t.kind == TokenKind::kLeftDelim) return Action(ending);
    return Unexpected(t, "input");
  }

  const Node* Action(Ending* ending) {
    Token t = NextNonSpace();
    switch (t.kind) {
      case TokenKind::kBlock:
        return Block(t.pos);
      case TokenKind::kBreak:
        return Jump(NodeKind::kBreak, "break", t.pos);
      case TokenKind::kContinue:
        return Jump(NodeKind::kContinue, "continue", t.pos);
      case TokenKind::kElse: {
        Token next = PeekNonSpace();
        *ending = Ending::kElse;
        // `else if` and `else with` are read by whoever owns the branch.
        if (next.kind != TokenKind::kIf && next.kind != TokenKind::kWith)
          Expect(TokenKind::kRightDelim, "else");
        return nullptr;
      }
      case TokenKind::kEnd:
        *ending = Ending::kEnd;
        Expect(TokenKind::kRightDelim, "end");
        return nullptr;
      case TokenKind::kIf:
        return Control(NodeKind::kIf, "if", t.pos);
      case TokenKind::kRange:
        return Control(NodeKind::kRange, "range", t.pos);
      case TokenKind::kWith:
        return Control(NodeKind::kWith, "with", t.pos);
      case TokenKind::kTemplate:
        return Invocation(t.pos);
      default:
        break;
    }
    Backup(t);
    Node* n = NewNode(NodeKind::kAction, PeekToken().pos);
    n->pipe = Pipeline("command", TokenKind::kRightDelim);
    n->end = last_.pos;
    return ok_ ? n : nullptr;
  }

  const Node* Jump(NodeKind kind, std::string_view name, std::uint32_t pos) {
    Token t = NextNonSpace();
    if (t.kind != TokenKind::kRightDelim) return Unexpected(t, fmt::format("{{{{{}}}}}", name));
    if (range_depth_ == 0) return Fail(fmt::format("{{{{{}}}}} outside {{{{range}}}}", name));
    return NewNode(kind, pos);
  }

  // Reads from behind the keyword to the matching {{ end }}.
  const Node* Control(NodeKind kind, std::string_view context, std::uint32_t pos) {
    if (!Deeper()) return nullptr;
    ++depth_;
    std::size_t scope = variables_.size();
    std::int32_t slot = next_slot_;
    Node* n = NewNode(kind, pos);
    n->pipe = Pipeline(context, TokenKind::kRightDelim);
    n->end = last_.pos;
    range_depth_ += kind == NodeKind::kRange ? 1 : 0;
    std::vector<const Node*> body, otherwise;
    Ending ending = List(body);
    range_depth_ -= kind == NodeKind::kRange ? 1 : 0;
    if (ok_ && ending == Ending::kElse) Else(kind, otherwise);
    n->body = arena_.Copy(body);
    n->otherwise = arena_.Copy(otherwise);
    variables_.resize(scope);
    next_slot_ = slot;
    --depth_;
    return ok_ ? n : nullptr;
  }

  void Else(NodeKind kind, std::vector<const Node*>& out) {
    // Behind `else` a keyword can only be that of `else if` and `else with`.
    Token next = PeekToken();
    bool chained = (kind == NodeKind::kIf && next.kind == TokenKind::kIf) ||
                   (kind == NodeKind::kWith && next.kind == TokenKind::kWith);
    if (!chained) {
      if (List(out) != Ending::kEnd && ok_) Fail("expected end; found {{else}}");
      return;
    }
    NextToken();
    const Node* inner = Control(kind, kind == NodeKind::kIf ? "if" : "with", next.pos);
    if (inner != nullptr) out.push_back(inner);
  }

  const Node* Invocation(std::uint32_t pos) {
    Node* n = NewNode(NodeKind::kTemplate, pos);
    Token name = NextNonSpace();
    if (name.kind != TokenKind::kString && name.kind != TokenKind::kRawString)
      return Unexpected(name, "template clause");
    n->text = Text(name);
    n->pos = name.pos;
    Token next = NextNonSpace();
    if (next.kind != TokenKind::kRightDelim) {
      Backup(next);
      n->pipe = Pipeline("template clause", TokenKind::kRightDelim);
    }
    n->end = last_.pos;
    return ok_ ? n : nullptr;
  }

  // {{ block "name" pipe }} … {{ end }}: a definition and its invocation.
  const Node* Block(std::uint32_t pos) {
    Node* n = NewNode(NodeKind::kTemplate, pos);
    Token name = NextNonSpace();
    if (name.kind != TokenKind::kString && name.kind != TokenKind::kRawString)
      return Unexpected(name, "block clause");
    n->text = Text(name);
    n->pos = name.pos;
    n->pipe = Pipeline("block clause", TokenKind::kRightDelim);
    n->end = last_.pos;
    if (ok_) DefineBody(n->text, "block clause");
    return ok_ ? n : nullptr;
  }

  // --- Pipelines ---
  const Variable* FindVariable(std::string_view name) const {
    auto it = std::find_if(variables_.rbegin(), variables_.rend(),
                           [&](const Variable& v) { return v.name == name; });
    return it == variables_.rend() ? nullptr : &*it;
  }

  const Operand* Declared(const Token& t, bool is_assignment) {
    Operand* o = NewOperand(OperandKind::kVariable, t);
    o->names = arena_.Copy(std::span<const std::string_view>(&t.text, 1));
    const Variable* old = FindVariable(t.text);
    if (is_assignment) {
      o->slot = old != nullptr ? old->slot : -1;
      if (old == nullptr) variables_.push_back({t.text, -1});
    } else {
      o->slot = next_slot_++;
      slots_ = std::max(slots_, next_slot_);
      variables_.push_back({t.text, o->slot});
    }
    return o;
  }

  // `$x :=`, `$x =`, `$k, $v :=`; nothing when the variable is an operand.
  void ReadDeclarations(std::string_view context, Pipe* pipe, std::vector<Token>& names) {
    while (PeekNonSpace().kind == TokenKind::kVariable) {
      Token v = NextNonSpace();
      Token after = PeekToken();
      Token next = NextNonSpace();
      if (next.kind == TokenKind::kAssign || next.kind == TokenKind::kDeclare) {
        names.push_back(v);
        pipe->is_assignment = next.kind == TokenKind::kAssign;
        break;
      }
      if (next.kind == TokenKind::kChar && next.text == ",") {
        names.push_back(v);
        TokenKind follows = PeekNonSpace().kind;
        if (context != "range" || names.size() > 1) {
          Fail(fmt::format("too many declarations in {}", context));
          return;
        }
        if (follows != TokenKind::kVariable && follows != TokenKind::kRightDelim &&
            follows != TokenKind::kRightParen) {
          Fail("range can only initialize variables");
          return;
        }
        continue;
      }
      Backup(next);
      if (after.kind == TokenKind::kSpace) Backup(after);
      Backup(v);
      break;
    }
  }

  // Variables are there only behind the pipeline that gives them their values.
  void Declare(const std::vector<Token>& names, Pipe* pipe) {
    std::vector<const Operand*> variables;
    for (const Token& t : names) variables.push_back(Declared(t, pipe->is_assignment));
    pipe->variables = arena_.Copy(variables);
  }

  const Pipe* Pipeline(std::string_view context, TokenKind end) {
    Pipe* pipe = arena_.New<Pipe>();
    if (!Deeper()) return pipe;
    ++depth_;
    pipe->pos = PeekNonSpace().pos;
    std::vector<Token> names;
    ReadDeclarations(context, pipe, names);
    std::vector<const Command*> commands;
    while (ok_) {
      Token t = NextNonSpace();
      if (t.kind == end) {
        pipe->end = t.pos;
        break;
      }
      if (!StartsOperand(t.kind)) {
        Unexpected(t, context);
        break;
      }
      Backup(t);
      commands.push_back(ReadCommand());
    }
    pipe->commands = arena_.Copy(commands);
    Declare(names, pipe);
    if (ok_) CheckPipeline(*pipe, context);
    --depth_;
    return pipe;
  }

  void CheckPipeline(const Pipe& pipe, std::string_view context) {
    if (pipe.commands.empty()) {
      Fail(fmt::format("missing value for {}", context));
      return;
    }
    for (std::size_t i = 1; i < pipe.commands.size(); ++i) {
      switch (pipe.commands[i]->args[0]->kind) {
        case OperandKind::kBool:
        case OperandKind::kDot:
        case OperandKind::kNil:
        case OperandKind::kNumber:
        case OperandKind::kString:
          Fail(fmt::format("non executable command in pipeline stage {}", i + 1));
          return;
        default:
          break;
      }
    }
  }

  const Command* ReadCommand() {
    Command* command = arena_.New<Command>();
    command->pos = PeekNonSpace().pos;
    std::vector<const Operand*> args;
    while (ok_) {
      PeekNonSpace();
      const Operand* operand = ReadOperand();
      if (operand != nullptr) args.push_back(operand);
      Token t = NextToken();
      command->end = t.pos;
      if (t.kind == TokenKind::kSpace) continue;
      if (t.kind == TokenKind::kRightDelim || t.kind == TokenKind::kRightParen) {
        Backup(t);
      } else if (t.kind != TokenKind::kPipe) {
        Unexpected(t, "operand");
      }
      break;
    }
    if (ok_ && args.empty()) Fail("empty command");
    command->args = arena_.Copy(args);
    return command;
  }

  // --- Operands ---
  Operand* NewOperand(OperandKind kind, const Token& t) {
    Operand* o = arena_.New<Operand>();
    o->kind = kind;
    o->pos = o->begin = t.pos;
    o->end = t.pos + static_cast<std::uint32_t>(t.text.size());
    o->name = t.text;
    return o;
  }

  // A term and the fields behind it.
  const Operand* ReadOperand() {
    Operand* term = Term();
    if (term == nullptr || PeekToken().kind != TokenKind::kField) return term;
    std::vector<std::string_view> names;
    std::uint32_t pos = PeekToken().pos, end = term->end;
    while (PeekToken().kind == TokenKind::kField) {
      Token t = NextToken();
      names.push_back(t.text.substr(1));
      end = t.pos + static_cast<std::uint32_t>(t.text.size());
    }
    switch (term->kind) {
      case OperandKind::kField:
      case OperandKind::kVariable: {
        std::vector<std::string_view> all(term->names.begin(), term->names.end());
        all.insert(all.end(), names.begin(), names.end());
        term->names = arena_.Copy(all);
        term->pos = pos;
        term->end = end;
        return term;
      }
      case OperandKind::kBool:
      case OperandKind::kString:
      case OperandKind::kNumber:
      case OperandKind::kNil:
      case OperandKind::kDot:
        return Fail(fmt::format("unexpected . after term {}", Quote(term->name)));
      default: {
        Operand* chain = arena_.New<Operand>();
        chain->kind = OperandKind::kChain;
        chain->begin = term->begin;
        chain->pos = pos;
        chain->end = end;
        chain->term = term;
        chain->names = arena_.Copy(names);
        return chain;
      }
    }
  }

  Operand* Term() {
    Token t = NextNonSpace();
    switch (t.kind) {
      case TokenKind::kIdentifier: {
        Operand* o = NewOperand(OperandKind::kIdentifier, t);
        o->function = functions_.Find(t.text);
        if (o->function == nullptr && t.text != "and" && t.text != "or")
          return Fail(fmt::format("function {} not defined", Quote(t.text)));
        return o;
      }
      case TokenKind::kDot:
        return NewOperand(OperandKind::kDot, t);
      case TokenKind::kNil:
        return NewOperand(OperandKind::kNil, t);
      case TokenKind::kVariable: {
        const Variable* v = FindVariable(t.text);
        if (v == nullptr) return Fail(fmt::format("undefined variable {}", Quote(t.text)));
        Operand* o = NewOperand(OperandKind::kVariable, t);
        o->names = arena_.Copy(std::span<const std::string_view>(&t.text, 1));
        o->slot = v->slot;
        return o;
      }
      case TokenKind::kField: {
        Operand* o = NewOperand(OperandKind::kField, t);
        std::string_view name = t.text.substr(1);
        o->names = arena_.Copy(std::span<const std::string_view>(&name, 1));
        return o;
      }
      case TokenKind::kBool: {
        Operand* o = NewOperand(OperandKind::kBool, t);
        o->value = Value::Bool(t.text == "true");
        return o;
      }
      case TokenKind::kCharConstant:
      case TokenKind::kNumber:
        return Number(t);
      case TokenKind::kLeftParen: {
        Operand* o = NewOperand(OperandKind::kPipe, t);
        o->pipe = Pipeline("parenthesized pipeline", TokenKind::kRightParen);
        o->end = last_.pos + 1;
        return ok_ ? o : nullptr;
      }
      case TokenKind::kString:
      case TokenKind::kRawString: {
        Operand* o = NewOperand(OperandKind::kString, t);
        o->value = Value::String(Text(t));
        return o;
      }
      default:
        break;
    }
    Backup(t);
    return nullptr;
  }

  Operand* Number(const Token& t);
  static bool ParseNumber(std::string_view text_given, Operand* o);
  bool ParseComplex(std::string_view text, Operand* o);

  const ParseInput& input_;
  const FunctionSet& functions_;
  Arena& arena_;
  Lexer lexer_;
  std::vector<Token> backed_up_;  // the last one is next
  Token last_;
  std::vector<Variable> variables_;
  std::int32_t next_slot_ = 1;
  std::int32_t slots_ = 1;
  std::uint32_t depth_ = 0, range_depth_ = 0;
  std::vector<Template> templates_;
  bool ok_ = true;
  ParseError error_;
};

// "2i" and "1-2i". Without an imaginary part a number is what its real part is.
bool Parser::ParseComplex(std::string_view text, Operand* o) {
  text.remove_suffix(1);
  // The sign between the parts is not the one of an exponent.
  std::size_t middle = text.find_last_of("+-");
  while (middle != std::string_view::npos && middle > 0 &&
         (text[middle - 1] == 'e' || text[middle - 1] == 'E' || text[middle - 1] == 'p'))
    middle = middle == 0 ? std::string_view::npos : text.find_last_of("+-", middle - 1);
  if (middle == std::string_view::npos) middle = 0;
  Complex* c = arena_.New<Complex>();
  auto part = [&](std::string_view number, double* out) {
    if (number.empty()) return true;
    Operand digits;
    if (!ParseNumber(number, &digits) || !digits.is_float) return false;
    *out = digits.float_value;
    return true;
  };
  if (middle == text.size() || !part(text.substr(0, middle), &c->real) ||
      !part(text.substr(middle), &c->imaginary))
    return false;
  if (c->imaginary == 0) {
    o->is_float = true;
    o->float_value = c->real;
    o->is_int = std::floor(c->real) == c->real && std::abs(c->real) < 9.2e18;
    if (o->is_int) o->int_value = static_cast<std::int64_t>(c->real);
  }
  o->value = Value::Of(c);
  return true;
}

// Integers in Go's notations (0x, 0o, 0b, a leading 0 is octal, underscores), and what floats there
// are.
Operand* Parser::Number(const Token& t) {
  Operand* o = NewOperand(OperandKind::kNumber, t);
  if (t.kind == TokenKind::kCharConstant) {
    std::string rune;
    std::size_t width = 0;
    if (!Unquote(t.text, &rune))
      return Fail(fmt::format("malformed character constant: {}", t.text));
    o->is_int = o->is_float = true;
    o->int_value = static_cast<std::int64_t>(DecodeUtf8(rune, &width));
    o->float_value = static_cast<double>(o->int_value);
    o->value = Value::Int(o->int_value);
    return o;
  }
  if (t.text.ends_with('i') && ParseComplex(t.text, o)) return o;
  if (!ParseNumber(t.text, o)) return Fail(fmt::format("illegal number syntax: {}", Quote(t.text)));
  return o;
}

bool Parser::ParseNumber(std::string_view text_given, Operand* o) {
  std::string digits;
  for (char c : text_given) {
    if (c != '_') digits += c;
  }
  bool negative = digits.starts_with('-');
  std::string_view rest = digits;
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  int base = 10;
  std::string_view whole = rest;
  if (rest.size() > 1 && rest[0] == '0') {
    char c = rest[1];
    base = c == 'x' || c == 'X' ? 16 : c == 'b' || c == 'B' ? 2 : 8;
    whole.remove_prefix(base == 8 && c != 'o' && c != 'O' ? 1 : 2);
  }
  std::uint64_t magnitude = 0;
  auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), magnitude, base);
  bool fits = magnitude <= (negative ? 1ull << 63 : (1ull << 63) - 1);
  if (error == std::errc() && end == whole.data() + whole.size()) {
    o->overflows = !fits;
    o->is_int = o->is_float = true;
    o->int_value = static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude);
    o->float_value = static_cast<double>(o->int_value);
    o->value = Value::Int(o->int_value);
    return true;
  }
  double f = 0;
  bool hex = base == 16;
  std::string_view text = hex ? rest.substr(2) : rest;
  auto [fend, ferror] = std::from_chars(text.data(), text.data() + text.size(), f,
                                        hex ? std::chars_format::hex : std::chars_format::general);
  if (ferror != std::errc() || fend != text.data() + text.size()) return false;
  o->is_float = true;
  o->float_value = negative ? -f : f;
  o->value = Value::Float(o->float_value);
  if (std::floor(f) == f && f < 9.2e18) {
    o->is_int = true;
    o->int_value = static_cast<std::int64_t>(o->float_value);
  }
  return true;
}

}  // namespace

tl::expected<std::vector<Template>, ParseError> Parse(const ParseInput& input,
                                                      const FunctionSet& functions, Arena& arena) {
  return Parser(input, functions, arena).Run();
}

}  // namespace plumbline::gotmpl
