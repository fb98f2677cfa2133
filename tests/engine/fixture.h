// Helpers for the engine's tests: a graph from JSON, rules from texts, verdicts as lines.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "engine/rule_set_impl.h"
#include "model/resource.h"
#include "support/fs.h"

namespace plumbline::engine {

/// Files in memory, all in the folder "/rules".
class MemoryFileSystem final : public FileSystem {
 public:
  explicit MemoryFileSystem(std::map<std::string, std::string> files) : files_(std::move(files)) {}
  Result<std::string> ReadFile(const std::string& path, std::size_t max_bytes) const override;
  Result<std::vector<DirEntry>> ListDir(const std::string& path) const override;
  bool IsFile(const std::string& path) const override { return files_.contains(path); }
  bool IsDirectory(const std::string& path) const override { return path == "/rules"; }
  std::string RealPath(const std::string& path) const override { return path; }

 private:
  std::map<std::string, std::string> files_;
};

/// Says whether an attribute exists; spans carry the number of existing steps.
class FakeSource final : public model::ResourceSource {
 public:
  model::Located Locate(const model::Resource& resource,
                        std::span<const model::PathStep> path) const override;
  std::vector<model::OriginStep> Trace(const model::Resource&,
                                       std::span<const model::PathStep>) const override {
    return {};
  }
};

/// A graph under construction. In JSON, {"$unknown": "cause", "refs": ["address"]} is an unknown.
class GraphMaker {
 public:
  model::Resource& Add(std::string_view address, std::string_view json);
  /// `from`'s attribute refers to `to`.
  void Refer(std::string_view from, std::string_view attribute, std::string_view to);
  model::ResourceGraph& Done();

 private:
  Value Unknowns(const Value& value);
  model::ResourceGraph graph_;
  FakeSource source_;
  std::map<std::string, std::uint32_t, std::less<>> ids_;
};

/// Rules and models from texts; a failure is the errors' text.
Result<RuleSet> LoadTexts(const std::vector<std::string>& texts);
/// The same, where errors are not expected.
RuleSet MustLoad(const std::vector<std::string>& texts);

/// A complete rule around a few lines.
std::string RuleText(std::string_view lines, std::string_view id = "test-rule");

/// One line a verdict: "fail aws_x.a at aws_x.a acl: message", "unknown aws_x.a: cause", "pass
/// aws_x.a". A place whose attribute is absent is in parentheses.
std::string RunAll(const RuleSet& rules, model::ResourceGraph& graph);

}  // namespace plumbline::engine
