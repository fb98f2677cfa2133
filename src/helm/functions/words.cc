// Letters and words: cases, initials, camelCase and snake_case.
#include <algorithm>
#include <array>

#include "helm/functions/common.h"

namespace plumbline::helm {
namespace {

template <typename F>
std::string Mapped(std::string_view text, F f) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t width = 0; !text.empty(); text.remove_prefix(width)) {
    auto c = static_cast<unsigned char>(text[0]);
    width = 1;
    char32_t rune = c < 0x80 ? c : gotmpl::DecodeUtf8(text, &width);
    gotmpl::AppendUtf8(out, f(rune));
  }
  return out;
}

bool Upper(Call& call) {
  return ReturnText(call, Mapped(call.Text(0), ToUpper), call.args[0].origin());
}
bool Lower(Call& call) {
  return ReturnText(call, Mapped(call.Text(0), ToLower), call.args[0].origin());
}

// strings.Title: what may stand between words.
bool Separates(char32_t rune) {
  if (rune < 0x80) {
    char32_t lower = rune | 0x20;
    return !((rune >= '0' && rune <= '9') || (lower >= 'a' && lower <= 'z') || rune == '_');
  }
  return !gotmpl::IsLetterOrDigit(rune) && IsSpace(rune);
}

bool Title(Call& call) {
  char32_t before = ' ';
  auto titled = [&](char32_t rune) {
    bool starts = Separates(before);
    before = rune;
    return starts ? ToTitle(rune) : rune;
  };
  return ReturnText(call, Mapped(call.Text(0), titled), call.args[0].origin());
}

bool Untitle(Call& call) {
  bool starts = true;
  auto lowered = [&](char32_t rune) {
    if (IsSpace(rune)) {
      starts = true;
    } else if (starts) {
      starts = false;
      return ToLower(rune);
    }
    return rune;
  };
  return ReturnText(call, Mapped(call.Text(0), lowered), call.args[0].origin());
}

bool SwapCase(Call& call) {
  bool starts = true;
  auto swapped = [&](char32_t rune) {
    constexpr char32_t kNone = 0;
    char32_t out = kNone;
    if (IsUpper(rune) || (ToLower(rune) != rune && ToUpper(rune) != rune)) {
      out = ToLower(rune);
    } else if (IsLower(rune)) {
      out = starts ? ToTitle(rune) : ToUpper(rune);
    }
    starts = out == kNone && IsSpace(rune);
    return out == kNone ? rune : out;
  };
  return ReturnText(call, Mapped(call.Text(0), swapped), call.args[0].origin());
}

// sprig takes each byte for a character here.
std::u32string Bytes(std::string_view text) {
  std::u32string out;
  for (char c : text) out += static_cast<unsigned char>(c);
  return out;
}

bool NoSpace(Call& call) {
  std::u32string bytes = Bytes(call.Text(0));
  if (std::ranges::none_of(bytes, IsSpace)) return call.Return(call.args[0]);
  std::string out;
  for (char32_t byte : bytes) {
    if (!IsSpace(byte)) gotmpl::AppendUtf8(out, byte);
  }
  return ReturnText(call, out);
}

bool Initials(Call& call) {
  std::string out;
  bool starts = true;
  for (char32_t rune : Bytes(call.Text(0))) {
    if (IsSpace(rune)) {
      starts = true;
    } else if (starts) {
      gotmpl::AppendUtf8(out, rune);
      starts = false;
    }
  }
  return ReturnText(call, out);
}

bool Connects(char32_t rune) { return rune == '-' || rune == '_' || IsSpace(rune); }

bool CamelCase(Call& call) {
  std::u32string runes = Runes(call.Text(0));
  std::string out;
  std::size_t i = 0;
  while (i < runes.size() && Connects(runes[i])) gotmpl::AppendUtf8(out, runes[i++]);
  if (i == runes.size()) {
    // Of nothing but connectors the last one comes twice.
    if (i > 0) gotmpl::AppendUtf8(out, runes.back());
    return ReturnText(call, out);
  }
  bool upper = IsUpper(runes[i]);
  char32_t now = ToUpper(runes[i]);
  if (++i == runes.size()) {
    gotmpl::AppendUtf8(out, now);
    return ReturnText(call, out);
  }
  for (; i < runes.size(); ++i) {
    char32_t before = now;
    now = runes[i];
    if (Connects(now) && Connects(before)) {
      gotmpl::AppendUtf8(out, before);
    } else if (Connects(before)) {
      upper = IsUpper(now);
      now = ToUpper(now);
    } else {
      if (upper && IsUpper(now)) {
        now = ToLower(now);
      } else if (upper) {
        upper = false;
      }
      gotmpl::AppendUtf8(out, before);
    }
  }
  gotmpl::AppendUtf8(out, now);
  return ReturnText(call, out);
}

// --- snake_case and kebab-case: the text is cut into words of one kind of character ---

enum class Word { kNone, kNumber, kUpper, kAlphabet, kConnector, kPunct, kOther };

// Letters that know upper and lower case, as far as this matters here: any letter that is not a
// digit.
bool IsAlphabet(char32_t rune) {
  if (!gotmpl::IsLetter(rune)) return false;
  return !(rune >= 0x3400 && rune <= 0x9FFF);
}

class WordCutter {
 public:
  explicit WordCutter(std::u32string_view rest) : rest_(rest) {}

  bool AtEnd() const { return rest_.empty(); }
  Word kind() const { return kind_; }
  std::u32string_view word() const { return word_; }

  void Next() {
    word_ = {};
    kind_ = Word::kNone;
    if (rest_.empty()) return;
    char32_t first = rest_[0];
    std::size_t n = 1;
    if (Connects(first)) {
      kind_ = Word::kConnector;
      n = While(Connects);
    } else if (IsPunct(first)) {
      kind_ = Word::kPunct;
      n = While(IsPunct);
    } else if (IsUpper(first)) {
      kind_ = Word::kUpper;
      n = UpperWord();
    } else if (IsAlphabet(first)) {
      kind_ = Word::kAlphabet;
      n = While([](char32_t r) { return IsAlphabet(r) && !IsUpper(r); });
    } else if (IsNumber(first)) {
      kind_ = Word::kNumber;
      n = While(IsNumber);
    } else {
      kind_ = Word::kOther;
      n = While(
          [](char32_t r) { return !(Connects(r) || IsAlphabet(r) || IsNumber(r) || IsPunct(r)); });
    }
    word_ = rest_.substr(0, n);
    rest_.remove_prefix(n);
  }

 private:
  template <typename F>
  std::size_t While(F f) const {
    std::size_t n = 1;
    while (n < rest_.size() && f(rest_[n])) ++n;
    return n;
  }

  // "HTTPServer" is HTTP and Server.
  std::size_t UpperWord() const {
    if (rest_.size() == 1) return 1;
    if (IsUpper(rest_[1])) {
      std::size_t n = While(IsUpper);
      return n < rest_.size() && IsAlphabet(rest_[n]) ? n - 1 : n;
    }
    if (!IsAlphabet(rest_[1])) return 1;
    return While([](char32_t r) { return IsAlphabet(r) && !IsUpper(r); });
  }

  std::u32string_view rest_, word_;
  Word kind_ = Word::kNone;
};

class Joiner {
 public:
  Joiner(std::u32string_view text, char connector) : words_(text), connector_(connector) {}

  std::string Run() {
    words_.Next();
    while (!words_.AtEnd()) {
      if (words_.kind() != Word::kConnector) Write(words_.kind(), words_.word());
      Word before = words_.kind();
      std::u32string_view last = words_.word();
      words_.Next();
      switch (before) {
        case Word::kNumber:
          WriteAlphanumerics();
          break;
        case Word::kConnector:
          Write(before, last);
          break;
        case Word::kPunct:
          break;
        default:
          BehindWord();
      }
    }
    Write(words_.kind(), words_.word());
    return std::move(out_);
  }

 private:
  bool IsBreak() const {
    Word kind = words_.kind();
    return kind == Word::kConnector || kind == Word::kPunct;
  }

  void WriteAlphanumerics() {
    while (words_.kind() == Word::kAlphabet || words_.kind() == Word::kNumber) {
      Write(words_.kind(), words_.word());
      words_.Next();
    }
    if (words_.kind() != Word::kNone && !IsBreak()) out_ += connector_;
  }

  // Digits belong to the word before them unless letters follow.
  void BehindWord() {
    if (words_.kind() != Word::kNumber) {
      if (!IsBreak()) out_ += connector_;
      return;
    }
    if (words_.AtEnd()) return;
    std::u32string_view number = words_.word();
    words_.Next();
    if (words_.kind() != Word::kAlphabet) {
      Write(Word::kNumber, number);
      if (!IsBreak()) out_ += connector_;
      return;
    }
    out_ += connector_;
    Write(Word::kNumber, number);
    WriteAlphanumerics();
  }

  void Write(Word kind, std::u32string_view word) {
    bool plain = kind != Word::kUpper && kind != Word::kConnector;
    for (char32_t rune : word) {
      if (!plain && Connects(rune)) {
        out_ += connector_;
      } else {
        gotmpl::AppendUtf8(out_, !plain && IsUpper(rune) ? ToLower(rune) : rune);
      }
    }
  }

  WordCutter words_;
  char connector_;
  std::string out_;
};

std::string Joined(std::string_view text, char connector) {
  std::u32string runes = Runes(text);
  return Joiner(runes, connector).Run();
}

bool SnakeCase(Call& call) { return ReturnText(call, Joined(call.Text(0), '_')); }
bool KebabCase(Call& call) { return ReturnText(call, Joined(call.Text(0), '-')); }

// The same order every time: the text turned round its middle.
bool Shuffle(Call& call) {
  std::u32string runes = Runes(call.Text(0));
  std::ranges::reverse(runes);
  std::string out;
  for (char32_t rune : runes) gotmpl::AppendUtf8(out, rune);
  return ReturnText(call, out);
}

constexpr auto kFunctions = std::to_array<Function>({
    {"camelcase", "s", CamelCase},
    {"initials", "s", Initials},
    {"kebabcase", "s", KebabCase},
    {"lower", "s", Lower},
    {"nospace", "s", NoSpace},
    {"shuffle", "s", Shuffle},
    {"snakecase", "s", SnakeCase},
    {"swapcase", "s", SwapCase},
    {"title", "s", Title},
    {"untitle", "s", Untitle},
    {"upper", "s", Upper},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

std::span<const Function> WordFunctions() { return kFunctions; }

}  // namespace plumbline::helm
