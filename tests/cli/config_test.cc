#include "cli/config.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <map>

namespace plumbline::cli {
namespace {

// The disk with some files laid over an existing folder.
class ConfigTest : public ::testing::Test {
 protected:
  Result<Config> Load(std::map<std::string, std::string> files, const std::string& start = "/tmp") {
    std::map<std::string, std::string> overlay;
    for (auto& [name, text] : files) overlay["/tmp/" + name] = std::move(text);
    OverlayFileSystem fs(disk_, std::move(overlay));
    return LoadConfig(fs, "", start);
  }
  std::string ErrorOf(const std::string& text) {
    auto config = Load({{".plumbline.yaml", text}});
    return config ? "no error" : config.error().message;
  }

  DiskFileSystem disk_;
};

TEST_F(ConfigTest, EveryFormOfValue) {
  auto config =
      Load({{".plumbline.yaml",
             "profile: strict\nexclude: [a, b]\nsoft_fail: true\njobs: 3\nseverity: {x: low}\n"
             "policies: rules\nvar-file: [../v.tfvars]\n"}});
  ASSERT_TRUE(config.has_value()) << config.error().message;
  std::map<std::string, std::vector<std::string>> got;
  for (const ConfigEntry& e : config->entries) got[std::string(e.setting->name)] = e.values;
  EXPECT_EQ(got["profile"], std::vector<std::string>{"strict"});
  EXPECT_EQ(got["exclude"], (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(got["soft-fail"], std::vector<std::string>{"true"});
  EXPECT_EQ(got["jobs"], std::vector<std::string>{"3"});
  EXPECT_EQ(got["severity"], std::vector<std::string>{"x=low"});
  EXPECT_EQ(got["policy"], std::vector<std::string>{"/tmp/rules"});
  EXPECT_EQ(got["var-file"], std::vector<std::string>{"/v.tfvars"});
}

TEST_F(ConfigTest, FaultsNameFileAndLine) {
  EXPECT_EQ(ErrorOf("profile: strict\nfoo: 1\n").substr(0, 44),
            "/tmp/.plumbline.yaml:2: unknown key 'foo'; e");
  EXPECT_EQ(ErrorOf("config: x\n").substr(0, 39), "/tmp/.plumbline.yaml:1: unknown key 'co");
  EXPECT_EQ(ErrorOf("exclude: [{a: b}]\n"), "/tmp/.plumbline.yaml:1: expected a list of texts");
  EXPECT_EQ(ErrorOf("exclude:\n"), "/tmp/.plumbline.yaml:1: the key has no value");
  EXPECT_EQ(ErrorOf("- a\n"), "/tmp/.plumbline.yaml: expected a mapping of keys to values");
  EXPECT_EQ(ErrorOf("a: [\n").substr(0, 22), "/tmp/.plumbline.yaml:1");
  EXPECT_EQ(ErrorOf("ignores:\n  - {rule: a, why: b}\n"),
            "/tmp/.plumbline.yaml:2: unknown key 'why'; expected path, reason, resource, rule, "
            "selector, until");
  EXPECT_EQ(ErrorOf("ignores:\n  - {reason: b}\n"),
            "/tmp/.plumbline.yaml:2: an ignore needs a rule, a path, a resource or a selector");
  EXPECT_EQ(ErrorOf("ignores:\n  - {rule: a, until: soon}\n"),
            "/tmp/.plumbline.yaml:2: 'soon' is no date; expected YYYY-MM-DD");
  EXPECT_EQ(
      ErrorOf("ignores:\n  - selector: {kinds: Pod}\n"),
      "/tmp/.plumbline.yaml:2: unknown key 'kinds' of a selector; expected annotations, kind, "
      "labels, name, namespace");
  EXPECT_EQ(ErrorOf("ignores:\n  - selector: {labels: app}\n"),
            "/tmp/.plumbline.yaml:2: expected a mapping of texts behind 'labels'");
  EXPECT_EQ(ErrorOf("ignores:\n  - selector: {}\n"),
            "/tmp/.plumbline.yaml:2: the selector selects nothing");
  EXPECT_EQ(ErrorOf("ignores: x\n"), "/tmp/.plumbline.yaml:1: expected a list of ignores");
}

TEST_F(ConfigTest, Environments) {
  auto config = Load({{".plumbline.yaml",
                       "environments:\n  dev: env/dev.tfvars\n  both: [a.tfvars, b.tfvars]\n"
                       "  prod:\n    var-file: p.tfvars\n    var: {n: 3, s: x=y}\n"
                       "    workspace: blue\n    path: [infra, live/**]\n    values: [p.yaml]\n"
                       "  qa: qa.yaml\n"}});
  ASSERT_TRUE(config.has_value()) << config.error().message;
  ASSERT_EQ(config->environments.size(), 4u);
  using Texts = std::vector<std::string>;
  EXPECT_EQ(config->environments[0].var_files, Texts{"/tmp/env/dev.tfvars"});
  EXPECT_EQ(config->environments[1].var_files, (Texts{"/tmp/a.tfvars", "/tmp/b.tfvars"}));
  const ConfiguredEnvironment& prod = config->environments[2];
  EXPECT_EQ(prod.name, "prod");
  EXPECT_EQ(prod.var_files, Texts{"/tmp/p.tfvars"});
  EXPECT_EQ(prod.values, Texts{"/tmp/p.yaml"});
  EXPECT_EQ(config->environments[3].values, Texts{"/tmp/qa.yaml"});
  EXPECT_EQ(prod.vars,
            (std::vector<std::pair<std::string, std::string>>{{"n", "3"}, {"s", "x=y"}}));
  EXPECT_EQ(prod.workspace, "blue");
  EXPECT_EQ(prod.paths, (Texts{"infra", "live/**"}));
  EXPECT_EQ(prod.folder, "/tmp");
  EXPECT_EQ(
      ErrorOf("environments:\n  dev:\n    file: x\n"),
      "/tmp/.plumbline.yaml:3: unknown key 'file' of an environment; expected path, values, var, "
      "var-file, workspace");
}

TEST_F(ConfigTest, AnEmptyFileIsFine) { EXPECT_EQ(ErrorOf("# nothing\n"), "no error"); }

TEST_F(ConfigTest, NeighboursAreReadWhereThereIsNoFileOfOurs) {
  auto config = Load({{".trivyignore", "# c\nAVD-AWS-0001 exp:2026-02-03\n\nCVE-1\n"}});
  ASSERT_TRUE(config.has_value());
  ASSERT_EQ(config->ignores.size(), 2u);
  EXPECT_EQ(config->ignores[0].rule, "AVD-AWS-0001");
  EXPECT_EQ(config->ignores[0].until, "2026-02-03");
  EXPECT_EQ(config->ignores[1].line, 4u);
  EXPECT_EQ(config->notices, std::vector<std::string>{"using /tmp/.trivyignore: 2 ignored rules"});
  auto ours = Load({{".trivyignore", "AVD-AWS-0001\n"}, {".plumbline.yaml", "jobs: 1\n"}});
  EXPECT_TRUE(ours->ignores.empty());
}

TEST_F(ConfigTest, TheTemplateIsAValidFile) { EXPECT_EQ(ErrorOf(ConfigTemplate()), "no error"); }

}  // namespace
}  // namespace plumbline::cli
