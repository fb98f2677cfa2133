// Functions of providers: provider::NAME::FUNCTION(). Those of the built-in provider `terraform`
// (encode_tfvars, decode_tfvars, encode_expr) are computed; any other is unknown, with the cause,
// when the module requires its provider and an error when it does not.
//
// Encoded text has the layout of `terraform fmt`: one attribute a line, the "=" of neighbouring
// single-line attributes under each other, two blanks for each open line.
#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "hcl/parser.h"
#include "terraform/console_text.h"
#include "terraform/expression.h"
#include "terraform/functions/registry.h"
#include "value/number.h"

namespace plumbline::terraform {
namespace {

constexpr std::uint32_t kMaxDepth = 200;

void AppendLiteral(std::string& out, std::string_view s) {
  out += '"';
  for (std::size_t i = 0; i < s.size();) {
    utf8proc_int32_t c = 0;
    auto n = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(s.data() + i),
                              static_cast<utf8proc_ssize_t>(s.size() - i), &c);
    std::string_view bytes = s.substr(i, n > 0 ? static_cast<std::size_t>(n) : 1);
    i += bytes.size();
    constexpr std::string_view kSpecial = "\n\r\t\"\\", kEscapes = "nrt\"\\";
    if (auto at = kSpecial.find(bytes[0]); at != std::string_view::npos) {
      out += '\\';
      out += kEscapes[at];
    } else if ((c == '$' || c == '%') && i < s.size() && s[i] == '{') {
      out.append(2, bytes[0]);
    } else if (IsPrintable(c)) {
      out += bytes;
    } else {
      out += c < 0x10000 ? fmt::format("\\u{:04x}", c) : fmt::format("\\U{:08x}", c);
    }
  }
  out += '"';
}

bool IsIdentifier(std::string_view s) {
  auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
  };
  return !s.empty() && letter(s[0]) && std::ranges::all_of(s, [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '-';
  });
}

/// Lines as they are written first, then laid out.
class Layout {
 public:
  /// Begins or goes on with an expression.
  bool Expression(Value v, std::uint32_t depth) {
    if (depth > kMaxDepth) return false;
    if (v.is_sequence()) return Sequence(v, depth);
    if (v.is_mapping()) return Mapping(v, depth);
    if (v.is_string()) {
      AppendLiteral(lines_.back().text, v.as_string());
    } else {
      lines_.back().text += v.is_null()   ? "null"
                            : v.is_bool() ? (v.as_bool() ? "true" : "false")
                                          : FormatNumber(v);
    }
    return true;
  }

  bool Attribute(std::string_view name, Value v, std::uint32_t depth) {
    Line& line = lines_.back();
    if (IsIdentifier(name)) {
      line.text = name;
    } else {
      AppendLiteral(line.text, name);
    }
    line.equals = line.text.size();
    std::size_t index = lines_.size() - 1;
    line.text += " = ";
    bool ok = Expression(v, depth);
    if (lines_[index].opens > 0) lines_[index].equals = 0;  // the value goes on: not aligned
    lines_.emplace_back();
    return ok;
  }

  std::string Text() {
    Align();
    Indent();
    std::string out;
    for (const Line& line : lines_) {
      if (!out.empty()) out += '\n';
      if (!line.text.empty()) out.append(line.indent, ' ');
      out += line.text;
    }
    return out;
  }

 private:
  struct Line {
    std::string text;
    std::size_t equals = 0;  // where " = " stands, when the line is to be aligned
    int opens = 0;           // brackets opened less brackets closed
    std::size_t indent = 0;
  };

  bool Sequence(Value v, std::uint32_t depth) {
    lines_.back().text += '[';
    ++lines_.back().opens;
    bool first = true;
    for (Value item : v.items()) {
      if (!std::exchange(first, false)) lines_.back().text += ", ";
      if (!Expression(item, depth + 1)) return false;
    }
    lines_.back().text += ']';
    --lines_.back().opens;
    return true;
  }

  bool Mapping(Value v, std::uint32_t depth) {
    lines_.back().text += '{';
    ++lines_.back().opens;
    if (!v.members().empty()) lines_.emplace_back();
    for (const Member& m : v.members()) {
      if (!Attribute(m.key, m.value, depth + 1)) return false;
    }
    lines_.back().text += '}';
    --lines_.back().opens;
    return true;
  }

  void Align() {
    for (std::size_t i = 0; i < lines_.size();) {
      std::size_t end = i;
      std::int64_t widest = 0;
      while (end < lines_.size() && lines_[end].equals > 0) {
        widest = std::max(widest, Columns(lines_[end]));
        ++end;
      }
      for (; i < end; ++i) {
        lines_[i].text.insert(lines_[i].equals,
                              static_cast<std::size_t>(widest - Columns(lines_[i])), ' ');
      }
      if (i < lines_.size()) ++i;
    }
  }

  static std::int64_t Columns(const Line& line) {
    return functions::CountGraphemes(std::string_view(line.text).substr(0, line.equals));
  }

  // A line that opens several brackets indents by one level, which the last of them closes.
  void Indent() {
    std::vector<int> open;
    for (Line& line : lines_) {
      for (int closed = -line.opens; closed > 0 && !open.empty();) {
        int here = std::min(closed, open.back());
        closed -= here;
        open.back() -= here;
        if (open.back() == 0) open.pop_back();
      }
      line.indent = 2 * open.size();
      if (line.opens > 0) open.push_back(line.opens);
    }
  }

  std::vector<Line> lines_ = {Line{}};
};

Result<Value> TooDeep() { return plumbline::Fail("the value is nested too deeply to encode"); }

}  // namespace

Result<Value> ExprEvaluator::EncodeExpression(Value v) {
  if (HasUnknown(v)) {
    UnknownInfo info = *UnknownFrom(StringType(), v, true).unknown();
    bool null = v.is_unknown() && !v.unknown()->not_null;
    TypeKind kind = TypeOf(arena(), v)->kind;
    if (!null && (kind == TypeKind::kObject || kind == TypeKind::kMap)) info.prefix = "{";
    if (!null && (kind == TypeKind::kTuple || kind == TypeKind::kList || kind == TypeKind::kSet))
      info.prefix = "[";
    if (!null && kind == TypeKind::kString) info.prefix = "\"";
    return MakeUnknown(arena(), info);
  }
  Layout layout;
  if (!layout.Expression(v, 0)) return TooDeep();
  return MakeText(arena(), layout.Text());
}

Result<Value> ExprEvaluator::EncodeVariables(Value v) {
  if (v.is_null()) return plumbline::Fail("the argument must not be null");
  if (HasUnknown(v)) return UnknownFrom(StringType(), v, true);
  if (!v.is_mapping())
    return plumbline::Fail("an object is needed, whose attributes become the variables");
  Layout layout;
  for (const Member& m : v.members()) {
    if (!IsIdentifier(m.key))
      return plumbline::Fail(fmt::format("\"{}\" cannot be the name of a variable", m.key));
    if (!layout.Attribute(m.key, m.value, 0)) return TooDeep();
  }
  return MakeText(arena(), layout.Text());
}

Result<Value> ExprEvaluator::DecodeVariables(Value v) {
  Value text;
  if (v.is_null() || !ToText(v, &text)) return plumbline::Fail("a string is needed");
  if (text.is_unknown()) return UnknownFrom(DynamicType(), text);
  Diagnostics problems;
  const hcl::Body* body =
      hcl::ParseFile(kNoFile, text.as_string(), arena(), functions_.limits, problems);
  if (!problems.empty()) return plumbline::Fail("the text is no tfvars: " + problems[0].message);
  if (!body->blocks.empty()) return plumbline::Fail("the text is no tfvars: it has a block");
  std::vector<Member> members;
  for (const hcl::Attribute& a : body->attributes) {
    Value value;
    if (!Eval(*a.expr, Frame{}, &value))
      return plumbline::Fail(fmt::format("variable \"{}\": {}", a.name, error_.message));
    members.push_back({a.name, value});
  }
  return MakeObject(arena(), members);
}

bool ExprEvaluator::CallProvider(const hcl::Expr& e, std::span<const Value> args, const Frame& f,
                                 Value* out) {
  constexpr std::string_view kPrefix = "provider::";
  std::string_view rest = e.name.substr(kPrefix.size());
  std::size_t colons = rest.find("::");
  if (colons == std::string_view::npos) {
    return Fail(fmt::format("\"{}\" names no provider: expected provider::NAME::FUNCTION", e.name),
                e.span);
  }
  std::string_view provider = rest.substr(0, colons), name = rest.substr(colons + 2);
  if (!names_.RequiresProvider(f, provider)) {
    return Fail(fmt::format("there is no function {}(): the module's required_providers have no "
                            "\"{}\"",
                            e.name, provider),
                e.span);
  }
  if (provider != "terraform") {
    *out = MakeUnknown(arena(), DynamicType(),
                       fmt::format("{}() is computed by a provider", e.name), e.span);
    return true;
  }
  using Method = Result<Value> (ExprEvaluator::*)(Value);
  Method method = name == "encode_expr"     ? &ExprEvaluator::EncodeExpression
                  : name == "encode_tfvars" ? &ExprEvaluator::EncodeVariables
                  : name == "decode_tfvars" ? &ExprEvaluator::DecodeVariables
                                            : nullptr;
  if (method == nullptr)
    return Fail(fmt::format("the provider terraform has no function \"{}\"", name), e.span);
  if (args.size() != 1) return Fail(fmt::format("{}() takes exactly one argument", e.name), e.span);
  std::uint8_t marks = DeepMarks(args[0]);
  auto result = (this->*method)(WithoutDeepMarks(arena(), args[0]));
  if (!result) return Fail(fmt::format("{}: {}", e.name, result.error().message), e.span);
  *out = result->WithMarks(marks);
  return true;
}

}  // namespace plumbline::terraform
