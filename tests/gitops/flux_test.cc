// Flux's objects against what its documentation says of them:
// https://fluxcd.io/flux/components/kustomize/kustomizations/
// https://fluxcd.io/flux/components/helm/helmreleases/
#include "world.h"

namespace plumbline::gitops {
namespace {

const Files& Tree() {
  static const Files files = {{"/r/apps/kustomization.yaml", "resources: [d.yaml]\n"},
                              {"/r/apps/d.yaml", ""},
                              {"/r/plain/d.yaml", ""},
                              {"/r/charts/web/Chart.yaml", "name: web\n"},
                              {"/r/charts/web/prod.yaml", "a: 1\n"},
                              {"/r/charts/old-1.0.tgz", "x"}};
  return files;
}

std::string Kustomization(const std::string& spec) {
  return "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
         "metadata: {name: k, namespace: ns}\nspec:\n" +
         spec;
}

std::string Release(const std::string& spec) {
  return "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n"
         "metadata: {name: web, namespace: ns}\nspec:\n" +
         spec;
}

constexpr char kChart[] =
    "  chart: {spec: {chart: ./charts/web, sourceRef: {kind: GitRepository, name: g}}}\n";

struct Case {
  const char* name;
  std::string text;
  std::string shown;
};

TEST(FluxKustomization, WhatItAdds) {
  const std::string head = "Kustomization/ns/k o.yaml:5 /r/";
  const Case cases[] = {
      {"plain", Kustomization("  path: ./apps\n"), head + "apps | kustomize\n"},
      {"no kustomization file", Kustomization("  path: plain/\n"),
       head + "plain | kustomize generated\n"},
      {"everything",
       Kustomization("  path: /apps\n  targetNamespace: t\n  namePrefix: p-\n  nameSuffix: -s\n"
                     "  commonMetadata: {labels: {a: b}}\n  patches: [{patch: x}]\n"
                     "  patchesStrategicMerge: [{kind: X}]\n"
                     "  patchesJson6902: [{target: {kind: X}, patch: [{op: remove}]}]\n"
                     "  images: [{name: i, newTag: v}]\n  components: [../c]\n"),
       head +
           "apps in t | kustomize | namespace \"t\" | namePrefix \"p-\" | nameSuffix \"-s\" | "
           "patches [{\"patch\":\"x\"}] | patchesStrategicMerge [\"{\\\"kind\\\":\\\"X\\\"}\"] | "
           "patchesJson6902 [{\"patch\":\"[{\\\"op\\\":\\\"remove\\\"}]\",\"target\":"
           "{\"kind\":\"X\"}}] | images [{\"name\":\"i\",\"newTag\":\"v\"}] | "
           "components [\"../c\"] | labels {\"a\":\"b\"}\n"},
      {"variables: inline ones win, line breaks go",
       Kustomization("  path: apps\n  postBuild:\n    substitute: {b: inline, c: \"x\\ny\"}\n"
                     "    substituteFrom:\n    - {kind: ConfigMap, name: vars}\n"
                     "    - {kind: Secret, name: secret}\n") +
           "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: vars, namespace: ns}\n"
           "data: {a: '1', b: map}\n---\napiVersion: v1\nkind: Secret\n"
           "metadata: {name: secret, namespace: ns}\ndata: {s: aGVsbG8=}\nstringData: {t: u}\n",
       head + "apps | kustomize | $a=1 | $b=inline | $c=xy | $s=hello | $t=u\n"},
      {"variables that only the cluster has",
       Kustomization("  path: apps\n  postBuild:\n    substituteFrom:\n"
                     "    - {kind: Secret, name: none}\n"
                     "    - {kind: ConfigMap, name: maybe, optional: true}\n"),
       head +
           "apps | kustomize | incomplete\nnot Kustomization/ns/k o.yaml:8: the Secret 'none' with "
           "variables is not in the tree\n"},
      {"an encrypted secret",
       Kustomization("  path: apps\n  postBuild:\n    substituteFrom:\n"
                     "    - {kind: Secret, name: s}\n") +
           "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: ns}\n"
           "stringData: {a: 'ENC[AES256_GCM,data:x]'}\n",
       head + "apps | kustomize | incomplete\n"},
      {"another repository",
       Kustomization("  path: apps\n  sourceRef: {kind: GitRepository, name: g}\n") +
           "---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\n"
           "metadata: {name: g, namespace: ns}\nspec: {url: https://h/o/other}\n",
       "not Kustomization/ns/k o.yaml:5: 'https://h/o/other' is another repository\n"},
      {"no such path", Kustomization("  path: none\n"),
       "not Kustomization/ns/k o.yaml:5: there is no 'none' in the scanned repository\n"},
      {"an artifact of somebody is not the whole tree",
       Kustomization("  sourceRef: {kind: OCIRepository, name: o}\n  path: ./\n"),
       "not Kustomization/ns/k o.yaml:6: all of a source that may be another repository than the "
       "scanned one\n"},
  };
  for (const Case& c : cases) {
    auto w = FollowText(c.text, Tree(), {"https://h/o/this"});
    if (std::string(c.name) != "another repository") w = FollowText(c.text, Tree());
    EXPECT_EQ(w->Shown(), c.shown) << c.name;
  }
}

TEST(FluxKustomization, TheRootOfAKnownRepository) {
  std::string text = Kustomization("  sourceRef: {kind: GitRepository, name: flux-system}\n");
  auto w = FollowText(text, Tree());
  EXPECT_EQ(w->Shown(), "Kustomization/ns/k o.yaml:5 /r | kustomize generated\n");
}

TEST(FluxKustomization, ArtifactsAreTracedToWhatTheyAreCopiedFrom) {
  std::string text =
      Kustomization("  path: ./prod\n  sourceRef: {kind: ExternalArtifact, name: a}\n") +
      "---\napiVersion: source.extensions.fluxcd.io/v1beta1\nkind: ArtifactGenerator\n"
      "metadata: {name: g, namespace: ns}\nspec:\n  artifacts:\n  - name: a\n    copy:\n"
      "    - {from: '@repo/other/**', to: '@artifact/base/'}\n"
      "    - {from: '@repo/apps/**', to: '@artifact/prod/'}\n";
  EXPECT_EQ(FollowText(text, Tree())->Shown(), "Kustomization/ns/k o.yaml:5 /r/apps | kustomize\n");
}

TEST(FluxKustomization, OfTwoClustersTheNearerConfigMapCounts) {
  Files files = Tree();
  for (const char* cluster : {"one", "two"}) {
    std::string folder = std::string("/r/clusters/") + cluster;
    files[folder + "/k.yaml"] = Kustomization(
        "  path: apps\n  postBuild: {substituteFrom: [{kind: ConfigMap, name: v}]}\n");
    files[folder + "/v.yaml"] =
        std::string("kind: ConfigMap\nmetadata: {name: v, namespace: ns}\n") +
        "data: {cluster: " + cluster + "}\n";
  }
  World w(files);
  for (const char* path : {"clusters/one/v.yaml", "clusters/two/v.yaml", "clusters/one/k.yaml",
                           "clusters/two/k.yaml"}) {
    w.Read(path);
  }
  w.Follow();
  EXPECT_EQ(w.Shown(),
            "Kustomization/ns/k clusters/one/k.yaml:5 /r/apps | kustomize | $cluster=one\n"
            "Kustomization/ns/k clusters/two/k.yaml:5 /r/apps | kustomize | $cluster=two\n");
}

TEST(HelmRelease, ChartValuesAndNames) {
  const std::string head = "HelmRelease/ns/web o.yaml:5 /r/charts/web in ";
  const Case cases[] = {
      {"a chart of the repository", Release(kChart), head + "ns | helm web\n"},
      {"the release's name", Release(std::string(kChart) + "  targetNamespace: t\n"),
       head + "t | helm t-web\n"},
      {"a given name", Release(std::string(kChart) + "  releaseName: r\n  targetNamespace: t\n"),
       head + "t | helm r\n"},
      {"a long name is shortened with its hash",
       Release(std::string(kChart) +
               "  targetNamespace: a23456789-b23456789-c23456789-d23456789-e23456789-f\n"),
       head + "a23456789-b23456789-c23456789-d23456789-e23456789-f | helm "
              "a23456789-b23456789-c23456789-d23456789--7c765104d0e7\n"},
      {"values: references first, then inline; target paths over all",
       Release(std::string(kChart) +
               "  values: {a: inline}\n  valuesFrom:\n"
               "  - {kind: ConfigMap, name: m, targetPath: x.y, valuesKey: one}\n"
               "  - {kind: ConfigMap, name: m}\n"
               "  - {kind: ConfigMap, name: m, targetPath: z, valuesKey: quoted}\n"
               "  - {kind: Secret, name: none, optional: true}\n") +
           "---\nkind: ConfigMap\nmetadata: {name: m, namespace: ns}\ndata:\n  one: '5'\n"
           "  quoted: '\"6\"'\n  values.yaml: |\n    a: 1\n    b: [2]\n",
       head + "ns | helm web incomplete | {\"a\":1,\"b\":[2]} o.yaml:19 | {\"a\":\"inline\"} "
              "o.yaml:6 | set x.y=5 | set-string z=6\n"},
      {"values that are not here",
       Release(std::string(kChart) + "  valuesFrom: [{kind: Secret, name: s}]\n"),
       head +
           "ns | helm web incomplete\nnot HelmRelease/ns/web o.yaml:6: the Secret 's' with values "
           "is not in the tree\n"},
      {"a key that is not there",
       Release(std::string(kChart) + "  valuesFrom: [{kind: ConfigMap, name: m}]\n") +
           "---\nkind: ConfigMap\nmetadata: {name: m, namespace: ns}\n",
       head + "ns | helm web incomplete\nfault o.yaml:6: the ConfigMap 'm' has no key "
              "'values.yaml'\n"},
      {"values that are no YAML",
       Release(std::string(kChart) + "  valuesFrom: [{kind: ConfigMap, name: m}]\n") +
           "---\nkind: ConfigMap\nmetadata: {name: m, namespace: ns}\ndata:\n  values.yaml: |\n"
           "    a: 1\n    b: [\n",
       ""},
      {"files in the place of the chart's own",
       Release("  chart:\n    spec:\n      chart: charts/web\n"
               "      valuesFiles: [charts/web/prod.yaml, none.yaml]\n"
               "      sourceRef: {kind: GitRepository, name: g}\n"),
       "HelmRelease/ns/web o.yaml:7 /r/charts/web in ns | helm web | chart values "
       "/r/charts/web/prod.yaml\nfault o.yaml:8: the values file 'none.yaml' is not in the "
       "repository\n"},
      {"an archive",
       Release("  chart: {spec: {chart: charts/old-1.0.tgz, sourceRef: {kind: Bucket, name: b}}}\n"
               "  install: {crds: Skip}\n  postRenderers: [{kustomize: {images: []}}]\n"),
       "HelmRelease/ns/web o.yaml:5 /r/charts/old-1.0.tgz in ns | helm web no-crds | post "
       "renderers 1\n"},
      {"a chart repository",
       Release("  chart: {spec: {chart: redis, version: 1.x, sourceRef: {kind: HelmRepository, "
               "name: b}}}\n"),
       "not HelmRelease/ns/web o.yaml:5: the chart 'redis' comes from a HelmRepository and is not "
       "in the tree\n"},
      {"a reference to a chart",
       Release("  chartRef: {kind: HelmChart, name: c}\n") +
           "---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmChart\n"
           "metadata: {name: c, namespace: ns}\n"
           "spec: {chart: charts/web, sourceRef: {kind: GitRepository, name: g}}\n",
       "HelmRelease/ns/web o.yaml:10 /r/charts/web in ns | helm web\n"},
      {"a reference to a registry", Release("  chartRef: {kind: OCIRepository, name: c}\n"),
       "not HelmRelease/ns/web o.yaml:5: the chart 'c' comes from a OCIRepository and is not in "
       "the tree\n"},
      {"no chart at all", Release("  values: {}\n"),
       "fault o.yaml:5: HelmRelease/ns/web names no chart; expected spec.chart or spec.chartRef\n"},
      {"a folder without a chart",
       Release("  chart: {spec: {chart: ./apps, sourceRef: {kind: GitRepository, name: g}}}\n"),
       "not HelmRelease/ns/web o.yaml:5: there is no './apps' in the scanned repository\n"},
  };
  for (const Case& c : cases) {
    auto w = FollowText(c.text, Tree());
    if (std::string(c.name) == "values that are no YAML") {
      ASSERT_EQ(w->found.diagnostics.size(), 1u);
      EXPECT_EQ(w->found.diagnostics[0].code, DiagnosticCode::kParseError);
      EXPECT_GE(w->Where(w->found.diagnostics[0].span), "o.yaml:11");
      continue;
    }
    EXPECT_EQ(w->Shown(), c.shown) << c.name;
  }
}

TEST(HelmRelease, ReferencesLeadToObjectsKnownBefore) {
  Files files = Tree();
  files["/r/m.yaml"] =
      "kind: ConfigMap\nmetadata: {name: m, namespace: ns}\ndata: {values.yaml: 'a: 1'}\n---\n"
      "kind: ConfigMap\nmetadata: {name: m, namespace: other}\ndata: {values.yaml: 'a: 2'}\n";
  files["/r/o.yaml"] =
      Release(std::string(kChart) + "  valuesFrom: [{kind: ConfigMap, name: m}]\n");
  World w(files);
  w.Read("m.yaml");
  ObjectIndex known;
  auto before = std::move(w.documents);
  known.Add(before);
  w.context.known = &known;
  w.documents.clear();
  w.Read("o.yaml");
  w.Follow();
  EXPECT_EQ(w.Shown(),
            "HelmRelease/ns/web o.yaml:5 /r/charts/web in ns | helm web | {\"a\":1} m.yaml:3\n");
}

TEST(HelmRelease, ValuesOfAGeneratedConfigMapLeadToTheirFile) {
  World w({{"/r/apps/kustomization.yaml",
            "resources: [r.yaml]\nconfigMapGenerator:\n- name: v\n  files: [values.yaml=v.yaml]\n"
            "generatorOptions: {disableNameSuffixHash: true}\n"},
           {"/r/apps/r.yaml",
            Release(std::string(kChart) + "  valuesFrom: [{kind: ConfigMap, name: v}]\n")},
           {"/r/apps/v.yaml", "# mine\nimage:\n  tag: x\n"},
           {"/r/charts/web/Chart.yaml", "name: web\n"}});
  kustomize::Options options;
  options.display_base = "/r";
  auto built = kustomize::Build(w.fs, "/r/apps", "/r", w.sources, w.arena, options);
  ASSERT_TRUE(built.ok);
  w.documents = built.documents;
  w.Follow();
  ASSERT_EQ(w.found.targets.size(), 1u);
  const auto& helm = std::get<HelmTarget>(w.found.targets[0].what);
  ASSERT_EQ(helm.values.size(), 1u);
  EXPECT_EQ(w.Where(helm.values[0].node->Find("image")->Find("tag")->span), "apps/v.yaml:3");
}

TEST(Flux, OtherObjectsAreNotLookedAt) {
  auto w = FollowText(
      "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: []\n---\n"
      "apiVersion: v1\nkind: HelmRelease\n---\n- a\n---\nx: 1\n---\n",
      Tree());
  EXPECT_EQ(w->Shown(), "");
}

TEST(Limits, Targets) {
  std::string text;
  for (int i = 0; i < 5; ++i) text += Kustomization("  path: apps\n") + "---\n";
  Files files = Tree();
  files["/r/o.yaml"] = text;
  World w(files);
  w.context.bounds.max_targets = 3;
  w.Read("o.yaml");
  w.Follow();
  EXPECT_EQ(w.found.targets.size(), 3u);
  ASSERT_EQ(w.found.diagnostics.size(), 1u);
  EXPECT_EQ(w.found.diagnostics[0].message, "more than 3 things to deploy; the rest is left out");
}

}  // namespace
}  // namespace plumbline::gitops
