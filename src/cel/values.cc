// Values at run time: where they come from, views of collections, and the way back to plain values.
#include <fmt/format.h>

#include <algorithm>

#include "cel/runtime.h"
#include "cel/text.h"
#include "cel/time.h"
#include "value/number.h"

namespace plumbline::cel {

Val Val::FromValue(const Value* storage) {
  const Value& v = *storage;
  switch (v.kind()) {
    case Kind::kNull:
      return Null();
    case Kind::kBool:
      return Bool(v.as_bool());
    case Kind::kString:
      return String(v.as_string());
    case Kind::kUnknown:
      return Unknown(v.unknown());
    case Kind::kNumber: {
      if (v.number_rep() == NumberRep::kInt) return Int(v.as_int());
      if (auto whole = ToInt64(v)) return Int(*whole);
      return Double(ToDouble(v));
    }
    default:
      return Make(Tag::kData, storage);
  }
}

Context::Context(const Activation& act, const Limits& lim, bool is_lenient)
    : activation(act),
      limits(lim),
      arena(*act.arena),
      lenient(is_lenient),
      steps_left_(lim.max_steps) {}

Val Context::StepError() {
  steps_left_ = 0;
  static constexpr std::string_view kMessage = "the expression takes too many steps";
  return Val::Error(&kMessage);
}

Val Context::Error(std::string_view message) {
  return Val::Error(arena.New<std::string_view>(arena.CopyString(message)));
}

Val Context::NoOverload(std::string_view function, std::span<const Val> args) {
  std::string types;
  for (Val arg : args) {
    if (!types.empty()) types += ", ";
    types += TypeNameOf(arg);
  }
  return Error(fmt::format("no overload of '{}' for ({})", function, types));
}

Val Context::NewString(std::string_view text) {
  if (text.size() > limits.max_string_bytes) {
    return Error(fmt::format("a string is longer than {} bytes", limits.max_string_bytes));
  }
  return ChargeMemory(text.size()) ? Val::String(arena.CopyString(text)) : StepError();
}

Val Context::NewBytes(std::string_view text) {
  Val v = NewString(text);
  return v.is_error() ? v : Val::Bytes(v.as_string());
}

Val Context::NewList(std::span<const Val> items) {
  return Val::List(arena.New<std::span<const Val>>(items));
}

Val Context::NewMap(std::span<const MapEntry> entries) {
  return Val::Make(Tag::kMap, arena.New<MapRep>(entries));
}

Val Context::NewOptional(Val value) { return Val::Make(Tag::kOptional, arena.New<Val>(value)); }

Val Context::NewIp(const IpRep& ip, Tag tag) { return Val::Make(tag, arena.New<IpRep>(ip)); }

bool IsList(Val v) {
  return v.tag() == Tag::kList || (v.tag() == Tag::kData && v.as_data().is_sequence());
}

bool IsMap(Val v) {
  return v.tag() == Tag::kMap || v.tag() == Tag::kRecord ||
         (v.tag() == Tag::kData && v.as_data().is_mapping());
}

std::size_t ListSize(Val list) {
  return list.tag() == Tag::kList ? list.as_list().size() : list.as_data().items().size();
}

Val ListAt(Val list, std::size_t i) {
  if (list.tag() == Tag::kList) return list.as_list()[i];
  return Val::FromValue(&list.as_data().items()[i]);
}

namespace {

std::span<const MapEntry> Entries(Val map) {
  return static_cast<const MapRep*>(map.pointer())->entries;
}

bool SameKey(Val a, Val b) {
  if (IsNumber(a) && IsNumber(b)) return CompareNumbers(a, b) == Ordering::kEqual;
  if (a.tag() != b.tag()) return false;
  return a.tag() == Tag::kString ? a.as_string() == b.as_string() : a.as_int() == b.as_int();
}

/// Numbers first, by value; then bools; then strings.
bool KeyLess(Val a, Val b) {
  auto rank = [](Val v) { return IsNumber(v) ? 0 : v.tag() == Tag::kBool ? 1 : 2; };
  if (rank(a) != rank(b)) return rank(a) < rank(b);
  if (rank(a) == 0) return CompareNumbers(a, b) == Ordering::kLess;
  return rank(a) == 1 ? a.as_int() < b.as_int() : a.as_string() < b.as_string();
}

}  // namespace

std::size_t MapSize(Val map) {
  if (map.tag() == Tag::kMap) return Entries(map).size();
  if (map.tag() == Tag::kRecord) return map.as_record()->type().fields.size();
  return map.as_data().members().size();
}

MapEntry MapAt(Val map, std::size_t i) {
  if (map.tag() == Tag::kMap) return Entries(map)[i];
  if (map.tag() == Tag::kRecord) {
    Record* record = map.as_record();
    return {Val::String(record->type().fields[i].name), record->Get(static_cast<std::uint32_t>(i))};
  }
  const Member& member = map.as_data().members()[i];
  return {Val::String(member.key), Val::FromValue(&member.value)};
}

std::optional<Val> MapFind(Val map, std::string_view key) {
  if (map.tag() == Tag::kData) {
    const Value* found = map.as_data().Find(key);
    return found ? std::optional(Val::FromValue(found)) : std::nullopt;
  }
  if (map.tag() == Tag::kRecord) {
    auto fields = map.as_record()->type().fields;
    auto it = std::ranges::find(fields, key, &RecordField::name);
    if (it == fields.end()) return std::nullopt;
    return map.as_record()->Get(static_cast<std::uint32_t>(it - fields.begin()));
  }
  for (const MapEntry& entry : Entries(map)) {
    if (entry.key.tag() == Tag::kString && entry.key.as_string() == key) return entry.value;
  }
  return std::nullopt;
}

std::optional<Val> MapFind(Val map, Val key) {
  if (key.tag() == Tag::kString) return MapFind(map, key.as_string());
  if (map.tag() != Tag::kMap) return std::nullopt;
  for (const MapEntry& entry : Entries(map)) {
    if (SameKey(entry.key, key)) return entry.value;
  }
  return std::nullopt;
}

bool IsKey(Val v) {
  return v.tag() == Tag::kBool || v.tag() == Tag::kInt || v.tag() == Tag::kUint ||
         v.tag() == Tag::kString;
}

Val BuildMap(Context& context, std::span<const MapEntry> entries) {
  if (entries.size() > 1) {
    if (!context.ChargeMemory(entries.size() * sizeof(Val))) return context.StepError();
    auto keys = context.arena.NewArray<Val>(entries.size());
    std::ranges::transform(entries, keys.begin(), &MapEntry::key);
    std::ranges::sort(keys, KeyLess);
    auto twin = std::ranges::adjacent_find(keys, SameKey);
    if (twin != keys.end()) return context.Error("a map has the same key twice");
  }
  return context.NewMap(entries);
}

std::string_view TypeNameOf(Val v) {
  switch (v.tag()) {
    case Tag::kNull:
      return "null_type";
    case Tag::kBool:
      return "bool";
    case Tag::kInt:
      return "int";
    case Tag::kUint:
      return "uint";
    case Tag::kDouble:
      return "double";
    case Tag::kString:
      return "string";
    case Tag::kBytes:
      return "bytes";
    case Tag::kList:
      return "list";
    case Tag::kMap:
      return "map";
    case Tag::kData:
      return v.as_data().is_sequence() ? "list" : "map";
    case Tag::kRecord:
      return "map";
    case Tag::kDuration:
      return "google.protobuf.Duration";
    case Tag::kTimestamp:
      return "google.protobuf.Timestamp";
    case Tag::kType:
      return "type";
    case Tag::kOptional:
      return "optional_type";
    case Tag::kIp:
      return "net.IP";
    case Tag::kCidr:
      return "net.CIDR";
    case Tag::kError:
      return "error";
    case Tag::kUnknown:
      return "unknown";
  }
  return "error";
}

namespace {

Value Plain(Val v, Arena& arena, std::uint32_t depth);

Value PlainList(Val v, Arena& arena, std::uint32_t depth) {
  auto items = arena.NewArray<Value>(ListSize(v));
  for (std::size_t i = 0; i < items.size(); ++i) items[i] = Plain(ListAt(v, i), arena, depth + 1);
  return MakeTuple(arena, items);
}

Value PlainMap(Val v, Arena& arena, std::uint32_t depth) {
  auto members = arena.NewArray<Member>(MapSize(v));
  for (std::size_t i = 0; i < members.size(); ++i) {
    MapEntry entry = MapAt(v, i);
    members[i] = {arena.CopyString(ToText(entry.key)), Plain(entry.value, arena, depth + 1)};
  }
  return MakeObject(arena, members);
}

Value PlainUint(std::uint64_t u, Arena& arena) {
  if (u <= INT64_MAX) return Value::Int(static_cast<std::int64_t>(u));
  return ParseNumber(arena, fmt::format("{}", u)).value_or(Value());
}

Value Plain(Val v, Arena& arena, std::uint32_t depth) {
  if (depth > kMaxValueDepth) return Value();
  switch (v.tag()) {
    case Tag::kNull:
    case Tag::kError:
      return Value();
    case Tag::kBool:
      return Value::Bool(v.as_bool());
    case Tag::kInt:
      return Value::Int(v.as_int());
    case Tag::kUint:
      return PlainUint(v.as_uint(), arena);
    case Tag::kDouble:
      return Value::Double(v.as_double());
    case Tag::kString:
      return Value::String(v.as_string());
    case Tag::kData:
      return v.as_data();
    case Tag::kRecord:
      return v.as_record()->ToValue(arena);
    case Tag::kUnknown:
      return Value::Unknown(v.as_unknown());
    case Tag::kList:
      return PlainList(v, arena, depth);
    case Tag::kMap:
      return PlainMap(v, arena, depth);
    case Tag::kOptional:
      return AsOptional(v) ? Plain(*AsOptional(v), arena, depth + 1) : Value();
    default:
      return Value::String(arena.CopyString(ToText(v)));
  }
}

}  // namespace

Value ToValue(Val v, Arena& arena) { return Plain(v, arena, 0); }

}  // namespace plumbline::cel
