// Terraform's kubernetes_* resources, kubernetes_manifest and kubectl_manifest → the objects they
// make, with their places in the .tf files. What is unknown stays unknown.
#include <memory>
#include <string>
#include <vector>

#include "kubernetes/kubernetes.h"
#include "kubernetes/names.h"
#include "kubernetes/terraform_schema.h"
#include "kubernetes/terraform_source.h"
#include "yaml/yaml.h"

namespace plumbline::kubernetes {
namespace {

using model::Resource;

constexpr int kMaxDepth = 100;  // no manifest nests this deep

/// Builds the manifest's values.
class Converter {
 public:
  explicit Converter(Arena& arena) : arena_(arena) {}

  Value Object(std::string_view parent, Value block, int depth) {
    std::vector<Member> members;
    AddMembers(parent, block, depth, members);
    return MakeObject(arena_, members);
  }

  void AddMembers(std::string_view parent, Value block, int depth, std::vector<Member>& out) {
    for (const Member& m : block.members()) {
      if (m.value.is_null()) continue;
      Mapped mapped = MapEntry(parent, m.key, m.value);
      if (mapped.shape == Shape::kDropped) continue;
      if (mapped.shape == Shape::kFlatten) {
        Value inner = OnlyBlock(m.value);
        if (depth < kMaxDepth) AddMembers(parent, inner, depth + 1, out);
        continue;
      }
      Value v = Convert(m.key, m.value, mapped.shape, depth);
      if (!v.is_null()) out.push_back({arena_.CopyString(mapped.key), v});
    }
  }

 private:
  // A single block is a list with one element.
  static Value OnlyBlock(Value v) {
    if (!v.is_sequence()) return v;
    return v.items().empty() ? Value() : v.items()[0];
  }

  Value Convert(std::string_view key, Value v, Shape shape, int depth) {
    if (depth >= kMaxDepth || v.is_unknown()) return v;
    if (shape == Shape::kRaw) return v;
    if (shape == Shape::kRawBlock) return OnlyBlock(v);
    if (shape == Shape::kObject) return ObjectOrUnknown(key, OnlyBlock(v), depth);
    if (!v.is_sequence()) {
      Value only = ObjectOrUnknown(key, v, depth);
      return MakeTuple(arena_, std::span<const Value>(&only, 1));
    }
    std::vector<Value> items;
    for (Value item : v.items()) items.push_back(ObjectOrUnknown(key, item, depth));
    return MakeTuple(arena_, items);
  }

  Value ObjectOrUnknown(std::string_view key, Value v, int depth) {
    return v.is_mapping() ? Object(key, v, depth + 1) : v;
  }

  Arena& arena_;
};

class Adder {
 public:
  explicit Adder(model::ResourceGraph& graph) : graph_(graph) {}

  void AddAll() {
    std::size_t count = graph_.size();  // what is added below is none of Terraform's own
    for (std::uint32_t id = 0; id < count; ++id) {
      const Resource& r = graph_.at(id);
      if (r.framework != model::Framework::kTerraform || r.mode != model::Mode::kManaged) continue;
      if (r.type == "kubernetes_manifest") {
        if (const Value* v = r.attributes.Find("manifest")) Add(r, *v, Mapping::kManifest);
      } else if (r.type == "kubectl_manifest") {
        AddYaml(r);
      } else if (const ObjectType* type = FindObjectType(r.type)) {
        AddBlocks(r, *type);
      }
    }
  }

 private:
  void AddYaml(const Resource& r) {
    std::string_view text = StringAt(r.attributes, {"yaml_body"});
    if (text.empty()) return;
    // Faults in the text are Terraform's to report when it is applied; there is no file to point
    // at.
    Diagnostics ignored;
    Arena& arena = graph_.arena();
    for (const yaml::Document& d : yaml::Parse(kNoFile, text, arena, Limits{}, ignored)) {
      if (d.root != nullptr) Add(r, d.root->value, Mapping::kYamlBody);
    }
  }

  void AddBlocks(const Resource& r, const ObjectType& type) {
    Arena& arena = graph_.arena();
    std::vector<Member> members = {{"apiVersion", Value::String(type.api_version)},
                                   {"kind", Value::String(type.kind)}};
    Converter(arena).AddMembers({}, r.attributes, 0, members);
    if (type.kind == "ServiceAccount" && type.terraform == "default_service_account") {
      members.push_back({"metadata", WithName(r.attributes, "default")});
    }
    Add(r, MakeObject(arena, members), Mapping::kBlocks);
  }

  // kubernetes_default_service_account always manages the account called "default".
  Value WithName(Value attributes, std::string_view name) {
    Value metadata;
    if (const Value* v = attributes.Find("metadata")) {
      metadata = v->items().empty() ? *v : v->items()[0];
    }
    Value object = Converter(graph_.arena()).Object("metadata", metadata, 1);
    std::vector<Member> members(object.members().begin(), object.members().end());
    members.push_back({"name", Value::String(name)});
    return MakeObject(graph_.arena(), members);
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
