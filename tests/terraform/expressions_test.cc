// Table tests of expressions: name, expression, expected JSON ("error" for any error). The scope is
// small and of our own making; the answers follow Terraform 1.11.
#include <gtest/gtest.h>

#include <string>

#include "memory_fs.h"

namespace plumbline::terraform {
namespace {

constexpr char kScope[] = R"(
variable "name" { default = "web" }
variable "secret" {
  default   = "hunter"
  sensitive = true
}
variable "open" { type = string }
variable "open_flag" { type = bool }
variable "open_list" { type = list(string) }
resource "terraform_data" "one" { input = "in" }
resource "terraform_data" "three" {
  count = 3
  input = "n${count.index}"
}
resource "terraform_data" "by_key" {
  for_each = { a = 1, b = 2 }
  input    = each.value
}
resource "aws_s3_bucket" "logs" { bucket = "logs" }
locals {
  text  = "hello"
  nul   = null
  list  = ["a", "b", "c"]
  users = { ann = { role = "admin", age = 30 }, bob = { role = "dev", age = 40 } }
  objs  = [{ id = 1, tags = ["x"] }, { id = 2, tags = [] }]
  half  = ["a", terraform_data.one.id]
  tmpl  = "Hi $${who}"
}
)";

struct Case {
  const char* expression;
  const char* expected;
};

class ConsoleTest : public testing::Test {
 protected:
  ConsoleTest()
      : fs_({{"/p/main.tf", kScope}, {"/p/hello.tftpl", "Hello, ${name}!"}}),
        console_(fs_, "/p", "/p", {}) {}

  void Check(std::span<const Case> cases) {
    for (const Case& c : cases) {
      std::string got = console_.EvaluateJson(c.expression);
      std::string want = c.expected;
      if (want == "error") {
        EXPECT_TRUE(got.starts_with("{\"error\":")) << c.expression << "\n  got " << got;
      } else {
        EXPECT_TRUE(got.starts_with("{\"value\":" + want + ","))
            << c.expression << "\n  want " << want << "\n  got " << got;
      }
    }
  }

  MemoryFileSystem fs_;
  Console console_;
};

constexpr char kUnknown[] = "{\"$unknown\":true}";

TEST_F(ConsoleTest, Operators) {
  constexpr Case kCases[] = {
      {"1 + 2 * 3", "7"},
      {"7 / 2", "3.5"},
      {"-7 % 3", "-1"},
      {"5 % 0", "5"},
      {"0 / 0", "error"},
      {"1 / 0", "error"},  // infinite: cannot be written
      {"\"2\" * 3", "6"},
      {"0.1 + 0.2 == 0.3", "true"},
      {"9007199254740993 == 9007199254740992", "false"},
      {"\"1\" == 1", "false"},
      {"[1] == [1]", "true"},
      {"tolist([1]) == [1]", "false"},
      {"{a = 1, b = 2} == {b = 2, a = 1}", "true"},
      {"{a = null} == {}", "false"},
      {"null == null", "true"},
      {"true && \"true\"", "true"},
      {"true || local.nul", "error"},
      {"local.nul != null && local.nul.x == 1", "error"},
      {"!\"false\"", "true"},
      {"1 < \"2\"", "true"},
      {"\"a\" < \"b\"", "error"},
      {"-local.list", "error"},
  };
  Check(kCases);
}

TEST_F(ConsoleTest, Conditionals) {
  constexpr Case kCases[] = {
      {"true ? 1 : \"x\"", "\"1\""},
      {"true ? [\"a\", 1] : [\"b\"]", "[\"a\",\"1\"]"},
      {"true ? {a = 1} : {b = 2}", "{\"a\":1}"},
      {"true ? 1 : [2]", "error"},
      {"true ? null : 5", "null"},
      {"false ? local.nul.x : 5", "5"},
      {"true ? local.nul.x : 5", "error"},
      {"true ? 1 : var.nope", "error"},
      {"\"yes\" ? 1 : 2", "error"},
      {"null ? 1 : 2", "error"},
      {"var.open_flag ? 1 : 2", kUnknown},
      {"var.open_flag ? null : null", "null"},
  };
  Check(kCases);
}

TEST_F(ConsoleTest, ReferencesAndSteps) {
  constexpr Case kCases[] = {
      {"var.name", "\"web\""},
      {"var", "error"},
      {"nope", "error"},
      {"nope.x", "error"},
      {"local.users.ann.role", "\"admin\""},
      {"local.users[\"bob\"].age", "40"},
      {"local.users.eve", "error"},
      {"local.list.1", "\"b\""},
      {"local.list[\"2\"]", "\"c\""},
      {"local.list[3]", "error"},
      {"local.list[-1]", "error"},
      {"local.list[0.5]", "error"},
      {"local.objs[*].id", "[1,2]"},
      {"local.objs.*.tags[0]", "[\"x\"]"},
      {"local.objs[*].tags[0]", "error"},
      {"local.text[*]", "[\"hello\"]"},
      {"local.nul[*]", "[]"},
      {"local.nul.x", "error"},
      {"local.text.x", "error"},
      {"terraform_data.one.input", "\"in\""},
      {"terraform_data.one.id", kUnknown},
      {"terraform_data.one.nope", "error"},
      {"terraform_data.one[0]", "error"},
      {"terraform_data.three[1].input", "\"n1\""},
      {"terraform_data.three[*].input", "[\"n0\",\"n1\",\"n2\"]"},
      {"terraform_data.three.input", "error"},
      {"terraform_data.three[7]", "error"},
      {"terraform_data.by_key[\"b\"].input", "2"},
      {"terraform_data.by_key[\"c\"]", "error"},
      {"keys(terraform_data.by_key)", "[\"a\",\"b\"]"},
      {"aws_s3_bucket.logs.bucket", "\"logs\""},
      {"aws_s3_bucket.logs.region", kUnknown},
      {"aws_s3_bucket.logs.id == null", "false"},
      {"resource.aws_s3_bucket.logs.bucket", "\"logs\""},
      {"path.module", "\".\""},
      {"terraform.workspace", "\"default\""},
      {"each.key", "error"},
      {"count.index", "error"},
      {"self.x", "error"},
  };
  Check(kCases);
}

TEST_F(ConsoleTest, ForExpressions) {
  constexpr Case kCases[] = {
      {"[for x in [1, 2, 3] : x * 2 if x != 2]", "[2,6]"},
      {"[for k, v in {b = 1, a = 2} : \"${k}${v}\"]", "[\"a2\",\"b1\"]"},
      {"[for k, v in toset([\"q\"]) : k == v]", "[true]"},
      {"{for x in [\"a\", \"b\", \"a\"] : x => 1...}", "{\"a\":[1,1],\"b\":[1]}"},
      {"{for x in [\"a\", \"a\"] : x => 1}", "error"},
      {"{for x in [null] : x => 1}", "error"},
      {"[for x in null : x]", "error"},
      {"[for x in \"abc\" : x]", "error"},
      {"[for x in [1] : x if null]", "error"},
      {"[for x in local.half : x]", "[\"a\",{\"$unknown\":true}]"},
      {"[for x in local.half : x if x == \"a\"]", kUnknown},
      {"{for x in local.half : x => 1}", kUnknown},
      {"[for x in var.open_list : x]", kUnknown},
      {"[for local in [1] : local]", "[1]"},
  };
  Check(kCases);
}

TEST_F(ConsoleTest, Templates) {
  constexpr Case kCases[] = {
      {"\"a-${local.text}-${1.50}\"", "\"a-hello-1.5\""},
      {"\"${local.list}\"", "[\"a\",\"b\",\"c\"]"},
      {"\"x${local.list}\"", "error"},
      {"\"x${null}\"", "error"},
      {"\"%{ if true }yes%{ else }no%{ endif }\"", "\"yes\""},
      {"\"%{ for x in [1, 2] }${x},%{ endfor }\"", "\"1,2,\""},
      {"\"%{ if true }${1}%{ endif }\"", "\"1\""},
      {"\"%{ if var.open_flag }a%{ endif }\"", kUnknown},
      {"\"a-${var.open}\"", kUnknown},
      {"startswith(\"a-${var.open}\", \"a-\")", "true"},
      {"\"e${\"\\u0301\"}\" == \"é\"", "true"},
      {"templatefile(\"hello.tftpl\", {name = \"Bob\"})", "\"Hello, Bob!\""},
      {"templatefile(\"hello.tftpl\", {})", "error"},
      {"templatefile(\"../hello.tftpl\", {})", "error"},
      {"templatestring(local.tmpl, {who = \"you\"})", "\"Hi you\""},
      {"templatestring(\"literal\", {})", "error"},
      {"templatestring(local.tmpl, [])", "error"},
  };
  Check(kCases);
}

TEST_F(ConsoleTest, CallsAndTry) {
  constexpr Case kCases[] = {
      {"max([1, 5, 3]...)", "5"},
      {"max(\"abc\"...)", "error"},
      {"max(var.open_list...)", kUnknown},
      {"core::upper(\"x\")", "\"X\""},
      {"nosuch()", "error"},
      {"try(local.nul.x, \"fb\")", "\"fb\""},
      {"try(nosuch(), 1)", "1"},
      {"try(local.nope, 1)", "error"},
      {"try(var.open, \"fb\")", kUnknown},
      {"try(var.open.x, \"fb\")", "\"fb\""},
      {"try()", "error"},
      {"can(local.list[9])", "false"},
      {"can(local.list[0])", "true"},
      {"can(var.open)", kUnknown},
      {"{(local.text) = 1}", "{\"hello\":1}"},
      {"{local.text = 1}", "error"},
      {"{(null) = 1}", "error"},
      {"{a = 1, a = 2}", "{\"a\":2}"},
      {"1 +", "error"},
  };
  Check(kCases);
}

TEST_F(ConsoleTest, TypesAreTold) {
  EXPECT_EQ(console_.EvaluateJson("[1, \"a\"]"),
            "{\"value\":[1,\"a\"],\"type\":[\"tuple\",[\"number\",\"string\"]]}");
  EXPECT_EQ(console_.EvaluateJson("tolist([\"a\"])"),
            "{\"value\":[\"a\"],\"type\":[\"list\",\"string\"]}");
  EXPECT_EQ(console_.EvaluateJson("local.objs[*].id"),
            "{\"value\":[1,2],\"type\":[\"tuple\",[\"number\",\"number\"]]}");
}

TEST_F(ConsoleTest, TextAsTerraformPrintsIt) {
  struct {
    const char* expression;
    const char* expected;
  } cases[] = {
      {"local.text", "\"hello\""},
      {"[1, \"a\"]", "[\n  1,\n  \"a\",\n]"},
      {"tolist([\"a\"])", "tolist([\n  \"a\",\n])"},
      {"{a = 1}", "{\n  \"a\" = 1\n}"},
      {"{}", "{}"},
      {"null", "null"},
      {"var.secret", "(sensitive value)"},
      {"terraform_data.one.id", "(known after apply)"},
      {"\"a\\nb\\n\"", "<<EOT\na\nb\n\nEOT"},
  };
  for (const auto& c : cases) {
    std::string out;
    EXPECT_TRUE(console_.EvaluateText(c.expression, out)) << out;
    EXPECT_EQ(out, c.expected) << c.expression;
  }
  std::string out;
  EXPECT_FALSE(console_.EvaluateText("local.nope", out));
  EXPECT_EQ(out, "the module declares no local value \"nope\"");
}

TEST(ConsoleFolderTest, MissingFolderIsAnError) {
  MemoryFileSystem fs({});
  Console console(fs, "/nowhere", "/nowhere", {});
  EXPECT_EQ(console.EvaluateJson("1"), "{\"error\":\"/nowhere is not a folder that can be read\"}");
}

}  // namespace
}  // namespace plumbline::terraform
