#include "cli/settings.h"

#include <gtest/gtest.h>

#include <set>

#include "cli/options.h"

namespace plumbline::cli {
namespace {

TEST(SettingsTest, FlagsAreUniqueAndEverySettingCanBeApplied) {
  std::set<std::string> flags;
  for (const Setting& s : AllSettings()) {
    EXPECT_EQ(s.apply == nullptr, s.kind == SettingKind::kLater) << s.name;
    EXPECT_NE(std::string(s.flags).find("--" + std::string(s.name)), std::string::npos) << s.name;
    std::string rest(s.flags);
    for (std::size_t comma; !rest.empty();
         rest = comma == std::string::npos ? "" : rest.substr(comma + 1)) {
      comma = rest.find(',');
      EXPECT_TRUE(flags.insert(rest.substr(0, comma)).second) << rest;
    }
  }
}

std::vector<std::string> Given(const ParsedArguments& parsed, std::string_view name) {
  for (const GivenSetting& g : parsed.given) {
    if (g.setting->name == name) return g.values;
  }
  return {};
}

TEST(OptionsTest, RepeatedFlagsDoNotSwallowPaths) {
  ParsedArguments p =
      ParseScanArguments({"--rule", "a", "one", "--rule=b", "-f", "json", "two", "-"});
  EXPECT_EQ(p.error, "");
  EXPECT_EQ(p.paths, (std::vector<std::string>{"one", "two", "-"}));
  EXPECT_EQ(Given(p, "rule"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(Given(p, "format"), std::vector<std::string>{"json"});
}

TEST(OptionsTest, OtherToolsSpellings) {
  ParsedArguments p = ParseScanArguments(
      {"-d", "dir", "--skip-check", "CKV_1", "--tfvars-file", "x", "-s", "-m", "HIGH"});
  EXPECT_EQ(p.error, "");
  EXPECT_EQ(p.paths, std::vector<std::string>{"dir"});
  EXPECT_EQ(Given(p, "exclude"), std::vector<std::string>{"CKV_1"});
  EXPECT_EQ(Given(p, "var-file"), std::vector<std::string>{"x"});
  EXPECT_EQ(Given(p, "minimum-severity"), std::vector<std::string>{"HIGH"});
}

TEST(OptionsTest, UnknownFlagsAreErrors) {
  EXPECT_NE(ParseScanArguments({"--frobnicate"}).error, "");
  EXPECT_NE(ParseScanArguments({"--rule"}).error, "");
  EXPECT_NE(ParseScanArguments({"--help"}).help, "");
}

Result<Settings> Formats(const std::vector<std::string>& formats, const std::string& output = "") {
  Settings s;
  PL_CHECK_OK(FindSetting("format")->apply(s, formats));
  s.output_file = output;
  PL_CHECK_OK(Complete(s));
  return s;
}

TEST(SettingsTest, OutputsArePairedWithFormats) {
  auto s = Formats({"json=a.json", "sarif", "csv=c.csv"}, "b.sarif");
  ASSERT_TRUE(s.has_value()) << s.error().message;
  ASSERT_EQ(s->outputs.size(), 3u);
  EXPECT_EQ(s->outputs[1].file, "b.sarif");
  EXPECT_FALSE(Formats({"json", "sarif"}).has_value());
  EXPECT_FALSE(Formats({"json=a"}, "b").has_value());
  EXPECT_FALSE(Formats({"json="}).has_value());
  EXPECT_FALSE(Formats({""}).has_value());
}

}  // namespace
}  // namespace plumbline::cli
