#include "scan/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <numeric>

#include "scan/masking.h"
#include "scan/visit.h"
#include "support/fs.h"

namespace plumbline::scan {
namespace {

constexpr std::size_t kMaxNearest = 5;
constexpr std::size_t kMaxRulesNamed = 5;
constexpr std::size_t kMaxCompared = 200;  // bytes of an address

class MaskedWriter final : public engine::ValueWriter {
 public:
  std::string Write(const Value& value, const model::Path& names, bool secret,
                    bool& masked) override {
    std::string out = MaskedJson(value, names, secrets_, secret);
    masked = out.find(kMask) != std::string::npos;
    return out;
  }
  bool IsSecret(const model::Resource& resource, const model::Path& path) override {
    return IsSecretPlace(resource, path) || std::ranges::any_of(path, [](const model::PathStep& s) {
             return !s.is_index() && IsSecretName(s.key);
           });
  }
  const std::vector<std::string>& secrets() const { return secrets_; }

 private:
  std::vector<std::string> secrets_;
};

// A secret that was met once is masked wherever else it turns up: in the result of a function, in
// a message.
class Masker {
 public:
  explicit Masker(const std::vector<std::string>& secrets) : secrets_(secrets) {}

  void Mask(engine::Explanation& e) const {
    for (engine::ExplainedVerdict& v : e.verdicts) {
      Texts(v.message, v.value);
      Mask(v.origin);
    }
    for (engine::ExplainedSubject& s : e.subjects) {
      Texts(s.cause);
      for (engine::ExplainedCondition& c : s.conditions) Mask(c.step);
      for (engine::ExplainedItem& i : s.items) {
        Texts(i.value, i.cause);
        for (engine::ExplainedCondition& c : i.conditions) Mask(c.step);
      }
    }
  }

 private:
  template <typename... T>
  void Texts(T&... texts) const {
    (MaskTexts(texts, secrets_), ...);
  }
  void Mask(std::vector<Origin>& origin) const {
    for (Origin& o : origin) Texts(o.what);
  }
  void Mask(engine::ReadFrom& r) const {
    Texts(r.path, r.value, r.note);
    Mask(r.origin);
  }
  void Mask(engine::ExplainedStep& step) const {
    Texts(step.value);
    for (engine::ReadFrom& r : step.reads) Mask(r);
    for (engine::ExplainedStep& s : step.steps) Mask(s);
    for (engine::ExplainedElement& e : step.elements) {
      Texts(e.value);
      if (e.place) Mask(*e.place);
      for (engine::ExplainedStep& s : e.steps) Mask(s);
    }
  }

  const std::vector<std::string>& secrets_;
};

// How many characters must change to make one text of the other.
std::size_t Distance(std::string_view a, std::string_view b) {
  a = a.substr(0, kMaxCompared);
  b = b.substr(0, kMaxCompared);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t corner = row[0];
    row[0] = i;
    for (std::size_t k = 1; k <= b.size(); ++k) {
      const std::size_t changed = corner + (a[i - 1] == b[k - 1] ? 0 : 1);
      corner = row[k];
      row[k] = std::min({row[k] + 1, row[k - 1] + 1, changed});
    }
  }
  return row[b.size()];
}

class Finder final : public GraphVisitor {
 public:
  Finder(const std::string& rule, const std::string& address, std::string base_dir,
         ExplainReport& out)
      : rule_text_(rule), address_(address), base_dir_(std::move(base_dir)), out_(out) {}

  Result<void> Begin(const engine::RuleSet& rules, const RuleTable& table) override {
    const auto found = table.Match(rule_text_);
    if (found.empty()) {
      return Fail(
          fmt::format("no rule has the id or alias '{}'; `plumbline rules list` shows all of them",
                      rule_text_));
    }
    if (found.size() > 1) {
      std::string names;
      for (std::size_t i = 0; i < std::min(found.size(), kMaxRulesNamed); ++i)
        names += fmt::format("{}{}", i > 0 ? ", " : "", NameOf(rules, found[i]));
      return Fail(fmt::format("'{}' means {} rules ({}{}); name one", rule_text_, found.size(),
                              names, found.size() > kMaxRulesNamed ? ", …" : ""));
    }
    if (found[0] >= rules.size()) {
      return Fail(fmt::format(
          "'{}' is about the files themselves, not about a resource: it has no condition",
          rule_text_));
    }
    rules_ = &rules;
    rule_ = found[0];
    out_.rule = rules.Info(rule_);
    out_.severity = table.severity(rule_);
    out_.on = rules.On(rule_);
    return {};
  }

  void Visit(model::ResourceGraph& graph, const SourceMap& sources) override {
    const std::lock_guard lock(mutex_);
    const model::Resource* resource = graph.FindAddress(address_);
    if (resource == nullptr) return Remember(graph);
    MaskedWriter writer;
    ExplainedResource& found = out_.resources.emplace_back();
    found.project = graph.root == base_dir_ ? "." : graph.root;
    found.address = resource->address;
    found.type = resource->type;
    found.framework = model::FrameworkName(resource->framework);
    if (resource->header.valid()) {
      found.location.file = sources.Path(resource->header.file);
      found.location.line = sources.Start(resource->header).line;
      found.location.column = sources.Start(resource->header).column;
      found.location.end_line = sources.End(resource->header).line;
      found.location.end_column = sources.End(resource->header).column;
    }
    found.explanation = engine::Explain(*rules_, rule_, graph, *resource, sources, writer);
    Masker(writer.secrets()).Mask(found.explanation);
  }

  void Finish() {
    std::ranges::sort(out_.resources, {}, [](const ExplainedResource& r) {
      return std::tie(r.project, r.location.file, r.location.line);
    });
    if (!out_.resources.empty()) return;
    std::ranges::sort(near_);
    near_.erase(std::ranges::unique(near_).begin(), near_.end());
    for (std::size_t i = 0; i < std::min(near_.size(), kMaxNearest); ++i)
      out_.nearest.push_back(near_[i].second);
  }

 private:
  static std::string NameOf(const engine::RuleSet& rules, RuleNumber rule) {
    return rule < rules.size() ? std::string(rules.Id(rule))
                               : std::string(DiagnosticRules()[rule - rules.size()].id);
  }

  // Addresses that hold the one asked for come first.
  void Remember(const model::ResourceGraph& graph) {
    for (const model::Resource& r : graph) {
      const bool holds = r.address.find(address_) != std::string_view::npos;
      const std::size_t distance = Distance(address_, r.address);
      near_.emplace_back(holds ? 0 : distance, std::string(r.address));
    }
    // What is far is dropped at once: projects may be large.
    std::ranges::sort(near_);
    near_.erase(std::ranges::unique(near_).begin(), near_.end());
    if (near_.size() > kMaxNearest) near_.resize(kMaxNearest);
  }

  const std::string& rule_text_;
  const std::string& address_;
  const std::string base_dir_;
  ExplainReport& out_;
  const engine::RuleSet* rules_ = nullptr;
  std::uint32_t rule_ = 0;
  std::mutex mutex_;
  std::vector<std::pair<std::size_t, std::string>> near_;
};

}  // namespace

ExplainReport ExplainResource(const ScanOptions& options, const std::string& rule,
                              const std::string& address) {
  ExplainReport out;
  Finder finder(rule, address, DiskFileSystem().RealPath("."), out);
  ScanOptions one = options;
  one.matrix = false;  // one environment is explained: the flags'
  ScanResult result = ScanVisited(one, &finder);
  out.error = std::move(result.error);
  if (!out.error.empty()) return out;
  out.notices = std::move(result.report.notices);
  finder.Finish();
  if (!out.resources.empty()) return out;
  out.error = fmt::format("there is no resource '{}'", address);
  if (out.nearest.empty()) out.error += "; no resource was found at all";
  for (std::size_t i = 0; i < out.nearest.size(); ++i)
    out.error += fmt::format("{}{}", i == 0 ? "; the nearest: " : ", ", out.nearest[i]);
  return out;
}

}  // namespace plumbline::scan
