// JUnit XML as Jenkins and GitLab read it: a test suite a file, a test case a finding; ignored and
// undetermined ones are skipped tests, passes are passed ones. A scan without findings has one
// suite with one passed test, because servers take an empty report for a broken one.
#include <fmt/format.h>

#include <map>

#include "report/report.h"
#include "report/text.h"

namespace plumbline::report {
namespace {

using FileFindings = std::vector<const Finding*>;

bool Skipped(const Finding& f) {
  return f.status == Status::kIgnored || f.status == Status::kUnknown;
}

std::string Details(const Finding& f) {
  std::string out = Place(f.location) + "\n" + MessageWithEnvironments(f);
  if (!f.resource.empty()) out += "\nresource: " + f.resource;
  for (const std::string& instance : f.instances) out += "\nalso: " + instance;
  for (const Origin& step : f.origin)
    out += fmt::format("\nfrom: {} {}", Place(step.location), step.what);
  if (!f.rule->fix.empty()) out += "\nfix: " + f.rule->fix;
  return out + "\n";
}

void WriteCase(const Finding& f, std::string& out) {
  std::string name = fmt::format("{} {}:{}", f.resource.empty() ? f.rule->title : f.resource,
                                 f.location.line, f.location.column);
  out += fmt::format("    <testcase classname=\"{}\" name=\"{}\"", Xml(f.rule->id), Xml(name));
  if (f.status == Status::kPass) {
    out += "/>\n";
    return;
  }
  out += ">\n";
  if (Skipped(f)) {
    std::string why = f.note.empty() ? std::string(StatusName(f.status)) : f.note;
    out += fmt::format("      <skipped message=\"{}\"/>\n", Xml(why));
  } else {
    out += fmt::format("      <failure type=\"{}\" message=\"{}\">{}</failure>\n",
                       SeverityName(f.severity), Xml(f.message), Xml(Details(f)));
  }
  out += "    </testcase>\n";
}

void WriteSuite(const std::string& file, const FileFindings& findings, std::string& out) {
  std::size_t failures = 0, skipped = 0;
  for (const Finding* f : findings) {
    failures += f->status == Status::kFail;
    skipped += Skipped(*f);
  }
  out += fmt::format(
      "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">\n",
      Xml(file), findings.size(), failures, skipped);
  for (const Finding* f : findings) WriteCase(*f, out);
  out += "  </testsuite>\n";
}

}  // namespace

void WriteJunit(const Report& report, const Options&, std::string& out) {
  std::map<std::string, FileFindings> by_file;
  std::size_t failures = 0;
  for (const Finding& f : report.findings) {
    by_file[f.location.file].push_back(&f);
    failures += f.status == Status::kFail;
  }
  std::size_t tests = report.findings.empty() ? 1 : report.findings.size();
  out += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  out += fmt::format("<testsuites name=\"plumbline\" tests=\"{}\" failures=\"{}\" errors=\"0\">\n",
                     tests, failures);
  for (const auto& [file, findings] : by_file) WriteSuite(file, findings, out);
  if (by_file.empty()) {
    out +=
        "  <testsuite name=\"plumbline\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\">\n"
        "    <testcase classname=\"plumbline\" name=\"no findings\"/>\n  </testsuite>\n";
  }
  out += "</testsuites>\n";
}

}  // namespace plumbline::report
