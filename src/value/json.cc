#include "value/json.h"

#include <fmt/format.h>

#include <vector>

#include "value/number.h"

namespace plumbline {
namespace {

// Length of the valid UTF-8 sequence at s[i], or 0.
std::size_t Utf8Length(std::string_view s, std::size_t i) {
  auto byte = [&](std::size_t k) { return static_cast<unsigned char>(s[k]); };
  unsigned char c = byte(i);
  std::size_t n = c < 0x80                ? 1
                  : c >= 0xC2 && c < 0xE0 ? 2
                  : (c & 0xF0) == 0xE0    ? 3
                  : c >= 0xF0 && c < 0xF5 ? 4
                                          : 0;
  if (n == 0 || i + n > s.size()) return 0;
  for (std::size_t k = 1; k < n; ++k) {
    if ((byte(i + k) & 0xC0) != 0x80) return 0;
  }
  if (n == 3 && ((c == 0xE0 && byte(i + 1) < 0xA0) || (c == 0xED && byte(i + 1) > 0x9F))) return 0;
  if (n == 4 && ((c == 0xF0 && byte(i + 1) < 0x90) || (c == 0xF4 && byte(i + 1) > 0x8F))) return 0;
  return n;
}

class JsonParser {
 public:
  JsonParser(Arena& arena, std::string_view text, const Limits& limits)
      : arena_(arena), text_(text), limits_(limits) {}

  Result<Value> Parse() {
    if (text_.size() > limits_.max_file_bytes) return Fail("JSON text is larger than the limit");
    Value v;
    if (!ParseValue(v, 0)) return Fail(error_);
    SkipSpace();
    if (at_ != text_.size()) return Fail(Message("unexpected text behind the value"));
    return v;
  }

 private:
  std::string Message(std::string_view what) const {
    return fmt::format("invalid JSON at byte {}: {}", at_, what);
  }
  bool Error(std::string_view what) {
    error_ = Message(what);
    return false;
  }
  void SkipSpace() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r'))
      ++at_;
  }
  bool Literal(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return Error("expected a value");
    at_ += word.size();
    return true;
  }

  bool ParseValue(Value& out, std::uint32_t depth) {
    if (depth > limits_.max_depth) return Error("nested too deeply");
    SkipSpace();
    if (at_ >= text_.size()) return Error("unexpected end of text");
    switch (text_[at_]) {
      case '{':
        return ParseObject(out, depth);
      case '[':
        return ParseArray(out, depth);
      case '"': {
        std::string_view s;
        if (!ParseString(s)) return false;
        out = Value::String(s);
        return true;
      }
      case 't':
        out = Value::Bool(true);
        return Literal("true");
      case 'f':
        out = Value::Bool(false);
        return Literal("false");
      case 'n':
        out = Value();
        return Literal("null");
      default:
        return ParseNumberToken(out);
    }
  }

  bool ParseNumberToken(Value& out) {
    std::size_t begin = at_;
    auto digits = [&] {
      std::size_t n = 0;
      while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_, ++n;
      return n;
    };
    if (at_ < text_.size() && text_[at_] == '-') ++at_;
    if (at_ < text_.size() && text_[at_] == '0') {
      ++at_;
    } else if (digits() == 0) {
      return Error("expected a value");
    }
    if (at_ < text_.size() && text_[at_] == '.') {
      ++at_;
      if (digits() == 0) return Error("expected digits behind the point");
    }
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      ++at_;
      if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
      if (digits() == 0) return Error("expected an exponent");
    }
    auto v = ParseNumber(arena_, text_.substr(begin, at_ - begin));
    if (!v) return Error("number out of range");
    out = *v;
    return true;
  }

  bool ParseHex(std::uint32_t& out) {
    if (at_ + 4 > text_.size()) return Error("incomplete \\u escape");
    out = 0;
    for (int i = 0; i < 4; ++i) {
      char c = text_[at_++];
      std::uint32_t d = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : 16;
      if (d == 16) return Error("invalid \\u escape");
      out = out * 16 + d;
    }
    return true;
  }

  static void AppendUtf8(std::string& s, std::uint32_t c) {
    if (c < 0x80) {
      s += static_cast<char>(c);
    } else if (c < 0x800) {
      s += static_cast<char>(0xC0 | (c >> 6));
      s += static_cast<char>(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
      s += static_cast<char>(0xE0 | (c >> 12));
      s += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
      s += static_cast<char>(0x80 | (c & 0x3F));
    } else {
      s += static_cast<char>(0xF0 | (c >> 18));
      s += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
      s += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
      s += static_cast<char>(0x80 | (c & 0x3F));
    }
  }

  bool ParseString(std::string_view& out) {
    std::size_t begin = ++at_;
    while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' &&
           static_cast<unsigned char>(text_[at_]) >= 0x20)
      ++at_;
    if (at_ < text_.size() && text_[at_] == '"') {
      out = arena_.CopyString(text_.substr(begin, at_ - begin));
      ++at_;
      return true;
    }
    std::string s(text_.substr(begin, at_ - begin));
    while (at_ < text_.size() && text_[at_] != '"') {
      unsigned char c = static_cast<unsigned char>(text_[at_]);
      if (c < 0x20) return Error("control character in a string");
      ++at_;
      if (c != '\\') {
        s += static_cast<char>(c);
        continue;
      }
      if (at_ >= text_.size()) break;
      switch (text_[at_++]) {
        case '"':
          s += '"';
          break;
        case '\\':
          s += '\\';
          break;
        case '/':
          s += '/';
          break;
        case 'b':
          s += '\b';
          break;
        case 'f':
          s += '\f';
          break;
        case 'n':
          s += '\n';
          break;
        case 'r':
          s += '\r';
          break;
        case 't':
          s += '\t';
          break;
        case 'u': {
          std::uint32_t u;
          if (!ParseHex(u)) return false;
          if (u >= 0xD800 && u < 0xDC00 && text_.substr(at_, 2) == "\\u") {
            std::size_t back = at_;
            at_ += 2;
            std::uint32_t low;
            if (!ParseHex(low)) return false;
            if (low >= 0xDC00 && low < 0xE000) {
              u = 0x10000 + ((u - 0xD800) << 10) + (low - 0xDC00);
            } else {
              at_ = back;
            }
          }
          AppendUtf8(s, u >= 0xD800 && u < 0xE000 ? 0xFFFD : u);
          break;
        }
        default:
          return Error("invalid escape in a string");
      }
    }
    if (at_ >= text_.size()) return Error("string without an end");
    ++at_;
    out = arena_.CopyString(s);
    return true;
  }

  bool ParseArray(Value& out, std::uint32_t depth) {
    ++at_;
    std::vector<Value> items;
    SkipSpace();
    if (at_ < text_.size() && text_[at_] == ']') {
      ++at_;
      out = MakeTuple(arena_, items);
      return true;
    }
    while (true) {
      if (!ParseValue(items.emplace_back(), depth + 1)) return false;
      SkipSpace();
      char c = at_ < text_.size() ? text_[at_] : '\0';
      if (c != ',' && c != ']') return Error("expected ',' or ']'");
      ++at_;
      if (c == ']') break;
    }
    out = MakeTuple(arena_, items);
    return true;
  }

  bool ParseObject(Value& out, std::uint32_t depth) {
    ++at_;
    std::vector<Member> members;
    SkipSpace();
    if (at_ < text_.size() && text_[at_] == '}') {
      ++at_;
      out = MakeObject(arena_, members);
      return true;
    }
    while (true) {
      SkipSpace();
      if (at_ >= text_.size() || text_[at_] != '"') return Error("expected a key in quotes");
      Member& m = members.emplace_back();
      if (!ParseString(m.key)) return false;
      SkipSpace();
      if (at_ >= text_.size() || text_[at_] != ':') return Error("expected ':'");
      ++at_;
      if (!ParseValue(m.value, depth + 1)) return false;
      SkipSpace();
      char c = at_ < text_.size() ? text_[at_] : '\0';
      if (c != ',' && c != '}') return Error("expected ',' or '}'");
      ++at_;
      if (c == '}') break;
    }
    out = MakeObject(arena_, members);
    return true;
  }

  Arena& arena_;
  std::string_view text_;
  const Limits& limits_;
  std::size_t at_ = 0;
  std::string error_;
};

}  // namespace

void AppendJsonString(std::string& out, std::string_view s) {
  out += '"';
  for (std::size_t i = 0; i < s.size();) {
    unsigned char c = static_cast<unsigned char>(s[i]);
    if (c < 0x80) {
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
          if (c < 0x20) {
            out += fmt::format("\\u{:04x}", c);
          } else {
            out += static_cast<char>(c);
          }
      }
      ++i;
      continue;
    }
    std::size_t n = Utf8Length(s, i);
    if (n == 0) {
      out += "\xEF\xBF\xBD";
      ++i;
    } else if (std::string_view c3 = s.substr(i, 3);
               c3 == "\xE2\x80\xA8" || c3 == "\xE2\x80\xA9" || c3.substr(0, 2) == "\xC2\x85") {
      // Line separators that readers of one value a line may break at.
      out += c3[0] == '\xC2' ? "\\u0085" : c3[2] == '\xA8' ? "\\u2028" : "\\u2029";
      i += n;
    } else {
      out.append(s.substr(i, n));
      i += n;
    }
  }
  out += '"';
}

void AppendJson(std::string& out, Value v) {
  switch (v.kind()) {
    case Kind::kNull:
      out += "null";
      return;
    case Kind::kBool:
      out += v.as_bool() ? "true" : "false";
      return;
    case Kind::kNumber:
      out += FormatNumber(v);
      return;
    case Kind::kString:
      AppendJsonString(out, v.as_string());
      return;
    case Kind::kUnknown:
      out += "{\"$unknown\":true}";
      return;
    case Kind::kList:
    case Kind::kTuple:
    case Kind::kSet: {
      out += '[';
      bool first = true;
      for (Value i : v.items()) {
        if (!first) out += ',';
        first = false;
        AppendJson(out, i);
      }
      out += ']';
      return;
    }
    case Kind::kMap:
    case Kind::kObject: {
      out += '{';
      bool first = true;
      for (const Member& m : v.members()) {
        if (!first) out += ',';
        first = false;
        AppendJsonString(out, m.key);
        out += ':';
        AppendJson(out, m.value);
      }
      out += '}';
      return;
    }
  }
}

std::string ToJson(Value v) {
  std::string out;
  AppendJson(out, v);
  return out;
}

Result<Value> ParseJson(Arena& arena, std::string_view text, const Limits& limits) {
  return JsonParser(arena, text, limits).Parse();
}

}  // namespace plumbline
