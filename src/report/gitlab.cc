// GitLab's Code Quality report: an array of issues, failed findings only. Fingerprints must be
// unique and stable.
#include "report/json_writer.h"
#include "report/report.h"
#include "report/text.h"

namespace plumbline::report {
namespace {

std::string_view GitlabSeverity(Severity severity) {
  switch (severity) {
    case Severity::kCritical:
      return "blocker";
    case Severity::kHigh:
      return "critical";
    case Severity::kMedium:
      return "major";
    case Severity::kLow:
      return "minor";
    case Severity::kInfo:
      return "info";
  }
  return "major";
}

}  // namespace

void WriteGitlab(const Report& report, const Options&, std::string& out) {
  JsonWriter w(out);
  w.BeginArray();
  for (const Finding& f : report.findings) {
    if (f.status != Status::kFail) continue;
    w.BeginObject();
    w.Member("type", "issue");
    w.Member("check_name", f.rule->id);
    w.Member("description", MessageWithEnvironments(f));
    w.Key("content");
    w.BeginObject();
    w.Member("body", f.rule->why + (f.rule->fix.empty() ? "" : "\n\nFix: " + f.rule->fix));
    w.EndObject();
    w.Key("categories");
    w.BeginArray();
    w.String("Security");
    w.EndArray();
    w.Member("fingerprint", f.fingerprint);
    w.Member("severity", GitlabSeverity(f.severity));
    w.Key("location");
    w.BeginObject();
    w.Member("path", f.location.file);
    w.Key("lines");
    w.BeginObject();
    w.Member("begin", f.location.line == 0 ? 1 : f.location.line);
    w.EndObject();
    w.EndObject();
    w.EndObject();
  }
  w.EndArray();
}

}  // namespace plumbline::report
