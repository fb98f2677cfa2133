// The `json` format: every finding with everything known about it. Its shape is a promise to
// scripts; keys are only ever added.
#include "report/finding_json.h"
#include "report/json_writer.h"
#include "report/report.h"

namespace plumbline::report {
namespace {

void WriteSummary(const Summary& s, JsonWriter& w) {
  w.Key("summary");
  w.BeginObject();
  w.Member("files", s.files);
  w.Member("projects", s.projects);
  if (s.plans > 0) w.Member("plans", s.plans);
  w.Member("resources", s.resources);
  w.Member("rules", s.rules);
  if (!s.environments.empty()) w.Strings("environments", s.environments);
  w.Member("failed", s.failed);
  w.Member("passed", s.passed);
  w.Member("unknown", s.unknown);
  w.Member("ignored", s.ignored);
  w.Key("by_severity");
  w.BeginObject();
  for (int i = 4; i >= 0; --i) w.Member(SeverityName(static_cast<Severity>(i)), s.by_severity[i]);
  w.EndObject();
  w.EndObject();
}

void WriteFinding(const Finding& f, JsonWriter& w) {
  w.BeginObject();
  w.Member("rule_id", f.rule->id);
  w.Strings("aliases", f.rule->aliases);
  w.Member("title", f.rule->title);
  w.Member("severity", SeverityName(f.severity));
  w.Member("kind", RuleKindName(f.rule->kind));
  w.Member("status", StatusName(f.status));
  w.Member("framework", f.framework);
  w.Member("resource", f.resource);
  if (!f.construct.empty()) w.Member("construct", f.construct);
  if (!f.instances.empty()) w.Strings("instances", f.instances);
  w.Member("file", f.location.file);
  w.Member("line", f.location.line);
  w.Member("column", f.location.column);
  w.Member("end_line", f.location.end_line);
  w.Member("end_column", f.location.end_column);
  w.Member("message", f.message);
  w.Key("value");
  w.Raw(f.value);
  WriteOrigins("origin", f.origin, w);
  w.Strings("environments", f.environments);
  if (!f.environment_results.empty()) WriteEnvironmentResults(f.environment_results, w);
  w.Member("remediation", f.rule->fix);
  w.Strings("links", f.rule->links);
  if (!f.note.empty()) w.Member("note", f.note);
  w.Member("fingerprint", f.fingerprint);
  w.EndObject();
}

}  // namespace

void WriteJson(const Report& report, const Options&, std::string& out) {
  JsonWriter w(out);
  w.BeginObject();
  w.Member("version", report.version);
  WriteSummary(report.summary, w);
  w.Key("findings");
  w.BeginArray();
  for (const Finding& f : report.findings) WriteFinding(f, w);
  w.EndArray();
  w.EndObject();
}

}  // namespace plumbline::report
