// Seventeen ways in which one boolean reaches an attribute, each with true and with false: other
// analysers lose it on one or more of them. A rule sees exactly the value, or an unknown that says
// why.
#include <gtest/gtest.h>

#include "memory_fs.h"

namespace plumbline::terraform {
namespace {

struct Case {
  const char* name;
  std::map<std::string, std::string> files;  // @V@ is the value under test
  const char* address = "d.x";
};

std::vector<Case> Cases() {
  const std::string child =
      "variable \"p\" { default = false }\nresource \"d\" \"x\" { open = var.p }\noutput \"p\" { "
      "value = var.p }\n";
  return {
      {"literal", {{"main.tf", "resource \"d\" \"x\" { open = @V@ }"}}},
      {"variable default",
       {{"main.tf", "variable \"p\" { default = @V@ }\nresource \"d\" \"x\" { open = var.p }"}}},
      {"terraform.tfvars",
       {{"main.tf", "variable \"p\" {}\nresource \"d\" \"x\" { open = var.p }"},
        {"terraform.tfvars", "p = @V@"}}},
      {"local and conditional",
       {{"main.tf",
         "locals { e = \"@V@\" }\nresource \"d\" \"x\" { open = local.e == \"true\" ? true : false "
         "}"}}},
      {"lookup", {{"main.tf", "resource \"d\" \"x\" { open = lookup({ a = @V@ }, \"a\", null) }"}}},
      {"for_each map",
       {{"main.tf", "resource \"d\" \"x\" {\n for_each = { a = @V@ }\n open = each.value\n}"}},
       "d.x[\"a\"]"},
      {"for_each over a for",
       {{"main.tf",
         "resource \"d\" \"x\" {\n for_each = { for k in [\"a\"] : k => @V@ }\n open = "
         "each.value\n}"}},
       "d.x[\"a\"]"},
      {"module output",
       {{"main.tf",
         "module \"m\" {\n source = \"./m\"\n p = @V@\n}\nresource \"d\" \"x\" { open = module.m.p "
         "}"},
        {"m/main.tf", child}}},
      {"module for_each",
       {{"main.tf",
         "module \"m\" {\n source = \"./m\"\n for_each = { a = @V@ }\n p = each.value\n}"},
        {"m/main.tf", child}},
       "module.m[\"a\"].d.x"},
      {"try and merge",
       {{"main.tf",
         "resource \"d\" \"x\" { open = try(merge({ a = null }, { a = @V@ }).a, null) }"}}},
      {"optional default",
       {{"main.tf",
         "variable \"o\" {\n type = object({ p = optional(bool, @V@) })\n default = {}\n}\n"
         "resource \"d\" \"x\" { open = var.o.p }"}}},
      {"count.index into a list",
       {{"main.tf", "resource \"d\" \"x\" {\n count = 2\n open = [null, @V@][count.index]\n}"}},
       "d.x[1]"},
      {"module argument against the child's default",
       {{"main.tf", "module \"m\" {\n source = \"./m\"\n p = @V@\n}"}, {"m/main.tf", child}},
       "module.m.d.x"},
      {"json file",
       {{"main.tf",
         "resource \"d\" \"x\" { open = jsondecode(file(\"${path.module}/c.json\")).p }"},
        {"c.json", "{\"p\": @V@}"}}},
  };
}

std::string Replace(std::string text, const std::string& value) {
  for (auto at = text.find("@V@"); at != std::string::npos; at = text.find("@V@"))
    text.replace(at, 3, value);
  return text;
}

TEST(VerdictCasesTest, BothValuesArrive) {
  for (const Case& c : Cases()) {
    for (const char* value : {"true", "false"}) {
      std::map<std::string, std::string> files;
      for (const auto& [name, text] : c.files) files["/p/" + name] = Replace(text, value);
      Evaluated p(std::move(files));
      EXPECT_EQ(p.Json(c.address, "open"), value) << c.name;
      EXPECT_TRUE(p.diagnostics.empty()) << c.name << ": " << p.Problems().front();
    }
  }
}

TEST(VerdictCasesTest, DynamicBlocksCarryTheValue) {
  for (const char* cidr : {"0.0.0.0/0", "10.0.0.0/8"}) {
    std::string list = std::string("[{ cidr = \"") + cidr + "\" }]";
    Evaluated p(
        Files{{"/p/main.tf", "resource \"d\" \"x\" {\n dynamic \"ingress\" {\n for_each = " + list +
                                 "\n content { cidr = ingress.value.cidr }\n }\n}"}});
    EXPECT_EQ(p.Json("d.x", "ingress"), std::string("[{\"cidr\":\"") + cidr + "\"}]");
  }
}

TEST(VerdictCasesTest, WhatDoesNotExistHasNoAttributes) {
  Evaluated p(Files{{"/p/main.tf", "resource \"d\" \"x\" {\n count = 0\n open = true\n}"}});
  EXPECT_EQ(p.Json("d.x"), "absent");
}

TEST(VerdictCasesTest, UnknownSaysWhy) {
  Evaluated p(Files{{"/p/main.tf",
                     "variable \"p\" {}\ndata \"y\" \"z\" {}\n"
                     "resource \"d\" \"x\" {\n open = var.p\n read = data.y.z.open\n}"}});
  EXPECT_EQ(p.Cause("d.x", "open"), "var.p has no default");
  EXPECT_EQ(p.Cause("d.x", "read"), "data.y.z.open is read from the provider");
}

}  // namespace
}  // namespace plumbline::terraform
