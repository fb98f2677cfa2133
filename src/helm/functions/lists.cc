// Lists of anything. A list is never changed: each function makes a new one.
#include <algorithm>
#include <array>
#include <unordered_map>

#include "helm/functions/common.h"

namespace plumbline::helm {
namespace {

using Items = std::span<const Value>;

bool MakeList(Call& call) {
  std::vector<Value> items;
  for (Value v : call.args) items.push_back(Stored(v));
  return ReturnList(call, items);
}

bool Append(Call& call) {
  Items items;
  if (!ItemsOf(call, call.args[0], "Cannot push on", &items)) return false;
  std::vector<Value> out(items.begin(), items.end());
  out.push_back(Stored(call.args[1]));
  return ReturnList(call, out);
}

bool Prepend(Call& call) {
  Items items;
  if (!ItemsOf(call, call.args[0], "Cannot prepend on", &items)) return false;
  std::vector<Value> out{Stored(call.args[1])};
  out.insert(out.end(), items.begin(), items.end());
  return ReturnList(call, out);
}

bool First(Call& call) {
  Items items;
  if (!ItemsOf(call, call.args[0], "Cannot find first on", &items)) return false;
  return call.Return(items.empty() ? Value::Nil() : items.front());
}

bool Last(Call& call) {
  Items items;
  if (!ItemsOf(call, call.args[0], "Cannot find last on", &items)) return false;
  return call.Return(items.empty() ? Value::Nil() : items.back());
}

bool Rest(Call& call) {
  Items items;
  if (!ItemsOf(call, call.args[0], "Cannot find rest on", &items)) return false;
  if (items.empty()) return call.Return(call.heap.NilList());
  return ReturnList(call, items.subspan(1));
}

bool Initial(Call& call) {
  Items items;
  if (!ItemsOf(call, call.args[0], "Cannot find initial on", &items)) return false;
  if (items.empty()) return call.Return(call.heap.NilList());
  return ReturnList(call, items.first(items.size() - 1));
}

bool Reverse(Call& call) {
  Items items;
  if (!ItemsOf(call, call.args[0], "Cannot find reverse on", &items)) return false;
  std::vector<Value> out(items.rbegin(), items.rend());
  return ReturnList(call, out);
}

bool Compact(Call& call) {
  Items items;
  if (!ItemsOf(call, call.args[0], "Cannot compact on", &items)) return false;
  std::vector<Value> out;
  std::ranges::copy_if(items, std::back_inserter(out), [](Value v) { return !IsEmpty(v); });
  return ReturnList(call, out);
}

// Whether one of `items` equals `v`; counts the comparisons.
bool Holds(Call& call, Items items, Value v, bool* holds) {
  if (!Spend(call, items.size())) return false;
  *holds = std::ranges::any_of(items, [&](Value item) { return gotmpl::DeepEqual(v, item); });
  return true;
}

bool Uniq(Call& call) {
  Items items;
  if (!ItemsOf(call, call.args[0], "Cannot find uniq on", &items)) return false;
  std::vector<Value> out;
  // Texts of a long list are looked up; only other values are compared one by one.
  std::unordered_map<std::string_view, bool> texts;
  std::vector<Value> others;
  for (Value v : items) {
    bool known = false;
    if (v.is_string()) {
      known = !texts.emplace(v.as_string(), true).second;
    } else {
      if (!Holds(call, others, v, &known)) return false;
      if (!known) others.push_back(v);
    }
    if (!known) out.push_back(v);
  }
  return ReturnList(call, out);
}

bool Without(Call& call) {
  Items items;
  if (!ItemsOf(call, call.args[0], "Cannot find without on", &items)) return false;
  std::vector<Value> out;
  for (Value v : items) {
    bool omitted = false;
    if (!Holds(call, call.args.subspan(1), v, &omitted)) return false;
    if (!omitted) out.push_back(v);
  }
  return ReturnList(call, out);
}

bool Has(Call& call) {
  if (call.args[1].is_nil()) return ReturnBool(call, false);
  Items items;
  bool holds = false;
  return ItemsOf(call, call.args[1], "Cannot find has on", &items) &&
         Holds(call, items, call.args[0], &holds) && ReturnBool(call, holds);
}

// slice, which shadows Go's own.
bool Slice(Call& call) {
  Value v = call.args[0];
  Items items;
  if (v.is_nil()) return ItemsOf(call, v, "", &items);
  if (!v.is_list())
    return call.Fail(
        fmt::format("list should be type of slice or array but {}", gotmpl::KindName(v)));
  items = v.list().items;
  if (items.empty()) return call.Return(Value::Nil());
  auto size = static_cast<std::int64_t>(items.size());
  std::int64_t start = call.args.size() > 1 ? ToInt64(call.args[1]) : 0;
  std::int64_t end = call.args.size() > 2 ? ToInt64(call.args[2]) : size;
  if (start < 0 || end < start || end > size)
    return call.Fail("reflect.Value.Slice: slice index out of bounds");
  return call.Return(call.heap.MakeList(
      items.subspan(static_cast<std::size_t>(start), static_cast<std::size_t>(end - start)),
      v.list().element));
}

bool Concat(Call& call) {
  std::vector<Value> out;
  for (Value v : call.args) {
    if (!v.is_nil() && !v.is_list())
      return call.Fail(fmt::format("Cannot concat type {} as list", gotmpl::KindName(v)));
    Items items;
    if (!ItemsOf(call, v, "", &items)) return false;
    out.insert(out.end(), items.begin(), items.end());
    if (out.size() > kMaxItems) break;
  }
  if (out.empty()) return call.Return(call.heap.NilList());
  return ReturnList(call, out);
}

bool Chunk(Call& call) {
  Items items;
  if (!ItemsOf(call, call.args[1], "Cannot chunk", &items)) return false;
  std::int64_t size = call.Int(0);
  // What the formula for the number of chunks makes of a negative size.
  if (size < 0 && items.size() > 1 && static_cast<std::int64_t>(items.size()) - 1 <= -size)
    return ReturnList(call, {}, Element::kLists);
  if (size <= 0) return call.Fail("runtime error: makeslice: len out of range");
  if (!Spend(call, items.size())) return false;
  std::vector<Value> chunks;
  for (auto step = static_cast<std::size_t>(size); !items.empty();) {
    std::size_t n = std::min(step, items.size());
    chunks.push_back(call.heap.MakeList(items.first(n)));
    items = items.subspan(n);
  }
  return ReturnList(call, chunks, Element::kLists);
}

constexpr auto kFunctions = std::to_array<Function>({
    {"append", "vv", Append},        {"chunk", "iv", Chunk},
    {"compact", "v", Compact},       {"concat", "v*", Concat},
    {"first", "v", First},           {"has", "vv", Has},
    {"initial", "v", Initial},       {"last", "v", Last},
    {"list", "v*", MakeList},        {"mustAppend", "vv", Append},
    {"mustChunk", "iv", Chunk},      {"mustCompact", "v", Compact},
    {"mustFirst", "v", First},       {"mustHas", "vv", Has},
    {"mustInitial", "v", Initial},   {"mustLast", "v", Last},
    {"mustPrepend", "vv", Prepend},  {"mustPush", "vv", Append},
    {"mustRest", "v", Rest},         {"mustReverse", "v", Reverse},
    {"mustSlice", "vv*", Slice},     {"mustUniq", "v", Uniq},
    {"mustWithout", "vv*", Without}, {"prepend", "vv", Prepend},
    {"push", "vv", Append},          {"rest", "v", Rest},
    {"reverse", "v", Reverse},       {"slice", "vv*", Slice},
    {"tuple", "v*", MakeList},       {"uniq", "v", Uniq},
    {"without", "vv*", Without},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

std::span<const Function> ListFunctions() { return kFunctions; }

}  // namespace plumbline::helm
