// Markdown for pull-request comments and job summaries: counts, then a table of findings by
// severity, fixes folded away.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "report/report.h"
#include "report/text.h"

namespace plumbline::report {
namespace {

// Text within a table cell: no line breaks, no cell ends, nothing that Markdown or HTML would act
// upon.
std::string Cell(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\n' || c == '\r') {
      out += ' ';
    } else if (c == '<') {
      out += "&lt;";
    } else {
      if (std::string_view("|\\`*_[]").find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

std::string Code(std::string_view text) {
  std::string out = "`";
  for (char c : text) out += c == '`' ? '\'' : c == '|' ? '/' : c == '\n' ? ' ' : c;
  return out + "`";
}

std::string Heading(const Summary& s) {
  if (s.failed == 0) return "No findings";
  std::string out = Count(s.failed, "finding") + ":";
  for (int i = 4; i >= 0; --i) {
    if (s.by_severity[i] > 0)
      out += fmt::format(" {} {},", s.by_severity[i], SeverityName(static_cast<Severity>(i)));
  }
  out.pop_back();
  return out;
}

}  // namespace

void WriteMarkdown(const Report& report, const Options&, std::string& out) {
  const Summary& s = report.summary;
  out += fmt::format("## plumbline: {}\n\n{} scanned with {}.", Heading(s),
                     Count(s.resources, "resource"), Count(s.rules, "rule"));
  if (s.unknown > 0) out += fmt::format(" {} undetermined.", s.unknown);
  if (s.ignored > 0) out += fmt::format(" {} ignored.", s.ignored);
  out += '\n';
  std::vector<const Finding*> findings;
  std::map<std::string, const RuleInfo*> rules;
  for (const Finding& f : report.findings) {
    if (f.status != Status::kFail) continue;
    findings.push_back(&f);
    rules.emplace(f.rule->id, f.rule);
  }
  if (findings.empty()) return;
  std::ranges::stable_sort(
      findings, [](const Finding* a, const Finding* b) { return a->severity > b->severity; });
  out += "\n| severity | place | resource | finding | rule |\n|---|---|---|---|---|\n";
  for (const Finding* f : findings) {
    std::string place = fmt::format("{}:{}", f->location.file, f->location.line);
    out += fmt::format("| {} | {} | {} | {} | {} |\n", SeverityName(f->severity), Code(place),
                       f->resource.empty() ? "" : Code(f->resource),
                       Cell(MessageWithEnvironments(*f)), Code(f->rule->id));
  }
  out += "\n<details><summary>Reasons and fixes</summary>\n\n";
  for (const auto& [id, rule] : rules) {
    out += fmt::format("- {} **{}** {} *Fix:* {}\n", Code(id), Cell(rule->title), Cell(rule->why),
                       Cell(rule->fix));
  }
  out += "\n</details>\n";
}

}  // namespace plumbline::report
