// A plan and its sources get the same findings: every Terraform example of every built-in rule is
// turned into a plan as terraform would write it (all attributes of the schema: what is not set is
// null, empty, or known only after apply), and judged once beside its sources and once alone.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "hcl/parser.h"
#include "kubernetes/kubernetes.h"
#include "model/resource.h"
#include "support/source.h"
#include "terraform/memory_fs.h"
#include "terraform/plan.h"
#include "terraform/terraform.h"
#include "value/json.h"

namespace plumbline {
namespace {

std::string Quoted(std::string_view text) {
  std::string out;
  AppendJsonString(out, text);
  return out;
}

// The known part of a value as a plan has it, with what a provider adds to blocks.
void AppendPlanned(std::string& out, Value v, bool is_block) {
  if (v.is_unknown()) {
    out += "null";
  } else if (v.is_sequence()) {
    out += '[';
    bool blocks = std::ranges::all_of(v.items(), [](Value i) { return i.is_mapping(); });
    for (std::size_t i = 0; i < v.items().size(); ++i) {
      out += i > 0 ? "," : "";
      AppendPlanned(out, v.items()[i], blocks);
    }
    out += ']';
  } else if (v.is_mapping()) {
    out += '{';
    for (const Member& m : v.members()) {
      if (m.key == "lifecycle") continue;
      out += Quoted(m.key) + ":";
      AppendPlanned(out, m.value, false);
      out += ',';
    }
    if (is_block) out += "\"zz_list\":[],\"zz_null\":null,\"zz_text\":\"\",";
    if (out.back() == ',') out.pop_back();
    out += '}';
  } else {
    AppendJson(out, v);
  }
}

void AppendUnknown(std::string& out, Value v) {
  if (v.is_unknown()) {
    out += "true";
  } else if (v.is_sequence()) {
    out += '[';
    for (std::size_t i = 0; i < v.items().size(); ++i) {
      out += i > 0 ? "," : "";
      AppendUnknown(out, v.items()[i]);
    }
    out += ']';
  } else if (v.is_mapping()) {
    out += '{';
    for (const Member& m : v.members()) {
      if (!HasUnknown(m.value)) continue;
      out += Quoted(m.key) + ":";
      AppendUnknown(out, m.value);
      out += ',';
    }
    if (out.back() == ',') out.pop_back();
    out += '}';
  } else {
    out += "false";
  }
}

// The names an expression mentions, as a plan lists them: a.b.c and then a.b.
void Names(const hcl::Expr& e, std::vector<std::string>& out) {
  if (e.kind == hcl::ExprKind::kVariable && !e.steps.empty()) {
    std::vector<std::string> beginnings;
    std::string name(e.name);
    for (const hcl::Step& s : e.steps) {
      if (s.kind == hcl::Step::Kind::kAttr) {
        name += fmt::format(".{}", s.name);
      } else if (s.kind == hcl::Step::Kind::kIndex && s.index->kind == hcl::ExprKind::kLiteral) {
        name += fmt::format("[{}]", ToJson(s.index->value));
      } else {
        break;
      }
      beginnings.push_back(name);
    }
    out.insert(out.end(), beginnings.rbegin(), beginnings.rend());
  }
  if (e.operand != nullptr) Names(*e.operand, out);
  for (const hcl::Expr* a : e.args) {
    if (a != nullptr) Names(*a, out);
  }
  for (const hcl::ObjectItem& i : e.items) Names(*i.value, out);
  for (const hcl::Step& s : e.steps) {
    if (s.index != nullptr) Names(*s.index, out);
  }
  if (e.for_ != nullptr) {
    Names(*e.for_->collection, out);
    Names(*e.for_->value, out);
  }
}

std::string Expression(const hcl::Expr& e) {
  if (e.kind == hcl::ExprKind::kLiteral)
    return fmt::format("{{\"constant_value\":{}}}", ToJson(e.value));
  std::vector<std::string> names;
  Names(e, names);
  if (names.empty()) return "{}";
  std::string list;
  for (const std::string& n : names) list += (list.empty() ? "" : ",") + Quoted(n);
  return fmt::format("{{\"references\":[{}]}}", list);
}

std::string Expressions(const hcl::Body& body) {
  std::string out;
  auto add = [&](std::string_view name, const std::string& text) {
    out += (out.empty() ? "" : ",") + Quoted(name) + ":" + text;
  };
  for (const hcl::Attribute& a : body.attributes) {
    if (a.name != "count" && a.name != "for_each" && a.name != "provider" && a.name != "depends_on")
      add(a.name, Expression(*a.expr));
  }
  std::set<std::string_view> types;
  for (const hcl::Block& b : body.blocks) {
    if (b.type != "dynamic" && b.type != "lifecycle" && b.type != "provisioner")
      types.insert(b.type);
  }
  for (std::string_view t : types) {
    std::string list;
    for (const hcl::Block& b : body.blocks) {
      if (b.type == t) list += (list.empty() ? "" : ",") + Expressions(*b.body);
    }
    add(t, "[" + list + "]");
  }
  return "{" + out + "}";
}

std::string MakePlan(const model::ResourceGraph& graph, const hcl::Body& file) {
  std::string planned, changes, configuration;
  for (const model::Resource& r : graph) {
    if (r.mode != model::Mode::kManaged && r.mode != model::Mode::kData) continue;
    if (r.framework != model::Framework::kTerraform) continue;
    std::string key;
    if (r.address.ends_with(']'))
      key = fmt::format(
          ",\"index\":{}",
          r.address.substr(r.address.rfind('[') + 1, r.address.size() - r.address.rfind('[') - 2));
    std::string common =
        fmt::format("\"address\":{},\"mode\":\"{}\",\"type\":{},\"name\":{}{}", Quoted(r.address),
                    model::ModeName(r.mode), Quoted(r.type), Quoted(r.name), key);
    std::string values, unknown;
    AppendPlanned(values, r.attributes, true);
    AppendUnknown(unknown, r.attributes);
    unknown.insert(1, std::string("\"zz_id\":true") + (unknown.size() > 2 ? "," : ""));
    planned += fmt::format("{}{{{},\"values\":{},\"sensitive_values\":{{}}}}",
                           planned.empty() ? "" : ",\n", common, values);
    changes += fmt::format(
        "{}{{{},\"change\":{{\"actions\":[\"create\"],\"before\":null,\"after\":{},"
        "\"after_unknown\":{},\"after_sensitive\":{{}}}}}}",
        changes.empty() ? "" : ",\n", common, values, unknown);
  }
  for (const hcl::Block& b : file.blocks) {
    if ((b.type != "resource" && b.type != "data") || b.labels.size() < 2) continue;
    std::string each;
    if (const hcl::Attribute* a = b.body->FindAttribute("for_each"))
      each = ",\"for_each_expression\":" + Expression(*a->expr);
    configuration +=
        fmt::format("{}{{\"mode\":\"{}\",\"type\":{},\"name\":{},\"expressions\":{}{}}}",
                    configuration.empty() ? "" : ",\n", b.type == "data" ? "data" : "managed",
                    Quoted(b.labels[0].text), Quoted(b.labels[1].text), Expressions(*b.body), each);
  }
  return fmt::format(
      "{{\"format_version\":\"1.2\",\"terraform_version\":\"1.11.4\",\"planned_values\":"
      "{{\"root_module\":{{\"resources\":[{}]}}}},\"resource_changes\":[{}],\"configuration\":"
      "{{\"root_module\":{{\"resources\":[{}]}}}}}}",
      planned, changes, configuration);
}

struct Outcome {
  std::set<std::string> failed;  // address of the resource
  std::set<std::string> places;  // file and line
};

Outcome Judge(std::uint32_t rule, model::ResourceGraph& graph, const SourceMap& sources) {
  const engine::RuleSet& rules = engine::RuleSet::BuiltIn();
  kubernetes::AddFromTerraform(graph);
  graph.Link();
  engine::Selection selection(rules.size(), false);
  selection[rule] = true;
  engine::RunOptions options;
  options.sources = &sources;
  Outcome out;
  for (const engine::Verdict& v : engine::Run(rules, selection, graph, options)) {
    if (v.status != Status::kFail) continue;
    out.failed.emplace(v.resource->address);
    out.places.insert(fmt::format("{}:{}", v.span.valid() ? sources.Path(v.span.file) : "-",
                                  v.span.valid() ? sources.Start(v.span).line : 0));
  }
  return out;
}

// What a plan without sources does not tell: the declarations themselves.
bool IsAboutSources(std::string_view on) {
  return on.starts_with("terraform:") &&
         (on.ends_with(":variable") || on.ends_with(":output") || on.ends_with(":terraform") ||
          on.ends_with(":module") || on.ends_with(":provider"));
}

TEST(PlanParity, EveryRuleSaysTheSame) {
  const engine::RuleSet& rules = engine::RuleSet::BuiltIn();
  std::size_t compared = 0;
  for (std::uint32_t rule = 0; rule < rules.size(); ++rule) {
    for (const engine::RuleExample& example : rules.Examples(rule)) {
      if (example.framework != "terraform") continue;
      const terraform::MemoryFileSystem fs(terraform::Files{{"/p/main.tf", example.text}});
      SourceMap sources;
      const auto parsed = terraform::MakeParsedFiles(fs, sources, Limits(), "/p");
      Diagnostics diagnostics;
      model::ResourceGraph native, joined, alone;
      terraform::Evaluate(*parsed, "/p", "/p", {}, native, diagnostics);
      Arena arena;
      const hcl::Body* body = hcl::ParseFile(0, example.text, arena, Limits(), diagnostics);
      const std::string text = MakePlan(native, *body);
      const FileId file = sources.Add("plan.json", text);
      Diagnostics faults;
      const auto plan = terraform::LoadPlan(sources, file, Limits(), faults);
      ASSERT_NE(plan, nullptr) << faults[0].message << "\n" << text;
      terraform::EvaluatePlan(plan, parsed.get(), "/p", "/p", {}, joined, diagnostics);
      terraform::EvaluatePlan(plan, nullptr, "", "", {}, alone, diagnostics);
      const Outcome expected = Judge(rule, native, sources);
      const Outcome with_sources = Judge(rule, joined, sources);
      EXPECT_EQ(with_sources.failed, expected.failed) << rules.Id(rule) << "\n" << text;
      EXPECT_EQ(with_sources.places, expected.places) << rules.Id(rule) << "\n" << text;
      ++compared;
      if (IsAboutSources(rules.On(rule))) continue;
      EXPECT_EQ(Judge(rule, alone, sources).failed, expected.failed)
          << rules.Id(rule) << " without sources\n"
          << example.text << text;
    }
  }
  EXPECT_GE(compared, rules.size());
}

}  // namespace
}  // namespace plumbline
