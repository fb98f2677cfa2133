// The emitter keeps the four facts that decide libyaml's layout: the column, the indent, whether
// white space was written last and whether the line holds nothing but indentation.
#include "helm/functions/yaml_write.h"

#include <algorithm>
#include <cmath>

#include "helm/functions/common.h"
#include "helm/functions/json.h"

namespace plumbline::helm {
namespace {

constexpr int kIndent = 2;
constexpr std::size_t kLongestSimpleKey = 128;

enum class Style { kPlain, kSingle, kDouble, kLiteral };
enum class Context { kRoot, kSequence, kMapping, kSimpleKey };

bool IsBreakAt(std::string_view s, std::size_t i) {
  return s[i] == '\n' || s[i] == '\r' || s.substr(i, 2) == "\xC2\x85" ||
         s.substr(i, 3) == "\xE2\x80\xA8" || s.substr(i, 3) == "\xE2\x80\xA9";
}

std::size_t WidthAt(std::string_view s, std::size_t i) {
  auto c = static_cast<unsigned char>(s[i]);
  std::size_t width = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
  return std::min(width, s.size() - i);
}

// What the emitter writes as it is. Characters outside the basic plane are not among them.
bool IsPrintableAt(std::string_view s, std::size_t i) {
  auto c = static_cast<unsigned char>(s[i]);
  if (c < 0x80) return c == '\n' || (c >= 0x20 && c <= 0x7E);
  std::size_t width = 0;
  char32_t rune = gotmpl::DecodeUtf8(s.substr(i), &width);
  return rune >= 0xA0 && rune < 0xFFFE && rune != 0xFEFF;
}

// What a scalar's text allows.
struct Analysis {
  bool multiline = false, plain = true, single = true, block = true;
};

class Analyser {
 public:
  Analyser(std::string_view s, YamlDialect dialect) : s_(s), dialect_(dialect) {}

  Analysis Run() {
    Analysis a;
    if (s_.empty()) {
      a.block = false;
      return a;
    }
    bool indicators = s_.starts_with("---") || s_.starts_with("...");
    bool after_blank = true;
    for (std::size_t i = 0, width = 0; i < s_.size(); i += width) {
      width = WidthAt(s_, i);
      indicators = indicators || IsIndicator(i, after_blank, Blank(i + width));
      Note(i, width);
      after_blank = Blank(i) || IsBreakAt(s_, i);
    }
    a.multiline = breaks_;
    if (edges_ || breaks_ || indicators || tabs_) a.plain = false;
    if (trailing_space_) a.block = false;
    if (break_space_) a.plain = a.single = false;
    if (space_break_ || tabs_ || special_) a.plain = a.single = false;
    if (space_break_ || special_) a.block = false;
    return a;
  }

 private:
  bool Blank(std::size_t i) const { return i >= s_.size() || s_[i] == ' ' || s_[i] == '\t'; }

  // Characters that would not be text where they stand.
  bool IsIndicator(std::size_t i, bool after_blank, bool before_blank) const {
    char c = s_[i];
    if (i == 0) {
      constexpr std::string_view kFirst = "#,[]{}&*!|>'\"%@`";
      if (kFirst.find(c) != std::string_view::npos) return true;
      return (c == '?' || c == ':' || c == '-') && before_blank;
    }
    return (c == ':' && before_blank) || (c == '#' && after_blank);
  }

  void Note(std::size_t i, std::size_t width) {
    bool last = i + width == s_.size();
    if (dialect_ == YamlDialect::kGoV3 && s_[i] == '\t') {
      tabs_ = true;
    } else if (!IsPrintableAt(s_, i)) {
      special_ = true;
    }
    bool space = s_[i] == ' ', line_break = !space && IsBreakAt(s_, i);
    breaks_ = breaks_ || line_break;
    edges_ = edges_ || ((space || line_break) && (i == 0 || last));
    trailing_space_ = trailing_space_ || (space && last);
    break_space_ = break_space_ || (space && was_break_);
    space_break_ = space_break_ || (line_break && was_space_);
    was_space_ = space;
    was_break_ = line_break;
  }

  std::string_view s_;
  YamlDialect dialect_;
  bool breaks_ = false, special_ = false, tabs_ = false, edges_ = false;
  bool trailing_space_ = false, break_space_ = false, space_break_ = false;
  bool was_space_ = false, was_break_ = false;
};

class Emitter {
 public:
  Emitter(Heap& heap, YamlDialect dialect) : heap_(heap), dialect_(dialect) {
    result_.lines.emplace_back();
  }

  YamlText Run(Value v) {
    Node(v, Context::kRoot, 0);
    Indent(0);
    if (column_ != 0) Break();
    return std::move(result_);
  }

 private:
  std::string& out() { return result_.text; }

  void Put(std::string_view s) {
    out() += s;
    for (char c : s) column_ += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  }

  void Break() {
    out() += '\n';
    column_ = 0;
    indention_ = indention_ || dialect_ == YamlDialect::kGoV3;
    result_.lines.emplace_back();
  }

  void Indent(int indent) {
    indent = std::max(indent, 0);
    if (!indention_ || column_ > indent || (column_ == indent && !whitespace_)) Break();
    if (column_ < indent) Put(std::string(static_cast<std::size_t>(indent - column_), ' '));
    whitespace_ = indention_ = true;
  }

  void Indicator(std::string_view s, bool need_space, bool is_indention = false) {
    if (need_space && !whitespace_) Put(" ");
    Put(s);
    whitespace_ = false;
    indention_ = indention_ && is_indention;
  }

  bool Refuse() {
    result_.ok = false;
    return false;
  }

  void NoteOrigin(Value v, std::size_t line) {
    if (v.origin() == 0) return;
    gotmpl::LineOrigin origin = heap_.OriginOf(v.origin(), line);
    if (!origin.at.valid() && !origin.from.valid() && !origin.made_up) return;
    if (result_.lines.back().from.valid()) return;
    result_.lines.back() = origin;
    result_.has_origins = true;
  }

  bool Node(Value v, Context context, int depth) {
    if (depth > kMaxDepth || out().size() > kMaxText) return Refuse();
    bool sigs = dialect_ == YamlDialect::kSigs;
    switch (v.kind()) {
      case Kind::kInvalid:
      case Kind::kNil:
        return Plain(v, "null");
      case Kind::kBool:
        return Plain(v, v.as_bool() ? "true" : "false");
      case Kind::kInt:
      case Kind::kInt64:
        return Plain(v, std::to_string(v.as_int()));
      case Kind::kUint64:
        return Plain(v, std::to_string(static_cast<std::uint64_t>(v.as_int())));
      case Kind::kFloat64:
        return Float(v);
      case Kind::kString:
        return Scalar(v, v.as_string(), context);
      case Kind::kList:
        if (sigs && v.list().is_nil) return Plain(v, "null");
        if (sigs && v.list().element == Element::kByte)
          return Scalar(v, Base64Encode(TextOf(v)), context);
        return Sequence(v.list().items, context, depth);
      case Kind::kMap:
        if (sigs && v.map().is_nil) return Plain(v, "null");
        return Mapping(v.map(), depth);
      case Kind::kObject: {
        bool is_time = v.object().TypeName() == "time.Time";
        Value json = v.object().AsJson(heap_);
        if (!sigs && is_time && json.is_string()) return Plain(v, json.as_string());
        return Node(json, context, depth + 1);
      }
      case Kind::kComplex:
        return sigs ? Refuse() : Scalar(v, gotmpl::Sprint(v), context);
    }
    return true;
  }

  bool Plain(Value v, std::string_view text) {
    NoteOrigin(v, 0);
    if (!whitespace_) Put(" ");
    Put(text);
    whitespace_ = indention_ = false;
    return true;
  }

  bool Float(Value v) {
    double d = v.as_float();
    if (dialect_ == YamlDialect::kGoV3 || !std::isfinite(d)) {
      if (dialect_ == YamlDialect::kSigs) return Refuse();
      if (std::isnan(d)) return Plain(v, ".nan");
      if (std::isinf(d)) return Plain(v, d > 0 ? ".inf" : "-.inf");
      return Plain(v, gotmpl::FormatFloat(d, 'g', -1));
    }
    // JSON's text of it is an integer if it looks like one and 64 bits hold it.
    if (std::trunc(d) == d && d >= -9223372036854775808.0 && d < 18446744073709551616.0) {
      std::string text = JsonFloat(d);
      if (text.find('e') == std::string::npos) return Plain(v, d == 0 ? "0" : text);
    }
    return Plain(v, gotmpl::FormatFloat(d, 'g', -1));
  }

  int Deeper(bool indentless) const {
    if (indent_ < 0) return 0;
    return indentless ? indent_ : indent_ + kIndent;
  }

  bool Sequence(std::span<const Value> items, Context context, int depth) {
    if (items.empty()) {
      Indicator("[", true);
      Indicator("]", false);
      return true;
    }
    int outer = indent_;
    bool indentless = dialect_ == YamlDialect::kSigs && context == Context::kMapping && !indention_;
    indent_ = Deeper(indentless);
    for (Value item : items) {
      Indent(indent_);
      Indicator("-", true, true);
      if (!Node(item, Context::kSequence, depth + 1)) return false;
    }
    indent_ = outer;
    return true;
  }

  bool Mapping(const Map& map, int depth) {
    if (map.size == 0) {
      Indicator("{", true);
      Indicator("}", false);
      return true;
    }
    std::vector<const Entry*> entries;
    for (const Entry& e : map.entries()) entries.push_back(&e);
    std::ranges::stable_sort(
        entries, [](const Entry* a, const Entry* b) { return NaturallyLess(a->key, b->key); });
    int outer = indent_;
    indent_ = Deeper(false);
    for (const Entry* e : entries) {
      if (!Member(*e, depth)) return false;
    }
    indent_ = outer;
    return true;
  }

  bool Member(const Entry& e, int depth) {
    Indent(indent_);
    Value key = Value::String(e.key);
    bool multiline = Analyser(e.key, dialect_).Run().multiline;
    if (!multiline && e.key.size() <= kLongestSimpleKey) {
      if (!Scalar(key, e.key, Context::kSimpleKey)) return false;
      Indicator(":", false);
    } else {
      Indicator("?", true, true);
      if (!Scalar(key, e.key, Context::kMapping)) return false;
      Indent(indent_);
      Indicator(":", true, true);
    }
    return Node(e.value, Context::kMapping, depth + 1);
  }

  // --- Scalars ---

  // By way of JSON, bytes that are no text become U+FFFD, and some characters cannot be read back.
  bool Readable(std::string_view text) const {
    for (std::size_t width = 0; !text.empty(); text.remove_prefix(width)) {
      auto c = static_cast<unsigned char>(text[0]);
      width = 1;
      if (c < 0x7F) continue;
      char32_t rune = gotmpl::DecodeUtf8(text, &width);
      if (rune == 0x7F || (rune >= 0x80 && rune < 0xA0 && rune != 0x85)) return false;
      if (rune == 0xFFFE || rune == 0xFFFF) return false;
    }
    return true;
  }

  static std::string Repaired(std::string_view text) {
    std::string out;
    for (std::size_t width = 0; !text.empty(); text.remove_prefix(width))
      gotmpl::AppendUtf8(out, gotmpl::DecodeUtf8(text, &width));
    return out;
  }

  bool Scalar(Value v, std::string_view text, Context context) {
    std::string repaired;
    if (!gotmpl::IsValidUtf8(text)) {
      repaired = Repaired(text);
      text = repaired;
    }
    if (dialect_ == YamlDialect::kSigs && !Readable(text)) return Refuse();
    NoteOrigin(v, 0);
    switch (StyleOf(text, context)) {
      case Style::kPlain:
        PlainText(text, context);
        break;
      case Style::kSingle:
        SingleQuoted(text, context);
        break;
      case Style::kDouble:
        DoubleQuoted(text, context);
        break;
      case Style::kLiteral:
        Literal(v, text);
    }
    return true;
  }

  Style StyleOf(std::string_view text, Context context) const {
    Analysis a = Analyser(text, dialect_).Run();
    bool key = context == Context::kSimpleKey;
    if (key && a.multiline) return Style::kDouble;
    if (text.find('\n') != std::string_view::npos)
      return a.block && !key ? Style::kLiteral : Style::kDouble;
    if (ReadsAsOther(text)) return Style::kDouble;
    if (a.plain) return Style::kPlain;
    return a.single ? Style::kSingle : Style::kDouble;
  }

  // Texts beyond this column go on in a new line at the next blank; keys never do.
  bool IsTooWide(Context context) const {
    constexpr int kWidth = 80;
    return dialect_ == YamlDialect::kSigs && context != Context::kSimpleKey && column_ > kWidth;
  }

  void PlainText(std::string_view s, Context context) {
    if (!whitespace_) Put(" ");
    bool spaces = false;
    for (std::size_t i = 0, width = 0; i < s.size(); i += width) {
      width = WidthAt(s, i);
      bool space = s[i] == ' ';
      if (space && !spaces && s.substr(i + 1, 1) != " " && IsTooWide(context)) {
        Indent(ScalarIndent());
      } else {
        Put(s.substr(i, width));
        if (!space) indention_ = false;
      }
      spaces = space;
    }
    whitespace_ = indention_ = false;
  }

  void SingleQuoted(std::string_view s, Context context) {
    Indicator("'", true);
    bool breaks = false, spaces = false;
    for (std::size_t i = 0, width = 0; i < s.size(); i += width) {
      width = WidthAt(s, i);
      if (IsBreakAt(s, i)) {
        Put(s.substr(i, width));
        column_ = 0;
        indention_ = breaks = true;
        continue;
      }
      bool space = s[i] == ' ', was_space = spaces;
      spaces = space;
      if (space && !was_space && i > 0 && i + 1 < s.size() && s[i + 1] != ' ' &&
          IsTooWide(context)) {
        Indent(ScalarIndent());
        continue;
      }
      if (!space) {
        if (breaks) Indent(ScalarIndent());
        indention_ = breaks = false;
      }
      if (s[i] == '\'') Put("'");
      Put(s.substr(i, width));
    }
    Indicator("'", false);
    whitespace_ = indention_ = false;
  }

  void DoubleQuoted(std::string_view s, Context context) {
    Indicator("\"", true);
    bool spaces = false;
    for (std::size_t i = 0, width = 0; i < s.size(); i += width) {
      width = WidthAt(s, i);
      bool space = s[i] == ' ', was_space = spaces;
      spaces = space;
      if (space && !was_space && i > 0 && i + 1 < s.size() && IsTooWide(context)) {
        Indent(ScalarIndent());
        if (s[i + 1] == ' ') Put("\\");
        continue;
      }
      bool plain = IsPrintableAt(s, i) && !IsBreakAt(s, i) && s[i] != '"' && s[i] != '\\';
      Put(plain ? std::string(s.substr(i, width)) : Escaped(s.substr(i, width)));
    }
    Indicator("\"", false);
  }

  static std::string Escaped(std::string_view s) {
    std::size_t width = 0;
    char32_t rune = gotmpl::DecodeUtf8(s, &width);
    constexpr std::u32string_view kShort =
        U"\x07\x08\x09\x0A\x0B\x0C\x0D\x1B\x22\x5C\x85\xA0\x2028\x2029";
    constexpr std::string_view kLetters = "abtnvfre\"\\N_LP";
    if (rune == 0) return "\\0";
    auto at = kShort.find(rune);
    if (at != std::u32string_view::npos) return std::string("\\") + kLetters[at];
    auto code = static_cast<std::uint32_t>(rune);
    if (rune <= 0xFF) return fmt::format("\\x{:02X}", code);
    return rune <= 0xFFFF ? fmt::format("\\u{:04X}", code) : fmt::format("\\U{:08X}", code);
  }

  int ScalarIndent() const { return indent_ < 0 ? kIndent : indent_ + kIndent; }

  void Literal(Value v, std::string_view s) {
    Indicator("|", true);
    if (s[0] == ' ' || IsBreakAt(s, 0)) Put(std::to_string(kIndent));
    if (s.back() != '\n') {
      Put("-");
    } else if (s.size() == 1 || s[s.size() - 2] == '\n') {
      Put("+");
    }
    Break();
    indention_ = whitespace_ = true;
    for (std::size_t line = 0; !s.empty(); ++line) {
      std::size_t end = std::min(s.find('\n'), s.size());
      if (end > 0) {
        Indent(ScalarIndent());
        NoteOrigin(v, line);
        Put(s.substr(0, end));
        indention_ = false;
      }
      s.remove_prefix(end);
      if (s.empty()) break;
      Break();
      indention_ = true;
      s.remove_prefix(1);
    }
  }

  Heap& heap_;
  YamlDialect dialect_;
  YamlText result_;
  int column_ = 0, indent_ = -1;
  bool whitespace_ = true, indention_ = true;
};

}  // namespace

YamlText WriteYaml(Heap& heap, Value v, YamlDialect dialect) {
  return Emitter(heap, dialect).Run(v);
}

}  // namespace plumbline::helm
