// docs/rules.md: every rule with its reasons and examples, by provider and service.
#pragma once

#include <string>

#include "engine/engine.h"

namespace plumbline::scan {

std::string RulesMarkdown(const engine::RuleSet& rules);

}  // namespace plumbline::scan
