// Files → objects, and where their attributes stand.
#include <gtest/gtest.h>

#include "graph_of.h"
#include "value/json.h"

namespace plumbline::kubernetes {
namespace {

TEST(Manifests, BecomeObjectsWithAddressAndType) {
  TestGraph g;
  g.Add(R"(apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
---
# nothing here
---
just: data
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Pod
metadata: {generateName: run-}
---
apiVersion: example.com/v1alpha1
kind: Widget
metadata: {name: 12}
)");
  g.Add(R"({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "a"}})");
  EXPECT_EQ(g.Objects(),
            "Deployment/shop/web apps/v1/Deployment\n"
            "Namespace/default/shop v1/Namespace\n"
            "Pod/default/run- v1/Pod\n"
            "Widget/default/12 example.com/v1alpha1/Widget\n"
            "Secret/a/s v1/Secret\n");
  EXPECT_TRUE(g.diagnostics.empty());
  const model::Resource& r = g.graph.at(0);
  EXPECT_EQ(g.Slice(r.header), "kind: Deployment");
  EXPECT_EQ(r.name, "web");
  EXPECT_EQ(r.ns, "shop");
  EXPECT_EQ(g.graph.at(1).ns, "");
}

TEST(Manifests, UnfoldLists) {
  TestGraph g;
  g.Add(R"(apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Pod
  metadata: {name: a}
- apiVersion: v1
  kind: List
  items:
  - {apiVersion: v1, kind: Pod, metadata: {name: b}}
---
apiVersion: apps/v1
kind: DeploymentList
items:
- metadata: {name: c}
---
apiVersion: example.com/v1
kind: AllowList
metadata: {name: d}
)");
  EXPECT_EQ(
      g.Objects(),
      "Pod/default/a v1/Pod\nPod/default/b v1/Pod\n"
      "Deployment/default/c apps/v1/Deployment\nAllowList/default/d example.com/v1/AllowList\n");
  EXPECT_EQ(ToJson(g.graph.at(2).attributes),
            R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"c"}})");
  EXPECT_EQ(g.Slice(g.graph.at(1).span), "{apiVersion: v1, kind: Pod, metadata: {name: b}}");
}

TEST(Manifests, LeaveTemplatesInConfigMapsAlone) {
  TestGraph g;
  std::string text = R"(apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data:
  page.tpl: |
    {{ if .x }}
    apiVersion: v1
    kind: Pod
    {{ end }}
  quoted: "{{ .Name }}"
)";
  EXPECT_TRUE(LooksLikeManifest(text));
  g.Add(text);
  EXPECT_EQ(g.Objects(), "ConfigMap/default/c v1/ConfigMap\n");
  EXPECT_TRUE(g.diagnostics.empty());
}

TEST(Manifests, AreReadAroundABrokenDocument) {
  TestGraph g;
  std::string text =
      "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\nkind: {{ .kind }}\n{{- end }}\n---\n"
      "apiVersion: v1\nkind: Pod\nmetadata: {name: b}\n";
  EXPECT_TRUE(LooksLikeManifest(text));
  g.Add(text);
  EXPECT_EQ(g.Objects(), "Pod/default/a v1/Pod\nPod/default/b v1/Pod\n");
  ASSERT_EQ(g.diagnostics.size(), 1u);
  EXPECT_EQ(g.sources.Start(g.diagnostics[0].span).line, 5u);
}

TEST(LooksLikeManifest, TellsManifestsFromOtherYaml) {
  struct {
    const char* text;
    bool expected;
  } const kCases[] = {
      {"apiVersion: v1\nkind: Pod\n", true},
      {"# c\n---\n\"kind\": Pod\n\"apiVersion\": v1\n", true},
      {"a: 1\n---\nkind: Pod\napiVersion: v1\n", true},
      {"  apiVersion: v1\n  kind: Pod\n", true},
      {"{apiVersion: v1, kind: Pod}\n", true},
      {"{\n  \"kind\": \"Pod\",\n  \"apiVersion\": \"v1\"}", true},
      {"apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    a: see {{ $x }}\n    b: '{{ y "
       "}}'\n",
       true},
      {"kind: Pod\n", false},
      {"spec:\n  apiVersion: v1\n  kind: Pod\n", false},
      {"apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n", false},
      {"apiVersion: v1\nkind: Pod\nmetadata:\n  name: \"{{ .Release.Name }}-x\"\n", false},
      {"{{- if .x }}\napiVersion: v1\nkind: Pod\n{{- end }}\n", false},
      {"apiVersion: v1\nkind: Pod\nmetadata:\n  labels:\n  {{- include \"x\" . | nindent 4 }}\n",
       false},
      {"AWSTemplateFormatVersion: 2010-09-09\nResources: {}\n", false},
      {"{\"Resources\": {}, \"AWSTemplateFormatVersion\": \"x\", \"kind\": 1, \"apiVersion\": 2}",
       false},
      {"", false},
      {"\xEF\xBB\xBF"
       "apiVersion: v1\r\nkind: Pod\r\n",
       true},
  };
  for (const auto& c : kCases) EXPECT_EQ(LooksLikeManifest(c.text), c.expected) << c.text;
}

TEST(ManifestSource, LocatesEntriesAndTheirNearestAncestors) {
  TestGraph g;
  g.Add(R"(apiVersion: v1
kind: Pod
metadata:
  name: a
spec:
  containers:
  - name: c
    image: nginx
    securityContext:
      privileged: true
)");
  const model::Resource& r = g.graph.at(0);
  struct {
    const char *path, *text;
    bool exact;
  } const kCases[] = {
      {"spec.containers[0].image", "image: nginx", true},
      {"spec.containers[0].securityContext.privileged", "privileged: true", true},
      {"spec.containers[0].securityContext.runAsUser", "securityContext", false},
      {"spec.containers[0].resources.limits", "name: c", false},
      {"spec.containers[3].image", "containers", false},
      {"spec.hostNetwork", "spec", false},
      {"status.phase", "kind: Pod", false},
      {"", "kind: Pod", true},
  };
  for (const auto& c : kCases) {
    model::Located at = r.source->Locate(r, PathOf(c.path));
    EXPECT_EQ(g.Slice(at.span), c.text) << c.path;
    EXPECT_EQ(at.exact, c.exact) << c.path;
    EXPECT_TRUE(r.source->Trace(r, PathOf(c.path)).empty());
  }
}

TEST(ManifestSource, TracesAliasesAndMergesToTheirAnchors) {
  TestGraph g;
  g.Add(R"(apiVersion: v1
kind: Pod
x-base: &base
  image: nginx:latest
  securityContext: {privileged: true}
x-tag: &tag redis:1
spec:
  containers:
  - <<: *base
    name: c
  - name: d
    image: *tag
)");
  const model::Resource& r = g.graph.at(0);
  model::Path image = PathOf("spec.containers[0].image");
  EXPECT_EQ(g.Slice(r.source->Locate(r, image).span), "<<: *base");
  auto steps = r.source->Trace(r, image);
  ASSERT_EQ(steps.size(), 1u);
  EXPECT_EQ(g.Slice(steps[0].span), "image: nginx:latest");
  EXPECT_EQ(steps[0].what, "merged with <<");
  model::Path deep = PathOf("spec.containers[0].securityContext.privileged");
  EXPECT_EQ(g.Slice(r.source->Locate(r, deep).span), "<<: *base");
  EXPECT_EQ(g.Slice(r.source->Trace(r, deep).at(0).span), "privileged: true");
  model::Path tag = PathOf("spec.containers[1].image");
  EXPECT_EQ(g.Slice(r.source->Locate(r, tag).span), "image: *tag");
  EXPECT_EQ(g.Slice(r.source->Trace(r, tag).at(0).span), "redis:1");
}

}  // namespace
}  // namespace plumbline::kubernetes
