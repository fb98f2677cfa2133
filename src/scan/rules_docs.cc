#include "scan/rules_docs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <tuple>
#include <vector>

namespace plumbline::scan {

std::string RulesMarkdown(const engine::RuleSet& rules) {
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < rules.size(); ++i) order.push_back(i);
  std::ranges::sort(order, {}, [&](std::uint32_t r) {
    const RuleInfo info = rules.Info(r);
    return std::tuple(info.provider, info.service, info.id);
  });
  std::string out =
      "# Built-in rules\n\nMade from `rules/` by `PLUMBLINE_UPDATE_GOLDEN=1 ctest -R rules_test`; "
      "`plumbline rules show "
      "ID` tells the same.\nEvery example here runs as a test.\n";
  std::string heading;
  for (std::uint32_t r : order) {
    const RuleInfo info = rules.Info(r);
    if (std::string h = fmt::format("{}: {}", info.provider, info.service); h != heading) {
      heading = h;
      out += fmt::format("\n## {}\n", heading);
    }
    out += fmt::format("\n### {}\n\n{} · {} · {} · about `{}`\n\n", info.id, info.title,
                       SeverityName(info.severity),
                       info.strong ? "strong opinion" : RuleKindName(info.kind), rules.On(r));
    if (!info.aliases.empty())
      out += fmt::format("Also known as {}.\n\n", fmt::join(info.aliases, ", "));
    out += fmt::format("**Why.** {}\n\n**Fix.** {}\n", info.why, info.fix);
    for (const engine::RuleExample& e : rules.Examples(r)) {
      out += fmt::format("\n{}:\n\n```{}\n{}```\n",
                         fmt::format("{} ({})", e.bad ? "Bad" : "Good", e.framework),
                         e.framework == "terraform" ? "hcl" : "yaml",
                         e.text.ends_with('\n') ? e.text : e.text + "\n");
    }
  }
  return out;
}

}  // namespace plumbline::scan
