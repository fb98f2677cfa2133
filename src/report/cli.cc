// The `cli` format, for people: findings grouped by rule, worst first, each with its place, the
// source lines with the span underlined, where the value comes from, and what to do; then one line
// of counts. What cannot be decided and what is ignored follows the findings, in the same form.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "report/report.h"
#include "report/text.h"

namespace plumbline::report {
namespace {

constexpr std::size_t kIndent = 10;  // of texts behind a label

struct Style {
  bool on = false;
  std::string operator()(std::string_view code, std::string_view text) const {
    if (!on) return std::string(text);
    return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
  }
};

std::string_view SeverityColor(Severity severity) {
  switch (severity) {
    case Severity::kCritical:
      return "1;97;41";
    case Severity::kHigh:
      return "1;31";
    case Severity::kMedium:
      return "1;33";
    case Severity::kLow:
      return "1;36";
    case Severity::kInfo:
      return "1;34";
  }
  return "0";
}

std::string_view StatusLabel(Status status) {
  switch (status) {
    case Status::kUnknown:
      return "undetermined";
    case Status::kIgnored:
      return "ignored";
    case Status::kPass:
      return "passed";
    case Status::kFail:
      return "";
  }
  return "";
}

// Findings first, then what is undetermined, ignored, passed.
int StatusRank(Status status) {
  switch (status) {
    case Status::kFail:
      return 0;
    case Status::kUnknown:
      return 1;
    case Status::kIgnored:
      return 2;
    case Status::kPass:
      return 3;
  }
  return 4;
}

class CliWriter {
 public:
  CliWriter(const Report& report, const Options& options, std::string& out)
      : report_(report), options_(options), style_{options.color}, out_(out) {}

  void Write() {
    using GroupKey =
        std::tuple<int, int, std::string_view>;  // status, severity (worst first), rule
    std::map<GroupKey, std::vector<const Finding*>> groups;
    for (const Finding& f : report_.findings) {
      if (f.status == Status::kIgnored && !options_.show_ignored) continue;
      groups[{StatusRank(f.status), -static_cast<int>(f.severity), f.rule->id}].push_back(&f);
    }
    for (const auto& [key, findings] : groups) WriteGroup(findings);
    WriteSummary();
  }

 private:
  void WriteGroup(const std::vector<const Finding*>& findings) {
    const Finding& first = *findings[0];
    const RuleInfo& rule = *first.rule;
    std::string_view status = StatusLabel(first.status);
    if (!status.empty()) out_ += style_("2", fmt::format("[{}] ", status));
    out_ +=
        style_(SeverityColor(first.severity), fmt::format(" {} ", SeverityName(first.severity)));
    std::string id = rule.id;
    if (rule.kind == RuleKind::kOpinion) id += " (opinion)";
    out_ += ' ' + style_("1", rule.title) + "  " + style_("2", id) + '\n';
    if (first.status == Status::kPass) {
      for (const Finding* f : findings)
        out_ += fmt::format("  {}  {}\n", Place(f->location), f->resource);
      out_ += '\n';
      return;
    }
    for (const Finding* f : findings) WriteFinding(*f);
    if (first.status == Status::kFail) {
      Labelled("why", rule.why);
      Labelled("fix", rule.fix);
      if (!rule.links.empty()) Labelled("see", rule.links[0]);
    }
    out_ += '\n';
  }

  void WriteFinding(const Finding& f) {
    out_ += "\n  " + style_("36", Place(f.location));
    if (!f.resource.empty()) out_ += "  " + Printable(f.resource);
    if (!f.construct.empty()) out_ += style_("2", "  construct ") + Printable(f.construct);
    out_ += '\n';
    WriteExcerpt(f);
    if (f.status != Status::kUnknown && f.message != f.rule->title) Labelled("", f.message);
    if (f.status == Status::kUnknown)
      Labelled("hangs on", f.note.empty() ? "a value that is not known" : f.note);
    if (f.status == Status::kIgnored)
      Labelled("ignored", f.note.empty() ? "without a reason" : f.note);
    WriteOrigin(f);
    if (!f.instances.empty()) WriteInstances(f);
    if (!f.environments.empty()) WriteEnvironments(f);
  }

  void WriteExcerpt(const Finding& f) {
    for (const SourceLine& line : f.excerpt) {
      bool inside = line.number >= f.location.line && line.number <= f.location.end_line;
      out_ += style_("2", fmt::format("  {:>5} | ", line.number));
      std::string text = Printable(line.text);
      out_ += inside ? text : style_("2", text);
      TrimRight();
      out_ += '\n';
      if (inside) Underline(f.location, line);
    }
  }

  // Only where a part of the line is meant: a whole line needs no mark when the span covers
  // several.
  void Underline(const Location& l, const SourceLine& line) {
    std::size_t length = Width(line.text) + line.column;  // column behind the last character
    std::size_t from = line.number == l.line ? std::max(l.column, line.column) : FirstColumn(line);
    std::size_t to =
        line.number == l.end_line ? std::min<std::size_t>(l.end_column, length) : length;
    if (to <= from) return;
    out_ += "        " + style_("2", "|") + ' ';
    out_.append(DisplayWidth(line, from), ' ');
    std::size_t marks = DisplayWidth(line, to) - DisplayWidth(line, from);
    out_ +=
        style_(SeverityColor(Severity::kHigh), std::string(std::max<std::size_t>(marks, 1), '^')) +
        '\n';
  }

  // How wide the characters before `column` are when printed.
  static std::size_t DisplayWidth(const SourceLine& line, std::size_t column) {
    std::size_t width = 0, at = line.column;
    for (char c : line.text) {
      if ((static_cast<unsigned char>(c) & 0xC0) == 0x80) continue;
      if (at++ >= column) break;
      width += c == '\t' ? 2 : 1;
    }
    return width;
  }

  static std::size_t FirstColumn(const SourceLine& line) {
    std::size_t i = line.text.find_first_not_of(" \t");
    return line.column + (i == std::string::npos ? 0 : i);
  }

  // Which environments, and what each of them sets where that makes the difference.
  void WriteEnvironments(const Finding& f) {
    Labelled("matrix", EnvironmentsText(f));
    for (const EnvironmentResult& r : f.environment_results) {
      for (const Origin& o : r.decided_by) {
        std::string place = Place(o.location);
        Labelled("", fmt::format("{}: {}{}{}", r.name, place, place.empty() ? "" : "  ", o.what));
      }
    }
  }

  void WriteOrigin(const Finding& f) {
    for (std::size_t i = 0; i < f.origin.size(); ++i) {
      const Origin& step = f.origin[i];
      Labelled(i == 0 ? "from" : "", fmt::format("{}  {}", Place(step.location), step.what));
    }
  }

  void WriteInstances(const Finding& f) {
    Labelled("also", fmt::format("{}{}", Joined(f.instances, 3),
                                 f.instances.size() > 3
                                     ? fmt::format(" and {} more", f.instances.size() - 3)
                                     : ""));
  }

  static std::string Joined(const std::vector<std::string>& texts, std::size_t most) {
    std::string out;
    for (std::size_t i = 0; i < std::min(most, texts.size()); ++i) {
      if (i > 0) out += ", ";
      out += texts[i];
    }
    return out;
  }

  void Labelled(std::string_view label, std::string_view text) {
    if (text.empty()) return;
    std::size_t indent = std::max(kIndent, label.size() + 6);
    out_ += "    " + style_("2", label);
    out_.append(indent - 4 - label.size(), ' ');
    out_ += Wrap(Printable(text), options_.width, indent) + '\n';
  }

  void TrimRight() {
    while (!out_.empty() && out_.back() == ' ') out_.pop_back();
  }

  void WriteSummary() {
    const Summary& s = report_.summary;
    std::string by_severity;
    for (int i = 4; i >= 0; --i) {
      if (s.by_severity[i] == 0) continue;
      auto severity = static_cast<Severity>(i);
      if (!by_severity.empty()) by_severity += ", ";
      by_severity += style_(SeverityColor(severity),
                            fmt::format("{} {}", s.by_severity[i], SeverityName(severity)));
    }
    if (s.failed == 0) {
      out_ += style_("1;32", "No findings");
    } else {
      out_ += style_("1", Count(s.failed, "finding")) + ": " + by_severity;
    }
    if (s.passed > 0) out_ += fmt::format("; {} passed", s.passed);
    if (s.unknown > 0) out_ += fmt::format("; {} undetermined", s.unknown);
    if (s.ignored > 0) out_ += fmt::format("; {} ignored", s.ignored);
    out_ += '\n' + Count(s.files, "file");
    if (s.plans > 0) out_ += fmt::format(" ({})", Count(s.plans, "plan"));
    out_ += fmt::format(", {}, {}", Count(s.resources, "resource"), Count(s.rules, "rule"));
    if (!s.environments.empty())
      out_ += fmt::format(", {} ({})", Count(s.environments.size(), "environment"),
                          Joined(s.environments, s.environments.size()));
    if (s.seconds > 0) out_ += fmt::format(", {:.2f} s", s.seconds);
    out_ += '\n';
  }

  const Report& report_;
  const Options& options_;
  Style style_;
  std::string& out_;
};

}  // namespace

void WriteCli(const Report& report, const Options& options, std::string& out) {
  CliWriter(report, options, out).Write();
}

}  // namespace plumbline::report
