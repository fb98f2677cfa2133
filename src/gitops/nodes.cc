#include "gitops/nodes.h"

#include <algorithm>
#include <unordered_map>

#include "kustomize/embedded.h"
#include "value/json.h"
#include "value/number.h"

namespace plumbline::gitops {
namespace {

constexpr std::uint32_t kMaxMergeDepth = 512;

// The same tree with each span led to where the text stands.
const yaml::Node* Placed(Arena& arena, const kustomize::EmbeddedText& place,
                         const yaml::Node& node) {
  yaml::Node* out = arena.New<yaml::Node>(node);
  out->span = place.Place(node.span);
  out->anchor = nullptr;
  auto entries = arena.NewArray<yaml::Entry>(node.entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    entries[i] = node.entries[i];
    entries[i].key_span = place.Place(entries[i].key_span);
    if (entries[i].merge.valid()) entries[i].merge = place.Place(entries[i].merge);
    entries[i].value = Placed(arena, place, *node.entries[i].value);
  }
  out->entries = entries;
  auto items = arena.NewArray<const yaml::Node*>(node.items.size());
  for (std::size_t i = 0; i < items.size(); ++i) items[i] = Placed(arena, place, *node.items[i]);
  out->items = items;
  return out;
}

Result<const yaml::Node*> FirstDocument(const Context& context, FileId file, std::string_view text,
                                        Span* fault) {
  Diagnostics found;
  auto documents = yaml::Parse(file, text, context.arena, context.limits, found);
  for (const Diagnostic& d : found) {
    if (d.code == DiagnosticCode::kDuplicate) continue;
    *fault = d.span;
    return Fail("malformed YAML: " + d.message);
  }
  return documents.empty() ? nullptr : documents[0].root;
}

const yaml::Node* MergeAt(Arena& arena, const yaml::Node* under, const yaml::Node* over,
                          std::uint32_t depth) {
  if (over == nullptr) return under;
  bool both = under != nullptr && under->value.is_mapping() && over->value.is_mapping();
  if (!both || depth > kMaxMergeDepth) return over;
  std::vector<NamedNode> entries;
  for (const yaml::Entry& e : under->entries) {
    const yaml::Node* other = over->Find(e.key);
    entries.emplace_back(e.key, MergeAt(arena, e.value, other, depth + 1));
  }
  for (const yaml::Entry& e : over->entries) {
    if (under->FindEntry(e.key) == nullptr) entries.emplace_back(e.key, e.value);
  }
  const yaml::Node* merged = NewMapping(arena, entries, over->span);
  return merged;
}

}  // namespace

const yaml::Node* At(const yaml::Node* node, std::initializer_list<std::string_view> path) {
  for (std::string_view key : path) {
    if (node == nullptr) return nullptr;
    node = node->Find(key);
  }
  return node == nullptr || node->value.is_null() ? nullptr : node;
}

std::string TextOf(const yaml::Node* node) {
  if (node == nullptr || node->value.is_null()) return {};
  const Value& v = node->value;
  if (v.is_string()) return std::string(v.as_string());
  if (v.is_bool()) return v.as_bool() ? "true" : "false";
  return v.is_number() ? FormatNumber(v) : std::string();
}

std::string TextAt(const yaml::Node* node, std::initializer_list<std::string_view> path) {
  return TextOf(At(node, path));
}

bool IsTrueAt(const yaml::Node* node, std::initializer_list<std::string_view> path) {
  const yaml::Node* found = At(node, path);
  return found != nullptr && found->value.is_bool() && found->value.as_bool();
}

std::span<const yaml::Node* const> ItemsAt(const yaml::Node* node,
                                           std::initializer_list<std::string_view> path) {
  const yaml::Node* found = At(node, path);
  return found == nullptr ? std::span<const yaml::Node* const>() : found->items;
}

Span SpanOf(const yaml::Node* node, const yaml::Node* otherwise) {
  return node != nullptr ? node->span : otherwise != nullptr ? otherwise->span : Span();
}

Span PlaceOf(const yaml::Node& node) { return node.from.valid() ? node.from : node.span; }

std::string GroupOf(const yaml::Node& object) {
  std::string version = TextAt(&object, {"apiVersion"});
  std::size_t slash = version.find('/');
  return slash == std::string::npos ? std::string() : version.substr(0, slash);
}

std::string NameOf(const yaml::Node& object) {
  std::string out = TextAt(&object, {"kind"});
  for (const std::string& part :
       {TextAt(&object, {"metadata", "namespace"}), TextAt(&object, {"metadata", "name"})}) {
    if (!part.empty()) out += "/" + part;
  }
  return out;
}

const yaml::Node* NewScalar(Arena& arena, Value value, Span span, Span from) {
  yaml::Node* node = arena.New<yaml::Node>();
  node->value = value;
  node->span = span;
  node->from = from;
  return node;
}

const yaml::Node* NewText(Arena& arena, std::string_view text, Span span, Span from) {
  return NewScalar(arena, MakeString(arena, text), span, from);
}

const yaml::Node* NewMapping(Arena& arena, const std::vector<NamedNode>& given, Span span) {
  std::vector<const NamedNode*> kept;
  std::unordered_map<std::string_view, std::size_t> places;
  for (const NamedNode& one : given) {
    auto [place, fresh] = places.try_emplace(one.first, kept.size());
    if (fresh) {
      kept.push_back(&one);
    } else {
      kept[place->second] = &one;
    }
  }
  auto entries = arena.NewArray<yaml::Entry>(kept.size());
  auto members = arena.NewArray<Member>(kept.size());
  for (std::size_t i = 0; i < kept.size(); ++i) {
    entries[i].key = arena.CopyString(kept[i]->first);
    entries[i].value = kept[i]->second;
    entries[i].key_span = kept[i]->second->span;
    members[i] = {entries[i].key, entries[i].value->value};
  }
  std::ranges::sort(members, {}, &Member::key);
  yaml::Node* node = arena.New<yaml::Node>();
  node->span = span;
  node->entries = entries;
  node->value = Value::Object(
      arena.New<ObjectRep>(static_cast<const Type*>(nullptr), std::span<const Member>(members)));
  return node;
}

const yaml::Node* NewList(Arena& arena, const std::vector<const yaml::Node*>& given, Span span) {
  auto items = arena.NewArray<const yaml::Node*>(given.size());
  auto values = arena.NewArray<Value>(given.size());
  for (std::size_t i = 0; i < given.size(); ++i) {
    items[i] = given[i];
    values[i] = given[i]->value;
  }
  yaml::Node* node = arena.New<yaml::Node>();
  node->span = span;
  node->items = items;
  node->value = Value::Tuple(
      arena.New<ListRep>(static_cast<const Type*>(nullptr), std::span<const Value>(values)));
  return node;
}

const yaml::Node* Merge(Arena& arena, const yaml::Node* under, const yaml::Node* over) {
  return MergeAt(arena, under, over, 0);
}

const yaml::Node* With(Arena& arena, const yaml::Node* mapping, std::string_view key,
                       const yaml::Node* value) {
  std::vector<NamedNode> entries;
  if (mapping != nullptr) {
    for (const yaml::Entry& e : mapping->entries) entries.emplace_back(e.key, e.value);
  }
  entries.emplace_back(key, value);
  return NewMapping(arena, entries, mapping != nullptr ? mapping->span : value->span);
}

Result<const yaml::Node*> ParseEmbedded(const Context& context, const yaml::Node& text,
                                        Span* fault) {
  *fault = text.span;
  if (!text.value.is_string()) return Fail("expected a text with YAML in it");
  std::string_view kept = context.arena.CopyString(text.value.as_string());
  std::string_view file;
  if (text.span.valid()) file = context.sources.Text(text.span.file);
  kustomize::EmbeddedText place(file, kept, text.span);
  Span inner;
  auto root = FirstDocument(context, text.span.file, kept, &inner);
  if (!root) {
    *fault = place.Place(inner);
    return root;
  }
  return *root == nullptr ? nullptr : Placed(context.arena, place, **root);
}

Result<const yaml::Node*> ParseFile(const Context& context, const std::string& path, Span* fault) {
  PL_TRY(std::string text, context.fs.ReadFile(path, context.limits.max_file_bytes));
  std::string shown = path;
  const std::string& base = context.display_base;
  if (!base.empty() && path != base && IsWithin(base, path)) {
    shown = path.substr(base.size() + (base.ends_with('/') ? 0 : 1));
  }
  FileId file = context.sources.Add(shown, std::move(text));
  *fault = {file, 0, 0};
  return FirstDocument(context, file, context.sources.Text(file), fault);
}

std::string Below(const FileSystem& fs, const std::string& root, std::string_view path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  std::string real = fs.RealPath(JoinPath(root, path.empty() ? "." : path));
  return !real.empty() && IsWithin(root, real) ? real : std::string();
}

}  // namespace plumbline::gitops
