// toYaml, fromYaml and their kin.
#include <algorithm>
#include <array>

#include "helm/functions/common.h"
#include "helm/functions/yaml_write.h"
#include "helm/yaml_values.h"

namespace plumbline::helm {
namespace {

bool Write(Call& call, YamlDialect dialect) {
  YamlText yaml = WriteYaml(call.heap, call.args[0], dialect);
  if (!yaml.ok) return call.Return(Value::String(""));
  std::string_view text = yaml.text;
  if (text.ends_with('\n')) text.remove_suffix(1);
  OriginId origin = 0;
  if (yaml.has_origins) {
    auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
    yaml.lines.resize(std::min(yaml.lines.size(), lines));
    origin = call.heap.AddOrigin(yaml.lines);
  }
  return ReturnText(call, text, origin);
}

bool ToYaml(Call& call) { return Write(call, YamlDialect::kSigs); }
bool ToYamlPretty(Call& call) { return Write(call, YamlDialect::kGoV3); }

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

// The document, if it is of the wanted kind; nil is no fault.
std::string Read(Call& call, Kind wanted, std::string_view type, Value* out) {
  YamlReading reading = ReadYaml(call.heap, kNoFile, call.Text(0), call.args[0].origin());
  if (!reading.error.empty()) return reading.error;
  *out = reading.value;
  if (out->is_nil() || out->kind() == wanted) return {};
  return fmt::format(
      "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {} into Go value of "
      "type {}",
      JsonKind(*out), type);
}

bool FromYaml(Call& call) {
  if (!Spend(call, call.Text(0).size() / 8)) return false;
  Value v;
  std::string error = Read(call, Kind::kMap, "map[string]interface {}", &v);
  if (error.empty() && !v.is_nil()) return call.Return(v);
  Map* map = call.heap.MakeMap();
  if (!error.empty()) map->Set(call.heap, "Error", call.heap.String(error));
  return call.Return(Value::Of(map));
}

bool FromYamlArray(Call& call) {
  if (!Spend(call, call.Text(0).size() / 8)) return false;
  Value v;
  std::string error = Read(call, Kind::kList, "[]interface {}", &v);
  if (error.empty() && !v.is_nil()) return call.Return(v);
  std::vector<Value> items;
  if (!error.empty()) items.push_back(call.heap.String(error));
  return ReturnList(call, items);
}

constexpr auto kFunctions = std::to_array<Function>({
    {"fromYaml", "s", FromYaml},
    {"fromYamlArray", "s", FromYamlArray},
    {"toYaml", "v", ToYaml},
    {"toYamlPretty", "v", ToYamlPretty},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

std::span<const Function> YamlFunctions() { return kFunctions; }

}  // namespace plumbline::helm
