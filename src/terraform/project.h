// A root module being evaluated: a graph of lazy nodes (variable, local, output, resource and
// module instance), each computed when first asked for and kept. A node that meets itself is a
// cycle. While a node is computed, a collector notes which resource attributes it reads; the same
// mechanism gives the references between resources.
//
// Everything lives in the graph's arena. After evaluation the project stays with the graph as its
// ResourceSource and answers where attributes stand and where their values come from.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "model/resource.h"
#include "terraform/expression.h"
#include "terraform/modules_manifest.h"
#include "terraform/parsed_files.h"
#include "terraform/terraform.h"
#include "terraform/type_constraint.h"

namespace plumbline::terraform {

/// What a reference can lead to: a resource instance or a module call.
struct Target {
  static constexpr std::uint32_t kNoId = 0xFFFFFFFFu;
  std::string_view address;
  std::uint32_t id = kNoId;  // in the graph, once it is there
  bool is_resource = false;  // a ResourceInstance, else a ModuleInstance
};

/// A resource attribute that was read; the attribute is empty for the whole resource.
struct Dependency {
  Target* target = nullptr;
  std::string_view attribute;
};

/// A dependency of one attribute (dotted path without indices) of a resource.
struct AttributeDependency {
  std::string_view path;
  Dependency on;
};

using model::InputMask;

/// The inputs behind one attribute or dynamic block (dotted path without indices).
struct AttributeInputs {
  std::string_view path;
  InputMask inputs = 0;
};

enum class NodeState : std::uint8_t { kNew, kBusy, kDone };

struct Node {
  NodeState state = NodeState::kNew;
  std::uint32_t collected_by = 0;  // the last collector that took the dependencies
  Value value;
  std::span<const Dependency> dependencies;
  InputMask inputs = 0;
  bool on_defaults = false;  // made of defaults of the root module's variables
};

/// The key of an instance, and what each and count are inside it.
struct InstanceKey {
  enum class Kind : std::uint8_t { kSingle, kIndex, kString, kUncertain };
  Kind kind = Kind::kSingle;
  bool has_count = false, has_each = false;
  std::int64_t index = 0;
  std::string_view key;
  Value count_index, each_key, each_value;
  std::string_view suffix;  // [0], ["a"]
  Node* source = nullptr;   // the expansion whose dependencies each.* carries
};

struct ResourceNode;
struct CallNode;

struct ResourceInstance : Target {
  ResourceNode* node = nullptr;
  InstanceKey key;
  Node body;         // value: what references see, with computed attributes
  Value attributes;  // what the configuration sets
  std::span<const AttributeDependency> references;
  std::span<const AttributeInputs> inputs;
};

struct ResourceNode {
  const ResourceDecl* decl = nullptr;
  ModuleInstance* module = nullptr;
  bool unknown_keys = false;
  Node expansion;  // count or for_each
  Node whole;      // all instances as one value
  std::span<ResourceInstance> instances;
};

struct ModuleInstance : Target {
  const ParsedModule* parsed = nullptr;  // null: not there
  ModuleInstance* parent = nullptr;
  CallNode* call = nullptr;
  InstanceKey key;
  std::string_view path;  // path.module
  std::uint32_t depth = 0;
  bool uncertain = false;  // lies below something whose count is unknown
  std::span<Node> variables, locals, outputs;
  std::span<ResourceNode> resources;
  std::span<CallNode> calls;
  Node whole;  // its outputs as one object
  std::span<const Span> call_headers, call_blocks;
  // The remote packages of the module and its callers: their files may be read from here.
  std::span<const std::string_view> packages;
};

struct CallNode {
  const CallDecl* decl = nullptr;
  ModuleInstance* module = nullptr;  // the caller
  bool unknown_keys = false;
  const ParsedModule* target = nullptr;  // null: not there, for `missing`
  const Cause* missing = nullptr;
  std::string_view package;  // of a remote module: the folder it came in
  Node expansion, whole;
  std::span<ModuleInstance> instances;
};

/// A callable that outlives the call it is given to; costs no allocation.
class ComputeRef {
 public:
  template <typename F>
  ComputeRef(F&& f)  // NOLINT: meant to convert
      : self_(&f),
        call_([](void* self) { return (*static_cast<std::remove_reference_t<F>*>(self))(); }) {}
  Value operator()() const { return call_(self_); }

 private:
  void* self_;
  Value (*call_)(void*);
};

/// A value for a root variable from outside of the configuration.
struct InputValue {
  const hcl::Attribute* attribute = nullptr;  // tfvars
  std::string_view text;                      // --var, TF_VAR_
  bool is_text = false;
  std::string what;  // "env/prod.tfvars", "--var", "TF_VAR_x"
};

/// The values from outside in one environment.
struct InputTable {
  std::unordered_map<std::string_view, InputValue> values;
  std::vector<std::string> absent_files;  // given, but not there
  std::string workspace;
};

/// What a graph resource's `node` points to.
struct Record {
  model::Mode mode = model::Mode::kManaged;
  ModuleInstance* module = nullptr;  // where the block stands
  const hcl::Body* body = nullptr;
  const hcl::Block* block = nullptr;
  const InstanceKey* key = nullptr;
  const ResourceInstance* instance = nullptr;  // null for what is no resource or data source
};

class Project final : public model::ResourceSource, public Names {
 public:
  Project(ParsedFiles& files, std::string dir, std::string allowed_root, const Options& options,
          Arena& arena, Diagnostics& diagnostics);

  /// False when the folder cannot be read. The first of `environments` (none: `options` alone) is
  /// entered.
  bool Start(std::span<const Environment> environments = {});
  /// Makes another environment's inputs the current ones and forgets what depends on what differs.
  void Enter(std::size_t environment, Diagnostics& diagnostics);
  /// Evaluates everything that is not known yet and fills the graph.
  void Run(model::ResourceGraph& graph);
  /// Where the inputs in `mask` come from in an environment.
  std::vector<model::OriginStep> Deciders(InputMask mask, std::size_t environment) const;

  ExprEvaluator& evaluator() { return *evaluator_; }
  ModuleInstance* root() { return root_; }

  model::Located Locate(const model::Resource& resource,
                        std::span<const model::PathStep> path) const override;
  std::vector<model::OriginStep> Trace(const model::Resource& resource,
                                       std::span<const model::PathStep> path) const override;
  InputMask VaryingInputs(const model::Resource& resource,
                          std::span<const model::PathStep> path) const override;

 private:
  friend class Locator;
  friend class Tracer;
  friend class TraceSession;
  struct Collector {
    std::uint32_t id = 0;
    Collector* outer = nullptr;
    std::vector<Dependency> list;
    InputMask inputs = 0;
    bool on_defaults = false;
  };
  /// What is noted while a body is evaluated.
  struct BodyNotes {
    std::vector<AttributeDependency> references;
    std::vector<AttributeInputs> inputs;
  };
  /// What a block's body has become so far.
  struct BodyState {
    std::vector<Member> members;
    struct Group {
      std::string_view type;
      std::vector<Value> blocks;
      bool only_unknown = true;  // nothing but dynamic blocks whose number is not known
      void Add(Value block) {
        blocks.push_back(block);
        only_unknown = false;
      }
    };
    std::vector<Group> groups;
    Group& GroupOf(std::string_view type) {
      for (Group& g : groups) {
        if (g.type == type) return g;
      }
      return groups.emplace_back(Group{type, {}, true});
    }
    BodyNotes* notes = nullptr;
    std::uint32_t depth = 0;
  };

  // Names
  bool Resolve(const hcl::Expr& e, const Frame& frame, Value* out, std::size_t* used) override;
  bool OpenAttribute(Value object, std::string_view name, Value* out) override;
  bool RequiresProvider(const Frame& frame, std::string_view provider) override;
  void Touched(Value object, std::string_view name) override;
  std::span<const std::string_view> Packages(const Frame& frame) const override;

  // references.cc
  bool ResolveVariable(const hcl::Expr& e, const Frame& f, Value* out);
  bool ResolveLocal(const hcl::Expr& e, const Frame& f, Value* out);
  bool ResolveModule(const hcl::Expr& e, const Frame& f, Value* out, std::size_t* used);
  bool ResolveResource(const hcl::Expr& e, const Frame& f, std::string_view prefix,
                       std::size_t skip, Value* out, std::size_t* used);
  bool ResolveNode(ResourceNode& resource, const hcl::Expr& e, const Frame& f, std::size_t skip,
                   Value* out, std::size_t* used);
  bool ResolveInstances(ResourceNode& node, const hcl::Expr& e, const Frame& f, Value* out,
                        std::size_t* used);
  bool ResolveEach(const hcl::Expr& e, const Frame& f, Value* out);
  void TakeEach(const InstanceKey& key);
  bool ResolveCount(const hcl::Expr& e, const Frame& f, Value* out);
  bool ResolvePath(const hcl::Expr& e, const Frame& f, Value* out);
  bool ResolveTerraform(const hcl::Expr& e, Value* out);
  bool InstanceAttribute(ResourceInstance& instance, const hcl::Step& step, Value* out);
  bool OutputOf(ModuleInstance& module, const hcl::Step& step, Value* out);
  ResourceNode* FindResource(ModuleInstance& module, std::string_view prefix, std::string_view type,
                             std::string_view name);
  template <typename Instance>
  Instance* FindInstance(std::span<Instance> instances, Value key);
  Value WholeResource(ResourceNode& node);
  Value WholeModule(ModuleInstance& module);
  Value WholeCall(CallNode& call);
  Value MissingOutput(const ModuleInstance& module, std::string_view output);

  // nodes.cc
  Value Force(Node& node, const ModuleInstance* module, std::string_view what, Span span,
              ComputeRef compute);
  Value Circle(const Node& node, const ModuleInstance* module, std::string_view what, Span span);
  void Finish(Collector& collector, Node& node);
  /// Depth and number of leaves of a value, for the bounds on what references can build up.
  struct Extent {
    std::uint32_t depth = 0;
    std::uint64_t leaves = 0;
  };
  Extent Measure(Value v, std::uint32_t depth, std::uint64_t& budget);
  Value Bounded(Value v, Span span);
  void Take(Node& node);
  void Pop(Collector& collector);
  void Touch(Target& target, std::string_view attribute);
  void NoteInputs(InputMask inputs) {
    if (collector_ != nullptr) collector_->inputs |= inputs;
  }
  Value EvalOrUnknown(const hcl::Expr& e, const Frame& f, const Type* type,
                      std::string_view resource);
  Value Refused(const Type* type, std::string_view resource);
  static std::string ReportKey(DiagnosticCode code, std::string_view message, Span span);
  void Report(DiagnosticCode code, std::string message, Span span, std::string_view resource = {});
  Value VariableValue(ModuleInstance& module, std::uint32_t index);
  Value LocalValue(ModuleInstance& module, std::uint32_t index);
  Value OutputValue(ModuleInstance& module, std::uint32_t index);
  void ForceBody(ResourceInstance& instance);

  // conditions.cc
  std::string ConditionMessage(const hcl::Block& block, const Frame& f);
  void Condition(const hcl::Block& block, const Frame& f, std::string_view what,
                 std::string_view address);
  void CheckInstance(ResourceInstance& instance);
  void CheckConditions(ModuleInstance& module);
  void CheckInputNames();
  Value CheckedOutput(ModuleInstance& module, const OutputDecl& decl, Value v);
  void CheckVariableMarks(const VariableDecl& decl, const ModuleInstance& module, Value v,
                          Span span);
  void CheckKeyMarks(std::string_view argument, Value v, Span span, std::string_view address);

  // providers.cc
  const Declaration* ProviderOf(const ResourceNode& node);
  void AddEdge(model::ResourceGraph& graph, ResourceNode& node, std::string_view attribute,
               std::uint32_t target);
  void AddDependsOn(model::ResourceGraph& graph, ResourceNode& node);
  void AddMetaReferences(model::ResourceGraph& graph);

  // variables.cc
  void LoadInputs(const Environment* environment, InputTable& table);
  void LoadInputFile(const std::string& path, bool required, InputTable& table);
  const InputTable& inputs() const { return tables_[environment_]; }
  Value ComputeVariable(ModuleInstance& module, const VariableDecl& decl);
  bool RootInput(const VariableDecl& decl, Value* out);
  Value CheckedVariable(Value v, const VariableDecl& decl, const ModuleInstance& module, Span span);
  const TypeConstraint& Constraint(const VariableDecl& decl);
  bool Nullable(const VariableDecl& decl);
  void Validate(ModuleInstance& module);

  // environments.cc
  void FindVarying();
  InputMask ExistenceMask(const ModuleInstance* module) const;
  InputMask MaskOf(const VariableDecl& decl) const;
  InputMask EnterInputs(std::size_t environment);
  void Forget(ModuleInstance& module, InputMask changed);
  std::size_t CountInstances() const;

  // expansion.cc
  ModuleInstance* NewModule(const ParsedModule* parsed);
  void SetPackages(ModuleInstance& module);
  void FillModule(ModuleInstance& module, const ParsedModule* parsed);
  void Expand(ResourceNode& node);
  void Expand(CallNode& call);
  struct Keys;
  Keys ComputeKeys(ModuleInstance& module, const hcl::Attribute* count,
                   const hcl::Attribute* for_each, std::string_view address);
  Keys CountKeys(ModuleInstance& module, const hcl::Attribute& count, std::string_view address);
  Keys ForEachKeys(ModuleInstance& module, const hcl::Attribute& for_each,
                   std::string_view address);
  Keys UncertainKeys(Value why, bool is_count, const Type* element);
  bool AllowInstances(std::size_t n, Span span, std::string_view address);
  void FindTarget(CallNode& call);
  void LookForTarget(CallNode& call);
  bool ResolveSource(CallNode& call, std::string* dir);
  bool ResolveRemote(CallNode& call, Span span, std::string* dir);
  bool Missing(CallNode& call, Span span, DiagnosticCode code, std::string cause,
               std::string message);
  void CheckArguments(CallNode& call);
  std::string_view Address(const ModuleInstance& module, std::string_view name);

  // body.cc
  /// Where a body stands: its resource's address and the dotted path of block types that led to it.
  struct Place {
    std::string_view resource;
    std::string_view prefix;
    bool top = true;
    bool (*skip)(std::string_view) = nullptr;  // top-level names to leave out
    ResourceInstance* instance = nullptr;      // its nested blocks have computed attributes too
    bool persistent = false;                   // what is set here is stored in the state
  };
  void CheckArgument(const hcl::Attribute& a, const Place& place, Value v);
  Value EvalBody(const hcl::Body& body, const Frame& f, const Place& place, std::uint32_t depth,
                 BodyNotes& notes);
  void EvalAttribute(const hcl::Attribute& a, const Frame& f, const Place& place, BodyState& state);
  void EvalBlock(const hcl::Block& block, const Frame& f, const Place& place, BodyState& state);
  void EvalDynamic(const hcl::Block& block, const Frame& f, const Place& place, BodyState& state);
  void AddReferences(Collector& collector, std::string_view path, Value v,
                     std::vector<AttributeDependency>& out);
  Value EvalLifecycle(const hcl::Block& block);

  // computed.cc
  Value ReferenceValue(ResourceInstance& instance);
  Value Computed(ResourceInstance& instance, std::string_view attribute);
  Value ComputedUnknown(ResourceInstance& instance, std::string_view attribute,
                        std::string_view cause);
  void AddComputed(ResourceInstance& instance, std::vector<Member>& members);
  Value RenderedTemplateFile(ResourceInstance& instance);

  // graph.cc
  void EvaluateAll();
  void EvaluateModule(ModuleInstance& module);
  void AddModule(ModuleInstance& module, model::ResourceGraph& graph);
  void AddResources(ModuleInstance& module, model::ResourceGraph& graph);
  void AddCalls(ModuleInstance& module, model::ResourceGraph& graph);
  void AddDeclarations(ModuleInstance& module, model::ResourceGraph& graph);
  model::Resource& Add(model::ResourceGraph& graph, ModuleInstance& module, model::Mode mode,
                       std::string_view type, std::string_view name, std::string_view address,
                       const Declaration& decl);
  Value VariableAttributes(ModuleInstance& module, std::uint32_t index);
  Value OutputAttributes(ModuleInstance& module, std::uint32_t index,
                         std::span<const AttributeDependency>* references);
  Value PlainAttributes(ModuleInstance& module, const Declaration& decl, const InstanceKey* key,
                        Place place, std::span<const AttributeDependency>* references);
  std::string_view SourceText(Span span) const;
  void SetReferences(model::ResourceGraph& graph);

  bool MayReach(const std::string& real_path, const ModuleInstance* from = nullptr) const;
  FunctionContext MakeFunctionContext(Arena& arena);

  std::shared_ptr<ParsedFiles> files_;
  std::string dir_, allowed_root_;  // resolved
  Options options_;
  Diagnostics* diagnostics_;  // null once evaluation is over
  // Tracing evaluates again, with an arena of its own: the graph's belongs to whoever runs the
  // rules.
  Arena* arena_;
  std::unique_ptr<ExprEvaluator> main_evaluator_;
  ExprEvaluator* evaluator_;
  ModuleInstance* root_ = nullptr;
  std::vector<ManifestEntry> manifest_;
  std::vector<Environment> environments_;
  std::vector<InputTable> tables_;  // one an environment
  std::size_t environment_ = 0;
  std::unordered_map<std::string_view, InputMask> varying_;  // by variable
  InputMask workspace_mask_ = 0;
  // A diagnostic stays true until one of the inputs behind it changes.
  std::vector<std::pair<InputMask, Diagnostic>> kept_;
  Diagnostics unclaimed_;  // of nodes that are not finished yet
  std::unordered_map<const VariableDecl*, TypeConstraint> constraints_;
  std::unordered_map<const ObjectRep*, ResourceInstance*> open_objects_;
  std::unordered_map<const ObjectRep*, ResourceInstance*> open_blocks_;  // nested ones
  std::unordered_map<const void*, Extent> extents_;             // of the containers that nodes hold
  std::unordered_map<const CallDecl*, std::string> call_dirs_;  // resolved local sources
  std::unordered_map<const CallDecl*, const ParsedModule*> call_targets_;
  std::unordered_set<std::string> reported_;
  std::unordered_set<const ParsedModule*> described_;
  std::unordered_map<const Declaration*, std::uint32_t> provider_ids_;
  /// The nodes being computed, outermost first, for the chain that a cycle's message shows.
  struct Busy {
    const Node* node = nullptr;
    const ModuleInstance* module = nullptr;
    std::string_view what;
  };
  std::vector<Busy> busy_;
  std::vector<std::pair<std::uint32_t, std::span<const AttributeDependency>>> pending_references_;
  std::vector<ModuleInstance*> modules_;  // all instances, callers before what they call
  std::size_t instance_count_ = 0;
  std::uint32_t next_collector_ = 0;
  std::uint32_t quiet_ = 0;  // inside something that may not exist: no diagnostics
  Collector* collector_ = nullptr;
  bool limit_reported_ = false;
  bool lasting_report_ = false;  // what is reported now does not depend on values
  bool ephemeral_used_ = false;  // some value carries the mark
  // A root module without providers and values is a library that others call; that its defaults
  // alone do not add up is no fault.
  bool is_library_ = false;
  mutable std::mutex trace_mutex_;
};

/// The name of the manifest entry of a call: "eks.kms" for module.eks.module.kms.
std::string ManifestKey(const ModuleInstance& caller, std::string_view call);

}  // namespace plumbline::terraform
