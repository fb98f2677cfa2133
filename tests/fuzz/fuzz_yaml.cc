// YAML and JSON text → trees → Kubernetes objects, with every span within the text.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "kubernetes/kubernetes.h"
#include "value/json.h"

namespace plumbline {
namespace {

void CheckSpans(const yaml::Node& node, std::size_t size) {
  if (node.span.begin > node.span.end || node.span.end > size) std::abort();
  if (node.anchor != nullptr) return;  // its children are checked where the anchor stands
  for (const yaml::Entry& e : node.entries) {
    if (e.key_span.end > size) std::abort();
    if (!e.merge.valid()) CheckSpans(*e.value, size);
  }
  for (const yaml::Node* item : node.items) CheckSpans(*item, size);
}

}  // namespace
}  // namespace plumbline

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plumbline;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  Limits limits;
  limits.max_yaml_nodes = 20'000;
  Arena arena;
  Diagnostics diagnostics;
  for (const yaml::Document& d : yaml::Parse(0, text, arena, limits, diagnostics)) {
    if (d.root == nullptr) continue;
    CheckSpans(*d.root, size);
    ToJson(d.root->value);
  }
  kubernetes::LooksLikeManifest(text);
  model::ResourceGraph graph;
  kubernetes::AddManifests(0, text, limits, graph, diagnostics);
  kubernetes::AddReferences(graph);
  graph.Link();
  return 0;
}
