#include "yaml/events.h"

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <array>
#include <istream>
#include <new>
#include <streambuf>
#include <string>

#include "yaml/extent.h"
#include "yaml/scalar.h"

namespace plumbline::yaml {
namespace {

constexpr std::string_view kUnclosedQuote = "a quoted text has no closing quote";

/// Lets yaml-cpp read the text where it lies.
class ViewBuffer final : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view s) {
    char* p = const_cast<char*>(s.data());
    setg(p, p, p + s.size());
  }
};

/// Thrown by the handler to leave yaml-cpp when the builder has refused; never leaves this file.
struct Stop {};

class Handler final : public YAML::EventHandler {
 public:
  /// `chunk` is what yaml-cpp reads, `base` its offset in the file.
  Handler(FileId file, std::string_view chunk, std::uint32_t base, Arena& arena,
          TreeBuilder& builder, Diagnostics& diagnostics)
      : file_(file),
        chunk_(chunk),
        base_(base),
        arena_(arena),
        builder_(builder),
        diagnostics_(diagnostics) {}

  std::uint32_t cursor() const { return cursor_; }

  void OnDocumentStart(const YAML::Mark&) override {
    builder_.BeginDocument();
    open_.clear();
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    std::uint32_t at = SkipProperties(chunk_, Offset(mark));
    std::uint32_t length = NullWord(at);
    if (length == 0) at = EmptyPlace(at);
    Emit(at, at + length, Value(), chunk_.substr(at, length), true, anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    std::uint32_t at = Offset(mark);
    cursor_ = AliasEnd(chunk_, at);
    Check(builder_.Alias(SpanOf(at, cursor_), anchor));
    CountChild();
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    std::uint32_t at = SkipProperties(chunk_, Offset(mark));
    std::uint32_t end = ScalarEnd(chunk_, at, value);
    CheckClosed(at, end);
    std::string_view text = value;
    // Most scalars are plain and stand in the text as they are: nothing to copy then.
    if (std::string_view source = chunk_.substr(at, value.size()); source == text) {
      text = source;
    } else {
      text = arena_.CopyString(value);
    }
    Emit(at, end, ResolveScalar(arena_, text, tag), text, tag == "?", anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Begin(mark, anchor, false);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Begin(mark, anchor, true);
  }
  void OnSequenceEnd() override { End(); }
  void OnMapEnd() override { End(); }

 private:
  struct Open {
    bool mapping = false;
    char close = '\0';  // of a flow collection
    std::size_t children = 0;
  };

  std::uint32_t Offset(const YAML::Mark& mark) const {
    auto at = static_cast<std::uint32_t>(mark.pos);
    return at <= chunk_.size() ? at : static_cast<std::uint32_t>(chunk_.size());
  }
  Span SpanOf(std::uint32_t begin, std::uint32_t end) const {
    return {file_, base_ + begin, base_ + end};
  }
  void Check(bool good) {
    if (!good) throw Stop{};
  }
  // yaml-cpp lets a quoted text run to the end of the input.
  void CheckClosed(std::uint32_t begin, std::uint32_t end) {
    char quote = begin < chunk_.size() ? chunk_[begin] : '\0';
    if (quote != '"' && quote != '\'') return;
    if (end < chunk_.size() || FindUnclosedQuote(chunk_, begin) != begin) return;
    diagnostics_.push_back(
        {DiagnosticCode::kParseError, std::string(kUnclosedQuote), SpanOf(begin, begin + 1)});
    throw Stop{};
  }
  void CountChild() {
    if (!open_.empty()) ++open_.back().children;
  }

  void Emit(std::uint32_t begin, std::uint32_t end, Value value, std::string_view text, bool plain,
            YAML::anchor_t anchor) {
    cursor_ = end;
    Check(builder_.Scalar(SpanOf(begin, end), value, text, plain, anchor));
    CountChild();
  }

  void Begin(const YAML::Mark& mark, YAML::anchor_t anchor, bool mapping) {
    std::uint32_t at = SkipProperties(chunk_, Offset(mark));
    char c = at < chunk_.size() ? chunk_[at] : '\0';
    bool flow = c == (mapping ? '{' : '[');
    // `[a: b]` holds a mapping without braces, `{a}: b` starts with a brace that is not the
    // mapping's own.
    open_.push_back({mapping, flow ? (mapping ? '}' : ']') : '\0', 0});
    cursor_ = flow ? at + 1 : at;
    Check(builder_.Begin(mapping, base_ + at, anchor));
  }

  void End() {
    Open open = open_.back();
    open_.pop_back();
    if (open.close != '\0') cursor_ = FlowEnd(chunk_, cursor_, open.close);
    Check(builder_.End(base_ + cursor_));
    CountChild();
  }

  // The length of a null word at `at`, 0 when the null is an absent node (and `at` the next token).
  std::uint32_t NullWord(std::uint32_t at) const {
    for (std::string_view word : {"~", "null", "Null", "NULL"}) {
      if (chunk_.substr(at, word.size()) != word) continue;
      auto end = static_cast<std::uint32_t>(at + word.size());
      std::uint32_t next = end;
      while (next < chunk_.size() && chunk_[next] == ' ') ++next;
      bool is_key = next < chunk_.size() && chunk_[next] == ':';
      bool whole = next >= chunk_.size() ||
                   std::string_view(":,]}#\r\n\t").find(chunk_[next]) != std::string_view::npos;
      if (!whole) continue;  // the beginning of the next key
      bool key_wanted = !open_.empty() && open_.back().mapping && open_.back().children % 2 == 0;
      if (is_key == key_wanted) return static_cast<std::uint32_t>(word.size());
    }
    return 0;
  }

  // An absent value stands behind its `:` or `-`, which yaml-cpp has read already; `at` is the next
  // token.
  std::uint32_t EmptyPlace(std::uint32_t at) const {
    std::uint32_t i = SkipBlank(chunk_, cursor_);
    if (i < at && (chunk_[i] == ':' || chunk_[i] == '-' || chunk_[i] == '?' || chunk_[i] == ',')) {
      return i + 1;
    }
    return cursor_ < at ? cursor_ : at;
  }

  FileId file_;
  std::string_view chunk_;
  std::uint32_t base_;
  Arena& arena_;
  TreeBuilder& builder_;
  Diagnostics& diagnostics_;
  std::uint32_t cursor_ = 0;  // behind the last event
  std::vector<Open> open_;
};

struct Explanation {
  std::string_view yaml_cpp;
  std::string_view ours;
};

/// What is wrong and what was expected, for yaml-cpp's short texts.
std::string Explain(std::string_view message) {
  const auto kTexts = std::to_array<Explanation>({
      {YAML::ErrorMsg::END_OF_MAP,
       "the mapping does not go on here: expected another \"key: value\" at its indentation"},
      {YAML::ErrorMsg::END_OF_MAP_FLOW, "expected ',' or '}' to go on with or end a {…} mapping"},
      {YAML::ErrorMsg::END_OF_SEQ,
       "the list does not go on here: expected another \"- item\" at its indentation"},
      {YAML::ErrorMsg::END_OF_SEQ_FLOW, "expected ',' or ']' to go on with or end a […] list"},
      {YAML::ErrorMsg::EOF_IN_SCALAR, kUnclosedQuote},
      {YAML::ErrorMsg::DOC_IN_SCALAR, "a quoted text is not closed before the end of the document"},
      {YAML::ErrorMsg::TAB_IN_INDENTATION, "a tab stands in the indentation; expected spaces"},
      {YAML::ErrorMsg::FLOW_END, "a closing bracket without an opening one"},
      {YAML::ErrorMsg::BLOCK_ENTRY, "a \"- \" list item cannot stand here; expected a value"},
      {YAML::ErrorMsg::MAP_KEY, "a key cannot stand here; expected a value"},
      {YAML::ErrorMsg::MAP_VALUE,
       "a second \": \" on one line; expected one \"key: value\" (put quotes around the value)"},
      {YAML::ErrorMsg::UNKNOWN_ANCHOR, "an alias to an anchor that is not defined before it"},
      {YAML::ErrorMsg::ALIAS_NOT_FOUND, "expected a name behind '*'"},
      {YAML::ErrorMsg::ANCHOR_NOT_FOUND, "expected a name behind '&'"},
      {YAML::ErrorMsg::UNKNOWN_TOKEN,
       "no YAML value can start with this character; put quotes around the text"},
      {YAML::ErrorMsg::CHAR_IN_BLOCK,
       "unexpected character behind '|' or '>'; expected the end of the line"},
      {YAML::ErrorMsg::MULTIPLE_ANCHORS, "two anchors on one node; expected one"},
      {YAML::ErrorMsg::MULTIPLE_TAGS, "two tags on one node; expected one"},
      {YAML::ErrorMsg::ALIAS_CONTENT, "an alias can have neither a value nor a tag of its own"},
  });
  for (const Explanation& e : kTexts) {
    if (message == e.yaml_cpp) return std::string(e.ours);
  }
  return "the YAML is not valid: " + std::string(message);
}

// The first tab among the blanks that the line of `at` starts with; npos when there is none.
std::size_t TabInIndentation(std::string_view text, std::size_t at) {
  std::size_t i = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  i = i == std::string_view::npos ? 0 : i + 1;
  while (i < text.size() && text[i] == ' ') ++i;
  return i < text.size() && text[i] == '\t' ? i : std::string_view::npos;
}

void Report(const YAML::ParserException& e, const Handler& handler, std::string_view chunk,
            FileId file, std::uint32_t base, Diagnostics& diagnostics) {
  std::size_t at = e.mark.is_null() ? handler.cursor() : static_cast<std::size_t>(e.mark.pos);
  if (e.msg == YAML::ErrorMsg::EOF_IN_SCALAR || e.msg == YAML::ErrorMsg::DOC_IN_SCALAR) {
    // The end of the text is the least helpful place: the opening quote is what a person looks for.
    std::size_t quote = FindUnclosedQuote(chunk, handler.cursor());
    if (quote != std::string_view::npos) at = quote;
  }
  // At the very end the last character is where an editor puts the cursor.
  while (at > 0 && (at >= chunk.size() || chunk[at] == '\n')) --at;
  // A tab in the indentation confuses yaml-cpp only further on in the line.
  std::size_t tab = TabInIndentation(chunk, at);
  bool tabbed = tab != std::string_view::npos;
  auto begin = base + static_cast<std::uint32_t>(tabbed ? tab : at);
  diagnostics.push_back({DiagnosticCode::kParseError,
                         Explain(tabbed ? YAML::ErrorMsg::TAB_IN_INDENTATION : e.msg),
                         {file, begin, begin + 1}});
}

}  // namespace

bool ReadYaml(FileId file, std::string_view text, std::uint32_t begin, std::uint32_t end,
              Arena& arena, TreeBuilder& builder, std::vector<Document>& documents,
              Diagnostics& diagnostics) {
  std::string_view chunk = text.substr(begin, end - begin);
  Handler handler(file, chunk, begin, arena, builder, diagnostics);
  try {
    ViewBuffer buffer(chunk);
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(handler)) {
      const Node* root = builder.root();
      bool empty = root == nullptr || (root->value.is_null() && root->span.begin == root->span.end);
      documents.push_back({empty ? nullptr : root, empty ? Span{file, begin, end} : root->span});
    }
    return true;
  } catch (const Stop&) {
    // The builder has said why.
  } catch (const YAML::DeepRecursion& e) {
    std::uint32_t at = begin + handler.cursor();
    diagnostics.push_back({DiagnosticCode::kLimit,
                           "nested more than " + std::to_string(e.depth()) + " levels deep",
                           {file, at, at}});
  } catch (const YAML::ParserException& e) {
    Report(e, handler, chunk, file, begin, diagnostics);
  } catch (const std::bad_alloc&) {
    diagnostics.push_back(
        {DiagnosticCode::kLimit, "not enough memory for this document", {file, begin, begin}});
  } catch (const std::exception& e) {
    diagnostics.push_back({DiagnosticCode::kParseError,
                           "the YAML is not valid: " + std::string(e.what()),
                           {file, begin, begin}});
  }
  return false;
}

}  // namespace plumbline::yaml
