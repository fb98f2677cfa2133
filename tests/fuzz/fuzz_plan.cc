// The plan reader, and everything made of what it read, on one text.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "model/resource.h"
#include "support/source.h"
#include "terraform/plan.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plumbline;
  SourceMap sources;
  FileId file = sources.Add("plan.json", std::string(reinterpret_cast<const char*>(data), size));
  Diagnostics diagnostics;
  auto plan = terraform::LoadPlan(sources, file, Limits(), diagnostics);
  if (plan == nullptr) return 0;
  model::ResourceGraph graph;
  terraform::EvaluatePlan(plan, nullptr, "", "", {}, graph, diagnostics);
  for (const model::Resource& r : graph) {
    for (const Member& m : r.attributes.members())
      r.source->Locate(r, model::Path{{m.key}, {{}, 0}});
  }
  return 0;
}
