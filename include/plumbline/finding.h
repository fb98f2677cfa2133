// What a scan reports: findings with everything a report format needs, as plain strings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace plumbline {

enum class Severity : std::uint8_t { kInfo, kLow, kMedium, kHigh, kCritical };
enum class RuleKind : std::uint8_t { kDefect, kOpinion };
enum class Status : std::uint8_t { kFail, kPass, kUnknown, kIgnored };

/// "critical", "high", … as they are written in rules, flags and reports.
const char* SeverityName(Severity severity);
const char* RuleKindName(RuleKind kind);
const char* StatusName(Status status);
/// False when `text` names no severity.
bool ParseSeverity(const std::string& text, Severity& out);

/// A place in a file. Lines and columns are 1-based; the end column lies just behind the last
/// character. `file` is relative to the folder the program was started in where it lies below it.
/// Empty when there is none.
struct Location {
  std::string file;
  std::uint32_t line = 0, column = 0, end_line = 0, end_column = 0;
};

/// One step from the attribute towards the literal that a person edits.
struct Origin {
  Location location;
  std::string what;
};

/// A line shown below a finding in the terminal report.
struct SourceLine {
  std::uint32_t number = 0;
  std::uint32_t column =
      1;  // of the text's first character: very long lines are cut around the finding
  std::string text;
};

/// The cold part of a rule, as reports show it.
struct RuleInfo {
  std::string id;
  std::vector<std::string> aliases;
  std::string title;
  Severity severity = Severity::kMedium;
  RuleKind kind = RuleKind::kDefect;
  bool strong = false;  // an opinion that the default profile shows
  std::string why;
  std::string fix;
  std::vector<std::string> links;
  std::vector<std::string> compliance;
  std::string provider;  // "aws", "kubernetes", "user", …
  std::string service;
};

/// How a finding fares in one environment of its project.
struct EnvironmentResult {
  std::string name;
  Status status = Status::kPass;
  bool absent = false;             // the resource does not exist there; `status` says nothing then
  std::string value;               // as Finding::value
  std::vector<Origin> decided_by;  // where this environment sets what makes the difference
};

struct Finding {
  const RuleInfo* rule = nullptr;         // never null; owned by the report
  Severity severity = Severity::kMedium;  // the rule's, unless the configuration changed it
  Status status = Status::kFail;
  std::string framework;  // "terraform", "kubernetes", …
  std::string resource;   // address or Kind/namespace/name; may be empty (a parse error)
  std::string construct;  // CDK for Terraform: path of the construct behind the resource, or empty
  std::vector<std::string>
      instances;  // further resources that fail at the same place for the same reason
  Location location;
  std::string message;
  std::string value;  // the offending value as JSON, secrets masked; empty when absent
  std::vector<Origin> origin;
  std::vector<std::string> environments;  // where the finding occurs; empty without --matrix
  std::vector<EnvironmentResult> environment_results;  // all of the project's, when they differ
  std::string fingerprint;                             // survives moved lines
  std::string note;                 // the ignore's reason; what an unknown hangs on
  std::vector<SourceLine> excerpt;  // the located lines with a little context
};

/// What was looked at.
struct Summary {
  std::size_t files = 0;
  std::size_t resources = 0;
  std::size_t rules = 0;
  std::size_t projects = 0;
  std::size_t plans = 0;                  // Terraform plans in JSON, among the files and projects
  std::vector<std::string> environments;  // all names met, sorted; empty without --matrix
  std::size_t passed = 0, failed = 0, unknown = 0, ignored = 0;
  std::size_t by_severity[5] = {};  // failed findings, indexed by Severity
  double seconds = 0;               // wall time; only the terminal report shows it
};

/// The result of one scan. Findings are sorted by file, line, column, rule, resource.
struct Report {
  std::string version;         // plumbline's
  std::deque<RuleInfo> rules;  // every rule that was run or has a finding, sorted by id
  std::vector<Finding> findings;
  Summary summary;
  std::vector<std::string>
      notices;  // said on stderr: files used, foreign config understood, what was left out
};

}  // namespace plumbline
