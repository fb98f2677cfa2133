// Flags and configuration → one Scan → reports and the exit code.
#include "cli/scan_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "cli/command.h"
#include "cli/config.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/settings.h"
#include "cli/terraform_options.h"
#include "plumbline/scan.h"
#include "report/report.h"
#include "support/fs.h"

extern char** environ;

namespace plumbline::cli {
namespace {

constexpr std::size_t kMaxStdinBytes = 64u << 20;

Result<std::string> ReadStdin() {
  std::string text;
  char buffer[1 << 16];
  for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, stdin)) > 0;) {
    text.append(buffer, n);
    if (text.size() > kMaxStdinBytes) {
      return Fail(
          fmt::format("standard input holds more than the limit of {} bytes", kMaxStdinBytes));
    }
  }
  if (std::ferror(stdin) != 0) return Fail("standard input cannot be read");
  return text;
}

Result<void> WriteText(const std::string& file, const std::string& text) {
  std::FILE* f = file.empty() ? stdout : std::fopen(file.c_str(), "wb");
  if (f == nullptr) return Fail(fmt::format("{}: cannot be written", file));
  bool ok = std::fwrite(text.data(), 1, text.size(), f) == text.size();
  ok = (file.empty() ? std::fflush(f) : std::fclose(f)) == 0 && ok;
  if (!ok)
    return Fail(fmt::format("{}: cannot be written", file.empty() ? "standard output" : file));
  return {};
}

}  // namespace

bool UseColor(const Settings& s) {
  if (s.color != ColorMode::kAuto) return s.color == ColorMode::kAlways;
  const char* no_color = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  if (no_color != nullptr && *no_color != '\0') return false;
  if (terminal != nullptr && std::string_view(terminal) == "dumb") return false;
  return ::isatty(STDOUT_FILENO) != 0;
}

namespace {

// SOURCE_DATE_EPOCH, as builds use it, makes expiring ignores reproducible.
std::string Today() {
  std::time_t now = std::time(nullptr);
  if (const char* epoch = std::getenv("SOURCE_DATE_EPOCH"))
    now = static_cast<std::time_t>(std::atoll(epoch));
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", &utc);
  return text;
}

void TakeEnvironment(ScanOptions& scan) {
  constexpr std::string_view kPrefix = "TF_VAR_";
  for (char** e = environ; *e != nullptr; ++e) {
    std::string_view text = *e;
    std::size_t equals = text.find('=');
    if (!text.starts_with(kPrefix) || equals == std::string_view::npos) continue;
    scan.environment.emplace_back(text.substr(kPrefix.size(), equals - kPrefix.size()),
                                  text.substr(equals + 1));
  }
  std::ranges::sort(scan.environment);
}

// `-`: manifests, or with --stdin-filename the unsaved text of a file, scanned with the project it
// belongs to.
Result<void> TakeStdin(Settings& s) {
  auto dash = std::ranges::find(s.scan.paths, "-");
  if (dash == s.scan.paths.end()) {
    if (!s.stdin_filename.empty())
      return Fail("--stdin-filename needs the path - for standard input");
    return {};
  }
  s.scan.paths.erase(dash);
  PL_TRY(std::string text, ReadStdin());
  if (s.stdin_filename.empty()) {
    s.scan.stdin_manifests = std::move(text);
    return {};
  }
  if (!s.scan.paths.empty())
    return Fail("--stdin-filename scans the project of its file; give no other path than -");
  s.scan.unsaved.emplace_back(s.stdin_filename, std::move(text));
  s.scan.report_only.push_back(s.stdin_filename);
  s.scan.paths.push_back(ProjectFolder(DiskFileSystem(), s.stdin_filename));
  return {};
}

Result<void> Apply(const std::vector<GivenSetting>& given, Settings& s) {
  for (const GivenSetting& g : given) {
    if (g.setting->kind == SettingKind::kLater) {
      return Fail(fmt::format("--{} is not available in this version yet", g.setting->name));
    }
    if (auto ok = g.setting->apply(s, g.values); !ok) {
      return Fail(fmt::format("--{}: {}", g.setting->name, ok.error().message));
    }
  }
  return {};
}

// The folder whose configuration counts: the first path's.
std::string ConfigStart(const Settings& s, const FileSystem& fs) {
  if (!s.stdin_filename.empty()) return std::string(DirName(s.stdin_filename));
  const std::string& first = s.scan.paths[0];
  if (first == "-") return ".";
  return fs.IsDirectory(first) ? first : std::string(DirName(first));
}

Result<void> ApplyConfig(const std::vector<GivenSetting>& given, Settings& s) {
  for (const GivenSetting& g : given) {
    // These decide which configuration is read.
    if (g.setting->command_line_only) PL_CHECK_OK(g.setting->apply(s, g.values));
  }
  if (!s.use_config) return {};
  DiskFileSystem fs;
  PL_TRY(Config config, LoadConfig(fs, s.config_file, ConfigStart(s, fs)));
  std::ranges::stable_sort(config.entries, {},
                           [](const ConfigEntry& e) { return e.setting->name; });
  for (const ConfigEntry& e : config.entries) {
    if (e.setting->kind == SettingKind::kLater) {
      return Fail(
          fmt::format("{}: '{}' is not available in this version yet", e.place, e.setting->name));
    }
    if (auto ok = e.setting->apply(s, e.values); !ok)
      return Fail(fmt::format("{}: {}", e.place, ok.error().message));
  }
  s.scan.ignores = std::move(config.ignores);
  s.scan.environments = std::move(config.environments);
  s.notices = std::move(config.notices);
  return {};
}

}  // namespace

Result<Settings> MakeSettings(ParsedArguments arguments) {
  Settings s;
  s.scan.paths =
      arguments.paths.empty() ? std::vector<std::string>{"."} : std::move(arguments.paths);
  s.scan.today = Today();
  TakeEnvironment(s.scan);
  s.scan.modules = ModulesOfEnvironment();
  PL_CHECK_OK(ApplyConfig(arguments.given, s));
  PL_CHECK_OK(Apply(arguments.given, s));
  PL_CHECK_OK(Complete(s));
  s.show_ignored = s.scan.include_ignored;
  // Formats for programs mark ignored findings as such instead of leaving them out.
  s.scan.include_ignored |=
      std::ranges::any_of(s.outputs, [](const Output& o) { return o.format->name != "cli"; });
  PL_CHECK_OK(TakeStdin(s));
  return s;
}

namespace {

Result<void> WriteReports(const Settings& s, const Report& report) {
  for (const Output& output : s.outputs) {
    report::Options o;
    o.color = output.file.empty() ? UseColor(s) : s.color == ColorMode::kAlways;
    o.show_ignored = s.show_ignored;
    std::string text;
    // About what a finding takes in the widest formats: growing by copying would double the peak.
    text.reserve(report.findings.size() * 1024);
    output.format->write(report, o, text);
    PL_CHECK_OK(WriteText(output.file, text));
  }
  return {};
}

bool HasFailures(const Settings& s, const Report& report) {
  return std::ranges::any_of(report.findings, [&](const Finding& f) {
    return f.status == Status::kFail && f.severity >= s.fail_on;
  });
}

}  // namespace

int RunScan(const std::vector<std::string>& args) {
  ParsedArguments arguments = ParseScanArguments(args);
  if (!arguments.error.empty()) return UsageError(arguments.error + " (see plumbline scan --help)");
  if (!arguments.help.empty()) {
    fmt::print("{}", arguments.help);
    return kExitOk;
  }
  auto settings = MakeSettings(std::move(arguments));
  if (!settings) return UsageError(settings.error().message);
  auto start = std::chrono::steady_clock::now();
  ScanResult result;
  {
    Progress progress(settings->progress && ::isatty(STDERR_FILENO) != 0);
    settings->scan.progress = &Progress::Callback;
    settings->scan.progress_data = &progress;
    result = Scan(settings->scan);
  }
  if (!result.error.empty()) return UsageError(result.error);
  result.report.summary.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (!settings->quiet) {
    for (const auto* notices : {&settings->notices, &result.report.notices}) {
      for (const std::string& notice : *notices)
        fmt::print(stderr, "plumbline: note: {}\n", notice);
    }
  }
  if (auto ok = WriteReports(*settings, result.report); !ok) return UsageError(ok.error().message);
  return HasFailures(*settings, result.report) && !settings->soft_fail ? kExitFindings : kExitOk;
}

}  // namespace plumbline::cli
