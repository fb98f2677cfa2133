// A file system in memory, and a project evaluated from it in one call.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "support/fs.h"
#include "terraform/terraform.h"
#include "value/json.h"

namespace plumbline::terraform {

/// Files by absolute path; folders are what the paths imply.
class MemoryFileSystem final : public FileSystem {
 public:
  explicit MemoryFileSystem(std::map<std::string, std::string> files) : files_(std::move(files)) {}

  Result<std::string> ReadFile(const std::string& path, std::size_t max_bytes) const override {
    auto it = files_.find(CleanPath(path));
    if (it == files_.end()) return Fail(path + ": no such file");
    if (it->second.size() > max_bytes) return Fail(path + ": larger than the limit");
    return it->second;
  }
  Result<std::vector<DirEntry>> ListDir(const std::string& path) const override {
    std::string prefix = CleanPath(path) + "/";
    std::map<std::string, bool> names;
    for (const auto& [file, text] : files_) {
      if (!file.starts_with(prefix)) continue;
      std::string rest = file.substr(prefix.size());
      auto slash = rest.find('/');
      names[rest.substr(0, slash)] |= slash != std::string::npos;
    }
    std::vector<DirEntry> out;
    for (const auto& [name, is_directory] : names) out.push_back({name, is_directory, false});
    return out;
  }
  bool IsFile(const std::string& path) const override { return files_.contains(CleanPath(path)); }
  bool IsDirectory(const std::string& path) const override {
    std::string prefix = CleanPath(path) + "/";
    auto it = files_.lower_bound(prefix);
    return it != files_.end() && it->first.starts_with(prefix);
  }
  std::string RealPath(const std::string& path) const override {
    std::string clean = CleanPath(path);
    return IsFile(clean) || IsDirectory(clean) ? clean : std::string();
  }

 private:
  std::map<std::string, std::string> files_;
};

using Files = std::map<std::string, std::string>;

/// The root module in /p, evaluated.
struct Evaluated {
  explicit Evaluated(std::map<std::string, std::string> files, Options options = {},
                     Limits limits = {})
      : fs(std::move(files)), parsed(MakeParsedFiles(fs, sources, limits, "/p")) {
    Evaluate(*parsed, "/p", "/p", options, graph, diagnostics);
  }

  /// The attributes as JSON; "absent" when there is no such resource.
  std::string Json(const std::string& address) const {
    const model::Resource* r = graph.FindAddress(address);
    return r == nullptr ? "absent" : ToJson(r->attributes);
  }
  /// One attribute as JSON.
  std::string Json(const std::string& address, const std::string& attribute) const {
    const Value* v = Find(address, attribute);
    return v == nullptr ? "absent" : ToJson(*v);
  }
  const Value* Find(const std::string& address, const std::string& attribute) const {
    const model::Resource* r = graph.FindAddress(address);
    return r == nullptr ? nullptr : r->attributes.Find(attribute);
  }
  /// Why an attribute is unknown; empty when it is not.
  std::string Cause(const std::string& address, const std::string& attribute) const {
    const Value* v = Find(address, attribute);
    if (v == nullptr || !v->is_unknown() || v->unknown()->cause == nullptr) return {};
    return std::string(v->unknown()->cause->text);
  }
  /// "type.name attribute -> address.attribute" of every reference of a resource.
  std::vector<std::string> References(const std::string& address) const {
    std::vector<std::string> out;
    const model::Resource* r = graph.FindAddress(address);
    if (r == nullptr) return out;
    for (const model::Reference& ref : r->references) {
      out.push_back(std::string(ref.attribute) + " -> " +
                    std::string(graph.at(ref.target).address) + "." +
                    std::string(ref.target_attribute));
    }
    return out;
  }
  /// "CODE file:line message" of every diagnostic of evaluation.
  std::vector<std::string> Problems() const {
    std::vector<std::string> out;
    for (const Diagnostic& d : diagnostics) {
      std::string where = d.span.valid() ? std::string(sources.Path(d.span.file)) + ":" +
                                               std::to_string(sources.Start(d.span).line)
                                         : "-";
      out.push_back(where + " " + d.message);
    }
    return out;
  }
  /// The same of parsing and of evaluation, sorted.
  std::vector<std::string> AllProblems() {
    std::vector<std::string> out = Problems();
    for (const Diagnostic& d : TakeDiagnostics(*parsed))
      out.push_back(Show(d.span) + " " + d.message);
    std::sort(out.begin(), out.end());
    return out;
  }
  bool Has(DiagnosticCode code) const {
    for (const Diagnostic& d : diagnostics) {
      if (d.code == code) return true;
    }
    return false;
  }
  /// "file:line" of an attribute, with "?" behind it when it is absent.
  std::string Where(const std::string& address, const model::Path& path) const {
    const model::Resource* r = graph.FindAddress(address);
    model::Located at = r->source->Locate(*r, path);
    return Show(at.span) + (at.exact ? "" : "?");
  }
  /// "what@file:line" of every step of an attribute's origin.
  std::vector<std::string> Origin(const std::string& address, const model::Path& path) const {
    const model::Resource* r = graph.FindAddress(address);
    std::vector<std::string> out;
    for (const model::OriginStep& s : r->source->Trace(*r, path))
      out.push_back(s.what + "@" + Show(s.span));
    return out;
  }
  std::string Show(Span span) const {
    if (!span.valid()) return "-";
    return std::string(sources.Path(span.file)) + ":" + std::to_string(sources.Start(span).line);
  }

  MemoryFileSystem fs;
  SourceMap sources;
  std::shared_ptr<ParsedFiles> parsed;
  model::ResourceGraph graph;
  Diagnostics diagnostics;
};

}  // namespace plumbline::terraform
