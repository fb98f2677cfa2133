// Terraform resources → objects. The Terraform side is given as JSON in the shape the evaluator
// gives: a block is a list.
#include <gtest/gtest.h>

#include "graph_of.h"
#include "kubernetes/kubernetes.h"
#include "value/json.h"

namespace plumbline::kubernetes {
namespace {

/// Answers every question with the path it was asked about.
class EchoSource final : public model::ResourceSource {
 public:
  model::Located Locate(const model::Resource&,
                        std::span<const model::PathStep> path) const override {
    asked = model::PathToString(path);
    return {{0, 1, 2}, true};
  }
  std::vector<model::OriginStep> Trace(const model::Resource&,
                                       std::span<const model::PathStep> path) const override {
    return {{{0, 3, 4}, model::PathToString(path)}};
  }
  mutable std::string asked;
};

struct TerraformGraph {
  model::ResourceGraph graph;
  EchoSource source;

  void Add(std::string_view type, std::string_view json) {
    auto attributes = ParseJson(graph.arena(), json, Limits{});
    ASSERT_TRUE(attributes.has_value()) << attributes.error().message;
    Add(type, *attributes);
  }
  void Add(std::string_view type, Value attributes) {
    model::Resource r;
    r.type = type;
    r.name = "this";
    r.address = graph.arena().CopyString(std::string(type) + ".this");
    r.attributes = attributes;
    r.source = &source;
    graph.Add(std::move(r));
  }
  std::string Asked(std::uint32_t id, std::string_view path) {
    source.asked = "(not asked)";
    graph.at(id).source->Locate(graph.at(id), PathOf(path));
    return source.asked;
  }
};

TEST(TerraformObjects, TurnBlocksIntoManifests) {
  struct {
    const char *type, *attributes, *object_type, *manifest;
  } const kCases[] = {
      {"kubernetes_deployment_v1",
       R"({"metadata":[{"name":"web","labels":{"my_app":"x"}}],"timeouts":null,"depends_on":["x"],
           "spec":[{"replicas":2,"selector":[{"match_labels":{"a_b":"c"}}],
             "template":[{"metadata":[{"labels":{"a_b":"c"}}],
               "spec":[{"host_ipc":true,"service_account_name":"sa","automount_service_account_token":false,
                 "container":[{"name":"c","image":"i","port":[{"container_port":80}],
                   "env":[{"name":"N","value_from":[{"secret_key_ref":[{"name":"s","key":"k"}]}]}],
                   "volume_mount":[{"name":"v","mount_path":"/x","read_only":true}],
                   "liveness_probe":[{"http_get":[{"path":"/","port":80,"http_header":[{"name":"h","value":"v"}]}]}],
                   "lifecycle":[{"pre_stop":[{"exec":[{"command":["a","b"]}]}]}],
                   "resources":[{"limits":{"cpu":"1","nvidia.com/gpu":"2"},"requests":[{"memory":"1Gi"}]}],
                   "security_context":[{"run_as_non_root":true,"capabilities":[{"drop":["ALL"]}]}]}],
                 "init_container":[{"name":"i"}],
                 "affinity":[{"pod_anti_affinity":[{"required_during_scheduling_ignored_during_execution":[{"topology_key":"t"}]}],
                              "node_affinity":[{"required_during_scheduling_ignored_during_execution":[{"node_selector_term":[{"match_expressions":[{"key":"k","operator":"Exists"}]}]}]}]}],
                 "volume":[{"name":"v","secret":[{"secret_name":"s"}]},{"name":"h","host_path":[{"path":"/etc"}]},
                           {"name":"e","empty_dir":[{}]}],
                 "image_pull_secrets":[{"name":"p"}],"toleration":[{"key":"k"}]}]}]}]})",
       "apps/v1/Deployment",
       R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"labels":{"my_app":"x"},"name":"web"},)"
       R"("spec":{"replicas":2,"selector":{"matchLabels":{"a_b":"c"}},"template":{"metadata":{"labels":{"a_b":"c"}},)"
       R"("spec":{"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"k","operator":"Exists"}]}]}},)"
       R"("podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"t"}]}},)"
       R"("automountServiceAccountToken":false,"containers":[{"env":[{"name":"N","valueFrom":{"secretKeyRef":{"key":"k","name":"s"}}}],)"
       R"("image":"i","lifecycle":{"preStop":{"exec":{"command":["a","b"]}}},"livenessProbe":{"httpGet":{"httpHeaders":[{"name":"h","value":"v"}],"path":"/","port":80}},)"
       R"("name":"c","ports":[{"containerPort":80}],"resources":{"limits":{"cpu":"1","nvidia.com/gpu":"2"},"requests":{"memory":"1Gi"}},)"
       R"("securityContext":{"capabilities":{"drop":["ALL"]},"runAsNonRoot":true},"volumeMounts":[{"mountPath":"/x","name":"v","readOnly":true}]}],)"
       R"("hostIPC":true,"imagePullSecrets":[{"name":"p"}],"initContainers":[{"name":"i"}],"serviceAccountName":"sa","tolerations":[{"key":"k"}],)"
       R"("volumes":[{"name":"v","secret":{"secretName":"s"}},{"hostPath":{"path":"/etc"},"name":"h"},{"emptyDir":{},"name":"e"}]}}}})"},
      {"kubernetes_service",
       R"({"metadata":[{"name":"s"}],"spec":[{"selector":{"my_app":"x"},"type":"LoadBalancer","port":[{"port":80,"target_port":8080}],
           "external_ips":["1.2.3.4"],"load_balancer_source_ranges":["0.0.0.0/0"]}]})",
       "v1/Service",
       R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"externalIPs":["1.2.3.4"],)"
       R"("loadBalancerSourceRanges":["0.0.0.0/0"],"ports":[{"port":80,"targetPort":8080}],"selector":{"my_app":"x"},"type":"LoadBalancer"}})"},
      {"kubernetes_cluster_role_binding",
       R"({"metadata":[{"name":"b"}],"role_ref":[{"api_group":"g","kind":"ClusterRole","name":"admin"}],"subject":[{"kind":"User","name":"u"}]})",
       "rbac.authorization.k8s.io/v1/ClusterRoleBinding",
       R"({"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"b"},)"
       R"("roleRef":{"apiGroup":"g","kind":"ClusterRole","name":"admin"},"subjects":[{"kind":"User","name":"u"}]})"},
      {"kubernetes_role_v1",
       R"({"metadata":[{"name":"r"}],"rule":[{"api_groups":[""],"resources":["pods"],"verbs":["*"]}]})",
       "rbac.authorization.k8s.io/v1/Role",
       R"({"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"r"},"rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["*"]}]})"},
      {"kubernetes_ingress_v1",
       R"({"spec":[{"tls":[{"secret_name":"t"}],"rule":[{"host":"h","http":[{"path":[{"path":"/","backend":[{"service":[{"name":"s","port":[{"number":80}]}]}]}]}]}]}]})",
       "networking.k8s.io/v1/Ingress",
       R"({"apiVersion":"networking.k8s.io/v1","kind":"Ingress","spec":{"rules":[{"host":"h","http":{"paths":[{"backend":{"service":{"name":"s","port":{"number":80}}},"path":"/"}]}}],"tls":[{"secretName":"t"}]}})"},
      {"kubernetes_network_policy",
       R"({"spec":[{"pod_selector":[{}],"policy_types":["Ingress"],"ingress":[{"from":[{"ip_block":[{"cidr":"0.0.0.0/0"}]}],"ports":[{"port":80}]}]}]})",
       "networking.k8s.io/v1/NetworkPolicy",
       R"({"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","spec":{"ingress":[{"from":[{"ipBlock":{"cidr":"0.0.0.0/0"}}],"ports":[{"port":80}]}],"podSelector":{},"policyTypes":["Ingress"]}})"},
      {"kubernetes_persistent_volume",
       R"({"metadata":[{"name":"v"}],"spec":[{"capacity":{"storage":"1Gi"},"persistent_volume_source":[{"host_path":[{"path":"/x"}]}]}]})",
       "v1/PersistentVolume",
       R"({"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"v"},"spec":{"capacity":{"storage":"1Gi"},"hostPath":{"path":"/x"}}})"},
      {"kubernetes_service_account",
       R"({"automount_service_account_token":false,"metadata":[{"name":"a"}],"secret":[{"name":"s"}]})",
       "v1/ServiceAccount",
       R"({"apiVersion":"v1","automountServiceAccountToken":false,"kind":"ServiceAccount","metadata":{"name":"a"},"secrets":[{"name":"s"}]})"},
      {"kubernetes_config_map_v1", R"({"metadata":[{"name":"c"}],"data":{"some_key":"v"}})",
       "v1/ConfigMap",
       R"({"apiVersion":"v1","data":{"some_key":"v"},"kind":"ConfigMap","metadata":{"name":"c"}})"},
      {"kubernetes_cron_job_v1",
       R"({"spec":[{"schedule":"* * * * *","job_template":[{"spec":[{"template":[{"spec":[{"container":[{"name":"c"}]}]}]}]}]}]})",
       "batch/v1/CronJob",
       R"({"apiVersion":"batch/v1","kind":"CronJob","spec":{"jobTemplate":{"spec":{"template":{"spec":{"containers":[{"name":"c"}]}}}},"schedule":"* * * * *"}})"},
      {"kubernetes_horizontal_pod_autoscaler_v2",
       R"({"spec":[{"scale_target_ref":[{"kind":"Deployment","name":"d"}],"metric":[{"type":"Resource"}]}]})",
       "autoscaling/v2/HorizontalPodAutoscaler",
       R"({"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","spec":{"metrics":[{"type":"Resource"}],"scaleTargetRef":{"kind":"Deployment","name":"d"}}})"},
      {"kubernetes_default_service_account", R"({"metadata":[{"namespace":"n"}]})",
       "v1/ServiceAccount",
       R"({"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"default","namespace":"n"}})"},
      {"kubernetes_manifest",
       R"({"manifest":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"}}})", "v1/Pod",
       R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"}})"},
      {"kubectl_manifest", R"({"yaml_body":"apiVersion: v1\nkind: Pod\nmetadata: {name: q}\n"})",
       "v1/Pod", R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"q"}})"},
  };
  for (const auto& c : kCases) {
    TerraformGraph g;
    g.Add(c.type, c.attributes);
    AddFromTerraform(g.graph);
    ASSERT_EQ(g.graph.size(), 2u) << c.type;
    const model::Resource& r = g.graph.at(1);
    EXPECT_EQ(r.type, c.object_type);
    EXPECT_EQ(ToJson(r.attributes), c.manifest) << c.type;
    EXPECT_EQ(r.address, g.graph.at(0).address);
    EXPECT_EQ(r.framework, model::Framework::kTerraform);
  }
}

TEST(TerraformObjects, LeaveOthersAlone) {
  TerraformGraph g;
  g.Add("aws_s3_bucket", "{}");
  g.Add("kubernetes_annotations", "{}");
  g.Add("kubernetes_manifest", R"({"manifest":{"kind":"Pod"}})");
  AddFromTerraform(g.graph);
  EXPECT_EQ(g.graph.size(), 3u);
}

TEST(TerraformObjects, KeepWhatIsUnknown) {
  TerraformGraph g;
  Arena& arena = g.graph.arena();
  Value unknown = MakeUnknown(arena, DynamicType(), "var.x has no default");
  Value port = MakeObject(arena, std::vector<Member>{{"port", unknown}});
  Value probe = MakeObject(
      arena, std::vector<Member>{{"http_get", MakeTuple(arena, std::vector<Value>{port})}});
  Value container = MakeObject(
      arena, std::vector<Member>{{"image", unknown},
                                 {"env", unknown},
                                 {"port", unknown},
                                 {"readiness_probe", MakeTuple(arena, std::vector<Value>{probe})}});
  Value spec = MakeObject(
      arena,
      std::vector<Member>{{"container", MakeTuple(arena, std::vector<Value>{container, unknown})},
                          {"security_context", unknown}});
  g.Add(
      "kubernetes_pod",
      MakeObject(arena, std::vector<Member>{{"spec", MakeTuple(arena, std::vector<Value>{spec})}}));
  AddFromTerraform(g.graph);
  const std::string u = R"({"$unknown":true})";
  EXPECT_EQ(ToJson(g.graph.at(1).attributes),
            R"({"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"env":)" + u +
                R"(,"image":)" + u + R"(,"ports":)" + u +
                R"(,"readinessProbe":{"httpGet":{"port":)" + u + "}}}," + u +
                R"(],"securityContext":)" + u + "}}");
}

TEST(TerraformSource, AsksTheResourceAboutItsOwnPaths) {
  TerraformGraph g;
  g.Add("kubernetes_deployment",
        R"({"metadata":[{"name":"d","labels":{"a_b":"c"}}],"spec":[{"template":[{"spec":[{
            "container":[{"image":"x"},{"image":"y","security_context":[{"capabilities":[{"drop":["ALL"]}]}],
            "resources":[{"limits":[{"cpu":"1"}]}]}]}]}]}]})");
  g.Add("kubernetes_persistent_volume",
        R"({"spec":[{"persistent_volume_source":[{"host_path":[{"path":"/x"}]}]}]})");
  g.Add("kubernetes_manifest", R"({"manifest":{"apiVersion":"v1","kind":"Pod"}})");
  g.Add("kubectl_manifest", R"({"yaml_body":"apiVersion: v1\nkind: Pod\n"})");
  AddFromTerraform(g.graph);
  ASSERT_EQ(g.graph.size(), 8u);
  const std::string container = "spec[0].template[0].spec[0].container[1]";
  EXPECT_EQ(g.Asked(4, "spec.template.spec.containers[1].image"), container + ".image");
  EXPECT_EQ(g.Asked(4, "spec.template.spec.containers[1].securityContext.capabilities.drop[0]"),
            container + ".security_context[0].capabilities[0].drop[0]");
  EXPECT_EQ(g.Asked(4, "spec.template.spec.containers[1].securityContext"),
            container + ".security_context");
  EXPECT_EQ(g.Asked(4, "spec.template.spec.containers[1].resources.limits.cpu"),
            container + ".resources[0].limits[0].cpu");
  EXPECT_EQ(g.Asked(4, "spec.template.spec.containers[1].livenessProbe"),
            container + ".livenessProbe");
  EXPECT_EQ(g.Asked(4, "spec.template.spec.containers"), "spec[0].template[0].spec[0].container");
  EXPECT_EQ(g.Asked(4, "metadata.labels.a_b"), "metadata[0].labels.a_b");
  EXPECT_EQ(g.Asked(4, "spec.replicas"), "spec[0].replicas");
  EXPECT_EQ(g.Asked(5, "spec.hostPath.path"),
            "spec[0].persistent_volume_source[0].host_path[0].path");
  EXPECT_EQ(g.Asked(6, "spec.containers[0]"), "manifest.spec.containers[0]");
  EXPECT_EQ(g.Asked(7, "spec.containers[0]"), "yaml_body");
  EXPECT_EQ(g.Asked(4, ""), "(not asked)");
  const model::Resource& r = g.graph.at(4);
  EXPECT_EQ(r.source->Trace(r, PathOf("metadata.name")).at(0).what, "metadata[0].name");
}

}  // namespace
}  // namespace plumbline::kubernetes
