#include "hcl/json_reader.h"

#include <string>
#include <vector>

#include "value/json.h"

namespace plumbline::hcl {

namespace {

using Kind = JsonNode::Kind;

class Reader {
 public:
  Reader(FileId file, std::string_view text, Arena& arena, const Limits& limits,
         Diagnostics& diagnostics)
      : file_(file), text_(text), arena_(arena), limits_(limits), diagnostics_(diagnostics) {}

  const JsonNode* Read() {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    const JsonNode* root = Value();
    SkipBlank();
    if (root != nullptr && at_ < text_.size()) Fail("the end of the file");
    return root;
  }

 private:
  char Cur() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  Span SpanFrom(std::size_t from) const {
    return {file_, static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(at_)};
  }

  void SkipBlank() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r')) {
      ++at_;
    }
  }

  bool Report(std::string message, std::size_t from, std::size_t to, DiagnosticCode code) {
    if (!failed_) {
      diagnostics_.push_back(
          {code,
           std::move(message),
           {file_, static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to)}});
    }
    failed_ = true;
    at_ = text_.size();
    return false;
  }

  bool Fail(std::string_view expected) {
    std::string found =
        at_ < text_.size() ? "\"" + std::string(Printable()) + "\"" : "the end of the file";
    return Report("expected " + std::string(expected) + ", found " + found, at_,
                  std::min(at_ + 1, text_.size()), DiagnosticCode::kParseError);
  }

  // The character here, whole.
  std::string_view Printable() const {
    std::size_t n = 1;
    while (at_ + n < text_.size() && (static_cast<unsigned char>(text_[at_ + n]) & 0xC0) == 0x80)
      ++n;
    return text_.substr(at_, n);
  }

  const JsonNode* Value() {
    SkipBlank();
    std::size_t from = at_;
    JsonNode node;
    bool begun = true;
    switch (Cur()) {
      case '{':
        ReadObject(node);
        break;
      case '[':
        ReadArray(node);
        break;
      case '"':
        begun = ReadString(node);
        break;
      case 't':
      case 'f':
      case 'n':
        begun = ReadWord(node);
        break;
      default:
        begun = ReadNumber(node);
    }
    if (!begun) return nullptr;
    node.span = SpanFrom(from);
    return arena_.New<JsonNode>(node);
  }

  bool Enter() {
    if (++depth_ <= limits_.max_depth) return true;
    return Report("nested too deeply: more than " + std::to_string(limits_.max_depth) + " levels",
                  at_, at_, DiagnosticCode::kLimit);
  }

  void ReadArray(JsonNode& node) {
    node.kind = Kind::kArray;
    ++at_;
    std::size_t first = items_.size();
    if (Enter()) ReadItems();
    --depth_;
    node.items = arena_.Copy(std::span<const JsonNode* const>(items_).subspan(first));
    items_.resize(first);
  }

  void ReadItems() {
    SkipBlank();
    if (Cur() == ']') {
      ++at_;
      return;
    }
    while (true) {
      const JsonNode* item = Value();
      if (item != nullptr) items_.push_back(item);
      if (failed_) return;
      SkipBlank();
      char c = Cur();
      if (c != ',' && c != ']') {
        Fail("\",\" or \"]\" behind the element");
        return;
      }
      ++at_;
      if (c == ']') return;
    }
  }

  void ReadObject(JsonNode& node) {
    node.kind = Kind::kObject;
    ++at_;
    std::size_t first = members_.size();
    if (Enter()) ReadMembers();
    --depth_;
    node.members = arena_.Copy(std::span<const JsonMember>(members_).subspan(first));
    members_.resize(first);
  }

  void ReadMembers() {
    SkipBlank();
    if (Cur() == '}') {
      ++at_;
      return;
    }
    while (true) {
      if (!ReadMember()) return;
      SkipBlank();
      char c = Cur();
      if (c != ',' && c != '}') {
        Fail("\",\" or \"}\" behind the value");
        return;
      }
      ++at_;
      if (c == '}') return;
    }
  }

  bool ReadMember() {
    JsonMember member;
    SkipBlank();
    std::size_t from = at_;
    if (Cur() != '"') return Fail("a key in double quotes");
    if (!ReadString(member.key)) return false;
    member.key.span = SpanFrom(from);
    SkipBlank();
    if (Cur() != ':') return Fail("\":\" behind the key");
    ++at_;
    member.value = Value();
    if (member.value != nullptr) members_.push_back(member);
    return !failed_;
  }

  bool ReadWord(JsonNode& node) {
    for (std::string_view word : {"true", "false", "null"}) {
      if (!text_.substr(at_).starts_with(word)) continue;
      at_ += word.size();
      node.kind = word == "null" ? Kind::kNull : Kind::kBool;
      node.boolean = word == "true";
      return true;
    }
    return Fail("a value");
  }

  std::size_t TakeDigits() {
    std::size_t n = 0;
    for (; Cur() >= '0' && Cur() <= '9'; ++at_) ++n;
    return n;
  }

  bool ReadNumber(JsonNode& node) {
    std::size_t from = at_;
    if (Cur() == '-') ++at_;
    if (TakeDigits() == 0) return Fail("a value");
    if (Cur() == '.') {
      ++at_;
      if (TakeDigits() == 0) return Fail("a digit behind the decimal point");
    }
    if ((Cur() | 32) == 'e') {
      ++at_;
      if (Cur() == '+' || Cur() == '-') ++at_;
      if (TakeDigits() == 0) return Fail("a digit of the exponent");
    }
    node.kind = Kind::kNumber;
    node.text = text_.substr(from, at_ - from);
    return true;
  }

  bool ReadString(JsonNode& node) {
    std::size_t from = at_++;
    node.kind = Kind::kString;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (static_cast<unsigned char>(text_[at_]) < 0x20) return Fail("\" at the end of the string");
      if (text_[at_] == '\\') {
        node.decoded = true;
        ++at_;
      }
      ++at_;
    }
    if (at_ >= text_.size()) {
      return Report("the string is not closed: expected \"", from, from + 1,
                    DiagnosticCode::kParseError);
    }
    ++at_;
    std::string_view whole = text_.substr(from, at_ - from);
    node.text = whole.substr(1, whole.size() - 2);
    if (!node.decoded) return true;
    Result<plumbline::Value> value = ParseJson(arena_, whole, limits_);
    if (!value) {
      return Report("the string holds an escape that JSON does not have", from, at_,
                    DiagnosticCode::kParseError);
    }
    node.text = value->as_string();
    return true;
  }

  const FileId file_;
  const std::string_view text_;
  Arena& arena_;
  const Limits& limits_;
  Diagnostics& diagnostics_;
  std::size_t at_ = 0;
  std::uint32_t depth_ = 0;
  bool failed_ = false;
  std::vector<const JsonNode*> items_;
  std::vector<JsonMember> members_;
};

}  // namespace

const JsonNode* ReadJson(FileId file, std::string_view text, Arena& arena, const Limits& limits,
                         Diagnostics& diagnostics) {
  return Reader(file, text, arena, limits, diagnostics).Read();
}

}  // namespace plumbline::hcl
