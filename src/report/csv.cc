// CSV after RFC 4180: a header, one record a finding, CRLF line ends. A field that a spreadsheet
// would take for a formula is given a leading apostrophe.
#include <fmt/format.h>

#include "report/report.h"
#include "report/text.h"

namespace plumbline::report {
namespace {

void AppendField(std::string_view text, std::string& out) {
  std::string guarded;
  if (!text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos) {
    guarded = "'" + std::string(text);
    text = guarded;
  }
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace

void WriteCsv(const Report& report, const Options&, std::string& out) {
  out +=
      "file,line,column,end_line,severity,status,kind,rule_id,title,resource,message,origin,"
      "remediation,fingerprint,environments\r\n";
  for (const Finding& f : report.findings) {
    std::string origin;
    if (!f.origin.empty())
      origin = fmt::format("{}:{}", f.origin.back().location.file, f.origin.back().location.line);
    AppendField(f.location.file, out);
    out +=
        fmt::format(",{},{},{},{},{},{}", f.location.line, f.location.column, f.location.end_line,
                    SeverityName(f.severity), StatusName(f.status), RuleKindName(f.rule->kind));
    for (const std::string& text : {f.rule->id, f.rule->title, f.resource, f.message, origin,
                                    f.rule->fix, f.fingerprint, EnvironmentsText(f)}) {
      out += ',';
      AppendField(text, out);
    }
    out += "\r\n";
  }
}

}  // namespace plumbline::report
