// One rule file → RuleDefinition.
#include <fmt/format.h>

#include "engine/read_definitions.h"
#include "engine/yaml_reader.h"

namespace plumbline::engine {
namespace {

constexpr std::string_view kIdCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-";

void ReadSeverity(MappingReader& in, RuleDefinition& rule) {
  const SourceText text = in.Text("severity", true);
  if (!text.text.empty() && !ParseSeverity(text.text, rule.severity)) {
    in.Error(text.span,
             fmt::format("has severity \"{}\"; it must be critical, high, medium, low or info",
                         text.text));
  }
}

void ReadKind(MappingReader& in, RuleDefinition& rule) {
  const SourceText text = in.Text("kind", true);
  if (text.text == "opinion") {
    rule.kind = RuleKind::kOpinion;
  } else if (!text.text.empty() && text.text != "defect") {
    in.Error(text.span, fmt::format("has kind \"{}\"; it must be defect or opinion", text.text));
  }
  rule.strong = in.Bool("strong", false);
  if (rule.strong && rule.kind == RuleKind::kDefect) {
    in.Error(text.span, "is a defect, so \"strong\" says nothing: it is for opinions");
  }
}

void ReadExampleList(Definitions& out, const yaml::Node& node, const std::string& framework,
                     bool bad, RuleDefinition& rule) {
  if (!node.value.is_sequence() || node.items.empty()) {
    out.Error(node.span, "examples are a list of texts that is not empty");
    return;
  }
  for (const yaml::Node* item : node.items) {
    if (!item->value.is_string()) {
      out.Error(item->span, "an example is a text");
      continue;
    }
    std::string text(item->value.as_string());
    if (bad && text.find("# finding") == std::string::npos) {
      out.Error(item->span,
                "a bad example marks the line of its finding with the comment \"# finding\"");
    }
    rule.examples.push_back({framework, bad, std::move(text)});
  }
}

void ReadExamples(Definitions& out, MappingReader& in, RuleDefinition& rule) {
  const yaml::Node* node = in.Find("examples");
  if (node == nullptr) return in.Error(in.span(), "needs the key \"examples\"");
  MappingReader frameworks(out, *node, "\"examples\"");
  if (!frameworks.ok()) return;
  frameworks.Known({"terraform", "kubernetes"});
  if (node->entries.empty()) frameworks.Error(node->span, "needs at least one framework");
  for (const yaml::Entry& e : node->entries) {
    MappingReader lists(out, *e.value, fmt::format("the examples of {}", e.key));
    if (!lists.ok()) continue;
    lists.Known({"bad", "good"});
    for (std::string_view key : {"bad", "good"}) {
      const yaml::Node* list = lists.Find(key);
      if (list == nullptr) {
        lists.Error(e.key_span, fmt::format("need the key \"{}\"", key));
      } else {
        ReadExampleList(out, *list, std::string(e.key), key == "bad", rule);
      }
    }
  }
}

std::vector<std::string> Plain(const std::vector<SourceText>& texts) {
  std::vector<std::string> out;
  for (const SourceText& t : texts) out.push_back(t.text);
  return out;
}

void ReadConditions(MappingReader& in, RuleDefinition& rule) {
  rule.on = in.Text("on", true);
  rule.condition = in.OptionalText("assert");
  rule.check = in.OptionalText("check");
  if (!rule.condition && !rule.check) in.Error(in.span(), "needs the key \"assert\"");
  if (rule.condition && rule.check)
    in.Error(rule.check->span, "has \"assert\" and \"check\"; one of them is enough");
  rule.when = in.OptionalText("when");
  rule.each = in.OptionalText("each");
  rule.when_each = in.OptionalText("when_each");
  rule.as = in.Text("as", false);
  if (!rule.each && (rule.when_each || !rule.as.text.empty())) {
    in.Error(in.span(), "has \"as\" or \"when_each\" without \"each\"");
  }
  if (rule.as.text.empty()) rule.as.text = "it";
  rule.at = in.Texts("at", true);
  rule.message = in.Text("message", false);
}

}  // namespace

void ReadRule(const yaml::Node& root, Definitions& out) {
  MappingReader in(out, root, "the rule");
  if (!in.ok()) return;
  in.Known({"id",     "title", "severity", "kind",  "strong", "aliases",    "since",
            "why",    "fix",   "on",       "when",  "each",   "as",         "when_each",
            "assert", "at",    "message",  "check", "links",  "compliance", "examples"});
  RuleDefinition rule;
  rule.id = in.Text("id", true);
  if (rule.id.text.find_first_not_of(kIdCharacters) != std::string::npos) {
    in.Error(rule.id.span, fmt::format("has the id \"{}\"; ids are kebab-case: a-z, 0-9 and \"-\"",
                                       rule.id.text));
  }
  rule.title = in.Text("title", true).text;
  rule.why = in.Text("why", true).text;
  rule.fix = in.Text("fix", true).text;
  rule.since = in.Text("since", false).text;
  ReadSeverity(in, rule);
  ReadKind(in, rule);
  rule.aliases = in.Texts("aliases", false);
  rule.links = Plain(in.Texts("links", false));
  rule.compliance = Plain(in.Texts("compliance", false));
  ReadConditions(in, rule);
  ReadExamples(out, in, rule);
  out.rules.push_back(std::move(rule));
}

}  // namespace plumbline::engine
