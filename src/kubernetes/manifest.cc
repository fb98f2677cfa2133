// Manifests → resources: every document with an apiVersion and a kind is an object; lists are
// unfolded.
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "kubernetes/kubernetes.h"
#include "kubernetes/manifest_source.h"
#include "kubernetes/names.h"
#include "value/number.h"

namespace plumbline::kubernetes {
namespace {

constexpr int kMaxListNesting = 16;

class Adder {
 public:
  Adder(model::ResourceGraph& graph, model::Framework framework)
      : graph_(graph), framework_(framework) {}

  // `kind` and `api_version` are the list's for items that don't say their own.
  void AddObject(const yaml::Node& node, std::string_view api_version, std::string_view kind,
                 int nesting) {
    Value attributes = node.value;
    if (!attributes.is_mapping()) return;
    std::string_view own_version = StringAt(attributes, {"apiVersion"});
    std::string_view own_kind = StringAt(attributes, {"kind"});
    if (own_version.empty() && own_kind.empty() && !kind.empty()) {
      attributes = WithTypeOf(attributes, api_version, kind);
      own_version = api_version;
      own_kind = kind;
    }
    if (own_version.empty() || own_kind.empty()) return;
    const yaml::Node* items = node.Find("items");
    if (own_kind.ends_with("List") && items != nullptr && items->value.is_sequence()) {
      std::string_view item_kind = own_kind.substr(0, own_kind.size() - 4);
      if (nesting >= kMaxListNesting) return;
      for (const yaml::Node* item : items->items) {
        AddObject(*item, own_version, item_kind, nesting + 1);
      }
      return;
    }
    Add(node, attributes, own_version, own_kind);
  }

 private:
  Value WithTypeOf(Value attributes, std::string_view api_version, std::string_view kind) {
    std::vector<Member> members(attributes.members().begin(), attributes.members().end());
    members.push_back({"apiVersion", Value::String(api_version)});
    members.push_back({"kind", Value::String(kind)});
    return MakeObject(graph_.arena(), members);
  }

  void Add(const yaml::Node& node, Value attributes, std::string_view api_version,
           std::string_view kind) {
    if (source_ == nullptr) source_ = graph_.Own(std::make_unique<ManifestSource>());
    model::Resource r = MakeObjectResource(graph_.arena(), attributes, api_version, kind);
    r.framework = framework_;
    r.address = ObjectAddress(graph_.arena(), r, kind);
    r.span = node.span;
    const yaml::Entry* entry = node.FindEntry("kind");
    r.header =
        entry != nullptr && !entry->merge.valid() && entry->value->span.file == entry->key_span.file
            ? Join(entry->key_span, entry->value->span)
            : Span{node.span.file, node.span.begin, node.span.begin};
    r.source = source_;
    r.node = &node;
    graph_.Add(std::move(r));
  }

  model::ResourceGraph& graph_;
  const model::Framework framework_;
  ManifestSource* source_ = nullptr;
};

}  // namespace

void AddManifests(FileId file, std::string_view text, const Limits& limits,
                  model::ResourceGraph& graph, Diagnostics& diagnostics) {
  AddDocuments(yaml::Parse(file, text, graph.arena(), limits, diagnostics),
               model::Framework::kKubernetes, graph);
}

void AddDocuments(std::span<const yaml::Document> documents, model::Framework framework,
                  model::ResourceGraph& graph) {
  Adder adder(graph, framework);
  for (const yaml::Document& d : documents) {
    if (d.root != nullptr) adder.AddObject(*d.root, {}, {}, 0);
  }
}

}  // namespace plumbline::kubernetes
