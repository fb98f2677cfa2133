// toJson, fromJson and their kin.
#include "helm/functions/json.h"

#include <algorithm>
#include <array>

#include "helm/functions/common.h"

namespace plumbline::helm {
namespace {

// What cannot be written is an empty text, or the must functions' fault.
bool Write(Call& call, JsonStyle style, bool must) {
  std::string out;
  std::string error = AppendJson(out, call.heap, call.args[0], style);
  if (!error.empty()) return must ? call.Fail(std::move(error)) : call.Return(Value::String(""));
  return ReturnText(call, out, call.args[0].origin());
}

bool ToJson(Call& call) { return Write(call, {}, false); }
bool MustToJson(Call& call) { return Write(call, {}, true); }
bool ToPrettyJson(Call& call) { return Write(call, {.pretty = true}, false); }
bool MustToPrettyJson(Call& call) { return Write(call, {.pretty = true}, true); }
bool ToRawJson(Call& call) { return Write(call, {.escape_html = false}, true); }

Value ErrorMap(Heap& heap, std::string_view message) {
  Map* map = heap.MakeMap();
  map->Set(heap, "Error", heap.String(message));
  return Value::Of(map);
}

std::string_view JsonKind(Value v) {
  switch (v.kind()) {
    case Kind::kBool:
      return "bool";
    case Kind::kString:
      return "string";
    case Kind::kList:
      return "array";
    case Kind::kMap:
      return "object";
    default:
      return "number";
  }
}

// A map, or one with the message under Error.
bool FromJson(Call& call) {
  if (!Spend(call, call.Text(0).size() / 8)) return false;
  Value v;
  std::string error = ReadJson(call.Text(0), call.heap, &v);
  if (error.empty() && v.is_nil()) {
    Map* map = call.heap.MakeMap();
    map->is_nil = true;
    return call.Return(Value::Of(map));
  }
  if (error.empty() && !v.is_map())
    error = fmt::format("json: cannot unmarshal {} into Go value of type map[string]interface {{}}",
                        JsonKind(v));
  return call.Return(error.empty() ? v : ErrorMap(call.heap, error));
}

bool FromJsonArray(Call& call) {
  if (!Spend(call, call.Text(0).size() / 8)) return false;
  Value v;
  std::string error = ReadJson(call.Text(0), call.heap, &v);
  if (error.empty() && v.is_nil()) return call.Return(call.heap.NilList());
  if (error.empty() && !v.is_list())
    error = fmt::format("json: cannot unmarshal {} into Go value of type []interface {{}}",
                        JsonKind(v));
  if (error.empty()) return call.Return(v);
  Value message = call.heap.String(error);
  return call.Return(call.heap.MakeList({&message, 1}));
}

bool MustFromJson(Call& call) {
  if (!Spend(call, call.Text(0).size() / 8)) return false;
  Value v;
  std::string error = ReadJson(call.Text(0), call.heap, &v);
  return error.empty() ? call.Return(v) : call.Fail(std::move(error));
}

constexpr auto kFunctions = std::to_array<Function>({
    {"fromJson", "s", FromJson},
    {"fromJsonArray", "s", FromJsonArray},
    {"mustFromJson", "s", MustFromJson},
    {"mustToJson", "v", MustToJson},
    {"mustToPrettyJson", "v", MustToPrettyJson},
    {"mustToRawJson", "v", ToRawJson},
    {"toJson", "v", ToJson},
    {"toPrettyJson", "v", ToPrettyJson},
    {"toRawJson", "v", ToRawJson},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

std::span<const Function> JsonFunctions() { return kFunctions; }

}  // namespace plumbline::helm
