// SARIF 2.1.0 as GitHub code scanning takes it: rules with help, severities as numbers, places that
// are never zero, fingerprints that survive moved lines, origins as code flows and related
// locations, ignored findings as suppressed results. Beyond GitHub's limit of results the least
// severe are left out. Specification: OASIS SARIF 2.1.0; limits: GitHub's "SARIF support for code
// scanning".
#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "report/finding_json.h"
#include "report/json_writer.h"
#include "report/report.h"
#include "report/text.h"

namespace plumbline::report {
namespace {

constexpr std::size_t kMaxResults = 25'000;
constexpr std::size_t kMaxRules = 25'000;
constexpr std::size_t kMaxFlowLocations = 1'000;
constexpr std::size_t kMaxTags = 10;
constexpr std::size_t kMaxText = 1024;

std::string_view Level(Severity severity) {
  switch (severity) {
    case Severity::kCritical:
    case Severity::kHigh:
      return "error";
    case Severity::kMedium:
      return "warning";
    case Severity::kLow:
    case Severity::kInfo:
      return "note";
  }
  return "warning";
}

// GitHub reads ≥ 9 as critical, ≥ 7 high, ≥ 4 medium, above 0 low.
std::string_view SecuritySeverity(Severity severity) {
  switch (severity) {
    case Severity::kCritical:
      return "9.5";
    case Severity::kHigh:
      return "8.0";
    case Severity::kMedium:
      return "5.5";
    case Severity::kLow:
      return "3.0";
    case Severity::kInfo:
      return "1.0";
  }
  return "5.5";
}

// At most `kMaxText` characters, cut where a character begins.
std::string Short(std::string_view text) {
  if (Width(text) <= kMaxText) return std::string(text);
  std::size_t characters = 0, end = 0;
  for (; end < text.size(); ++end) {
    if ((static_cast<unsigned char>(text[end]) & 0xC0) != 0x80 && ++characters == kMaxText) break;
  }
  return std::string(text.substr(0, end)) + "…";
}

class SarifWriter {
 public:
  SarifWriter(const Report& report, std::string& out) : report_(report), w_(out) {}

  void Write() {
    w_.BeginObject();
    w_.Member("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    w_.Member("version", "2.1.0");
    w_.Key("runs");
    w_.BeginArray();
    w_.BeginObject();
    WriteTool();
    w_.Member("columnKind", "unicodeCodePoints");
    WriteResults();
    w_.EndObject();
    w_.EndArray();
    w_.EndObject();
  }

 private:
  void Text(std::string_view key, std::string_view text, std::string_view markdown = {}) {
    w_.Key(key);
    w_.BeginObject();
    w_.Member("text", text);
    if (!markdown.empty()) w_.Member("markdown", markdown);
    w_.EndObject();
  }

  void WriteTool() {
    w_.Key("tool");
    w_.BeginObject();
    w_.Key("driver");
    w_.BeginObject();
    w_.Member("name", "plumbline");
    w_.Member("version", report_.version);
    w_.Member("semanticVersion", report_.version);
    w_.Key("rules");
    w_.BeginArray();
    for (const RuleInfo& rule : report_.rules) {
      if (rule_index_.size() == kMaxRules) break;
      rule_index_.emplace(&rule, rule_index_.size());
      WriteRule(rule);
    }
    w_.EndArray();
    w_.EndObject();
    w_.EndObject();
  }

  void WriteRule(const RuleInfo& rule) {
    w_.BeginObject();
    w_.Member("id", rule.id);
    w_.Member("name", rule.id.substr(0, 255));
    Text("shortDescription", Short(rule.title));
    Text("fullDescription", Short(rule.why.empty() ? rule.title : rule.why));
    Text("help", HelpText(rule), HelpMarkdown(rule));
    if (!rule.links.empty()) w_.Member("helpUri", rule.links[0]);
    w_.Key("defaultConfiguration");
    w_.BeginObject();
    w_.Member("level", Level(rule.severity));
    w_.EndObject();
    w_.Key("properties");
    w_.BeginObject();
    w_.Strings("tags", Tags(rule));
    w_.Member("precision", rule.kind == RuleKind::kDefect ? "high" : "medium");
    w_.Member("security-severity", SecuritySeverity(rule.severity));
    w_.Member("problem.severity", rule.severity >= Severity::kHigh     ? "error"
                                  : rule.severity == Severity::kMedium ? "warning"
                                                                       : "recommendation");
    w_.EndObject();
    w_.EndObject();
  }

  static std::string HelpText(const RuleInfo& rule) {
    std::string out = rule.why.empty() ? rule.title : rule.why;
    if (!rule.fix.empty()) out += "\n\nFix: " + rule.fix;
    if (!rule.aliases.empty())
      out += fmt::format("\n\nAlso known as {}.", fmt::join(rule.aliases, ", "));
    return out;
  }

  static std::string HelpMarkdown(const RuleInfo& rule) {
    std::string out = fmt::format("**{}**\n\n{}", rule.title, rule.why);
    if (!rule.fix.empty()) out += "\n\n**Fix:** " + rule.fix;
    if (!rule.aliases.empty())
      out += fmt::format("\n\nAlso known as `{}`.", fmt::join(rule.aliases, "`, `"));
    for (const std::string& link : rule.links) out += fmt::format("\n\n<{}>", link);
    return out;
  }

  // Unique: GitHub rejects a file in which a tag is repeated.
  static std::vector<std::string> Tags(const RuleInfo& rule) {
    std::vector<std::string> tags;
    auto add = [&](const std::string& tag) {
      bool room = tags.size() < kMaxTags && !tag.empty();
      if (room && std::ranges::find(tags, tag) == tags.end()) tags.push_back(tag);
    };
    add("security");
    add(RuleKindName(rule.kind));
    add(rule.provider);
    add(rule.service);
    for (const std::string& control : rule.compliance) add(control);
    return tags;
  }

  std::vector<const Finding*> Chosen() const {
    std::vector<const Finding*> chosen;
    for (const Finding& f : report_.findings) chosen.push_back(&f);
    if (chosen.size() <= kMaxResults) return chosen;
    std::ranges::stable_sort(
        chosen, [](const Finding* a, const Finding* b) { return a->severity > b->severity; });
    chosen.resize(kMaxResults);
    return chosen;
  }

  void WriteResults() {
    w_.Key("results");
    w_.BeginArray();
    for (const Finding* f : Chosen()) WriteResult(*f);
    w_.EndArray();
  }

  static std::string_view ResultKind(Status status) {
    switch (status) {
      case Status::kPass:
        return "pass";
      case Status::kUnknown:
        return "open";
      case Status::kFail:
      case Status::kIgnored:
        return "fail";
    }
    return "fail";
  }

  void WriteResult(const Finding& f) {
    w_.BeginObject();
    w_.Member("ruleId", f.rule->id);
    if (auto it = rule_index_.find(f.rule); it != rule_index_.end())
      w_.Member("ruleIndex", it->second);
    std::string_view kind = ResultKind(f.status);
    w_.Member("kind", kind);
    // The specification: a level other than none goes with kind "fail" only.
    w_.Member("level", kind == "fail" ? Level(f.severity) : "none");
    Text("message", Message(f));
    w_.Key("locations");
    w_.BeginArray();
    WriteLocation(f.location, {}, {{f.resource, "resource"}, {f.construct, "construct"}}, 0);
    w_.EndArray();
    w_.Key("partialFingerprints");
    w_.BeginObject();
    w_.Member("primaryLocationLineHash", f.fingerprint);
    w_.EndObject();
    WriteOrigins(f);
    WriteSuppression(f);
    WriteProperties(f);
    w_.EndObject();
  }

  static std::string Message(const Finding& f) {
    std::string out = MessageWithEnvironments(f);
    bool more = !f.origin.empty() || !f.instances.empty();
    if (more && !out.ends_with('.')) out += '.';
    if (!f.origin.empty()) {
      out += fmt::format(" The value comes from {} ({}).", Place(f.origin.back().location),
                         f.origin.back().what);
    }
    if (!f.instances.empty())
      out += fmt::format(" The same holds for {}.", fmt::join(f.instances, ", "));
    return out;
  }

  struct Logical {
    std::string_view name, kind;
  };

  void WriteLocation(const Location& l, std::string_view message,
                     std::initializer_list<Logical> logical, std::size_t id) {
    w_.BeginObject();
    if (id > 0) w_.Member("id", id);
    w_.Key("physicalLocation");
    w_.BeginObject();
    w_.Key("artifactLocation");
    w_.BeginObject();
    w_.Member("uri", Uri(l.file.empty() ? "." : l.file));
    w_.EndObject();
    WriteRegion(l);
    w_.EndObject();
    WriteLogicalLocations(logical);
    if (!message.empty()) Text("message", message);
    w_.EndObject();
  }

  void WriteLogicalLocations(std::initializer_list<Logical> list) {
    if (std::ranges::all_of(list, [](const Logical& l) { return l.name.empty(); })) return;
    w_.Key("logicalLocations");
    w_.BeginArray();
    for (const Logical& l : list) {
      if (l.name.empty()) continue;
      w_.BeginObject();
      w_.Member("fullyQualifiedName", l.name);
      w_.Member("kind", l.kind);
      w_.EndObject();
    }
    w_.EndArray();
  }

  void WriteRegion(const Location& l) {
    std::uint32_t line = std::max(l.line, 1u), column = std::max(l.column, 1u);
    std::uint32_t end_line = std::max(l.end_line, line), end_column = std::max(l.end_column, 1u);
    if (end_line == line) end_column = std::max(end_column, column);
    w_.Key("region");
    w_.BeginObject();
    w_.Member("startLine", line);
    w_.Member("startColumn", column);
    w_.Member("endLine", end_line);
    w_.Member("endColumn", end_column);
    w_.EndObject();
  }

  // Twice, because viewers differ: related locations are links in the message's neighbourhood, code
  // flows are steps.
  void WriteOrigins(const Finding& f) {
    if (f.origin.empty()) return;
    std::size_t n = std::min(f.origin.size(), kMaxFlowLocations - 1);
    w_.Key("relatedLocations");
    w_.BeginArray();
    for (std::size_t i = 0; i < n; ++i)
      WriteLocation(f.origin[i].location, f.origin[i].what, {}, i + 1);
    w_.EndArray();
    w_.Key("codeFlows");
    w_.BeginArray();
    w_.BeginObject();
    w_.Key("threadFlows");
    w_.BeginArray();
    w_.BeginObject();
    w_.Key("locations");
    w_.BeginArray();
    // From the literal to the attribute, as data flows.
    for (std::size_t i = n; i-- > 0;) WriteFlowStep(f.origin[i].location, f.origin[i].what);
    WriteFlowStep(f.location, f.message);
    w_.EndArray();
    w_.EndObject();
    w_.EndArray();
    w_.EndObject();
    w_.EndArray();
  }

  void WriteFlowStep(const Location& location, std::string_view what) {
    w_.BeginObject();
    w_.Key("location");
    WriteLocation(location, what, {}, 0);
    w_.EndObject();
  }

  void WriteSuppression(const Finding& f) {
    if (f.status != Status::kIgnored) return;
    w_.Key("suppressions");
    w_.BeginArray();
    w_.BeginObject();
    w_.Member("kind", "inSource");
    if (!f.note.empty()) w_.Member("justification", f.note);
    w_.EndObject();
    w_.EndArray();
  }

  void WriteProperties(const Finding& f) {
    w_.Key("properties");
    w_.BeginObject();
    w_.Member("severity", SeverityName(f.severity));
    w_.Member("security-severity", SecuritySeverity(f.severity));
    if (!f.resource.empty()) w_.Member("resource", f.resource);
    if (!f.environments.empty()) w_.Strings("environments", f.environments);
    if (!f.environment_results.empty()) WriteEnvironmentResults(f.environment_results, w_);
    w_.EndObject();
  }

  const Report& report_;
  JsonWriter w_;
  std::unordered_map<const RuleInfo*, std::size_t> rule_index_;  // looked up only, never listed
};

}  // namespace

void WriteSarif(const Report& report, const Options&, std::string& out) {
  SarifWriter(report, out).Write();
}

}  // namespace plumbline::report
