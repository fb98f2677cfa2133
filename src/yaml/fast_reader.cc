#include "yaml/fast_reader.h"

#include <string>

#include "yaml/scalar.h"

namespace plumbline::yaml {
namespace {

constexpr std::uint32_t kMaxDepth = 100;
constexpr std::uint32_t kMaxKey = 1000;  // yaml-cpp refuses keys of more than 1,024 characters
constexpr auto kNpos = std::string_view::npos;

class Reader {
 public:
  Reader(FileId file, std::string_view text, std::uint32_t begin, Arena& arena,
         TreeBuilder& builder)
      : file_(file), text_(text), at_(begin), line_(begin), arena_(arena), builder_(builder) {}

  FastStatus Read() {
    builder_.BeginDocument();
    bool ok = SkipMarker() && NextContent() && !eof_ && Block(0) && eof_;
    if (ok) return FastStatus::kDone;
    return refused_ ? FastStatus::kRefused : FastStatus::kGivenUp;
  }

 private:
  char At(std::uint32_t i) const { return i < text_.size() ? text_[i] : '\n'; }
  bool EndsToken(std::uint32_t i) const { return At(i) == ' ' || At(i) == '\n'; }
  bool IsDash() const { return At(at_) == '-' && EndsToken(at_ + 1); }
  std::uint32_t Column() const { return at_ - line_; }
  bool Accept(bool builder_result) {
    refused_ = !builder_result;
    return builder_result;
  }

  bool SkipMarker() {
    if (text_.substr(at_, 3) != "---") return At(at_) != '%';
    at_ += 3;
    return true;
  }

  // From behind a token to the first content of a later line. Only blanks and a comment may stand
  // in between.
  bool NextContent() {
    std::uint32_t from = at_;
    while (true) {
      while (at_ < text_.size() && text_[at_] == ' ') ++at_;
      if (At(at_) == '#') {
        bool begins_line = at_ == line_;
        if (!begins_line && text_[at_ - 1] != ' ') return false;
        std::size_t end = text_.find('\n', at_);
        at_ = static_cast<std::uint32_t>(end == kNpos ? text_.size() : end);
      }
      if (at_ >= text_.size()) {
        eof_ = true;
        return true;
      }
      if (text_[at_] != '\n') return line_ > from || from == line_;
      line_ = ++at_;
    }
  }

  // --- Block collections ---

  // `at_` is at the first content of a line, or behind `- `.
  bool Block(std::uint32_t depth) {
    if (depth > kMaxDepth) return false;
    if (IsDash()) return Sequence(depth);
    return FindKeyEnd() != kNpos && Mapping(depth);
  }

  bool Sequence(std::uint32_t depth) {
    std::uint32_t column = Column();
    if (!Accept(builder_.Begin(false, at_))) return false;
    while (true) {
      std::uint32_t dash = at_++;
      while (At(at_) == ' ') ++at_;
      bool own_line = At(at_) == '\n' || At(at_) == '#';
      if (own_line) {
        if (!NextContent()) return false;
        if (eof_ || Column() <= column) {
          if (!Null(dash + 1)) return false;
        } else if (!NodeIn(column, depth)) {
          return false;
        }
      } else if (!NodeIn(column, depth)) {
        return false;
      }
      if (eof_ || Column() < column) break;
      if (Column() > column) return false;
      if (!IsDash()) break;  // the key behind a list that is not indented
    }
    return Accept(builder_.End(end_));
  }

  bool Mapping(std::uint32_t depth) {
    std::uint32_t column = Column();
    if (!Accept(builder_.Begin(true, at_))) return false;
    while (true) {
      if (!Key()) return false;
      std::uint32_t colon = at_++;
      while (At(at_) == ' ') ++at_;
      if (At(at_) == '\n' || At(at_) == '#') {
        if (!NextContent()) return false;
        if (!eof_ && Column() == column && IsDash()) {
          if (!Sequence(depth + 1)) return false;
        } else if (eof_ || Column() <= column) {
          if (!Null(colon + 1)) return false;
        } else if (!NodeIn(column, depth)) {
          return false;
        }
      } else if (!InlineValue(column)) {
        return false;
      }
      if (eof_ || Column() < column) break;
      if (Column() > column || IsDash()) return false;
    }
    return Accept(builder_.End(end_));
  }

  // A block collection or a scalar, inside of a collection at `column`.
  bool NodeIn(std::uint32_t column, std::uint32_t depth) {
    if (IsDash() || FindKeyEnd() != kNpos) return Block(depth + 1);
    return InlineValue(column);
  }

  // --- Scalars ---

  bool Emit(std::uint32_t begin, std::uint32_t end, std::string_view text, bool plain) {
    Value value = plain ? ResolveScalar(arena_, text, "?") : Value::String(text);
    end_ = at_ = end;
    return Accept(builder_.Scalar({file_, begin, end}, value, text, plain));
  }

  bool Null(std::uint32_t at) {
    end_ = at;
    return Accept(builder_.Scalar({file_, at, at}, Value(), {}, true));
  }

  static bool StartsPlain(char c, char next) {
    if (c == '-' || c == '?' || c == ':') return next != ' ' && next != '\n';
    return std::string_view("&*!|>'\"%@`#,[]{}").find(c) == kNpos;
  }

  // The colon behind the key that starts at `at_`; npos when no key starts there. Asked for several
  // times at one place.
  std::size_t FindKeyEnd() {
    if (key_at_ != at_) {
      key_at_ = at_;
      key_end_ = LookForKeyEnd();
    }
    return key_end_;
  }

  std::size_t LookForKeyEnd() const {
    char c = At(at_);
    std::uint32_t i = at_;
    if (c == '"' || c == '\'') {
      i = QuotedEnd(at_);
      if (i == 0) return kNpos;
      while (At(i) == ' ') ++i;
      return At(i) == ':' && EndsToken(i + 1) && i - at_ < kMaxKey ? i : kNpos;
    }
    if (!StartsPlain(c, At(at_ + 1))) return kNpos;
    for (; At(i) != '\n'; ++i) {
      if (text_[i] == ':' && EndsToken(i + 1)) return i - at_ < kMaxKey ? i : kNpos;
      if (text_[i] == '#' && text_[i - 1] == ' ') return kNpos;
    }
    return kNpos;
  }

  bool Key() {
    std::size_t colon = FindKeyEnd();
    if (colon == kNpos) return false;
    char c = At(at_);
    if (c == '"' || c == '\'') {
      if (!Quoted()) return false;
      at_ = static_cast<std::uint32_t>(colon);
      return true;
    }
    auto end = static_cast<std::uint32_t>(colon);
    while (text_[end - 1] == ' ') --end;
    if (end == at_) return false;
    bool ok = Emit(at_, end, text_.substr(at_, end - at_), true);
    at_ = static_cast<std::uint32_t>(colon);
    return ok;
  }

  // Behind the closing quote on the same line; 0 when there is none.
  std::uint32_t QuotedEnd(std::uint32_t at) const {
    char quote = text_[at];
    for (std::uint32_t i = at + 1; At(i) != '\n'; ++i) {
      if (quote == '"' && text_[i] == '\\') {
        ++i;
        if (At(i) == '\n') return 0;
      } else if (text_[i] == quote) {
        if (quote == '"' || At(i + 1) != '\'') return i + 1;
        ++i;
      }
    }
    return 0;
  }

  bool Quoted() {
    std::uint32_t begin = at_, end = QuotedEnd(at_);
    if (end == 0) return false;
    char quote = text_[begin];
    std::string_view inner = text_.substr(begin + 1, end - begin - 2);
    if (inner.find(quote == '"' ? '\\' : '\'') == kNpos) return Emit(begin, end, inner, false);
    std::string decoded;
    for (std::size_t i = 0; i < inner.size(); ++i) {
      char c = inner[i];
      if (quote == '\'') {
        decoded += c;
        i += c == '\'';
      } else if (c != '\\') {
        decoded += c;
      } else {
        constexpr std::string_view kEscapes = "\"\\/nt", kMeanings = "\"\\/\n\t";
        std::size_t which = kEscapes.find(inner[++i]);
        if (which == kNpos) return false;
        decoded += kMeanings[which];
      }
    }
    return Emit(begin, end, arena_.CopyString(decoded), false);
  }

  // A scalar or flow collection that starts in this line; ends at the next line's content. `column`
  // is the enclosing collection's.
  bool InlineValue(std::uint32_t column) {
    char c = At(at_);
    if (c == '|') return Literal(column);
    bool ok = c == '"' || c == '\'' ? Quoted() : c == '[' || c == '{' ? Flow(0) : Plain();
    return ok && NextContent();
  }

  bool Plain() {
    if (!StartsPlain(At(at_), At(at_ + 1))) return false;
    std::uint32_t i = at_;
    for (; At(i) != '\n'; ++i) {
      if (text_[i] == ':' && EndsToken(i + 1)) return false;
      if (text_[i] == '#' && text_[i - 1] == ' ') break;
    }
    while (text_[i - 1] == ' ') --i;
    return Emit(at_, i, text_.substr(at_, i - at_), true);
  }

  // `|` and `|-`.
  bool Literal(std::uint32_t column) {
    std::uint32_t begin = at_++;
    bool strip = At(at_) == '-';
    at_ += strip;
    if (At(at_) != '\n' || at_ >= text_.size()) return false;
    ++at_;
    std::uint32_t indent = 0;
    std::string out;
    std::size_t blank = 0;  // line breaks not yet written: trailing ones are dropped
    std::uint32_t solid_end = 0;
    while (at_ < text_.size()) {
      line_ = at_;
      std::uint32_t i = at_;
      while (At(i) == ' ') ++i;
      std::size_t found = text_.find('\n', i);
      bool unended = found == kNpos;  // the text ends without a line break
      auto end = static_cast<std::uint32_t>(unended ? text_.size() : found);
      if (i == end) {
        // Blanks beyond the indentation are text.
        if (indent == 0 ? i > at_ : i - at_ > indent) return false;
        if (unended) return false;
        ++blank;
        at_ = end + 1;
        continue;
      }
      if (indent == 0) {
        indent = i - at_;
        if (indent <= column) return false;
      }
      if (i - at_ < indent) break;
      out.append(blank, '\n');
      blank = 1;
      out.append(text_.substr(at_ + indent, end - at_ - indent));
      solid_end = end;
      while (text_[solid_end - 1] == ' ') --solid_end;
      at_ = unended ? end : end + 1;
      strip = strip || unended;
    }
    if (solid_end == 0) return false;
    if (!strip) out += '\n';
    std::uint32_t resume = at_;
    if (!Emit(begin, solid_end, arena_.CopyString(out), false)) return false;
    line_ = at_ = resume;
    return NextContent();
  }

  // --- Flow collections, on one line ---

  bool FlowScalar() {
    char c = At(at_);
    if (c == '"' || c == '\'') return Quoted();
    if (!StartsPlain(c, At(at_ + 1)) || c == '-' || c == '?' || c == ':') return false;
    std::uint32_t i = at_;
    while (At(i) != '\n' && std::string_view(",[]{}").find(text_[i]) == kNpos) {
      if (text_[i] == ':') break;
      if (text_[i] == '#') return false;
      ++i;
    }
    if (At(i) == '\n') return false;
    std::uint32_t behind = i;
    while (text_[i - 1] == ' ') --i;
    if (!Emit(at_, i, text_.substr(at_, i - at_), true)) return false;
    at_ = behind;
    return true;
  }

  void SkipSpaces() {
    while (At(at_) == ' ') ++at_;
  }

  bool FlowValue(std::uint32_t depth) {
    char c = At(at_);
    return c == '[' || c == '{' ? Flow(depth + 1) : FlowScalar();
  }

  bool Flow(std::uint32_t depth) {
    if (depth > kMaxDepth) return false;
    bool mapping = At(at_) == '{';
    char close = mapping ? '}' : ']';
    if (!Accept(builder_.Begin(mapping, at_++))) return false;
    SkipSpaces();
    bool first = true;
    while (At(at_) != close) {
      if (!first) {
        if (At(at_) != ',') return false;
        ++at_;
        SkipSpaces();
      }
      first = false;
      if (mapping) {
        if (!FlowScalar()) return false;
        SkipSpaces();
        if (At(at_) != ':' || At(at_ + 1) != ' ') return false;
        ++at_;
        SkipSpaces();
      }
      if (!FlowValue(depth)) return false;
      SkipSpaces();
    }
    end_ = ++at_;
    return Accept(builder_.End(end_));
  }

  FileId file_;
  std::string_view text_;  // up to the document's end
  std::uint32_t at_;
  std::uint32_t line_;  // where the line of `at_` starts
  Arena& arena_;
  TreeBuilder& builder_;
  std::uint32_t end_ = 0;              // behind the last scalar or flow collection
  std::uint32_t key_at_ = UINT32_MAX;  // where key_end_ was looked for
  std::size_t key_end_ = 0;
  bool eof_ = false;
  bool refused_ = false;
};

}  // namespace

FastStatus ReadFast(FileId file, std::string_view text, std::uint32_t begin, std::uint32_t end,
                    Arena& arena, TreeBuilder& builder) {
  std::string_view part = text.substr(begin, end - begin);
  if (part.find_first_of("\t\r") != kNpos) return FastStatus::kGivenUp;
  return Reader(file, text.substr(0, end), begin, arena, builder).Read();
}

}  // namespace plumbline::yaml
