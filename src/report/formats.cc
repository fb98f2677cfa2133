// The one list of report formats: help, messages and --format read it.
#include <algorithm>
#include <array>

#include "report/report.h"

namespace plumbline::report {
namespace {

constexpr auto kFormats = std::to_array<Format>({
    {"checkstyle", "Checkstyle XML for Jenkins and editors", &WriteCheckstyle},
    {"cli", "for people: source lines, origins, fixes", &WriteCli},
    {"csv", "a record a finding, for spreadsheets", &WriteCsv},
    {"github", "annotations of a GitHub Actions run", &WriteGithub},
    {"gitlab", "GitLab Code Quality", &WriteGitlab},
    {"html", "one page for people without the program", &WriteHtml},
    {"json", "everything known about every finding", &WriteJson},
    {"junit", "JUnit XML: findings as failed tests", &WriteJunit},
    {"markdown", "for pull requests and job summaries", &WriteMarkdown},
    {"sarif", "SARIF 2.1.0 for code scanning", &WriteSarif},
});
static_assert(std::ranges::is_sorted(kFormats, {}, &Format::name));

}  // namespace

std::span<const Format> Formats() { return kFormats; }

const Format* FindFormat(std::string_view name) {
  auto it = std::ranges::lower_bound(kFormats, name, {}, &Format::name);
  return it != kFormats.end() && it->name == name ? &*it : nullptr;
}

std::string FormatNames() {
  std::string out;
  for (const Format& f : kFormats) {
    if (!out.empty()) out += ", ";
    out += f.name;
  }
  return out;
}

}  // namespace plumbline::report
