// Whole configurations: variables and their sources, locals, instances, dynamic blocks, modules,
// references.
#include <gtest/gtest.h>

#include "memory_fs.h"

namespace plumbline::terraform {
namespace {

using Strings = std::vector<std::string>;

TEST(EvaluateTest, VariableSourcesInTerraformsOrder) {
  Options options;
  options.environment = {{"a", "env"}, {"b", "env"}, {"c", "env"}, {"d", "env"},
                         {"e", "env"}, {"n", "[1]"}, {"t", "[1]"}};
  options.var_files = {"/p/given.tfvars"};
  options.vars = {{"e", "cli"}};
  Evaluated p(Files{{"/p/main.tf", R"(
variable "a" { default = "default" }
variable "b" {}
variable "c" {}
variable "d" {}
variable "e" {}
variable "n" { type = list(number) }
variable "t" { type = string }
variable "z" { default = "default" }
resource "x" "r" { v = [var.a, var.b, var.c, var.d, var.e, var.n, var.t, var.z] }
)"},
                    {"/p/terraform.tfvars",
                     "b = \"tfvars\"\nc = \"tfvars\"\nd = \"tfvars\"\nundeclared = 1\n"},
                    {"/p/terraform.tfvars.json", "{\"c\": \"${json}\", \"d\": \"json\"}"},
                    {"/p/x.auto.tfvars", "d = \"auto\"\ne = \"auto\"\n"},
                    {"/p/given.tfvars", "e = \"file\"\n"}},
              options);
  EXPECT_EQ(p.Json("x.r", "v"), R"(["env","tfvars","${json}","auto","cli",[1],"[1]","default"])");
  EXPECT_EQ(p.Problems(),
            (Strings{"terraform.tfvars:4 terraform.tfvars sets \"undeclared\", but the "
                     "root module declares no such variable"}));
}

TEST(EvaluateTest, OptionalAttributesAndNull) {
  Evaluated p(Files{{"/p/main.tf", R"(
module "m" {
  source = "./m"
  cfg    = { name = "n", limits = { cpu = "2" }, list = [{ k = "a" }], extra = 1 }
  strict = null
  loose  = null
}
)"},
                    {"/p/m/main.tf", R"(
variable "cfg" {
  type = object({
    name   = string
    on     = optional(bool, true)
    none   = optional(string)
    limits = optional(object({ cpu = optional(number, 1), mem = optional(string, "1G") }), { mem = "9G" })
    list   = optional(list(object({ k = string, v = optional(string, "d") })), [])
  })
}
variable "bare" {
  type    = list
  default = [1, "a"]
}
variable "strict" {
  nullable = false
  default  = "s"
}
variable "loose" { default = "l" }
resource "x" "r" { v = [var.cfg, var.bare, var.strict, var.loose] }
)"}});
  EXPECT_EQ(
      p.Json("module.m.x.r", "v"),
      R"([{"limits":{"cpu":2,"mem":"1G"},"list":[{"k":"a","v":"d"}],"name":"n","none":null,"on":true},)"
      R"(["1","a"],"s",null])");
}

TEST(EvaluateTest, VariablesWithoutValueAreUnknownAndTheRunGoesOn) {
  Evaluated p(Files{{"/p/main.tf", R"(
variable "v" { type = string }
resource "x" "r" {
  a = "foo-${var.v}"
  b = concat(["k"], [var.v])
  c = var.v == null
}
)"}});
  EXPECT_EQ(p.Cause("x.r", "a"), "var.v has no default");
  EXPECT_EQ(p.Find("x.r", "a")->unknown()->prefix, "foo-");
  EXPECT_EQ(p.Find("x.r", "a")->unknown()->parts.size(), 2u);
  EXPECT_EQ(p.Json("x.r", "b"), R"(["k",{"$unknown":true}])");
  EXPECT_EQ(p.Problems(), Strings{});
}

TEST(EvaluateTest, WrongValuesAndValidationsAreReportedAtTheValue) {
  Evaluated p(Files{{"/p/main.tf", R"(
variable "n" { type = number }
variable "env" {
  default = "dev"
  validation {
    condition     = contains(["dev", "prod"], var.env)
    error_message = "bad ${var.env}"
  }
}
resource "x" "r" { n = var.n }
)"},
                    {"/p/terraform.tfvars", "n = \"many\"\nenv = \"qa\"\n"}});
  ASSERT_EQ(p.diagnostics.size(), 2u);
  EXPECT_TRUE(p.Problems()[0].starts_with("terraform.tfvars:1 the value of variable \"n\""))
      << p.Problems()[0];
  EXPECT_EQ(p.Problems()[1], "terraform.tfvars:2 variable \"env\" is not valid: bad qa");
  EXPECT_EQ(p.diagnostics[1].code, DiagnosticCode::kInvalidVariable);
  EXPECT_EQ(p.Cause("x.r", "n"), "var.n has a value of the wrong type");
}

TEST(EvaluateTest, CountAndForEach) {
  Evaluated p(Files{{"/p/main.tf", R"(
resource "x" "none" { count = 0 }
resource "x" "two" {
  count = 2
  n     = count.index
}
resource "x" "set" {
  for_each = toset(["b", "a"])
  k        = each.key
}
resource "x" "map" {
  for_each = { "a.b\"" = { v = 1 } }
  v        = each.value.v
}
resource "x" "list" { for_each = ["a"] }
resource "x" "negative" { count = -1 }
)"}});
  EXPECT_EQ(p.Json("x.none"), "absent");
  EXPECT_EQ(p.Json("x.two[1]", "n"), "1");
  EXPECT_EQ(p.Json("x.set[\"b\"]", "k"), "\"b\"");
  EXPECT_EQ(p.Json("x.map[\"a.b\\\"\"]", "v"), "1");
  ASSERT_EQ(p.diagnostics.size(), 2u);
  EXPECT_EQ(p.Problems()[0], "main.tf:15 for_each must be a map or a set of strings, not a tuple");
  EXPECT_EQ(p.Problems()[1], "main.tf:16 count must be a whole number, zero or greater");
}

TEST(EvaluateTest, UnknownCountIsOneUncertainInstance) {
  Evaluated p(Files{{"/p/main.tf", R"(
variable "on" { type = bool }
variable "names" { type = set(string) }
resource "x" "maybe" {
  count = var.on ? 1 : 0
  n     = count.index
  bad   = tonumber("x")
}
resource "x" "each" {
  for_each = var.names
  k        = each.key
}
resource "x" "user" { id_of = x.maybe[0].id }
)"}});
  EXPECT_EQ(p.Cause("x.maybe", "n"), "var.on has no default");
  EXPECT_EQ(p.Cause("x.each", "k"), "var.names has no default");
  EXPECT_EQ(p.References("x.user"), (Strings{"id_of -> x.maybe.id"}));
  EXPECT_EQ(p.Problems(), Strings{}) << "nothing is certain inside something that may not exist";
}

TEST(EvaluateTest, DynamicBlocksKeepTheSourceOrder) {
  Evaluated p(Files{{"/p/main.tf", R"(
variable "open" { type = list(string) }
variable "groups" { default = { web = { port = 80, hosts = ["a", "b"] } } }
resource "x" "r" {
  rule { name = "first" }
  dynamic "rule" {
    for_each = var.groups
    iterator = g
    content {
      name = g.key
      port = g.value.port
      dynamic "match" {
        for_each = g.value.hosts
        content { host = "${g.key}/${match.value}/${match.key}" }
      }
    }
  }
  rule { name = "last" }
  dynamic "none" {
    for_each = []
    content {}
  }
  dynamic "open" {
    for_each = var.open
    content { v = open.value }
  }
  mixed { v = 1 }
  dynamic "mixed" {
    for_each = var.open
    content { v = mixed.value }
  }
}
)"}});
  EXPECT_EQ(
      p.Json("x.r", "rule"),
      R"([{"name":"first"},{"match":[{"host":"web/a/0"},{"host":"web/b/1"}],"name":"web","port":80},{"name":"last"}])");
  EXPECT_EQ(p.Json("x.r", "none"), "[]");
  EXPECT_EQ(p.Cause("x.r", "open"), "var.open has no default");
  EXPECT_EQ(p.Json("x.r", "mixed"), R"([{"v":1},{"$unknown":true}])");
}

TEST(EvaluateTest, ModulesNestAndRepeat) {
  Evaluated p(Files{{"/p/main.tf", R"(
module "env" {
  source   = "./modules/env"
  for_each = { dev = 1, prod = 2 }
  name     = each.key
  size     = each.value
}
module "off" {
  source = "./modules/env"
  count  = 0
  name   = "off"
}
resource "x" "r" { v = [module.env["prod"].labels, length(module.off), [for k, m in module.env : m.path]] }
)"},
                    {"/p/modules/env/main.tf", R"(
variable "name" { type = string }
variable "size" { default = 1 }
module "inner" {
  source = "../inner"
  count  = var.size
  text   = "${var.name}${count.index}"
}
output "labels" { value = module.inner[*].out }
output "path" { value = path.module }
)"},
                    {"/p/modules/inner/main.tf", R"(
variable "text" {}
resource "x" "i" { t = var.text }
output "out" { value = upper(x.i.t) }
)"}});
  EXPECT_EQ(p.Json("x.r", "v"), R"([["PROD0","PROD1"],0,["modules/env","modules/env"]])");
  EXPECT_EQ(p.Json("module.env[\"prod\"].module.inner[1].x.i", "t"), "\"prod1\"");
  const model::Resource* r = p.graph.FindAddress("module.env[\"dev\"].module.inner[0].x.i");
  ASSERT_NE(r, nullptr);
  EXPECT_EQ(r->module, "module.env[\"dev\"].module.inner[0]");
  ASSERT_EQ(r->module_calls.size(), 2u);
  EXPECT_EQ(p.Show(r->module_calls[0]), "main.tf:2");
  EXPECT_EQ(p.Show(r->module_calls[1]), "modules/env/main.tf:4");
  EXPECT_EQ(p.graph.FindAddress("module.env[\"dev\"]")->mode, model::Mode::kModuleCall);
}

TEST(EvaluateTest, ModulesThatAreNotThere) {
  Evaluated p(Files{{"/p/main.tf", R"(
module "remote" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "5.0.0"
}
module "gone" { source = "./gone" }
module "typo" {
  source = "./m"
  nmae   = "x"
}
resource "x" "r" {
  vpc  = module.remote.vpc_id
  gone = module.gone.x
}
)"},
                    {"/p/m/main.tf", "variable \"name\" {}\n"}});
  EXPECT_EQ(p.Cause("x.r", "vpc"), "module.remote is a remote module that is not downloaded");
  EXPECT_EQ(p.References("x.r"), (Strings{"vpc -> module.remote.vpc_id", "gone -> module.gone.x"}));
  EXPECT_EQ(p.Json("module.remote", "version"), "\"5.0.0\"");
  Strings problems = p.Problems();
  ASSERT_EQ(problems.size(), 4u);
  EXPECT_EQ(problems[0],
            "main.tf:3 module.remote comes from terraform-aws-modules/vpc/aws, which is remote and "
            "not downloaded; what "
            "it makes is not seen; the source names no registry and no default one is set; name it "
            "with --module-registry HOST or PLUMBLINE_MODULE_REGISTRY");
  EXPECT_EQ(problems[1],
            "main.tf:6 module.gone calls ./gone, but there is no such folder with Terraform files");
  EXPECT_EQ(
      problems[2],
      "main.tf:9 the module called by module.typo declares no variable \"nmae\"; did you mean "
      "\"name\"?");
  EXPECT_EQ(problems[3], "main.tf:7 module.typo does not set \"name\", which the module requires");
}

TEST(EvaluateTest, DownloadedModulesAreFound) {
  Evaluated p(Files{
      {"/p/main.tf",
       "module \"vpc\" { source = \"x/vpc/aws\" }\nresource \"x\" \"r\" { v = module.vpc.id }\n"},
      {"/p/.terraform/modules/modules.json",
       R"({"Modules":[{"Key":"","Dir":"."},{"Key":"vpc","Dir":".terraform/modules/vpc"}]})"},
      {"/p/.terraform/modules/vpc/main.tf", "output \"id\" { value = \"v-1\" }\n"}});
  EXPECT_EQ(p.Json("x.r", "v"), "\"v-1\"");
  EXPECT_EQ(p.Problems(), Strings{});
}

TEST(EvaluateTest, OverridesTofuAndJson) {
  Evaluated p(
      Files{{"/p/a.tf", "resource \"x\" \"a\" {\n  v = \"main\"\n  w = \"main\"\n}\n"},
            {"/p/a_override.tf", "resource \"x\" \"a\" {\n  v = \"over\"\n}\n"},
            {"/p/b.tf", "resource \"x\" \"b\" {\n  v = \"tf\"\n}\n"},
            {"/p/b.tofu", "resource \"x\" \"b\" {\n  v = \"tofu\"\n}\n"},
            {"/p/c.tf.json",
             R"({"resource": {"x": {"c": {"v": "${upper(local.l)}"}}}, "locals": {"l": "q"}})"}});
  EXPECT_EQ(p.Json("x.a"), R"({"v":"over","w":"main"})");
  EXPECT_EQ(p.Json("x.b", "v"), "\"tofu\"");
  EXPECT_EQ(p.Json("x.c", "v"), "\"Q\"");
}

TEST(EvaluateTest, ReferencesFollowLocalsModulesAndEach) {
  Evaluated p(Files{{"/p/main.tf", R"(
resource "aws_s3_bucket" "a" { bucket = "name-a" }
resource "aws_s3_bucket" "b" { bucket = "name-b" }
resource "aws_s3_bucket" "many" {
  for_each = toset(["x", "y"])
  bucket   = "many-${each.key}"
}
locals {
  ids   = { a = aws_s3_bucket.a.id, b = aws_s3_bucket.b.id }
  names = [aws_s3_bucket.a.bucket, aws_s3_bucket.b.bucket]
}
module "m" {
  source = "./m"
  bucket = aws_s3_bucket.a.id
}
resource "p" "local" { bucket = local.ids.b }
resource "p" "known" { bucket = local.names[1] }
resource "p" "out" { bucket = module.m.bucket }
resource "p" "each" {
  for_each = aws_s3_bucket.many
  bucket   = each.value.id
  inner { text = "arn/${each.value.bucket}" }
}
)"},
                    {"/p/m/main.tf", R"(
variable "bucket" {}
resource "p" "in" { bucket = var.bucket }
output "bucket" { value = var.bucket }
)"}});
  EXPECT_EQ(p.References("p.local"), (Strings{"bucket -> aws_s3_bucket.b.id"}));
  EXPECT_EQ(p.References("p.known"), (Strings{"bucket -> aws_s3_bucket.b.bucket"}));
  EXPECT_EQ(p.References("module.m.p.in"), (Strings{"bucket -> aws_s3_bucket.a.id"}));
  EXPECT_EQ(p.References("p.out"), (Strings{"bucket -> aws_s3_bucket.a.id"}));
  EXPECT_EQ(p.References("p.each[\"y\"]"),
            (Strings{"bucket -> aws_s3_bucket.many[\"y\"].id",
                     "inner.text -> aws_s3_bucket.many[\"y\"].bucket"}));
  const Value* unknown = p.Find("p.local", "bucket");
  ASSERT_TRUE(unknown->is_unknown());
  ASSERT_EQ(unknown->unknown()->refs.size(), 1u);
  EXPECT_EQ(unknown->unknown()->refs[0].address, "aws_s3_bucket.b");
  EXPECT_EQ(p.Cause("p.local", "bucket"), "aws_s3_bucket.b.id is known only after apply");
}

TEST(EvaluateTest, CyclesEndWithADiagnostic) {
  Evaluated p(Files{{"/p/main.tf", R"(
locals {
  a = local.b
  b = local.a
}
resource "x" "r" {
  v    = local.a
  self = x.r.v
}
module "loop" { source = "./loop" }
)"},
                    {"/p/loop/main.tf", "module \"back\" { source = \"../loop2\" }\n"},
                    {"/p/loop2/main.tf", "module \"again\" { source = \"../loop\" }\n"}});
  EXPECT_TRUE(p.Has(DiagnosticCode::kCycle));
  EXPECT_TRUE(p.Find("x.r", "v")->is_unknown());
  EXPECT_EQ(p.Problems().back(),
            "loop2/main.tf:1 module.again leads back to the module that calls it");
}

TEST(EvaluateTest, ErrorsAreReportedOnceAndOnlyWhenCertain) {
  Evaluated p(Files{{"/p/main.tf", R"(
variable "open" { type = any }
resource "x" "r" {
  count   = 3
  bad     = tonumber("x")
  open    = var.open.a.b[0]
  tried   = try(tonumber("x"), 1)
  missing = file("built-by-ci.zip")
  outside = file("/etc/passwd")
}
)"}});
  ASSERT_EQ(p.diagnostics.size(), 1u) << p.Problems().back();
  EXPECT_EQ(p.diagnostics[0].code, DiagnosticCode::kEvaluationError);
  EXPECT_EQ(p.Show(p.diagnostics[0].span), "main.tf:5");
  EXPECT_TRUE(p.Find("x.r[0]", "bad")->is_unknown());
  EXPECT_TRUE(p.Find("x.r[0]", "outside")->is_unknown());
  EXPECT_EQ(p.Json("x.r[0]", "tried"), "1");
}

TEST(EvaluateTest, DeclarationsAreResourcesToo) {
  Evaluated p(Files{{"/p/main.tf", R"(
terraform {
  required_version = ">= 1.5"
  required_providers { aws = { source = "hashicorp/aws" } }
}
provider "aws" { region = var.region }
provider "aws" {
  alias  = "west"
  region = "us-west-1"
}
variable "region" {
  type        = string
  default     = "eu-west-1"
  description = "where"
}
output "r" {
  value     = var.region
  sensitive = true
}
)"}});
  EXPECT_EQ(p.Json("provider.aws", "region"), "\"eu-west-1\"");
  EXPECT_EQ(p.Json("provider.aws.west", "region"), "\"us-west-1\"");
  EXPECT_EQ(
      p.Json("var.region"),
      R"({"default":"eu-west-1","description":"where","name":"region","type":"string","value":"eu-west-1"})");
  EXPECT_EQ(p.Json("output.r"), R"({"name":"r","sensitive":true,"value":"eu-west-1"})");
  EXPECT_EQ(p.Json("terraform", "required_version"), "\">= 1.5\"");
  EXPECT_EQ(p.graph.FindAddress("terraform")->mode, model::Mode::kTerraform);
}

TEST(EvaluateTest, DuplicatesKeepTheFirst) {
  Evaluated p(Files{{"/p/main.tf",
                     "variable \"a\" { default = 1 }\nvariable \"a\" { default = 2 }\n"
                     "resource \"x\" \"r\" { v = var.a }\n"}});
  EXPECT_EQ(p.Json("x.r", "v"), "1");
  Diagnostics parsing = TakeDiagnostics(*p.parsed);
  ASSERT_EQ(parsing.size(), 1u);
  EXPECT_EQ(parsing[0].code, DiagnosticCode::kDuplicate);
}

TEST(RootModulesTest, CalledFoldersAreNoRoots) {
  MemoryFileSystem fs({{"/p/a/main.tf", "module \"m\" { source = \"../m\" }\n"},
                       {"/p/m/main.tf", "variable \"x\" {}\n"},
                       {"/p/loop1/main.tf", "module \"l\" { source = \"../loop2\" }\n"},
                       {"/p/loop2/main.tf", "module \"l\" { source = \"../loop1\" }\n"}});
  SourceMap sources;
  Limits limits;
  auto files = MakeParsedFiles(fs, sources, limits, "/p");
  EXPECT_EQ(FindRootModules(*files, {"/p/a", "/p/loop1", "/p/loop2", "/p/m"}, 2),
            (Strings{"/p/a", "/p/loop1"}));
}

}  // namespace
}  // namespace plumbline::terraform
