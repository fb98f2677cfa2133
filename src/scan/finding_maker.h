// Verdicts, diagnostics and path problems → findings: places, excerpts, origins, masked values.
// Thread-safe.
#pragma once

#include <set>
#include <span>
#include <string>

#include "engine/engine.h"
#include "plumbline/finding.h"
#include "scan/discover.h"
#include "scan/rule_table.h"
#include "support/diagnostic.h"
#include "support/source.h"

namespace plumbline::scan {

/// A finding on its way: what merging and fingerprints need beside it.
struct Draft {
  Finding finding;
  std::string path;  // of the attribute, without indices
  std::string line;  // the text it stands on, blanks collapsed
  // From a remote module to the user's file: told behind the origin, but no reason to keep what
  // several calls bring apart.
  std::vector<Origin> callers;
  model::InputMask inputs = 0;  // with environments: what the verdict depends on
  // With environments that are rendered one by one: what the verdict is about, where it stands in
  // the sources; empty: the finding's resource is the same in all of them.
  std::string identity, located_identity;  // the latter: of the resource that has the attribute
  model::Path attribute;                   // as long as the graph lives
};

class FindingMaker {
 public:
  /// Paths below `base_dir` (absolute) are shown relative to it.
  FindingMaker(const SourceMap& sources, const RuleTable& table, std::string base_dir)
      : sources_(sources), table_(table), base_dir_(std::move(base_dir)) {}

  /// `origin`: the steps from behind the attribute to the literal.
  Draft FromVerdict(const engine::Verdict& verdict,
                    std::span<const model::OriginStep> origin) const;
  Draft FromDiagnostic(RuleNumber rule, const Diagnostic& diagnostic) const;
  Draft FromPath(const PathProblem& problem) const;

  /// Of a plan nothing but the attribute itself is shown: what stands beside it may be a secret,
  /// and lines of a plan say nothing about a finding's identity. Before any finding is made.
  void MarkPlan(FileId file) { plans_.insert(file); }

  std::string ShownPath(const std::string& path) const;
  Location LocationOf(Span span) const;

 private:
  std::vector<SourceLine> Excerpt(Span span, const std::vector<std::string>& secrets) const;
  Draft Start(RuleNumber rule, Span span) const;

  const SourceMap& sources_;
  const RuleTable& table_;
  std::string base_dir_;
  std::set<FileId> plans_;
};

}  // namespace plumbline::scan
