// GitHub's workflow commands: a line a failed finding, which the Actions runner turns into an
// annotation.
#include <fmt/format.h>

#include <algorithm>

#include "report/report.h"
#include "report/text.h"

namespace plumbline::report {
namespace {

std::string_view Command(Severity severity) {
  if (severity >= Severity::kHigh) return "error";
  return severity == Severity::kMedium ? "warning" : "notice";
}

// `property` values must not hold ':' and ',' either.
std::string Escape(std::string_view text, bool property) {
  std::string out;
  for (char c : text) {
    bool special = c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
    if (special) {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

void WriteGithub(const Report& report, const Options&, std::string& out) {
  for (const Finding& f : report.findings) {
    if (f.status != Status::kFail) continue;
    const Location& l = f.location;
    std::uint32_t line = std::max(l.line, 1u);
    std::string text = MessageWithEnvironments(f);
    if (!f.rule->fix.empty()) text += "\n" + f.rule->fix;
    out += fmt::format(
        "::{} file={},line={},endLine={},col={},title={}::{}\n", Command(f.severity),
        Escape(l.file, true), line, std::max(l.end_line, line), std::max(l.column, 1u),
        Escape(fmt::format("{} [{}]", f.rule->title, f.rule->id), true), Escape(text, false));
  }
}

}  // namespace plumbline::report
