// What the objects of Flux and Argo CD will apply, as far as it lies in the scanned tree:
// HelmRelease and Kustomization, Application and ApplicationSet → charts, kustomizations and
// folders of manifests, each with what the deployer adds to it. Objects that such a target produces
// are objects again (an app of apps): whoever renders the targets hands them back to Follow.
//
//   gitops::Followed found = gitops::Follow(objects, context);
//   for (const gitops::Target& t : found.targets) {
//     if (auto* k = std::get_if<gitops::KustomizeTarget>(&t.what)) {
//       gitops::Built built = gitops::BuildKustomization(t, *k, context, options);
//       …built.documents…
//
// Nothing is fetched and nothing outside of the repositories' roots is read, but for the
// configuration of git itself. Left out: values that only a cluster knows (secrets that are not in
// the tree, generators that ask a server), which are told as not followed.
#pragma once

#include <map>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "kustomize/kustomize.h"
#include "support/arena.h"
#include "support/diagnostic.h"
#include "support/fs.h"
#include "support/limits.h"
#include "support/source.h"
#include "yaml/yaml.h"

namespace plumbline::gitops {

// --- What is asked ---

/// A checked out repository.
struct Repository {
  std::string root;                  // absolute, resolved
  std::vector<std::string> remotes;  // the URLs of .git/config; empty when there is none
};

/// The repository that `folder` lies in: the nearest folder upwards with a `.git` (a folder, or the
/// file of a worktree or submodule). Without one, `folder` itself is the root.
Repository FindRepository(const FileSystem& fs, const std::string& folder);

struct Bounds {
  std::size_t max_targets = 20'000;       // of one call, generated Applications included
  std::size_t max_parameters = 20'000;    // sets of parameters of one generator
  std::size_t max_files = 200'000;        // folders and files looked at by one call
  std::uint32_t max_generator_depth = 3;  // a matrix in a matrix
  std::size_t max_rendered = 1'000'000;   // nodes of templates rendered for one ApplicationSet
};

/// Objects by kind and name. Whoever calls Follow again and again keeps one and adds what it finds;
/// the documents must outlive it.
class ObjectIndex {
 public:
  struct Entry {
    const yaml::Node* object = nullptr;
    std::string ns;
  };
  void Add(std::span<const yaml::Document> documents);
  std::span<const Entry> Find(std::string_view kind, std::string_view name) const;
  /// The ArtifactGenerators that make an artifact of this name.
  std::span<const Entry> FindArtifact(std::string_view name) const;

 private:
  std::map<std::string, std::vector<Entry>, std::less<>> entries_;  // "Kind/name"
};

struct Context {
  const FileSystem& fs;
  SourceMap& sources;
  Arena& arena;  // owns every node that is handed out
  /// A path belongs to the first of them that has it.
  std::vector<Repository> repositories;
  /// How files that are read here are shown: relative to this folder where they lie below it.
  std::string display_base = {};
  /// Objects that may be referred to beside those that are followed: sources, ConfigMaps, Secrets.
  /// Not owned; may be null.
  const ObjectIndex* known = nullptr;
  Limits limits = {};
  Bounds bounds = {};
};

// --- What is answered ---

/// One layer of a release's values; a later one wins. Either a file or a tree.
struct ValuesLayer {
  std::string file;                  // absolute
  const yaml::Node* node = nullptr;  // with the spans (and `from`) of where it is written
  Span span;                         // the entry that names it
};

enum class SetKind : std::uint8_t { kTyped, kString, kFile };  // --set, --set-string, --set-file

struct Parameter {
  SetKind kind = SetKind::kTyped;
  std::string text;  // "a.b=c" as --set takes it; of a file: the path is absolute
  Span span, from;
};

/// Fields that the deployer sets in the kustomization: an addition keeps the names and shapes that
/// a kustomization file has. Nodes keep their spans.
struct Addition {
  enum class How : std::uint8_t { kSet, kAppend, kMerge };  // a scalar; list items; mapping entries
  std::string field;                                        // "namePrefix", "patches", "images", …
  How how = How::kSet;
  const yaml::Node* value = nullptr;
};

struct Variable {
  std::string name, value;
  Span span;
};

/// Flux's postBuild: ${name} in everything that was built.
struct Substitution {
  std::vector<Variable> variables;  // sorted by name
  bool active = false;              // without any variable Flux substitutes nothing
  /// Some source of variables is not in the tree: what it may set stays as it is written.
  bool incomplete = false;
};

struct HelmTarget {
  std::string release_name;
  /// Instead of the chart's own values.yaml, when not empty: absolute files, a later one wins.
  std::vector<std::string> chart_values;
  std::vector<ValuesLayer> values;
  std::vector<Parameter> parameters;  // over all values
  std::string kube_version;           // empty: the default
  std::vector<std::string> api_versions;
  bool include_crds = true;
  /// Some values are not in the tree (a Secret, …): what they may set is not known.
  bool incomplete = false;
  /// Flux's postRenderers: each item is one more kustomization over the rendered objects.
  std::vector<std::vector<Addition>> post_renderers;
};

struct KustomizeTarget {
  std::vector<Addition> additions;
  /// The folder has no kustomization: Flux makes one of all manifests below it.
  bool generated = false;
  /// Flux reads files from anywhere in the repository, Argo CD only below a kustomization.
  bool files_anywhere = false;
  Substitution substitution;
  /// Flux's commonMetadata: mappings of texts for all objects, over everything; may be null.
  const yaml::Node* labels = nullptr;
  const yaml::Node* annotations = nullptr;
};

/// Argo CD: the manifests of a folder as they are.
struct DirectoryTarget {
  bool recurse = false;
  std::string include, exclude;  // globs; empty: all, none
};

struct Target {
  std::string name;    // of the object that applies it: "HelmRelease/apps/web"
  Span span;           // the path or chart in it
  std::string folder;  // absolute, resolved
  std::string ns;      // where objects without a namespace go; may be empty
  std::variant<HelmTarget, KustomizeTarget, DirectoryTarget> what;
};

enum class Reason : std::uint8_t {
  kNotHere,          // a chart of a registry or chart repository
  kOtherRepository,  // the source is another repository than those given
  kNoSuchPath,       // the source may be this repository, but it has no such path
  kGenerator,        // an ApplicationSet generator that asks a server
  kUnknown,          // a value that only the cluster has
  kUnsupported,      // a plugin, an external artifact
};

/// An object, or a part of one, that leads out of the tree.
struct NotFollowed {
  Reason reason = Reason::kNotHere;
  std::string message;  // one sentence
  Span span;
  std::string name;  // of the object: "HelmRelease/apps/web"
  std::string chart, version, url;
};

struct Followed {
  std::vector<Target> targets;
  std::vector<NotFollowed> not_followed;
  Diagnostics diagnostics;  // what Flux or Argo CD would refuse
};

/// True for an object that Follow looks at.
bool IsFollowed(const yaml::Node& object);

/// The targets of all objects, in their order. The answer depends on nothing but the arguments and
/// the files.
Followed Follow(std::span<const yaml::Document> objects, const Context& context);

// --- Rendering ---

struct Built {
  bool ok = false;
  std::vector<yaml::Document> documents;
  Diagnostics diagnostics;
  kustomize::Output output;        // of the kustomize build; its documents are moved out
  std::vector<std::string> files;  // every file read, absolute
};

/// Builds a target's folder with what the deployer adds, substitution included. Of `options`,
/// `edit` and `files_anywhere` are set here. Nothing outside the repository is read.
Built BuildKustomization(const Target& target, const KustomizeTarget& what, const Context& context,
                         kustomize::Options options);

/// Applies a release's post renderers to the objects it renders.
Built PostRender(const Target& target, const HelmTarget& what,
                 std::span<const yaml::Document> rendered, const Context& context,
                 const kustomize::Options& options);

/// The manifest files of a directory target, absolute and sorted: .yaml, .yml and .json. Files that
/// make it something else (kustomization, chart) do not count.
Result<std::vector<std::string>> GatherDirectory(const Target& target, const DirectoryTarget& what,
                                                 const Context& context);

/// Replaces ${name}, ${name:=default} and the like as Flux does, in keys and values of objects that
/// do not opt out. Changed nodes keep their span and say in `from` where the value comes from.
void Substitute(std::vector<yaml::Document>& documents, const Substitution& substitution,
                const Context& context, Diagnostics& diagnostics);

}  // namespace plumbline::gitops
