#include "value/value.h"

#include <algorithm>
#include <string>
#include <vector>

#include "value/number.h"

namespace plumbline {

const Value* Value::Find(std::string_view key) const {
  auto m = members();
  if (m.size() <= 8) {
    for (const Member& e : m) {
      if (e.key == key) return &e.value;
    }
    return nullptr;
  }
  auto it = std::lower_bound(m.begin(), m.end(), key,
                             [](const Member& e, std::string_view k) { return e.key < k; });
  return it != m.end() && it->key == key ? &it->value : nullptr;
}

Value MakeString(Arena& arena, std::string_view s) { return Value::String(arena.CopyString(s)); }

Value MakeTuple(Arena& arena, std::span<const Value> items) {
  return Value::Tuple(arena.New<ListRep>(static_cast<const Type*>(nullptr), arena.Copy(items)));
}

Value MakeList(Arena& arena, const Type* element, std::span<const Value> items) {
  return Value::List(arena.New<ListRep>(ListType(arena, element), arena.Copy(items)));
}

namespace {

// As Go quotes a string; characters that it would not print are left as they are, since only the
// order matters here.
void AppendGoQuoted(std::string& out, std::string_view s) {
  constexpr std::string_view kControls = "\a\b\f\n\r\t\v", kNames = "abfnrtv";
  constexpr const char* kHex = "0123456789abcdef";
  out += '"';
  for (char c : s) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (auto at = kControls.find(c); at != std::string_view::npos) {
      out += '\\';
      out += kNames[at];
    } else if (byte < 0x20 || byte == 0x7F) {
      out += "\\x";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

// The text that Terraform orders composite elements of a set by.
void AppendOrderText(std::string& out, Value v, int depth) {
  constexpr int kMaxDepth = 1000;
  if (depth > kMaxDepth) return;
  switch (v.kind()) {
    case Kind::kUnknown:
      out += '?';
      return;
    case Kind::kNull:
      out += '~';
      return;
    case Kind::kBool:
      out += v.as_bool() ? 'T' : 'F';
      return;
    case Kind::kNumber:
      out += FormatFloat(v, 'g', 10);
      return;
    case Kind::kString:
      AppendGoQuoted(out, v.as_string());
      return;
    default:
      break;
  }
  bool structural = v.kind() == Kind::kTuple || v.kind() == Kind::kObject;
  out += structural ? '<' : v.kind() == Kind::kMap ? '{' : '[';
  for (Value i : v.items()) {
    AppendOrderText(out, i, depth + 1);
    out += ';';
  }
  for (const Member& m : v.members()) {
    if (!structural) {
      AppendGoQuoted(out, m.key);
      out += ':';
    }
    AppendOrderText(out, m.value, depth + 1);
    out += ';';
  }
  out += structural ? '>' : v.kind() == Kind::kMap ? '}' : ']';
}

bool IsComposite(Value v) { return v.is_sequence() || v.is_mapping(); }

// Composite elements by their order texts, each made once; null and unknown behind them.
void SortComposites(std::vector<Value>& values) {
  struct Keyed {
    int rank;
    std::string text;
    Value value;
  };
  std::vector<Keyed> keyed;
  keyed.reserve(values.size());
  for (Value v : values) {
    Keyed& k = keyed.emplace_back(Keyed{v.is_null() ? 2 : v.is_unknown() ? 1 : 0, {}, v});
    AppendOrderText(k.text, v, 0);
  }
  std::ranges::stable_sort(keyed, [](const Keyed& a, const Keyed& b) {
    if (a.rank != b.rank) return a.rank < b.rank;
    if (int c = a.text.compare(b.text)) return c < 0;
    return Compare(a.value, b.value) < 0;
  });
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = keyed[i].value;
}

}  // namespace

Value MakeSet(Arena& arena, const Type* element, std::span<const Value> items) {
  std::vector<Value> v(items.begin(), items.end());
  if (std::ranges::any_of(v, IsComposite)) {
    SortComposites(v);
  } else {
    std::stable_sort(v.begin(), v.end(), [](Value a, Value b) { return Compare(a, b) < 0; });
  }
  v.erase(std::unique(v.begin(), v.end(),
                      [](Value a, Value b) { return RawEqual(a, b) && !HasUnknown(a); }),
          v.end());
  return Value::Set(arena.New<ListRep>(SetType(arena, element), arena.Copy(v)));
}

namespace {
std::span<const Member> SortedMembers(Arena& arena, std::span<const Member> members) {
  auto copy = arena.NewArray<Member>(members.size());
  std::copy(members.begin(), members.end(), copy.begin());
  auto less = [](const Member& a, const Member& b) { return a.key < b.key; };
  if (!std::is_sorted(copy.begin(), copy.end(), less))
    std::stable_sort(copy.begin(), copy.end(), less);
  std::size_t n = 0;
  for (std::size_t i = 0; i < copy.size(); ++i) {
    if (i + 1 < copy.size() && copy[i].key == copy[i + 1].key) continue;
    copy[n++] = copy[i];
  }
  for (std::size_t i = 0; i < n; ++i) copy[i].key = arena.CopyString(copy[i].key);
  return copy.first(n);
}
}  // namespace

Value MakeObject(Arena& arena, std::span<const Member> members) {
  return Value::Object(
      arena.New<ObjectRep>(static_cast<const Type*>(nullptr), SortedMembers(arena, members)));
}

Value MakeMap(Arena& arena, const Type* element, std::span<const Member> members) {
  return Value::Map(arena.New<ObjectRep>(MapType(arena, element), SortedMembers(arena, members)));
}

Value MakeUnknown(Arena& arena, const Type* type, std::string_view cause, Span span) {
  UnknownInfo info;
  info.type = type;
  info.cause = arena.New<Cause>(arena.CopyString(cause), span);
  return MakeUnknown(arena, info);
}

Value MakeUnknown(Arena& arena, const UnknownInfo& info) {
  return Value::Unknown(arena.New<UnknownInfo>(info));
}

const Type* TypeOf(Arena& arena, Value v) {
  switch (v.kind()) {
    case Kind::kNull:
      return v.null_type() != nullptr ? v.null_type() : DynamicType();
    case Kind::kBool:
      return BoolType();
    case Kind::kNumber:
      return NumberType();
    case Kind::kString:
      return StringType();
    case Kind::kUnknown:
      return v.unknown()->type;
    case Kind::kList:
    case Kind::kSet:
      return v.list_rep()->type;
    case Kind::kMap:
      return v.object_rep()->type;
    case Kind::kTuple: {
      std::vector<const Type*> types;
      for (Value i : v.items()) types.push_back(TypeOf(arena, i));
      return TupleType(arena, types);
    }
    case Kind::kObject: {
      std::vector<TypeAttr> attrs;
      for (const Member& m : v.members()) attrs.push_back({m.key, TypeOf(arena, m.value)});
      return ObjectType(arena, attrs);
    }
  }
  return DynamicType();
}

const UnknownInfo* FirstUnknown(Value v) {
  if (v.is_unknown()) return v.unknown();
  for (Value i : v.items()) {
    if (const UnknownInfo* u = FirstUnknown(i)) return u;
  }
  for (const Member& m : v.members()) {
    if (const UnknownInfo* u = FirstUnknown(m.value)) return u;
  }
  return nullptr;
}

bool HasUnknown(Value v) { return FirstUnknown(v) != nullptr; }

std::uint8_t DeepMarks(Value v) {
  std::uint8_t marks = v.marks();
  for (Value i : v.items()) marks |= DeepMarks(i);
  for (const Member& m : v.members()) marks |= DeepMarks(m.value);
  return marks;
}

Value WithoutDeepMarks(Arena& arena, Value v) {
  if (DeepMarks(v) == 0) return v;
  if (v.is_sequence()) {
    std::vector<Value> items;
    for (Value i : v.items()) items.push_back(WithoutDeepMarks(arena, i));
    const ListRep* rep = arena.New<ListRep>(v.list_rep()->type, arena.Copy(items));
    return v.kind() == Kind::kTuple  ? Value::Tuple(rep)
           : v.kind() == Kind::kList ? Value::List(rep)
                                     : Value::Set(rep);
  }
  if (v.is_mapping()) {
    std::vector<Member> members;
    for (const Member& m : v.members())
      members.push_back({m.key, WithoutDeepMarks(arena, m.value)});
    const ObjectRep* rep = arena.New<ObjectRep>(v.object_rep()->type, arena.Copy(members));
    return v.kind() == Kind::kMap ? Value::Map(rep) : Value::Object(rep);
  }
  return v.WithoutMarks();
}

namespace {
const Type* CollectionType(Value v) {
  return v.is_mapping() ? v.object_rep()->type : v.list_rep()->type;
}
}  // namespace

bool RawEqual(Value a, Value b) {
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Kind::kNull: {
      const Type* x = a.null_type() ? a.null_type() : DynamicType();
      const Type* y = b.null_type() ? b.null_type() : DynamicType();
      return SameType(x, y);
    }
    case Kind::kBool:
      return a.as_bool() == b.as_bool();
    case Kind::kNumber:
      return CompareNumbers(a, b) == 0;
    case Kind::kString:
      return a.as_string() == b.as_string();
    case Kind::kUnknown:
      return SameType(a.unknown()->type, b.unknown()->type);
    case Kind::kList:
    case Kind::kSet:
      if (!SameType(CollectionType(a), CollectionType(b))) return false;
      [[fallthrough]];
    case Kind::kTuple:
      return std::ranges::equal(a.items(), b.items(), RawEqual);
    case Kind::kMap:
      if (!SameType(CollectionType(a), CollectionType(b))) return false;
      [[fallthrough]];
    case Kind::kObject:
      return std::ranges::equal(a.members(), b.members(), [](const Member& x, const Member& y) {
        return x.key == y.key && RawEqual(x.value, y.value);
      });
  }
  return false;
}

int Compare(Value a, Value b) {
  if (a.kind() != b.kind()) {
    if (a.is_null() != b.is_null()) return a.is_null() ? 1 : -1;
    return a.kind() < b.kind() ? -1 : 1;
  }
  switch (a.kind()) {
    case Kind::kNull:
      return 0;
    case Kind::kUnknown:
      return 0;
    case Kind::kBool:
      return static_cast<int>(a.as_bool()) - static_cast<int>(b.as_bool());
    case Kind::kNumber:
      return CompareNumbers(a, b);
    case Kind::kString: {
      int c = a.as_string().compare(b.as_string());
      return c < 0 ? -1 : c > 0 ? 1 : 0;
    }
    case Kind::kList:
    case Kind::kTuple:
    case Kind::kSet: {
      auto x = a.items(), y = b.items();
      for (std::size_t i = 0; i < x.size() && i < y.size(); ++i) {
        if (int c = Compare(x[i], y[i])) return c;
      }
      return x.size() < y.size() ? -1 : x.size() > y.size() ? 1 : 0;
    }
    case Kind::kMap:
    case Kind::kObject: {
      auto x = a.members(), y = b.members();
      for (std::size_t i = 0; i < x.size() && i < y.size(); ++i) {
        if (int c = x[i].key.compare(y[i].key)) return c < 0 ? -1 : 1;
        if (int c = Compare(x[i].value, y[i].value)) return c;
      }
      return x.size() < y.size() ? -1 : x.size() > y.size() ? 1 : 0;
    }
  }
  return 0;
}

}  // namespace plumbline
