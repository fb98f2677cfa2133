#include "cli/explain_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_set>

#include "report/text.h"

namespace plumbline::cli {
namespace {

using engine::ExplainedOutcome;
using engine::ExplainedStep;
using engine::ReadFrom;

constexpr std::size_t kMaxValue = 100;  // characters of a shown value
constexpr std::size_t kMaxText = 160;   // of a shown expression
constexpr std::size_t kWidth = 100;     // where sentences are broken

// The beginning of a text, on one line.
std::string Short(std::string_view text, std::size_t most) {
  std::string out;
  std::size_t shown = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins = (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
    if (begins && shown++ == most) return report::Printable(out) + "…";
    out += text[i];
  }
  return report::Printable(out);
}

class Writer {
 public:
  Writer(const scan::ExplainReport& report, bool color) : report_(report), color_(color) {}

  std::string Write() {
    const RuleInfo& rule = report_.rule;
    out_ = Style("1", rule.title) + "  " + Style("2", rule.id) + "\n";
    out_ += fmt::format("{}, {}; about {}\n", SeverityName(report_.severity),
                        rule.strong ? "strong opinion" : RuleKindName(rule.kind), report_.on);
    for (const scan::ExplainedResource& r : report_.resources) Resource(r);
    return std::move(out_);
  }

 private:
  std::string Style(std::string_view code, std::string_view text) const {
    return color_ ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
  }

  std::string Outcome(ExplainedOutcome outcome) const {
    constexpr std::string_view kCodes[] = {"1;31", "1;32", "1;33", "2"};
    return Style(kCodes[static_cast<int>(outcome)], OutcomeName(outcome));
  }

  void Line(std::size_t indent, const std::string& text) {
    out_.append(indent, ' ');
    out_ += text + '\n';
  }

  void Sentence(std::size_t indent, std::string_view text) {
    Line(indent, report::Wrap(report::Printable(text), kWidth, indent));
  }

  void Resource(const scan::ExplainedResource& r) {
    const engine::Explanation& e = r.explanation;
    out_ += '\n' + Style("1", report::Printable(r.address)) + "  " +
            Style("36", report::Place(r.location)) + '\n';
    Line(2, Outcome(e.outcome) + (e.reason.empty() ? "" : ": " + e.reason));
    if (!e.check.empty() && e.outcome != ExplainedOutcome::kSilent)
      Line(2, fmt::format("decided by the check {}, which is written in C++", e.check));
    for (const engine::ExplainedVerdict& v : e.verdicts) {
      if (v.status != Status::kPass) Verdict(v);
    }
    for (const engine::ExplainedSubject& s : e.subjects) Subject(e, s);
    if (e.subject_count > e.subjects.size()) {
      out_ += '\n';
      Line(2, "not shown: " + Counts(e.subjects_by_outcome, Shown(e.subjects)));
    }
  }

  template <typename T>
  static std::array<std::size_t, 4> Shown(const std::vector<T>& items) {
    std::array<std::size_t, 4> out = {};
    for (const T& item : items) ++out[static_cast<std::size_t>(item.outcome)];
    return out;
  }

  static std::string Counts(const std::size_t (&all)[4], const std::array<std::size_t, 4>& shown) {
    constexpr std::string_view kWords[] = {"fail", "pass", "undetermined", "left alone"};
    std::string out;
    for (std::size_t i = 0; i < 4; ++i) {
      if (all[i] > shown[i])
        out += fmt::format("{}{} {}", out.empty() ? "" : ", ", all[i] - shown[i], kWords[i]);
    }
    return out;
  }

  void Verdict(const engine::ExplainedVerdict& v) {
    std::string place = Style("36", report::Place(v.location)) + "  " + v.resource;
    if (!v.path.empty()) place += "  " + report::Printable(v.path);
    if (!v.value.empty()) place += " = " + Short(v.value, kMaxValue);
    Line(2, place);
    if (!v.message.empty() && v.message != report_.rule.title)
      Sentence(4, v.status == Status::kUnknown ? "hangs on: " + v.message : v.message);
    Origins(4, v.origin);
  }

  void Subject(const engine::Explanation& e, const engine::ExplainedSubject& s) {
    if (!s.path.empty() || e.subject_count > 1) {
      out_ += '\n';
      const std::string name = s.path.empty() ? "the resource itself" : s.path;
      Line(2, fmt::format("{}  {}  {}", Style("1", report::Printable(name)),
                          Style("36", report::Place(s.location)), Outcome(s.outcome)));
    }
    // The trees of those that made the outcome.
    if (s.outcome != e.outcome) return;
    if (s.conditions.empty() && !s.cause.empty()) Sentence(4, "hangs on: " + s.cause);
    for (const engine::ExplainedCondition& c : s.conditions) Condition(2, c);
    for (const engine::ExplainedItem& i : s.items) Item(s, i);
    if (s.item_count > s.items.size())
      Line(4, "not shown: " + Counts(s.items_by_outcome, Shown(s.items)));
  }

  void Item(const engine::ExplainedSubject& s, const engine::ExplainedItem& i) {
    Line(4, fmt::format("{} = {}  {}  {}", Style("1", i.name), Short(i.value, kMaxValue),
                        Style("2", fmt::format("element {} of {}", i.index + 1, s.item_count)),
                        Outcome(i.outcome)));
    if (i.outcome != s.outcome) return;
    for (const engine::ExplainedCondition& c : i.conditions) Condition(6, c);
  }

  void Condition(std::size_t indent, const engine::ExplainedCondition& c) {
    Line(indent, Style("2", c.part));
    read_.clear();
    Step(indent + 2, c.step);
    if (!c.complete) Line(indent + 2, "… the rest is left out: too much was evaluated");
  }

  static std::string_view ColorOf(const ExplainedStep& s) {
    if (s.state == ExplainedStep::State::kKnown) {
      return s.value == "true" ? "32" : s.value == "false" || s.value == "null" ? "31" : "0";
    }
    return s.state == ExplainedStep::State::kSkipped ? "2" : "33";
  }

  static std::string ValueText(const ExplainedStep& s) {
    switch (s.state) {
      case ExplainedStep::State::kKnown:
        return "= " + Short(s.value, kMaxValue);
      case ExplainedStep::State::kUnknown:
        return "= unknown: " + Short(s.value, kMaxText);
      case ExplainedStep::State::kError:
        return "= error: " + Short(s.value, kMaxText);
      case ExplainedStep::State::kSkipped:
        return "(not evaluated)";
    }
    return {};
  }

  void Step(std::size_t indent, const ExplainedStep& s) {
    Line(indent, Short(s.text, kMaxText) + "  " + Style(ColorOf(s), ValueText(s)));
    // Nothing of it was evaluated.
    if (s.state == ExplainedStep::State::kSkipped) return;
    // Once is enough for what a condition reads again and again.
    bool fresh = false;
    for (const ReadFrom& r : s.reads)
      fresh = read_.insert(s.text + '\n' + r.resource + '\n' + r.path).second || fresh;
    for (const ReadFrom& r : s.reads) {
      if (fresh) Read(indent + 2, r);
    }
    if (fresh && s.more_reads > 0)
      Line(indent + 4, fmt::format("and {} more places", s.more_reads));
    for (const ExplainedStep& part : s.steps) Step(indent + 2, part);
    if (s.is_macro) Elements(indent + 2, s);
  }

  void Elements(std::size_t indent, const ExplainedStep& s) {
    if (s.total == 0) {
      if (s.state == ExplainedStep::State::kKnown) Line(indent, Style("2", "no elements"));
      return;
    }
    const std::string label = s.decided ? "decides, of " : "of ";
    for (const engine::ExplainedElement& e : s.elements) {
      std::string line =
          fmt::format("{} = {}  {}", Style("1", e.name), Short(e.value, kMaxValue),
                      Style("2", fmt::format("element {} {}{}", e.index + 1, label, s.total)));
      Line(indent, line);
      if (e.place) Read(indent + 2, *e.place);
      for (const ExplainedStep& part : e.steps) Step(indent + 2, part);
    }
    if (!s.decided && s.total > s.elements.size())
      Line(indent, Style("2", fmt::format("… {} more", s.total - s.elements.size())));
  }

  void Read(std::size_t indent, const ReadFrom& r) {
    std::string text;
    const std::string place = Style("36", report::Place(r.location));
    switch (r.kind) {
      case ReadFrom::Kind::kAttribute:
        text = fmt::format("from {}  {}", place, report::Printable(r.resource + "  " + r.path));
        if (!r.value.empty()) text += " = " + Short(r.value, kMaxValue);
        break;
      case ReadFrom::Kind::kDefault:
        text = "default" + (r.note.empty() ? "" : ": " + report::Printable(r.note)) + "  " + place;
        break;
      case ReadFrom::Kind::kAbsent:
        text = (r.note.empty() ? "absent" : "absent: " + report::Printable(r.note)) + "  " + place;
        break;
      case ReadFrom::Kind::kConstant:
        text = "a constant of the model";
        break;
    }
    Line(indent, Style("2", "<- ") + text);
    Origins(indent + 3, r.origin);
  }

  void Origins(std::size_t indent, const std::vector<Origin>& origin) {
    for (const Origin& o : origin)
      Line(indent, Style("2", "<- ") + Style("36", report::Place(o.location)) + "  " +
                       report::Printable(o.what));
  }

  const scan::ExplainReport& report_;
  const bool color_;
  std::string out_;
  std::unordered_set<std::string> read_;  // of the condition at work: what has been told
};

}  // namespace

std::string ExplanationText(const scan::ExplainReport& report, bool color) {
  return Writer(report, color).Write();
}

}  // namespace plumbline::cli
