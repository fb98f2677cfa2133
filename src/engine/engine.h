// Rules: loading, compiling, indexing and running them over a resource graph.
//
// Built-in rules and typed models are compiled at build time by `plumbline-rulec` into one
// read-only image inside the executable; users' rules (--policy) are compiled into an image of the
// same layout at load. What a rule file looks like and means: docs/writing-rules.md.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/resource.h"
#include "plumbline/finding.h"
#include "support/fs.h"
#include "support/result.h"

namespace plumbline::engine {

/// An example of a rule, for `rules show`, the docs and the tests.
struct RuleExample {
  std::string framework;  // "terraform", "kubernetes"
  bool bad = false;
  std::string text;
};

/// The rules of one run: built-in ones, the user's, or both. Immutable after loading; thread-safe.
class RuleSet {
 public:
  /// The image inside the executable. Costs nothing until used.
  static const RuleSet& BuiltIn();
  /// Built-in rules (unless `without_builtin`) and those in `policy_paths` (files or folders,
  /// searched for *.yaml and *.yml with `models:` or `id:` + `on:`). Problems of a user's file are
  /// errors naming file and line.
  static Result<RuleSet> Load(const FileSystem& fs, const std::vector<std::string>& policy_paths,
                              bool without_builtin);

  RuleSet(RuleSet&&) noexcept;
  RuleSet& operator=(RuleSet&&) noexcept;
  ~RuleSet();

  std::size_t size() const;
  /// The cold part, built from the image when asked for.
  RuleInfo Info(std::uint32_t rule) const;
  std::string_view Id(std::uint32_t rule) const;
  Severity RuleSeverity(std::uint32_t rule) const;
  RuleKind Kind(std::uint32_t rule) const;
  bool Strong(std::uint32_t rule) const;
  /// What the rule is about, as written in `on`.
  std::string_view On(std::uint32_t rule) const;
  std::vector<RuleExample> Examples(std::uint32_t rule) const;
  /// Rules whose id or alias matches a glob (case-insensitive, `*` and `?`; AVD-AWS-0086 = AWS-0086
  /// = aws-0086).
  std::vector<std::uint32_t> Match(std::string_view pattern) const;

  struct Impl;
  const Impl& impl() const { return *impl_; }
  explicit RuleSet(std::unique_ptr<Impl> impl);

 private:
  std::unique_ptr<Impl> impl_;
};

/// Which rules run: one flag a rule.
using Selection = std::vector<bool>;

/// What one rule says of one resource (or of one element of it).
struct Verdict {
  std::uint32_t rule = 0;
  Status status = Status::kFail;              // kFail, kPass or kUnknown
  const model::Resource* resource = nullptr;  // whose address the finding carries
  const model::Resource* located = nullptr;   // where `path` is read: a satellite, or `resource`
  model::Path path;                           // the attribute the rule is about
  Span span;  // of the attribute, or of the block that would hold it
  bool exact = false;
  std::string message;  // kFail
  Value value;          // the offending value; null when absent
  std::string cause;    // kUnknown: what it hangs on
};

struct RunOptions {
  bool passes = false;                 // also report kPass
  bool unknowns = true;                // also report kUnknown
  const SourceMap* sources = nullptr;  // for `resource.file`, which is "" without it
};

/// Runs the selected rules over one project. Values in verdicts live in the graph's arena.
/// Deterministic order: by resource, then rule. Not thread-safe for one graph; different graphs may
/// run in parallel.
std::vector<Verdict> Run(const RuleSet& rules, const Selection& selection,
                         model::ResourceGraph& graph, const RunOptions& options);

}  // namespace plumbline::engine
