// Which object refers to which.
#include <gtest/gtest.h>

#include "graph_of.h"

namespace plumbline::kubernetes {
namespace {

std::string ReferencesOf(const std::string& text) {
  TestGraph g;
  g.Add(text);
  g.Link();
  return g.References();
}

TEST(References, OfPodsGoToWhatTheyUseInTheirNamespace) {
  TestGraph g;
  g.Add(R"(apiVersion: batch/v1
kind: CronJob
metadata: {name: j, namespace: ns1}
spec:
  jobTemplate:
    spec:
      template:
        spec:
          serviceAccountName: sa
          imagePullSecrets: [{name: pull}]
          volumes:
          - configMap: {name: cm}
          - secret: {secretName: s}
          - persistentVolumeClaim: {claimName: p}
          - projected: {sources: [{secret: {name: s2}}]}
          containers:
          - env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}]
            envFrom: [{configMapRef: {name: cm}}]
          initContainers:
          - envFrom: [{secretRef: {name: elsewhere}}]
)");
  for (const char* kind_name : {"ServiceAccount sa", "Secret pull", "ConfigMap cm", "Secret s",
                                "PersistentVolumeClaim p", "Secret s2"}) {
    std::string text(kind_name);
    std::size_t space = text.find(' ');
    g.Add("apiVersion: v1\nkind: " + text.substr(0, space) +
          "\nmetadata: {name: " + text.substr(space + 1) + ", namespace: ns1}\n");
  }
  g.Add("apiVersion: v1\nkind: Secret\nmetadata: {name: elsewhere, namespace: other}\n");
  g.Link();
  const std::string p = "CronJob/ns1/j spec.jobTemplate.spec.template.spec.";
  EXPECT_EQ(g.References(),
            p + "serviceAccountName -> ServiceAccount/ns1/sa\n" + p +
                "imagePullSecrets.name -> Secret/ns1/pull\n" + p +
                "volumes.configMap.name -> ConfigMap/ns1/cm\n" + p +
                "volumes.secret.secretName -> Secret/ns1/s\n" + p +
                "volumes.persistentVolumeClaim.claimName -> PersistentVolumeClaim/ns1/p\n" + p +
                "volumes.projected.sources.secret.name -> Secret/ns1/s2\n" + p +
                "containers.env.valueFrom.secretKeyRef.name -> Secret/ns1/s\n" + p +
                "containers.envFrom.configMapRef.name -> ConfigMap/ns1/cm\n");
  EXPECT_EQ(g.graph.at(1).referenced_by, std::vector<std::uint32_t>{0});
}

TEST(References, OfBindingsGoToRolesAndServiceAccounts) {
  EXPECT_EQ(ReferencesOf(R"(apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: ns1}
roleRef: {kind: ClusterRole, name: admin}
subjects:
- {kind: ServiceAccount, name: sa, namespace: m}
- {kind: User, name: sa}
---
{apiVersion: v1, kind: ServiceAccount, metadata: {name: sa, namespace: m}}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: admin}}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: admin, namespace: ns1}}
)"),
            "RoleBinding/ns1/b roleRef -> ClusterRole/default/admin\n"
            "RoleBinding/ns1/b subjects -> ServiceAccount/m/sa\n");
}

TEST(References, OfSelectorsGoToWorkloadsByLabel) {
  const std::string workloads = R"(
---
{apiVersion: v1, kind: Pod, metadata: {name: a, labels: {app: x, tier: web}}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: b, labels: {app: no}}, spec: {template: {metadata: {labels: {app: x}}}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: c, namespace: other, labels: {app: x}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: d, labels: {app: y}}}
)";
  struct {
    const char *object, *references;
  } const kCases[] = {
      {"{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {selector: {app: x}}}",
       "Service/default/s spec.selector -> Pod/default/a\n"
       "Service/default/s spec.selector -> Deployment/default/b\n"},
      {"{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {selector: {app: x, tier: "
       "web}}}",
       "Service/default/s spec.selector -> Pod/default/a\n"},
      {"{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {selector: {}}}", ""},
      {"{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {selector: {app: zzz}}}", ""},
      {"{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, spec: "
       "{podSelector: {}}}",
       "NetworkPolicy/default/p spec.podSelector -> Pod/default/a\n"
       "NetworkPolicy/default/p spec.podSelector -> Deployment/default/b\n"
       "NetworkPolicy/default/p spec.podSelector -> Pod/default/d\n"},
      {"{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, spec: "
       "{podSelector: "
       "{matchExpressions: [{key: app, operator: NotIn, values: [x]}]}}}",
       "NetworkPolicy/default/p spec.podSelector -> Pod/default/d\n"},
      {"{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: p}, spec: {selector: "
       "{matchLabels: {app: x}, matchExpressions: [{key: tier, operator: DoesNotExist}]}}}",
       "PodDisruptionBudget/default/p spec.selector -> Deployment/default/b\n"},
  };
  for (const auto& c : kCases)
    EXPECT_EQ(ReferencesOf(c.object + workloads), c.references) << c.object;
}

TEST(References, OfIngressAutoscalerAndStatefulSetGoByName) {
  EXPECT_EQ(ReferencesOf(R"(apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: i}
spec:
  tls: [{secretName: cert}]
  rules: [{http: {paths: [{backend: {service: {name: s}}}]}}]
---
{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: h}, spec: {scaleTargetRef: {kind: StatefulSet, name: db}}}
---
{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db}, spec: {serviceName: s}}
---
{apiVersion: v1, kind: Service, metadata: {name: s}}
---
{apiVersion: v1, kind: Secret, metadata: {name: cert}}
---
{apiVersion: autoscaling.k8s.io/v1, kind: VerticalPodAutoscaler, metadata: {name: v}, spec: {targetRef: {kind: StatefulSet, name: db}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: ns1}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: ns1}}
)"),
            "Ingress/default/i spec.rules.http.paths.backend.service.name -> Service/default/s\n"
            "Ingress/default/i spec.tls.secretName -> Secret/default/cert\n"
            "HorizontalPodAutoscaler/default/h spec.scaleTargetRef -> StatefulSet/default/db\n"
            "StatefulSet/default/db spec.serviceName -> Service/default/s\n"
            "VerticalPodAutoscaler/default/v spec.targetRef -> StatefulSet/default/db\n"
            "Pod/ns1/p metadata.namespace -> Namespace/default/ns1\n");
}

TEST(References, PreferTheObjectOfTheSameFile) {
  TestGraph g;
  for (int i = 0; i < 2; ++i) {
    g.Add(
        "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {serviceAccountName: s}}\n---\n"
        "{apiVersion: v1, kind: ServiceAccount, metadata: {name: s}}\n");
  }
  g.Link();
  EXPECT_EQ(g.graph.at(2).references.at(0).target, 3u);
  EXPECT_EQ(g.graph.at(2).references.size(), 1u);
}

TEST(References, StayBoundedForSelectorsThatHitEverything) {
  TestGraph g;
  std::string text;
  for (int i = 0; i < 3'000; ++i) {
    std::string n = std::to_string(i);
    text += "{apiVersion: v1, kind: Pod, metadata: {name: p" + n + ", labels: {a: b}}}\n---\n";
  }
  text +=
      "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: n}, spec: "
      "{podSelector: {}}}\n";
  g.Add(text);
  g.Link();
  EXPECT_EQ(g.graph.at(3'000).references.size(), 1'000u);
}

}  // namespace
}  // namespace plumbline::kubernetes
