// Terraform's kubernetes_* resources and kubernetes_manifest → the objects they make, with their
// places in the .tf files.
#include <string>
#include <vector>

#include "kubernetes/kubernetes.h"
#include "kubernetes/names.h"
#include "kubernetes/terraform_source.h"

namespace plumbline::kubernetes {
namespace {

using model::Resource;

class Adder {
 public:
  explicit Adder(model::ResourceGraph& graph) : graph_(graph) {}

  void AddAll() {
    std::size_t count = graph_.size();
    for (std::uint32_t id = 0; id < count; ++id) {
      const Resource& r = graph_.at(id);
      if (r.framework != model::Framework::kTerraform || r.mode != model::Mode::kManaged) continue;
      if (r.type == "kubernetes_manifest") AddManifest(r);
    }
  }

 private:
  void AddManifest(const Resource& r) {
    const Value* manifest = r.attributes.Find("manifest");
    if (manifest != nullptr) Add(r, *manifest, Mapping::kManifest);
  }

  void Add(const Resource& from, Value object, Mapping mapping) {
    std::string_view api_version = StringAt(object, {"apiVersion"});
    std::string_view kind = StringAt(object, {"kind"});
    if (api_version.empty() || kind.empty()) return;
    if (source_ == nullptr) source_ = graph_.Own(std::make_unique<TerraformSource>());
    Resource r = MakeObjectResource(graph_.arena(), object, api_version, kind);
    r.framework = model::Framework::kTerraform;
    r.address = from.address;
    r.module = from.module;
    r.header = from.header;
    r.span = from.span;
    r.module_calls = from.module_calls;
    r.module_call_blocks = from.module_call_blocks;
    r.source = source_;
    r.node = graph_.arena().New<TerraformOrigin>(&from, mapping);
    graph_.Add(std::move(r));
  }

  model::ResourceGraph& graph_;
  TerraformSource* source_ = nullptr;
};

}  // namespace

void AddFromTerraform(model::ResourceGraph& graph) { Adder(graph).AddAll(); }

}  // namespace plumbline::kubernetes
