#include "cli/explain_json.h"

#include "report/json_writer.h"

namespace plumbline::cli {
namespace {

using engine::ExplainedStep;
using engine::ReadFrom;

class Writer {
 public:
  explicit Writer(std::string& out) : w_(out) {}

  void Write(const scan::ExplainReport& report) {
    w_.BeginObject();
    w_.Key("rule");
    w_.BeginObject();
    w_.Member("id", report.rule.id);
    w_.Member("title", report.rule.title);
    w_.Member("severity", SeverityName(report.severity));
    w_.Member("kind", RuleKindName(report.rule.kind));
    w_.Member("on", report.on);
    w_.EndObject();
    Array("resources", report.resources, [&](const auto& r) { Resource(r); });
    w_.EndObject();
  }

 private:
  template <typename T, typename F>
  void Array(std::string_view key, const std::vector<T>& items, F write) {
    w_.Key(key);
    w_.BeginArray();
    for (const T& item : items) write(item);
    w_.EndArray();
  }
  void Optional(std::string_view key, const std::string& text) {
    if (!text.empty()) w_.Member(key, text);
  }
  void Place(const Location& l) {
    if (l.file.empty()) return;
    w_.Member("file", l.file);
    w_.Member("line", std::uint64_t{l.line});
    w_.Member("column", std::uint64_t{l.column});
  }
  void Origins(const std::vector<Origin>& origin) {
    if (origin.empty()) return;
    Array("origin", origin, [&](const Origin& o) {
      w_.BeginObject();
      w_.Member("what", o.what);
      Place(o.location);
      w_.EndObject();
    });
  }
  void Value(const std::string& json) {
    w_.Key("value");
    w_.Raw(json);
  }

  void Resource(const scan::ExplainedResource& r) {
    const engine::Explanation& e = r.explanation;
    w_.BeginObject();
    w_.Member("address", r.address);
    w_.Member("type", r.type);
    w_.Member("framework", r.framework);
    Optional("project", r.project);
    Place(r.location);
    w_.Member("outcome", OutcomeName(e.outcome));
    Optional("reason", e.reason);
    Optional("check", e.check);
    Array("verdicts", e.verdicts, [&](const auto& v) { Verdict(v); });
    w_.Member("subject_count", std::uint64_t{e.subject_count});
    Array("subjects", e.subjects, [&](const auto& s) { Subject(s); });
    w_.EndObject();
  }

  void Verdict(const engine::ExplainedVerdict& v) {
    w_.BeginObject();
    w_.Member("status", StatusName(v.status));
    Optional("message", v.message);
    w_.Member("resource", v.resource);
    Optional("path", v.path);
    if (!v.value.empty()) Value(v.value);
    Place(v.location);
    Origins(v.origin);
    w_.EndObject();
  }

  void Subject(const engine::ExplainedSubject& s) {
    w_.BeginObject();
    Optional("path", s.path);
    Place(s.location);
    w_.Member("outcome", OutcomeName(s.outcome));
    Optional("cause", s.cause);
    Array("conditions", s.conditions, [&](const auto& c) { Condition(c); });
    if (s.item_count > 0) {
      w_.Member("element_count", std::uint64_t{s.item_count});
      Array("elements", s.items, [&](const auto& i) { Item(i); });
    }
    w_.EndObject();
  }

  void Item(const engine::ExplainedItem& i) {
    w_.BeginObject();
    w_.Member("name", i.name);
    w_.Member("index", std::uint64_t{i.index});
    Value(i.value);
    w_.Member("outcome", OutcomeName(i.outcome));
    Optional("cause", i.cause);
    Array("conditions", i.conditions, [&](const auto& c) { Condition(c); });
    w_.EndObject();
  }

  void Condition(const engine::ExplainedCondition& c) {
    w_.BeginObject();
    w_.Member("part", c.part);
    w_.Key("step");
    Step(c.step);
    w_.EndObject();
  }

  void Step(const ExplainedStep& s) {
    w_.BeginObject();
    w_.Member("text", s.text);
    switch (s.state) {
      case ExplainedStep::State::kKnown:
        Value(s.value);
        break;
      case ExplainedStep::State::kUnknown:
        w_.Member("unknown", s.value);
        break;
      case ExplainedStep::State::kError:
        w_.Member("error", s.value);
        break;
      case ExplainedStep::State::kSkipped:
        w_.Key("evaluated");
        w_.Bool(false);
        break;
    }
    if (!s.reads.empty()) Array("read", s.reads, [&](const auto& r) { Read(r); });
    if (!s.steps.empty()) Array("steps", s.steps, [&](const auto& k) { Step(k); });
    if (s.is_macro && s.state != ExplainedStep::State::kSkipped) {
      w_.Member("element_count", std::uint64_t{s.total});
      w_.Key("decided");
      w_.Bool(s.decided);
      Array("elements", s.elements, [&](const auto& e) { Element(e); });
    }
    w_.EndObject();
  }

  void Element(const engine::ExplainedElement& e) {
    w_.BeginObject();
    w_.Member("name", e.name);
    w_.Member("index", std::uint64_t{e.index});
    Value(e.value);
    if (e.place) {
      w_.Key("read");
      Read(*e.place);
    }
    Array("steps", e.steps, [&](const auto& s) { Step(s); });
    w_.EndObject();
  }

  void Read(const ReadFrom& r) {
    constexpr std::string_view kKinds[] = {"attribute", "default", "constant", "absent"};
    w_.BeginObject();
    w_.Member("kind", kKinds[static_cast<int>(r.kind)]);
    Optional("resource", r.resource);
    Optional("path", r.path);
    Place(r.location);
    if (!r.value.empty()) Value(r.value);
    Optional("note", r.note);
    Origins(r.origin);
    w_.EndObject();
  }

  report::JsonWriter w_;
};

}  // namespace

std::string ExplanationJson(const scan::ExplainReport& report) {
  std::string out;
  Writer(out).Write(report);
  return out;
}

}  // namespace plumbline::cli
