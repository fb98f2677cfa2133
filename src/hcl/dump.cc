// The tree as text: one line an attribute or block, expressions as they would be written with every
// grouping shown. Spans are left out.
#include <string>

#include "hcl/parser.h"
#include "value/json.h"
#include "value/number.h"

namespace plumbline::hcl {

namespace {

const char* OpText(Op op) {
  switch (op) {
    case Op::kAdd:
      return "+";
    case Op::kSub:
      return "-";
    case Op::kMul:
      return "*";
    case Op::kDiv:
      return "/";
    case Op::kMod:
      return "%";
    case Op::kEq:
      return "==";
    case Op::kNe:
      return "!=";
    case Op::kLt:
      return "<";
    case Op::kLe:
      return "<=";
    case Op::kGt:
      return ">";
    case Op::kGe:
      return ">=";
    case Op::kAnd:
      return "&&";
    case Op::kOr:
      return "||";
    case Op::kNot:
      return "!";
    case Op::kNeg:
      return "-";
    case Op::kNone:
      break;
  }
  return "?";
}

class Dumper {
 public:
  std::string out;

  void DumpBody(const Body& body, int indent) {
    for (const Attribute& a : body.attributes) {
      Indent(indent);
      out.append(a.name).append(" = ");
      DumpExpr(*a.expr);
      out += '\n';
    }
    for (const Block& b : body.blocks) {
      Indent(indent);
      out.append(b.type);
      for (const Label& label : b.labels) {
        out += ' ';
        AppendJsonString(out, label.text);
      }
      out += " {\n";
      DumpBody(*b.body, indent + 1);
      Indent(indent);
      out += "}\n";
    }
  }

  void DumpExpr(const Expr& e) {
    switch (e.kind) {
      case ExprKind::kLiteral:
        DumpLiteral(e);
        break;
      case ExprKind::kTemplate:
        DumpList(e.heredoc ? "(heredoc" : "(template", e.args);
        break;
      case ExprKind::kVariable:
        out.append(e.name);
        DumpSteps(e);
        break;
      case ExprKind::kTraversal:
        out += '<';
        DumpExpr(*e.operand);
        out += '>';
        DumpSteps(e);
        break;
      case ExprKind::kCall:
        DumpList("(call " + std::string(e.name), e.args, e.expand_last);
        break;
      case ExprKind::kConditional:
        out += "(if ";
        DumpExpr(*e.operand);
        DumpTail(e.args);
        break;
      case ExprKind::kBinary:
        DumpList(std::string("(") + OpText(e.op), e.args);
        break;
      case ExprKind::kUnary:
        out.append("(").append(OpText(e.op)).append(" ");
        DumpExpr(*e.operand);
        out += ')';
        break;
      case ExprKind::kTuple:
        DumpList("(tuple", e.args);
        break;
      case ExprKind::kObject:
        DumpObject(e);
        break;
      case ExprKind::kFor:
        DumpFor(*e.for_);
        break;
      case ExprKind::kParens:
        out += "(parens ";
        DumpExpr(*e.operand);
        out += ')';
        break;
      case ExprKind::kIfDirective:
        out += "(%if ";
        DumpExpr(*e.operand);
        DumpTail(e.args);
        break;
      case ExprKind::kForDirective:
        out += '%';
        DumpFor(*e.for_);
        break;
      case ExprKind::kError:
        out += "(error)";
        break;
    }
  }

 private:
  void Indent(int n) { out.append(static_cast<std::size_t>(n) * 2, ' '); }

  void DumpLiteral(const Expr& e) {
    if (e.heredoc) out += "heredoc:";
    if (e.value.is_string()) {
      AppendJsonString(out, e.value.as_string());
    } else if (e.value.is_number()) {
      out += FormatNumber(e.value);
    } else {
      out += e.value.is_null() ? "null" : e.value.as_bool() ? "true" : "false";
    }
  }

  void DumpTail(std::span<const Expr* const> args) {
    for (const Expr* arg : args) {
      out += ' ';
      if (arg == nullptr) {
        out += '-';
      } else {
        DumpExpr(*arg);
      }
    }
    out += ')';
  }

  void DumpList(const std::string& head, std::span<const Expr* const> args, bool expand = false) {
    out += head;
    DumpTail(args);
    if (expand) out.insert(out.size() - 1, "...");
  }

  void DumpSteps(const Expr& e) {
    for (const Step& step : e.steps) {
      switch (step.kind) {
        case Step::Kind::kAttr:
          out.append(".").append(step.name);
          break;
        case Step::Kind::kAttrSplat:
          out += ".*";
          break;
        case Step::Kind::kFullSplat:
          out += "[*]";
          break;
        case Step::Kind::kIndex:
          out += step.legacy ? "." : "[";
          DumpExpr(*step.index);
          if (!step.legacy) out += ']';
          break;
      }
    }
  }

  void DumpObject(const Expr& e) {
    out += "(object";
    for (const ObjectItem& item : e.items) {
      out += ' ';
      if (item.bare_key) {
        out.append(item.key->value.as_string());
      } else {
        DumpExpr(*item.key);
      }
      out += '=';
      DumpExpr(*item.value);
    }
    out += ')';
  }

  void DumpFor(const ForExpr& f) {
    out += f.is_object ? "(for{} " : "(for ";
    if (!f.key_name.empty()) out.append(f.key_name).append(",");
    out.append(f.value_name).append(" in ");
    DumpExpr(*f.collection);
    out += " : ";
    if (f.key != nullptr) {
      DumpExpr(*f.key);
      out += " => ";
    }
    DumpExpr(*f.value);
    if (f.grouped) out += "...";
    if (f.condition != nullptr) {
      out += " if ";
      DumpExpr(*f.condition);
    }
    out += ')';
  }
};

}  // namespace

std::string Dump(const Body& body) {
  Dumper d;
  d.DumpBody(body, 0);
  return std::move(d.out);
}

std::string Dump(const Expr& expr) {
  Dumper d;
  d.DumpExpr(expr);
  return std::move(d.out);
}

}  // namespace plumbline::hcl
