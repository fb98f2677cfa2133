#include "helm/documents.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

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
    has_left_out_ =
        std::ranges::any_of(lines, [](const auto& line) { return line.left_out != nullptr; });
  }

  const yaml::Node* MoveRoot(const yaml::Node* root) {
    const Value* kind = root->value.is_mapping() ? root->value.Find("kind") : nullptr;
    is_secret_ = kind != nullptr && kind->is_string() && kind->as_string() == "Secret";
    return Move(root);
  }

  Span At(Span span) const {
    Span first = WholeLine(Line(LineOf(span.begin)).at);
    Span last = WholeLine(Line(LineOf(span.end > span.begin ? span.end - 1 : span.end)).at);
    if (first.valid() && last.file == first.file && last.end > first.end) first.end = last.end;
    return first;
  }

 private:
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
      bool opens = is_secret_ && !in_secret_ && (e.key == "data" || e.key == "stringData");
      in_secret_ |= opens;
      e.value = Beside(e.key_span, Move(e.value));
      if (opens) in_secret_ = false;
    }
    node->entries = arena_.Copy(std::span<const yaml::Entry>(entries));
    std::vector<const yaml::Node*> items;
    for (const yaml::Node* item : old->items) items.push_back(Move(item));
    node->items = arena_.Copy(std::span<const yaml::Node* const>(items));
    if (!old->entries.empty()) node->absent = AbsentOf(*old);
    SetValue(*old, *node);
    return node;
  }

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
    if (unknown_.contains(value)) unknown_.insert(node);
    return node;
  }

  // What Helm makes up when it installs is not known here; nor are the parts of a Secret that a
  // template computes without a value of anybody's.
  void SetValue(const yaml::Node& old, yaml::Node& node) {
    bool is_collection = !node.entries.empty() || !node.items.empty();
    if (!is_collection) {
      if (!IsMadeUp(old)) return;
      node.value = MakeUnknown(arena_, StringType(), "Helm makes the value up when it installs");
    } else if (!HasUnknown(node)) {
      return;
    } else if (old.value.is_mapping()) {
      std::vector<Member> members;
      for (const yaml::Entry& e : node.entries) members.push_back({e.key, e.value->value});
      node.value = MakeObject(arena_, members);
    } else {
      std::vector<Value> items;
      for (const yaml::Node* item : node.items) items.push_back(item->value);
      node.value = MakeList(arena_, DynamicType(), items);
    }
    unknown_.insert(&node);
  }

  bool HasUnknown(const yaml::Node& node) const {
    if (unknown_.empty()) return false;
    auto is_unknown = [&](const yaml::Node* n) { return unknown_.contains(n); };
    return std::ranges::any_of(node.items, is_unknown) ||
           std::ranges::any_of(node.entries,
                               [&](const yaml::Entry& e) { return is_unknown(e.value); });
  }

  bool IsMadeUp(const yaml::Node& node) const {
    auto [first, last] = LinesOf(node.span);
    for (std::size_t i = first; i <= last; ++i) {
      const gotmpl::LineOrigin& line = Line(i);
      if (line.made_up || (in_secret_ && line.computed && !line.from.valid())) return true;
    }
    return false;
  }

  // The keys of branches that values have switched off where this mapping stands.
  std::span<const yaml::Absent> AbsentOf(const yaml::Node& node) {
    if (!has_left_out_) return {};
    auto [first, last] = LinesOf(node.span);
    std::uint32_t key = node.entries[0].key_span.begin;
    std::size_t column = key - starts_[LineOf(key)];
    std::vector<yaml::Absent> out;
    for (std::size_t i = first > 0 ? first - 1 : 0; i <= last + 1; ++i) {
      for (const gotmpl::LeftOut* l = Line(i).left_out; l != nullptr; l = l->next)
        AddKeys(*l, column, out);
    }
    return arena_.Copy(std::span<const yaml::Absent>(out));
  }

  // Of lines that are indented as the mapping is.
  void AddKeys(const gotmpl::LeftOut& left_out, std::size_t column,
               std::vector<yaml::Absent>& out) {
    std::string_view body = left_out.body;
    for (std::size_t at = 0; at < body.size();) {
      std::size_t end = std::min(body.find('\n', at), body.size());
      std::string_view line = body.substr(at, end - at);
      std::size_t indent = line.find_first_not_of(' '), colon = line.find(':');
      if (indent == column && colon != line.npos && colon > indent)
        out.push_back({arena_.CopyString(line.substr(indent, colon - indent)), left_out.from});
      at = end + 1;
    }
  }

  // What is written over several lines comes from a value when all of it does.
  Span From(const yaml::Node& node) const {
    auto [first, last] = LinesOf(node.span);
    bool is_collection = !node.entries.empty() || !node.items.empty();
    Span found;
    for (std::size_t i = first; i <= last; ++i) {
      Span from = Line(i).from;
      if (is_collection && !from.valid()) return Line(first).when;
      if (!found.valid()) found = from;
      if (found.valid() && !is_collection) return found;
    }
    return found.valid() ? found : Line(first).when;
  }

  std::pair<std::size_t, std::size_t> LinesOf(Span span) const {
    return {LineOf(span.begin), LineOf(span.end > span.begin ? span.end - 1 : span.end)};
  }

  std::size_t LineOf(std::uint32_t offset) const {
    auto it = std::ranges::upper_bound(starts_, offset);
    return static_cast<std::size_t>(it - starts_.begin()) - 1;
  }

  const gotmpl::LineOrigin& Line(std::size_t i) const {
    static constexpr gotmpl::LineOrigin kNone;
    return i < lines_.size() ? lines_[i] : kNone;
  }

  std::span<const gotmpl::LineOrigin> lines_;
  const SourceMap& sources_;
  Arena& arena_;
  std::vector<std::uint32_t> starts_;
  std::unordered_map<const yaml::Node*, yaml::Node*> moved_;
  std::unordered_set<const yaml::Node*> unknown_;  // with something in it that is not known
  bool has_left_out_ = false;
  bool is_secret_ = false, in_secret_ = false;
};

}  // namespace

std::vector<yaml::Document> ParseManifest(const Manifest& manifest, const SourceMap& sources,
                                          Arena& arena, const Limits& limits) {
  std::string_view text = arena.CopyString(manifest.text);
  Diagnostics told;
  std::vector<yaml::Document> out;
  Relocator relocator(text, manifest.lines, sources, arena);
  for (const yaml::Document& d : yaml::Parse(kNoFile, text, arena, limits, told)) {
    if (d.root != nullptr) out.push_back({relocator.MoveRoot(d.root), relocator.At(d.span)});
  }
  return out;
}

}  // namespace plumbline::helm
