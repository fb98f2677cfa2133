// The grammar over yaml_scan's tokens, with a stack of states in place of recursion; the states are
// those of libyaml, because what it complains about depends on where it stands.
#include "helm/yaml_check.h"

#include <fmt/format.h>

#include <cstdint>
#include <unordered_set>
#include <vector>

#include "helm/yaml_scan.h"

namespace plumbline::helm {
namespace {

using Kind = YamlTokenKind;

// Empty, or what the reader of bytes says.
std::string_view BadCharacter(std::string_view text, std::size_t* at) {
  for (std::size_t i = 0; i < text.size();) {
    auto first = static_cast<unsigned char>(text[i]);
    if (first >= 0x20 && first < 0x7F) {
      ++i;
      continue;
    }
    *at = i;
    if (first < 0x80) {
      if (first != '\t' && first != '\n' && first != '\r')
        return "control characters are not allowed";
      ++i;
      continue;
    }
    std::size_t width = (first & 0xE0) == 0xC0   ? 2
                        : (first & 0xF0) == 0xE0 ? 3
                        : (first & 0xF8) == 0xF0 ? 4
                                                 : 0;
    if (width == 0) return "invalid leading UTF-8 octet";
    if (i + width > text.size()) return "incomplete UTF-8 octet sequence";
    std::uint32_t code = first & (0xFFu >> (width + 1));
    for (std::size_t k = 1; k < width; ++k) {
      auto byte = static_cast<unsigned char>(text[i + k]);
      if ((byte & 0xC0) != 0x80) return "invalid trailing UTF-8 octet";
      code = code << 6 | (byte & 0x3Fu);
    }
    constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < kLeast[width]) return "invalid length of a UTF-8 sequence";
    if ((code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF) return "invalid Unicode character";
    bool allowed = code == 0x85 || (code >= 0xA0 && code <= 0xFFFD) || code >= 0x10000;
    if (!allowed) return "control characters are not allowed";
    i += width;
  }
  return {};
}

enum class State : std::uint8_t {
  kDocumentEnd,
  kBlockSequenceEntry,
  kIndentlessSequenceEntry,
  kBlockMappingKey,
  kBlockMappingValue,
  kFlowSequenceFirst,
  kFlowSequenceEntry,
  kFlowPairKey,
  kFlowPairValue,
  kFlowPairEnd,
  kFlowMappingFirst,
  kFlowMappingKey,
  kFlowMappingValue,
  kFlowMappingEmptyValue,
};

class Checker {
 public:
  explicit Checker(std::string_view text) : scanner_(text) {}

  YamlFault Run() {
    if (Start()) {
      while (state_ != State::kDocumentEnd && Step()) {
      }
      // The document's end looks one token further.
      if (fault_.message.empty()) Peek();
    }
    return std::move(fault_);
  }

 private:
  const YamlToken* Peek() {
    const YamlToken* token = scanner_.Peek();
    if (token == nullptr && fault_.message.empty()) {
      const YamlMark& mark = scanner_.problem_mark();
      // Lines count from 0; go-yaml mends that for the scanner's complaints alone.
      fault_ = {mark.line == 0 ? scanner_.problem()
                               : fmt::format("line {}: {}", mark.line + 1, scanner_.problem()),
                mark.at};
    }
    return token;
  }

  Kind PeekKind() {
    const YamlToken* token = Peek();
    return token != nullptr ? token->kind : Kind::kStreamEnd;
  }

  bool Ok() const { return fault_.message.empty(); }

  bool Fail(std::string_view problem, const YamlMark& mark) {
    if (!Ok()) return false;
    fault_ = {
        mark.line == 0 ? std::string(problem) : fmt::format("line {}: {}", mark.line, problem),
        mark.at};
    return false;
  }

  void Pop() {
    state_ = states_.back();
    states_.pop_back();
  }

  // What comes in front of the document's node; false when there is none, or a fault.
  bool Start() {
    const YamlToken* token = Peek();
    if (token == nullptr || token->kind == Kind::kStreamEnd) return false;
    bool is_explicit = token->kind == Kind::kVersionDirective ||
                       token->kind == Kind::kTagDirective || token->kind == Kind::kDocumentStart;
    if (is_explicit) {
      if (!Directives()) return false;
      token = Peek();
      if (token == nullptr) return false;
      if (token->kind != Kind::kDocumentStart)
        return Fail("did not find expected <document start>", token->start);
      scanner_.Skip();
      Kind next = PeekKind();
      if (!Ok()) return false;
      if (next == Kind::kVersionDirective || next == Kind::kTagDirective ||
          next == Kind::kDocumentStart || next == Kind::kDocumentEnd || next == Kind::kStreamEnd)
        return false;
    }
    states_.push_back(State::kDocumentEnd);
    return Node(true, false);
  }

  bool Directives() {
    bool has_version = false;
    while (const YamlToken* token = Peek()) {
      if (token->kind == Kind::kVersionDirective) {
        if (has_version) return Fail("found duplicate %YAML directive", token->start);
        if (!token->supported) return Fail("found incompatible YAML document", token->start);
        has_version = true;
      } else if (token->kind == Kind::kTagDirective) {
        if (!handles_.insert(token->text).second)
          return Fail("found duplicate %TAG directive", token->start);
      } else {
        return true;
      }
      scanner_.Skip();
    }
    return false;
  }

  // At most one anchor and one tag in front of a node, in either order.
  bool Properties(bool* has_some) {
    bool has_anchor = false, has_tag = false, known = true;
    YamlMark tag_mark;
    while (const YamlToken* token = Peek()) {
      if (token->kind == Kind::kAnchor && !has_anchor) {
        has_anchor = true;
        anchors_.insert(token->text);
      } else if (token->kind == Kind::kTag && !has_tag) {
        has_tag = true;
        tag_mark = token->start;
        known = token->text.empty() || token->text == "!" || token->text == "!!" ||
                handles_.contains(token->text);
      } else {
        *has_some = has_anchor || has_tag;
        return known || Fail("found undefined tag handle", tag_mark);
      }
      scanner_.Skip();
    }
    return false;
  }

  bool Node(bool block, bool indentless) {
    const YamlToken* token = Peek();
    if (token == nullptr) return false;
    if (token->kind == Kind::kAlias) {
      if (!anchors_.contains(token->text)) {
        fault_ = {fmt::format("unknown anchor '{}' referenced", token->text), token->start.at};
        return false;
      }
      Pop();
      scanner_.Skip();
      return true;
    }
    bool has_properties = false;
    if (!Properties(&has_properties)) return false;
    token = Peek();
    if (token == nullptr) return false;
    return Content(*token, block, indentless, has_properties);
  }

  bool Content(const YamlToken& token, bool block, bool indentless, bool has_properties) {
    if (indentless && token.kind == Kind::kBlockEntry) {
      state_ = State::kIndentlessSequenceEntry;
      return true;
    }
    switch (token.kind) {
      case Kind::kScalar:
        Pop();
        break;
      case Kind::kFlowSequenceStart:
        state_ = State::kFlowSequenceFirst;
        break;
      case Kind::kFlowMappingStart:
        state_ = State::kFlowMappingFirst;
        break;
      case Kind::kBlockSequenceStart:
      case Kind::kBlockMappingStart:
        if (block) {
          state_ = token.kind == Kind::kBlockSequenceStart ? State::kBlockSequenceEntry
                                                           : State::kBlockMappingKey;
          break;
        }
        [[fallthrough]];
      default:
        if (!has_properties) return Fail("did not find expected node content", token.start);
        Pop();
        return true;
    }
    scanner_.Skip();
    return true;
  }

  // A node whose turn it is in `next`; absent (and so null) when one of `ends` follows.
  bool NodeThen(State next, bool block, bool indentless, std::initializer_list<Kind> ends) {
    Kind kind = PeekKind();
    if (!Ok()) return false;
    for (Kind end : ends) {
      if (kind != end) continue;
      state_ = next;
      return true;
    }
    states_.push_back(next);
    return Node(block, indentless);
  }

  bool Leave() {
    scanner_.Skip();
    Pop();
    return true;
  }

  bool Step() {
    const YamlToken* token = Peek();
    if (token == nullptr) return false;
    switch (state_) {
      case State::kBlockSequenceEntry:
        if (token->kind == Kind::kBlockEnd) return Leave();
        if (token->kind != Kind::kBlockEntry)
          return Fail("did not find expected '-' indicator", token->start);
        scanner_.Skip();
        return NodeThen(State::kBlockSequenceEntry, true, false,
                        {Kind::kBlockEntry, Kind::kBlockEnd});
      case State::kIndentlessSequenceEntry:
        if (token->kind != Kind::kBlockEntry) {
          Pop();
          return true;
        }
        scanner_.Skip();
        return NodeThen(State::kIndentlessSequenceEntry, true, false,
                        {Kind::kBlockEntry, Kind::kKey, Kind::kValue, Kind::kBlockEnd});
      case State::kBlockMappingKey:
        if (token->kind == Kind::kBlockEnd) return Leave();
        if (token->kind != Kind::kKey) return Fail("did not find expected key", token->start);
        scanner_.Skip();
        return NodeThen(State::kBlockMappingValue, true, true,
                        {Kind::kKey, Kind::kValue, Kind::kBlockEnd});
      case State::kBlockMappingValue:
        if (token->kind != Kind::kValue) {
          state_ = State::kBlockMappingKey;
          return true;
        }
        scanner_.Skip();
        return NodeThen(State::kBlockMappingKey, true, true,
                        {Kind::kKey, Kind::kValue, Kind::kBlockEnd});
      default:
        return FlowStep(*token);
    }
  }

  bool FlowStep(const YamlToken& token) {
    switch (state_) {
      case State::kFlowSequenceFirst:
      case State::kFlowSequenceEntry:
        return SequenceEntry(token, state_ == State::kFlowSequenceFirst);
      case State::kFlowPairKey:
        if (token.kind == Kind::kValue || token.kind == Kind::kFlowEntry ||
            token.kind == Kind::kFlowSequenceEnd) {
          // libyaml drops the token here, whichever it is.
          scanner_.Skip();
          state_ = State::kFlowPairValue;
          return true;
        }
        states_.push_back(State::kFlowPairValue);
        return Node(false, false);
      case State::kFlowPairValue:
        if (token.kind != Kind::kValue) {
          state_ = State::kFlowPairEnd;
          return true;
        }
        scanner_.Skip();
        return NodeThen(State::kFlowPairEnd, false, false,
                        {Kind::kFlowEntry, Kind::kFlowSequenceEnd});
      case State::kFlowPairEnd:
        state_ = State::kFlowSequenceEntry;
        return true;
      case State::kFlowMappingFirst:
      case State::kFlowMappingKey:
        return MappingKey(token, state_ == State::kFlowMappingFirst);
      case State::kFlowMappingValue:
        if (token.kind == Kind::kValue) {
          scanner_.Skip();
          return NodeThen(State::kFlowMappingKey, false, false,
                          {Kind::kFlowEntry, Kind::kFlowMappingEnd});
        }
        [[fallthrough]];
      default:  // kFlowMappingEmptyValue
        state_ = State::kFlowMappingKey;
        return true;
    }
  }

  bool SequenceEntry(const YamlToken& first_token, bool first) {
    const YamlToken* token = &first_token;
    if (token->kind != Kind::kFlowSequenceEnd && !first) {
      if (token->kind != Kind::kFlowEntry)
        return Fail("did not find expected ',' or ']'", token->start);
      scanner_.Skip();
      token = Peek();
      if (token == nullptr) return false;
    }
    if (token->kind == Kind::kFlowSequenceEnd) return Leave();
    if (token->kind == Kind::kKey) {
      scanner_.Skip();
      state_ = State::kFlowPairKey;
      return true;
    }
    states_.push_back(State::kFlowSequenceEntry);
    return Node(false, false);
  }

  bool MappingKey(const YamlToken& first_token, bool first) {
    const YamlToken* token = &first_token;
    if (token->kind != Kind::kFlowMappingEnd && !first) {
      if (token->kind != Kind::kFlowEntry)
        return Fail("did not find expected ',' or '}'", token->start);
      scanner_.Skip();
      token = Peek();
      if (token == nullptr) return false;
    }
    if (token->kind == Kind::kFlowMappingEnd) return Leave();
    if (token->kind == Kind::kKey) {
      scanner_.Skip();
      return NodeThen(State::kFlowMappingValue, false, false,
                      {Kind::kValue, Kind::kFlowEntry, Kind::kFlowMappingEnd});
    }
    states_.push_back(State::kFlowMappingEmptyValue);
    return Node(false, false);
  }

  YamlScanner scanner_;
  State state_ = State::kDocumentEnd;
  std::vector<State> states_;
  std::unordered_set<std::string_view> anchors_, handles_;
  YamlFault fault_;
};

}  // namespace

YamlFault CheckYaml(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::size_t at = 0;
  if (std::string_view bad = BadCharacter(text, &at); !bad.empty()) return {std::string(bad), at};
  return Checker(text).Run();
}

YamlFault CheckYaml(std::string_view text, bool simple) {
  // Outside of ASCII libyaml refuses some characters and takes some for line breaks, and go-yaml
  // does not know this escape.
  int others = !simple || text.find("\\/") != std::string_view::npos ? 1 : 0;
  for (char c : text) others |= static_cast<int>((c < 0x20 || c == 0x7F) && c != '\n');
  return others == 0 ? YamlFault{} : CheckYaml(text);
}

}  // namespace plumbline::helm
