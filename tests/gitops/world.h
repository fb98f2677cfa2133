// A repository in memory, its objects read and followed, and what was found as text.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "../kustomize/memory_fs.h"
#include "gitops/gitops.h"
#include "value/json.h"

namespace plumbline::gitops {

using Files = std::map<std::string, std::string>;

/// Files are below /r; those named in `objects` (by the path behind /r/) are read and followed.
struct World {
  kustomize::MemoryFileSystem fs;
  SourceMap sources;
  Arena arena;
  Context context;
  std::vector<yaml::Document> documents;
  Followed found;

  explicit World(Files files, std::vector<std::string> remotes = {})
      : fs(files), context{fs, sources, arena, {{"/r", std::move(remotes)}}} {
    context.display_base = "/r";
  }

  void Read(const std::string& path) {
    auto text = fs.ReadFile("/r/" + path, 1u << 30);
    ASSERT_TRUE(text) << path;
    FileId file = sources.Add(path, *text);
    Diagnostics faults;
    for (const yaml::Document& d : yaml::Parse(file, sources.Text(file), arena, Limits(), faults)) {
      documents.push_back(d);
    }
    ASSERT_TRUE(faults.empty()) << path << ": " << faults[0].message;
  }

  Followed& Follow() { return found = gitops::Follow(documents, context); }

  std::string Where(Span span) const {
    if (!span.valid()) return "nowhere";
    return std::string(sources.Path(span.file)) + ":" + std::to_string(sources.Start(span).line);
  }

  std::string Show(const Target& t) const {
    std::string out = t.name + " " + Where(t.span) + " " + t.folder;
    if (!t.ns.empty()) out += " in " + t.ns;
    if (auto* helm = std::get_if<HelmTarget>(&t.what)) out += Show(*helm);
    if (auto* k = std::get_if<KustomizeTarget>(&t.what)) out += Show(*k);
    if (auto* d = std::get_if<DirectoryTarget>(&t.what)) {
      out += std::string(" | directory") + (d->recurse ? " recurse" : "");
      if (!d->include.empty()) out += " include " + d->include;
      if (!d->exclude.empty()) out += " exclude " + d->exclude;
    }
    return out;
  }

  std::string Show(const HelmTarget& h) const {
    std::string out = " | helm " + h.release_name;
    if (!h.include_crds) out += " no-crds";
    if (h.incomplete) out += " incomplete";
    if (!h.kube_version.empty()) out += " kube " + h.kube_version;
    for (const std::string& file : h.chart_values) out += " | chart values " + file;
    for (const ValuesLayer& v : h.values) {
      out +=
          " | " + (v.node != nullptr ? ToJson(v.node->value) + " " + Where(v.node->span) : v.file);
    }
    for (const Parameter& p : h.parameters) {
      const char* kinds[] = {"set ", "set-string ", "set-file "};
      out += std::string(" | ") + kinds[static_cast<int>(p.kind)] + p.text;
    }
    if (!h.post_renderers.empty()) {
      out += " | post renderers " + std::to_string(h.post_renderers.size());
    }
    return out;
  }

  std::string Show(const KustomizeTarget& k) const {
    std::string out = std::string(" | kustomize") + (k.generated ? " generated" : "");
    for (const Addition& a : k.additions) out += " | " + a.field + " " + ToJson(a.value->value);
    for (const Variable& v : k.substitution.variables) out += " | $" + v.name + "=" + v.value;
    if (k.substitution.incomplete) out += " | incomplete";
    if (k.labels != nullptr) out += " | labels " + ToJson(k.labels->value);
    return out;
  }

  /// One line a target, then what is not followed, then faults.
  std::string Shown() const {
    std::string out;
    for (const Target& t : found.targets) out += Show(t) + "\n";
    for (const NotFollowed& n : found.not_followed) {
      out += "not " + n.name + " " + Where(n.span) + ": " + n.message + "\n";
    }
    for (const Diagnostic& d : found.diagnostics) {
      out += "fault " + Where(d.span) + ": " + d.message + "\n";
    }
    return out;
  }
};

/// Follows the objects of `text`, which is the file o.yaml.
inline std::unique_ptr<World> FollowText(const std::string& text, Files files,
                                         std::vector<std::string> remotes = {}) {
  files["/r/o.yaml"] = text;
  auto world = std::make_unique<World>(std::move(files), std::move(remotes));
  world->Read("o.yaml");
  world->Follow();
  return world;
}

}  // namespace plumbline::gitops
