// A plan's resources join the graph one of two ways. With sources, the root module is evaluated as
// in a scan of the sources, with the variables of the plan; then each instance takes over what the
// plan knows, and instances that only the plan can count are made from the block they come from.
// Without, attributes are what the plan's configuration section says is set, and references what
// its expressions mention.
#include "terraform/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "terraform/config.h"
#include "terraform/parsed_files.h"
#include "terraform/plan_configuration.h"
#include "terraform/plan_file.h"
#include "terraform/plan_source.h"
#include "terraform/plan_values.h"
#include "value/json.h"

namespace plumbline::terraform {
namespace {

using model::Mode;
using Ids = std::vector<std::uint32_t>;

/// A value in the form of --var: text as it is, everything else as an expression.
std::string VariableText(Value v) {
  if (v.is_string()) return std::string(v.as_string());
  std::string json = ToJson(v), out;
  for (std::size_t i = 0; i < json.size(); ++i) {
    if ((json[i] == '$' || json[i] == '%') && i + 1 < json.size() && json[i + 1] == '{')
      out += json[i];
    out += json[i];
  }
  return out;
}

bool IsInstance(const model::Resource& r) {
  return r.mode == Mode::kManaged || r.mode == Mode::kData;
}

class PlanBuilder {
 public:
  PlanBuilder(std::shared_ptr<const PlanFile> plan, model::ResourceGraph& graph)
      : plan_(*plan), shared_(std::move(plan)), graph_(graph), configuration_(plan_) {}

  /// `sources`: the root module's graph, or null.
  void Build(std::unique_ptr<model::ResourceGraph> sources) {
    source_ = graph_.Own(std::make_unique<PlanSource>(shared_, std::move(sources)));
    ids_.resize(plan_.resources.size());
    added_.resize(plan_.resources.size());
    if (source_->sources() != nullptr) AddConfigured(*source_->sources());
    for (std::size_t i = 0; i < plan_.resources.size(); ++i) {
      if (!added_[i]) AddPlain(i);
    }
    if (source_->sources() == nullptr) {
      AddProviders();
      AddCalls();
    }
    SetReferences();
    graph_.Link();
  }

 private:
  RefsOf RefsFor(const PlannedResource& r) const {
    return [this, &r](std::string_view path) { return Refs(r, path); };
  }

  std::vector<ResourceRef> Refs(const PlannedResource& r, std::string_view path) const {
    std::vector<ResourceRef> out;
    const Value* at = configuration_.Of(r);
    at = at != nullptr ? at->Find("expressions") : nullptr;
    for (std::string_view rest = path; at != nullptr && !rest.empty();) {
      if (at->Find("references") != nullptr) break;  // all of the attribute's value
      std::size_t n = std::min(rest.find('.'), rest.size());
      if (at->is_sequence()) at = at->items().empty() ? nullptr : &at->items()[0];
      if (at != nullptr) at = at->Find(rest.substr(0, n));
      rest.remove_prefix(std::min(n + 1, rest.size()));
    }
    if (at == nullptr) return out;
    for (const PlanTarget& t : configuration_.Targets(*at, r))
      out.push_back({plan_.resources[t.resource].address, t.attribute});
    return out;
  }

  void AddConfigured(model::ResourceGraph& sources) {
    std::unordered_map<std::string_view, std::size_t> planned;
    std::unordered_map<std::string, std::vector<std::size_t>> uncounted;
    for (std::size_t i = 0; i < plan_.resources.size(); ++i) {
      planned.emplace(plan_.resources[i].address, i);
      if (sources.FindAddress(plan_.resources[i].address) == nullptr)
        uncounted[WithoutKeys(plan_.resources[i].address)].push_back(i);
    }
    source_ids_.resize(sources.size());
    for (const model::Resource& r : sources) {
      if (!IsInstance(r)) {
        source_ids_[r.id] = {AddCopy(r, r.attributes, r.address).id};
        continue;
      }
      auto same = planned.find(r.address);
      if (same != planned.end() && Fits(plan_.resources[same->second], r)) {
        AddRefined(r, same->second);
      } else if (auto list = uncounted.find(WithoutKeys(r.address)); list != uncounted.end()) {
        for (std::size_t i : list->second) {
          if (!added_[i] && Fits(plan_.resources[i], r)) AddRefined(r, i);
        }
      } else if (r.mode == Mode::kData) {
        source_ids_[r.id] = {AddCopy(r, r.attributes, r.address).id};
      }
    }
  }

  static bool Fits(const PlannedResource& p, const model::Resource& r) {
    return p.type == r.type && p.is_data == (r.mode == Mode::kData);
  }

  model::Resource& AddCopy(const model::Resource& configured, Value attributes,
                           std::string_view address) {
    auto* node = graph_.arena().New<PlanNode>();
    node->configured = &configured;
    model::Resource r = configured;
    r.references.clear();
    r.referenced_by.clear();
    r.source = source_;
    r.node = node;
    r.attributes = attributes;
    r.address = address;
    return graph_.Add(std::move(r));
  }

  void AddRefined(const model::Resource& configured, std::size_t i) {
    const PlannedResource& p = plan_.resources[i];
    auto no_refs = [](std::string_view) { return std::vector<ResourceRef>(); };
    Value planned = PlannedValue(p, no_refs, graph_.arena());
    Value attributes = RefineByPlan(configured.attributes, planned, graph_.arena());
    model::Resource& r = AddCopy(configured, attributes, p.address);
    r.module = p.module;
    ids_[i] = r.id;
    added_[i] = true;
    source_ids_[configured.id].push_back(r.id);
  }

  model::Resource& AddInPlan(Mode mode, std::string_view type, std::string_view name,
                             std::string_view address, PlanNode where) {
    model::Resource r;
    r.framework = model::Framework::kTerraform;
    r.mode = mode;
    r.type = type;
    r.name = name;
    r.address = address;
    r.header = {plan_.file, where.header.begin, where.header.end};
    r.span = {plan_.file, where.object.begin, where.object.end};
    r.source = source_;
    r.node = graph_.arena().New<PlanNode>(where);
    return graph_.Add(std::move(r));
  }

  void AddPlain(std::size_t i) {
    const PlannedResource& p = plan_.resources[i];
    PlanNode node;
    node.object = p.object;
    node.values = p.values_range;
    node.header =
        p.address_range.empty() ? TextRange{p.object.begin, p.object.begin + 1} : p.address_range;
    model::Resource& r =
        AddInPlan(p.is_data ? Mode::kData : Mode::kManaged, p.type, p.name, p.address, node);
    r.module = p.module;
    const Value* said = configuration_.Of(p);
    const Value* expressions = said != nullptr ? said->Find("expressions") : nullptr;
    Value none = MakeObject(graph_.arena(), {});
    if (said != nullptr && expressions == nullptr) expressions = &none;
    r.attributes =
        KeepConfigured(PlannedValue(p, RefsFor(p), graph_.arena()), expressions, graph_.arena());
    ids_[i] = r.id;
    if (expressions != nullptr && !expressions->members().empty())
      plain_.push_back({i, expressions});
  }

  // What the providers' constants are; what is computed is not in a plan.
  Value Constants(const Value* expressions) {
    std::vector<Member> members;
    if (expressions != nullptr) {
      for (const Member& m : expressions->members()) {
        const Value* constant = m.value.Find("constant_value");
        members.push_back(
            {m.key, constant != nullptr
                        ? *constant
                        : MakeUnknown(graph_.arena(), DynamicType(),
                                      fmt::format("the plan does not say what {} is", m.key))});
      }
    }
    return MakeObject(graph_.arena(), members);
  }

  PlanNode NodeAt(std::initializer_list<std::string_view> path) const {
    PlanNode node;
    TextRange at = plan_.configuration_range;
    for (std::string_view key : path) {
      auto found = FindMember(plan_.text, at, key);
      if (!found) return node;
      at = found->value;
      node.object = found->whole;
      node.header = {found->whole.begin, found->value.begin + 1};
    }
    auto expressions = FindMember(plan_.text, at, "expressions");
    node.values = expressions ? expressions->value : TextRange{};
    return node;
  }

  void AddProviders() {
    const Value* all = plan_.configuration.Find("provider_config");
    if (all == nullptr) return;
    for (const Member& m : all->members()) {
      const Value* name = m.value.Find("name");
      if (name == nullptr || !name->is_string()) continue;
      std::string_view address = graph_.arena().CopyString(fmt::format("provider.{}", m.key));
      Value attributes = Constants(m.value.Find("expressions"));
      std::vector<Member> members(attributes.members().begin(), attributes.members().end());
      members.push_back({"name", *name});
      AddInPlan(Mode::kProvider, "provider", name->as_string(), address,
                NodeAt({"provider_config", m.key}))
          .attributes = MakeObject(graph_.arena(), members);
    }
  }

  // Calls of the root module; those further down belong to the modules called.
  void AddCalls() {
    for (const PlanConfiguration::Call& call : configuration_.calls()) {
      if (!call.parent.empty()) continue;
      Value attributes = Constants(call.value->Find("expressions"));
      std::vector<Member> members(attributes.members().begin(), attributes.members().end());
      members.push_back({"name", Value::String(call.name)});
      if (const Value* source = call.value->Find("source")) members.push_back({"source", *source});
      if (const Value* version = call.value->Find("version_constraint"))
        members.push_back({"version", *version});
      std::string_view address = graph_.arena().CopyString(fmt::format("module.{}", call.name));
      AddInPlan(Mode::kModuleCall, "module", call.name, address,
                NodeAt({"root_module", "module_calls", call.name}))
          .attributes = MakeObject(graph_.arena(), members);
    }
  }

  void AddReference(model::Resource& r, model::Reference reference) {
    if (reference.target == r.id) return;
    bool known = std::ranges::any_of(r.references, [&](const model::Reference& o) {
      return o.target == reference.target && o.attribute == reference.attribute &&
             o.target_attribute == reference.target_attribute;
    });
    if (!known) r.references.push_back(reference);
  }

  // The instances that became of what the sources refer to; of several, the one with the same key.
  void MapReferences(const model::Resource& configured, const Ids& from) {
    for (const model::Reference& ref : configured.references) {
      const Ids& to = source_ids_[ref.target];
      for (std::uint32_t id : from) {
        model::Resource& r = graph_.at(id);
        auto has_key = [&](std::uint32_t t) { return KeyOf(graph_.at(t)) == KeyOf(r); };
        bool one = to.size() > 1 && !KeyOf(r).empty() && std::ranges::any_of(to, has_key);
        for (std::uint32_t t : to) {
          if (!one || has_key(t)) AddReference(r, {ref.attribute, t, ref.target_attribute});
        }
      }
    }
  }

  static std::string_view KeyOf(const model::Resource& r) {
    std::size_t open = r.address.ends_with(']') ? r.address.rfind('[') : std::string_view::npos;
    return open == std::string_view::npos ? std::string_view() : r.address.substr(open);
  }

  void AddExpressionReferences(model::Resource& r, const PlannedResource& p, const Value& said,
                               const std::string& path, int depth) {
    if (depth > 32) return;
    if (said.Find("references") != nullptr) {
      std::string_view attribute = graph_.arena().CopyString(path);
      for (const PlanTarget& t : configuration_.Targets(said, p))
        AddReference(r, {attribute, ids_[t.resource], t.attribute});
      return;
    }
    for (const Value& i : said.items()) AddExpressionReferences(r, p, i, path, depth + 1);
    for (const Member& m : said.members()) {
      std::string inner = path.empty() ? std::string(m.key) : fmt::format("{}.{}", path, m.key);
      AddExpressionReferences(r, p, m.value, inner, depth + 1);
    }
  }

  void SetReferences() {
    if (source_->sources() != nullptr) {
      for (const model::Resource& r : *source_->sources()) MapReferences(r, source_ids_[r.id]);
    }
    for (const auto& [i, expressions] : plain_)
      AddExpressionReferences(graph_.at(ids_[i]), plan_.resources[i], *expressions, {}, 0);
  }

  const PlanFile& plan_;
  std::shared_ptr<const PlanFile> shared_;
  model::ResourceGraph& graph_;
  PlanConfiguration configuration_;
  PlanSource* source_ = nullptr;
  Ids ids_;                                                  // graph ids of the plan's resources
  std::vector<bool> added_;                                  // from the sources
  std::vector<Ids> source_ids_;                              // graph ids of the sources' resources
  std::vector<std::pair<std::size_t, const Value*>> plain_;  // with their expressions
};

/// Root variables that the plan was made with and the sources alone give another value.
std::vector<std::pair<std::string, std::string>> OtherVariables(const PlanFile& plan,
                                                                const model::ResourceGraph& graph) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const Member& m : plan.variables.members()) {
    const model::Resource* r = graph.FindAddress(fmt::format("var.{}", m.key));
    const Value* planned = m.value.Find("value");
    if (r == nullptr || r->mode != Mode::kVariable || planned == nullptr || planned->is_null())
      continue;
    const Value* value = r->attributes.Find("value");
    if (value != nullptr && !HasUnknown(*value) && ToJson(*value) == ToJson(*planned)) continue;
    out.emplace_back(m.key, VariableText(*planned));
  }
  return out;
}

}  // namespace

std::shared_ptr<const PlanFile> LoadPlan(const SourceMap& sources, FileId file,
                                         const Limits& limits, Diagnostics& diagnostics) {
  auto plan = std::make_shared<PlanFile>();
  if (!ReadPlan(file, sources.Text(file), limits, *plan, diagnostics)) return nullptr;
  return plan;
}

bool IsPlanOf(const PlanFile& plan, ParsedFiles& files, const std::string& dir) {
  const ParsedModule* module = files.Module(dir);
  if (module == nullptr) return false;
  std::size_t declared = 0, missing = 0;
  for (const PlannedResource& r : plan.resources) {
    bool found = false;
    if (r.module.empty()) {
      std::string key = fmt::format("{}{}.{}", r.is_data ? "data." : "", r.type, r.name);
      found = module->config.resource_index.contains(key);
    } else {
      std::string path = ModulePath(r.module);
      found = module->config.call_index.contains(std::string_view(path).substr(0, path.find('.')));
    }
    ++(found ? declared : missing);
  }
  return declared > missing;
}

void EvaluatePlan(std::shared_ptr<const PlanFile> plan, ParsedFiles* files, const std::string& dir,
                  const std::string& allowed_root, const Options& options,
                  model::ResourceGraph& graph, Diagnostics& diagnostics) {
  if (files == nullptr || dir.empty()) {
    PlanBuilder(std::move(plan), graph).Build(nullptr);
    return;
  }
  auto sources = std::make_unique<model::ResourceGraph>();
  Diagnostics found;
  Evaluate(*files, dir, allowed_root, options, *sources, found);
  Options planned = options;
  planned.planned = OtherVariables(*plan, *sources);
  if (!planned.planned.empty()) {
    sources = std::make_unique<model::ResourceGraph>();
    found.clear();
    Evaluate(*files, dir, allowed_root, planned, *sources, found);
  }
  diagnostics.insert(diagnostics.end(), found.begin(), found.end());
  graph.root = sources->root;
  PlanBuilder(std::move(plan), graph).Build(std::move(sources));
}

}  // namespace plumbline::terraform
