#include "terraform/console_text.h"

#include "value/number.h"

namespace plumbline::terraform {
namespace {

constexpr int kMaxDepth = 200;

void AppendQuoted(std::string& out, std::string_view s) {
  out += '"';
  for (std::size_t i = 0; i < s.size(); ++i) {
    char c = s[i];
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if ((c == '$' || c == '%') && i + 1 < s.size() && s[i + 1] == '{') out += c;
        out += c;
    }
  }
  out += '"';
}

class Printer {
 public:
  std::string out;

  void Print(Value v, int indent) {
    if (indent > kMaxDepth) {
      out += "...";
      return;
    }
    if (v.sensitive()) {
      out += "(sensitive value)";
      return;
    }
    switch (v.kind()) {
      case Kind::kNull:
        Null(v);
        return;
      case Kind::kUnknown:
        out += "(known after apply)";
        return;
      case Kind::kBool:
        out += v.as_bool() ? "true" : "false";
        return;
      case Kind::kNumber:
        out += FormatNumber(v);
        return;
      case Kind::kString:
        Text(v.as_string(), indent);
        return;
      case Kind::kList:
        Items("tolist(", v, ")", indent);
        return;
      case Kind::kSet:
        Items("toset(", v, ")", indent);
        return;
      case Kind::kTuple:
        Items("", v, "", indent);
        return;
      case Kind::kMap:
        Members("tomap(", v, ")", indent);
        return;
      case Kind::kObject:
        Members("", v, "", indent);
        return;
    }
  }

 private:
  void Null(Value v) {
    const Type* t = v.null_type();
    if (t == nullptr || t->kind == TypeKind::kDynamic) {
      out += "null";
    } else if (t->kind == TypeKind::kString || t->kind == TypeKind::kNumber ||
               t->kind == TypeKind::kBool) {
      out += "to" + TypeName(t) + "(null)";
    } else {
      out += "null /* " + TypeName(t) + " */";
    }
  }

  void Text(std::string_view s, int indent) {
    if (s.find('\n') == std::string_view::npos) {
      AppendQuoted(out, s);
      return;
    }
    // Several lines are shown as a heredoc; its marker must not be one of the lines.
    std::string marker = "EOT";
    while (s.find(marker) != std::string_view::npos) marker += "_";
    out += indent > 0 ? "<<-" : "<<";
    out += marker + "\n" + std::string(s);
    if (s.back() != '\n') out += '\n';
    out += marker;
  }

  void Line(int indent) {
    out += '\n';
    out.append(static_cast<std::size_t>(indent) * 2, ' ');
  }

  void Items(const char* open, Value v, const char* close, int indent) {
    out += open;
    out += '[';
    for (Value i : v.items()) {
      Line(indent + 1);
      Print(i, indent + 1);
      out += ',';
    }
    if (!v.items().empty()) Line(indent);
    out += ']';
    out += close;
  }

  void Members(const char* open, Value v, const char* close, int indent) {
    out += open;
    out += '{';
    for (const Member& m : v.members()) {
      Line(indent + 1);
      AppendQuoted(out, m.key);
      out += " = ";
      Print(m.value, indent + 1);
    }
    if (!v.members().empty()) Line(indent);
    out += '}';
    out += close;
  }
};

}  // namespace

std::string ConsoleText(Value v) {
  Printer printer;
  printer.Print(v, 0);
  return printer.out;
}

}  // namespace plumbline::terraform
