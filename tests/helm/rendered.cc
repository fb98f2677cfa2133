#include "helm/functions_test.h"
#include "helm/yaml_values.h"

namespace plumbline::helm {
namespace {

constexpr std::string_view kValues =
    "Values:\n  million: 1000000\n  big: 12345678901\n"
    "  nested: {x: {k: deep}, ports: [{name: http, port: 80}]}\n";

// Without the way through the templates and the marks of the user's own words.
std::string Reason(std::string message) {
  auto at = message.rfind(">: ");
  if (at != std::string::npos) message.erase(0, at + 3);
  std::erase_if(message, [](char c) {
    return kMessageBegin.find(c) != std::string_view::npos ||
           kMessageEnd.find(c) != std::string_view::npos;
  });
  return "ERROR " + message;
}

}  // namespace

std::string Rendered(std::string_view text, gotmpl::ExecutionLimits limits) {
  gotmpl::Heap heap;
  gotmpl::FunctionSet functions;
  AddFunctions(functions);
  auto parsed = gotmpl::Parse({"t", text, kNoFile}, functions, heap.arena());
  if (!parsed) return Reason(parsed.error().message);
  gotmpl::TemplateSet set;
  for (const gotmpl::Template& t : *parsed) set.Add(t);
  gotmpl::Executor executor(heap, functions, set, limits, true);
  gotmpl::Output out(true);
  if (!executor.Execute((*parsed)[0], ReadYaml(heap, 0, kValues).value, out))
    return Reason(executor.error().message);
  return out.text();
}

}  // namespace plumbline::helm
