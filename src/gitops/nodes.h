// Reading objects and making trees: paths into a mapping, new nodes that keep a place, and the YAML
// that stands inside a text of another file.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gitops/gitops.h"

namespace plumbline::gitops {

/// The node at the path of keys; null when there is none or it is a null.
const yaml::Node* At(const yaml::Node* node, std::initializer_list<std::string_view> path);
/// The text of a scalar as it is written: of numbers and booleans too; empty for anything else.
std::string TextOf(const yaml::Node* node);
std::string TextAt(const yaml::Node* node, std::initializer_list<std::string_view> path);
bool IsTrueAt(const yaml::Node* node, std::initializer_list<std::string_view> path);
/// The items of a list; none for anything else.
std::span<const yaml::Node* const> ItemsAt(const yaml::Node* node,
                                           std::initializer_list<std::string_view> path);
/// The span of a node, or of `otherwise` when there is none.
Span SpanOf(const yaml::Node* node, const yaml::Node* otherwise);
/// Where a value was set: `from` when it is known, else where it stands.
Span PlaceOf(const yaml::Node& node);
/// "example.org" of "example.org/v1"; empty for the core group.
std::string GroupOf(const yaml::Node& object);
/// "Kind/namespace/name" without the parts that are empty.
std::string NameOf(const yaml::Node& object);

using NamedNode = std::pair<std::string, const yaml::Node*>;
const yaml::Node* NewText(Arena& arena, std::string_view text, Span span, Span from = {});
const yaml::Node* NewScalar(Arena& arena, Value value, Span span, Span from = {});
/// Later entries of one key win.
const yaml::Node* NewMapping(Arena& arena, const std::vector<NamedNode>& entries, Span span);
const yaml::Node* NewList(Arena& arena, const std::vector<const yaml::Node*>& items, Span span);
/// The entries of `over` put over those of `under`, mappings merged all the way down; lists and
/// scalars replaced. Either may be null.
const yaml::Node* Merge(Arena& arena, const yaml::Node* under, const yaml::Node* over);
/// The mapping with one entry set.
const yaml::Node* With(Arena& arena, const yaml::Node* mapping, std::string_view key,
                       const yaml::Node* value);

/// The first document of the YAML in a text node, its spans inside the block scalar that holds it
/// where they can be told. Null for an empty text; an error names the fault and sets `*fault`.
Result<const yaml::Node*> ParseEmbedded(const Context& context, const yaml::Node& text,
                                        Span* fault);
/// The first document of a file.
Result<const yaml::Node*> ParseFile(const Context& context, const std::string& path, Span* fault);

/// The path's folder or file below `root`, resolved; empty when there is none or it is outside.
std::string Below(const FileSystem& fs, const std::string& root, std::string_view path);

}  // namespace plumbline::gitops
