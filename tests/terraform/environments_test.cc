// One project in several environments must say of each exactly what it says when it is evaluated
// for that environment alone; what does not depend on what differs must not be evaluated again.
#include <gtest/gtest.h>

#include <algorithm>

#include "memory_fs.h"

namespace plumbline::terraform {
namespace {

// Everything about a graph that reports can show.
std::string Dump(const model::ResourceGraph& graph, const Diagnostics& diagnostics,
                 const SourceMap& sources) {
  std::vector<std::string> lines;
  for (const model::Resource& r : graph) {
    std::string line = std::string(r.address) + " = " + ToJson(r.attributes);
    for (const model::Reference& ref : r.references) {
      line += " | " + std::string(ref.attribute) + " -> " +
              std::string(graph.at(ref.target).address) + "." + std::string(ref.target_attribute);
    }
    for (const model::OriginStep& s : r.source->Trace(r, model::Path{{"v", -1}}))
      line += " < " + s.what;
    lines.push_back(std::move(line));
  }
  for (const Diagnostic& d : diagnostics) {
    lines.push_back("! " + d.message + " @" +
                    (d.span.valid() ? std::to_string(sources.Start(d.span).line) : "-"));
  }
  std::ranges::sort(lines);
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

struct Case {
  const char* name;
  Files files;
  std::vector<Environment> environments;
};

Environment Env(const std::string& name) { return {name, {"/p/" + name + ".tfvars"}, {}, {}}; }

std::vector<Case> Cases() {
  const std::string child =
      "variable \"v\" {}\nlocals { twice = [var.v, var.v] }\n"
      "resource \"d\" \"x\" {\n count = length(local.twice)\n v = local.twice[count.index]\n}\n"
      "output \"all\" { value = d.x[*].v }\noutput \"ids\" { value = d.x[*].id }\n";
  return {
      {"one variable, through locals, a module, its outputs and a reference",
       {{"/p/main.tf",
         "variable \"a\" {}\nvariable \"b\" { default = 1 }\nlocals { l = \"${var.a}-x\" }\n"
         "module \"m\" {\n source = \"./m\"\n v = local.l\n}\n"
         "module \"n\" {\n source = \"./m\"\n v = var.b\n}\n"
         "resource \"d\" \"r\" {\n v = module.m.all[1]\n w = module.n.ids\n u = "
         "module.m.ids[0]\n}\n"
         "resource \"d\" \"still\" { v = var.b }\n"},
        {"/p/m/main.tf", child},
        {"/p/dev.tfvars", "a = \"dev\""},
        {"/p/prod.tfvars", "a = \"prod\""},
        {"/p/same.tfvars", "a = \"prod\"\nb = 1"}},
       {Env("dev"), Env("prod"), Env("same")}},
      {"instances come and go",
       {{"/p/main.tf",
         "variable \"names\" { default = [] }\nvariable \"on\" { default = false }\n"
         "resource \"d\" \"c\" {\n count = var.on ? 1 : 0\n v = 1\n}\n"
         "resource \"d\" \"f\" {\n for_each = toset(var.names)\n v = each.key\n}\n"
         "resource \"d\" \"one\" { v = one(d.c[*].id) }\n"
         "resource \"d\" \"keys\" { v = keys(d.f) }\n"
         "module \"m\" {\n source = \"./m\"\n for_each = toset(var.names)\n v = each.value\n}\n"
         "resource \"d\" \"sum\" { v = { for k, m in module.m : k => m.all } }\n"},
        {"/p/m/main.tf", child},
        {"/p/none.tfvars", ""},
        {"/p/two.tfvars", "names = [\"a\", \"b\"]\non = true"},
        {"/p/one.tfvars", "names = [\"b\"]"}},
       {Env("none"), Env("two"), Env("one"), Env("two")}},
      {"dynamic blocks, optional attributes and conditions",
       {{"/p/main.tf",
         "variable \"o\" {\n type = object({ open = optional(bool, false), ports = "
         "optional(list(number), [22]) })\n default = {}\n}\n"
         "resource \"d\" \"x\" {\n v = var.o.open ? \"yes\" : \"no\"\n"
         " dynamic \"rule\" {\n for_each = var.o.ports\n content { port = rule.value }\n }\n}\n"},
        {"/p/dev.tfvars", "o = { open = true }"},
        {"/p/prod.tfvars", "o = { ports = [80, 443] }"}},
       {Env("dev"), Env("prod")}},
      {"faults are told where they are",
       {{"/p/main.tf",
         "provider \"d\" {}\nvariable \"n\" {\n type = number\n validation {\n condition = var.n < "
         "5\n"
         " error_message = \"too many\"\n }\n}\n"
         "locals {\n bad = upper([])\n worse = tolist([1])[var.n]\n}\n"
         "module \"gone\" {\n source = \"./gone\"\n}\n"
         "module \"m\" {\n source = \"./m\"\n extra = 1\n}\n"
         "resource \"d\" \"x\" { v = local.worse }\nresource \"d\" \"y\" { v = local.bad }\n"},
        {"/p/m/main.tf", child},
        {"/p/fine.tfvars", "n = 0"},
        {"/p/many.tfvars", "n = 7"},
        {"/p/wrong.tfvars", "n = \"x\""},
        {"/p/unset.tfvars", ""}},
       {Env("fine"), Env("many"), Env("wrong"), Env("unset"), Env("fine"), Env("absent")}},
      {"workspaces and variables of the configuration",
       {{"/p/main.tf",
         "variable \"a\" { default = 1 }\nresource \"d\" \"x\" {\n v = terraform.workspace\n w = "
         "var.a\n}\n"}},
       {{"a", {}, {{"a", "2"}}, "blue"}, {"b", {}, {}, "green"}, {"c", {}, {{"a", "3"}}, "green"}}},
  };
}

TEST(EnvironmentsTest, EachIsAsIfEvaluatedAlone) {
  for (const Case& c : Cases()) {
    MemoryFileSystem fs(c.files);
    SourceMap sources;
    auto parsed = MakeParsedFiles(fs, sources, Limits(), "/p");
    RootModule root(*parsed, "/p", "/p", Options(), c.environments);
    for (std::size_t i = 0; i < c.environments.size(); ++i) {
      const Environment& e = c.environments[i];
      model::ResourceGraph graph;
      Diagnostics diagnostics;
      root.Evaluate(i, graph, diagnostics);
      Options alone;
      alone.var_files = e.var_files;
      alone.vars = e.vars;
      if (!e.workspace.empty()) alone.workspace = e.workspace;
      Evaluated expected(c.files, alone);
      EXPECT_EQ(Dump(graph, diagnostics, sources),
                Dump(expected.graph, expected.diagnostics, expected.sources))
          << c.name << ", " << e.name;
    }
  }
}

TEST(EnvironmentsTest, WhatDoesNotDifferKeepsItsValues) {
  std::vector<Environment> environments{Env("dev"), Env("prod")};
  MemoryFileSystem fs({{"/p/main.tf",
                        "variable \"a\" {}\nresource \"d\" \"moves\" { v = [var.a] }\n"
                        "resource \"d\" \"stays\" { v = [1, 2] }\n"},
                       {"/p/dev.tfvars", "a = 1"},
                       {"/p/prod.tfvars", "a = 2"}});
  SourceMap sources;
  auto parsed = MakeParsedFiles(fs, sources, Limits(), "/p");
  RootModule root(*parsed, "/p", "/p", Options(), environments);
  model::ResourceGraph dev, prod;
  Diagnostics diagnostics;
  root.Evaluate(0, dev, diagnostics);
  root.Evaluate(1, prod, diagnostics);
  auto rep = [](const model::ResourceGraph& g, const char* address) {
    return g.FindAddress(address)->attributes.object_rep();
  };
  EXPECT_EQ(rep(dev, "d.stays"), rep(prod, "d.stays"));
  EXPECT_NE(rep(dev, "d.moves"), rep(prod, "d.moves"));
}

TEST(EnvironmentsTest, DecidersNameTheInputsBehindAnAttribute) {
  std::vector<Environment> environments{Env("dev"), Env("prod")};
  MemoryFileSystem fs(
      {{"/p/main.tf",
        "variable \"a\" {}\nvariable \"b\" { default = 7 }\nvariable \"c\" { default = 1 }\n"
        "locals { both = var.a + var.b }\n"
        "resource \"d\" \"x\" {\n one = var.a\n two = local.both\n none = var.c\n count = "
        "var.b\n}\n"},
       {"/p/dev.tfvars", "a = 1\nb = 1"},
       {"/p/prod.tfvars", "a = 2"}});
  SourceMap sources;
  auto parsed = MakeParsedFiles(fs, sources, Limits(), "/p");
  RootModule root(*parsed, "/p", "/p", Options(), environments);
  model::ResourceGraph dev;
  Diagnostics diagnostics;
  root.Evaluate(0, dev, diagnostics);
  const model::Resource& x = *dev.FindAddress("d.x[0]");
  auto show = [&](const char* attribute, std::size_t environment) {
    std::string out;
    auto mask = x.source->VaryingInputs(x, model::Path{{attribute, -1}});
    for (const model::OriginStep& s : root.Deciders(mask, environment)) {
      out += s.what + "@" + std::string(sources.Path(s.span.file)) + ":" +
             std::to_string(sources.Start(s.span).line) + " ";
    }
    return out;
  };
  // That there is the resource at all hangs on b.
  EXPECT_EQ(show("one", 0), "variable \"a\"@dev.tfvars:1 variable \"b\"@dev.tfvars:2 ");
  EXPECT_EQ(show("two", 1), "variable \"a\"@prod.tfvars:1 default of variable \"b\"@main.tf:2 ");
  EXPECT_EQ(show("none", 1), "default of variable \"b\"@main.tf:2 ");
}

TEST(EnvironmentsTest, MoreVaryingInputsThanBitsAreStillRight) {
  std::string main, dev, prod;
  for (int i = 0; i < 150; ++i) {
    std::string n = std::to_string(i);
    main += "variable \"v" + n + "\" {}\nresource \"d\" \"r" + n + "\" { v = var.v" + n + " }\n";
    dev += "v" + n + " = " + n + "\n";
    prod += "v" + n + " = " + n + (i % 7 == 0 ? "1" : "") + "\n";
  }
  Files files{{"/p/main.tf", main}, {"/p/dev.tfvars", dev}, {"/p/prod.tfvars", prod}};
  std::vector<Environment> environments{Env("dev"), Env("prod")};
  MemoryFileSystem fs(files);
  SourceMap sources;
  auto parsed = MakeParsedFiles(fs, sources, Limits(), "/p");
  RootModule root(*parsed, "/p", "/p", Options(), environments);
  for (std::size_t i : {0u, 1u}) {
    model::ResourceGraph graph;
    Diagnostics diagnostics;
    root.Evaluate(i, graph, diagnostics);
    Options alone;
    alone.var_files = environments[i].var_files;
    Evaluated expected(files, alone);
    EXPECT_EQ(Dump(graph, diagnostics, sources),
              Dump(expected.graph, expected.diagnostics, expected.sources));
  }
}

}  // namespace
}  // namespace plumbline::terraform
