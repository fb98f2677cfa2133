// Templates with all of Helm's functions: the text is read and run, and its lines are traced.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "gotmpl/executor.h"
#include "helm/functions/functions.h"
#include "helm/yaml_values.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plumbline;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  gotmpl::Heap heap;
  gotmpl::FunctionSet functions;
  helm::AddFunctions(functions);
  auto parsed = gotmpl::Parse({"t", text, 0}, functions, heap.arena());
  if (!parsed) return parsed.error().message.empty() ? (std::abort(), 0) : 0;
  gotmpl::TemplateSet set;
  for (const gotmpl::Template& t : *parsed) set.Add(t);
  constexpr std::string_view kValues =
      "Values: {s: text, n: 5, l: [1, b, null], m: {a: 1}, t: '{{ .n }}'}\n";
  gotmpl::ExecutionLimits limits{.steps = 20'000, .output_bytes = 1u << 20, .depth = 50};
  gotmpl::Executor executor(heap, functions, set, limits, true);
  gotmpl::Output out(true);
  bool ok = executor.Execute((*parsed)[0], helm::ReadYaml(heap, 1, kValues).value, out);
  if (ok == !executor.error().message.empty()) std::abort();
  return 0;
}
