// fromToml: a reader of TOML 1.0 by recursive descent.
#include <set>

#include "helm/functions/common.h"
#include "helm/functions/time.h"
#include "helm/functions/toml.h"

namespace plumbline::helm {
namespace {

constexpr int kMaxNesting = 200;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsBareChar(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

class Reader {
 public:
  Reader(Heap& heap, std::string_view text) : heap_(heap), s_(text) {
    root_ = current_ = heap.MakeMap();
  }

  std::string Run(Value* out) {
    while (error_.empty() && NextStatement()) {
      if (s_[at_] == '[' ? Header() : KeyValue(current_, 0)) EndOfLine();
    }
    *out = Value::Of(root_);
    return std::move(error_);
  }

 private:
  using Key = std::vector<std::string_view>;

  bool Fail(std::string_view message) {
    if (error_.empty()) {
      auto line = 1 + std::ranges::count(s_.substr(0, at_), '\n');
      error_ = fmt::format("toml: line {}: {}", line, message);
    }
    return false;
  }

  char Peek() const { return at_ < s_.size() ? s_[at_] : '\0'; }
  bool Take(std::string_view word) {
    if (s_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }
  void Blanks() {
    while (Peek() == ' ' || Peek() == '\t') ++at_;
  }
  void Comment() {
    if (Peek() == '#') at_ = std::min(s_.find('\n', at_), s_.size());
  }
  void BlankLines() {
    while (true) {
      Blanks();
      Comment();
      if (!Take("\n") && !Take("\r\n")) return;
    }
  }
  bool NextStatement() {
    BlankLines();
    return at_ < s_.size();
  }
  bool EndOfLine() {
    Blanks();
    Comment();
    if (at_ >= s_.size() || Take("\n") || Take("\r\n")) return true;
    return Fail(fmt::format("expected a new line, but got {}", gotmpl::Quote(s_.substr(at_, 1))));
  }

  // --- Keys and tables ---

  bool OneKey(std::string_view* out) {
    if (Peek() == '"' || Peek() == '\'') {
      if (s_.substr(at_, 3) == "\"\"\"" || s_.substr(at_, 3) == "'''")
        return Fail("a key cannot be a text of several lines");
      return Peek() == '"' ? Basic(out) : Literal(out);
    }
    std::size_t from = at_;
    while (IsBareChar(Peek())) ++at_;
    *out = s_.substr(from, at_ - from);
    return at_ > from || Fail("expected a key");
  }

  bool DottedKey(Key* out) {
    do {
      Blanks();
      if (!OneKey(&out->emplace_back())) return false;
      Blanks();
    } while (Take("."));
    return true;
  }

  bool Duplicate(std::string_view key) {
    return Fail(fmt::format("Key '{}' has already been defined.", key));
  }

  // The table behind a key, made if it is not there. Of an array of tables it is the last one.
  Map* Into(Map* map, std::string_view key) {
    Value* found = map->Find(key);
    if (found == nullptr) {
      Map* made = heap_.MakeMap();
      map->Set(heap_, key, Value::Of(made));
      return made;
    }
    if (found->is_map() && !closed_.contains(&found->map())) return &found->map();
    if (found->is_list() && arrays_.contains(&found->list()))
      return &found->list().items.back().map();
    Duplicate(key);
    return nullptr;
  }

  bool Header() {
    bool array = Take("[[");
    if (!array) Take("[");
    Key key;
    if (!DottedKey(&key)) return false;
    if (!Take(array ? "]]" : "]")) return Fail("expected the end of a table's name");
    Map* map = root_;
    for (std::string_view part : std::span(key).first(key.size() - 1)) {
      map = Into(map, part);
      if (map == nullptr) return false;
    }
    return array ? StartArrayTable(map, key.back()) : StartTable(map, key.back());
  }

  bool StartTable(Map* map, std::string_view key) {
    Value* found = map->Find(key);
    if (found != nullptr &&
        (!found->is_map() || defined_.contains(&found->map()) || closed_.contains(&found->map())))
      return Duplicate(key);
    current_ = Into(map, key);
    defined_.insert(current_);
    return true;
  }

  bool StartArrayTable(Map* map, std::string_view key) {
    Value* found = map->Find(key);
    std::vector<Value> items;
    if (found != nullptr) {
      if (!found->is_list() || !arrays_.contains(&found->list())) return Duplicate(key);
      items.assign(found->list().items.begin(), found->list().items.end());
    }
    if (items.size() >= kMaxArrayTables) return Fail("an array has too many tables");
    current_ = heap_.MakeMap();
    items.push_back(Value::Of(current_));
    Value list = heap_.MakeList(items);
    arrays_.insert(&list.list());
    map->Set(heap_, key, list);
    return true;
  }

  bool KeyValue(Map* map, int depth) {
    Key key;
    if (!DottedKey(&key)) return false;
    if (at_ >= s_.size() || Peek() == '\n')
      return Fail("unexpected EOF; expected key separator '='");
    if (!Take("="))
      return Fail(fmt::format("expected '.' or '=', but got '{}' instead", s_.substr(at_, 1)));
    Blanks();
    Value v;
    if (!ReadValue(&v, depth)) return false;
    for (std::string_view part : std::span(key).first(key.size() - 1)) {
      map = Into(map, part);
      if (map == nullptr) return false;
    }
    if (map->Find(key.back()) != nullptr) return Duplicate(key.back());
    map->Set(heap_, key.back(), v);
    return true;
  }

  // --- Values ---

  bool ReadValue(Value* out, int depth) {
    if (depth > kMaxNesting)
      return Fail(fmt::format("nested more than {} levels deep", kMaxNesting));
    std::string_view text;
    char c = Peek();
    if (c == '"' || c == '\'') {
      bool ok = c == '"' ? Basic(&text) : Literal(&text);
      *out = Value::String(text);
      return ok;
    }
    if (c == '[') return Array(out, depth);
    if (c == '{') return Inline(out, depth);
    return Bare(out);
  }

  bool Array(Value* out, int depth) {
    Take("[");
    std::vector<Value> items;
    while (true) {
      BlankLines();
      if (Take("]")) break;
      if (!ReadValue(&items.emplace_back(), depth + 1)) return false;
      BlankLines();
      if (Take("]")) break;
      if (!Take(",")) return Fail("expected a comma or the end of an array");
    }
    *out = heap_.MakeList(items);
    return true;
  }

  bool Inline(Value* out, int depth) {
    Take("{");
    Map* map = heap_.MakeMap();
    *out = Value::Of(map);
    Blanks();
    while (!Take("}")) {
      if (!KeyValue(map, depth + 1)) return false;
      Blanks();
      if (Take("}")) break;
      if (!Take(",")) return Fail("expected a comma or the end of an inline table");
      Blanks();
    }
    closed_.insert(map);
    return true;
  }

  bool Literal(std::string_view* out) {
    bool many = Take("'''");
    if (!many) Take("'");
    if (many && !Take("\n")) Take("\r\n");
    std::size_t end = s_.find(many ? "'''" : "'", at_);
    if (end == std::string_view::npos ||
        (!many && s_.substr(at_, end - at_).find('\n') != std::string_view::npos))
      return Fail("a text is not closed");
    while (many && end + 3 < s_.size() && s_[end + 3] == '\'') ++end;
    *out = s_.substr(at_, end - at_);
    at_ = end + (many ? 3 : 1);
    return true;
  }

  bool Basic(std::string_view* out) {
    bool many = Take("\"\"\"");
    if (!many) Take("\"");
    if (many && !Take("\n")) Take("\r\n");
    std::string text;
    while (true) {
      if (at_ >= s_.size() || (!many && Peek() == '\n')) return Fail("a text is not closed");
      if (Peek() == '"' && (!many || s_.substr(at_, 3) == "\"\"\"")) break;
      if (Peek() == '\\') {
        if (!Escape(text, many)) return false;
        continue;
      }
      text += s_[at_++];
    }
    while (many && s_.substr(at_, 4) == "\"\"\"\"") text += s_[at_++];
    at_ += many ? 3 : 1;
    *out = heap_.Text(text);
    return true;
  }

  bool Escape(std::string& text, bool many) {
    ++at_;
    constexpr std::string_view kLetters = "btnfre\"\\", kMeanings = "\b\t\n\f\r\x1B\"\\";
    if (auto i = kLetters.find(Peek()); at_ < s_.size() && i != std::string_view::npos) {
      text += kMeanings[i];
      ++at_;
      return true;
    }
    std::size_t digits = Peek() == 'u' ? 4 : Peek() == 'U' ? 8 : Peek() == 'x' ? 2 : 0;
    if (digits > 0) {
      auto n = ParseInt(s_.substr(at_ + 1, digits), 16);
      if (!n || *n < 0 || *n > 0x10FFFF || (*n >= 0xD800 && *n < 0xE000))
        return Fail("an escape is no character");
      gotmpl::AppendUtf8(text, static_cast<char32_t>(*n));
      at_ += digits + 1;
      return true;
    }
    // A backslash at the end of a line joins it with the next text.
    std::size_t end = s_.find_first_not_of(" \t\r", at_);
    if (!many || end == std::string_view::npos || s_[end] != '\n')
      return Fail("unknown escape in a text");
    at_ = std::min(s_.find_first_not_of(" \t\r\n", at_), s_.size());
    return true;
  }

  // A number, a truth value or a date: everything up to a delimiter.
  bool Bare(Value* out) {
    std::size_t from = at_;
    auto delimits = [](char c) {
      return c == ',' || c == ']' || c == '}' || c == '\n' || c == '\r' || c == '#' || c == ' ' ||
             c == '\t';
    };
    while (at_ < s_.size() && !delimits(s_[at_])) ++at_;
    std::string_view word = s_.substr(from, at_ - from);
    // A date may have a blank in front of its time of day.
    if (word.size() == 10 && word[4] == '-' && at_ + 3 < s_.size() && IsDigit(s_[at_ + 1]) &&
        IsDigit(s_[at_ + 2]) && s_[at_ + 3] == ':') {
      ++at_;
      while (at_ < s_.size() && !delimits(s_[at_])) ++at_;
      word = s_.substr(from, at_ - from);
    }
    if (word == "true" || word == "false") {
      *out = Value::Bool(word == "true");
      return true;
    }
    if (DateOf(word, out) || NumberOf(word, out)) return true;
    at_ = from;
    return Fail(fmt::format("expected value but found {} instead", gotmpl::Quote(word)));
  }

  bool DateOf(std::string_view word, Value* out) {
    constexpr std::string_view kLayouts[] = {"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05",
                                             "2006-01-02", "15:04:05"};
    if (word.size() < 8 || !IsDigit(word[0]) || (word[2] != ':' && word[4] != '-')) return false;
    std::string plain(word);
    if (plain.size() > 10 && (plain[10] == ' ' || plain[10] == 't')) plain[10] = 'T';
    if (plain.back() == 'z') plain.back() = 'Z';
    for (std::string_view layout : kLayouts) {
      std::string ignored;
      if (auto t = ParseTime(layout, plain, &ignored)) {
        *out = MakeTime(heap_, *t);
        return true;
      }
    }
    return false;
  }

  bool NumberOf(std::string_view word, Value* out) {
    std::string_view digits = word;
    if (digits.starts_with('-') || digits.starts_with('+')) digits.remove_prefix(1);
    if (digits.empty()) return false;
    if (digits == "inf" || digits == "nan") {
      *out = Value::Float(*ParseFloat(word));
      return true;
    }
    if (!IsDigit(digits[0]) || !GoodUnderscores(digits)) return false;
    std::string plain(word);
    std::erase(plain, '_');
    bool prefixed = digits.size() > 1 && digits[0] == '0' && !IsDigit(digits[1]) &&
                    digits[1] != '.' && (digits[1] | 0x20) != 'e';
    if (!prefixed && digits.find_first_of(".eE") != std::string_view::npos) {
      auto point = digits.find('.');
      if (point != std::string_view::npos &&
          (point + 1 == digits.size() || !IsDigit(digits[point + 1])))
        return false;
      auto d = ParseFloat(plain);
      if (d) *out = Value::Float(*d);
      return d.has_value();
    }
    if (!prefixed && digits.size() > 1 && digits[0] == '0') return false;
    auto n = ParseInt(plain, prefixed ? 0 : 10);
    if (n) *out = Value::Int64(*n);
    return n.has_value();
  }

  static bool GoodUnderscores(std::string_view s) {
    for (std::size_t i = 0; i < s.size(); ++i) {
      if (s[i] != '_') continue;
      if (i == 0 || i + 1 == s.size() || !IsBareChar(s[i - 1]) || s[i - 1] == '_' ||
          !IsBareChar(s[i + 1]) || s[i + 1] == '_')
        return false;
    }
    return true;
  }

  static constexpr std::size_t kMaxArrayTables = 5'000;

  Heap& heap_;
  std::string_view s_;
  std::size_t at_ = 0;
  Map *root_ = nullptr, *current_ = nullptr;
  std::set<const Map*> defined_, closed_;  // by a header of their own; written inline
  std::set<const gotmpl::List*> arrays_;   // of tables
  std::string error_;
};

}  // namespace

std::string ReadToml(Heap& heap, std::string_view text, Value* out) {
  return Reader(heap, text).Run(out);
}

}  // namespace plumbline::helm
