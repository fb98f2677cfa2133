// Where attributes stand, and the way from them to the literal that a person edits.
#include <gtest/gtest.h>

#include "memory_fs.h"

namespace plumbline::terraform {
namespace {

using Strings = std::vector<std::string>;

TEST(LocateTest, AttributesBlocksAndDynamicBlocks) {
  Evaluated p(Files{{"/p/main.tf", R"(resource "x" "r" {
  name = "n"
  tags = {
    a = 1
  }
  rule {
    port = 1
  }
  dynamic "rule" {
    for_each = [2, 3]
    content {
      port = rule.value
    }
  }
  rule {
    port = 4
  }
}
)"}});
  EXPECT_EQ(p.Where("x.r", {{"name"}}), "main.tf:2");
  EXPECT_EQ(p.Where("x.r", {{"tags"}, {"a"}}), "main.tf:4");
  EXPECT_EQ(p.Where("x.r", {{"rule"}, {"", 0}, {"port"}}), "main.tf:7");
  EXPECT_EQ(p.Where("x.r", {{"rule"}, {"", 2}, {"port"}}), "main.tf:12");
  EXPECT_EQ(p.Where("x.r", {{"rule"}, {"", 3}, {"port"}}), "main.tf:16");
  EXPECT_EQ(p.Where("x.r", {{"rule"}, {"", 3}}), "main.tf:15");
  EXPECT_EQ(p.Where("x.r", {{"rule"}, {"", 3}, {"absent"}}), "main.tf:15?");
  EXPECT_EQ(p.Where("x.r", {{"absent"}}), "main.tf:1?");
  EXPECT_EQ(p.Where("x.r", {{"rule"}, {"", 9}}), "main.tf:1?");
}

TEST(TraceTest, ThroughVariablesArgumentsAndTfvars) {
  Evaluated p(Files{{"/p/main.tf", R"(variable "cidrs" {
  type = map(list(string))
}
module "web" {
  source = "./web"
  cidrs  = var.cidrs["web"]
}
)"},
                    {"/p/terraform.tfvars", "cidrs = {\n  web = [\n    \"0.0.0.0/0\",\n  ]\n}\n"},
                    {"/p/web/main.tf", R"(variable "cidrs" { default = [] }
variable "port" { default = 22 }
resource "x" "sg" {
  ingress {
    cidrs = var.cidrs
    port  = var.port
    plain = 1
  }
}
)"}});
  EXPECT_EQ(p.Origin("module.web.x.sg", {{"ingress"}, {"", 0}, {"cidrs"}, {"", 0}}),
            (Strings{"variable \"cidrs\"@web/main.tf:1", "argument cidrs of module.web@main.tf:6",
                     "variable \"cidrs\"@main.tf:1", "terraform.tfvars@terraform.tfvars:3"}));
  EXPECT_EQ(
      p.Origin("module.web.x.sg", {{"ingress"}, {"", 0}, {"port"}}),
      (Strings{"variable \"port\"@web/main.tf:2", "default of variable \"port\"@web/main.tf:2"}));
  EXPECT_EQ(p.Origin("module.web.x.sg", {{"ingress"}, {"", 0}, {"plain"}}), Strings{});
}

TEST(TraceTest, ThroughEachLocalsForAndFunctions) {
  Evaluated p(Files{{"/p/main.tf", R"(locals {
  users = [
    { name = "ann", admin = true },
    { name = "bob", admin = false },
  ]
  by_name  = { for u in local.users : u.name => u }
  settings = merge({ a = 1 }, { b = 2 })
}
resource "x" "u" {
  for_each = local.by_name
  admin    = each.value.admin
  dynamic "d" {
    for_each = [for u in local.users : u.admin]
    content {
      v = d.value
    }
  }
  b = try(local.nope.x, lookup(local.settings, "b", 0))
  c = true ? tostring(local.settings.a) : "no"
}
)"}});
  EXPECT_EQ(
      p.Origin("x.u[\"bob\"]", {{"admin"}}),
      (Strings{"for_each of x.u@main.tf:10", "local.by_name@main.tf:6", "local.users@main.tf:4"}));
  EXPECT_EQ(p.Origin("x.u[\"ann\"]", {{"d"}, {"", 1}, {"v"}}), (Strings{"local.users@main.tf:4"}));
  EXPECT_EQ(p.Origin("x.u[\"ann\"]", {{"c"}}), (Strings{"local.settings@main.tf:7"}));
}

TEST(TraceTest, ThroughOutputsAndOtherResources) {
  Evaluated p(Files{{"/p/main.tf", R"(module "m" { source = "./m" }
resource "x" "a" { flag = module.m.flag }
resource "x" "b" { flag = x.a.flag }
)"},
                    {"/p/m/main.tf", "output \"flag\" { value = false }\n"}});
  EXPECT_EQ(p.Origin("x.b", {{"flag"}}),
            (Strings{"x.a.flag@main.tf:2", "output \"flag\" of module.m@m/main.tf:1"}));
}

}  // namespace
}  // namespace plumbline::terraform
