#include "cli/rules_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>

#include "cli/command.h"
#include "scan/rules_docs.h"
#include "support/fs.h"
#include "value/json.h"

namespace plumbline::cli {
namespace {

constexpr const char* kUsage =
    "Usage: plumbline rules list [--policy PATH]... [--json] [PATTERN]...\n"
    "       plumbline rules show [--policy PATH]... ID\n\n"
    "A pattern is a rule's id, its id in another tool (AVD-AWS-0086, CKV_AWS_53) or a glob.\n";

std::string KindText(const RuleInfo& info) {
  return info.strong ? "strong opinion" : RuleKindName(info.kind);
}

void Put(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); }

std::string Indented(const std::string& text, std::string_view indent) {
  std::string out;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    if (end > 0) out += fmt::format("{}{}", indent, rest.substr(0, end));
    out += '\n';
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

std::string Title(const engine::RuleExample& e) {
  return fmt::format("{} ({})", e.bad ? "Bad" : "Good", e.framework);
}

std::string JsonList(const std::vector<std::string>& items) {
  std::string out = "[";
  for (const std::string& s : items) {
    if (out.size() > 1) out += ',';
    AppendJsonString(out, s);
  }
  return out + "]";
}

std::string JsonRule(const RuleInfo& info, std::string_view on) {
  std::string out = "{";
  auto add = [&](std::string_view key, std::string_view value) {
    if (out.size() > 1) out += ',';
    AppendJsonString(out, key);
    out += ':';
    AppendJsonString(out, value);
  };
  add("id", info.id);
  add("title", info.title);
  add("severity", SeverityName(info.severity));
  add("kind", RuleKindName(info.kind));
  add("on", on);
  add("provider", info.provider);
  add("service", info.service);
  add("why", info.why);
  add("fix", info.fix);
  out += fmt::format(",\"strong\":{},\"aliases\":{},\"links\":{},\"compliance\":{}}}", info.strong,
                     JsonList(info.aliases), JsonList(info.links), JsonList(info.compliance));
  return out;
}

void ShowRule(const engine::RuleSet& rules, std::uint32_t rule) {
  const RuleInfo info = rules.Info(rule);
  Put(fmt::format("{}\n{}\n\n", info.id, info.title));
  Put(fmt::format("severity:   {}\nkind:       {}\nabout:      {}\n", SeverityName(info.severity),
                  KindText(info), rules.On(rule)));
  if (!info.aliases.empty()) Put(fmt::format("aliases:    {}\n", fmt::join(info.aliases, ", ")));
  if (!info.compliance.empty())
    Put(fmt::format("compliance: {}\n", fmt::join(info.compliance, ", ")));
  for (const std::string& l : info.links) Put(fmt::format("link:       {}\n", l));
  Put(fmt::format("\nWhy\n{}\nFix\n{}", Indented(info.why, "  "), Indented(info.fix, "  ")));
  for (const engine::RuleExample& e : rules.Examples(rule)) {
    Put(fmt::format("\n{}\n{}", Title(e), Indented(e.text, "  ")));
  }
}

struct Arguments {
  std::vector<std::string> policies, rest;
  bool json = false;
};

Result<Arguments> Parse(const std::vector<std::string>& args) {
  Arguments out;
  for (std::size_t i = 1; i < args.size(); ++i) {
    if (args[i] == "--json") {
      out.json = true;
    } else if (args[i] == "--policy") {
      if (++i == args.size()) return Fail("--policy needs a path");
      out.policies.push_back(args[i]);
    } else if (args[i].starts_with("-")) {
      return Fail(fmt::format("unknown option {}", args[i]));
    } else {
      out.rest.push_back(args[i]);
    }
  }
  return out;
}

}  // namespace

int RunRulesList(const engine::RuleSet& rules, const std::vector<std::string>& patterns,
                 bool json) {
  std::vector<std::uint32_t> which;
  for (const std::string& p : patterns.empty() ? std::vector<std::string>{"*"} : patterns) {
    const auto found = rules.Match(p);
    if (found.empty() && !patterns.empty())
      return UsageError(fmt::format("no rule is called '{}'", p));
    which.insert(which.end(), found.begin(), found.end());
  }
  std::ranges::sort(which, {}, [&](std::uint32_t r) { return rules.Id(r); });
  const auto repeated = std::ranges::unique(which);
  which.erase(repeated.begin(), repeated.end());
  std::size_t width = 0;
  for (std::uint32_t r : which) width = std::max(width, rules.Id(r).size());
  std::string out = json ? "[" : "";
  for (std::uint32_t r : which) {
    const RuleInfo info = rules.Info(r);
    if (json) {
      out += (out.size() > 1 ? ",\n " : "") + JsonRule(info, rules.On(r));
    } else {
      out += fmt::format("{:<{}}  {:<8}  {:<14}  {}\n", info.id, width, SeverityName(info.severity),
                         KindText(info), info.title);
    }
  }
  Put(json ? out + "]\n"
           : out + fmt::format("{} rule{}\n", which.size(), which.size() == 1 ? "" : "s"));
  return kExitOk;
}

int RunRulesShow(const engine::RuleSet& rules, const std::string& pattern) {
  const auto which = rules.Match(pattern);
  if (which.empty())
    return UsageError(fmt::format("no rule is called '{}'; see plumbline rules list", pattern));
  for (std::size_t i = 0; i < which.size(); ++i) {
    if (i > 0) Put("\n----\n\n");
    ShowRule(rules, which[i]);
  }
  return kExitOk;
}

int RunRules(const std::vector<std::string>& args) {
  if (args.empty() || args[0] == "--help" || args[0] == "-h") {
    Put(kUsage);
    return args.empty() ? kExitUsage : kExitOk;
  }
  auto parsed = Parse(args);
  if (!parsed) return UsageError(parsed.error().message);
  auto rules = engine::RuleSet::Load(DiskFileSystem(), parsed->policies, false);
  if (!rules) return UsageError(rules.error().message);
  if (args[0] == "list") return RunRulesList(*rules, parsed->rest, parsed->json);
  if (args[0] == "show" && parsed->rest.size() == 1) return RunRulesShow(*rules, parsed->rest[0]);
  if (args[0] == "docs") {
    Put(scan::RulesMarkdown(*rules));
    return kExitOk;
  }
  return UsageError("expected `rules list` or `rules show ID`; see plumbline rules --help");
}

}  // namespace plumbline::cli
