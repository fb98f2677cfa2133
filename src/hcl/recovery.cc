#include "hcl/recovery.h"

#include <algorithm>
#include <array>
#include <vector>

#include "hcl/strict_parser.h"
#include "hcl/text.h"
#include "hcl/tree_sitter_parser.h"

namespace plumbline::hcl {

namespace {

constexpr auto kTopLevelTypes = std::to_array<std::string_view>({
    "check",
    "data",
    "ephemeral",
    "import",
    "locals",
    "module",
    "moved",
    "output",
    "provider",
    "removed",
    "resource",
    "terraform",
    "variable",
});
static_assert(std::ranges::is_sorted(kTopLevelTypes));

std::string_view SkipBlanks(std::string_view s) {
  while (!s.empty() && (s[0] == ' ' || s[0] == '\t')) s.remove_prefix(1);
  return s;
}

// Whether a line begins `name =`.
bool IsAttributeLine(std::string_view line) {
  std::size_t n = IdentifierLength(line);
  if (n == 0) return false;
  std::string_view rest = SkipBlanks(line.substr(n));
  return rest.starts_with('=') && !rest.starts_with("==");
}

// Whether a line begins a top-level block: a known type, then a label or the opening brace.
bool IsBlockLine(std::string_view line) {
  std::string_view type = line.substr(0, IdentifierLength(line));
  if (!std::ranges::binary_search(kTopLevelTypes, type)) return false;
  std::string_view rest = SkipBlanks(line.substr(type.size()));
  return rest.starts_with('"') || rest.starts_with('{');
}

// Where to go on behind the broken item at `from`: the start of a later line, or the end. Lines of
// variables files
// (`name = …`) count only when the broken item is one, because scripts in heredocs have such lines,
// too.
std::size_t FindNextItem(std::string_view text, std::size_t from) {
  bool attributes = IsAttributeLine(text.substr(from));
  std::size_t nl = text.find('\n', from);
  while (nl != std::string_view::npos) {
    std::string_view line = text.substr(nl + 1);
    if (IsBlockLine(line) || (attributes && IsAttributeLine(line))) return nl + 1;
    nl = text.find('\n', nl + 1);
  }
  return text.size();
}

class Recovery {
 public:
  Recovery(FileId file, std::string_view text, Arena& arena, const Limits& limits,
           Diagnostics& diagnostics)
      : file_(file), text_(text), arena_(arena), limits_(limits), diagnostics_(diagnostics) {}

  const Body* Run() {
    std::size_t at = 0;
    while (at < text_.size()) at = ReadFrom(at);
    Body* body = arena_.New<Body>();
    body->attributes = arena_.Copy(attributes_);
    body->blocks = arena_.Copy(blocks_);
    body->span = {file_, 0, static_cast<std::uint32_t>(text_.size())};
    body->partial = true;
    return body;
  }

 private:
  // Strict up to the next broken item, and that item; returns where to go on.
  std::size_t ReadFrom(std::size_t at) {
    Diagnostics found;
    StrictParser parser(file_, text_, arena_, limits_, found);
    const Body* body = parser.ParseConfig(at);
    std::size_t stop = parser.failed() ? parser.last_item() : text_.size();
    for (const Attribute& a : body->attributes) {
      if (a.span.begin < stop) attributes_.push_back(a);
    }
    for (const Block& b : body->blocks) {
      if (b.span.begin < stop) blocks_.push_back(b);
    }
    for (Diagnostic& d : found) {
      bool syntax = d.code != DiagnosticCode::kDuplicate;
      if (!syntax || !reported_) diagnostics_.push_back(std::move(d));
      reported_ = reported_ || syntax;
    }
    if (!parser.failed()) return text_.size();
    std::size_t next = FindNextItem(text_, stop);
    AddBroken(stop, next);
    return next;
  }

  void AddBroken(std::size_t from, std::size_t to) {
    if (to - from > budget_) return;
    budget_ -= to - from;
    const Body* body = ReadWithTreeSitter(file_, text_, from, to, arena_, limits_, nullptr);
    if (body == nullptr) return;
    attributes_.insert(attributes_.end(), body->attributes.begin(), body->attributes.end());
    for (const Block& b : body->blocks) {
      Body* partial = arena_.New<Body>(*b.body);
      partial->partial = true;  // even where tree-sitter saw nothing wrong: the strict parser did
      blocks_.push_back(b);
      blocks_.back().body = partial;
    }
  }

  const FileId file_;
  const std::string_view text_;
  Arena& arena_;
  const Limits& limits_;
  Diagnostics& diagnostics_;
  std::size_t budget_ = kMaxRecoveredBytes;
  bool reported_ = false;
  std::vector<Attribute> attributes_;
  std::vector<Block> blocks_;
};

}  // namespace

const Body* ParseWithRecovery(FileId file, std::string_view text, Arena& arena,
                              const Limits& limits, Diagnostics& diagnostics) {
  return Recovery(file, text, arena, limits, diagnostics).Run();
}

}  // namespace plumbline::hcl
