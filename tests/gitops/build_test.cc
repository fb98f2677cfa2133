// What a deployer makes of its target: edited kustomizations, variables, post renderers.
#include "world.h"

namespace plumbline::gitops {
namespace {

constexpr char kDeployment[] =
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: ${count}\n"
    "  template:\n    spec:\n      containers:\n      - name: c\n        image: nginx\n        "
    "args: [\"v${tag:=1}\"]\n";

std::string Flux(const std::string& spec) {
  return "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
         "metadata: {name: k, namespace: ns}\nspec:\n  path: app\n" +
         spec;
}

struct BuiltWorld {
  std::unique_ptr<World> w;
  Built built;

  std::string Json() const {
    std::string out;
    for (const yaml::Document& d : built.documents) out += ToJson(d.root->value) + "\n";
    for (const Diagnostic& d : built.diagnostics) {
      out += "fault " + w->Where(d.span) + ": " + d.message + "\n";
    }
    return out;
  }
  const yaml::Node* At(std::vector<std::string> path) const {
    const yaml::Node* at = built.documents.at(0).root;
    for (const std::string& part : path) {
      at = at->value.is_sequence() ? at->items[std::stoul(part)] : at->Find(part);
    }
    return at;
  }
};

BuiltWorld Build(const std::string& text, const Files& files) {
  BuiltWorld b;
  b.w = FollowText(text, files);
  EXPECT_EQ(b.w->found.targets.size(), 1u) << b.w->Shown();
  if (b.w->found.targets.empty()) return b;
  const Target& t = b.w->found.targets[0];
  kustomize::Options options;
  options.display_base = "/r";
  b.built = BuildKustomization(t, std::get<KustomizeTarget>(t.what), b.w->context, options);
  return b;
}

TEST(BuildFlux, TheKustomizationIsEditedAndVariablesReplaced) {
  auto b = Build(
      Flux("  targetNamespace: t\n  namePrefix: p-\n  images:\n  - {name: nginx, newName: mine}\n"
           "  - {name: other, newTag: x}\n  commonMetadata: {labels: {l: m}}\n  patches:\n"
           "  - patch: |\n      kind: Deployment\n      apiVersion: apps/v1\n"
           "      metadata: {name: web}\n      spec: {paused: true}\n"
           "  postBuild:\n    substitute:\n      count: '3'\n"),
      {{"/r/app/kustomization.yaml",
        "resources: [d.yaml]\nimages:\n- {name: nginx, newTag: gone}\n"},
       {"/r/app/d.yaml", kDeployment}});
  EXPECT_EQ(b.Json(),
            "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"labels\":{\"l\":"
            "\"m\"},\"name\":\"p-web\",\"namespace\":\"t\"},\"spec\":{\"paused\":true,\"replicas\":"
            "3,\"template\":{\"spec\":{\"containers\":[{\"args\":[\"v1\"],\"image\":\"mine\","
            "\"name\":\"c\"}]}}}}\n");
  EXPECT_TRUE(b.built.ok);
  EXPECT_EQ(b.w->Where(b.At({"spec", "replicas"})->span), "app/d.yaml:6");
  EXPECT_EQ(b.w->Where(b.At({"spec", "replicas"})->from), "o.yaml:20");
  EXPECT_EQ(b.w->Where(b.At({"metadata", "namespace"})->span), "o.yaml:6");
  EXPECT_EQ(b.w->Where(b.At({"spec", "paused"})->span), "o.yaml:17");
}

TEST(BuildFlux, AFolderWithoutKustomization) {
  auto b = Build(Flux("  targetNamespace: t\n"),
                 {{"/r/app/d.yaml", kDeployment},
                  {"/r/app/sub/s.yml", "apiVersion: v1\nkind: Service\nmetadata: {name: s}\n"},
                  {"/r/app/own/kustomization.yaml", "resources: [c.yaml]\nnamePrefix: p-\n"},
                  {"/r/app/own/c.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: c}\n"},
                  {"/r/app/own/ignored.yaml", "nonsense: true\n"},
                  {"/r/app/.github/x.yaml", "nonsense: true\n"},
                  {"/r/app/readme.md", ""}});
  EXPECT_TRUE(b.built.ok) << b.Json();
  std::string names;
  for (const yaml::Document& d : b.built.documents) {
    names += std::string(d.root->Find("metadata")->Find("name")->value.as_string()) + " ";
  }
  EXPECT_EQ(names, "p-c s web ");
}

TEST(BuildFlux, FilesMayLieAnywhereInTheRepository) {
  Files files = {{"/r/app/kustomization.yaml", "resources: [../d.yaml]\n"},
                 {"/r/d.yaml", kDeployment},
                 {"/d.yaml", kDeployment}};
  EXPECT_TRUE(Build(Flux(""), files).built.ok);
  files["/r/app/kustomization.yaml"] = "resources: [../../d.yaml]\n";
  auto b = Build(Flux(""), files);
  EXPECT_FALSE(b.built.ok);
  EXPECT_NE(b.Json().find("is outside '/r'"), std::string::npos) << b.Json();
}

TEST(BuildFlux, TypesAfterSubstitution) {
  const struct {
    const char *value, *json;
  } cases[] = {
      {"${num}", "5"},
      {"'${num}'", "5"},
      {"\"a: ${num}\"", "\"a: 5\""},
      {"x${num}", "\"x5\""},
      {"${yes1}", "true"},
      {"${list}", "[1,{\"a\":2}]"},
      {"${none}", "null"},
      {"${text}", "\"a b\""},
      {"|\n    a ${num}\n    b\n", "\"a 5\\nb\\n\""},
      {"$${num}", "\"${num}\""},
  };
  for (const auto& c : cases) {
    auto b =
        Build(Flux("  postBuild: {substitute: {num: '5', yes1: 'true', list: '[1, {a: 2}]', text: "
                   "a b}}\n"),
              {{"/r/app/x.yaml", "apiVersion: v1\nkind: X\nmetadata: {name: x}\nspec:\n  v: " +
                                     std::string(c.value) + "\n"}});
    ASSERT_TRUE(b.built.ok) << b.Json();
    EXPECT_EQ(ToJson(b.At({"spec", "v"})->value), c.json) << c.value;
  }
}

TEST(BuildFlux, SubstitutionOptsAndFaults) {
  Files files = {{"/r/app/x.yaml",
                  "apiVersion: v1\nkind: X\nmetadata:\n  name: x\n  labels: "
                  "{kustomize.toolkit.fluxcd.io/substitute: disabled}\nspec: {v: '${num}'}\n"}};
  std::string text = Flux("  postBuild: {substitute: {num: 'a: [', k: b}}\n");
  auto b = Build(text, files);
  EXPECT_EQ(ToJson(b.At({"spec", "v"})->value), "\"${num}\"");
  files["/r/app/x.yaml"] =
      "apiVersion: v1\nkind: X\nmetadata: {name: x}\nspec:\n  v: ${num}\n  w: ${num\n  '${k}': 1\n";
  b = Build(text, files);
  EXPECT_FALSE(b.built.ok);
  ASSERT_EQ(b.built.diagnostics.size(), 2u) << b.Json();
  EXPECT_EQ(b.w->Where(b.built.diagnostics[0].span), "app/x.yaml:5");
  EXPECT_EQ(b.w->Where(b.built.diagnostics[1].span), "app/x.yaml:6");
  EXPECT_NE(b.At({"spec", "b"}), nullptr);
}

TEST(BuildFlux, WithoutVariablesNothingIsReplaced) {
  auto b = Build(Flux(""), {{"/r/app/d.yaml", kDeployment}});
  EXPECT_EQ(ToJson(b.At({"spec", "replicas"})->value), "\"${count}\"");
}

TEST(BuildFlux, AFaultyAdditionPointsAtTheObject) {
  auto b = Build(
      Flux("  images:\n  - {name: x, newTag: 5}\n"),
      {{"/r/app/kustomization.yaml", "resources: [d.yaml]\n"}, {"/r/app/d.yaml", kDeployment}});
  EXPECT_FALSE(b.built.ok);
  ASSERT_EQ(b.built.diagnostics.size(), 1u);
  EXPECT_EQ(b.w->Where(b.built.diagnostics[0].span), "o.yaml:7") << b.Json();
}

TEST(BuildArgo, ReplicasLabelsAndNamespace) {
  auto b = Build(
      "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec:\n"
      "  source:\n    path: app\n    kustomize:\n      replicas: [{name: web, count: 4}]\n"
      "      commonAnnotations: {a: b}\n      namespace: nn\n      nameSuffix: -s\n",
      {{"/r/app/kustomization.yaml",
        "resources: [d.yaml]\nreplicas: [{name: web, count: 2}]\ncommonAnnotations: {a: x, c: "
        "d}\n"},
       {"/r/app/d.yaml",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 1}\n"}});
  EXPECT_EQ(b.Json(),
            "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"annotations\":"
            "{\"a\":\"b\",\"c\":\"d\"},\"name\":\"web-s\",\"namespace\":\"nn\"},\"spec\":"
            "{\"replicas\":4,\"template\":{\"metadata\":{\"annotations\":{\"a\":\"b\",\"c\":"
            "\"d\"}}}}}\n");
}

TEST(PostRenderers, WorkOnWhatTheChartRenders) {
  auto w = FollowText(
      "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n"
      "metadata: {name: web, namespace: ns}\nspec:\n"
      "  chart: {spec: {chart: web, sourceRef: {kind: GitRepository, name: g}}}\n"
      "  postRenderers:\n  - kustomize:\n      images: [{name: nginx, newTag: '2'}]\n"
      "  - kustomize:\n      patches:\n      - target: {kind: Deployment}\n        patch: |\n"
      "          - {op: add, path: /spec/replicas, value: 5}\n",
      {{"/r/web/Chart.yaml", "name: web\n"}, {"/r/web/kustomization.yaml", "resources: [x]\n"}});
  ASSERT_EQ(w->found.targets.size(), 1u) << w->Shown();
  const std::string text =
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"
      "spec: {template: {spec: {containers: [{name: c, image: nginx}]}}}\n";
  Diagnostics faults;
  auto rendered = yaml::Parse(w->sources.Add("t.yaml", text), text, w->arena, Limits(), faults);
  const Target& t = w->found.targets[0];
  Built built = PostRender(t, std::get<HelmTarget>(t.what), rendered, w->context, {});
  ASSERT_TRUE(built.ok) << built.diagnostics[0].message;
  ASSERT_EQ(built.documents.size(), 1u);
  EXPECT_EQ(ToJson(*built.documents[0].root->value.Find("spec")),
            "{\"replicas\":5,\"template\":{\"spec\":{\"containers\":[{\"image\":\"nginx:2\","
            "\"name\":\"c\"}]}}}");
}

}  // namespace
}  // namespace plumbline::gitops
