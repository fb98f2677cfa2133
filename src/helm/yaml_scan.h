// The tokens of YAML 1.1 as libyaml parts a text into them, and its complaints about texts that it
// cannot part. Only what decides whether a text is YAML is kept: kinds, places, names of anchors
// and handles of tags, but no scalar's content. See yaml_check.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plumbline::helm {

enum class YamlTokenKind : std::uint8_t {
  kStreamEnd,
  kVersionDirective,
  kTagDirective,
  kDocumentStart,
  kDocumentEnd,
  kBlockSequenceStart,
  kBlockMappingStart,
  kBlockEnd,
  kFlowSequenceStart,
  kFlowSequenceEnd,
  kFlowMappingStart,
  kFlowMappingEnd,
  kBlockEntry,
  kFlowEntry,
  kKey,
  kValue,
  kAlias,
  kAnchor,
  kTag,
  kScalar,
};

struct YamlMark {
  std::size_t at = 0;     // bytes
  std::size_t index = 0;  // characters
  std::size_t line = 0, column = 0;
};

struct YamlToken {
  YamlTokenKind kind = YamlTokenKind::kStreamEnd;
  YamlMark start, end;
  std::string_view text;  // kAnchor, kAlias: the name; kTag, kTagDirective: the handle
  bool supported = true;  // kVersionDirective: whether it is 1.1
};

class YamlScanner {
 public:
  /// The text must be characters that YAML allows and hold no NUL.
  explicit YamlScanner(std::string_view text) : text_(text) { keys_.emplace_back(); }

  /// Null when the text is at fault: see problem().
  const YamlToken* Peek();
  /// Drops the token that Peek returned.
  void Skip();
  const std::string& problem() const { return problem_; }
  const YamlMark& problem_mark() const { return mark_; }

 private:
  // A scalar, collection or alias that may turn out to be a key of a mapping.
  struct Key {
    bool possible = false, required = false;
    std::size_t number = 0;  // of its token
    YamlMark mark;
  };

  char At(std::size_t ahead = 0) const {
    std::size_t at = mark_.at + ahead;
    return at < text_.size() ? text_[at] : '\0';
  }
  bool AtEnd(std::size_t ahead = 0) const { return mark_.at + ahead >= text_.size(); }
  std::size_t BreakWidth(std::size_t ahead = 0) const;
  bool IsBreak(std::size_t ahead = 0) const { return BreakWidth(ahead) > 0; }
  bool IsBlank(std::size_t ahead = 0) const { return At(ahead) == ' ' || At(ahead) == '\t'; }
  bool IsBlankBreakOrEnd(std::size_t ahead = 0) const {
    return IsBlank(ahead) || AtEnd(ahead) || IsBreak(ahead);
  }
  bool AtIndicator(std::string_view three) const;
  void Next(std::size_t n = 1);
  void NextLine();
  void SkipBlanks();
  void SkipComment();
  std::string_view Word();

  bool Fail(std::string problem);
  bool FetchMore();
  bool FetchNext();
  bool FetchStreamEnd();
  bool FetchPunctuation();
  bool FetchContent();
  void SkipToNextToken();
  bool KeyIsValid(Key& key, bool* valid);
  bool SaveKey();
  bool RemoveKey();
  bool RollIndent(std::size_t column, std::ptrdiff_t number, YamlTokenKind kind,
                  const YamlMark& mark);
  void UnrollIndent(std::ptrdiff_t column);
  bool Single(YamlTokenKind kind, std::size_t width = 1);
  bool FlowStart(YamlTokenKind kind);
  bool FlowEnd(YamlTokenKind kind);
  bool BlockEntry();
  bool ExplicitKey();
  bool Value();
  bool Directive();
  bool VersionNumber(int* number);
  bool VersionDirective(YamlToken& token);
  bool TagDirective(YamlToken& token);
  bool Anchor(YamlTokenKind kind);
  bool Tag();
  bool TagHandle(bool directive, std::string_view* handle);
  bool TagUri(bool has_some);
  bool BlockScalar();
  bool BlockScalarHeader(std::size_t* increment);
  bool BlockScalarBreaks(std::size_t* indent);
  bool QuotedScalar(bool single);
  bool QuotedWord(bool single);
  bool Escape();
  bool PlainScalar();
  bool PlainBlanks(std::size_t indent, bool* leading_blanks);

  void Push(YamlTokenKind kind, const YamlMark& start, const YamlMark& end,
            std::string_view text = {});
  void Insert(std::size_t position, YamlToken token);

  std::string_view text_;
  YamlMark mark_;
  std::vector<YamlToken> tokens_;
  std::size_t head_ = 0, parsed_ = 0;
  std::vector<std::ptrdiff_t> indents_;
  std::ptrdiff_t indent_ = -1;
  std::size_t flow_level_ = 0;
  bool key_allowed_ = true, available_ = false, ended_ = false;
  std::vector<Key> keys_;  // one a level of flow collections; numbers grow
  std::string problem_;
};

}  // namespace plumbline::helm
