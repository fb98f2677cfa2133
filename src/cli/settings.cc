#include "cli/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace plumbline::cli {
namespace {

using Values = std::vector<std::string>;

constexpr std::string_view kSeverities = "critical, high, medium, low, info";

Result<bool> Switch(const Values& v) {
  if (v.empty() || v.back() == "true") return true;
  if (v.back() == "false") return false;
  return Fail(fmt::format("'{}' is neither true nor false", v.back()));
}

// Ids may be given as one comma-separated text too.
void AppendIds(Values& to, const Values& from) {
  for (const std::string& text : from) {
    for (std::size_t i = 0; i <= text.size();) {
      std::size_t end = std::min(text.find(',', i), text.size());
      std::string_view id = std::string_view(text).substr(i, end - i);
      while (id.starts_with(' ')) id.remove_prefix(1);
      while (id.ends_with(' ')) id.remove_suffix(1);
      if (!id.empty()) to.emplace_back(id);
      i = end + 1;
    }
  }
}

void Append(Values& to, const Values& from) { to.insert(to.end(), from.begin(), from.end()); }

Result<Severity> ToSeverity(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
  Severity s{};
  if (!ParseSeverity(text, s))
    return Fail(fmt::format("'{}' is no severity; expected {}", text, kSeverities));
  return s;
}

template <bool ScanOptions::* Member>
Result<void> SetScanSwitch(Settings& s, const Values& v) {
  PL_TRY(s.scan.*Member, Switch(v));
  return {};
}

template <bool ScanOptions::* Member>
Result<void> ClearScanSwitch(Settings& s, const Values& v) {
  PL_TRY(bool on, Switch(v));
  s.scan.*Member = !on;
  return {};
}

template <Values ScanOptions::* Member>
Result<void> AddIds(Settings& s, const Values& v) {
  AppendIds(s.scan.*Member, v);
  return {};
}

template <Values ScanOptions::* Member>
Result<void> ReplaceIds(Settings& s, const Values& v) {
  (s.scan.*Member).clear();
  AppendIds(s.scan.*Member, v);
  return {};
}

template <Values ScanOptions::* Member>
Result<void> AddTexts(Settings& s, const Values& v) {
  Append(s.scan.*Member, v);
  return {};
}

template <Values ChartOptions::* Member>
Result<void> AddChartTexts(Settings& s, const Values& v) {
  Append(s.scan.charts.*Member, v);
  return {};
}

template <std::string ChartOptions::* Member>
Result<void> SetChartText(Settings& s, const Values& v) {
  s.scan.charts.*Member = v.back();
  return {};
}

Result<void> SetColor(Settings& s, const Values& v) {
  constexpr auto kModes = std::to_array<std::string_view>({"auto", "always", "never"});
  auto it = std::ranges::find(kModes, v.back());
  if (it == kModes.end())
    return Fail(fmt::format("'{}' is no colour mode; expected auto, always, never", v.back()));
  s.color = static_cast<ColorMode>(it - kModes.begin());
  return {};
}

Result<void> SetNoColor(Settings& s, const Values& v) {
  PL_TRY(bool on, Switch(v));
  if (on) s.color = ColorMode::kNever;
  return {};
}

Result<void> AddOutput(Settings& s, const std::string& text) {
  std::size_t equals = text.find('=');
  std::string name = text.substr(0, equals);
  const report::Format* format = report::FindFormat(name);
  if (format == nullptr) {
    return Fail(fmt::format("'{}' is no report format; expected {}", name, report::FormatNames()));
  }
  std::string file = equals == std::string::npos ? "" : text.substr(equals + 1);
  if (equals != std::string::npos && file.empty())
    return Fail(fmt::format("'{}' names no file behind '='", text));
  s.outputs.push_back({format, std::move(file)});
  return {};
}

// Formats given as flags make the configuration's output file meaningless too.
Result<void> SetFormats(Settings& s, const Values& v) {
  s.outputs.clear();
  s.output_file.clear();
  for (const std::string& text : v) {
    // "json,sarif" means both, "json=a,b.json" names a file with a comma.
    if (text.find('=') != std::string::npos) {
      PL_CHECK_OK(AddOutput(s, text));
      continue;
    }
    Values names;
    AppendIds(names, {text});
    if (names.empty())
      return Fail(fmt::format("no report format given; expected {}", report::FormatNames()));
    for (const std::string& name : names) PL_CHECK_OK(AddOutput(s, name));
  }
  return {};
}

Result<void> SetOutput(Settings& s, const Values& v) {
  s.output_file = v.back();
  return {};
}

Result<void> SetMinimumSeverity(Settings& s, const Values& v) {
  PL_TRY(s.scan.minimum_severity, ToSeverity(v.back()));
  return {};
}

Result<void> SetFailOn(Settings& s, const Values& v) {
  PL_TRY(s.fail_on, ToSeverity(v.back()));
  return {};
}

Result<void> SetSoftFail(Settings& s, const Values& v) {
  PL_TRY(s.soft_fail, Switch(v));
  return {};
}

Result<void> SetQuiet(Settings& s, const Values& v) {
  PL_TRY(s.quiet, Switch(v));
  return {};
}

Result<void> SetNoProgress(Settings& s, const Values& v) {
  PL_TRY(bool on, Switch(v));
  s.progress = !on;
  return {};
}

Result<void> SetProfile(Settings& s, const Values& v) {
  if (v.back() != "default" && v.back() != "strict") {
    return Fail(fmt::format("'{}' is no profile; expected default, strict", v.back()));
  }
  s.scan.strict = v.back() == "strict";
  return {};
}

Result<void> SetJobs(Settings& s, const Values& v) {
  constexpr unsigned kMaxJobs = 1024;
  const std::string& text = v.back();
  unsigned jobs = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), jobs);
  if (error != std::errc() || end != text.data() + text.size() || jobs > kMaxJobs) {
    return Fail(
        fmt::format("'{}' is no number of threads; expected 0 (one a core) to {}", text, kMaxJobs));
  }
  s.scan.jobs = jobs;
  return {};
}

Result<void> AddSeverities(Settings& s, const Values& v) {
  for (const std::string& text : v) {
    std::size_t equals = text.rfind('=');
    if (equals == std::string::npos || equals == 0) {
      return Fail(fmt::format(
          "'{}' does not say which rule's severity to change; expected RULE=SEVERITY", text));
    }
    PL_TRY(Severity severity, ToSeverity(text.substr(equals + 1)));
    s.scan.severity_overrides.emplace_back(text.substr(0, equals), severity);
  }
  return {};
}

Result<void> AddVars(Settings& s, const Values& v) {
  for (const std::string& text : v) {
    std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return Fail(fmt::format("'{}' is no variable; expected NAME=VALUE", text));
    }
    s.scan.vars.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return {};
}

Result<void> SetConfig(Settings& s, const Values& v) {
  s.config_file = v.back();
  return {};
}

Result<void> SetSource(Settings& s, const Values& v) {
  s.scan.source = v.back();
  return {};
}

Result<void> SetNoConfig(Settings& s, const Values& v) {
  PL_TRY(bool on, Switch(v));
  s.use_config = !on;
  return {};
}

Result<void> SetDownloadModules(Settings& s, const Values& v) {
  PL_TRY(s.scan.modules.download, Switch(v));
  return {};
}

Result<void> SetModuleRegistry(Settings& s, const Values& v) {
  s.scan.modules.registry = v.back();
  return {};
}

Result<void> AddVendoredModules(Settings& s, const Values& v) {
  Append(s.scan.modules.vendored, v);
  return {};
}

Result<void> SetStdinFilename(Settings& s, const Values& v) {
  s.stdin_filename = v.back();
  return {};
}

using enum SettingKind;

constexpr auto kSettings = std::to_array<Setting>({
    {"allow-path", "--allow-path", kList, "PATH", "file() and modules may read there too",
     &AddTexts<&ScanOptions::allowed_paths>, false, false, "", true},
    {"api-versions", "--api-versions", kList, "VERSION",
     "API versions that charts find in the cluster, beside Kubernetes' own",
     &AddChartTexts<&ChartOptions::api_versions>},
    {"baseline", "--baseline", kLater},
    {"color", "--color,--colour", kValue, "WHEN",
     "auto, always or never (default: auto; NO_COLOR is honoured)", &SetColor},
    {"config", "--config,--config-file", kValue, "FILE",
     "configuration file (default: the nearest .plumbline.yaml upwards)", &SetConfig, false, true},
    {"create-baseline", "--create-baseline", kLater},
    {"download-modules", "--download-modules", kSwitch, "",
     "get remote modules that are not here over the network, and keep them in the cache",
     &SetDownloadModules},
    {"exclude", "-e,--exclude,--skip-check,--exclude-rule", kList, "RULE",
     "do not run these rules (ids, aliases, globs)", &AddIds<&ScanOptions::excluded_rules>},
    {"exclude-path", "--exclude-path,--skip-path,--skip-dirs,--skip-files,--ignore-paths", kList,
     "GLOB", "leave these files and folders out", &AddTexts<&ScanOptions::excluded_paths>},
    {"fail-on", "--fail-on", kValue, "SEVERITY",
     "findings from this severity on make the exit code 1 (default: low)", &SetFailOn},
    {"format", "-f,--format", kList, "FORMAT[=FILE]", "report format, repeatable (default: cli)",
     &SetFormats, true},
    {"framework", "--framework,--type", kList, "NAME",
     "scan only these: terraform, kubernetes, helm, kustomize",
     &ReplaceIds<&ScanOptions::frameworks>, true},
    {"include", "--include", kList, "GLOB", "scan only these files and folders",
     &AddTexts<&ScanOptions::includes>},
    {"include-ignored", "--include-ignored,--show-suppressed", kSwitch, "",
     "show ignored findings in the cli report too", &SetScanSwitch<&ScanOptions::include_ignored>},
    {"include-passed", "--include-passed,--show-passed", kSwitch, "", "report what passed too",
     &SetScanSwitch<&ScanOptions::include_passed>},
    {"jobs", "-j,--jobs", kValue, "N", "threads (default: one a core)", &SetJobs},
    {"kube-version", "--kube-version", kValue, "VERSION",
     "Kubernetes version that charts are rendered for (default: v1.32.0)",
     &SetChartText<&ChartOptions::kube_version>},
    {"matrix", "--matrix", kSwitch, "",
     "evaluate every environment: each tfvars file or `environments` of the configuration, each "
     "values "
     "file beside a chart, each overlay",
     &SetScanSwitch<&ScanOptions::matrix>},
    {"minimum-severity", "-m,--minimum-severity", kValue, "SEVERITY",
     "hide findings below this severity", &SetMinimumSeverity},
    {"module-registry", "--module-registry", kValue, "HOST",
     "registry of module sources that name none (default: $PLUMBLINE_MODULE_REGISTRY)",
     &SetModuleRegistry},
    {"namespace", "--namespace", kValue, "NAME",
     "namespace that charts are rendered for (default: default)",
     &SetChartText<&ChartOptions::name_space>},
    {"no-builtin-rules", "--no-builtin-rules", kSwitch, "", "run the rules of --policy alone",
     &ClearScanSwitch<&ScanOptions::builtin_rules>},
    {"no-color", "--no-color,--no-colour", kSwitch, "", "the same as --color never", &SetNoColor},
    {"no-config", "--no-config", kSwitch, "", "read no configuration file", &SetNoConfig, false,
     true},
    {"no-gitignore", "--no-gitignore", kSwitch, "", "scan what .gitignore leaves out, too",
     &ClearScanSwitch<&ScanOptions::gitignore>},
    {"no-ignores", "--no-ignores", kSwitch, "",
     "let no ignore comment, annotation or configured ignore work",
     &SetScanSwitch<&ScanOptions::no_ignores>},
    {"no-progress", "--no-progress", kSwitch, "", "no progress display", &SetNoProgress},
    {"output", "-o,--output,-O,--out", kValue, "FILE", "file of the last format that names none",
     &SetOutput, false, false, "", true},
    {"policy", "--policy,--custom-check-dir,--external-checks-dir", kList, "PATH",
     "your own rules: files or folders", &AddTexts<&ScanOptions::policies>, false, false,
     "policies", true},
    {"profile", "--profile", kValue, "NAME",
     "default: defects and strong opinions; strict: every opinion too", &SetProfile},
    {"quiet", "-q,--quiet", kSwitch, "", "no notices on stderr", &SetQuiet},
    {"release-name", "--release-name", kValue, "NAME",
     "release name that charts are rendered with (default: release-name)",
     &SetChartText<&ChartOptions::release_name>},
    {"rule", "-r,--rule,-c,--check", kList, "RULE", "run only these rules (ids, aliases, globs)",
     &ReplaceIds<&ScanOptions::rules>, true, false, "rules"},
    {"set", "--set", kList, "KEY=VALUE", "value of Helm charts",
     &AddChartTexts<&ChartOptions::set>},
    {"set-file", "--set-file", kList, "KEY=FILE", "value of Helm charts, read from a file",
     &AddChartTexts<&ChartOptions::set_file>},
    {"set-json", "--set-json", kList, "KEY=JSON", "value of Helm charts in JSON",
     &AddChartTexts<&ChartOptions::set_json>},
    {"set-string", "--set-string", kList, "KEY=VALUE", "value of Helm charts that stays a text",
     &AddChartTexts<&ChartOptions::set_string>},
    {"severity", "--severity", kList, "RULE=SEVERITY", "change a rule's severity", &AddSeverities},
    {"show-unknown", "--show-unknown", kSwitch, "",
     "report what could not be decided, and what it hangs on",
     &SetScanSwitch<&ScanOptions::show_unknown>},
    {"since", "--since", kLater},
    {"soft-fail", "-s,--soft-fail", kSwitch, "", "never fail because of findings", &SetSoftFail},
    {"source", "--source,--repo-root-for-plan-enrichment", kValue, "DIR",
     "folder with the sources of a plan in JSON (default: found beside or above it)", &SetSource,
     false, false, "", true},
    {"stdin-filename", "--stdin-filename", kValue, "FILE",
     "with the path -: stdin is the unsaved text of FILE", &SetStdinFilename, false, true},
    {"values", "--values", kList, "FILE", "values file of Helm charts, behind each chart's own",
     &AddChartTexts<&ChartOptions::values>, false, false, "", true},
    {"var", "--var", kList, "NAME=VALUE", "value of a Terraform variable", &AddVars},
    {"var-file", "--var-file,--tfvars-file,--tf-vars", kList, "FILE",
     "file with values of Terraform variables", &AddTexts<&ScanOptions::var_files>, false, false,
     "", true},
    {"vendored-modules", "--vendored-modules", kList, "DIR",
     "folder of remote modules, laid out by source (docs/modules.md)", &AddVendoredModules, false,
     false, "", true},
});
static_assert(std::ranges::is_sorted(kSettings, {}, &Setting::name));

}  // namespace

std::span<const Setting> AllSettings() { return kSettings; }

const Setting* FindSetting(std::string_view name) {
  for (const Setting& s : kSettings) {
    if (s.name == name || (!s.config_alias.empty() && s.config_alias == name)) return &s;
  }
  return nullptr;
}

Result<void> Complete(Settings& s) {
  if (s.outputs.empty()) s.outputs.push_back({report::FindFormat("cli"), ""});
  if (!s.output_file.empty()) {
    auto open = std::find_if(s.outputs.rbegin(), s.outputs.rend(),
                             [](const Output& o) { return o.file.empty(); });
    if (open == s.outputs.rend())
      return Fail("--output has no format left: every --format names its own file");
    open->file = s.output_file;
  }
  if (std::ranges::count_if(s.outputs, [](const Output& o) { return o.file.empty(); }) > 1) {
    return Fail(
        "two report formats would both go to stdout; give all but one a file: --format "
        "FORMAT=FILE");
  }
  return {};
}

}  // namespace plumbline::cli
