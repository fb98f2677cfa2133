// Where values come from, what a build refuses to read, and its bounds.
#include <gtest/gtest.h>

#include "kustomize/kustomize.h"
#include "memory_fs.h"
#include "value/json.h"

namespace plumbline::kustomize {
namespace {

using Files = std::map<std::string, std::string>;

constexpr char kDeployment[] =
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 1\n"
    "  template:\n    spec:\n      containers:\n      - name: c\n        image: nginx\n";

struct Built {
  SourceMap sources;
  Arena arena;
  Output out;

  std::string Message() const { return out.diagnostics.empty() ? "" : out.diagnostics[0].message; }
  /// "file:line" of the value at a path of keys and indices in the first document.
  std::string Place(const std::vector<std::string>& path) const {
    const yaml::Node* at = out.documents.at(0).root;
    for (const std::string& part : path) {
      at = at->value.is_sequence() ? at->items[std::stoul(part)] : at->Find(part);
      if (at == nullptr) return "absent";
    }
    return Where(at->span);
  }
  std::string Where(Span span) const {
    if (!span.valid()) return "nowhere";
    return std::string(sources.Path(span.file)) + ":" + std::to_string(sources.Start(span).line);
  }
};

std::unique_ptr<Built> BuildFiles(const Files& files, const std::string& folder = "/r/k",
                                  Options options = {}) {
  auto b = std::make_unique<Built>();
  options.display_base = "/r";
  b->out = Build(MemoryFileSystem(files), folder, "/r", b->sources, b->arena, options);
  return b;
}

TEST(Provenance, EachValueLeadsToTheLineThatSetIt) {
  auto b = BuildFiles({{"/r/k/kustomization.yaml",
                        "resources: [../base]\n"
                        "namePrefix: x-\n"
                        "labels:\n"
                        "- pairs: {a: b}\n"
                        "images:\n"
                        "- {name: nginx, newTag: '2'}\n"
                        "patches:\n"
                        "- path: p.yaml\n"
                        "- patch: |-\n"
                        "    apiVersion: apps/v1\n"
                        "    kind: Deployment\n"
                        "    metadata: {name: web}\n"
                        "    spec:\n"
                        "      paused: true\n"},
                       {"/r/k/p.yaml",
                        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n"
                        "  replicas: 3\n"},
                       {"/r/base/kustomization.yaml", "resources: [d.yaml]\n"},
                       {"/r/base/d.yaml", kDeployment}});
  ASSERT_TRUE(b->out.ok) << b->Message();
  EXPECT_EQ(b->Place({"kind"}), "base/d.yaml:2");
  EXPECT_EQ(b->Place({"metadata", "name"}), "k/kustomization.yaml:2");
  EXPECT_EQ(b->Place({"metadata", "labels", "a"}), "k/kustomization.yaml:4");
  EXPECT_EQ(b->Place({"spec", "replicas"}), "k/p.yaml:5");
  EXPECT_EQ(b->Place({"spec", "paused"}), "k/kustomization.yaml:14");
  EXPECT_EQ(b->Place({"spec", "template", "spec", "containers", "0", "image"}),
            "k/kustomization.yaml:6");
  EXPECT_EQ(b->Place({"spec", "template", "spec", "containers", "0"}), "base/d.yaml:10");
  EXPECT_EQ(b->Where(b->out.documents[0].span), "base/d.yaml:1");
}

TEST(Provenance, GeneratedAndReplacedValues) {
  auto b = BuildFiles({{"/r/k/kustomization.yaml",
                        "resources: [d.yaml]\n"
                        "configMapGenerator:\n"
                        "- name: c\n"
                        "  literals:\n"
                        "  - a=b\n"
                        "  envs: [v.env]\n"
                        "sortOptions: {order: legacy}\n"},
                       {"/r/k/v.env", "# first\nK=v\n"},
                       {"/r/k/d.yaml", kDeployment}});
  ASSERT_TRUE(b->out.ok) << b->Message();
  EXPECT_EQ(b->Place({"data", "a"}), "k/kustomization.yaml:5");
  EXPECT_EQ(b->Place({"data", "K"}), "k/v.env:2");
}

TEST(Build, FaultsNameTheirLine) {
  auto b = BuildFiles({{"/r/k/kustomization.yaml", "resources:\n- a.yaml\n- b.yaml\n"},
                       {"/r/k/a.yaml", kDeployment}});
  EXPECT_FALSE(b->out.ok);
  EXPECT_EQ(b->Where(b->out.diagnostics.at(0).span), "k/kustomization.yaml:3");
}

TEST(Build, StaysWithinTheAllowedRoot) {
  Files files = {{"/r/k/kustomization.yaml", "resources: [../../other]\n"},
                 {"/other/kustomization.yaml", "resources: [d.yaml]\n"},
                 {"/other/d.yaml", kDeployment}};
  auto b = BuildFiles(files);
  EXPECT_FALSE(b->out.ok);
  EXPECT_NE(b->Message().find("outside '/r'"), std::string::npos) << b->Message();
}

struct ErrorCase {
  const char* kustomization;
  const char* message;  // part of it
};

TEST(Build, Errors) {
  const ErrorCase cases[] = {
      {"", "is empty"},
      {"kind: Kustomization\n", "is empty"},
      {"kind: Other\nresources: []\n", "kind should be"},
      {"resources: [none.yaml]\n", "no such file or folder"},
      {"resources: ['https://github.com/a/b//c?ref=v1']\n", "https://github.com/a/b//c?ref=v1"},
      {"resources: ['git@github.com:a/b.git']\n", "is remote"},
      {"resources: [/etc]\n", "cannot be absolute"},
      {"resources: [.]\n", "cycle detected"},
      {"resources: 5\n", "expected a list"},
      {"namePrefix: 5\n", "expected a text, found a number"},
      {"configMapGenerator: [{name: c, literals: [novalue]}]\n", "expected key=value"},
      {"configMapGenerator: [{name: c, literals: [a=1, a=2]}]\n", "repeats the key"},
      {"configMapGenerator: [{literals: [a=1]}]\n", "must have a name"},
      {"configMapGenerator: [{name: c, behavior: merge}]\n", "cannot merge or replace"},
      {"patches: [{patch: ''}]\n", "one of `patch` and `path`"},
      {"resources: [d.yaml]\npatches: [{patch: '- {op: remove, path: /a}'}]\n",
       "must specify a target"},
      {"resources: [d.yaml]\npatches: [{target: {name: '('}, patch: '- {op: remove, path: /a}'}]\n",
       "regular expression"},
      {"resources: [d.yaml]\nreplicas: [{name: none, count: 1}]\n", "no resource named none"},
      {"resources: [d.yaml]\nreplacements: [{targets: []}]\n", "must specify a source"},
      {"resources: [d.yaml]\nsortOptions: {order: best}\n", "must be one of"},
      {"openapi: {version: v9}\nresources: []\n", "not built in"},
      {"helmCharts: [{name: c}]\n", "not inflated"},
      {"validators: [v.yaml]\nresources: [d.yaml]\n", "shouldn't modify"},
  };
  for (const ErrorCase& c : cases) {
    auto b =
        BuildFiles({{"/r/k/kustomization.yaml", c.kustomization},
                    {"/r/k/d.yaml", kDeployment},
                    {"/r/k/v.yaml",
                     "apiVersion: builtin\nkind: LabelTransformer\nmetadata: {name: v}\n"
                     "labels: {a: b}\nfieldSpecs: [{path: metadata/labels, create: true}]\n"}});
    EXPECT_FALSE(b->out.ok) << c.kustomization;
    EXPECT_NE(b->Message().find(c.message), std::string::npos) << b->Message();
  }
}

TEST(Build, TheSameBaseTwiceIsNoCycle) {
  auto b = BuildFiles({{"/r/k/kustomization.yaml", "resources: [../a, ../b]\n"},
                       {"/r/a/kustomization.yaml", "resources: [../base]\nnamePrefix: a-\n"},
                       {"/r/b/kustomization.yaml", "resources: [../base]\nnamePrefix: b-\n"},
                       {"/r/base/kustomization.yaml", "resources: [d.yaml]\n"},
                       {"/r/base/d.yaml", kDeployment}});
  ASSERT_TRUE(b->out.ok) << b->Message();
  EXPECT_EQ(b->out.documents.size(), 2u);
  EXPECT_EQ(b->out.files.size(), 5u);
}

TEST(Limits, NestedKustomizations) {
  Files files;
  std::string folder = "/r/k";
  for (int i = 0; i < 80; ++i) {
    files[folder + "/kustomization.yaml"] = "resources: [sub]\n";
    folder += "/sub";
  }
  files[folder + "/kustomization.yaml"] = "namePrefix: a\n";
  auto b = BuildFiles(files);
  EXPECT_NE(b->Message().find("nest more than 64 levels"), std::string::npos) << b->Message();
}

TEST(Limits, AFanOfKustomizationsEnds) {
  Files files;
  for (int i = 0; i < 15; ++i) {
    std::string next = "../n" + std::to_string(i + 1);
    files["/r/n" + std::to_string(i) + "/kustomization.yaml"] =
        "resources: [" + next + ", " + next + "]\n";
  }
  files["/r/n15/kustomization.yaml"] = "namePrefix: a\n";
  auto b = BuildFiles(files, "/r/n0");
  EXPECT_NE(b->Message().find("visits more than 10000 kustomizations"), std::string::npos)
      << b->Message();
}

TEST(Limits, CopiesThatDoubleEndWithAMessage) {
  std::string patch = "resources: [d.yaml]\npatches:\n- target: {kind: Deployment}\n  patch: |-\n";
  for (int i = 0; i < 40; ++i) {
    patch += "    - {op: copy, from: /spec, path: /spec/x" + std::to_string(i) + "}\n";
  }
  Options options;
  options.limits.max_yaml_nodes = 100'000;
  auto b = BuildFiles({{"/r/k/kustomization.yaml", patch}, {"/r/k/d.yaml", kDeployment}}, "/r/k",
                      options);
  EXPECT_FALSE(b->out.ok);
  EXPECT_NE(b->Message().find("more than 100000 YAML nodes"), std::string::npos) << b->Message();
}

TEST(Limits, DepthGrownByPatches) {
  std::string patch = "resources: [d.yaml]\npatches:\n- target: {kind: Deployment}\n  patch: |-\n";
  std::string path = "/spec";
  for (int i = 0; i < 60; ++i) {
    path += "/a";
    patch += "    - {op: add, path: " + path + ", value: {}}\n";
  }
  Options options;
  options.limits.max_depth = 50;
  auto b = BuildFiles({{"/r/k/kustomization.yaml", patch}, {"/r/k/d.yaml", kDeployment}}, "/r/k",
                      options);
  EXPECT_NE(b->Message().find("nested more than 50 levels"), std::string::npos) << b->Message();
}

TEST(Charts, AreRenderedByTheCaller) {
  ChartRequest seen;
  Options options;
  const std::string template_text =
      "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 80}], x: 'on'}\n";
  options.inflate = [&](const ChartRequest& request,
                        Arena& arena) -> Result<std::vector<yaml::Document>> {
    seen = request;
    seen.inline_values = Value();
    EXPECT_EQ(ToJson(request.inline_values), "{\"a\":1}");
    EXPECT_EQ(request.inline_node->Find("a")->span.begin, 96u);
    Diagnostics diagnostics;
    auto documents = yaml::Parse(7, template_text, arena, Limits(), diagnostics);
    auto* port = const_cast<yaml::Node*>(
        documents[0].root->Find("spec")->Find("ports")->items[0]->Find("port"));
    port->from = {9, 1, 2};
    return documents;
  };
  auto b = BuildFiles({{"/r/k/kustomization.yaml",
                        "helmCharts:\n- name: c\n  releaseName: r\n  namespace: ns\n"
                        "  valuesFile: v.yaml\n  valuesInline: {a: 1}\n  includeCRDs: true\n"
                        "namePrefix: p-\n"},
                       {"/r/k/v.yaml", "b: 2\n"},
                       {"/r/k/charts/c/Chart.yaml", "name: c\n"}},
                      "/r/k", options);
  ASSERT_TRUE(b->out.ok) << b->Message();
  EXPECT_EQ(seen.folder, "/r/k/charts/c");
  EXPECT_EQ(seen.release_name, "r");
  EXPECT_EQ(seen.values_files, std::vector<std::string>{"/r/k/v.yaml"});
  EXPECT_TRUE(seen.include_crds);
  const yaml::Node* root = b->out.documents.at(0).root;
  EXPECT_EQ(ToJson(*root->value.Find("metadata")), "{\"name\":\"p-s\"}");
  EXPECT_EQ(ToJson(*root->value.Find("spec")), "{\"ports\":[{\"port\":80}],\"x\":\"on\"}");
  const yaml::Node* port = root->Find("spec")->Find("ports")->items[0]->Find("port");
  EXPECT_EQ(port->span.file, 7u);
  EXPECT_EQ(port->from, (Span{9, 1, 2}));
}

TEST(Build, DeprecatedFieldsAreWarnings) {
  auto b = BuildFiles({{"/r/k/kustomization.yaml", "resources: [d.yaml]\ncommonLabels: {a: b}\n"},
                       {"/r/k/d.yaml", kDeployment}});
  ASSERT_EQ(b->out.warnings.size(), 1u);
  EXPECT_NE(b->out.warnings[0].find("commonLabels"), std::string::npos);
}

}  // namespace
}  // namespace plumbline::kustomize
