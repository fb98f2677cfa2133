// The unified resource model: what every front end produces and every rule reads.
//
// A front end (Terraform, Kubernetes, …) fills a ResourceGraph with evaluated resources. Source
// positions and origins are not stored with the values: a `ResourceSource`, implemented by the
// front end, answers for one attribute when a rule has failed on it.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "support/arena.h"
#include "support/source.h"
#include "value/value.h"

namespace plumbline::model {

enum class Framework : std::uint8_t { kTerraform, kKubernetes, kHelm, kKustomize, kCloudFormation };
/// "terraform", "kubernetes", …
std::string_view FrameworkName(Framework framework);

/// What kind of declaration a resource stands for. Rules normally see managed and data resources;
/// the others let rules speak about the configuration itself (`on: terraform:module`).
enum class Mode : std::uint8_t {
  kManaged,
  kData,
  kModuleCall,
  kProvider,
  kVariable,
  kOutput,
  kTerraform
};
std::string_view ModeName(Mode mode);

/// `.key` or `[index]` (index ≥ 0) on the way into a resource's attributes.
struct PathStep {
  std::string_view key;
  std::int64_t index = -1;
  bool is_index() const { return index >= 0; }
};
using Path = std::vector<PathStep>;
/// "spec.containers[0].image"
std::string PathToString(std::span<const PathStep> path);

/// One step from a finding's attribute towards the literal that a person edits.
struct OriginStep {
  Span span;
  std::string what;  // "variable \"cidrs\"", "argument cidrs of module.web", "env/prod.tfvars"
};

/// Where an attribute stands. `exact` is false when the attribute is absent and `span` is its
/// nearest ancestor's.
struct Located {
  Span span;
  bool exact = false;
};

struct Resource;

/// Which of the inputs that differ between the environments of a project something depends on: one
/// bit each, as the front end numbers them.
using InputMask = std::uint64_t;

/// A front end's memory of where things came from. Thread-safe after the graph is built.
class ResourceSource {
 public:
  virtual ~ResourceSource() = default;
  /// The attribute's name-and-value range (Terraform), the key and value (YAML); for an absent
  /// attribute the header of the innermost existing block that would hold it.
  virtual Located Locate(const Resource& resource, std::span<const PathStep> path) const = 0;
  /// From just behind the attribute itself to the literal; empty when the value is written in
  /// place.
  virtual std::vector<OriginStep> Trace(const Resource& resource,
                                        std::span<const PathStep> path) const = 0;
  /// The inputs behind an attribute, or behind there being the resource at all.
  virtual InputMask VaryingInputs(const Resource&, std::span<const PathStep>) const { return 0; }
};

/// `attribute` (dotted path without indices, e.g. "ingress.security_groups") of a resource refers
/// to another one.
struct Reference {
  std::string_view attribute;
  std::uint32_t target = 0;           // index in the graph
  std::string_view target_attribute;  // "id", "arn"; empty when not known
};

struct Resource {
  Framework framework = Framework::kTerraform;
  Mode mode = Mode::kManaged;
  std::string_view type;     // "aws_s3_bucket"; "apps/v1/Deployment" ("v1/Pod" for the core group)
  std::string_view name;     // label; metadata.name
  std::string_view address;  // module.a["k"].aws_s3_bucket.b[0]; Deployment/namespace/name
  std::string_view module;   // module.a["k"], empty in the root module
  std::string_view ns;       // Kubernetes namespace ("" when not namespaced or not given)
  std::string_view construct;  // CDK for Terraform: path of the construct that made it, else empty
  Value attributes;            // object; Kubernetes: the whole manifest
  Span header;                 // the block's header, the document's `kind:` line
  Span span;                   // the whole block or document
  std::span<const Span> module_calls;  // headers of the module calls above it, outermost first
  std::span<const Span> module_call_blocks;  // the same calls' whole blocks
  const ResourceSource* source = nullptr;
  const void* node = nullptr;                // for `source` alone
  std::uint32_t id = 0;                      // its index in the graph
  std::vector<Reference> references;         // what this refers to, distinct, in source order
  std::vector<std::uint32_t> referenced_by;  // filled by ResourceGraph::Link
};

/// The resources of one project (a root module, a tree of manifests) and the references between
/// them.
class ResourceGraph {
 public:
  Resource& Add(Resource resource);
  /// Builds the reverse references and the indices; call once after the last Add.
  void Link();

  std::span<const std::uint32_t> OfType(std::string_view type) const;
  const Resource* FindAddress(std::string_view address) const;
  const Resource& at(std::uint32_t id) const { return resources_[id]; }
  Resource& at(std::uint32_t id) { return resources_[id]; }
  std::size_t size() const { return resources_.size(); }
  auto begin() const { return resources_.begin(); }
  auto end() const { return resources_.end(); }

  Arena& arena() { return arena_; }
  /// Keeps a front end's source alive as long as the graph.
  template <typename T>
  T* Own(std::unique_ptr<T> source) {
    T* p = source.get();
    sources_.push_back(std::move(source));
    return p;
  }
  /// The folder (as shown to the user) this project stands in.
  std::string root;

 private:
  Arena arena_;
  std::deque<Resource> resources_;
  std::unordered_map<std::string_view, std::vector<std::uint32_t>> by_type_;
  std::unordered_map<std::string_view, std::uint32_t> by_address_;
  std::vector<std::unique_ptr<ResourceSource>> sources_;
};

}  // namespace plumbline::model
