// Argo CD's Application against what its documentation says:
// https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification/
#include "world.h"

namespace plumbline::gitops {
namespace {

const Files& Tree() {
  static const Files files = {{"/r/apps/web/Chart.yaml", "name: web\n"},
                              {"/r/apps/web/values-prod.yaml", "a: 1\n"},
                              {"/r/apps/kust/kustomization.yaml", "resources: []\n"},
                              {"/r/apps/both/kustomization.yaml", "resources: []\n"},
                              {"/r/apps/both/Chart.yaml", "name: both\n"},
                              {"/r/apps/dir/a.yaml", ""},
                              {"/r/shared/values.yaml", ""},
                              {"/r/shared/dev.yaml", ""},
                              {"/outside.yaml", ""}};
  return files;
}

std::string App(const std::string& spec) {
  return "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
         "metadata: {name: web, namespace: argocd}\nspec:\n"
         "  destination: {namespace: prod}\n" +
         spec;
}

struct Case {
  const char* name;
  std::string text;
  std::string shown;
};

TEST(Application, Sources) {
  const std::string name = "Application/argocd/web o.yaml:";
  const Case cases[] = {
      {"a chart is told from its file", App("  source: {path: apps/web}\n"),
       name + "6 /r/apps/web in prod | helm web\n"},
      {"a kustomization", App("  source: {path: apps/kust}\n"),
       name + "6 /r/apps/kust in prod | kustomize\n"},
      {"a kustomization wins over a chart", App("  source: {path: apps/both}\n"),
       name + "6 /r/apps/both in prod | kustomize\n"},
      {"unless the source says what it is", App("  source: {path: apps/both, helm: {}}\n"),
       name + "6 /r/apps/both in prod | helm web\n"},
      {"a folder",
       App("  source:\n    path: apps/dir\n    directory: {recurse: true, include: '*.yaml', "
           "exclude: '{b,c}.yaml'}\n"),
       name + "7 /r/apps/dir in prod | directory recurse include *.yaml exclude {b,c}.yaml\n"},
      {"Helm's options, in their order",
       App("  source:\n    path: apps/web\n    helm:\n      releaseName: r\n      skipCrds: true\n"
           "      kubeVersion: v1.30.0\n      valueFiles: [values-prod.yaml, "
           "../../shared/values.yaml, /shared/dev.yaml]\n      values: |\n        x:\n"
           "          y: 1\n      parameters:\n      - {name: a.b, value: 'x,y'}\n"
           "      - {name: l, value: '{a,b}'}\n      - {name: num, value: '1', forceString: true}\n"
           "      - {name: app, value: $ARGOCD_APP_NAME-x}\n"
           "      fileParameters: [{name: f, path: values-prod.yaml}]\n"),
       name +
           "7 /r/apps/web in prod | helm r no-crds kube v1.30.0 | /r/apps/web/values-prod.yaml | "
           "/r/shared/values.yaml | /r/shared/dev.yaml | {\"x\":{\"y\":1}} o.yaml:14 | set "
           "a.b=x\\,y | set l={a,b} | set-string num=1 | set app=web-x | set-file "
           "f=/r/apps/web/values-prod.yaml\n"},
      {"an object of values wins over a text",
       App("  source: {path: apps/web, helm: {values: 'a: 1', valuesObject: {a: 2}}}\n"),
       name + "6 /r/apps/web in prod | helm web | {\"a\":2} o.yaml:6\n"},
      {"values files that are not there",
       App("  source: {path: apps/web, helm: {valueFiles: [none.yaml, ../../../outside.yaml]}}\n"),
       name +
           "6 /r/apps/web in prod | helm web\nfault o.yaml:6: the values file 'none.yaml' is not "
           "there\nfault o.yaml:6: the values file '../../../outside.yaml' is not there\n"},
      {"and may be so",
       App("  source: {path: apps/web, helm: {valueFiles: [none.yaml], ignoreMissingValueFiles: "
           "true}}\n"),
       name + "6 /r/apps/web in prod | helm web\n"},
      {"Kustomize's options",
       App("  source:\n    path: apps/kust\n    kustomize:\n      namePrefix: p-\n"
           "      images: [nginx:1.2, 'old=h:5000/new:3', 'a@sha256:x']\n"
           "      replicas: [{name: web, count: '3'}]\n      commonLabels: {a: b}\n"
           "      commonAnnotations: {c: d}\n      namespace: nn\n      components: [../c]\n"
           "      patches: [{patch: x}]\n"),
       name +
           "7 /r/apps/kust in prod | kustomize | namePrefix \"p-\" | images "
           "[{\"name\":\"nginx\",\"newTag\":\"1.2\"},{\"name\":\"old\",\"newName\":\"h:5000/new\","
           "\"newTag\":\"3\"},{\"digest\":\"sha256:x\",\"name\":\"a\"}] | replicas "
           "[{\"count\":3,\"name\":\"web\"}] | commonLabels {\"a\":\"b\"} | commonAnnotations "
           "{\"c\":\"d\"} | namespace \"nn\" | patches [{\"patch\":\"x\"}] | components "
           "[\"../c\"]\n"},
      {"labels that reach no selector",
       App("  source: {path: apps/kust, kustomize: {commonLabels: {a: b}, labelWithoutSelector: "
           "true}}\n"),
       name + "6 /r/apps/kust in prod | kustomize | labels [{\"pairs\":{\"a\":\"b\"}}]\n"},
      {"values of another source",
       App("  sources:\n  - {repoURL: https://h/o/this, ref: vals}\n"
           "  - {path: apps/web, helm: {valueFiles: [$vals/shared/dev.yaml, $vals/none.yaml]}}\n"
           "  - {path: apps/dir}\n"
           "  - {chart: redis, repoURL: https://charts, targetRevision: 1.2.3, helm: {}}\n"),
       name + "8 /r/apps/web in prod | helm web incomplete | /r/shared/dev.yaml\n" + name +
           "9 /r/apps/dir in prod | directory\nnot " + name +
           "8: the values file '$vals/none.yaml' is not in the tree\nnot " + name +
           "10: the chart 'redis' of https://charts is not in the tree\n"},
      {"a source that is hydrated first",
       App("  sourceHydrator: {drySource: {path: apps/web, repoURL: x}}\n"),
       name + "6 /r/apps/web in prod | helm web\n"},
      {"a plugin", App("  source: {path: apps/dir, plugin: {name: x}}\n"),
       "not " + name + "6: the manifests come from a plugin, which is not run\n"},
      {"two kinds at once", App("  source: {path: apps/web, helm: {}, kustomize: {}}\n"), ""},
      {"no source", App("  project: x\n"),
       "fault o.yaml:5: Application/argocd/web has no source; expected spec.source or "
       "spec.sources\n"},
      {"a chart that is none", App("  source: {path: apps/dir, helm: {releaseName: x}}\n"),
       "fault o.yaml:6: there is no Chart.yaml in 'apps/dir'\n"},
      {"values that are no YAML", App("  source: {path: apps/web, helm: {values: 'a: ['}}\n"), ""},
  };
  for (const Case& c : cases) {
    auto w = FollowText(c.text, Tree());
    if (c.shown.empty()) {
      ASSERT_EQ(w->found.diagnostics.size(), 1u) << c.name;
      EXPECT_EQ(w->Where(w->found.diagnostics[0].span), "o.yaml:6") << c.name;
      continue;
    }
    EXPECT_EQ(w->Shown(), c.shown) << c.name;
  }
}

TEST(Application, FilesBesideTheManifestsOverride) {
  Files files = Tree();
  files["/r/apps/kust/.argocd-source.yaml"] = "kustomize:\n  namePrefix: all-\n  images: [a:1]\n";
  files["/r/apps/kust/.argocd-source-web.yaml"] = "kustomize:\n  images: [a:2]\n";
  files["/r/apps/kust/.argocd-source-other.yaml"] = "kustomize:\n  images: [a:3]\n";
  auto w = FollowText(App("  source: {path: apps/kust, kustomize: {nameSuffix: -s}}\n"), files);
  EXPECT_EQ(w->Shown(),
            "Application/argocd/web o.yaml:6 /r/apps/kust in prod | kustomize | namePrefix "
            "\"all-\" | nameSuffix \"-s\" | images [{\"name\":\"a\",\"newTag\":\"2\"}]\n");
  files["/r/apps/kust/.argocd-source.yaml"] = "kustomize: [\n";
  w = FollowText(App("  source: {path: apps/kust}\n"), files);
  ASSERT_EQ(w->found.diagnostics.size(), 1u);
  EXPECT_EQ(w->Where(w->found.diagnostics[0].span).substr(0, 31), "apps/kust/.argocd-source.yaml:1")
      << w->Shown();
}

TEST(Application, ValuesInATextKeepTheirLines) {
  auto w = FollowText(
      App("  source:\n    path: apps/web\n    helm:\n      values: |\n        # c\n        a:\n"
          "          b: 1\n"),
      Tree());
  const auto& helm = std::get<HelmTarget>(w->found.targets.at(0).what);
  EXPECT_EQ(w->Where(helm.values[0].node->Find("a")->Find("b")->span), "o.yaml:12");
}

TEST(Directory, WhatItHolds) {
  Files files = {{"/r/d/a.yaml", ""},          {"/r/d/b.yml", ""},      {"/r/d/c.json", ""},
                 {"/r/d/readme.md", ""},       {"/r/d/sub/e.yaml", ""}, {"/r/d/sub/f.yaml", ""},
                 {"/r/d/.git/config.yaml", ""}};
  const struct {
    const char* options;
    std::vector<std::string> files;
  } cases[] = {
      {"", {"/r/d/a.yaml", "/r/d/b.yml", "/r/d/c.json"}},
      {"recurse: true",
       {"/r/d/a.yaml", "/r/d/b.yml", "/r/d/c.json", "/r/d/sub/e.yaml", "/r/d/sub/f.yaml"}},
      {"recurse: true, include: '*.yaml', exclude: 'sub/f*'", {"/r/d/a.yaml", "/r/d/sub/e.yaml"}},
      {"include: '{a.yaml,b.yml}'", {"/r/d/a.yaml", "/r/d/b.yml"}},
      {"include: '['", {}},
  };
  for (const auto& c : cases) {
    auto w = FollowText(App("  source: {path: d, directory: {" + std::string(c.options) + "}}\n"),
                        files);
    const Target& t = w->found.targets.at(0);
    auto found = GatherDirectory(t, std::get<DirectoryTarget>(t.what), w->context);
    ASSERT_TRUE(found) << c.options;
    EXPECT_EQ(*found, c.files) << c.options;
  }
  auto w = FollowText(App("  source: {path: d, directory: {recurse: true}}\n"), files);
  const Target& t = w->found.targets.at(0);
  w->context.bounds.max_files = 3;
  EXPECT_FALSE(GatherDirectory(t, std::get<DirectoryTarget>(t.what), w->context));
  w->context.bounds = {};
  w->context.limits.max_walk_depth = 0;
  auto too_deep = GatherDirectory(t, std::get<DirectoryTarget>(t.what), w->context);
  ASSERT_FALSE(too_deep);
  EXPECT_EQ(too_deep.error().message, "folders are nested more than 0 levels deep");
}

}  // namespace
}  // namespace plumbline::gitops
