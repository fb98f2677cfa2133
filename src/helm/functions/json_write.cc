#include <cmath>

#include "helm/functions/common.h"
#include "helm/functions/json.h"

namespace plumbline::helm {
namespace {

class Writer {
 public:
  Writer(std::string& out, Heap& heap, JsonStyle style) : out_(out), heap_(heap), style_(style) {}

  bool Write(Value v, int depth) {
    if (depth > kMaxDepth)
      return Fail(
          fmt::format("json: unsupported value: nested more than {} levels deep "
                      "(encountered a cycle?)",
                      kMaxDepth));
    if (out_.size() > kMaxText)
      return Fail(fmt::format("json: the text would be longer than {} bytes", kMaxText));
    switch (v.kind()) {
      case Kind::kInvalid:
      case Kind::kNil:
        out_ += "null";
        return true;
      case Kind::kBool:
        out_ += v.as_bool() ? "true" : "false";
        return true;
      case Kind::kInt:
      case Kind::kInt64:
        out_ += std::to_string(v.as_int());
        return true;
      case Kind::kUint64:
        out_ += std::to_string(static_cast<std::uint64_t>(v.as_int()));
        return true;
      case Kind::kFloat64:
        if (!std::isfinite(v.as_float()))
          return Fail("json: unsupported value: " + gotmpl::FormatFloat(v.as_float(), 'g', -1));
        out_ += JsonFloat(v.as_float());
        return true;
      case Kind::kString:
        AppendJsonString(out_, v.as_string(), style_.escape_html);
        return true;
      case Kind::kList:
        return List(v, depth);
      case Kind::kMap:
        return Members(v.map(), depth);
      case Kind::kObject: {
        auto members = v.object().JsonMembers();
        if (members.empty()) return Write(v.object().AsJson(heap_), depth + 1);
        std::vector<Entry> entries;
        for (auto [name, value] : members) entries.push_back({name, value});
        return Members(entries, depth);
      }
      case Kind::kComplex:
        return Fail("json: unsupported type: complex128");
    }
    return true;
  }

  std::string error;

 private:
  bool Fail(std::string message) {
    error = std::move(message);
    return false;
  }

  void NewLine(int depth) {
    if (!style_.pretty) return;
    out_ += '\n';
    out_.append(2 * static_cast<std::size_t>(depth), ' ');
  }

  bool List(Value v, int depth) {
    const gotmpl::List& list = v.list();
    if (list.is_nil) {
      out_ += "null";
      return true;
    }
    if (list.element == Element::kByte) {
      out_ += '"' + Base64Encode(TextOf(v)) + '"';
      return true;
    }
    out_ += '[';
    for (std::size_t i = 0; i < list.items.size(); ++i) {
      if (i > 0) out_ += ',';
      NewLine(depth + 1);
      if (!Write(list.items[i], depth + 1)) return false;
    }
    if (!list.items.empty()) NewLine(depth);
    out_ += ']';
    return true;
  }

  bool Members(const Map& map, int depth) {
    if (!map.is_nil) return Members(map.entries(), depth);
    out_ += "null";
    return true;
  }

  bool Members(std::span<const Entry> entries, int depth) {
    out_ += '{';
    bool first = true;
    for (const Entry& e : entries) {
      if (!first) out_ += ',';
      first = false;
      NewLine(depth + 1);
      AppendJsonString(out_, e.key, style_.escape_html);
      out_ += style_.pretty ? ": " : ":";
      if (!Write(e.value, depth + 1)) return false;
    }
    if (!first) NewLine(depth);
    out_ += '}';
    return true;
  }

  std::string& out_;
  Heap& heap_;
  JsonStyle style_;
};

bool NeedsEscape(char c, bool escape_html) {
  auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte >= 0x80 || c == '"' || c == '\\' ||
         (escape_html && (c == '<' || c == '>' || c == '&'));
}

}  // namespace

void AppendJsonString(std::string& out, std::string_view text, bool escape_html) {
  out += '"';
  while (!text.empty()) {
    std::size_t plain = 0;
    while (plain < text.size() && !NeedsEscape(text[plain], escape_html)) ++plain;
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    std::size_t width = 0;
    char32_t rune = gotmpl::DecodeUtf8(text, &width);
    constexpr std::string_view kShort = "\"\\\b\f\n\r\t", kLetters = "\"\\bfnrt";
    auto at = rune < 0x80 ? kShort.find(static_cast<char>(rune)) : std::string_view::npos;
    if (at != std::string_view::npos) {
      out += '\\';
      out += kLetters[at];
    } else if (rune < 0x80 || rune == 0x2028 || rune == 0x2029 || (rune == 0xFFFD && width == 1)) {
      out += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(rune));
    } else {
      out += text.substr(0, width);
    }
    text.remove_prefix(width);
  }
  out += '"';
}

std::string JsonFloat(double d) {
  double size = std::abs(d);
  bool scientific = size != 0 && (size < 1e-6 || size >= 1e21);
  std::string out = gotmpl::FormatFloat(d, scientific ? 'e' : 'f', -1);
  // e-09 is e-9.
  std::size_t n = out.size();
  if (scientific && n >= 4 && out[n - 4] == 'e' && out[n - 3] == '-' && out[n - 2] == '0')
    out.erase(n - 2, 1);
  return out;
}

std::string AppendJson(std::string& out, Heap& heap, Value v, JsonStyle style) {
  Writer writer(out, heap, style);
  writer.Write(v, 0);
  return std::move(writer.error);
}

}  // namespace plumbline::helm
