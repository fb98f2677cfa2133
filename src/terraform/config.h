// What a module declares: its files' blocks sorted by kind, overrides applied, nothing evaluated. A
// ModuleConfig is built once a folder and shared, read-only, by every project and instance that
// uses the folder.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "hcl/ast.h"
#include "model/resource.h"
#include "support/arena.h"
#include "support/diagnostic.h"

namespace plumbline::terraform {

/// One parsed file of a module.
struct ModuleFile {
  std::string name;  // without its folder
  const hcl::Body* body = nullptr;
  bool is_override = false;
};

/// A block with its overrides merged into `body`.
struct Declaration {
  std::string_view name;
  const hcl::Block* block = nullptr;  // where it is declared first
  const hcl::Body* body = nullptr;
};

struct VariableDecl : Declaration {
  const hcl::Expr* type = nullptr;
  const hcl::Attribute* default_value = nullptr;
};

struct LocalDecl {
  std::string_view name;
  const hcl::Attribute* attribute = nullptr;
};

struct OutputDecl : Declaration {
  const hcl::Expr* value = nullptr;
};

struct ResourceDecl : Declaration {
  model::Mode mode = model::Mode::kManaged;
  bool ephemeral =
      false;  // lives only while Terraform runs: can be referred to, is nothing planned
  std::string_view type;
  const hcl::Attribute* count = nullptr;
  const hcl::Attribute* for_each = nullptr;
  const hcl::Block* check = nullptr;  // the check block that a data source belongs to
};

struct CallDecl : Declaration {
  std::string_view source;  // empty when absent or not a literal
  std::string_view version;
  const hcl::Attribute* count = nullptr;
  const hcl::Attribute* for_each = nullptr;
};

/// True for sources that name a folder: "./x", "../x", an absolute path.
bool IsLocalSource(std::string_view source);
/// True for arguments of a resource or data block that Terraform itself reads (count, provider, …).
bool IsResourceMeta(std::string_view name);
/// True for arguments of a module block that are no inputs of the module.
bool IsCallMeta(std::string_view name);
/// The attribute's text when it is a plain string, else empty.
std::string_view LiteralString(const hcl::Attribute* attribute);

struct ModuleConfig {
  using Index = std::unordered_map<std::string_view, std::uint32_t>;

  std::vector<VariableDecl> variables;
  std::vector<LocalDecl> locals;
  std::vector<OutputDecl> outputs;
  std::vector<ResourceDecl> resources;  // managed, data and ephemeral
  std::vector<CallDecl> calls;
  std::vector<Declaration> providers;
  std::vector<Declaration> settings;  // terraform blocks
  std::vector<Declaration> checks;
  std::vector<const hcl::Block*> moved, imports, removed;

  Index variable_index, local_index, output_index, call_index;
  Index resource_index;  // "type.name", "data.type.name", "ephemeral.type.name"

  /// Null when there is none.
  const VariableDecl* FindVariable(std::string_view name) const;
};

/// True when the module says where its state is kept, as only root modules do.
bool KeepsState(const ModuleConfig& config);
/// True when `configuration_aliases` of required_providers expects NAME.ALIAS from the caller.
bool DeclaresProviderAlias(const ModuleConfig& config, std::string_view name,
                           std::string_view alias);

/// Sorts the blocks of a module's files. `arena` keeps merged bodies and index keys.
void BuildConfig(const std::vector<ModuleFile>& files, Arena& arena, ModuleConfig& config,
                 Diagnostics& diagnostics);

}  // namespace plumbline::terraform
