// JSON to values, strictly, with the messages of encoding/json.
#include "helm/functions/common.h"
#include "helm/functions/json.h"

namespace plumbline::helm {
namespace {

constexpr int kMaxNesting = 1000;

class Reader {
 public:
  Reader(std::string_view text, Heap& heap) : text_(text), heap_(heap) {}

  bool Document(Value* out) {
    if (!Read(out, 0)) return false;
    Blanks();
    return at_ == text_.size() || Bad("after top-level value");
  }
  std::string error;

 private:
  bool Fail(std::string message) {
    error = std::move(message);
    return false;
  }

  // Whatever stands here may not.
  bool Bad(std::string_view where, bool in_token = false) {
    // Go closes a word or number that is cut off with a blank.
    if (at_ >= text_.size() && in_token)
      return Fail(fmt::format("invalid character ' ' {}", where));
    if (at_ >= text_.size()) return Fail("unexpected end of JSON input");
    std::string shown;
    char c = text_[at_];
    if (c == '\'') {
      shown = R"('\'')";
    } else if (c == '"') {
      shown = R"('"')";
    } else {
      gotmpl::AppendUtf8(shown, static_cast<unsigned char>(c));
      std::string quoted = gotmpl::Quote(shown);
      shown = "'" + quoted.substr(1, quoted.size() - 2) + "'";
    }
    return Fail(fmt::format("invalid character {} {}", shown, where));
  }

  void Blanks() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
      ++at_;
  }

  bool Take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  bool Read(Value* out, int depth) {
    Blanks();
    if (depth > kMaxNesting) return Fail("exceeded max depth");
    if (at_ >= text_.size()) return Bad("");
    switch (text_[at_]) {
      case '{':
        return Object(out, depth);
      case '[':
        return Array(out, depth);
      case '"': {
        std::string_view s;
        if (!String(&s)) return false;
        *out = Value::String(s);
        return true;
      }
      case 't':
        *out = Value::Bool(true);
        return Word("true");
      case 'f':
        *out = Value::Bool(false);
        return Word("false");
      case 'n':
        *out = Value::Nil();
        return Word("null");
      default:
        return Number(out);
    }
  }

  bool Word(std::string_view word) {
    ++at_;
    for (std::size_t i = 1; i < word.size(); ++i) {
      if (!Take(word[i]))
        return Bad(fmt::format("in literal {} (expecting '{}')", word, word[i]), true);
    }
    return true;
  }

  bool Object(Value* out, int depth) {
    ++at_;
    Map* map = heap_.MakeMap();
    *out = Value::Of(map);
    Blanks();
    if (Take('}')) return true;
    while (true) {
      Blanks();
      if (at_ >= text_.size() || text_[at_] != '"')
        return Bad("looking for beginning of object key string");
      std::string_view key;
      if (!String(&key)) return false;
      Blanks();
      if (!Take(':')) return Bad("after object key");
      Value v;
      if (!Read(&v, depth + 1)) return false;
      map->Set(heap_, key, v);
      Blanks();
      if (Take('}')) return true;
      if (!Take(',')) return Bad("after object key:value pair");
    }
  }

  bool Array(Value* out, int depth) {
    ++at_;
    std::vector<Value> items;
    Blanks();
    if (!Take(']')) {
      while (true) {
        if (!Read(&items.emplace_back(), depth + 1)) return false;
        Blanks();
        if (Take(']')) break;
        if (!Take(',')) return Bad("after array element");
      }
    }
    *out = heap_.MakeList(items);
    return true;
  }

  bool Digits() {
    std::size_t from = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
    return at_ > from;
  }

  bool Number(Value* out) {
    std::size_t from = at_;
    bool negative = Take('-');
    if (!Take('0') && !Digits())
      return Bad(negative ? "in numeric literal" : "looking for beginning of value", negative);
    if (Take('.') && !Digits()) return Bad("after decimal point in numeric literal", true);
    if (at_ < text_.size() && (text_[at_] | 0x20) == 'e') {
      ++at_;
      if (!Take('-')) Take('+');
      if (!Digits()) return Bad("in exponent of numeric literal", true);
    }
    std::string_view number = text_.substr(from, at_ - from);
    auto d = ParseFloat(number);
    if (!d)
      return Fail(
          fmt::format("json: cannot unmarshal number {} into Go value of type float64", number));
    *out = Value::Float(*d);
    return true;
  }

  bool String(std::string_view* out) {
    std::size_t from = ++at_;
    while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' &&
           static_cast<unsigned char>(text_[at_]) >= 0x20 &&
           static_cast<unsigned char>(text_[at_]) < 0x80)
      ++at_;
    if (at_ < text_.size() && text_[at_] == '"') {
      *out = heap_.Text(text_.substr(from, at_++ - from));
      return true;
    }
    std::string made(text_.substr(from, at_ - from));
    while (at_ < text_.size() && text_[at_] != '"') {
      auto c = static_cast<unsigned char>(text_[at_]);
      if (c < 0x20) return Bad("in string literal");
      if (c == '\\') {
        if (!Escape(made)) return false;
        continue;
      }
      std::size_t width = 0;
      gotmpl::AppendUtf8(made, gotmpl::DecodeUtf8(text_.substr(at_), &width));
      at_ += width;
    }
    if (at_ >= text_.size()) return Bad("");
    ++at_;
    *out = heap_.Text(made);
    return true;
  }

  bool Hex(char32_t* out) {
    *out = 0;
    for (int i = 0; i < 4; ++i) {
      char c = at_ < text_.size() ? static_cast<char>(text_[at_] | 0x20) : '\0';
      bool digit = at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9';
      if (!digit && !(c >= 'a' && c <= 'f')) return Bad("in \\u hexadecimal character escape");
      *out = *out * 16 + static_cast<char32_t>(digit ? text_[at_] - '0' : c - 'a' + 10);
      ++at_;
    }
    return true;
  }

  bool Escape(std::string& made) {
    ++at_;
    constexpr std::string_view kLetters = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
    if (at_ >= text_.size()) return Bad("");
    if (auto i = kLetters.find(text_[at_]); i != std::string_view::npos) {
      made += kMeanings[i];
      ++at_;
      return true;
    }
    if (!Take('u')) return Bad("in string escape code");
    char32_t rune = 0, low = 0;
    if (!Hex(&rune)) return false;
    if (rune >= 0xD800 && rune < 0xDC00 && text_.substr(at_, 2) == "\\u") {
      std::size_t before = at_;
      at_ += 2;
      if (!Hex(&low)) return false;
      if (low >= 0xDC00 && low < 0xE000) {
        rune = 0x10000 + ((rune - 0xD800) << 10) + (low - 0xDC00);
      } else {
        at_ = before;
      }
    }
    if (rune >= 0xD800 && rune < 0xE000) rune = 0xFFFD;
    gotmpl::AppendUtf8(made, rune);
    return true;
  }

  std::string_view text_;
  Heap& heap_;
  std::size_t at_ = 0;
};

}  // namespace

std::string ReadJson(std::string_view text, Heap& heap, Value* out) {
  Reader reader(text, heap);
  reader.Document(out);
  return std::move(reader.error);
}

}  // namespace plumbline::helm
