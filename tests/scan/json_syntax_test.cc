// JSON syntax means what native syntax means: every Terraform example of every built-in rule is
// written as .tf.json by machine (a nested block once as an object, once as a list) and must get
// the same verdict at the corresponding line.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "hcl/parser.h"
#include "kubernetes/kubernetes.h"
#include "model/resource.h"
#include "support/source.h"
#include "terraform/block_names.h"
#include "terraform/memory_fs.h"
#include "terraform/terraform.h"
#include "value/json.h"

namespace plumbline {
namespace {

constexpr auto kReferences = std::to_array<std::string_view>(
    {"depends_on", "ignore_changes", "iterator", "provider", "providers", "replace_triggered_by"});

// Native syntax → JSON syntax, one member a line. `lines` maps lines of the former to the lines of
// the latter where the same attribute or block begins.
class Writer {
 public:
  Writer(const SourceMap& sources, bool lone_as_list)
      : sources_(sources), lone_as_list_(lone_as_list) {}

  std::string Write(const hcl::Body& file) {
    out_ = "[\n";
    for (const hcl::Block& b : file.blocks) {
      Separate();
      out_ += "{\n";
      ++depth_;
      WriteBlockMember(b.type, {&b});
      --depth_;
      out_ += "}";
      open_ = true;
    }
    return out_ + "\n]\n";
  }

  std::multimap<std::uint32_t, std::uint32_t> lines;

 private:
  void Separate() {
    if (open_) out_ += ",\n";
    open_ = false;
  }

  void Note(Span span) {
    auto line = 1 + static_cast<std::uint32_t>(std::ranges::count(out_, '\n'));
    lines.emplace(sources_.Start(span).line, line);
  }

  // One block, or several of a type as a list.
  void WriteBlockMember(std::string_view type, const std::vector<const hcl::Block*>& blocks) {
    Separate();
    const bool labelled = !blocks[0]->labels.empty();
    const bool list = blocks.size() > 1 || (lone_as_list_ && depth_ > 1);
    if (blocks.size() == 1 && !labelled) Note(blocks[0]->header);
    AppendJsonString(out_, type);
    out_ += list ? ": [\n" : ": ";
    for (const hcl::Block* b : blocks) {
      Separate();
      std::size_t closing = 0;
      for (const hcl::Label& l : b->labels) {
        out_ += "{\n";
        ++closing;
        if (closing == b->labels.size()) Note(b->header);
        AppendJsonString(out_, l.text);
        out_ += ": ";
      }
      if (blocks.size() > 1 && !labelled) Note(b->header);
      WriteBody(*b->body, b->type);
      out_.append(closing, '}');
      open_ = true;
    }
    if (list) out_ += "\n]";
    open_ = true;
  }

  void WriteBody(const hcl::Body& body, std::string_view type) {
    out_ += "{\n";
    open_ = false;
    ++depth_;
    for (const hcl::Attribute& a : body.attributes) {
      Separate();
      Note(a.span);
      AppendJsonString(out_, a.name);
      out_ += ": ";
      const bool reference = std::ranges::find(kReferences, a.name) != kReferences.end() ||
                             (type == "variable" && a.name == "type");
      WriteExpr(*a.expr, reference, type == "variable" && a.name == "default");
      open_ = true;
    }
    std::vector<std::string_view> types;
    for (const hcl::Block& b : body.blocks) {
      if (std::ranges::find(types, b.type) == types.end()) types.push_back(b.type);
    }
    for (std::string_view t : types) {
      std::vector<const hcl::Block*> blocks;
      for (const hcl::Block& b : body.blocks) {
        if (b.type == t) blocks.push_back(&b);
      }
      WriteBlockMember(t, blocks);
    }
    --depth_;
    out_ += "\n}";
    open_ = true;
  }

  void WriteExpr(const hcl::Expr& e, bool reference, bool literal) {
    if (e.kind == hcl::ExprKind::kTuple) return WriteTuple(e, reference, literal);
    if (e.kind == hcl::ExprKind::kObject && WriteObject(e, reference, literal)) return;
    std::string source(sources_.Text(e.span.file).substr(e.span.begin, e.span.end - e.span.begin));
    if (e.heredoc && !source.ends_with('\n')) source += '\n';
    if (e.kind == hcl::ExprKind::kLiteral && !reference) {
      if (!e.value.is_string() || literal) {
        AppendJson(out_, e.value);
      } else {
        AppendJsonString(out_, Escaped(e.value.as_string()));
      }
    } else {
      AppendJsonString(out_, reference ? source : fmt::format("${{{}}}", source));
    }
  }

  void WriteTuple(const hcl::Expr& e, bool reference, bool literal) {
    out_ += "[";
    bool first = true;
    for (const hcl::Expr* item : e.args) {
      out_ += first ? "\n" : ",\n";
      first = false;
      Note(item->span);
      WriteExpr(*item, reference, literal);
    }
    out_ += "]";
  }

  bool WriteObject(const hcl::Expr& e, bool reference, bool literal) {
    for (const hcl::ObjectItem& i : e.items) {
      if (i.key->kind != hcl::ExprKind::kLiteral || !i.key->value.is_string()) return false;
    }
    out_ += "{";
    bool first = true;
    for (const hcl::ObjectItem& i : e.items) {
      out_ += first ? "\n" : ",\n";
      first = false;
      Note(i.key->span);
      AppendJsonString(out_, Escaped(i.key->value.as_string()));
      out_ += ": ";
      WriteExpr(*i.value, reference, literal);
    }
    out_ += "}";
    return true;
  }

  static std::string Escaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if ((text[i] == '$' || text[i] == '%') && i + 1 < text.size() && text[i + 1] == '{')
        out += text[i];
      out += text[i];
    }
    return out;
  }

  const SourceMap& sources_;
  const bool lone_as_list_;
  std::string out_;
  int depth_ = 0;
  bool open_ = false;  // something stands before the next member
};

struct Outcome {
  std::set<std::uint32_t> lines;
  std::size_t passes = 0;
  std::string diagnostics;
  std::string model;  // every resource with its attributes
};

Outcome Judge(std::uint32_t rule, const std::string& name, const std::string& text) {
  const engine::RuleSet& rules = engine::RuleSet::BuiltIn();
  const terraform::MemoryFileSystem fs(terraform::Files{{"/p/" + name, text}});
  SourceMap sources;
  Diagnostics diagnostics;
  model::ResourceGraph graph;
  const auto parsed = terraform::MakeParsedFiles(fs, sources, Limits(), "/p");
  terraform::FindRootModules(*parsed, {"/p"}, 1);
  diagnostics = terraform::TakeDiagnostics(*parsed);
  terraform::Evaluate(*parsed, "/p", "/p", terraform::Options(), graph, diagnostics);
  kubernetes::AddFromTerraform(graph);
  graph.Link();
  engine::Selection selection(rules.size(), false);
  selection[rule] = true;
  engine::RunOptions options;
  options.passes = true;
  options.sources = &sources;
  Outcome out;
  for (const engine::Verdict& v : engine::Run(rules, selection, graph, options)) {
    if (v.status == Status::kPass) ++out.passes;
    if (v.status == Status::kFail)
      out.lines.insert(v.span.valid() ? sources.Start(v.span).line : 0);
  }
  for (const Diagnostic& d : diagnostics) out.diagnostics += d.message + "\n";
  for (const model::Resource& r : graph) {
    out.model += fmt::format("{} {}\n", r.address, ToJson(r.attributes));
    for (const model::Reference& ref : r.references) {
      out.model += fmt::format("  {} -> {}.{}\n", ref.attribute, graph.at(ref.target).address,
                               ref.target_attribute);
    }
  }
  return out;
}

std::string Compare(const Outcome& native, const Outcome& json,
                    const std::multimap<std::uint32_t, std::uint32_t>& lines) {
  if (native.model != json.model)
    return fmt::format("the model\n{}is in JSON\n{}", native.model, json.model);
  if (native.passes != json.passes)
    return fmt::format("{} passes, {} in JSON", native.passes, json.passes);
  if (native.diagnostics != json.diagnostics)
    return fmt::format("faults \"{}\", in JSON \"{}\"", native.diagnostics, json.diagnostics);
  if (native.lines.size() != json.lines.size())
    return fmt::format("{} findings, {} in JSON", native.lines.size(), json.lines.size());
  for (std::uint32_t line : native.lines) {
    auto [from, to] = lines.equal_range(line);
    if (std::none_of(from, to, [&](const auto& l) { return json.lines.contains(l.second); }))
      return fmt::format("the finding of line {} is on line {}", line, *json.lines.begin());
  }
  return {};
}

// Behind a heredoc's marker nothing may stand.
std::string WithoutMarker(std::string text) {
  constexpr std::string_view kMarker = " # finding";
  if (auto at = text.find(kMarker); at != std::string::npos) text.erase(at, kMarker.size());
  return text;
}

TEST(JsonSyntax, EveryRuleSaysTheSame) {
  const engine::RuleSet& rules = engine::RuleSet::BuiltIn();
  std::size_t compared = 0;
  for (std::uint32_t rule = 0; rule < rules.size(); ++rule) {
    for (const engine::RuleExample& example : rules.Examples(rule)) {
      if (example.framework != "terraform") continue;
      SourceMap sources;
      const std::string text = WithoutMarker(example.text);
      const FileId file = sources.Add("main.tf", text);
      Arena arena;
      Diagnostics diagnostics;
      const hcl::Body* body =
          hcl::ParseFile(file, sources.Text(file), arena, Limits(), diagnostics);
      const Outcome native = Judge(rule, "main.tf", text);
      for (bool lone_as_list : {false, true}) {
        Writer writer(sources, lone_as_list);
        const std::string json = writer.Write(*body);
        const std::string problem =
            Compare(native, Judge(rule, "main.tf.json", json), writer.lines);
        EXPECT_EQ(problem, "") << rules.Id(rule) << "\n" << example.text << "\n" << json;
        ++compared;
      }
    }
  }
  EXPECT_GE(compared, 2 * rules.size());
}

// Every nested block of the examples is known by name, so that JSON syntax gives the same model.
void ExpectKnown(const hcl::Body& body, std::string_view type, std::string_view rule) {
  constexpr auto kTerraforms = std::to_array<std::string_view>(
      {"connection", "content", "dynamic", "lifecycle", "provisioner"});
  for (const hcl::Block& b : body.blocks) {
    std::string_view name = b.type;
    if (name == "dynamic" && !b.labels.empty()) name = b.labels[0].text;
    const bool own = std::ranges::find(kTerraforms, name) != kTerraforms.end();
    if (own && name != "content") continue;
    if (!own) {
      EXPECT_TRUE(terraform::IsNestedBlock(type, name))
          << "\"" << name << "\" of " << type << " (" << rule
          << ") is missing in src/terraform/block_names.cc";
    }
    for (const hcl::Block& inner : b.body->blocks) {
      if (b.type == "dynamic" && inner.type == "content") ExpectKnown(*inner.body, type, rule);
    }
    if (b.type != "dynamic") ExpectKnown(*b.body, type, rule);
  }
}

TEST(JsonSyntax, EveryNestedBlockIsKnown) {
  const engine::RuleSet& rules = engine::RuleSet::BuiltIn();
  for (std::uint32_t rule = 0; rule < rules.size(); ++rule) {
    for (const engine::RuleExample& example : rules.Examples(rule)) {
      if (example.framework != "terraform") continue;
      Arena arena;
      Diagnostics diagnostics;
      const hcl::Body* body = hcl::ParseFile(0, example.text, arena, Limits(), diagnostics);
      for (const hcl::Block& b : body->blocks) {
        if (b.labels.empty() || (b.type != "resource" && b.type != "data" && b.type != "provider"))
          continue;
        ExpectKnown(*b.body, b.labels[0].text, rules.Id(rule));
      }
    }
  }
}

}  // namespace
}  // namespace plumbline
