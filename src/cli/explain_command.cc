#include "cli/explain_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "cli/command.h"
#include "cli/explain_json.h"
#include "cli/explain_text.h"
#include "cli/options.h"
#include "cli/scan_command.h"
#include "cli/settings.h"
#include "scan/explain.h"

namespace plumbline::cli {
namespace {

// What decides which resources there are and how they are evaluated; what only reports need is left
// out.
constexpr auto kTaken = std::to_array<std::string_view>(
    {"allow-path",   "api-versions",    "color",        "config",
     "exclude-path", "format",          "framework",    "include",
     "jobs",         "kube-version",    "namespace",    "no-builtin-rules",
     "no-color",     "no-config",       "no-gitignore", "policy",
     "quiet",        "release-name",    "set",          "set-file",
     "set-json",     "set-string",      "values",       "var",
     "var-file",     "vendored-modules"});

constexpr ScanLike kExplain{
    "explain",
    "Prints how a rule was evaluated on one resource: every part of its conditions with its value, "
    "and where each value was read.\n\n"
    "RULE is a rule's id or its id in another tool, ADDRESS a resource as findings name it "
    "(module.db[\"a\"].aws_s3_bucket.this[0], Deployment/web/api), PATH what would be scanned "
    "(default: .).",
    "Formats: cli, json. Exit codes: 0 the rule passes, does not apply or cannot be decided, 1 it "
    "fails, 2 wrong usage, or there is no such rule or resource.",
    "RULE ADDRESS [PATH]…", kTaken};

Result<bool> WantsJson(const std::vector<GivenSetting>& given) {
  for (const GivenSetting& g : given) {
    if (g.setting->name != "format") continue;
    const std::string& name = g.values.back();
    if (g.values.size() > 1 || (name != "cli" && name != "json"))
      return Fail(fmt::format("--format: '{}' is no format of explain; expected cli or json",
                              fmt::join(g.values, ", ")));
    return name == "json";
  }
  return false;
}

bool Fails(const scan::ExplainReport& report) {
  return std::ranges::any_of(report.resources, [](const scan::ExplainedResource& r) {
    return r.explanation.outcome == engine::ExplainedOutcome::kFail;
  });
}

}  // namespace

int RunExplain(const std::vector<std::string>& args) {
  ParsedArguments arguments = ParseArguments(kExplain, args);
  if (!arguments.error.empty())
    return UsageError(arguments.error + " (see plumbline explain --help)");
  if (!arguments.help.empty()) {
    fmt::print("{}", arguments.help);
    return kExitOk;
  }
  if (arguments.paths.size() < 2)
    return UsageError("explain needs a rule and a resource: plumbline explain RULE ADDRESS [PATH]");
  const std::string rule = arguments.paths[0], address = arguments.paths[1];
  arguments.paths.erase(arguments.paths.begin(), arguments.paths.begin() + 2);
  const auto json = WantsJson(arguments.given);
  if (!json) return UsageError(json.error().message);
  auto settings = MakeSettings(std::move(arguments));
  if (!settings) return UsageError(settings.error().message);
  scan::ExplainReport report = scan::ExplainResource(settings->scan, rule, address);
  if (!report.error.empty()) return UsageError(report.error);
  if (!settings->quiet) {
    for (const auto* notices : {&settings->notices, &report.notices}) {
      for (const std::string& notice : *notices)
        fmt::print(stderr, "plumbline: note: {}\n", notice);
    }
  }
  const std::string text =
      *json ? ExplanationJson(report) : ExplanationText(report, UseColor(*settings));
  std::fwrite(text.data(), 1, text.size(), stdout);
  return Fails(report) ? kExitFindings : kExitOk;
}

}  // namespace plumbline::cli
