// What to say about a name that a module does not declare, with the declared name that was probably
// meant. One text for the check of a module's files and for the evaluation of console expressions.
#pragma once

#include <string>
#include <string_view>

#include "terraform/config.h"

namespace plumbline::terraform {

std::string UndeclaredVariable(const ModuleConfig& config, std::string_view name);
std::string UndeclaredLocal(const ModuleConfig& config, std::string_view name);
std::string UndeclaredModule(const ModuleConfig& config, std::string_view name);
std::string UndeclaredOutput(const ModuleConfig& config, std::string_view address,
                             std::string_view name);
/// `key` is the resource's index key: "type.name", "data.type.name", "ephemeral.type.name".
std::string UndeclaredResource(const ModuleConfig& config, std::string_view key);

/// What is wrong with `each.NAME`, `count.NAME`, `path.NAME` and `terraform.NAME`; empty when
/// nothing is.
std::string WrongEach(std::string_view name, bool has_for_each);
std::string WrongCount(std::string_view name, bool has_count);
std::string WrongPath(std::string_view name);
std::string WrongTerraform(std::string_view name);

}  // namespace plumbline::terraform
