// One self-contained HTML page: no scripts, no outside resources; light and dark by the reader's
// preference.
#include <fmt/format.h>

#include <algorithm>

#include "report/report.h"
#include "report/text.h"

namespace plumbline::report {
namespace {

constexpr std::string_view kHead = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>plumbline report</title>
<style>
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
article { border-left: 4px solid gray; padding: .2rem 1rem; margin: 1.2rem 0; }
h2 { font-size: 1.05rem; margin: .3rem 0; }
pre { overflow-x: auto; padding: .5rem; background: color-mix(in srgb, currentColor 8%, transparent); }
.critical { border-color: #a3003c; } .high { border-color: #d1242f; } .medium { border-color: #bf8700; }
.low { border-color: #0969da; } .info { border-color: #6e7781; }
.place, .rule { font-family: ui-monospace, monospace; font-size: .9em; } mark { font-weight: bold; }
</style>
</head>
<body>
)";

void WriteExcerpt(const Finding& f, std::string& out) {
  if (f.excerpt.empty()) return;
  out += "<pre>";
  for (const SourceLine& line : f.excerpt) {
    bool inside = line.number >= f.location.line && line.number <= f.location.end_line;
    std::string text = Xml(Printable(line.text));
    out += fmt::format("{:>5} | {}\n", line.number, inside ? "<mark>" + text + "</mark>" : text);
  }
  out += "</pre>\n";
}

void WriteFinding(const Finding& f, std::string& out) {
  std::string_view severity = SeverityName(f.severity);
  out += fmt::format("<article class=\"{}\">\n<h2>{}: {} <span class=\"rule\">{}</span></h2>\n",
                     severity, severity, Xml(f.rule->title), Xml(f.rule->id));
  out += fmt::format("<p class=\"place\">{} {}</p>\n", Xml(Place(f.location)), Xml(f.resource));
  if (f.message != f.rule->title) out += fmt::format("<p>{}</p>\n", Xml(f.message));
  if (!f.environments.empty()) out += fmt::format("<p>{}</p>\n", Xml(EnvironmentsText(f)));
  WriteExcerpt(f, out);
  if (!f.origin.empty()) {
    out += "<p>The value comes from:</p>\n<ol>\n";
    for (const Origin& step : f.origin) {
      out += fmt::format("<li><span class=\"place\">{}</span> {}</li>\n", Xml(Place(step.location)),
                         Xml(step.what));
    }
    out += "</ol>\n";
  }
  if (!f.instances.empty())
    out += fmt::format("<p>Also: {}</p>\n", Xml(fmt::format("{}", fmt::join(f.instances, ", "))));
  if (!f.rule->why.empty()) out += fmt::format("<p>{}</p>\n", Xml(f.rule->why));
  if (!f.rule->fix.empty())
    out += fmt::format("<p><strong>Fix:</strong> {}</p>\n", Xml(f.rule->fix));
  out += "</article>\n";
}

}  // namespace

void WriteHtml(const Report& report, const Options&, std::string& out) {
  const Summary& s = report.summary;
  out += kHead;
  out += fmt::format("<h1>plumbline: {}</h1>\n<p>{}, {}, {}; {} undetermined, {} ignored.</p>\n",
                     s.failed == 0 ? "No findings" : Count(s.failed, "finding"),
                     Count(s.files, "file"), Count(s.resources, "resource"), Count(s.rules, "rule"),
                     s.unknown, s.ignored);
  std::vector<const Finding*> findings;
  for (const Finding& f : report.findings) {
    if (f.status == Status::kFail) findings.push_back(&f);
  }
  std::ranges::stable_sort(
      findings, [](const Finding* a, const Finding* b) { return a->severity > b->severity; });
  for (const Finding* f : findings) WriteFinding(*f, out);
  out += "</body>\n</html>\n";
}

}  // namespace plumbline::report
