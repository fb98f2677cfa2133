// yamlencode(), byte for byte as Terraform's YAML library writes: block style, every string quoted,
// text of several lines as a literal block where YAML allows it, long quoted text folded behind
// column 80.
#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <string>
#include <vector>

#include "terraform/functions/registry.h"
#include "value/number.h"

namespace plumbline::terraform::functions {
namespace {

constexpr std::size_t kBestWidth = 80;
constexpr std::size_t kLongestSimpleKey = 128;

struct Rune {
  utf8proc_int32_t code = 0;
  std::string_view bytes;
};

std::vector<Rune> Runes(std::string_view s) {
  std::vector<Rune> out;
  while (!s.empty()) {
    utf8proc_int32_t c = 0;
    auto n = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(s.data()),
                              static_cast<utf8proc_ssize_t>(s.size()), &c);
    if (n <= 0) n = 1;
    out.push_back({c, s.substr(0, static_cast<std::size_t>(n))});
    s.remove_prefix(static_cast<std::size_t>(n));
  }
  return out;
}

bool IsBreak(utf8proc_int32_t c) {
  return c == '\r' || c == '\n' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

bool IsPrintable(utf8proc_int32_t c) {
  if (c == '\n') return true;
  return (c >= 0x20 && c <= 0x7E) || (c >= 0xA0 && c <= 0xD7FF) ||
         (c >= 0xE000 && c <= 0xFFFD && c != 0xFEFF);
}

std::string Escape(utf8proc_int32_t c) {
  switch (c) {
    case 0:
      return "\\0";
    case 7:
      return "\\a";
    case 8:
      return "\\b";
    case 9:
      return "\\t";
    case 10:
      return "\\n";
    case 11:
      return "\\v";
    case 12:
      return "\\f";
    case 13:
      return "\\r";
    case 0x1B:
      return "\\e";
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case 0x85:
      return "\\N";
    case 0x2028:
      return "\\L";
    case 0x2029:
      return "\\P";
    default:
      break;
  }
  return c <= 0xFF     ? fmt::format("\\x{:02X}", c)
         : c <= 0xFFFF ? fmt::format("\\u{:04X}", c)
                       : fmt::format("\\U{:08X}", c);
}

// Text with line feeds may be a literal block unless a line would end in a blank or a character
// needs escaping.
bool CanBeLiteral(const std::vector<Rune>& runes) {
  for (std::size_t i = 0; i < runes.size(); ++i) {
    if (!IsPrintable(runes[i].code)) return false;
    bool ends_line = i + 1 == runes.size() || IsBreak(runes[i + 1].code);
    if (runes[i].code == ' ' && ends_line) return false;
  }
  return true;
}

class Emitter {
 public:
  Result<std::string> Run(Value v) {
    PL_CHECK_OK(Node(v, -1, true, false, 0));
    return std::move(out_);
  }

 private:
  void Put(std::string_view s) {
    out_ += s;
    for (const Rune& r : Runes(s)) column_ = r.code == '\n' ? 0 : column_ + 1;
  }
  void NewLine(int indent) {
    if (column_ > 0) Put("\n");
    Put(std::string(static_cast<std::size_t>(std::max(indent, 0)), ' '));
  }

  // `indent` is that of the parent; `in_map`: a value of a mapping, where a sequence is not
  // indented further.
  Result<void> Node(Value v, int indent, bool root, bool in_map, int depth) {
    constexpr int kDeepest = 500;
    if (depth > kDeepest) return Fail("yamlencode() got a value that is nested too deeply");
    if (v.is_sequence() && !v.items().empty())
      return Sequence(v, in_map ? std::max(indent, 0) : indent < 0 ? 0 : indent + 2, in_map, depth);
    if (v.is_mapping() && !v.members().empty())
      return Mapping(v, indent < 0 ? 0 : indent + 2, in_map, depth);
    Leaf(v, std::max(indent, 0) + 2, root);
    return {};
  }

  Result<void> Sequence(Value v, int indent, bool in_map, int depth) {
    bool first = true;
    for (Value i : v.items()) {
      if (!first || in_map) NewLine(indent);
      first = false;
      Put("- ");
      PL_CHECK_OK(Node(i, indent, false, false, depth + 1));
      if (column_ > 0) Put("\n");
    }
    return {};
  }

  Result<void> Mapping(Value v, int indent, bool in_map, int depth) {
    bool first = true;
    for (const Member& m : v.members()) {
      if (!first || in_map) NewLine(indent);
      first = false;
      PutKey(m.key, indent);
      bool block = (m.value.is_sequence() && !m.value.items().empty()) ||
                   (m.value.is_mapping() && !m.value.members().empty());
      if (!block) Put(" ");
      PL_CHECK_OK(Node(m.value, indent, false, true, depth + 1));
      if (column_ > 0) Put("\n");
    }
    return {};
  }

  void PutKey(std::string_view key, int indent) {
    bool several_lines = key.find('\n') != std::string_view::npos;
    if (!several_lines && key.size() <= kLongestSimpleKey) {
      Quoted(Runes(key), indent, false);
      Put(":");
      return;
    }
    Put("? ");
    String(key, indent + 2);
    NewLine(indent);
    Put(":");
  }

  void Leaf(Value v, int indent, bool root) {
    if (v.is_string()) {
      String(v.as_string(), indent);
      if (column_ > 0 && root) Put("\n");
      return;
    }
    if (v.is_sequence())
      Put("[]");
    else if (v.is_mapping())
      Put("{}");
    else if (v.is_null())
      Put("null");
    else if (v.is_bool())
      Put(v.as_bool() ? "true" : "false");
    else
      Put(IsInfinite(v) ? (CompareNumbers(v, Value::Int(0)) < 0 ? "-.inf" : "+.inf")
                        : FormatNumber(v));
    if (root) Put(v.is_sequence() || v.is_mapping() ? "\n" : "\n...\n");
  }

  void String(std::string_view s, int indent) {
    auto runes = Runes(s);
    if (s.find('\n') != std::string_view::npos && CanBeLiteral(runes))
      Literal(runes, indent);
    else
      Quoted(runes, indent, true);
  }

  void Literal(const std::vector<Rune>& runes, int indent) {
    std::string header = "|";
    if (runes[0].code == ' ' || IsBreak(runes[0].code)) header += "2";
    std::size_t n = runes.size();
    if (!IsBreak(runes[n - 1].code))
      header += "-";
    else if (n == 1 || IsBreak(runes[n - 2].code))
      header += "+";
    Put(header + "\n");
    bool line_start = true;
    for (const Rune& r : runes) {
      if (line_start && r.code != '\n') Put(std::string(static_cast<std::size_t>(indent), ' '));
      line_start = r.code == '\n';
      Put(r.bytes);
    }
  }

  void Quoted(const std::vector<Rune>& runes, int indent, bool may_fold) {
    Put("\"");
    bool after_space = false;
    for (std::size_t i = 0; i < runes.size(); ++i) {
      utf8proc_int32_t c = runes[i].code;
      if (!IsPrintable(c) || IsBreak(c) || c == '"' || c == '\\') {
        Put(Escape(c));
        after_space = false;
      } else if (c == ' ') {
        bool fold =
            may_fold && !after_space && column_ > kBestWidth && i > 0 && i + 1 < runes.size();
        if (fold) {
          NewLine(indent);
          if (runes[i + 1].code == ' ') Put("\\");
        } else {
          Put(" ");
        }
        after_space = true;
      } else {
        Put(runes[i].bytes);
        after_space = false;
      }
    }
    Put("\"");
  }

  std::string out_;
  std::size_t column_ = 0;
};

}  // namespace

Result<Value> YamlEncode(Call& call) {
  if (HasUnknown(call.args[0])) return UnknownResult(call, StringType());
  PL_TRY(std::string out, Emitter().Run(call.args[0]));
  return Text(call, out);
}

}  // namespace plumbline::terraform::functions
