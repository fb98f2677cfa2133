// Decides whether a verdict is ignored: by a comment on its attribute, on an enclosing block, on a
// module call above it or on the line its value comes from; by a file-wide comment; by a Kubernetes
// annotation; by the configuration. Remembers which ignores had an effect. Thread-safe.
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "plumbline/scan.h"
#include "scan/ignore_comments.h"
#include "scan/rule_table.h"
#include "support/source.h"

namespace plumbline::scan {

/// An ignore that did nothing, or that no longer works.
struct UselessIgnore {
  Span span;  // invalid for one of the configuration
  const ConfiguredIgnore* configured = nullptr;
  std::string message;
  std::vector<RuleNumber> rules;  // for the hint at the nearest finding
};

class Ignores {
 public:
  Ignores(const SourceMap& sources, const RuleTable& table, const ScanOptions& options,
          std::string base_dir);

  /// The reason (may be empty) when the verdict is ignored. `origin`: where the value comes from.
  std::optional<std::string> Find(const engine::Verdict& verdict,
                                  std::span<const model::OriginStep> origin);
  /// The same for a fault of the input itself.
  std::optional<std::string> Find(RuleNumber rule, Span span);

  /// All ignores without effect, of every file in the source map; call when all verdicts have been
  /// asked about.
  std::vector<UselessIgnore> FindUseless(unsigned jobs);

 private:
  struct Pattern {
    std::string text;
    std::vector<RuleNumber> rules;  // sorted
    std::atomic<bool> used{false};
  };
  struct Ignore {
    IgnoreDirective directive;
    Span span;
    std::deque<Pattern> patterns;  // one for an ignore of every rule
    bool every_rule = false;
    bool expired = false;
  };
  struct File {
    std::deque<Ignore> ignores;
    std::multimap<std::uint32_t, Ignore*> by_target;
  };
  struct Configured {
    const ConfiguredIgnore* ignore = nullptr;
    std::vector<RuleNumber> rules;
    bool every_rule = false;
    bool expired = false;
    std::atomic<bool> used{false};
  };
  struct Query;

  const File& ForFile(FileId file);
  std::unique_ptr<File> Parse(FileId file) const;
  bool Expired(const std::string& until) const;
  static Pattern* Matching(Ignore& ignore, RuleNumber rule);
  static bool FiltersHold(const Ignore& ignore, const model::Resource* resource);
  std::optional<std::string> Try(Ignore& ignore, RuleNumber rule,
                                 const model::Resource* resource) const;
  std::optional<std::string> AtLine(FileId file, std::uint32_t line, const Query& query);
  std::optional<std::string> AtSpan(Span span, const Query& query);
  std::optional<std::string> InBlock(Span block, const Query& query, bool every_scope);
  std::optional<std::string> InFile(FileId file, const Query& query);
  std::optional<std::string> AroundPath(const engine::Verdict& verdict, const Query& query);
  std::optional<std::string> AtResource(const model::Resource& resource, bool at_block,
                                        const Query& query);
  std::optional<std::string> ByAnnotation(const model::Resource& resource, RuleNumber rule) const;
  bool PathMatches(const ConfiguredIgnore& ignore, std::string_view shown) const;
  std::optional<std::string> ByConfiguration(RuleNumber rule, FileId file,
                                             const model::Resource* resource);
  void CollectUseless(FileId file, std::vector<UselessIgnore>& out);

  const SourceMap& sources_;
  const RuleTable& table_;
  const ScanOptions& options_;
  const std::string base_dir_;  // paths are shown relative to it
  std::deque<Configured> configured_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<File>> files_;  // by FileId; null: not read yet
};

}  // namespace plumbline::scan
