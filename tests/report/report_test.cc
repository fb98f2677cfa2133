// Every format over one hand-made report: shape, escaping, order, limits.
#include "report/report.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "report/text.h"

namespace plumbline::report {
namespace {

using nlohmann::json;

class ReportTest : public ::testing::Test {
 protected:
  ReportTest() {
    report_.version = "1.2.3";
    RuleInfo& a = report_.rules.emplace_back();
    a.id = "aws-s3-public";
    a.aliases = {"AVD-AWS-0001", "CKV_AWS_1"};
    a.title = "Bucket is public";
    a.severity = Severity::kHigh;
    a.why = "Anybody can read it.";
    a.fix = "Set acl = \"private\".";
    a.links = {"https://example.com/a?b=c&d"};
    a.compliance = {"security", "CIS 1.1"};
    a.provider = "aws";
    a.service = "s3";
    RuleInfo& b = report_.rules.emplace_back();
    b.id = "k8s-probe";
    b.title = "Container has no probe";
    b.severity = Severity::kLow;
    b.kind = RuleKind::kOpinion;
    Finding f;
    f.rule = &a;
    f.severity = Severity::kHigh;
    f.framework = "terraform";
    f.resource = "module.m[\"a\"].aws_s3_bucket.b";
    f.location = {"main.tf", 3, 3, 3, 22};
    f.message = "bucket <b> is \"public\", & more";
    f.value = "\"public-read\"";
    f.origin = {{{"terraform.tfvars", 7, 1, 7, 20}, "terraform.tfvars"}};
    f.fingerprint = "aaaa:1";
    f.excerpt = {{2, 1, "resource {"}, {3, 1, "  acl = \"public-read\""}};
    report_.findings.push_back(f);
    Finding g;
    g.rule = &b;
    g.severity = Severity::kLow;
    g.status = Status::kIgnored;
    g.framework = "kubernetes";
    g.resource = "Pod/default/web";
    g.location = {"pod.yaml", 0, 0, 0, 0};
    g.message = "=no probe";
    g.note = "accepted";
    g.fingerprint = "bbbb:1";
    report_.findings.push_back(g);
    report_.summary.failed = report_.summary.ignored = 1;
    report_.summary.by_severity[3] = 1;
    report_.summary.seconds = 1.25;
  }

  std::string Write(std::string_view format, Options options = {}) const {
    std::string out;
    FindFormat(format)->write(report_, options, out);
    return out;
  }

  Report report_;
};

TEST_F(ReportTest, EveryFormatOfTheContractIsThere) {
  for (const char* name : {"checkstyle", "cli", "csv", "github", "gitlab", "html", "json", "junit",
                           "markdown", "sarif"}) {
    ASSERT_NE(FindFormat(name), nullptr) << name;
    EXPECT_FALSE(Write(name).empty()) << name;
  }
  EXPECT_EQ(FindFormat("pdf"), nullptr);
}

TEST_F(ReportTest, MachineFormatsDoNotTellTheTime) {
  std::vector<std::string> before;
  for (const Format& f : Formats()) before.push_back(f.name == "cli" ? "" : Write(f.name));
  report_.summary.seconds = 77.5;
  std::size_t i = 0;
  for (const Format& f : Formats()) {
    EXPECT_EQ(before[i++], f.name == "cli" ? "" : Write(f.name)) << f.name;
  }
}

TEST_F(ReportTest, JsonHasTheContractsShape) {
  json j = json::parse(Write("json"));
  EXPECT_EQ(j["version"], "1.2.3");
  EXPECT_EQ(j["summary"]["by_severity"]["high"], 1);
  ASSERT_EQ(j["findings"].size(), 2u);
  const json& f = j["findings"][0];
  for (const char* key : {"rule_id", "aliases", "title", "severity", "kind", "status", "framework",
                          "resource", "file", "line", "column", "end_line", "message", "value",
                          "origin", "environments", "remediation", "links", "fingerprint"}) {
    EXPECT_TRUE(f.contains(key)) << key;
  }
  EXPECT_EQ(f["value"], "public-read");
  EXPECT_EQ(f["origin"][0]["what"], "terraform.tfvars");
  EXPECT_TRUE(j["findings"][1]["value"].is_null());
  EXPECT_EQ(j["findings"][1]["status"], "ignored");
  EXPECT_EQ(j["findings"][1]["note"], "accepted");
}

TEST_F(ReportTest, SarifMeetsWhatGithubAsksFor) {
  json j = json::parse(Write("sarif"));
  EXPECT_EQ(j["version"], "2.1.0");
  const json& run = j["runs"][0];
  const json& rule = run["tool"]["driver"]["rules"][0];
  for (const char* key : {"shortDescription", "fullDescription", "help"})
    EXPECT_FALSE(rule[key]["text"].empty());
  EXPECT_FALSE(rule["help"]["markdown"].empty());
  EXPECT_EQ(rule["properties"]["security-severity"], "8.0");
  auto tags = rule["properties"]["tags"].get<std::vector<std::string>>();
  EXPECT_EQ(std::set<std::string>(tags.begin(), tags.end()).size(), tags.size());
  EXPECT_NE(std::ranges::find(tags, "security"), tags.end());
  const json& result = run["results"][0];
  EXPECT_EQ(result["ruleIndex"], 0);
  EXPECT_EQ(result["partialFingerprints"]["primaryLocationLineHash"], "aaaa:1");
  EXPECT_EQ(result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            "terraform.tfvars");
  EXPECT_EQ(result["codeFlows"][0]["threadFlows"][0]["locations"].size(), 2u);
  EXPECT_FALSE(result.contains("suppressions"));
  const json& ignored = run["results"][1];
  EXPECT_EQ(ignored["suppressions"][0]["kind"], "inSource");
  EXPECT_EQ(ignored["suppressions"][0]["justification"], "accepted");
  for (const json& r : run["results"]) {
    const json& region = r["locations"][0]["physicalLocation"]["region"];
    for (const char* key : {"startLine", "startColumn", "endLine", "endColumn"})
      EXPECT_GE(region[key], 1);
  }
}

TEST_F(ReportTest, SarifWithoutFindingsHasAnEmptyList) {
  report_.findings.clear();
  json j = json::parse(Write("sarif"));
  EXPECT_TRUE(j["runs"][0]["results"].is_array());
  EXPECT_TRUE(j["runs"][0]["results"].empty());
}

TEST_F(ReportTest, SarifKeepsTheWorstWhenThereAreTooMany) {
  Finding low = report_.findings[1], high = report_.findings[0];
  low.status = Status::kFail;
  report_.findings.assign(25'000, low);
  report_.findings.push_back(high);
  json j = json::parse(Write("sarif"));
  const json& results = j["runs"][0]["results"];
  ASSERT_EQ(results.size(), 25'000u);
  EXPECT_EQ(results[0]["ruleId"], "aws-s3-public");
}

TEST_F(ReportTest, SarifCutsLongDescriptionsBetweenCharacters) {
  report_.rules[0].why.clear();
  for (int i = 0; i < 2000; ++i) report_.rules[0].why += "ö";
  json j = json::parse(Write("sarif"));
  std::string text = j["runs"][0]["tool"]["driver"]["rules"][0]["fullDescription"]["text"];
  EXPECT_EQ(Width(text), 1024u);
}

TEST_F(ReportTest, XmlFormatsEscape) {
  for (const char* name : {"junit", "checkstyle"}) {
    std::string out = Write(name);
    EXPECT_NE(out.find("&lt;b&gt;"), std::string::npos) << name;
    EXPECT_NE(out.find("&quot;public&quot;"), std::string::npos) << name;
    EXPECT_NE(out.find("&amp; more"), std::string::npos) << name;
    EXPECT_EQ(out.find("<b>"), std::string::npos) << name;
  }
  EXPECT_EQ(Xml(std::string_view("a\x01\xFF", 3)), "a\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST_F(ReportTest, JunitCountsFailuresAndSkips) {
  std::string out = Write("junit");
  EXPECT_NE(out.find("tests=\"2\" failures=\"1\""), std::string::npos);
  EXPECT_NE(out.find("<skipped message=\"accepted\"/>"), std::string::npos);
  report_.findings.clear();
  EXPECT_NE(Write("junit").find("name=\"no findings\""), std::string::npos);
}

TEST_F(ReportTest, CsvQuotesAndGuardsAgainstFormulas) {
  std::string out = Write("csv");
  EXPECT_NE(out.find("\"bucket <b> is \"\"public\"\", & more\""), std::string::npos);
  EXPECT_NE(out.find(",'=no probe,"), std::string::npos);
  EXPECT_EQ(std::ranges::count(out, '\n'), 3);
  EXPECT_EQ(std::ranges::count(out, '\r'), 3);
}

TEST_F(ReportTest, CliUnderlinesTheSpanAndHidesIgnored) {
  std::string out = Write("cli");
  EXPECT_NE(out.find("main.tf:3:3  module.m[\"a\"].aws_s3_bucket.b"), std::string::npos);
  EXPECT_NE(out.find("      3 |   acl = \"public-read\"\n        |   ^^^^^^^^^^^^^^^^^^^\n"),
            std::string::npos)
      << out;
  EXPECT_NE(out.find("from  terraform.tfvars:7:1"), std::string::npos);
  EXPECT_NE(out.find("1 finding: 1 high; 1 ignored"), std::string::npos);
  EXPECT_EQ(out.find("accepted"), std::string::npos);
  EXPECT_EQ(out.find('\x1b'), std::string::npos);
  EXPECT_NE(Write("cli", {.show_ignored = true}).find("accepted"), std::string::npos);
  EXPECT_NE(Write("cli", {.color = true}).find("\x1b["), std::string::npos);
}

TEST_F(ReportTest, CliNeverPassesControlCharactersOn) {
  report_.findings[0].excerpt[1].text = "\x1b[2J evil \x07";
  report_.findings[0].message = "\x1b]0;title";
  EXPECT_EQ(Write("cli").find('\x1b'), std::string::npos);
}

TEST_F(ReportTest, GithubAndGitlabAndMarkdownLeaveIgnoredOut) {
  std::string github = Write("github");
  EXPECT_EQ(std::ranges::count(github, '\n'), 1);
  EXPECT_EQ(
      github.rfind(
          "::error file=main.tf,line=3,endLine=3,col=3,title=Bucket is public [aws-s3-public]::",
          0),
      0u);
  json gitlab = json::parse(Write("gitlab"));
  ASSERT_EQ(gitlab.size(), 1u);
  EXPECT_EQ(gitlab[0]["severity"], "critical");
  EXPECT_EQ(gitlab[0]["location"]["lines"]["begin"], 3);
  EXPECT_EQ(Write("markdown").find("no probe"), std::string::npos);
  EXPECT_EQ(Write("html").find("<b>"), std::string::npos);
}

TEST(TextTest, UrisWrapsAndPlaces) {
  EXPECT_EQ(Uri("a b/ö#.tf"), "a%20b/%C3%B6%23.tf");
  EXPECT_EQ(Uri("/abs/x.tf"), "file:///abs/x.tf");
  EXPECT_EQ(Wrap("one two three", 9, 2), "one two\n  three");
  EXPECT_EQ(Place({"a.tf", 3, 0, 0, 0}), "a.tf:3");
  EXPECT_EQ(Count(1, "file") + Count(2, "file"), "1 file2 files");
}

}  // namespace
}  // namespace plumbline::report
