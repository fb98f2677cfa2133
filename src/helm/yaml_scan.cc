// A token is handed out only when it is sure that no key in front of it is missing: a scalar that
// is followed by ": " on its line becomes a key, for which a token is put in front of it
// afterwards.
#include "helm/yaml_scan.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumbline::helm {
namespace {

constexpr std::size_t kMaxNesting = 10000;
constexpr std::size_t kMaxKeyLength = 1024;

bool IsWord(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
         c == '-';
}
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsHex(char c) { return IsDigit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f'); }
int HexDigit(char c) { return IsDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10; }

std::size_t Width(char first) {
  auto byte = static_cast<unsigned char>(first);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

}  // namespace

// --- Characters ---

std::size_t YamlScanner::BreakWidth(std::size_t ahead) const {
  char c = At(ahead);
  if (c == '\n' || c == '\r') return 1;
  if (c == '\xC2') return At(ahead + 1) == '\x85' ? 2 : 0;
  if (c != '\xE2' || At(ahead + 1) != '\x80') return 0;
  return At(ahead + 2) == '\xA8' || At(ahead + 2) == '\xA9' ? 3 : 0;
}

bool YamlScanner::AtIndicator(std::string_view three) const {
  return mark_.column == 0 && text_.substr(mark_.at).starts_with(three) && IsBlankBreakOrEnd(3);
}

void YamlScanner::Next(std::size_t n) {
  for (; n > 0 && mark_.at < text_.size(); --n) {
    mark_.at = std::min(text_.size(), mark_.at + Width(text_[mark_.at]));
    ++mark_.index;
    ++mark_.column;
  }
}

void YamlScanner::NextLine() {
  bool two = At() == '\r' && At(1) == '\n';
  std::size_t width = two ? 2 : BreakWidth();
  if (width == 0) return;
  mark_.at += width;
  mark_.index += two ? 2 : 1;
  mark_.column = 0;
  ++mark_.line;
}

void YamlScanner::SkipBlanks() {
  while (IsBlank()) Next();
}

void YamlScanner::SkipComment() {
  if (At() != '#') return;
  while (!AtEnd() && !IsBreak()) Next();
}

std::string_view YamlScanner::Word() {
  std::size_t begin = mark_.at;
  while (IsWord(At())) Next();
  return text_.substr(begin, mark_.at - begin);
}

// --- The queue ---

bool YamlScanner::Fail(std::string problem) {
  if (problem_.empty()) problem_ = std::move(problem);
  return false;
}

void YamlScanner::Push(YamlTokenKind kind, const YamlMark& start, const YamlMark& end,
                       std::string_view text) {
  tokens_.push_back({kind, start, end, text});
}

void YamlScanner::Insert(std::size_t position, YamlToken token) {
  tokens_.insert(tokens_.begin() + static_cast<std::ptrdiff_t>(head_ + position), token);
}

const YamlToken* YamlScanner::Peek() {
  if (!available_ && !FetchMore()) return nullptr;
  return &tokens_[head_];
}

void YamlScanner::Skip() {
  if (tokens_[head_].kind == YamlTokenKind::kStreamEnd) return;
  ++head_;
  ++parsed_;
  available_ = false;
  if (head_ < 64 || head_ * 2 < tokens_.size()) return;
  tokens_.erase(tokens_.begin(), tokens_.begin() + static_cast<std::ptrdiff_t>(head_));
  head_ = 0;
}

bool YamlScanner::FetchMore() {
  if (!problem_.empty()) return false;
  while (true) {
    if (head_ < tokens_.size()) {
      // Whether the next token is a key is not known before its colon is looked for.
      auto key = std::ranges::lower_bound(keys_, parsed_, {}, &Key::number);
      if (key == keys_.end() || key->number != parsed_ || !key->possible) break;
      bool valid = false;
      if (!KeyIsValid(*key, &valid)) return false;
      if (!valid) break;
    }
    if (!FetchNext()) return false;
  }
  available_ = true;
  return true;
}

// --- Keys without a question mark ---

bool YamlScanner::KeyIsValid(Key& key, bool* valid) {
  *valid = false;
  if (!key.possible) return true;
  if (key.mark.line < mark_.line || key.mark.index + kMaxKeyLength < mark_.index) {
    if (key.required) return Fail("could not find expected ':'");
    key.possible = false;
    return true;
  }
  *valid = true;
  return true;
}

bool YamlScanner::SaveKey() {
  if (!key_allowed_) return true;
  if (!RemoveKey()) return false;
  bool required = flow_level_ == 0 && indent_ == static_cast<std::ptrdiff_t>(mark_.column);
  keys_.back() = {true, required, parsed_ + tokens_.size() - head_, mark_};
  return true;
}

bool YamlScanner::RemoveKey() {
  Key& key = keys_.back();
  if (key.possible && key.required) return Fail("could not find expected ':'");
  key.possible = false;
  return true;
}

bool YamlScanner::RollIndent(std::size_t column, std::ptrdiff_t number, YamlTokenKind kind,
                             const YamlMark& mark) {
  auto wanted = static_cast<std::ptrdiff_t>(column);
  if (flow_level_ > 0 || indent_ >= wanted) return true;
  indents_.push_back(indent_);
  indent_ = wanted;
  if (indents_.size() > kMaxNesting)
    return Fail(fmt::format("exceeded max depth of {}", kMaxNesting));
  YamlToken token{kind, mark, mark, {}};
  if (number < 0) {
    tokens_.push_back(token);
  } else {
    Insert(static_cast<std::size_t>(number) - parsed_, token);
  }
  return true;
}

void YamlScanner::UnrollIndent(std::ptrdiff_t column) {
  if (flow_level_ > 0) return;
  while (indent_ > column) {
    Push(YamlTokenKind::kBlockEnd, mark_, mark_);
    indent_ = indents_.back();
    indents_.pop_back();
  }
}

// --- Which token is next ---

void YamlScanner::SkipToNextToken() {
  while (true) {
    if (mark_.column == 0 && text_.substr(mark_.at).starts_with("\xEF\xBB\xBF")) Next();
    while (At() == ' ' || ((flow_level_ > 0 || !key_allowed_) && At() == '\t')) Next();
    SkipComment();
    if (!IsBreak()) return;
    NextLine();
    if (flow_level_ == 0) key_allowed_ = true;
  }
}

bool YamlScanner::FetchNext() {
  SkipToNextToken();
  UnrollIndent(static_cast<std::ptrdiff_t>(mark_.column));
  if (AtEnd()) return FetchStreamEnd();
  if (mark_.column == 0 && At() == '%') return Directive();
  for (auto [three, kind] : {std::pair("---", YamlTokenKind::kDocumentStart),
                             std::pair("...", YamlTokenKind::kDocumentEnd)}) {
    if (!AtIndicator(three)) continue;
    UnrollIndent(-1);
    if (!RemoveKey()) return false;
    key_allowed_ = false;
    return Single(kind, 3);
  }
  return FetchPunctuation();
}

bool YamlScanner::FetchStreamEnd() {
  if (mark_.column != 0) {
    mark_.column = 0;
    ++mark_.line;
  }
  UnrollIndent(-1);
  if (!RemoveKey()) return false;
  key_allowed_ = false;
  Push(YamlTokenKind::kStreamEnd, mark_, mark_);
  return true;
}

bool YamlScanner::FetchPunctuation() {
  bool in_flow = flow_level_ > 0;
  switch (At()) {
    case '[':
      return FlowStart(YamlTokenKind::kFlowSequenceStart);
    case '{':
      return FlowStart(YamlTokenKind::kFlowMappingStart);
    case ']':
      return FlowEnd(YamlTokenKind::kFlowSequenceEnd);
    case '}':
      return FlowEnd(YamlTokenKind::kFlowMappingEnd);
    case ',':
      if (!RemoveKey()) return false;
      key_allowed_ = true;
      return Single(YamlTokenKind::kFlowEntry);
    case '-':
      if (IsBlankBreakOrEnd(1)) return BlockEntry();
      break;
    case '?':
      if (in_flow || IsBlankBreakOrEnd(1)) return ExplicitKey();
      break;
    case ':':
      if (in_flow || IsBlankBreakOrEnd(1)) return Value();
      break;
    default:
      break;
  }
  return FetchContent();
}

bool YamlScanner::FetchContent() {
  char c = At();
  switch (c) {
    case '*':
      return Anchor(YamlTokenKind::kAlias);
    case '&':
      return Anchor(YamlTokenKind::kAnchor);
    case '!':
      return Tag();
    case '|':
    case '>':
      if (flow_level_ == 0) return BlockScalar();
      break;
    case '\'':
    case '"':
      return QuotedScalar(c == '\'');
    default:
      break;
  }
  constexpr std::string_view kNotFirst = "-?:,[]{}#&*!|>'\"%@`";
  bool plain = !IsBlankBreakOrEnd() && kNotFirst.find(c) == std::string_view::npos;
  plain = plain || (c == '-' && !IsBlank(1)) ||
          (flow_level_ == 0 && (c == '?' || c == ':') && !IsBlankBreakOrEnd(1));
  if (plain) return PlainScalar();
  return Fail("found character that cannot start any token");
}

// --- Punctuation ---

bool YamlScanner::Single(YamlTokenKind kind, std::size_t width) {
  YamlMark start = mark_;
  Next(width);
  Push(kind, start, mark_);
  return true;
}

bool YamlScanner::FlowStart(YamlTokenKind kind) {
  if (!SaveKey()) return false;
  keys_.push_back({false, false, parsed_ + tokens_.size() - head_, mark_});
  if (++flow_level_ > kMaxNesting)
    return Fail(fmt::format("exceeded max depth of {}", kMaxNesting));
  key_allowed_ = true;
  return Single(kind);
}

bool YamlScanner::FlowEnd(YamlTokenKind kind) {
  if (!RemoveKey()) return false;
  if (flow_level_ > 0) {
    --flow_level_;
    keys_.pop_back();
  }
  key_allowed_ = false;
  return Single(kind);
}

bool YamlScanner::BlockEntry() {
  if (flow_level_ == 0) {
    if (!key_allowed_) return Fail("block sequence entries are not allowed in this context");
    if (!RollIndent(mark_.column, -1, YamlTokenKind::kBlockSequenceStart, mark_)) return false;
  }
  if (!RemoveKey()) return false;
  key_allowed_ = true;
  return Single(YamlTokenKind::kBlockEntry);
}

bool YamlScanner::ExplicitKey() {
  if (flow_level_ == 0) {
    if (!key_allowed_) return Fail("mapping keys are not allowed in this context");
    if (!RollIndent(mark_.column, -1, YamlTokenKind::kBlockMappingStart, mark_)) return false;
  }
  if (!RemoveKey()) return false;
  key_allowed_ = flow_level_ == 0;
  return Single(YamlTokenKind::kKey);
}

bool YamlScanner::Value() {
  Key& key = keys_.back();
  bool valid = false;
  if (!KeyIsValid(key, &valid)) return false;
  if (valid) {
    Insert(key.number - parsed_, {YamlTokenKind::kKey, key.mark, key.mark, {}});
    if (!RollIndent(key.mark.column, static_cast<std::ptrdiff_t>(key.number),
                    YamlTokenKind::kBlockMappingStart, key.mark))
      return false;
    key.possible = false;
    key_allowed_ = false;
  } else {
    if (flow_level_ == 0) {
      if (!key_allowed_) return Fail("mapping values are not allowed in this context");
      if (!RollIndent(mark_.column, -1, YamlTokenKind::kBlockMappingStart, mark_)) return false;
    }
    key_allowed_ = flow_level_ == 0;
  }
  return Single(YamlTokenKind::kValue);
}

// --- Directives, anchors, tags ---

bool YamlScanner::Directive() {
  UnrollIndent(-1);
  if (!RemoveKey()) return false;
  key_allowed_ = false;
  YamlToken token{YamlTokenKind::kVersionDirective, mark_, mark_, {}};
  Next();
  std::string_view name = Word();
  if (name.empty()) return Fail("could not find expected directive name");
  if (!IsBlankBreakOrEnd()) return Fail("found unexpected non-alphabetical character");
  if (name == "YAML") {
    if (!VersionDirective(token)) return false;
  } else if (name == "TAG") {
    if (!TagDirective(token)) return false;
  } else {
    return Fail("found unknown directive name");
  }
  token.end = mark_;
  SkipBlanks();
  SkipComment();
  if (!AtEnd() && !IsBreak()) return Fail("did not find expected comment or line break");
  NextLine();
  tokens_.push_back(token);
  return true;
}

bool YamlScanner::VersionNumber(int* number) {
  int digits = 0;
  for (*number = 0; IsDigit(At()); Next()) {
    if (++digits > 2) return Fail("found extremely long version number");
    *number = *number * 10 + (At() - '0');
  }
  return digits > 0 || Fail("did not find expected version number");
}

bool YamlScanner::VersionDirective(YamlToken& token) {
  SkipBlanks();
  int major = 0, minor = 0;
  if (!VersionNumber(&major)) return false;
  if (At() != '.') return Fail("did not find expected digit or '.' character");
  Next();
  if (!VersionNumber(&minor)) return false;
  token.supported = major == 1 && minor == 1;
  return true;
}

bool YamlScanner::TagDirective(YamlToken& token) {
  token.kind = YamlTokenKind::kTagDirective;
  SkipBlanks();
  if (!TagHandle(true, &token.text)) return false;
  if (!IsBlank()) return Fail("did not find expected whitespace");
  SkipBlanks();
  if (!TagUri(false)) return false;
  return IsBlankBreakOrEnd() || Fail("did not find expected whitespace or line break");
}

bool YamlScanner::Anchor(YamlTokenKind kind) {
  if (!SaveKey()) return false;
  key_allowed_ = false;
  YamlMark start = mark_;
  Next();
  std::string_view name = Word();
  constexpr std::string_view kAfter = "?:,]}%@`";
  bool ends = IsBlankBreakOrEnd() || kAfter.find(At()) != std::string_view::npos;
  if (name.empty() || !ends) return Fail("did not find expected alphabetic or numeric character");
  Push(kind, start, mark_, name);
  return true;
}

bool YamlScanner::Tag() {
  if (!SaveKey()) return false;
  key_allowed_ = false;
  YamlMark start = mark_;
  std::string_view handle;
  if (At(1) == '<') {
    Next(2);
    if (!TagUri(false)) return false;
    if (At() != '>') return Fail("did not find the expected '>'");
    Next();
  } else {
    if (!TagHandle(false, &handle)) return false;
    bool complete = handle.size() > 1 && handle.ends_with('!');
    if (!TagUri(!complete)) return false;
    if (!complete) handle = "!";
  }
  if (!IsBlankBreakOrEnd()) return Fail("did not find expected whitespace or line break");
  Push(YamlTokenKind::kTag, start, mark_, handle);
  return true;
}

bool YamlScanner::TagHandle(bool directive, std::string_view* handle) {
  if (At() != '!') return Fail("did not find expected '!'");
  std::size_t begin = mark_.at;
  Next();
  Word();
  if (At() == '!') {
    Next();
  } else if (directive && mark_.at - begin > 1) {
    return Fail("did not find expected '!'");
  }
  *handle = text_.substr(begin, mark_.at - begin);
  return true;
}

bool YamlScanner::TagUri(bool has_some) {
  constexpr std::string_view kOthers = ";/?:@&=+$,.!~*'()[]%";
  int follow = 0;  // bytes of an escaped character that are still to come
  for (; IsWord(At()) || (!AtEnd() && kOthers.find(At()) != std::string_view::npos); Next()) {
    has_some = true;
    if (At() != '%' && follow == 0) continue;
    if (At() != '%' || !IsHex(At(1)) || !IsHex(At(2)))
      return Fail("did not find URI escaped octet");
    int byte = HexDigit(At(1)) * 16 + HexDigit(At(2));
    if (follow > 0) {
      if ((byte & 0xC0) != 0x80) return Fail("found an incorrect trailing UTF-8 octet");
      --follow;
    } else if (byte >= 0x80) {
      follow = (byte & 0xE0) == 0xC0   ? 1
               : (byte & 0xF0) == 0xE0 ? 2
               : (byte & 0xF8) == 0xF0 ? 3
                                       : 0;
      if (follow == 0) return Fail("found an incorrect leading UTF-8 octet");
    }
    Next(2);
  }
  if (follow > 0) return Fail("did not find URI escaped octet");
  return has_some || Fail("did not find expected tag URI");
}

// --- Scalars ---

bool YamlScanner::BlockScalarHeader(std::size_t* increment) {
  bool has_chomping = false, has_digit = false;
  for (int i = 0; i < 2; ++i) {
    if (!has_chomping && (At() == '+' || At() == '-')) {
      has_chomping = true;
      Next();
    } else if (!has_digit && IsDigit(At())) {
      if (At() == '0') return Fail("found an indentation indicator equal to 0");
      has_digit = true;
      *increment = static_cast<std::size_t>(At() - '0');
      Next();
    }
  }
  SkipBlanks();
  SkipComment();
  if (!AtEnd() && !IsBreak()) return Fail("did not find expected comment or line break");
  NextLine();
  return true;
}

bool YamlScanner::BlockScalarBreaks(std::size_t* indent) {
  std::size_t deepest = 0;
  while (true) {
    while ((*indent == 0 || mark_.column < *indent) && At() == ' ') Next();
    deepest = std::max(deepest, mark_.column);
    if ((*indent == 0 || mark_.column < *indent) && At() == '\t')
      return Fail("found a tab character where an indentation space is expected");
    if (!IsBreak()) break;
    NextLine();
  }
  if (*indent == 0)
    *indent = std::max({deepest, static_cast<std::size_t>(indent_ + 1), std::size_t{1}});
  return true;
}

bool YamlScanner::BlockScalar() {
  if (!RemoveKey()) return false;
  key_allowed_ = true;
  YamlMark start = mark_;
  Next();
  std::size_t increment = 0;
  if (!BlockScalarHeader(&increment)) return false;
  std::size_t indent = 0;
  if (increment > 0) indent = (indent_ >= 0 ? static_cast<std::size_t>(indent_) : 0) + increment;
  YamlMark end = mark_;
  if (!BlockScalarBreaks(&indent)) return false;
  while (mark_.column == indent && !AtEnd()) {
    while (!AtEnd() && !IsBreak()) Next();
    end = mark_;
    NextLine();
    if (!BlockScalarBreaks(&indent)) return false;
  }
  Push(YamlTokenKind::kScalar, start, end);
  return true;
}

bool YamlScanner::Escape() {
  char c = At(1);
  std::size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
  constexpr std::string_view kKnown = "0abt\tnvfre \"'\\N_LP";
  if (digits == 0 && (c == '\0' || kKnown.find(c) == std::string_view::npos))
    return Fail("found unknown escape character");
  Next(2);
  std::uint64_t code = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (!IsHex(At(i))) return Fail("did not find expected hexdecimal number");
    code = code * 16 + static_cast<std::uint64_t>(HexDigit(At(i)));
  }
  if ((code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF)
    return Fail("found invalid Unicode character escape code");
  Next(digits);
  return true;
}

// The characters up to a blank, a break or the closing quote.
bool YamlScanner::QuotedWord(bool single) {
  while (!IsBlankBreakOrEnd()) {
    if (single && At() == '\'') {
      if (At(1) != '\'') return true;
      Next(2);
    } else if (!single && At() == '"') {
      return true;
    } else if (!single && At() == '\\' && IsBreak(1)) {
      Next();
      NextLine();
      return true;
    } else if (!single && At() == '\\') {
      if (!Escape()) return false;
    } else {
      Next();
    }
  }
  return true;
}

bool YamlScanner::QuotedScalar(bool single) {
  if (!SaveKey()) return false;
  key_allowed_ = false;
  YamlMark start = mark_;
  Next();
  while (true) {
    if (AtIndicator("---") || AtIndicator("..."))
      return Fail("found unexpected document indicator");
    if (AtEnd()) return Fail("found unexpected end of stream");
    if (!QuotedWord(single)) return false;
    if (At() == (single ? '\'' : '"')) break;
    while (IsBlank() || IsBreak()) {
      if (IsBlank()) {
        Next();
      } else {
        NextLine();
      }
    }
  }
  Next();
  Push(YamlTokenKind::kScalar, start, mark_);
  return true;
}

bool YamlScanner::PlainBlanks(std::size_t indent, bool* leading_blanks) {
  while (IsBlank() || IsBreak()) {
    if (!IsBlank()) {
      NextLine();
      *leading_blanks = true;
      continue;
    }
    if (*leading_blanks && mark_.column < indent && At() == '\t')
      return Fail("found a tab character that violates indentation");
    Next();
  }
  return true;
}

bool YamlScanner::PlainScalar() {
  if (!SaveKey()) return false;
  key_allowed_ = false;
  constexpr std::string_view kFlowEnds = ",?[]{}";
  bool leading_blanks = false;
  auto indent = static_cast<std::size_t>(indent_ + 1);
  YamlMark start = mark_, end = mark_;
  while (true) {
    if (AtIndicator("---") || AtIndicator("...") || At() == '#') break;
    while (!IsBlankBreakOrEnd()) {
      if (At() == ':' && IsBlankBreakOrEnd(1)) break;
      if (flow_level_ > 0 && kFlowEnds.find(At()) != std::string_view::npos) break;
      leading_blanks = false;
      Next();
      end = mark_;
    }
    if (!IsBlank() && !IsBreak()) break;
    if (!PlainBlanks(indent, &leading_blanks)) return false;
    if (flow_level_ == 0 && mark_.column < indent) break;
  }
  Push(YamlTokenKind::kScalar, start, end);
  if (leading_blanks) key_allowed_ = true;
  return true;
}

}  // namespace plumbline::helm
