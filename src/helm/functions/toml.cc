// toToml and fromToml.
#include "helm/functions/toml.h"

#include <array>

#include "helm/functions/common.h"

namespace plumbline::helm {
namespace {

bool ToToml(Call& call) {
  std::string error;
  std::string out = WriteToml(call.heap, call.args[0], &error);
  if (error.starts_with("reflect:")) return call.Fail(std::move(error));
  return ReturnText(call, error.empty() ? out : error);
}

bool FromToml(Call& call) {
  if (!Spend(call, call.Text(0).size() / 8)) return false;
  Value v;
  std::string error = ReadToml(call.heap, call.Text(0), &v);
  if (!error.empty()) v.map().Set(call.heap, "Error", call.heap.String(error));
  return call.Return(v);
}

constexpr auto kFunctions = std::to_array<Function>({
    {"fromToml", "s", FromToml},
    {"toToml", "v", ToToml},
});

}  // namespace

std::span<const Function> TomlFunctions() { return kFunctions; }

}  // namespace plumbline::helm
