// What all parts of one build share: files and their parsed form, nodes, the schema, and where a
// fault lies.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "kustomize/decode.h"
#include "kustomize/kustomize.h"
#include "kustomize/remote.h"
#include "kustomize/resource.h"

namespace plumbline::kustomize {

/// A file that was read.
struct LoadedFile {
  FileId file = kNoFile;
  std::string path;  // absolute
  std::string_view text;
};

struct Context {
  Context(const FileSystem& files, SourceMap& map, const Options& o)
      : fs(files), sources(map), options(o), pool(o.limits) {}

  const FileSystem& fs;
  SourceMap& sources;
  const Options& options;
  std::string allowed_root;
  Pool pool;
  Arena arena;  // parsed YAML
  Schema schema;
  bool schema_set = false;
  std::map<std::string, LoadedFile> files;
  std::size_t kustomizations = 0;  // built so far
  Span fault;                      // where the error lies that is on its way up
  Span duplicate;                  // a key set twice in the text read last
  std::vector<std::string> warnings;
  std::vector<Missing> missing;
  std::set<std::pair<FileId, std::uint32_t>> missing_at;  // the places of `missing`
  std::size_t left_out = 0;                               // how often something was left out
  std::map<std::string, bool> bases;                      // folder → is a component

  /// Notes what is left out, once for each place.
  void Leave(Missing what);

  /// Documents of a text; a syntax error fails.
  Result<std::vector<yaml::Document>> ParseYaml(FileId file, std::string_view text);
};

/// Reads files on behalf of one kustomization: below its folder only, whatever `..` and symlinks
/// say.
class Loader {
 public:
  Loader(Context& context, std::string root, const Loader* referrer)
      : context_(&context), root_(std::move(root)), referrer_(referrer) {
    if (referrer != nullptr) package_ = referrer->package_;
  }

  const std::string& root() const { return root_; }
  /// Remote and in no mirror, in a build that leaves such things out; it is noted as missing.
  bool IsAbsent(const Text& path, MissingKind kind) const;
  int depth() const { return referrer_ == nullptr ? 0 : referrer_->depth() + 1; }
  Result<LoadedFile> Load(const std::string& path) const;
  /// The loader of another kustomization's folder.
  Result<Loader> Enter(const std::string& path) const;

 private:
  Context* context_;
  std::string root_;  // absolute, without symlinks
  const Loader* referrer_;
  MirrorPlace package_;  // what was remote and lies in a mirror: nothing outside of it is read

  const std::string& allowed_root() const {
    return package_.package.empty() ? context_->allowed_root : package_.package;
  }
  Result<Loader> EnterFolder(const std::string& real, MirrorPlace package) const;
  bool IsHere(const std::string& path) const;
};

/// The resources of a file: documents, lists taken apart.
Result<std::vector<ResourcePtr>> ReadResources(Context& context, const LoadedFile& file);
/// The same for documents that somebody else has read.
Result<std::vector<ResourcePtr>> TakeResources(Context& context,
                                               const std::vector<yaml::Document>& documents);
/// The resources of a text inside another file (an inline patch); spans lead to where it is
/// written.
Result<std::vector<ResourcePtr>> ReadInlineResources(Context& context, const Text& text);
/// The tree of a text inside another file; null for an empty one.
Result<Node*> ReadInlineTree(Context& context, const Text& text);
Result<Node*> ReadTree(Context& context, const LoadedFile& file);

}  // namespace plumbline::kustomize
