// `plumbline rules list|show`: the built-in rules and those given with --policy.
#pragma once

#include <string>
#include <vector>

#include "engine/engine.h"

namespace plumbline::cli {

/// `plumbline rules …`: dispatches to the functions below.
int RunRules(const std::vector<std::string>& args);

/// A line a rule: id, severity, kind, title. `patterns` (ids, aliases, globs) narrow it; JSON when
/// asked for.
int RunRulesList(const engine::RuleSet& rules, const std::vector<std::string>& patterns, bool json);
/// Everything about the rules that an id, an alias or a glob names.
int RunRulesShow(const engine::RuleSet& rules, const std::string& pattern);

}  // namespace plumbline::cli
