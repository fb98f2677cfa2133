// Hostile and very large input: every limit ends with a diagnostic, never with a crash.
#include <gtest/gtest.h>

#include <chrono>

#include "memory_fs.h"

namespace plumbline::terraform {
namespace {

TEST(LimitsTest, HugeCountsAndDynamicBlocks) {
  Evaluated p(Files{{"/p/main.tf", R"(
resource "x" "count" {
  count = 1000000000
  v     = count.index
}
resource "x" "dynamic" {
  dynamic "b" {
    for_each = toset([for i in range(1000) : "n${i}"])
    content { v = b.key }
  }
}
)"}},
              {}, [] {
                Limits limits;
                limits.max_instances = 500;
                return limits;
              }());
  ASSERT_EQ(p.diagnostics.size(), 2u);
  EXPECT_EQ(p.diagnostics[0].code, DiagnosticCode::kLimit);
  EXPECT_EQ(p.diagnostics[0].message,
            "x.count would have 1000000000 instances, more than the limit of 500");
  EXPECT_EQ(p.diagnostics[1].code, DiagnosticCode::kLimit);
  EXPECT_TRUE(p.Find("x.count", "v")->is_unknown());
  EXPECT_TRUE(p.Find("x.dynamic", "b")->is_unknown());
}

TEST(LimitsTest, TheProjectsInstancesAreBounded) {
  Limits limits;
  limits.max_total_instances = 10;
  Evaluated p(Files{{"/p/main.tf",
                     "resource \"x\" \"a\" { count = 8 }\nresource \"x\" \"b\" { count = 8 }\n"}},
              {}, limits);
  EXPECT_TRUE(p.Has(DiagnosticCode::kLimit));
  EXPECT_NE(p.Json("x.a[7]"), "absent");
  EXPECT_EQ(p.Json("x.b[7]"), "absent");
}

TEST(LimitsTest, ModuleDepthIsBounded) {
  Limits limits;
  limits.max_module_depth = 5;
  std::map<std::string, std::string> files{{"/p/main.tf", "module \"m\" { source = \"./m0\" }\n"}};
  for (int i = 0; i < 10; ++i) {
    files["/p/m" + std::to_string(i) + "/main.tf"] =
        "module \"m\" { source = \"../m" + std::to_string(i + 1) + "\" }\n";
  }
  Evaluated p(std::move(files), {}, limits);
  EXPECT_TRUE(p.Has(DiagnosticCode::kLimit));
}

TEST(LimitsTest, EvaluationStepsAreBounded) {
  Limits limits;
  limits.max_steps = 10'000;
  Evaluated p(Files{{"/p/main.tf",
                     "locals { r = range(100) }\n"
                     "resource \"x\" \"r\" { v = [for a in local.r : [for b in local.r : [for c in "
                     "local.r : a + b + c]]] }\n"}},
              {}, limits);
  EXPECT_TRUE(p.Has(DiagnosticCode::kLimit));
  EXPECT_TRUE(p.Find("x.r", "v")->is_unknown());
}

TEST(LimitsTest, TenThousandLocalsInAChain) {
  std::string text = "resource \"x\" \"r\" { v = local.l0 }\nlocals {\n";
  for (int i = 0; i < 10'000; ++i) {
    text += "l" + std::to_string(i) + " = [local.l" + std::to_string(i + 1) + "][0]\n";
  }
  Evaluated p(Files{{"/p/main.tf", text + "l10000 = 7\n}\n"}});
  ASSERT_NE(p.Find("x.r", "v"), nullptr);  // deep or refused, but never a crash
}

TEST(LimitsTest, ValuesThatReferencesDoubleOrDeepenAreBounded) {
  std::string doubled = "locals {\nd0 = [1]\n", deep = "locals {\nn0 = [1]\n";
  for (int i = 1; i < 60; ++i) {
    std::string before = "local.d" + std::to_string(i - 1);
    doubled += "d" + std::to_string(i) + " = [" + before + ", " + before + "]\n";
  }
  for (int i = 1; i < 20'000; ++i) {
    deep += "n" + std::to_string(i) + " = [local.n" + std::to_string(i - 1) + "]\n";
  }
  Evaluated p(Files{{"/p/doubled.tf", doubled + "}\nresource \"x\" \"a\" { v = local.d59 }\n"},
                    {"/p/deep.tf", deep + "}\nresource \"x\" \"b\" { v = local.n19999 }\n"}});
  EXPECT_TRUE(p.Has(DiagnosticCode::kLimit));
  EXPECT_TRUE(HasUnknown(*p.Find("x.a", "v")));
  EXPECT_TRUE(HasUnknown(*p.Find("x.b", "v")));
  EXPECT_LT(p.Json("x.b").size(), 10'000u);
}

TEST(LimitsTest, TenThousandDeepNesting) {
  std::string open, close;
  for (int i = 0; i < 10'000; ++i) {
    open += "[";
    close += "]";
  }
  Evaluated p(Files{{"/p/main.tf", "resource \"x\" \"r\" { v = " + open + close +
                                       " }\nresource \"x\" \"ok\" { v = 1 }\n"}});
  EXPECT_FALSE(TakeDiagnostics(*p.parsed).empty());
}

TEST(LimitsTest, TenThousandModuleInstancesAreQuick) {
  Limits limits;
  auto start = std::chrono::steady_clock::now();
  Evaluated p(
      Files{
          {"/p/main.tf", "module \"m\" {\n source = \"./m\"\n count = 100\n n = count.index\n}\n"},
          {"/p/m/main.tf",
           "variable \"n\" {}\nmodule \"i\" {\n source = \"./i\"\n count = 100\n n = "
           "\"${var.n}-${count.index}\"\n}\n"},
          {"/p/m/i/main.tf",
           "variable \"n\" {}\nlocals { t = upper(var.n) }\nresource \"x\" \"r\" { v = local.t "
           "}\noutput \"o\" { value = x.r.v }\n"}},
      {}, limits);
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  EXPECT_EQ(p.Json("module.m[99].module.i[99].x.r", "v"), "\"99-99\"");
  EXPECT_LT(took.count(), 10.0);  // far above the second it takes when the machine is quiet
}

TEST(LimitsTest, ModulesAndFilesStayInTheTree) {
  Evaluated p(Files{{"/p/main.tf",
                     "module \"out\" { source = \"../secret\" }\nresource \"x\" \"r\" { v = "
                     "file(\"../secret/key\") }\n"},
                    {"/secret/main.tf", "resource \"x\" \"s\" {}\n"},
                    {"/secret/key", "k"}});
  EXPECT_EQ(p.Json("module.out.x.s"), "absent");
  EXPECT_TRUE(p.Find("x.r", "v")->is_unknown());
  ASSERT_FALSE(p.diagnostics.empty());
  EXPECT_EQ(p.diagnostics[0].message,
            "module.out calls ../secret, which lies outside of the scanned tree");
}

TEST(LimitsTest, BrokenFilesKeepTheirReadableBlocks) {
  Evaluated p(Files{{"/p/main.tf",
                     "resource \"x\" \"a\" { v = 1 }\nresource \"x\" \"b\" { v = }\nresource \"x\" "
                     "\"c\" { v = 3 }\n"},
                    {"/p/bin.tf", std::string("\0\xff\xfe", 3)}});
  EXPECT_EQ(p.Json("x.a", "v"), "1");
  EXPECT_EQ(p.Json("x.c", "v"), "3");
  EXPECT_FALSE(TakeDiagnostics(*p.parsed).empty());
}

}  // namespace
}  // namespace plumbline::terraform
