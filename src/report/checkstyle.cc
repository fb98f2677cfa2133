// Checkstyle XML, which Jenkins' warnings plugin and many editors read: one <file> a file, failed
// findings only.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "report/report.h"
#include "report/text.h"

namespace plumbline::report {
namespace {

std::string_view CheckstyleSeverity(Severity severity) {
  switch (severity) {
    case Severity::kCritical:
    case Severity::kHigh:
      return "error";
    case Severity::kMedium:
    case Severity::kLow:
      return "warning";
    case Severity::kInfo:
      return "info";
  }
  return "warning";
}

}  // namespace

void WriteCheckstyle(const Report& report, const Options&, std::string& out) {
  std::map<std::string, std::vector<const Finding*>> by_file;
  for (const Finding& f : report.findings) {
    if (f.status == Status::kFail) by_file[f.location.file].push_back(&f);
  }
  out += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"5.0\">\n";
  for (const auto& [file, findings] : by_file) {
    out += fmt::format("  <file name=\"{}\">\n", Xml(file));
    for (const Finding* f : findings) {
      out += fmt::format(
          "    <error line=\"{}\" column=\"{}\" severity=\"{}\" message=\"{}\" source=\"{}\"/>\n",
          std::max(f->location.line, 1u), std::max(f->location.column, 1u),
          CheckstyleSeverity(f->severity), Xml(MessageWithEnvironments(*f)), Xml(f->rule->id));
    }
    out += "  </file>\n";
  }
  out += "</checkstyle>\n";
}

}  // namespace plumbline::report
