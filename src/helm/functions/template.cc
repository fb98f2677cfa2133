// Helm's functions that run templates or end the run, and those that would ask the world.
#include <algorithm>
#include <array>

#include "helm/functions/common.h"
#include "helm/functions/functions.h"

namespace plumbline::helm {
namespace {

bool Include(Call& call) {
  Value text;
  std::string error;
  if (!call.executor.Include(call.Text(0), call.args[1], &text, &error))
    return call.Fail(std::move(error));
  return call.Return(text);
}

constexpr std::string_view kNoValue = "<no value>";

// Text that is made by tpl loses what missing values left in it.
bool Tpl(Call& call) {
  Value text;
  std::string error;
  if (!call.executor.RunText(call.args[0], call.args[1], &text, &error))
    return call.Fail(std::move(error));
  if (text.as_string().find(kNoValue) == std::string_view::npos) return call.Return(text);
  std::string out;
  std::string_view rest = text.as_string();
  for (std::size_t at = 0; (at = rest.find(kNoValue)) != std::string_view::npos;) {
    out += rest.substr(0, at);
    rest.remove_prefix(at + kNoValue.size());
  }
  return ReturnText(call, out.append(rest), text.origin());
}

std::string Marked(std::string_view message) {
  return fmt::format("{}{}{}", kMessageBegin, message, kMessageEnd);
}

bool Required(Call& call) {
  Value v = call.args[1];
  if (v.is_nil() || (v.is_string() && v.as_string().empty()))
    return call.Fail(Marked(call.Text(0)));
  return call.Return(v);
}

bool FailWith(Call& call) { return call.Fail(Marked(call.Text(0))); }

// There is no cluster.
bool Lookup(Call& call) { return call.Return(Value::Of(call.heap.MakeMap())); }
bool GetHostByName(Call& call) { return call.Return(Value::String("")); }

constexpr auto kFunctions = std::to_array<Function>({
    {"fail", "s", FailWith},
    {"getHostByName", "s", GetHostByName},
    {"include", "sv", Include},
    {"lookup", "ssss", Lookup},
    {"required", "sv", Required},
    {"tpl", "sv", Tpl},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

std::span<const Function> TemplateFunctions() { return kFunctions; }

}  // namespace plumbline::helm
