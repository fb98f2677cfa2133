#include "kustomize/node.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "value/json.h"
#include "value/number.h"
#include "yaml/scalar.h"

namespace plumbline::kustomize {
namespace {

constexpr auto kBoolWords =
    std::to_array<std::string_view>({"true", "True", "TRUE", "false", "False", "FALSE"});

// Reads the dates that goyaml.v3 knows: 2001-12-14, 2001-12-14T21:59:43.1-05:00, 2001-12-14
// 21:59:43. The result is the form in which Go prints them as JSON.
class TimestampReader {
 public:
  explicit TimestampReader(std::string_view text) : s_(text) {}

  std::optional<std::string> Read() {
    int year = 0, month = 0, day = 0;
    if (!Number(4, 4, year) || !Skip('-') || !Number(1, 2, month) || !Skip('-')) return {};
    if (!Number(1, 2, day) || month < 1 || month > 12 || day < 1 || day > DaysOf(year, month))
      return {};
    std::string out = fmt::format("{:04}-{:02}-{:02}T", year, month, day);
    if (at_ == s_.size()) return out + "00:00:00Z";
    bool blank = Skip(' ');
    if (!blank && !Skip('T') && !Skip('t')) return {};
    return Clock(blank, out) ? std::optional(out) : std::nullopt;
  }

 private:
  static int DaysOf(int year, int month) {
    if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
  }

  bool Skip(char c) {
    bool found = at_ < s_.size() && s_[at_] == c;
    at_ += found ? 1 : 0;
    return found;
  }

  bool Number(std::size_t least, std::size_t most, int& out) {
    std::size_t from = at_;
    out = 0;
    while (at_ < s_.size() && at_ - from < most && s_[at_] >= '0' && s_[at_] <= '9') {
      out = out * 10 + (s_[at_++] - '0');
    }
    return at_ - from >= least;
  }

  bool Clock(bool blank, std::string& out) {
    int hour = 0, minute = 0, second = 0;
    if (!Number(1, 2, hour) || !Skip(':') || !Number(1, 2, minute) || !Skip(':')) return false;
    if (!Number(1, 2, second) || hour > 23 || minute > 59 || second > 59) return false;
    out += fmt::format("{:02}:{:02}:{:02}", hour, minute, second);
    if (Skip('.')) {
      std::size_t from = at_;
      while (at_ < s_.size() && s_[at_] >= '0' && s_[at_] <= '9') ++at_;
      std::string_view fraction = s_.substr(from, std::min<std::size_t>(at_ - from, 9));
      if (fraction.empty()) return false;
      while (fraction.ends_with('0')) fraction.remove_suffix(1);
      if (!fraction.empty()) out += "." + std::string(fraction);
    }
    return Zone(blank, out);
  }

  // With a blank in front of the clock there is no zone.
  bool Zone(bool blank, std::string& out) {
    std::string_view rest = s_.substr(at_);
    if (blank || rest == "Z") {
      out += 'Z';
      return blank ? rest.empty() : true;
    }
    bool form = rest.size() == 6 && (rest[0] == '+' || rest[0] == '-') && rest[3] == ':';
    if (!form) return false;
    for (std::size_t i : {1, 2, 4, 5}) form = form && rest[i] >= '0' && rest[i] <= '9';
    if (form) out += rest.substr(1) == "00:00" ? std::string_view("Z") : rest;
    return form;
  }

  std::string_view s_;
  std::size_t at_ = 0;
};

// The start and end of a plain scalar are where its span says; other styles open with their sign.
bool StartsQuoted(std::string_view text, Span span) {
  if (span.begin >= text.size()) return false;
  char c = text[span.begin];
  return c == '"' || c == '\'' || c == '|' || c == '>';
}

void FromScalar(Node& out, const yaml::Node& node, std::string_view text) {
  const Value& value = node.value;
  std::string_view raw;
  if (node.span.begin < node.span.end && node.span.end <= text.size()) {
    raw = text.substr(node.span.begin, node.span.end - node.span.begin);
  }
  if (value.is_string()) {
    out.text = value.as_string();
    out.quoted = StartsQuoted(text, node.span);
    out.folded = out.quoted && text[node.span.begin] == '>';
    out.tag = !out.quoted ? ResolveTag(out.text) : Tag::kString;
    // A tag such as !!str made it a text all the same.
    if (out.tag != Tag::kString && out.tag != Tag::kTimestamp) {
      out.tag = Tag::kString;
      out.quoted = true;
    }
    return;
  }
  out.text = raw;
  out.tag = ResolveTag(raw);
}

void FromScalarValue(Pool& pool, Node& out, const Value& value) {
  out.quoted = value.is_string();
  if (value.is_string()) {
    out.text = value.as_string();
    out.tag = Tag::kString;
    return;
  }
  out.text = pool.Keep(ToJson(value));
  out.tag = ResolveTag(out.text);
}

struct Reader {
  Pool& pool;
  std::string_view text;
  PlaceFn place;
  const void* context;
  bool has_text = true;

  Span Place(Span span) const { return place != nullptr ? place(context, span) : span; }

  Node* New(Shape shape, const yaml::Node& source) const {
    Node* out = pool.New(shape, Place(source.span));
    out->from = source.from;
    return out;
  }

  Node* Read(const yaml::Node& node) const {
    const yaml::Node& source = node.anchor != nullptr ? *node.anchor : node;
    if (source.value.is_mapping()) {
      Node* out = New(Shape::kMapping, source);
      out->fields.reserve(source.entries.size());
      for (const yaml::Entry& e : source.entries) {
        out->fields.push_back({e.key, Place(e.key_span), Read(*e.value)});
      }
      return out;
    }
    if (source.value.is_sequence()) {
      Node* out = New(Shape::kSequence, source);
      out->items.reserve(source.items.size());
      for (const yaml::Node* item : source.items) out->items.push_back(Read(*item));
      return out;
    }
    Node* out = New(Shape::kScalar, source);
    if (has_text) {
      FromScalar(*out, source, text);
    } else {
      FromScalarValue(pool, *out, source.value);
    }
    return out;
  }
};

// Kustomize prints and reads each resource once more before it is done. goyaml.v3 prints a folded
// text with one break too many in front of a line that starts with a blank (and at the end, where
// breaks are kept); the text that kubectl shows has it.
std::string PrintedFolded(std::string_view text) {
  auto blank = [&](std::size_t i) { return text[i] == ' ' || text[i] == '\t'; };
  std::string out;
  bool indented = true;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '\n') {
      if (i == 0 || text[i - 1] == '\n') indented = blank(i);
      out += text[i++];
      continue;
    }
    std::size_t end = std::min(text.find_first_not_of('\n', i), text.size());
    bool last = end == text.size();
    bool more = i > 0 && !indented && (last ? end - i > 1 : blank(end));
    out.append(end - i + (more ? 1 : 0), '\n');
    i = end;
  }
  return out;
}

bool DeeperThan(const Node* n, std::uint32_t depth) {
  if (n == nullptr || n->is_scalar()) return false;
  if (depth == 0) return true;
  for (const Field& f : n->fields) {
    if (DeeperThan(f.value, depth - 1)) return true;
  }
  for (const Node* item : n->items) {
    if (DeeperThan(item, depth - 1)) return true;
  }
  return false;
}

}  // namespace

bool IsNullOrEmpty(const Node* n) {
  if (IsNull(n)) return true;
  return (n->is_mapping() && n->fields.empty()) || (n->is_sequence() && n->items.empty());
}

std::string_view TextOf(const Node* n) {
  return n != nullptr && n->is_scalar() && n->tag != Tag::kNull ? n->text : std::string_view();
}

std::string_view ShapeName(Shape shape) {
  return shape == Shape::kMapping ? "mapping" : shape == Shape::kSequence ? "sequence" : "scalar";
}

Node* Pool::New(Shape shape, Span span) {
  Node& node = nodes_.emplace_back();
  node.shape = shape;
  node.span = span;
  return &node;
}

Node* Pool::NewScalar(std::string_view text, Tag tag, Span span) {
  Node* node = New(Shape::kScalar, span);
  node->text = text;
  node->tag = tag;
  return node;
}

Node* Pool::Copy(const Node* from, std::uint32_t depth) {
  if (from == nullptr) return nullptr;
  Node* to = New(from->shape, from->span);
  to->from = from->from;
  to->tag = from->tag;
  to->quoted = from->quoted;
  to->folded = from->folded;
  to->text = from->text;
  if (depth > limits_.max_depth || nodes_.size() > limits_.max_yaml_nodes) {
    too_deep_ = true;
    return to;
  }
  to->fields.reserve(from->fields.size());
  for (const Field& f : from->fields) {
    to->fields.push_back({f.key, f.key_span, Copy(f.value, depth + 1)});
  }
  to->items.reserve(from->items.size());
  for (const Node* item : from->items) to->items.push_back(Copy(item, depth + 1));
  return to;
}

Result<void> Pool::Check(const Node* root) const {
  if (nodes_.size() > limits_.max_yaml_nodes) {
    return Fail("the build makes more than " + std::to_string(limits_.max_yaml_nodes) +
                " YAML nodes");
  }
  if (too_deep_ || DeeperThan(root, limits_.max_depth)) {
    return Fail("a resource is nested more than " + std::to_string(limits_.max_depth) +
                " levels deep");
  }
  return {};
}

Node* FromYaml(Pool& pool, const yaml::Node& node, std::string_view text, PlaceFn place,
               const void* context) {
  return Reader{pool, text, place, context}.Read(node);
}

Node* FromValues(Pool& pool, const yaml::Node& node) {
  return Reader{pool, {}, nullptr, nullptr, false}.Read(node);
}

Tag ResolveTag(std::string_view text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") {
    return Tag::kNull;
  }
  if (std::ranges::find(kBoolWords, text) != kBoolWords.end()) return Tag::kBool;
  if (TimestampReader(text).Read()) return Tag::kTimestamp;
  if (std::string_view("0123456789+-.").find(text[0]) == std::string_view::npos) {
    return Tag::kString;
  }
  Arena arena;
  Value v = yaml::ResolveScalar(arena, text, "?");
  if (!v.is_number()) return Tag::kString;
  bool hex = text.find_first_of("xX") != std::string_view::npos;
  bool decimal = text.find_first_of(".eE") != std::string_view::npos && !hex;
  bool octal_like = text.size() > 1 && text[0] == '0' && text.find_first_of("89") != text.npos;
  return decimal || (octal_like && !hex) ? Tag::kFloat : Tag::kInt;
}

bool IsNonString11(std::string_view text) {
  if (text.empty() || text.find('\n') != std::string_view::npos) return false;
  Arena arena;
  return !yaml::ResolveScalar(arena, text, "?").is_string();
}

Result<Value> ScalarValue(Arena& arena, const Node& node) {
  Tag tag = node.tag;
  if (tag == Tag::kNone) tag = node.quoted ? Tag::kString : ResolveTag(node.text);
  if (tag == Tag::kNull) {
    if (ResolveTag(node.text) == Tag::kNull) return Value();
    return Fail("cannot decode the text \"" + std::string(node.text) + "\" as null");
  }
  std::string_view text = arena.CopyString(node.text);
  bool block = node.folded && tag == Tag::kString && !text.ends_with(' ') &&
               text.find(" \n") == std::string_view::npos;
  if (block) text = arena.CopyString(PrintedFolded(text));
  if (tag == Tag::kString) return Value::String(text);
  Tag actual = ResolveTag(text);
  if (node.quoted && actual == tag) return Value::String(text);
  if (tag == Tag::kTimestamp) {
    if (actual != Tag::kTimestamp) return Fail("\"" + std::string(text) + "\" is no timestamp");
    return MakeString(arena, *TimestampReader(text).Read());
  }
  if (actual != tag && !(tag == Tag::kFloat && actual == Tag::kInt)) {
    std::string_view wanted = tag == Tag::kInt    ? "an integer"
                              : tag == Tag::kBool ? "a boolean"
                                                  : "a number";
    return Fail("cannot decode the text \"" + std::string(text) + "\" as " + std::string(wanted));
  }
  Value value = yaml::ResolveScalar(arena, text, "?");
  // Go holds anything but 64-bit integers as a double.
  bool wide = value.is_number() && (tag == Tag::kFloat || value.number_rep() != NumberRep::kInt);
  return wide ? Value::Double(ToDouble(value)) : value;
}

Result<const yaml::Node*> ToYaml(Arena& arena, const Node& node) {
  auto* out = arena.New<yaml::Node>();
  out->span = node.span;
  out->from = node.from;
  if (node.is_scalar() || node.tag == Tag::kNull) {
    PL_TRY(out->value, ScalarValue(arena, node));
    return out;
  }
  if (node.is_sequence()) {
    auto items = arena.NewArray<const yaml::Node*>(node.items.size());
    auto values = arena.NewArray<Value>(node.items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
      PL_TRY(items[i], ToYaml(arena, *node.items[i]));
      values[i] = items[i]->value;
    }
    out->items = items;
    out->value = Value::Tuple(
        arena.New<ListRep>(static_cast<const Type*>(nullptr), std::span<const Value>(values)));
    return out;
  }
  std::vector<const Field*> order;
  for (const Field& f : node.fields) order.push_back(&f);
  std::ranges::sort(order, {}, [](const Field* f) { return f->key; });
  auto entries = arena.NewArray<yaml::Entry>(order.size());
  auto members = arena.NewArray<Member>(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i > 0 && order[i]->key == order[i - 1]->key) {
      return Fail("the key \"" + std::string(order[i]->key) + "\" is set twice in one mapping");
    }
    entries[i].key = arena.CopyString(order[i]->key);
    entries[i].key_span = order[i]->key_span;
    PL_TRY(entries[i].value, ToYaml(arena, *order[i]->value));
    members[i] = {entries[i].key, entries[i].value->value};
  }
  out->entries = entries;
  out->value = Value::Object(
      arena.New<ObjectRep>(static_cast<const Type*>(nullptr), std::span<const Member>(members)));
  return out;
}

Field* FindField(Node* mapping, std::string_view key) {
  if (mapping == nullptr) return nullptr;
  auto it = std::ranges::find(mapping->fields, key, &Field::key);
  return it == mapping->fields.end() ? nullptr : &*it;
}

const Field* FindField(const Node* mapping, std::string_view key) {
  return FindField(const_cast<Node*>(mapping), key);
}

Node* Get(Node* n, std::string_view key) {
  Field* f = FindField(n, key);
  return f != nullptr ? f->value : nullptr;
}

const Node* Get(const Node* n, std::string_view key) { return Get(const_cast<Node*>(n), key); }

std::string_view GetText(const Node* n, std::string_view key) { return TextOf(Get(n, key)); }

void RemoveField(Node* mapping, std::string_view key) {
  std::erase_if(mapping->fields, [&](const Field& f) { return f.key == key; });
}

Result<void> SetField(Pool& pool, Node* mapping, std::string_view key, Node* value) {
  if (IsNull(mapping)) return {};
  if (!mapping->is_mapping()) {
    return Fail("wrong node kind: expected a mapping for the key \"" + std::string(key) +
                "\" but got a " + std::string(ShapeName(mapping->shape)));
  }
  if (IsNull(value)) {
    RemoveField(mapping, key);
    return {};
  }
  if (Field* field = FindField(mapping, key)) {
    if (value == field->value) return {};
    bool quoted = field->value->quoted, folded = field->value->folded;
    *field->value = *value;
    if (value->is_scalar()) {
      field->value->quoted = quoted;
      field->value->folded = folded;
    }
    field->key_span = field->key_span.valid() ? field->key_span : value->span;
    return {};
  }
  bool text = value->is_scalar() && (value->tag == Tag::kString || value->tag == Tag::kNone);
  if (text && !value->quoted && IsNonString11(value->text)) value->quoted = true;
  mapping->fields.push_back({pool.Keep(key), value->span, value});
  return {};
}

Result<void> SetScalar(Node* scalar, const Node& value) {
  if (!IsNull(scalar) && !scalar->is_scalar()) {
    return Fail("wrong node kind: expected a scalar but got a " +
                std::string(ShapeName(scalar->shape)));
  }
  if (IsNull(&value)) return {};
  bool quoted = scalar->quoted, folded = scalar->folded;
  *scalar = value;
  scalar->quoted = quoted;
  scalar->folded = folded;
  return {};
}

Result<Node*> GetOrCreate(Pool& pool, Node* mapping, std::string_view key, Shape shape, Span span) {
  if (!mapping->is_mapping()) {
    return Fail("wrong node kind: expected a mapping for the key \"" + std::string(key) +
                "\" but got a " + std::string(ShapeName(mapping->shape)));
  }
  if (Node* found = Get(mapping, key)) return found;
  Node* made = pool.New(shape, span);
  mapping->fields.push_back({pool.Keep(key), span, made});
  return made;
}

std::vector<std::string> SplitPath(std::string_view path, char delimiter) {
  std::vector<std::string> parts;
  if (path.size() > 1 && path[0] == delimiter) path.remove_prefix(1);
  bool joins = false;
  while (true) {
    std::size_t end = path.find(delimiter);
    std::string_view part = path.substr(0, end);
    if (joins) {
      parts.back().back() = delimiter;
      parts.back() += part;
    } else {
      parts.emplace_back(part);
    }
    joins = !parts.back().empty() && parts.back().back() == '\\' && !part.empty();
    if (end == std::string_view::npos) return parts;
    path.remove_prefix(end + 1);
  }
}

std::vector<std::string> SplitFieldPath(std::string_view path) {
  std::vector<std::string> out;
  std::vector<std::string> parts = SplitPath(path, '.');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::string part = parts[i];
    if (part.starts_with('[') && !part.ends_with(']')) {
      while (i + 1 < parts.size()) {
        part += "." + parts[++i];
        if (parts[i].ends_with(']')) break;
      }
      if (part.find('=') == std::string::npos) {
        std::size_t from = part.find_first_not_of("[]"), to = part.find_last_not_of("[]");
        part = from == std::string::npos ? "" : part.substr(from, to - from + 1);
      }
    }
    out.push_back(std::move(part));
  }
  return out;
}

bool IsListMatch(std::string_view part) { return part.starts_with('[') && part.ends_with(']'); }

bool ParseIndex(std::string_view part, std::size_t& index) {
  if (part.starts_with('+')) part.remove_prefix(1);
  auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), index);
  return error == std::errc() && end == part.data() + part.size() && !part.empty();
}

Result<std::pair<std::string, std::string>> SplitListMatch(std::string_view part) {
  if (part.starts_with('[')) part.remove_prefix(1);
  if (part.ends_with(']')) part.remove_suffix(1);
  std::size_t at = part.find('=');
  if (at == std::string_view::npos) {
    return Fail("the list path element \"" + std::string(part) +
                "\" must have the form [fieldName=fieldValue]");
  }
  return std::pair(std::string(part.substr(0, at)), std::string(part.substr(at + 1)));
}

namespace {

Result<Node*> LookupItem(Node* list, std::string_view part) {
  if (!list->is_sequence()) {
    return Fail("wrong node kind: expected a sequence at \"" + std::string(part) + "\" but got a " +
                std::string(ShapeName(list->shape)));
  }
  std::size_t index = 0;
  if (part == "-") return list->items.empty() ? nullptr : list->items.back();
  if (ParseIndex(part, index)) return index < list->items.size() ? list->items[index] : nullptr;
  PL_TRY(auto match, SplitListMatch(part));
  for (Node* item : list->items) {
    const Node* value = match.first.empty() ? item : Get(item, match.first);
    if (value != nullptr && value->is_scalar() && value->text == match.second) return item;
  }
  return nullptr;
}

}  // namespace

Result<Node*> Lookup(Node* root, const std::vector<std::string>& path) {
  Node* at = root;
  for (const std::string& part : path) {
    if (part.empty()) continue;
    if (IsNull(at)) return nullptr;
    std::size_t index = 0;
    if (part == "*") return Fail("the wildcard * is not possible here");
    if (part == "-" || IsListMatch(part) || ParseIndex(part, index)) {
      PL_TRY(at, LookupItem(at, part));
    } else {
      if (!at->is_mapping()) {
        return Fail("wrong node kind: expected a mapping for the key \"" + part + "\" but got a " +
                    std::string(ShapeName(at->shape)));
      }
      at = Get(at, part);
    }
  }
  return at;
}

}  // namespace plumbline::kustomize
