#include "terraform/config.h"

#include <algorithm>
#include <array>
#include <string>

namespace plumbline::terraform {
namespace {

constexpr auto kResourceMeta = std::to_array<std::string_view>(
    {"connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"});
constexpr auto kCallMeta = std::to_array<std::string_view>(
    {"count", "depends_on", "for_each", "providers", "source", "version"});

/// Collects one module; the two passes (primary files, then overrides) share its indices.
class Builder {
 public:
  Builder(Arena& arena, ModuleConfig& config, Diagnostics& diagnostics)
      : arena_(arena), config_(config), diagnostics_(diagnostics) {}

  void AddFile(const ModuleFile& file) {
    for (const hcl::Block& block : file.body->blocks) AddBlock(block, file.is_override);
  }

 private:
  void AddBlock(const hcl::Block& block, bool is_override);
  void AddVariable(const hcl::Block& block, bool is_override);
  void AddLocals(const hcl::Block& block, bool is_override);
  void AddOutput(const hcl::Block& block, bool is_override);
  ResourceDecl* AddResource(const hcl::Block& block, model::Mode mode, std::string_view prefix,
                            bool is_override);
  void AddCall(const hcl::Block& block, bool is_override);
  void AddProvider(const hcl::Block& block, bool is_override);
  void AddSettings(const hcl::Block& block, bool is_override);
  void AddCheck(const hcl::Block& block, bool is_override);
  void AddStatement(const hcl::Block& block, bool is_override,
                    std::vector<const hcl::Block*>& list);
  const hcl::Body* Merge(const hcl::Body& base, const hcl::Body& over);
  hcl::Block MergeLifecycle(const hcl::Block& base, const hcl::Block& over);
  const hcl::Body* Without(const hcl::Body& body, const hcl::Body& over);
  void Duplicate(const hcl::Block& block, std::string what);
  void NothingToOverride(Span span, std::string_view what, std::string_view key);

  /// The declaration to fill, new or to be overridden; null for a duplicate, which is reported.
  template <typename T>
  T* Declare(std::vector<T>& list, ModuleConfig::Index& index, std::string_view key,
             std::string_view name, const hcl::Block& block, bool is_override, const char* what) {
    auto [it, is_new] = index.try_emplace(key, static_cast<std::uint32_t>(list.size()));
    if (!is_new) {
      T& old = list[it->second];
      if (!is_override) {
        Duplicate(block, std::string(what) + " \"" + std::string(key) + "\"");
        return nullptr;
      }
      old.body = Merge(*old.body, *block.body);
      return &old;
    }
    if (is_override) NothingToOverride(block.header, what, key);
    T& made = list.emplace_back();
    made.name = name;
    made.block = &block;
    made.body = block.body;
    return &made;
  }

  Arena& arena_;
  ModuleConfig& config_;
  Diagnostics& diagnostics_;
};

void Builder::Duplicate(const hcl::Block& block, std::string what) {
  diagnostics_.push_back(
      {DiagnosticCode::kDuplicate,
       what + " is declared a second time in this module; only the first declaration counts",
       block.header});
}

void Builder::AddBlock(const hcl::Block& block, bool is_override) {
  if (block.type == "resource") {
    AddResource(block, model::Mode::kManaged, "", is_override);
  } else if (block.type == "data") {
    AddResource(block, model::Mode::kData, "data.", is_override);
  } else if (block.type == "ephemeral") {
    AddResource(block, model::Mode::kManaged, "ephemeral.", is_override);
  } else if (block.type == "variable") {
    AddVariable(block, is_override);
  } else if (block.type == "output") {
    AddOutput(block, is_override);
  } else if (block.type == "locals") {
    AddLocals(block, is_override);
  } else if (block.type == "module") {
    AddCall(block, is_override);
  } else if (block.type == "provider") {
    AddProvider(block, is_override);
  } else if (block.type == "terraform") {
    AddSettings(block, is_override);
  } else if (block.type == "check") {
    AddCheck(block, is_override);
  } else if (block.type == "moved") {
    AddStatement(block, is_override, config_.moved);
  } else if (block.type == "import") {
    AddStatement(block, is_override, config_.imports);
  } else if (block.type == "removed") {
    AddStatement(block, is_override, config_.removed);
  }
  // Whatever comes later declares nothing that is evaluated.
}

void Builder::AddVariable(const hcl::Block& block, bool is_override) {
  if (block.labels.empty()) return;
  std::string_view name = block.labels[0].text;
  VariableDecl* decl = Declare(config_.variables, config_.variable_index, name, name, block,
                               is_override, "variable");
  if (decl == nullptr) return;
  const hcl::Attribute* type = decl->body->FindAttribute("type");
  decl->type = type != nullptr ? type->expr : nullptr;
  decl->default_value = decl->body->FindAttribute("default");
}

void Builder::AddLocals(const hcl::Block& block, bool is_override) {
  for (const hcl::Attribute& a : block.body->attributes) {
    auto [it, is_new] =
        config_.local_index.try_emplace(a.name, static_cast<std::uint32_t>(config_.locals.size()));
    if (is_new) {
      if (is_override) NothingToOverride(a.name_span, "local value", a.name);
      config_.locals.push_back({a.name, &a});
    } else if (is_override) {
      config_.locals[it->second].attribute = &a;
    } else {
      diagnostics_.push_back(
          {DiagnosticCode::kDuplicate,
           "local value \"" + std::string(a.name) +
               "\" is declared a second time in this module; only the first declaration counts",
           a.name_span});
    }
  }
}

void Builder::AddOutput(const hcl::Block& block, bool is_override) {
  if (block.labels.empty()) return;
  std::string_view name = block.labels[0].text;
  OutputDecl* decl =
      Declare(config_.outputs, config_.output_index, name, name, block, is_override, "output");
  if (decl == nullptr) return;
  const hcl::Attribute* value = decl->body->FindAttribute("value");
  decl->value = value != nullptr ? value->expr : nullptr;
}

ResourceDecl* Builder::AddResource(const hcl::Block& block, model::Mode mode,
                                   std::string_view prefix, bool is_override) {
  if (block.labels.size() < 2) return nullptr;
  std::string key = std::string(prefix) + std::string(block.labels[0].text) + "." +
                    std::string(block.labels[1].text);
  ResourceDecl* decl = Declare(config_.resources, config_.resource_index, arena_.CopyString(key),
                               block.labels[1].text, block, is_override, "resource");
  if (decl == nullptr) return nullptr;
  decl->mode = mode;
  decl->ephemeral = prefix == "ephemeral.";
  decl->type = block.labels[0].text;
  decl->count = decl->body->FindAttribute("count");
  decl->for_each = decl->body->FindAttribute("for_each");
  return decl;
}

void Builder::AddCall(const hcl::Block& block, bool is_override) {
  if (block.labels.empty()) return;
  std::string_view name = block.labels[0].text;
  CallDecl* decl =
      Declare(config_.calls, config_.call_index, name, name, block, is_override, "module");
  if (decl == nullptr) return;
  decl->source = LiteralString(decl->body->FindAttribute("source"));
  decl->version = LiteralString(decl->body->FindAttribute("version"));
  decl->count = decl->body->FindAttribute("count");
  decl->for_each = decl->body->FindAttribute("for_each");
}

void Builder::AddProvider(const hcl::Block& block, bool is_override) {
  if (block.labels.empty()) return;
  std::string_view alias = LiteralString(block.body->FindAttribute("alias"));
  for (Declaration& p : config_.providers) {
    if (p.name != block.labels[0].text || LiteralString(p.body->FindAttribute("alias")) != alias)
      continue;
    if (is_override) {
      p.body = Merge(*p.body, *block.body);
    } else {
      Duplicate(block, "provider \"" + std::string(p.name) + "\" with the same alias");
    }
    return;
  }
  if (is_override && !alias.empty()) {
    NothingToOverride(block.header, "provider with the alias", alias);
  }
  config_.providers.push_back({block.labels[0].text, &block, block.body});
}

// A terraform block of an override file takes single settings away from those before it.
void Builder::AddSettings(const hcl::Block& block, bool is_override) {
  if (is_override) {
    for (Declaration& d : config_.settings) d.body = Without(*d.body, *block.body);
  }
  config_.settings.push_back({"", &block, block.body});
}

const hcl::Body* Builder::Without(const hcl::Body& body, const hcl::Body& over) {
  auto overrides = [&](std::string_view type) {
    return std::ranges::any_of(over.blocks, [&](const hcl::Block& b) { return b.type == type; });
  };
  bool state = overrides("backend") || overrides("cloud");
  std::vector<hcl::Attribute> attributes;
  for (const hcl::Attribute& a : body.attributes) {
    if (over.FindAttribute(a.name) == nullptr) attributes.push_back(a);
  }
  std::vector<hcl::Block> blocks;
  for (const hcl::Block& b : body.blocks) {
    if (state && (b.type == "backend" || b.type == "cloud")) continue;
    blocks.push_back(b);
    if (b.type != "required_providers") continue;
    for (const hcl::Block& o : over.blocks) {
      if (o.type == b.type) blocks.back().body = Without(*blocks.back().body, *o.body);
    }
  }
  hcl::Body out = body;
  out.attributes = arena_.Copy(attributes);
  out.blocks = arena_.Copy(blocks);
  return arena_.New<hcl::Body>(out);
}

void Builder::AddCheck(const hcl::Block& block, bool is_override) {
  if (block.labels.empty()) return;
  std::string_view name = block.labels[0].text;
  if (std::ranges::any_of(config_.checks, [&](const Declaration& d) { return d.name == name; })) {
    return Duplicate(block, "check \"" + std::string(name) + "\"");
  }
  config_.checks.push_back({name, &block, block.body});
  for (const hcl::Block& b : block.body->blocks) {
    if (b.type != "data") continue;
    ResourceDecl* decl = AddResource(b, model::Mode::kData, "data.", is_override);
    if (decl != nullptr) decl->check = &block;
  }
}

void Builder::AddStatement(const hcl::Block& block, bool is_override,
                           std::vector<const hcl::Block*>& list) {
  if (is_override) {
    diagnostics_.push_back({DiagnosticCode::kInvalidConfiguration,
                            "an override file must not hold a \"" + std::string(block.type) +
                                "\" block; it belongs into one of the primary files",
                            block.header});
    return;
  }
  list.push_back(&block);
}

void Builder::NothingToOverride(Span span, std::string_view what, std::string_view key) {
  diagnostics_.push_back({DiagnosticCode::kInvalidConfiguration,
                          "this override file overrides the " + std::string(what) + " \"" +
                              std::string(key) + "\", which no primary file declares",
                          span});
}

// Of lifecycle each argument is overridden alone; conditions stay those of the primary file.
hcl::Block Builder::MergeLifecycle(const hcl::Block& base, const hcl::Block& over) {
  hcl::Body arguments = *over.body;
  arguments.blocks = {};
  hcl::Block merged = base;
  merged.body = Merge(*base.body, arguments);
  return merged;
}

// Overriding replaces attributes by name, and nested blocks by type: all of a type or none.
// Conditions cannot be overridden.
const hcl::Body* Builder::Merge(const hcl::Body& base, const hcl::Body& over) {
  std::vector<hcl::Attribute> attributes;
  for (const hcl::Attribute& a : base.attributes) {
    const hcl::Attribute* other = over.FindAttribute(a.name);
    attributes.push_back(other != nullptr ? *other : a);
  }
  for (const hcl::Attribute& a : over.attributes) {
    if (base.FindAttribute(a.name) == nullptr) attributes.push_back(a);
  }
  auto type_of = [](const hcl::Block& b) {
    return b.type == "dynamic" && !b.labels.empty() ? b.labels[0].text : b.type;
  };
  auto is_fixed = [](const hcl::Block& b) {
    return b.type == "validation" || b.type == "precondition";
  };
  std::vector<hcl::Block> blocks;
  bool has_lifecycle = false;
  for (const hcl::Block& b : base.blocks) {
    auto over_it = std::ranges::find_if(
        over.blocks, [&](const hcl::Block& o) { return type_of(o) == type_of(b); });
    if (over_it == over.blocks.end() || is_fixed(b)) {
      blocks.push_back(b);
    } else if (b.type == "lifecycle") {
      blocks.push_back(MergeLifecycle(b, *over_it));
    }
    has_lifecycle |= b.type == "lifecycle";
  }
  for (const hcl::Block& o : over.blocks) {
    if (!is_fixed(o) && !(has_lifecycle && o.type == "lifecycle")) blocks.push_back(o);
  }
  hcl::Body merged = base;
  merged.attributes = arena_.Copy(attributes);
  merged.blocks = arena_.Copy(blocks);
  return arena_.New<hcl::Body>(merged);
}

}  // namespace

bool IsLocalSource(std::string_view source) {
  return source.starts_with("./") || source.starts_with("../") || source.starts_with("/") ||
         source == "." || source == "..";
}

bool IsResourceMeta(std::string_view name) {
  return std::ranges::find(kResourceMeta, name) != kResourceMeta.end();
}
bool IsCallMeta(std::string_view name) {
  return std::ranges::find(kCallMeta, name) != kCallMeta.end();
}

std::string_view LiteralString(const hcl::Attribute* attribute) {
  if (attribute == nullptr || attribute->expr == nullptr) return {};
  const hcl::Expr& e = *attribute->expr;
  return e.kind == hcl::ExprKind::kLiteral && e.value.is_string() ? e.value.as_string()
                                                                  : std::string_view();
}

const VariableDecl* ModuleConfig::FindVariable(std::string_view name) const {
  auto it = variable_index.find(name);
  return it == variable_index.end() ? nullptr : &variables[it->second];
}

bool KeepsState(const ModuleConfig& config) {
  return std::ranges::any_of(config.settings, [](const Declaration& d) {
    return std::ranges::any_of(d.body->blocks, [](const hcl::Block& b) {
      return b.type == "backend" || b.type == "cloud";
    });
  });
}

bool DeclaresProviderAlias(const ModuleConfig& config, std::string_view name,
                           std::string_view alias) {
  auto expects = [&](const hcl::Attribute& provider) {
    const hcl::ObjectItem* aliases = nullptr;
    for (const hcl::ObjectItem& item : provider.expr->items) {
      const hcl::Expr& key = *item.key;
      bool named = key.kind == hcl::ExprKind::kLiteral && key.value.is_string() &&
                   key.value.as_string() == "configuration_aliases";
      if (named) aliases = &item;
    }
    return aliases != nullptr && std::ranges::any_of(aliases->value->args, [&](const hcl::Expr* e) {
             return e->kind == hcl::ExprKind::kVariable && e->name == name &&
                    e->steps.size() == 1 && e->steps[0].name == alias;
           });
  };
  for (const Declaration& d : config.settings) {
    for (const hcl::Block& b : d.body->blocks) {
      if (b.type == "required_providers" && std::ranges::any_of(b.body->attributes, expects))
        return true;
    }
  }
  return false;
}

void BuildConfig(const std::vector<ModuleFile>& files, Arena& arena, ModuleConfig& config,
                 Diagnostics& diagnostics) {
  Builder builder(arena, config, diagnostics);
  for (const ModuleFile& file : files) {
    if (!file.is_override) builder.AddFile(file);
  }
  for (const ModuleFile& file : files) {
    if (file.is_override) builder.AddFile(file);
  }
}

}  // namespace plumbline::terraform
