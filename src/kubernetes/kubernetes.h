// The Kubernetes front end: manifests → resources, and Terraform's kubernetes_* resources → the
// same resources.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "model/resource.h"
#include "support/diagnostic.h"
#include "support/limits.h"
#include "support/source.h"
#include "yaml/yaml.h"

namespace plumbline::kubernetes {

/// Cheap test on raw text: can this YAML or JSON file hold manifests (`apiVersion` and `kind`
/// keys), and is it no template of something else? Helm templates ("{{" outside of strings) and
/// CloudFormation answer false.
bool LooksLikeManifest(std::string_view text);

/// Adds the objects of one file to the graph: `kind: List` unfolded, documents without
/// apiVersion/kind left alone, custom resources kept. type = "apps/v1/Deployment" ("v1/Pod" for the
/// core group), address = "Deployment/namespace/name"
/// ("Namespace//name" never: cluster-scoped and namespace-less objects use "default" as the
/// namespace). Call AddReferences(graph) and graph.Link() after the last file.
void AddManifests(FileId file, std::string_view text, const Limits& limits,
                  model::ResourceGraph& graph, Diagnostics& diagnostics);

/// The same for documents that were made, not read: by Kustomize or Helm. They and their texts must
/// outlive the graph.
void AddDocuments(std::span<const yaml::Document> documents, model::Framework framework,
                  model::ResourceGraph& graph);

/// Adds to the graph, for each kubernetes_* resource and kubernetes_manifest in it (`_v1` forms
/// too), the Kubernetes object it makes: framework kTerraform, type and attributes as in a
/// manifest, address the Terraform address, places and origins those of the Terraform source. Call
/// before Link().
void AddFromTerraform(model::ResourceGraph& graph);

/// Finds what the Kubernetes objects of the graph refer to by name, selector or role: workload →
/// ServiceAccount, ConfigMap, Secret, PersistentVolumeClaim; bindings → roles and ServiceAccounts;
/// Service, NetworkPolicy, PodDisruptionBudget → workloads; Ingress → Service; autoscalers →
/// targets; anything → its Namespace. Call once, after the last AddManifests and AddFromTerraform
/// and before Link(). A selector that hits very many workloads is cut short, so that the cost stays
/// linear.
void AddReferences(model::ResourceGraph& graph);

}  // namespace plumbline::kubernetes
