// What overriding, null, optional attributes, module instances and try() make of values: outputs of
// the root module, each compared with the real Terraform's plan.
#include <gtest/gtest.h>

#include "memory_fs.h"

namespace plumbline::terraform {
namespace {

struct Case {
  const char* name;
  Files files;
  std::map<std::string, std::string> outputs;
};

std::vector<Case> Cases() {
  return {
      {"override locals",
       {{"/p/main.tf",
         R"(locals {
  a = 1
  b = 2
}
output "x" { value = [local.a, local.b] }
)"},
        {"/p/b_override.tf",
         R"(locals { a = 10 }
)"},
        {"/p/override.tf",
         R"(locals { b = 20 }
)"},
        {"/p/c_override.tf",
         R"(locals { a = 11 }
)"}},
       {{"x", R"([11,20])"}}},
      {"override variable default",
       {{"/p/main.tf",
         R"(variable "a" {
  type = string
  default = "x"
  validation {
    condition = var.a != "y"
    error_message = "not y"
  }
}
output "x" { value = var.a }
)"},
        {"/p/override.tf",
         R"(variable "a" { default = "z" }
)"}},
       {{"x", R"("z")"}}},
      {"override variable type",
       {{"/p/main.tf",
         R"(variable "a" {
  type = string
  default = "1"
}
output "x" { value = var.a }
)"},
        {"/p/override.tf",
         R"(variable "a" { type = number }
)"}},
       {{"x", R"(1)"}}},
      {"override output",
       {{"/p/main.tf",
         R"(output "x" { value = 1 }
)"},
        {"/p/override.tf",
         R"(output "x" { value = 2 }
)"}},
       {{"x", R"(2)"}}},
      {"override resource",
       {{"/p/main.tf",
         R"(resource "terraform_data" "a" {
  input = 1
  triggers_replace = 5
}
output "x" { value = [terraform_data.a.input, terraform_data.a.triggers_replace] }
)"},
        {"/p/override.tf",
         R"(resource "terraform_data" "a" { input = 2 }
)"}},
       {{"x", R"([2,5])"}}},
      {"override count over for_each",
       {{"/p/main.tf",
         R"(resource "terraform_data" "a" {
  for_each = toset(["a"])
  input = 1
}
output "x" { value = 1 }
)"},
        {"/p/override.tf",
         R"(resource "terraform_data" "a" { count = 2 }
)"}},
       {{"x", R"(1)"}}},
      {"override module",
       {{"/p/main.tf",
         R"(module "m" {
  source = "./m1"
  a = 1
  b = 2
}
output "x" { value = module.m.o }
)"},
        {"/p/m1/main.tf",
         R"(variable "a" {}
variable "b" {}
output "o" { value = "m1-${var.a}-${var.b}" }
)"},
        {"/p/m2/main.tf",
         R"(variable "a" {}
variable "b" {}
output "o" { value = "m2-${var.a}-${var.b}" }
)"},
        {"/p/main_override.tf",
         R"(module "m" {
  source = "./m2"
  a = 9
}
)"}},
       {{"x", R"("m2-9-2")"}}},
      {"override json",
       {{"/p/main.tf",
         R"(output "x" { value = 1 }
)"},
        {"/p/override.tf.json",
         R"({"output":{"x":{"value":"${1+4}"}}}
)"}},
       {{"x", R"(5)"}}},
      {"nullable",
       {{"/p/main.tf",
         R"(module "m" {
  source = "./m"
  a = null
  b = null
  c = null
}
output "x" { value = module.m }
)"},
        {"/p/m/main.tf",
         R"(variable "a" { default = "d" }
variable "b" {
  default = "d"
  nullable = false
}
variable "c" {
  type = object({ x = optional(string, "q"), y = optional(list(object({ z = optional(number, 3) })), [{}]) })
  default = {}
  nullable = false
}
output "a" { value = var.a }
output "b" { value = var.b }
output "c" { value = var.c }
)"}},
       {{"x", R"({"a":null,"b":"d","c":{"x":"q","y":[{"z":3}]}})"}}},
      {"any types ok",
       {{"/p/main.tf",
         R"(variable "a" {
  type = list(any)
  default = [1, "x", true]
}
variable "b" {
  type = map(any)
  default = { a = 1, b = "z" }
}
variable "c" {
  type = any
  default = { a = 1, b = ["z"] }
}
variable "d" {
  type = object({ a = any, b = optional(any) })
  default = { a = [1, "2"] }
}
variable "f" {
  type = set(object({ a = string, b = optional(number, 4) }))
  default = [{ a = 1 }, { a = "1", b = 4 }, { a = 2, c = 3 }]
}
output "x" { value = [var.a, var.b, var.c, var.d, var.f] }
)"}},
       {{"x",
         R"([["1","x","true"],{"a":"1","b":"z"},{"a":1,"b":["z"]},{"a":[1,"2"],"b":null},[{"a":"1","b":4},{"a":"2","b":4}]])"}}},
      {"module for_each keys",
       {{"/p/main.tf",
         R"(module "m" {
  source = "./m"
  for_each = { b = 1, a = 2 }
  v = each.value
}
output "x" { value = module.m }
output "y" { value = [for k, m in module.m : "${k}=${m.o}"] }
)"},
        {"/p/m/main.tf",
         R"(variable "v" {}
output "o" { value = var.v * 2 }
)"}},
       {{"x", R"({"a":{"o":4},"b":{"o":2}})"}, {"y", R"(["a=4","b=2"])"}}},
      {"self in count",
       {{"/p/main.tf",
         R"(resource "terraform_data" "a" {
  count = 2
  input = count.index
}
output "x" { value = terraform_data.a[*].input }
output "y" { value = terraform_data.a[1].input }
)"}},
       {{"x", R"([0,1])"}, {"y", R"(1)"}}},
      {"object attr sensitive nested",
       {{"/p/main.tf",
         R"(variable "s" {
  sensitive = true
  default = "x"
}
locals { o = { a = var.s, b = 2 } }
output "x" { value = local.o.b }
output "y" { value = nonsensitive(local.o.a) }
)"}},
       {{"x", R"(2)"}, {"y", R"("x")"}}},
  };
}

TEST(ConfigurationTest, OutputsAreTerraforms) {
  for (const Case& c : Cases()) {
    Evaluated p(c.files);
    for (const auto& [name, value] : c.outputs)
      EXPECT_EQ(p.Json("output." + name, "value"), value) << c.name << ": " << name;
    EXPECT_TRUE(p.diagnostics.empty()) << c.name << ": " << p.Problems().front();
  }
}

using Strings = std::vector<std::string>;

TEST(ConfigurationTest, ResourcesKnowTheirProviderConfiguration) {
  Evaluated p(Files{{"/p/main.tf", R"(
provider "aws" { region = "eu-west-1" }
provider "aws" {
  alias  = "west"
  region = "us-west-1"
}
resource "aws_x" "plain" {}
resource "aws_x" "chosen" { provider = aws.west }
resource "other_x" "none" {}
module "inherits" { source = "./m" }
module "given" {
  source    = "./m"
  providers = { aws = aws.west }
}
module "aliased" {
  source    = "./n"
  providers = { aws.far = aws.west }
}
)"},
                    {"/p/m/main.tf", "resource \"aws_x\" \"in\" {}\n"},
                    {"/p/n/main.tf", R"(
terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.far]
    }
  }
}
resource "aws_x" "in" { provider = aws.far }
resource "aws_x" "default" {}
)"}});
  EXPECT_EQ(p.References("aws_x.plain"), (Strings{"provider -> provider.aws."}));
  EXPECT_EQ(p.References("aws_x.chosen"), (Strings{"provider -> provider.aws.west."}));
  EXPECT_EQ(p.References("other_x.none"), Strings{});
  EXPECT_EQ(p.References("module.inherits.aws_x.in"), (Strings{"provider -> provider.aws."}));
  EXPECT_EQ(p.References("module.given.aws_x.in"), (Strings{"provider -> provider.aws.west."}));
  EXPECT_EQ(p.References("module.aliased.aws_x.in"), (Strings{"provider -> provider.aws.west."}));
  EXPECT_EQ(p.References("module.aliased.aws_x.default"), Strings{});
  EXPECT_EQ(p.AllProblems(), Strings{});
}

TEST(ConfigurationTest, InstancesOverManyInstancesReferToTheirOwn) {
  Evaluated p(Files{{"/p/main.tf", R"(
locals { keys = toset([for i in range(1000) : format("%04d", i)]) }
resource "x" "u" {
  for_each = local.keys
  name     = each.key
}
resource "x" "by_key" {
  for_each = x.u
  user     = x.u[each.key].name
}
resource "x" "by_value" {
  for_each = x.u
  user     = each.value.id
}
)"}});
  for (const char* key : {"0003", "0999"}) {
    std::string at = std::string("[\"") + key + "\"]";
    EXPECT_EQ(p.References("x.by_key" + at), (Strings{"user -> x.u" + at + ".name"}));
    EXPECT_EQ(p.References("x.by_value" + at), (Strings{"user -> x.u" + at + ".id"}));
  }
}

TEST(ConfigurationTest, DependsOnIsAnEdge) {
  Evaluated p(Files{{"/p/main.tf", R"(
resource "x" "a" { count = 2 }
data "y" "d" {}
resource "x" "b" { depends_on = [x.a, data.y.d] }
)"}});
  EXPECT_EQ(p.References("x.b"),
            (Strings{"depends_on -> x.a[0].", "depends_on -> x.a[1].", "depends_on -> data.y.d."}));
}

TEST(ConfigurationTest, EphemeralResourcesAreReadButNotPlanned) {
  Evaluated p(Files{{"/p/main.tf", R"(
ephemeral "random_password" "p" {
  count  = 1
  length = 5
}
resource "aws_db_instance" "d" {
  password_wo = ephemeral.random_password.p[0].result
}
provider "postgresql" { password = ephemeral.random_password.p[0].result }
output "length" { value = ephemeralasnull(ephemeral.random_password.p[0].length) }
)"}});
  EXPECT_EQ(p.AllProblems(), Strings{});
  EXPECT_EQ(p.Json("ephemeral.random_password.p[0]"), "absent");
  EXPECT_EQ(p.Cause("aws_db_instance.d", "password_wo"),
            "ephemeral.random_password.p[0].result is known only after apply");
  EXPECT_EQ(p.Json("output.length", "value"), "null");
}

TEST(ConfigurationTest, StatementsAboutTheStateAreNoResources) {
  Evaluated p(Files{{"/p/main.tf", R"(
resource "x" "b" {}
moved {
  from = x.a
  to   = x.b
}
removed {
  from = x.c
  lifecycle { destroy = false }
}
import {
  to = x.b
  id = "b"
}
check "c" {
  data "y" "d" { name = "n" }
  assert {
    condition     = data.y.d.name == "n"
    error_message = "no"
  }
}
)"}});
  EXPECT_EQ(p.AllProblems(), Strings{});
  EXPECT_EQ(p.graph.size(), 2u);
  EXPECT_EQ(p.Json("data.y.d", "name"), "\"n\"");
}

TEST(ConfigurationTest, TofuFilesTakeThePlaceOfTheirTwins) {
  Evaluated p(Files{{"/p/main.tf", "output \"x\" { value = \"tf\" }\n"},
                    {"/p/main.tofu", "output \"x\" { value = \"tofu\" }\n"},
                    {"/p/b.tf.json", R"({"output":{"y":{"value":"tf"}}})"},
                    {"/p/b.tofu.json", R"({"output":{"y":{"value":"tofu"}}})"},
                    {"/p/c.tofu", "output \"z\" { value = \"base\" }\n"},
                    {"/p/c_override.tf", "output \"z\" { value = \"tf\" }\n"},
                    {"/p/c_override.tofu", "output \"z\" { value = \"tofu\" }\n"}});
  EXPECT_EQ(p.AllProblems(), Strings{});
  for (const char* name : {"output.x", "output.y", "output.z"})
    EXPECT_EQ(p.Json(name, "value"), "\"tofu\"") << name;
}

}  // namespace
}  // namespace plumbline::terraform
