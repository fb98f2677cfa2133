// What is not in the repository: addresses, mirrors, and builds that leave things out.
#include "kustomize/remote.h"

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

TEST(Remote, AddressesAreTakenApart) {
  const struct {
    const char *text, *host, *path, *subdir, *ref;
  } cases[] = {
      {"https://github.com/org/repo//a/b?ref=v1", "github.com", "org/repo", "a/b", "v1"},
      {"github.com/org/repo/a/b?ref=v1&timeout=90s", "github.com", "org/repo", "a/b", "v1"},
      {"github.com/org/repo?version=v2", "github.com", "org/repo", "", "v2"},
      {"git::https://user:pw@git.example.com:8443/x/y/z.git//sub?ref=main", "git.example.com",
       "x/y/z", "sub", "main"},
      {"git@github.com:org/repo.git//d", "github.com", "org/repo", "d", ""},
      {"ssh://git@GitHub.com/org/repo.git/d?ref=r/1", "github.com", "org/repo", "d", "r/1"},
      {"https://dev.azure.com/o/p/_git/repo/d?ref=x", "dev.azure.com", "o/p/_git/repo", "d", "x"},
      {"gh:org/repo", "github.com", "org/repo", "", ""},
      {"file:///srv/repo//d", "", "srv/repo", "d", ""},
  };
  for (const auto& c : cases) {
    EXPECT_TRUE(LooksRemote(c.text)) << c.text;
    RemoteAddress a = ParseRemote(c.text);
    EXPECT_EQ(a.host, c.host) << c.text;
    EXPECT_EQ(a.path, c.path) << c.text;
    EXPECT_EQ(a.subdir, c.subdir) << c.text;
    EXPECT_EQ(a.ref, c.ref) << c.text;
  }
  for (const char* local : {"../base", "a/b.yaml", "github.example/x", "a@b", ""}) {
    EXPECT_FALSE(LooksRemote(local)) << local;
  }
  EXPECT_EQ(WithoutPassword("https://u:secret@h/x?a=b@c"), "https://h/x?a=b@c");
  EXPECT_EQ(WithoutPassword("ssh://git@h/x"), "ssh://git@h/x");
}

struct Built {
  SourceMap sources;
  Arena arena;
  Output out;
  std::string Message() const { return out.diagnostics.empty() ? "" : out.diagnostics[0].message; }
  std::string Where(Span span) const {
    if (!span.valid()) return "nowhere";
    return std::string(sources.Path(span.file)) + ":" + std::to_string(sources.Start(span).line);
  }
  std::string Names() const {
    std::string names;
    for (const yaml::Document& d : out.documents) {
      names += std::string(d.root->Find("metadata")->Find("name")->value.as_string()) + " ";
    }
    return names;
  }
};

std::unique_ptr<Built> BuildFiles(const Files& files, bool tolerant) {
  auto b = std::make_unique<Built>();
  Options options;
  options.display_base = "/r";
  options.mirrors = {"/mirror"};
  options.tolerant = tolerant;
  b->out = Build(MemoryFileSystem(files), "/r/k", "/r", b->sources, b->arena, options);
  return b;
}

TEST(Mirror, ARemoteBaseIsBuiltFromItsCopy) {
  auto b = BuildFiles(
      {{"/r/k/kustomization.yaml",
        "resources:\n- https://github.com/o/p//deploy?ref=v1\n"
        "- https://raw.githubusercontent.com/o/p/v1/svc.yaml\n- https://x.org/f.yaml\n"},
       {"/mirror/github.com/o/p/v1/deploy/kustomization.yaml", "resources: [../d.yaml, ../b]\n"},
       {"/mirror/github.com/o/p/v1/b/kustomization.yaml", "namePrefix: a\n"},
       {"/mirror/github.com/o/p/v1/d.yaml", kDeployment},
       {"/mirror/github.com/o/p/v1/svc.yaml",
        "apiVersion: v1\nkind: Service\nmetadata: {name: s}\n"},
       {"/mirror/x.org/f.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: f}\n"}},
      false);
  // As for any base: files only from below their kustomization.
  EXPECT_NE(b->Message().find("is not in or below"), std::string::npos) << b->Message();
  b = BuildFiles(
      {{"/r/k/kustomization.yaml",
        "resources:\n- https://github.com/o/p//deploy?ref=v1\n"
        "- https://raw.githubusercontent.com/o/p/v1/svc.yaml\n- https://x.org/f.yaml\n"
        "- git@github.com:o/q.git\n"},
       {"/mirror/github.com/o/p/v1/deploy/kustomization.yaml", "resources: [d.yaml, ../b]\n"},
       {"/mirror/github.com/o/p/v1/b/kustomization.yaml", "namePrefix: a\n"},
       {"/mirror/github.com/o/p/v1/deploy/d.yaml", kDeployment},
       {"/mirror/github.com/o/q/kustomization.yaml", "resources: [q.yaml]\n"},
       {"/mirror/github.com/o/q/q.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: q}\n"},
       {"/mirror/github.com/o/p/v1/svc.yaml",
        "apiVersion: v1\nkind: Service\nmetadata: {name: s}\n"},
       {"/mirror/x.org/f.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: f}\n"}},
      false);
  ASSERT_TRUE(b->out.ok) << b->Message();
  EXPECT_EQ(b->Names(), "f q s web ");
  EXPECT_EQ(b->Where(b->out.documents[3].span), "github.com/o/p@v1/deploy/d.yaml:1");
  EXPECT_EQ(b->out.bases.size(), 3u);
}

TEST(Mirror, NothingOutsideTheCopyIsRead) {
  Files files = {{"/r/k/kustomization.yaml", "resources: ['https://h/o/p//d?ref=v1']\n"},
                 {"/mirror/h/o/p/v1/d/kustomization.yaml", "resources: [../../../secret]\n"},
                 {"/mirror/h/o/secret/kustomization.yaml", "resources: [d.yaml]\n"}};
  auto b = BuildFiles(files, false);
  EXPECT_NE(b->Message().find("is outside '/mirror/h/o/p/v1'"), std::string::npos) << b->Message();
  for (const char* way_out :
       {"https://h/o/p//../../secret?ref=v1", "https://h/o/p?ref=../../secret",
        "https://../r/k/x?ref=..", "https://h/../../r//k?ref=v1"}) {
    files["/r/k/kustomization.yaml"] = "resources: ['" + std::string(way_out) + "']\n";
    files["/r/secret/kustomization.yaml"] = "resources: [d.yaml]\n";
    b = BuildFiles(files, false);
    EXPECT_FALSE(b->out.ok) << way_out;
    EXPECT_EQ(b->Where(b->out.diagnostics.at(0).span), "k/kustomization.yaml:1") << b->Message();
  }
}

TEST(Remote, WithoutToleranceItIsAnErrorThatNamesTheMirror) {
  auto b = BuildFiles({{"/r/k/kustomization.yaml",
                        "resources:\n- d.yaml\n- https://u:pw@github.com/a/b//c?ref=v1\n"},
                       {"/r/k/d.yaml", kDeployment}},
                      false);
  EXPECT_FALSE(b->out.ok);
  EXPECT_NE(b->Message().find("nothing is fetched"), std::string::npos) << b->Message();
  EXPECT_NE(b->Message().find("github.com/a/b/v1 in a mirror"), std::string::npos) << b->Message();
  EXPECT_EQ(b->Message().find("pw"), std::string::npos) << b->Message();
  EXPECT_EQ(b->Where(b->out.diagnostics.at(0).span), "k/kustomization.yaml:3");
}

TEST(Tolerant, TheRestIsBuilt) {
  auto b = BuildFiles(
      {{"/r/k/kustomization.yaml",
        "resources:\n- d.yaml\n- https://u:pw@github.com/a/b//c?ref=v1\n- ../base\n"
        "components:\n- github.com/a/b/comp?ref=v1\n"
        "configMapGenerator:\n- {name: absent, behavior: merge, literals: [a=1]}\n"
        "- {name: here, literals: [a=1]}\n"
        "helmCharts:\n- {name: redis, repo: 'oci://u:pw@r.io/charts', version: 1.2.3}\n"
        "patches:\n- path: https://github.com/a/b/p.yaml\n"
        "- patch: |-\n    apiVersion: v1\n    kind: Service\n    metadata: {name: absent}\n"
        "- target: {kind: Deployment}\n  patch: |-\n"
        "    - {op: replace, path: /spec/absent/x, value: 1}\n"
        "- target: {kind: Deployment}\n  patch: |-\n"
        "    - {op: replace, path: /spec/replicas, value: 7}\n"
        "replicas:\n- {name: absent, count: 2}\n"
        "replacements:\n- source: {kind: Service, name: absent}\n"
        "  targets: [{select: {kind: Deployment}}]\n"
        "vars:\n- {name: V, objref: {apiVersion: v1, kind: Service, name: absent}}\n"},
       {"/r/base/kustomization.yaml",
        "resources: [git::https://h.io/x/y, c.yaml]\nconfigurations: ['https://h.io/c.yaml']\n"},
       {"/r/base/c.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: s}\n"},
       {"/r/k/d.yaml", kDeployment}},
      true);
  ASSERT_TRUE(b->out.ok) << b->Message();
  EXPECT_EQ(b->Names(), "here-h29d89cmmt s web ");
  EXPECT_EQ(ToJson(*b->out.documents[2].root->value.Find("spec")->Find("replicas")), "7");
  std::string told;
  for (const Missing& m : b->out.missing) {
    told += b->Where(m.span) + " " + m.url + " " + m.chart + m.version + "\n";
  }
  EXPECT_EQ(told,
            "k/kustomization.yaml:3 https://github.com/a/b//c?ref=v1 \n"
            "base/kustomization.yaml:1 git::https://h.io/x/y \n"
            "base/kustomization.yaml:2 https://h.io/c.yaml \n"
            "k/kustomization.yaml:11 oci://r.io/charts redis1.2.3\n"
            "k/kustomization.yaml:6 github.com/a/b/comp?ref=v1 \n"
            "k/kustomization.yaml:13 https://github.com/a/b/p.yaml \n");
  EXPECT_EQ(b->out.bases, (std::vector<Base>{{"/r/base", false}}));
}

TEST(Tolerant, WhatIsWrongAnywayStaysAnError) {
  const char* cases[] = {
      "resources: [d.yaml, none.yaml]\n",
      "resources: [d.yaml]\nreplicas: [{name: absent, count: 1}]\n",
      "resources: [d.yaml]\npatches: [{patch: '{apiVersion: v1, kind: X, metadata: {name: a}}'}]\n",
      "resources: [d.yaml]\nconfigMapGenerator: [{name: c, behavior: merge}]\n",
      "resources: [d.yaml, ../broken]\n",
      "resources: [d.yaml, 'https://a.b/c/d']\npatches:\n- target: {kind: Deployment}\n"
      "  patch: |-\n    - {op: remove, path: /none}\n",
  };
  for (const char* text : cases) {
    auto b = BuildFiles({{"/r/k/kustomization.yaml", text},
                         {"/r/broken/kustomization.yaml", "resources: 5\n"},
                         {"/r/k/d.yaml", kDeployment}},
                        true);
    EXPECT_FALSE(b->out.ok) << text;
    ASSERT_FALSE(b->out.diagnostics.empty());
    EXPECT_TRUE(b->out.diagnostics[0].span.valid()) << b->Message();
  }
}

TEST(Tolerant, WhatOneBaseLacksExcusesNoOther) {
  auto b = BuildFiles(
      {{"/r/k/kustomization.yaml", "resources: [../a, ../b]\n"},
       {"/r/a/kustomization.yaml", "resources: ['https://h.io/x/y']\n"},
       {"/r/b/kustomization.yaml", "resources: [d.yaml]\nreplicas: [{name: absent, count: 1}]\n"},
       {"/r/b/d.yaml", kDeployment}},
      true);
  EXPECT_NE(b->Message().find("no resource named absent"), std::string::npos) << b->Message();
  EXPECT_EQ(b->Where(b->out.diagnostics.at(0).span), "b/kustomization.yaml:2");
}

TEST(Folders, ReferencedOnesAreReadWithoutABuild) {
  Files files = {{"/r/k/kustomization.yaml",
                  "resources: [../base, d.yaml, 'https://h/x/y', ../none]\ncomponents: [c]\n"
                  "bases: [../old]\nunknown: 5\n"},
                 {"/r/k/c/kustomization.yaml", "kind: Component\n"},
                 {"/r/k/d.yaml", ""},
                 {"/r/base/kustomization.yaml", ""},
                 {"/r/old/kustomization.yaml", ""}};
  EXPECT_EQ(ReferencedFolders(MemoryFileSystem(files), "/r/k", Limits()),
            (std::vector<std::string>{"/r/base", "/r/k/c", "/r/old"}));
  EXPECT_TRUE(ReferencedFolders(MemoryFileSystem(files), "/r/none", Limits()).empty());
}

TEST(Faults, LeadToTheInnermostPart) {
  const struct {
    const char* text;
    int line;
  } cases[] = {
      {"resources: [d.yaml]\nnamePrefix: 5\n", 2},
      {"resources:\n- d.yaml\n- 5\n", 3},
      {"resources: [d.yaml]\npatches:\n- target:\n    kind: X\n    nme: y\n  patch: x\n", 5},
      {"resources: [d.yaml]\nimages:\n- name: a\n- name: b\n  newTag: 1.5\n", 5},
      {"resources: [d.yaml]\nunknown: 1\n", 2},
      {"resources: [d.yaml]\nsortOptions: 7\n", 2},
      {"resources: [d.yaml]\nopenapi: {\n  version: v9}\n", 3},
      {"resources: [d.yaml]\nnamespace: a\nlabels:\n- pairs: {a: b}\n  fields:\n"
       "  - path: kind/x\n    create: true\n",
       4},
  };
  for (const auto& c : cases) {
    auto b = BuildFiles({{"/r/k/kustomization.yaml", c.text}, {"/r/k/d.yaml", kDeployment}}, false);
    ASSERT_FALSE(b->out.ok) << c.text;
    EXPECT_EQ(b->Where(b->out.diagnostics[0].span),
              "k/kustomization.yaml:" + std::to_string(c.line))
        << b->Message();
  }
}

}  // namespace
}  // namespace plumbline::kustomize
