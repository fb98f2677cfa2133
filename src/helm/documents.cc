#include "helm/documents.h"

#include <algorithm>
#include <unordered_map>

namespace plumbline::helm {
namespace {

// Copies a tree, with places of the rendered text replaced by those the lines come from.
class Relocator {
 public:
  Relocator(std::string_view text, std::span<const gotmpl::LineOrigin> lines,
            const SourceMap& sources, Arena& arena)
      : lines_(lines), sources_(sources), arena_(arena) {
    starts_.push_back(0);
    for (std::size_t at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1))
      starts_.push_back(static_cast<std::uint32_t>(at + 1));
  }

  // The parser bounds the depth. Aliased nodes are copied once, so that a bomb stays small.
  const yaml::Node* Move(const yaml::Node* old) {
    if (old == nullptr) return nullptr;
    auto known = moved_.find(old);
    if (known != moved_.end()) return known->second;
    auto* node = arena_.New<yaml::Node>(*old);
    moved_.emplace(old, node);
    node->span = At(old->span);
    node->from = From(*old);
    node->anchor = Move(old->anchor);
    std::vector<yaml::Entry> entries(old->entries.begin(), old->entries.end());
    for (yaml::Entry& e : entries) {
      e.key_span = At(e.key_span);
      if (e.merge.valid()) e.merge = At(e.merge);
      e.value = Beside(e.key_span, Move(e.value));
    }
    node->entries = arena_.Copy(std::span<const yaml::Entry>(entries));
    std::vector<const yaml::Node*> items;
    for (const yaml::Node* item : old->items) items.push_back(Move(item));
    node->items = arena_.Copy(std::span<const yaml::Node* const>(items));
    return node;
  }

  Span At(Span span) const {
    Span first = WholeLine(Line(LineOf(span.begin)).at);
    Span last = WholeLine(Line(LineOf(span.end > span.begin ? span.end - 1 : span.end)).at);
    if (first.valid() && last.file == first.file && last.end > first.end) first.end = last.end;
    return first;
  }

 private:
  // What a line prints goes on behind the piece it begins with.
  Span WholeLine(Span at) const {
    if (!at.valid()) return at;
    std::string_view text = sources_.Text(at.file);
    std::size_t end = std::min(text.find('\n', at.end), text.size());
    std::size_t last = text.substr(0, end).find_last_not_of(" \t\r");
    if (last != text.npos && last + 1 > at.end) at.end = static_cast<std::uint32_t>(last + 1);
    return at;
  }

  // A key and its value are shown as one range, which lies in one file.
  const yaml::Node* Beside(Span key, const yaml::Node* value) {
    if (value->span.file == key.file && value->span.end >= key.end) return value;
    auto* node = arena_.New<yaml::Node>(*value);
    node->span = key;
    return node;
  }

  // What is written over several lines comes from a value when all of it does.
  Span From(const yaml::Node& node) const {
    std::size_t first = LineOf(node.span.begin);
    std::size_t last = LineOf(node.span.end > node.span.begin ? node.span.end - 1 : node.span.end);
    bool is_collection = !node.entries.empty() || !node.items.empty();
    Span found;
    for (std::size_t i = first; i <= last; ++i) {
      Span from = Line(i).from;
      if (is_collection && !from.valid()) return {};
      if (!found.valid()) found = from;
      if (found.valid() && !is_collection) return found;
    }
    return found;
  }

  std::size_t LineOf(std::uint32_t offset) const {
    auto it = std::ranges::upper_bound(starts_, offset);
    return static_cast<std::size_t>(it - starts_.begin()) - 1;
  }

  gotmpl::LineOrigin Line(std::size_t i) const {
    return i < lines_.size() ? lines_[i] : gotmpl::LineOrigin{};
  }

  std::span<const gotmpl::LineOrigin> lines_;
  const SourceMap& sources_;
  Arena& arena_;
  std::vector<std::uint32_t> starts_;
  std::unordered_map<const yaml::Node*, yaml::Node*> moved_;
};

}  // namespace

std::vector<yaml::Document> ParseManifest(const Manifest& manifest, const SourceMap& sources,
                                          Arena& arena, const Limits& limits) {
  std::string_view text = arena.CopyString(manifest.text);
  Diagnostics told;
  std::vector<yaml::Document> out;
  Relocator relocator(text, manifest.lines, sources, arena);
  for (const yaml::Document& d : yaml::Parse(kNoFile, text, arena, limits, told)) {
    if (d.root != nullptr) out.push_back({relocator.Move(d.root), relocator.At(d.span)});
  }
  return out;
}

}  // namespace plumbline::helm
