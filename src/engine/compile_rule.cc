// Rules: `on` is resolved, conditions are compiled against the model's type, `at` paths are
// checked, texts are packed.
#include <fmt/format.h>

#include <algorithm>

#include "checks/checks.h"
#include "engine/compiler.h"

namespace plumbline::engine {
namespace {

// "a.b[0].filter(x, …)" → the path that the expression begins with, and what follows it.
struct LeadingPath {
  std::string_view root;
  PathText path;
  std::string_view rest;
};

bool IsWordCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string_view Trim(std::string_view s) {
  const std::size_t first = s.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return s.substr(first, s.find_last_not_of(" \t\r\n") - first + 1);
}

LeadingPath SplitLeadingPath(std::string_view text) {
  text = Trim(text);
  std::size_t end = 0;
  std::size_t word = 0;  // where the last `.name` begins
  while (end < text.size() && (IsWordCharacter(text[end]) || text[end] == '.')) {
    if (text[end] == '.') word = end;
    ++end;
  }
  // A name with an argument list is a call, no attribute.
  if (end < text.size() && text[end] == '(') end = word;
  LeadingPath out;
  auto path = ParsePath(text.substr(0, end));
  if (!path || path->empty()) return out;
  out.root = text.substr(0, path->front().key.size());
  out.path.assign(path->begin() + 1, path->end());
  out.rest = text.substr(end);
  return out;
}

// ".filter(x, …)" and nothing behind it: the elements keep their type.
bool IsOnlyFilter(std::string_view rest) {
  if (!rest.starts_with(".filter(")) return false;
  int depth = 0;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] == '(') ++depth;
    if (rest[i] == ')' && --depth == 0) return i + 1 == rest.size();
  }
  return false;
}

}  // namespace

std::uint32_t Compiler::AddOn(const SourceText& on) {
  OnDef out;
  out.text = out_.Text(on.text);
  const bool kubernetes = on.text.starts_with("kubernetes:");
  if (kubernetes || on.text.starts_with("terraform:")) {
    const std::size_t colon = on.text.find(':');
    if (auto name = TypeNameOf(kubernetes, {on.text.substr(colon + 1), on.span}))
      out.pattern = Pattern(*name);
  } else if (auto model = models_.find(on.text); model != models_.end()) {
    out.model = model->second.index;
    out.in_base = model->second.in_base ? 1 : 0;
  } else {
    definitions_.Error(
        on.span,
        fmt::format("on: there is no model \"{}\"; a raw type is written terraform:TYPE or "
                    "kubernetes:KIND",
                    on.text));
  }
  rules_of_.emplace_back();
  return out_.Add(out);
}

std::uint32_t Compiler::CompileOn(const RuleDefinition& rule) {
  auto [it, fresh] = ons_.try_emplace(rule.on.text, 0);
  if (fresh) it->second = AddOn(rule.on);
  return it->second;
}

const cel::Type* Compiler::WalkType(const cel::Type* type, const PathText& path, Span span) {
  for (const PathStepText& step : path) {
    if (type == nullptr || type->kind == cel::TypeKind::kDyn) return nullptr;
    if (type->kind == cel::TypeKind::kList) {
      // `self.list.x`: of the only, or the first, element.
      type = type->element;
      if (step.index >= 0) continue;
      if (type == nullptr) return nullptr;
    }
    if (type->kind == cel::TypeKind::kMap) {
      type = type->element;
      continue;
    }
    if (type->kind != cel::TypeKind::kRecord) {
      definitions_.Error(span, fmt::format("at: there is nothing below \"{}\"", step.key));
      return nullptr;
    }
    const auto fields = type->record->fields;
    const auto field = std::find_if(fields.begin(), fields.end(),
                                    [&](const auto& f) { return f.name == step.key; });
    if (field == fields.end()) {
      definitions_.Error(span,
                         fmt::format("at: {} has no field \"{}\"", type->record->name, step.key));
      return nullptr;
    }
    type = field->type;
  }
  return type;
}

std::optional<AtDef> Compiler::CompileAt(const SourceText& at, const RuleDefinition& rule,
                                         const cel::Type* self, const cel::Type* element) {
  auto path = ParsePath(at.text, rule.each ? rule.as.text : "");
  if (!path || path->empty() || path->front().index >= 0) {
    definitions_.Error(at.span,
                       fmt::format("at: \"{}\" is no path such as self.logging.bucket", at.text));
    return std::nullopt;
  }
  AtDef out;
  const std::string root = path->front().key;
  path->erase(path->begin());
  const cel::Type* type = nullptr;
  if (root == "self") {
    type = self;
  } else if (rule.each && root == rule.as.text) {
    out.root = AtDef::kElement;
    type = element;
  } else if (root == "raw") {
    out.root = AtDef::kRaw;
  } else {
    definitions_.Error(at.span, fmt::format("at: a path begins with self, raw{}, not with \"{}\"",
                                            rule.each ? " or " + rule.as.text : "", root));
    return std::nullopt;
  }
  WalkType(type, *path, at.span);
  out.path = Path(*path);
  return out;
}

std::uint32_t Compiler::CompileEachPath(const RuleDefinition& rule, const cel::Type* self,
                                        RuleDef& out, const cel::Type*& element) {
  const LeadingPath lead = SplitLeadingPath(rule.each->text);
  if (lead.root != "self" && lead.root != "raw") return kNone;
  AtDef at;
  at.root = lead.root == "raw" ? AtDef::kRaw : AtDef::kSelf;
  // A wrong field was reported by the expression itself.
  const std::size_t errors = definitions_.errors.size();
  const cel::Type* type =
      at.root == AtDef::kSelf ? WalkType(self, lead.path, rule.each->span) : nullptr;
  definitions_.errors.resize(errors);
  if (type != nullptr && type->kind == cel::TypeKind::kList &&
      (lead.rest.empty() || IsOnlyFilter(lead.rest))) {
    element = type->element;
  }
  out.each_exact = lead.rest.empty() ? 1 : 0;
  at.path = Path(lead.path);
  return out_.Add(at);
}

Range<MessageDef> Compiler::CompileMessage(const RuleDefinition& rule,
                                           const cel::CompileOptions& options) {
  std::vector<MessageDef> parts;
  std::string_view rest = rule.message.text;
  if (rest.empty()) rest = rule.title;
  while (!rest.empty()) {
    const std::size_t open = rest.find("{{");
    if (open != 0) parts.push_back({out_.Text(rest.substr(0, open)), kNone});
    if (open == std::string_view::npos) break;
    const std::size_t close = rest.find("}}", open);
    if (close == std::string_view::npos) {
      definitions_.Error(rule.message.span, "message: \"{{\" without \"}}\"");
      break;
    }
    const SourceText expression{std::string(rest.substr(open + 2, close - open - 2)),
                                rule.message.span};
    parts.push_back({{}, Expression(expression, "message", options, Expected::kAny)});
    rest.remove_prefix(close + 2);
  }
  return out_.AddAll(parts);
}

void Compiler::CompileTexts(const RuleDefinition& rule, RuleDef& out) {
  std::vector<Str> aliases, links, compliance;
  for (const SourceText& a : rule.aliases) aliases.push_back(out_.Text(a.text));
  for (const std::string& l : rule.links) links.push_back(out_.ColdText(l));
  for (const std::string& c : rule.compliance) compliance.push_back(out_.ColdText(c));
  out.aliases = out_.AddAll(aliases);
  ColdRule cold;
  cold.title = out_.ColdText(rule.title);
  cold.why = out_.ColdText(rule.why);
  cold.fix = out_.ColdText(rule.fix);
  cold.provider = out_.ColdText(rule.provider);
  cold.service = out_.ColdText(rule.service);
  cold.since = out_.ColdText(rule.since);
  cold.file = out_.ColdText(rule.file);
  auto text = [&](const std::optional<SourceText>& t) { return out_.ColdText(t ? t->text : ""); };
  cold.when = text(rule.when);
  cold.each = text(rule.each);
  cold.when_each = text(rule.when_each);
  cold.condition = text(rule.condition);
  cold.check = text(rule.check);
  cold.element = out_.ColdText(rule.as.text);
  cold.links = out_.AddAll(links);
  cold.compliance = out_.AddAll(compliance);
  std::vector<ExampleDef> examples;
  for (const ExampleDefinition& e : rule.examples) {
    examples.push_back({out_.ColdText(e.framework), out_.ColdText(e.text), e.bad ? 1u : 0u});
  }
  cold.examples = out_.AddAll(examples);
  out_.Add(cold);
}

void Compiler::CompileRule(const RuleDefinition& rule) {
  RuleDef out;
  out.id = out_.Text(rule.id.text);
  out.severity = static_cast<std::uint8_t>(rule.severity);
  out.kind = static_cast<std::uint8_t>(rule.kind);
  out.strong = rule.strong ? 1 : 0;
  out.on = CompileOn(rule);
  const OnDef on = out_.Of<OnDef>()[out.on];
  const bool base = on.in_base != 0;
  const cel::Type* self =
      on.model == kNone ? nullptr : RecordCelType(base, Part<ModelDef>(base, on.model).record);
  const cel::Type* element = nullptr;
  auto variables = RuleVariables(self, nullptr, "$element");
  auto options = Options(variables);
  if (rule.when) out.when = Expression(*rule.when, "when", options, Expected::kBool);
  if (rule.each) {
    out.each = Expression(*rule.each, "each", options, Expected::kList);
    out.each_path = CompileEachPath(rule, self, out, element);
    variables = RuleVariables(self, element, rule.as.text);
    options = Options(variables);
    if (rule.when_each)
      out.when_each = Expression(*rule.when_each, "when_each", options, Expected::kBool);
  }
  if (rule.condition)
    out.condition = Expression(*rule.condition, "assert", options, Expected::kBool);
  if (rule.check) {
    out.check = checks::Find(rule.check->text);
    if (out.check == kNone) {
      definitions_.Error(rule.check->span,
                         fmt::format("check: there is no check \"{}\"", rule.check->text));
    }
  }
  std::vector<AtDef> at;
  for (const SourceText& a : rule.at) {
    if (auto compiled = CompileAt(a, rule, self, element)) at.push_back(*compiled);
  }
  out.at = out_.AddAll(at);
  out.message = CompileMessage(rule, options);
  CompileTexts(rule, out);
  rules_of_[out.on].push_back(out_.Add(out));
}

void Compiler::CheckDuplicates() {
  std::map<std::string_view, const RuleDefinition*> ids;
  std::map<std::string_view, std::string_view> aliases;
  for (const RuleDefinition& r : definitions_.rules) {
    if (auto [it, fresh] = ids.try_emplace(r.id.text, &r); !fresh) {
      definitions_.Error(r.id.span, fmt::format("the id \"{}\" is already that of {}", r.id.text,
                                                it->second->file));
    }
  }
  for (const RuleDefinition& r : definitions_.rules) {
    for (const SourceText& a : r.aliases) {
      auto [it, fresh] = aliases.try_emplace(a.text, r.id.text);
      if (!fresh) {
        definitions_.Error(
            a.span, fmt::format("the alias \"{}\" is already that of {}", a.text, it->second));
      } else if (ids.contains(a.text)) {
        definitions_.Error(a.span, fmt::format("the alias \"{}\" is the id of a rule", a.text));
      }
    }
  }
}

void Compiler::CompileRules() {
  CheckDuplicates();
  std::vector<const RuleDefinition*> rules;
  for (const RuleDefinition& r : definitions_.rules) rules.push_back(&r);
  std::stable_sort(rules.begin(), rules.end(),
                   [](const auto* a, const auto* b) { return a->id.text < b->id.text; });
  for (const RuleDefinition* r : rules) CompileRule(*r);
  for (std::uint32_t i = 0; i < rules_of_.size(); ++i) {
    const Range<std::uint32_t> range = out_.AddAll(rules_of_[i]);
    out_.Of<OnDef>()[i].rules = range;
  }
}

}  // namespace plumbline::engine
