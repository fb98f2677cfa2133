#include "yaml/json_reader.h"

#include <optional>
#include <vector>

#include "value/json.h"
#include "value/number.h"

namespace plumbline::yaml {
namespace {

class Reader {
 public:
  Reader(FileId file, std::string_view text, std::uint32_t at, Arena& arena, TreeBuilder& builder)
      : file_(file), text_(text), at_(at), arena_(arena), builder_(builder) {}

  JsonResult Read() {
    builder_.BeginDocument();
    bool ok = ReadValue();
    while (ok && !open_.empty()) ok = ReadNext();
    if (ok) return {JsonStatus::kDone, at_, {}};
    return {refused_ ? JsonStatus::kRefused : JsonStatus::kNotJson, at_, expected_};
  }

 private:
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void SkipSpace() {
    while (Peek() == ' ' || Peek() == '\n' || Peek() == '\r' || Peek() == '\t') ++at_;
  }
  bool Expected(std::string_view what) {
    expected_ = what;
    return false;
  }
  bool Accept(bool builder_result) {
    refused_ = !builder_result;
    return builder_result;
  }

  // The next element of the innermost open collection, or its end.
  bool ReadNext() {
    bool mapping = open_.back().mapping;
    SkipSpace();
    char c = Peek();
    if (c == (mapping ? '}' : ']')) {
      ++at_;
      open_.pop_back();
      return Accept(builder_.End(at_));
    }
    if (open_.back().empty) {
      open_.back().empty = false;
    } else {
      if (c != ',') return Expected(mapping ? "',' or '}'" : "',' or ']'");
      ++at_;
      SkipSpace();
    }
    if (!mapping) return ReadValue();
    if (Peek() != '"') return Expected("a key in double quotes");
    if (!ReadString()) return false;
    SkipSpace();
    if (Peek() != ':') return Expected("':'");
    ++at_;
    SkipSpace();
    return ReadValue();
  }

  bool ReadValue() {
    switch (Peek()) {
      case '{':
      case '[':
        open_.push_back({Peek() == '{', true});
        return Accept(builder_.Begin(open_.back().mapping, at_++));
      case '"':
        return ReadString();
      case 't':
        return Word("true", Value::Bool(true));
      case 'f':
        return Word("false", Value::Bool(false));
      case 'n':
        return Word("null", Value());
      default:
        return ReadNumber();
    }
  }

  bool Word(std::string_view word, Value value) {
    if (text_.substr(at_, word.size()) != word) return Expected("a value");
    return Emit(at_ + static_cast<std::uint32_t>(word.size()), value, word);
  }

  bool Emit(std::uint32_t end, Value value, std::string_view text) {
    Span span{file_, at_, end};
    at_ = end;
    return Accept(builder_.Scalar(span, value, text, false));
  }

  std::uint32_t SkipDigits(std::uint32_t i) const {
    while (i < text_.size() && text_[i] >= '0' && text_[i] <= '9') ++i;
    return i;
  }

  bool ReadNumber() {
    auto at = [&](std::uint32_t i) { return i < text_.size() ? text_[i] : '\0'; };
    std::uint32_t i = at_ + (Peek() == '-');
    std::uint32_t digits = SkipDigits(i);
    if (digits == i || (at(i) == '0' && digits > i + 1)) return Expected("a value");
    i = digits;
    if (at(i) == '.') {
      digits = SkipDigits(i + 1);
      if (digits == i + 1) return Expected("digits behind the point");
      i = digits;
    }
    if (at(i) == 'e' || at(i) == 'E') {
      ++i;
      if (at(i) == '+' || at(i) == '-') ++i;
      digits = SkipDigits(i);
      if (digits == i) return Expected("digits of the exponent");
      i = digits;
    }
    std::string_view text = text_.substr(at_, i - at_);
    std::optional<Value> value = ParseNumber(arena_, text);
    return Emit(i, value ? *value : Value::String(text), text);
  }

  bool ReadString() {
    std::uint32_t i = at_ + 1;
    bool escaped = false;
    while (i < text_.size() && text_[i] != '"') {
      if (static_cast<unsigned char>(text_[i]) < 0x20) return Unclosed(i);
      if (text_[i] == '\\') {
        escaped = true;
        ++i;
      }
      ++i;
    }
    if (i >= text_.size()) return Expected("a closing '\"' for this text");
    std::string_view text = text_.substr(at_ + 1, i - at_ - 1);
    if (escaped) {
      auto decoded = ParseJson(arena_, text_.substr(at_, i + 1 - at_), limits_);
      if (!decoded) return Expected("a valid escape (\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX)");
      text = decoded->as_string();
    }
    return Emit(i + 1, Value::String(text), text);
  }

  bool Unclosed(std::uint32_t at) {
    at_ = at;
    return Expected("no line break or control character within a text");
  }

  struct Open {
    bool mapping = false, empty = true;
  };

  FileId file_;
  std::string_view text_;
  std::uint32_t at_;
  Arena& arena_;
  TreeBuilder& builder_;
  Limits limits_;
  std::vector<Open> open_;
  std::string_view expected_;
  bool refused_ = false;
};

}  // namespace

JsonResult ReadJson(FileId file, std::string_view text, std::uint32_t at, Arena& arena,
                    TreeBuilder& builder) {
  return Reader(file, text, at, arena, builder).Read();
}

}  // namespace plumbline::yaml
