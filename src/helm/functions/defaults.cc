// Defaults, and what a value is: default, empty, ternary, typeOf, kindIs …
#include <algorithm>
#include <array>

#include "helm/functions/common.h"

namespace plumbline::helm {
namespace {

bool Default(Call& call) {
  bool given = call.args.size() > 1 && !IsEmpty(call.args[1]);
  return call.Return(call.args[given ? 1 : 0]);
}

bool Empty(Call& call) { return ReturnBool(call, IsEmpty(call.args[0])); }

bool Coalesce(Call& call) {
  auto it = std::ranges::find_if_not(call.args, IsEmpty);
  return call.Return(it != call.args.end() ? *it : Value::Nil());
}

bool All(Call& call) { return ReturnBool(call, std::ranges::none_of(call.args, IsEmpty)); }
bool Any(Call& call) { return ReturnBool(call, !std::ranges::all_of(call.args, IsEmpty)); }
bool Ternary(Call& call) { return call.Return(call.args[call.args[2].as_bool() ? 0 : 1]); }

bool TypeOf(Call& call) { return call.Return(gotmpl::TypeName(call.args[0])); }
bool TypeIs(Call& call) { return ReturnBool(call, call.Text(0) == gotmpl::TypeName(call.args[1])); }
bool TypeIsLike(Call& call) {
  std::string type = gotmpl::TypeName(call.args[1]);
  return ReturnBool(call, call.Text(0) == type || "*" + std::string(call.Text(0)) == type);
}
bool KindOf(Call& call) { return call.Return(gotmpl::KindName(call.args[0])); }
bool KindIs(Call& call) { return ReturnBool(call, call.Text(0) == gotmpl::KindName(call.args[1])); }
bool DeepEqual(Call& call) {
  return ReturnBool(call, gotmpl::DeepEqual(call.args[0], call.args[1]));
}

constexpr auto kFunctions = std::to_array<Function>({
    {"all", "v*", All},
    {"any", "v*", Any},
    {"coalesce", "v*", Coalesce},
    {"deepEqual", "vv", DeepEqual},
    {"default", "vv*", Default},
    {"empty", "v", Empty},
    {"kindIs", "sv", KindIs},
    {"kindOf", "v", KindOf},
    {"ternary", "vvb", Ternary},
    {"typeIs", "sv", TypeIs},
    {"typeIsLike", "sv", TypeIsLike},
    {"typeOf", "v", TypeOf},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

std::span<const Function> DefaultFunctions() { return kFunctions; }

}  // namespace plumbline::helm
