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
  void AddResource(const hcl::Block& block, model::Mode mode, bool is_override);
  void AddCall(const hcl::Block& block, bool is_override);
  void AddProvider(const hcl::Block& block, bool is_override);
  const hcl::Body* Merge(const hcl::Body& base, const hcl::Body& over);
  void Duplicate(const hcl::Block& block, std::string what);

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
    AddResource(block, model::Mode::kManaged, is_override);
  } else if (block.type == "data") {
    AddResource(block, model::Mode::kData, is_override);
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
    config_.settings.push_back({"", &block, block.body});
  }
  // moved, import, removed, check and whatever comes later declare nothing that is evaluated.
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

void Builder::AddResource(const hcl::Block& block, model::Mode mode, bool is_override) {
  if (block.labels.size() < 2) return;
  std::string key = std::string(mode == model::Mode::kData ? "data." : "") +
                    std::string(block.labels[0].text) + "." + std::string(block.labels[1].text);
  ResourceDecl* decl = Declare(config_.resources, config_.resource_index, arena_.CopyString(key),
                               block.labels[1].text, block, is_override, "resource");
  if (decl == nullptr) return;
  decl->mode = mode;
  decl->type = block.labels[0].text;
  decl->count = decl->body->FindAttribute("count");
  decl->for_each = decl->body->FindAttribute("for_each");
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
  config_.providers.push_back({block.labels[0].text, &block, block.body});
}

// Overriding replaces attributes by name, and nested blocks by type: all of a type or none.
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
  std::vector<hcl::Block> blocks;
  for (const hcl::Block& b : base.blocks) {
    bool replaced = std::ranges::any_of(
        over.blocks, [&](const hcl::Block& o) { return type_of(o) == type_of(b); });
    if (!replaced) blocks.push_back(b);
  }
  blocks.insert(blocks.end(), over.blocks.begin(), over.blocks.end());
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
