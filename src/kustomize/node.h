// The mutable tree that a build works on. Each scalar keeps its text, its YAML tag and whether it
// was quoted, because Kustomize decides what a value is only when it prints it: a replacement puts
// a text into a number's place and it stays a number. Each node and key keeps the span of the line
// that set it.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "support/arena.h"
#include "support/limits.h"
#include "support/result.h"
#include "support/source.h"
#include "yaml/yaml.h"

namespace plumbline::kustomize {

enum class Shape : std::uint8_t { kScalar, kMapping, kSequence };
/// kNone: the type of a plain scalar is read from its text when it is printed.
enum class Tag : std::uint8_t { kNone, kNull, kBool, kInt, kFloat, kString, kTimestamp };

struct Node;
struct Field {
  std::string_view key;
  Span key_span;
  Node* value = nullptr;
};

struct Node {
  Shape shape = Shape::kScalar;
  Tag tag = Tag::kNone;
  bool quoted = false;    // any style but plain
  bool folded = false;    // the style `>`
  std::string_view text;  // scalar
  Span span;
  Span from;                  // of a rendered text: where the value was set
  std::vector<Field> fields;  // mapping, in source order
  std::vector<Node*> items;   // sequence

  bool is_scalar() const { return shape == Shape::kScalar; }
  bool is_mapping() const { return shape == Shape::kMapping; }
  bool is_sequence() const { return shape == Shape::kSequence; }
};

/// Absent, or null.
inline bool IsNull(const Node* n) { return n == nullptr || n->tag == Tag::kNull; }
/// Absent, null, or a collection without content.
bool IsNullOrEmpty(const Node* n);
/// The text of a scalar; empty for anything else.
std::string_view TextOf(const Node* n);
/// "mapping", "sequence" or "scalar", for messages.
std::string_view ShapeName(Shape shape);

/// Owns the nodes and texts of one build, and counts them against the limits.
class Pool {
 public:
  explicit Pool(const Limits& limits) : limits_(limits) {}

  Node* New(Shape shape, Span span);
  /// The text must outlive the pool: see Keep.
  Node* NewScalar(std::string_view text, Tag tag, Span span);
  Node* NewString(std::string_view text, Span span) { return NewScalar(text, Tag::kString, span); }
  Node* Copy(const Node* from) { return Copy(from, 0); }
  std::string_view Keep(std::string_view text) { return texts_.CopyString(text); }
  Arena& arena() { return texts_; }
  const Limits& limits() const { return limits_; }
  /// Fails when there are more nodes than the limits allow, or `root` is nested too deep.
  Result<void> Check(const Node* root) const;

 private:
  Node* Copy(const Node* from, std::uint32_t depth);

  const Limits& limits_;
  std::deque<Node> nodes_;
  Arena texts_;
  bool too_deep_ = false;
};

/// The mutable form of a parsed document. Scalars are typed as goyaml.v3 does: `yes` is a text.
/// `place` translates a span of the parsed text to a span of the sources.
using PlaceFn = Span (*)(const void* context, Span span);
Node* FromYaml(Pool& pool, const yaml::Node& node, std::string_view text, PlaceFn place = nullptr,
               const void* context = nullptr);

/// The mutable form of a tree whose text is not at hand (a rendered chart): scalars are what their
/// values say.
Node* FromValues(Pool& pool, const yaml::Node& node);

/// What the scalar is when it is printed. Fails for a text that its tag does not fit.
Result<Value> ScalarValue(Arena& arena, const Node& node);
/// The finished tree, keys sorted; everything is copied into `arena`.
Result<const yaml::Node*> ToYaml(Arena& arena, const Node& node);
/// The tag that goyaml.v3 gives a plain scalar.
Tag ResolveTag(std::string_view text);
/// Whether a YAML 1.1 reader would take the plain text for something else than a text.
bool IsNonString11(std::string_view text);

// --- Fields ---

Field* FindField(Node* mapping, std::string_view key);
const Field* FindField(const Node* mapping, std::string_view key);
/// The field's value; null when there is no such field or `n` is no mapping.
Node* Get(Node* n, std::string_view key);
const Node* Get(const Node* n, std::string_view key);
/// The text at `metadata.KEY` and the like; empty when it is absent.
std::string_view GetText(const Node* n, std::string_view key);
void RemoveField(Node* mapping, std::string_view key);
/// Replaces the value in place (its quoting stays) or appends the field. A null value removes it.
/// Fails when `mapping` is none.
Result<void> SetField(Pool& pool, Node* mapping, std::string_view key, Node* value);
/// Gives a scalar another value in place; its quoting stays.
Result<void> SetScalar(Node* scalar, const Node& value);
/// The value of the field, created with `shape` when it is absent.
Result<Node*> GetOrCreate(Pool& pool, Node* mapping, std::string_view key, Shape shape, Span span);

// --- Paths ---

/// Splits at the delimiter; `\` before it keeps it. A leading delimiter is dropped.
std::vector<std::string> SplitPath(std::string_view path, char delimiter);
/// As SplitPath, but keeps `[name=a.b]` whole and takes the brackets off `[a.b]`.
std::vector<std::string> SplitFieldPath(std::string_view path);
/// The node at the path (keys, indices, `-` for the last item, `[key=value]`); null when there is
/// none.
Result<Node*> Lookup(Node* root, const std::vector<std::string>& path);
/// "name" and "value" of "[name=value]".
Result<std::pair<std::string, std::string>> SplitListMatch(std::string_view part);
bool IsListMatch(std::string_view part);
/// A whole non-negative number.
bool ParseIndex(std::string_view part, std::size_t& index);

}  // namespace plumbline::kustomize
