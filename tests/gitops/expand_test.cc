// ${…} against the forms that Flux's documentation names.
#include "gitops/expand.h"

#include "world.h"

namespace plumbline::gitops {
namespace {

Substitution Variables(bool incomplete) {
  Substitution s;
  s.variables = {{"empty", "", {}},
                 {"file", "bash.string.txt", {}},
                 {"name", "abcDEF", {1, 2, 3}},
                 {"path", "a/b/a", {}}};
  s.active = true;
  s.incomplete = incomplete;
  return s;
}

TEST(Expand, Forms) {
  const struct {
    const char *text, *expanded;
  } cases[] = {
      {"plain $name", "plain $name"},
      {"x${name}y", "xabcDEFy"},
      {"${none}", ""},
      {"${none:=d}", "d"},
      {"${none:-d}", "d"},
      {"${none=d}", "d"},
      {"${empty:=d}", "d"},
      {"${name:=d}", "abcDEF"},
      {"${none:=x${name}y}", "xabcDEFy"},
      {"${none:=}", ""},
      {"${#name}", "6"},
      {"${name:2}", "cDEF"},
      {"${name:2:2}", "cD"},
      {"${name:-2}", "abcDEF"},
      {"${name: -2}", "EF"},
      {"${name:9}", ""},
      {"${name^}", "AbcDEF"},
      {"${name^^}", "ABCDEF"},
      {"${name,,}", "abcdef"},
      {"${path/a/x}", "x/b/a"},
      {"${path//a/x}", "x/b/x"},
      {"${path/#a/x}", "x/b/a"},
      {"${path/%a/x}", "a/b/x"},
      {"${path//\\//-}", "a-b-a"},
      {"${path/b/}", "a//a"},
      {"${file#*.}", "string.txt"},
      {"${file##*.}", "txt"},
      {"${file%.*}", "bash.string"},
      {"${file%%.*}", "bash"},
      {"$${name}", "${name}"},
      {"a$$b", "a$b"},
      {"$", "$"},
  };
  for (const auto& c : cases) {
    auto expanded = Expand(c.text, Variables(false));
    ASSERT_TRUE(expanded) << c.text << ": " << expanded.error().message;
    EXPECT_EQ(expanded->text, c.expanded) << c.text;
  }
}

TEST(Expand, WhatOnlyTheClusterKnowsStays) {
  const struct {
    const char *text, *expanded;
  } cases[] = {
      {"${none}/x", "${none}/x"}, {"${none^^}", "${none^^}"}, {"${none:=d}", "d"},
      {"${none:=}", "${none:=}"}, {"${name}", "abcDEF"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(Expand(c.text, Variables(true))->text, c.expanded) << c.text;
  }
}

TEST(Expand, Faults) {
  for (const char* text :
       {"${", "${}", "${name", "${name:=x", "${name-x}", "${na me}", "${name/a}"}) {
    EXPECT_FALSE(Expand(text, Variables(false))) << text;
  }
  std::string deep = "x";
  for (int i = 0; i < 40; ++i) deep = "${none:=" + deep + "}";
  EXPECT_FALSE(Expand(deep, Variables(false)));
  Substitution big;
  big.variables = {{"b", std::string(1u << 20, 'b'), {}}};
  EXPECT_FALSE(Expand("${b}${b}${b}${b}${b}${b}", big));
  // Patterns are not tried on values of any length.
  EXPECT_EQ(Expand("${b#*b}", big)->text.size(), 1u << 20);
}

}  // namespace
}  // namespace plumbline::gitops
