#include "scan/diagnostic_rules.h"

#include <algorithm>
#include <array>

namespace plumbline::scan {
namespace {

constexpr auto kRules = std::to_array<DiagnosticRule>({
    {"chart-dependency-missing", "Chart dependency is not scanned", Severity::kInfo,
     RuleKind::kOpinion, false,
     "Chart.yaml names a chart that charts/ does not hold, so nobody has looked at what it makes; "
     "the rest of the chart is scanned.",
     "Run helm dependency build and scan again. (--download-charts, which would get it, is not in "
     "this version.)"},
    {"chart-needs-values", "Chart cannot be rendered with its own values", Severity::kInfo,
     RuleKind::kOpinion, false,
     "The chart asks for values that it has no default for, so what it makes with them has not "
     "been scanned.",
     "Give values files with --values or lay them beside the chart and scan with --matrix."},
    {"duplicate-declaration", "Something is declared twice", Severity::kMedium, RuleKind::kDefect,
     false,
     "Only one of the two can count: Terraform refuses the configuration, readers of YAML silently "
     "take "
     "the last one, and a person may be looking at the other.",
     "Rename or remove one of the two."},
    {"evaluation-error", "Expression cannot be evaluated", Severity::kLow, RuleKind::kDefect, false,
     "Terraform would stop with an error here, and rules cannot look at a value that does not come "
     "about.",
     "Correct the expression; the message says what was expected."},
    {"failed-condition", "Condition of the configuration does not hold", Severity::kMedium,
     RuleKind::kDefect, false,
     "The author wrote down what must be true, and with these values it is not: Terraform refuses "
     "to plan (a check block warns).",
     "Correct the values, or the condition where it is wrong."},
    {"invalid-configuration", "Block is not as Terraform requires it", Severity::kMedium,
     RuleKind::kDefect, false,
     "Terraform refuses the configuration, and what was meant by the block is not what takes "
     "effect.",
     "Correct the block; the message says what was expected."},
    {"invalid-variable", "Variable has a value that it does not accept", Severity::kMedium,
     RuleKind::kDefect, false,
     "Terraform refuses to plan with this value, and the module's author has ruled it out for a "
     "reason.",
     "Give the variable a value of its type that meets its validation rules."},
    {"kustomization-error", "Kustomization cannot be built", Severity::kHigh, RuleKind::kDefect,
     false,
     "kustomize build stops here, so nothing of it can be applied; its manifests are judged as "
     "they stand.",
     "Correct the place shown; the message gives Kustomize's reason."},
    {"limit-exceeded", "Input is larger than a limit allows", Severity::kMedium, RuleKind::kDefect,
     true,
     "Limits keep hostile input from exhausting memory and time; what lies beyond one has not been "
     "scanned.",
     "Split the input, or exclude it with --exclude-path when it is generated or not yours."},
    {"module-not-downloaded", "Remote module is not scanned", Severity::kInfo, RuleKind::kOpinion,
     false,
     "The module is not on this machine, so nobody has looked at what it makes; what depends on "
     "its "
     "outputs is unknown.",
     "Run terraform init, vendor the module with --vendored-modules, or scan with "
     "--download-modules."},
    {"module-not-found", "Module source does not exist", Severity::kMedium, RuleKind::kDefect,
     false, "`source` leads nowhere: terraform init fails, and nothing in the module is scanned.",
     "Correct the source; a path is relative to the folder of the file that calls the module."},
    {"module-unavailable", "Remote module cannot be downloaded", Severity::kMedium,
     RuleKind::kDefect, true,
     "The module was to be downloaded and could not be had; nothing in it has been scanned, and "
     "terraform init is likely to fail in the same way.",
     "The message says what went wrong; correct the source, the version or the credentials, or try "
     "again when the server is back."},
    {"parse-error", "File has a syntax error", Severity::kHigh, RuleKind::kDefect, true,
     "What cannot be parsed cannot be scanned: a fault in the unreadable part would go unnoticed.",
     "Correct the syntax at the place shown; the rest of the file was scanned as far as it could "
     "be read."},
    {"reference-cycle", "Values refer to each other in a circle", Severity::kMedium,
     RuleKind::kDefect, false,
     "No order of evaluation exists, so Terraform refuses the configuration.",
     "Break the circle, for example by splitting the resource or by passing a literal."},
    {"remote-base-missing", "Remote base of a kustomization is not scanned", Severity::kInfo,
     RuleKind::kOpinion, false,
     "The base or chart is not on this machine, so nobody has looked at what it makes; the rest of "
     "the kustomization is built without it.",
     "Lay a copy into a folder given with --vendored-modules, or vendor it in the repository."},
    {"template-error", "Chart template cannot be rendered", Severity::kHigh, RuleKind::kDefect,
     true,
     "helm template and helm install stop here, and what the template would have made has not been "
     "scanned.",
     "Correct the place shown; the message gives Helm's reason."},
    {"undeclared-module-argument", "Module is given an argument that it does not declare",
     Severity::kMedium, RuleKind::kDefect, false,
     "Terraform refuses the call; a misspelt argument also means that the intended setting keeps "
     "its default.",
     "Use a variable that the module declares, or declare it there."},
    {"undeclared-variable-value", "Variables file sets a variable that does not exist",
     Severity::kLow, RuleKind::kDefect, false,
     "Terraform ignores the value with a warning; a misspelt name means that the intended variable "
     "keeps its default.",
     "Correct the name, declare the variable, or remove the line."},
    {"unreadable-file", "File cannot be read", Severity::kHigh, RuleKind::kDefect, true,
     "A file that cannot be read has not been scanned.",
     "Correct its permissions or encoding (UTF-8), or exclude it with --exclude-path."},
    {"unused-ignore", "Ignore comment has no effect", Severity::kLow, RuleKind::kOpinion, false,
     "An ignore that matches nothing hides a later finding nobody has looked at, or stands on the "
     "wrong line.",
     "Remove it, or move it to the line or the block that the finding is about."},
});
static_assert(std::ranges::is_sorted(kRules, {}, &DiagnosticRule::id));

std::string_view IdOf(DiagnosticCode code) {
  switch (code) {
    case DiagnosticCode::kParseError:
      return "parse-error";
    case DiagnosticCode::kUnreadable:
      return "unreadable-file";
    case DiagnosticCode::kLimit:
      return "limit-exceeded";
    case DiagnosticCode::kModuleNotFound:
      return "module-not-found";
    case DiagnosticCode::kModuleNotDownloaded:
      return "module-not-downloaded";
    case DiagnosticCode::kModuleUnavailable:
      return "module-unavailable";
    case DiagnosticCode::kTemplateError:
      return "template-error";
    case DiagnosticCode::kChartNeedsValues:
      return "chart-needs-values";
    case DiagnosticCode::kChartDependency:
      return "chart-dependency-missing";
    case DiagnosticCode::kKustomization:
      return "kustomization-error";
    case DiagnosticCode::kRemoteBase:
      return "remote-base-missing";
    case DiagnosticCode::kCycle:
      return "reference-cycle";
    case DiagnosticCode::kEvaluationError:
      return "evaluation-error";
    case DiagnosticCode::kInvalidVariable:
      return "invalid-variable";
    case DiagnosticCode::kUndeclaredArgument:
      return "undeclared-module-argument";
    case DiagnosticCode::kDuplicate:
      return "duplicate-declaration";
    case DiagnosticCode::kInvalidConfiguration:
      return "invalid-configuration";
    case DiagnosticCode::kFailedCondition:
      return "failed-condition";
    case DiagnosticCode::kUndeclaredValue:
      return "undeclared-variable-value";
  }
  return "parse-error";
}

}  // namespace

std::span<const DiagnosticRule> DiagnosticRules() { return kRules; }

std::size_t DiagnosticRuleIndex(std::string_view id) {
  auto it = std::ranges::lower_bound(kRules, id, {}, &DiagnosticRule::id);
  return static_cast<std::size_t>(it - kRules.begin());
}

std::size_t DiagnosticRuleIndex(DiagnosticCode code) { return DiagnosticRuleIndex(IdOf(code)); }

RuleInfo MakeRuleInfo(const DiagnosticRule& rule) {
  RuleInfo info;
  info.id = rule.id;
  info.title = rule.title;
  info.severity = rule.severity;
  info.kind = rule.kind;
  info.strong = true;
  info.why = rule.why;
  info.fix = rule.fix;
  info.provider = "plumbline";
  info.service = "input";
  return info;
}

}  // namespace plumbline::scan
