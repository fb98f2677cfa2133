// A verdict is asked about from the inside out: the lines of its attribute, the blocks around it
// (found by locating the prefixes of its path), the resource, the module calls above it, the places
// its value comes from, the file, the annotations, the configuration. Files without directives cost
// one look-up.
#include "scan/ignores.h"

#include <fmt/format.h>

#include <algorithm>

#include "scan/discover.h"
#include "scan/glob.h"
#include "support/parallel.h"

namespace plumbline::scan {
namespace {

constexpr std::uint32_t kMaxSpanLines = 200;  // of one attribute that are searched for comments

bool Has(const std::vector<RuleNumber>& sorted, RuleNumber rule) {
  return std::ranges::binary_search(sorted, rule);
}

const Value* Walk(const Value& from, std::string_view dotted) {
  const Value* v = &from;
  for (std::size_t i = 0; i <= dotted.size() && v != nullptr;) {
    std::size_t end = std::min(dotted.find('.', i), dotted.size());
    // A block list with one element is entered by itself.
    while (v->is_sequence() && !v->items().empty()) v = &v->items()[0];
    v = v->Find(dotted.substr(i, end - i));
    i = end + 1;
  }
  return v;
}

std::string ScalarText(const Value& v) {
  if (v.is_string()) return std::string(v.as_string());
  if (v.is_bool()) return v.as_bool() ? "true" : "false";
  if (v.is_number() && v.number_rep() == NumberRep::kInt) return std::to_string(v.as_int());
  return {};
}

bool Within(Span inner, Span outer) {
  return inner.valid() && inner.file == outer.file && inner.begin >= outer.begin &&
         inner.end <= outer.end;
}

// None for files without comments, and for what a chart holds beside its templates.
std::optional<CommentSyntax> SyntaxOf(std::string_view path) {
  if (path.ends_with(".json")) return std::nullopt;
  if (IsTerraformFile(path) || IsVariablesFile(path)) return CommentSyntax::kHcl;
  for (std::string_view end : {".yaml", ".yml", ".tpl"}) {
    if (path.ends_with(end)) return CommentSyntax::kYaml;
  }
  if (path == "<stdin>" || IsKustomizationFile(BaseName(path))) return CommentSyntax::kYaml;
  return std::nullopt;
}

bool AllMatch(const std::vector<std::pair<std::string, std::string>>& wanted, const Value* given) {
  return std::ranges::all_of(wanted, [&](const auto& pair) {
    const Value* v = given != nullptr ? given->Find(pair.first) : nullptr;
    return v != nullptr && v->is_string() && MatchText(pair.second, v->as_string());
  });
}

// Kubernetes objects alone have what a selector speaks of.
bool Selects(const ObjectSelector& s, const model::Resource* r) {
  if (s.empty()) return true;
  if (r == nullptr || r->type.find('/') == std::string_view::npos) return false;
  std::string_view kind = r->type.substr(r->type.rfind('/') + 1);
  if (!s.kind.empty() && !MatchText(s.kind, kind)) return false;
  if (!s.name.empty() && !MatchText(s.name, r->name)) return false;
  if (!s.name_space.empty() && !MatchText(s.name_space, r->ns.empty() ? "default" : r->ns))
    return false;
  const Value* metadata = r->attributes.Find("metadata");
  return AllMatch(s.labels, metadata != nullptr ? metadata->Find("labels") : nullptr) &&
         AllMatch(s.annotations, metadata != nullptr ? metadata->Find("annotations") : nullptr);
}

// Splits "a, b" and hands each part to `use`.
template <typename Use>
void ForEachPart(std::string_view list, const Use& use) {
  for (std::size_t i = 0; i <= list.size();) {
    std::size_t end = std::min(list.find(',', i), list.size());
    std::string_view part = list.substr(i, end - i);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    if (!part.empty()) use(part);
    i = end + 1;
  }
}

}  // namespace

// What is asked: a rule, and the resource that tfsec's attribute filters look at.
struct Ignores::Query {
  RuleNumber rule;
  const model::Resource* resource = nullptr;
};

Ignores::Ignores(const SourceMap& sources, const RuleTable& table, const ScanOptions& options,
                 std::string base_dir)
    : sources_(sources), table_(table), options_(options), base_dir_(std::move(base_dir)) {
  if (options.no_ignores) return;
  for (const ConfiguredIgnore& i : options.ignores) {
    Configured& c = configured_.emplace_back();
    c.ignore = &i;
    c.every_rule = i.rule.empty() || i.rule == "*";
    if (!c.every_rule) c.rules = table.Match(i.rule);
    std::ranges::sort(c.rules);
    c.expired = Expired(i.until);
  }
}

bool Ignores::Expired(const std::string& until) const {
  return !until.empty() && (!IsIsoDate(until) || until < options_.today);
}

std::unique_ptr<Ignores::File> Ignores::Parse(FileId id) const {
  auto file = std::make_unique<File>();
  std::string_view path = sources_.Path(id), text = sources_.Text(id);
  auto syntax = SyntaxOf(path);
  if (options_.no_ignores || !syntax) return file;
  for (IgnoreDirective& d : FindIgnores(text, *syntax)) {
    Ignore& ignore = file->ignores.emplace_back();
    ignore.span = {id, d.begin, d.end};
    ignore.every_rule = d.patterns.empty();
    ignore.expired = Expired(d.until);
    if (ignore.every_rule) ignore.patterns.emplace_back();
    for (const std::string& text_of : d.patterns) {
      Pattern& p = ignore.patterns.emplace_back();
      p.text = text_of;
      p.rules = table_.Match(text_of);
      std::ranges::sort(p.rules);
    }
    ignore.directive = std::move(d);
    file->by_target.emplace(ignore.directive.target_line, &ignore);
  }
  return file;
}

const Ignores::File& Ignores::ForFile(FileId id) {
  {
    std::lock_guard lock(mutex_);
    if (id < files_.size() && files_[id] != nullptr) return *files_[id];
  }
  auto parsed = Parse(id);
  std::lock_guard lock(mutex_);
  if (id >= files_.size()) files_.resize(id + 1);
  // Another thread may have been faster: its copy may already be marked as used.
  if (files_[id] == nullptr) files_[id] = std::move(parsed);
  return *files_[id];
}

Ignores::Pattern* Ignores::Matching(Ignore& ignore, RuleNumber rule) {
  if (ignore.every_rule) return &ignore.patterns[0];
  for (Pattern& p : ignore.patterns) {
    if (Has(p.rules, rule)) return &p;
  }
  return nullptr;
}

bool Ignores::FiltersHold(const Ignore& ignore, const model::Resource* resource) {
  return std::ranges::all_of(ignore.directive.filters, [&](const auto& filter) {
    if (resource == nullptr) return false;
    const Value* v = Walk(resource->attributes, filter.first);
    return v != nullptr && ScalarText(*v) == filter.second;
  });
}

std::optional<std::string> Ignores::Try(Ignore& ignore, RuleNumber rule,
                                        const model::Resource* resource) const {
  Pattern* pattern = Matching(ignore, rule);
  if (pattern == nullptr || ignore.expired || !FiltersHold(ignore, resource)) return std::nullopt;
  if (!ignore.directive.workspace.empty() && ignore.directive.workspace != "default")
    return std::nullopt;
  pattern->used.store(true, std::memory_order_relaxed);
  return ignore.directive.reason;
}

std::optional<std::string> Ignores::AtLine(FileId file, std::uint32_t line, const Query& query) {
  auto [first, last] = ForFile(file).by_target.equal_range(line);
  for (auto it = first; it != last; ++it) {
    if (auto reason = Try(*it->second, query.rule, query.resource)) return reason;
  }
  return std::nullopt;
}

std::optional<std::string> Ignores::AtSpan(Span span, const Query& query) {
  if (!span.valid() || ForFile(span.file).ignores.empty()) return std::nullopt;
  std::uint32_t first = sources_.Start(span).line, last = sources_.End(span).line;
  last = std::min(last, first + kMaxSpanLines);
  for (std::uint32_t line = first; line <= last; ++line) {
    if (auto reason = AtLine(span.file, line, query)) return reason;
  }
  return std::nullopt;
}

// Comments that stand within `block`: those that mean the whole block, or all of them when the
// finding is about the block itself, because then no attribute exists that they could stand at.
std::optional<std::string> Ignores::InBlock(Span block, const Query& query, bool every_scope) {
  if (!block.valid()) return std::nullopt;
  const File& file = ForFile(block.file);
  for (const Ignore& ignore : file.ignores) {
    bool counts = every_scope || ignore.directive.scope == IgnoreDirective::Scope::kBlock;
    if (!counts || !Within(ignore.span, block)) continue;
    if (auto reason = Try(const_cast<Ignore&>(ignore), query.rule, query.resource)) return reason;
  }
  return std::nullopt;
}

std::optional<std::string> Ignores::InFile(FileId id, const Query& query) {
  if (id == kNoFile) return std::nullopt;
  for (const Ignore& ignore : ForFile(id).ignores) {
    if (ignore.directive.scope != IgnoreDirective::Scope::kFile) continue;
    if (auto reason = Try(const_cast<Ignore&>(ignore), query.rule, query.resource)) return reason;
  }
  return std::nullopt;
}

// The blocks between the resource and the attribute begin where the prefixes of its path are found.
std::optional<std::string> Ignores::AroundPath(const engine::Verdict& v, const Query& query) {
  const model::Resource* located = v.located != nullptr ? v.located : v.resource;
  if (located == nullptr || located->source == nullptr || !located->header.valid())
    return std::nullopt;
  if (ForFile(located->header.file).ignores.empty()) return std::nullopt;
  for (std::size_t n = v.path.size(); n > 0; --n) {
    Span span = located->source->Locate(*located, std::span(v.path).first(n)).span;
    if (!span.valid()) continue;
    if (auto reason = AtLine(span.file, sources_.Start(span).line, query)) return reason;
  }
  return std::nullopt;
}

std::optional<std::string> Ignores::AtResource(const model::Resource& r, bool at_block,
                                               const Query& query) {
  if (auto reason = AtSpan(r.header, query)) return reason;
  if (r.span.valid()) {
    if (auto reason = AtLine(r.span.file, sources_.Start(r.span).line, query)) return reason;
  }
  if (auto reason = InBlock(r.span, query, at_block)) return reason;
  for (Span call : r.module_calls) {
    if (auto reason = AtSpan(call, query)) return reason;
  }
  for (Span block : r.module_call_blocks) {
    if (auto reason = InBlock(block, query, false)) return reason;
  }
  if (auto reason = InFile(r.header.file, query)) return reason;
  return ByAnnotation(r, query.rule);
}

std::optional<std::string> Ignores::ByAnnotation(const model::Resource& r, RuleNumber rule) const {
  std::optional<std::string> found;
  auto try_pattern = [&](std::string_view pattern, std::string_view reason) {
    if (found || pattern.empty()) return;
    auto rules = table_.Match(pattern);
    if (pattern == "*" || std::ranges::find(rules, rule) != rules.end())
      found = std::string(reason);
  };
  for (std::string_view path :
       {"metadata", "spec.template.metadata", "spec.jobTemplate.spec.template.metadata"}) {
    const Value* metadata = Walk(r.attributes, path);
    const Value* annotations = metadata != nullptr ? metadata->Find("annotations") : nullptr;
    if (annotations == nullptr) continue;
    const Value* why = annotations->Find("plumbline/ignore-reason");
    for (const Member& m : annotations->members()) {
      if (!m.value.is_string()) continue;
      std::string_view text = m.value.as_string();
      if (m.key == "plumbline/ignore") {
        ForEachPart(text, [&](std::string_view p) {
          try_pattern(p, why != nullptr ? ScalarText(*why) : "");
        });
      } else if (m.key == "kube-score/ignore") {
        ForEachPart(text, [&](std::string_view p) { try_pattern(p, ""); });
      } else if (m.key.starts_with("checkov.io/skip")) {
        std::size_t equals = std::min(text.find('='), text.size());
        try_pattern(text.substr(0, equals), text.substr(std::min(equals + 1, text.size())));
      } else if (m.key.starts_with("ignore-check.kube-linter.io/")) {
        try_pattern(m.key.substr(m.key.find('/') + 1), text);
      } else if (m.key == "kube-linter.io/ignore-all") {
        try_pattern("*", text);
      }
    }
  }
  return found;
}

bool Ignores::PathMatches(const ConfiguredIgnore& ignore, std::string_view shown) const {
  std::string path = JoinPath(base_dir_, shown);
  const std::string& folder = ignore.folder.empty() ? base_dir_ : ignore.folder;
  if (!IsWithin(folder, path) || path == folder) return false;
  std::string_view relative = std::string_view(path).substr(folder == "/" ? 1 : folder.size() + 1);
  return PatternList::Of({ignore.path}).Covers(relative);
}

std::optional<std::string> Ignores::ByConfiguration(RuleNumber rule, FileId file,
                                                    const model::Resource* resource) {
  std::string_view address = resource != nullptr ? resource->address : std::string_view();
  std::string_view construct = resource != nullptr ? resource->construct : std::string_view();
  for (Configured& c : configured_) {
    if (c.expired || (!c.every_rule && !Has(c.rules, rule))) continue;
    if (!c.ignore->path.empty()) {
      if (file == kNoFile || !PatternList::Of({c.ignore->path}).Covers(sources_.Path(file)))
        continue;
    }
    if (!c.ignore->resource.empty() && !MatchText(c.ignore->resource, address) &&
        (construct.empty() || !MatchText(c.ignore->resource, construct))) {
      continue;
    }
    if (!Selects(c.ignore->selector, resource)) continue;
    c.used.store(true, std::memory_order_relaxed);
    return c.ignore->reason;
  }
  return std::nullopt;
}

std::optional<std::string> Ignores::Find(const engine::Verdict& v,
                                         std::span<const model::OriginStep> origin) {
  if (options_.no_ignores) return std::nullopt;
  const Query query{v.rule, v.resource};
  const model::Resource* located = v.located != nullptr ? v.located : v.resource;
  if (v.exact || located == nullptr || v.span != located->span) {
    if (auto reason = AtSpan(v.span, query)) return reason;
  }
  if (auto reason = AroundPath(v, query)) return reason;
  for (const model::OriginStep& step : origin) {
    if (auto reason = AtSpan(step.span, query)) return reason;
  }
  if (located != nullptr) {
    if (auto reason = AtResource(*located, !v.exact, query)) return reason;
  }
  if (v.resource != nullptr && v.resource != located) {
    if (auto reason = AtResource(*v.resource, !v.exact, query)) return reason;
  }
  if (auto reason = InFile(v.span.file, query)) return reason;
  return ByConfiguration(v.rule, v.span.file, v.resource);
}

std::optional<std::string> Ignores::Find(RuleNumber rule, Span span) {
  if (options_.no_ignores) return std::nullopt;
  const Query query{rule, nullptr};
  if (span.valid()) {
    if (auto reason = AtLine(span.file, sources_.Start(span).line, query)) return reason;
    if (auto reason = InFile(span.file, query)) return reason;
  }
  return ByConfiguration(rule, span.file, nullptr);
}

void Ignores::CollectUseless(FileId id, std::vector<UselessIgnore>& out) {
  // Comments in downloaded modules are other people's business.
  if (sources_.Path(id).find(".terraform/") != std::string_view::npos) return;
  for (const Ignore& ignore : ForFile(id).ignores) {
    const IgnoreDirective& d = ignore.directive;
    if (!d.until.empty() && !IsIsoDate(d.until)) {
      out.push_back(
          {ignore.span,
           nullptr,
           fmt::format("the ignore does not work: '{}' is no date; expected YYYY-MM-DD", d.until),
           {}});
      continue;
    }
    if (ignore.expired) {
      out.push_back({ignore.span,
                     nullptr,
                     fmt::format("the ignore expired on {} and no longer works", d.until),
                     {}});
      continue;
    }
    if (!d.workspace.empty() && d.workspace != "default") continue;
    for (const Pattern& p : ignore.patterns) {
      if (p.used.load(std::memory_order_relaxed)) continue;
      if (ignore.every_rule) {
        // With only some rules run, nobody can say that it would not be needed.
        if (!options_.rules.empty() || !d.own) continue;
        out.push_back(
            {ignore.span, nullptr, "the ignore has no effect: nothing is found here", {}});
      } else if (p.rules.empty()) {
        if (d.own)
          out.push_back(
              {ignore.span, nullptr, fmt::format("the ignore names no rule: '{}'", p.text), {}});
      } else if (std::ranges::any_of(p.rules, [&](RuleNumber r) { return table_.enabled(r); })) {
        out.push_back({ignore.span, nullptr,
                       fmt::format("the ignore of '{}' has no effect here", p.text), p.rules});
      }
    }
  }
}

std::vector<UselessIgnore> Ignores::FindUseless(unsigned jobs) {
  std::vector<UselessIgnore> out;
  if (options_.no_ignores) return out;
  std::vector<std::vector<UselessIgnore>> by_file(sources_.size());
  ParallelFor(by_file.size(), jobs,
              [&](std::size_t i) { CollectUseless(static_cast<FileId>(i), by_file[i]); });
  for (auto& list : by_file) std::ranges::move(list, std::back_inserter(out));
  for (const Configured& c : configured_) {
    if (c.expired) {
      out.push_back({{},
                     c.ignore,
                     fmt::format("the ignore expired on {} and no longer works", c.ignore->until),
                     {}});
    } else if (c.ignore->foreign && c.rules.empty()) {
      continue;
    } else if (!c.used.load() && c.every_rule) {
      if (options_.rules.empty()) out.push_back({{}, c.ignore, "the ignore has no effect", {}});
    } else if (!c.used.load() && c.rules.empty()) {
      out.push_back(
          {{}, c.ignore, fmt::format("the ignore names no rule: '{}'", c.ignore->rule), {}});
    } else if (!c.used.load() &&
               std::ranges::any_of(c.rules, [&](RuleNumber r) { return table_.enabled(r); })) {
      out.push_back(
          {{}, c.ignore, fmt::format("the ignore of '{}' has no effect", c.ignore->rule), {}});
    }
  }
  return out;
}

}  // namespace plumbline::scan
