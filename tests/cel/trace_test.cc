// Traces: what each part of an expression came to, as it is written.
#include "cel/trace.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "cel/typed_json.h"
#include "value/json.h"

namespace plumbline::cel {
namespace {

class Tracing {
 public:
  explicit Tracing(std::string_view json) {
    value_ = ParseJson(arena_, json, limits_).value();
    bound_[0] = Val::FromValue(&value_);
    bound_[1] = Val::Unknown(MakeUnknown(arena_, DynamicType(), "who knows").unknown());
    options_.variables = variables_;
    options_.lenient = true;
    activation_.variables = bound_;
    activation_.arena = &arena_;
  }

  Trace Run(std::string_view source) {
    code_ = Compile(source, options_).value();
    Trace trace = EvaluateWithTrace(source, code_, options_, activation_).value();
    // The machine that is watched and the one that is not are the same.
    EXPECT_EQ(Show(trace.value), Show(Evaluate(code_, activation_))) << source;
    EXPECT_EQ(Show(trace.value), Show(trace.root.value)) << source;
    return trace;
  }

  std::string Dump(std::string_view source) {
    std::string out;
    Write(Run(source).root, 0, out);
    return out;
  }

 private:
  std::string Show(Val v) {
    if (v.is_unknown()) return "unknown";
    return v.is_error() ? "error" : ToJson(ToValue(v, arena_));
  }
  void Write(const TraceStep& step, std::size_t indent, std::string& out) {
    out += std::string(indent, ' ') + step.text + " = " +
           (step.evaluated ? Show(step.value) : "not evaluated") + "\n";
    for (const TraceStep& part : step.parts) Write(part, indent + 2, out);
    for (const TraceElement& e : step.elements) {
      out += fmt::format("{}{}[{}] = {}{}\n", std::string(indent + 2, ' '), e.name, e.index,
                         Show(e.value), step.decided ? " decides" : "");
      for (const TraceStep& part : e.parts) Write(part, indent + 4, out);
    }
  }

  Limits limits_;
  Arena arena_;
  Value value_;
  Val bound_[2];
  Variable variables_[2] = {{"x", nullptr}, {"u", nullptr}};
  CompileOptions options_;
  Activation activation_;
  std::string code_;
};

TEST(Trace, PartsAsTheyAreWritten) {
  const struct {
    const char* source;
    const char* expected;
  } cases[] = {
      {"x.a", "x.a = 1\n"},
      {"1 + 2 == 3", "1 + 2 == 3 = true\n  1 + 2 = 3\n"},
      {"(x.a == 1 || x.b) && !(x.c)",
       "(x.a == 1 || x.b) && !(x.c) = true\n"
       "  x.a == 1 || x.b = true\n    x.a == 1 = true\n      x.a = 1\n    x.b = not evaluated\n"
       "  !(x.c) = true\n    x.c = null\n"},
      {"x.a == 1\n    && // why\n  x.s == 'two  blanks'",
       "x.a == 1 && // why x.s == 'two  blanks' = true\n"
       "  x.a == 1 = true\n    x.a = 1\n  x.s == 'two  blanks' = true\n    x.s = \"two  "
       "blanks\"\n"},
      {"x.l[0] == 5 ? x.a : x.b",
       "x.l[0] == 5 ? x.a : x.b = 1\n  x.l[0] == 5 = true\n    x.l[0] = 5\n  x.a = 1\n"
       "  x.b = not evaluated\n"},
      {"u && x.a == 2", "u && x.a == 2 = false\n  u = unknown\n  x.a == 2 = false\n    x.a = 1\n"},
      {"x.s.startsWith('two') && size(x.l) > 1",
       "x.s.startsWith('two') && size(x.l) > 1 = true\n"
       "  x.s.startsWith('two') = true\n    x.s = \"two  blanks\"\n"
       "  size(x.l) > 1 = true\n    size(x.l) = 3\n      x.l = [5,6,7]\n"},
      {"-x.a in [-1, x.a]",
       "-x.a in [-1, x.a] = true\n  -x.a = -1\n    x.a = 1\n  [-1, x.a] = [-1,1]\n    x.a = 1\n"},
      {"has(x.m.k) && x.m['k'] == 1 && x.m[x.s] == null",
       "has(x.m.k) && x.m['k'] == 1 && x.m[x.s] == null = true\n"
       "  has(x.m.k) = true\n  x.m['k'] == 1 = true\n    x.m['k'] = 1\n"
       "  x.m[x.s] == null = true\n    x.m[x.s] = null\n      x.s = \"two  blanks\"\n"},
      {"cel.bind(n, x.a + 1, n * n)",
       "cel.bind(n, x.a + 1, n * n) = 4\n  x.a + 1 = 2\n    x.a = 1\n  n * n = 4\n    n = 2\n"
       "    n = 2\n"},
      {"math.greatest(x.a, 3)", "math.greatest(x.a, 3) = 3\n  x.a = 1\n"},
      {"1 / x.z == 1 || x.a == 2",
       "1 / x.z == 1 || x.a == 2 = error\n  1 / x.z == 1 = error\n    1 / x.z = error\n      x.z = "
       "0\n  x.a == 2 = false\n    x.a = 1\n"},
  };
  for (const auto& c : cases) {
    Tracing tracing(R"({"a": 1, "z": 0, "s": "two  blanks", "l": [5, 6, 7], "m": {"k": 1}})");
    EXPECT_EQ(tracing.Dump(c.source), c.expected) << c.source;
  }
}

TEST(Trace, MacrosShowTheElementThatDecides) {
  const struct {
    const char* source;
    const char* expected;
  } cases[] = {
      {"x.all(e, e < 7)",
       "x.all(e, e < 7) = false\n  x = [5,6,7,8]\n  e[2] = 7 decides\n"
       "    e < 7 = false\n      e = 7\n"},
      {"x.exists(e, e == 6)",
       "x.exists(e, e == 6) = true\n  x = [5,6,7,8]\n  e[1] = 6 decides\n"
       "    e == 6 = true\n      e = 6\n"},
      {"x.exists(e, e > 8)",
       "x.exists(e, e > 8) = false\n  x = [5,6,7,8]\n"
       "  e[0] = 5\n    e > 8 = false\n      e = 5\n  e[1] = 6\n    e > 8 = false\n      e = 6\n"
       "  e[2] = 7\n    e > 8 = false\n      e = 7\n"},
      {"x.all(e, e < 9 && u)",
       "x.all(e, e < 9 && u) = unknown\n  x = [5,6,7,8]\n  e[0] = 5 decides\n"
       "    e < 9 && u = unknown\n      e < 9 = true\n        e = 5\n      u = unknown\n"},
      {"x.exists_one(e, e > 6)",
       "x.exists_one(e, e > 6) = false\n  x = [5,6,7,8]\n  e[0] = 5\n    e > 6 = false\n      e = "
       "5\n  e[1] = 6\n    e > 6 = false\n      e = 6\n  e[2] = 7\n    e > 6 = true\n      e = 7\n"
       "  e[3] = 8\n    e > 6 = true\n      e = 8\n"},
      {"x.map(e, e > 7, e + 1)",
       "x.map(e, e > 7, e + 1) = [9]\n  x = [5,6,7,8]\n"
       "  e[0] = 5\n    e > 7 = false\n      e = 5\n    e + 1 = not evaluated\n      e = not "
       "evaluated\n  e[1] = 6\n    e > 7 = false\n      e = 6\n    e + 1 = not evaluated\n      e "
       "= not evaluated\n  e[2] = 7\n    e > 7 = false\n      e = 7\n    e + 1 = not evaluated\n"
       "      e = not evaluated\n"},
      {"x.all(i, e, i > 0 || e == 5 || u)",
       "x.all(i, e, i > 0 || e == 5 || u) = true\n  x = [5,6,7,8]\n"
       "  e[0] = 5\n    i > 0 || e == 5 || u = true\n      i > 0 = false\n        i = 0\n"
       "      e == 5 = true\n        e = 5\n      u = not evaluated\n"
       "  e[1] = 6\n    i > 0 || e == 5 || u = true\n      i > 0 = true\n        i = 1\n"
       "      e == 5 = not evaluated\n        e = not evaluated\n      u = not evaluated\n"
       "  e[2] = 7\n    i > 0 || e == 5 || u = true\n      i > 0 = true\n        i = 2\n"
       "      e == 5 = not evaluated\n        e = not evaluated\n      u = not evaluated\n"},
  };
  for (const auto& c : cases) EXPECT_EQ(Tracing("[5, 6, 7, 8]").Dump(c.source), c.expected);
}

std::string Numbers(int n) {
  std::string out = "[";
  for (int i = 0; i < n; ++i) out += fmt::format("{}{}", i > 0 ? "," : "", i);
  return out + "]";
}

TEST(Trace, ElementsThatDoNotDecideCostNoRoom) {
  const Trace trace = Tracing(Numbers(100'000)).Run("x.exists(e, e == 99999)");
  EXPECT_TRUE(trace.complete);
  ASSERT_EQ(trace.root.elements.size(), 1u);
  EXPECT_EQ(trace.root.elements[0].index, 99'999u);
  EXPECT_EQ(trace.root.total, 100'000u);
}

TEST(Trace, WhatDoesNotFitIsLeftOut) {
  // Three elements of each macro are kept, and each holds another macro.
  std::string source = "x[0] == 0";
  for (int i = 0; i < 10; ++i) source = fmt::format("x.all(e{}, {})", i, source);
  const Trace trace = Tracing("[0, 1, 2]").Run(source);
  EXPECT_FALSE(trace.complete);
  EXPECT_TRUE(trace.value.is_true());
  EXPECT_FALSE(trace.root.elements.empty());
}

TEST(Trace, OtherTextIsRefused) {
  CompileOptions options;
  const Variable x{"x", nullptr};
  options.variables = {&x, 1};
  const std::string code = Compile("x.a == 1", options).value();
  EXPECT_TRUE(IsCodeOf("x.b == 2", code, options));  // the same nodes
  EXPECT_FALSE(IsCodeOf("x.a != 1", code, options));
  EXPECT_FALSE(IsCodeOf("x.a", code, options));
  EXPECT_FALSE(IsCodeOf("x.a ==", code, options));
}

}  // namespace
}  // namespace plumbline::cel
