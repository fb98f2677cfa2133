// Rule and model files → definitions → image → a run over a resource: whatever the text, an error
// or a result.
#include <cstdint>
#include <string>

#include "engine/compile.h"
#include "engine/definition.h"
#include "engine/read_definitions.h"
#include "engine/rule_set_impl.h"
#include "value/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plumbline;
  engine::Definitions definitions;
  std::string text(reinterpret_cast<const char*>(data), size);
  engine::ReadDefinitionFile("rule.yaml", std::move(text), {}, definitions);
  const std::string image = engine::CompileImage(definitions, {});
  if (image.empty()) return 0;
  auto impl = std::make_unique<engine::RuleSet::Impl>();
  impl->AddUserImage(image, true);
  const engine::RuleSet rules(std::move(impl));
  model::ResourceGraph graph;
  model::Resource resource;
  resource.type = "x";
  resource.address = "x.a";
  auto attributes = ParseJson(
      graph.arena(), R"({"a": [{"b": 1}, {"b": "2"}], "c": {"d": [null, true]}})", Limits());
  if (attributes) resource.attributes = *attributes;
  graph.Add(resource);
  graph.Link();
  engine::Run(rules, engine::Selection(rules.size(), true), graph, {.passes = true});
  return 0;
}
