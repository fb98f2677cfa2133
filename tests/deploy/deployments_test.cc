// Which charts, overlays and deployers make which objects, and which files are used up by that.
#include "deploy/deployments.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "../kustomize/memory_fs.h"

namespace plumbline::deploy {
namespace {

using Files = std::map<std::string, std::string>;

constexpr char kChart[] = "apiVersion: v2\nname: web\nversion: 1.0.0\n";
constexpr char kTemplate[] =
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-{{ .Values.env }}\n";

std::string ConfigMapNamed(const std::string& name) {
  return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name + "\n";
}

// All below /r; what is made as "folder[environment]: names".
class DeploymentsTest : public testing::Test {
 protected:
  std::string Make(const Files& files, bool matrix = false) {
    Files placed;
    std::vector<std::string> charts, kustomizations;
    std::vector<PlainManifest> plain;
    for (const auto& [path, text] : files) placed["/r/" + path] = text;
    for (const auto& [path, text] : placed) {
      std::string_view name = BaseName(path);
      if (name == "Chart.yaml") charts.emplace_back(DirName(path));
      if (name == "kustomization.yaml") kustomizations.push_back(path);
    }
    kustomize::MemoryFileSystem fs(placed);
    Options options;
    options.matrix = matrix;
    options.base_dir = "/r";
    options.jobs = 1;
    options.repositories = {"/r"};
    options.allowed_root = [](const std::string&) { return "/r"; };
    SourceMap sources;
    Deployer deployer(fs, sources, options);
    deployer.BuildOverlays(kustomizations);
    for (const auto& [path, text] : placed) {
      bool is_manifest = text.find("apiVersion:") == 0 && text.find("{{ .") == std::string::npos;
      if (is_manifest && !deployer.used_files().contains(path)) plain.push_back({path, text});
    }
    deployer.FollowAndRender(plain, charts);
    used_.insert(deployer.used_files().begin(), deployer.used_files().end());
    result_ = deployer.Take();
    std::string out;
    for (const Project& p : result_.projects) {
      for (const Environment& e : p.environments) out += Show(p, e);
    }
    return out;
  }

  static std::string Show(const Project& p, const Environment& e) {
    std::string out = p.folder.substr(std::min<std::size_t>(3, p.folder.size()));
    if (!e.name.empty()) out += "[" + e.name + "]";
    out += ":";
    for (const yaml::Document& d : e.made->documents) {
      const Value* metadata = d.root->value.Find("metadata");
      out += " " + std::string(metadata->Find("name")->as_string());
    }
    for (const Diagnostic& d : e.made->diagnostics) out += " !" + d.message;
    return out + "\n";
  }

  std::set<std::string> used_;
  Deployments result_;
};

TEST_F(DeploymentsTest, ChartsWithTheirOwnValuesOrWithThoseOfEachEnvironment) {
  Files files{{"web/Chart.yaml", kChart},
              {"web/values.yaml", "env: none"},
              {"web/values-prod.yaml", "env: prod"},
              {"web/dev.yaml", "env: dev"},
              {"web/templates/c.yaml", kTemplate},
              {"web/charts/sub/Chart.yaml", "apiVersion: v2\nname: sub\nversion: 1.0.0\n"},
              {"web/charts/sub/templates/c.yaml", ConfigMapNamed("of-sub")},
              {"lib/Chart.yaml", "apiVersion: v2\nname: lib\nversion: 1.0.0\ntype: library\n"}};
  EXPECT_EQ(Make(files), "web: of-sub release-name-none\n");
  EXPECT_EQ(Make(files, true),
            "web[dev]: of-sub release-name-dev\nweb[prod]: of-sub release-name-prod\n");
}

TEST_F(DeploymentsTest, OverlaysStandForTheirBases) {
  Files files{{"base/kustomization.yaml", "resources: [c.yaml]"},
              {"base/c.yaml", ConfigMapNamed("c")},
              {"over/dev/kustomization.yaml", "resources: [../../base]\nnamePrefix: dev-\n"},
              {"over/prod/kustomization.yaml", "resources: [../../base]\nnamePrefix: prod-\n"},
              {"alone.yaml", ConfigMapNamed("alone")}};
  EXPECT_EQ(Make(files), "over/dev: dev-c\nover/prod: prod-c\n");
  EXPECT_EQ(Make(files, true), "over/dev[dev]: dev-c\nover/dev[prod]: prod-c\n");
  EXPECT_TRUE(used_.contains("/r/base/c.yaml"));
  EXPECT_FALSE(used_.contains("/r/alone.yaml"));
}

TEST_F(DeploymentsTest, WhatCannotBeBuiltLeavesItsManifestsToBeJudgedAsTheyStand) {
  std::string made = Make({{"a/kustomization.yaml", "resources: [c.yaml, gone.yaml]"},
                           {"a/c.yaml", ConfigMapNamed("c")},
                           {"b/kustomization.yaml", "resources: [c.yaml]"},
                           {"b/c.yaml", ConfigMapNamed("b")}});
  EXPECT_NE(made.find("a: !"), std::string::npos) << made;
  EXPECT_NE(made.find("b: b\n"), std::string::npos) << made;
  EXPECT_FALSE(used_.contains("/r/a/c.yaml"));
  EXPECT_TRUE(used_.contains("/r/b/c.yaml"));
}

TEST_F(DeploymentsTest, ARingOfKustomizationsIsTold) {
  std::string made = Make({{"a/kustomization.yaml", "resources: [../b]"},
                           {"b/kustomization.yaml", "resources: [../a]"}});
  EXPECT_NE(made.find("a: !"), std::string::npos) << made;
}

TEST_F(DeploymentsTest, AReleaseTakesTheChartsOwnPlace) {
  const std::string release =
      "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: shop}\n"
      "spec:\n  chart:\n    spec:\n      chart: ./web\n"
      "      sourceRef: {kind: GitRepository, name: flux-system}\n  values: {env: live}\n";
  EXPECT_EQ(Make({{"web/Chart.yaml", kChart},
                  {"web/values.yaml", "env: none"},
                  {"web/templates/c.yaml", kTemplate},
                  {"apps/shop.yaml", release},
                  {"apps/again.yaml", release}}),
            "web: shop-live\n")
      << "and what would apply the same is made once";
}

TEST_F(DeploymentsTest, AppsOfAppsAreFollowedAndEndWhereTheyNameThemselves) {
  const std::string app =
      "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: NAME}\nspec:\n"
      "  source: {repoURL: \"https://example.com/team/r.git\", path: PATH}\n"
      "  destination: {}\n";
  auto named = [&](std::string name, std::string path) {
    std::string text = app;
    text.replace(text.find("NAME"), 4, name);
    text.replace(text.find("PATH"), 4, path);
    return text;
  };
  EXPECT_EQ(Make({{"root.yaml", named("root", "apps")},
                  {"apps/self.yaml", named("self", "apps")},
                  {"apps/leaf.yaml", named("leaf", "plain")},
                  {"plain/c.yaml", ConfigMapNamed("leaf")}}),
            "apps: leaf self\nplain: leaf\n");
  EXPECT_TRUE(used_.contains("/r/plain/c.yaml"));
}

TEST_F(DeploymentsTest, ABrokenChartIsToldAndTheRestOfItRendered) {
  std::string made = Make({{"web/Chart.yaml", kChart},
                           {"web/templates/a.yaml", "{{ .Values.x.y }}"},
                           {"web/templates/b.yaml", ConfigMapNamed("b")},
                           {"none/Chart.yaml", "name: none\n"}});
  EXPECT_NE(made.find("web: b !template: web/templates/a.yaml:1:10: "), std::string::npos) << made;
  EXPECT_NE(made.find("none: !"), std::string::npos) << made;
}

TEST_F(DeploymentsTest, EndlessTemplatesAreToldInAFewWords) {
  std::string made =
      Make({{"web/Chart.yaml", kChart},
            {"web/templates/a.yaml",
             "{{ define \"a\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}"}});
  EXPECT_LT(made.size(), 1200u) << made;
  EXPECT_NE(made.find("template: web/templates/a.yaml:1:47: executing"), std::string::npos) << made;
  EXPECT_NE(made.find("nested reference name: a"), std::string::npos) << made;
}

}  // namespace
}  // namespace plumbline::deploy
