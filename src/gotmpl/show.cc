// Depth is that of the parser, which bounds it.
#include "gotmpl/show.h"

#include "gotmpl/utf8.h"

namespace plumbline::gotmpl {

std::string Show(const Operand& operand) {
  std::string out;
  switch (operand.kind) {
    case OperandKind::kDot:
      return ".";
    case OperandKind::kNil:
      return "nil";
    case OperandKind::kPipe:
      return Show(*operand.pipe);
    case OperandKind::kChain:
      out = operand.term->kind == OperandKind::kPipe ? "(" + Show(*operand.term) + ")"
                                                     : Show(*operand.term);
      [[fallthrough]];
    case OperandKind::kField:
      for (std::string_view name : operand.names) {
        out += '.';
        out += name;
      }
      return out;
    case OperandKind::kVariable:
      for (std::string_view name : operand.names) {
        if (!out.empty()) out += '.';
        out += name;
      }
      return out;
    default:
      return std::string(operand.name);
  }
}

std::string Show(const Command& command) {
  std::string out;
  for (const Operand* arg : command.args) {
    if (!out.empty()) out += ' ';
    out += arg->kind == OperandKind::kPipe ? "(" + Show(*arg) + ")" : Show(*arg);
  }
  return out;
}

std::string Show(const Pipe& pipe) {
  std::string out;
  for (const Operand* variable : pipe.variables) {
    if (!out.empty()) out += ", ";
    out += Show(*variable);
  }
  if (!out.empty()) out += pipe.is_assignment ? " = " : " := ";
  bool first = true;
  for (const Command* command : pipe.commands) {
    if (!first) out += " | ";
    first = false;
    out += Show(*command);
  }
  return out;
}

std::string ShowTemplate(const Node& node) {
  std::string out = "{{template " + Quote(node.text);
  if (node.pipe != nullptr) out += " " + Show(*node.pipe);
  return out + "}}";
}

}  // namespace plumbline::gotmpl
