// RuleSet over images: loading, and the questions reports and flags ask.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <unordered_set>

#include "engine/compile.h"
#include "engine/definition.h"
#include "engine/read_definitions.h"
#include "engine/rule_set_impl.h"

namespace plumbline::engine {
namespace {

// "AVD-AWS-0086" → "aws-0086": other tools write the same id with and without the prefix.
std::string Normalise(std::string_view id) {
  std::string out(id);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (out.starts_with("avd-")) out.erase(0, 4);
  return out;
}

// `*` and `?`; linear in time save for the last star's retries.
bool GlobMatch(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t]) && pattern[p] != '*') {
      ++p;
      ++t;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::vector<std::string> Strings(const Image& image, Range<Str> range) {
  std::vector<std::string> out;
  for (Str s : image.Get(range)) out.emplace_back(image.Text(s));
  return out;
}

}  // namespace

RuleSet::RuleSet(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RuleSet::RuleSet(RuleSet&&) noexcept = default;
RuleSet& RuleSet::operator=(RuleSet&&) noexcept = default;
RuleSet::~RuleSet() = default;

void RuleSet::Impl::AddUserImage(std::string_view bytes, bool without_builtin) {
  storage = std::make_unique<Block[]>((bytes.size() + sizeof(Block) - 1) / sizeof(Block));
  std::memcpy(storage.get(), bytes.data(), bytes.size());
  images[1] = Image(reinterpret_cast<const char*>(storage.get()));
  listed = true;
  std::unordered_set<std::string_view> ids;
  for (const RuleDef& r : images[1].All<RuleDef>()) ids.insert(images[1].Text(r.id));
  if (!without_builtin) {
    const auto builtin = images[0].All<RuleDef>();
    for (std::uint32_t i = 0; i < builtin.size(); ++i) {
      if (!ids.contains(images[0].Text(builtin[i].id))) rules.push_back({0, i});
    }
  }
  for (std::uint32_t i = 0; i < images[1].All<RuleDef>().size(); ++i) rules.push_back({1, i});
}

Result<RuleSet> LoadRuleSet(const FileSystem& fs, const std::vector<std::string>& policy_paths,
                            bool without_builtin, Image builtin) {
  auto impl = std::make_unique<RuleSet::Impl>();
  impl->images[0] = builtin;
  if (policy_paths.empty() && !without_builtin) return RuleSet(std::move(impl));
  Definitions definitions;
  ReadDefinitions(fs, policy_paths, ReadOptions(), definitions);
  const std::string bytes = CompileImage(definitions, {.base = builtin});
  if (!definitions.errors.empty())
    return Fail(fmt::format("{}", fmt::join(definitions.errors, "\n")));
  impl->AddUserImage(bytes, without_builtin);
  return RuleSet(std::move(impl));
}

std::size_t RuleSet::size() const { return impl_->size(); }

RuleInfo RuleSet::Info(std::uint32_t rule) const {
  const RuleRef ref = impl_->Ref(rule);
  const Image& image = impl_->ImageOf(ref);
  const RuleDef& hot = image.At<RuleDef>(ref.index);
  const ColdRule& cold = image.At<ColdRule>(ref.index);
  RuleInfo out;
  out.id = image.Text(hot.id);
  out.aliases = Strings(image, hot.aliases);
  out.title = image.Text(cold.title);
  out.severity = static_cast<Severity>(hot.severity);
  out.kind = static_cast<RuleKind>(hot.kind);
  out.strong = hot.strong != 0;
  out.why = image.Text(cold.why);
  out.fix = image.Text(cold.fix);
  out.links = Strings(image, cold.links);
  out.compliance = Strings(image, cold.compliance);
  out.provider = image.Text(cold.provider);
  out.service = image.Text(cold.service);
  return out;
}

std::string_view RuleSet::Id(std::uint32_t rule) const {
  const RuleRef ref = impl_->Ref(rule);
  return impl_->ImageOf(ref).Text(impl_->Rule(ref).id);
}

Severity RuleSet::RuleSeverity(std::uint32_t rule) const {
  return static_cast<Severity>(impl_->Rule(impl_->Ref(rule)).severity);
}

RuleKind RuleSet::Kind(std::uint32_t rule) const {
  return static_cast<RuleKind>(impl_->Rule(impl_->Ref(rule)).kind);
}

bool RuleSet::Strong(std::uint32_t rule) const { return impl_->Rule(impl_->Ref(rule)).strong != 0; }

std::string_view RuleSet::On(std::uint32_t rule) const {
  const RuleRef ref = impl_->Ref(rule);
  const Image& image = impl_->ImageOf(ref);
  return image.Text(image.At<OnDef>(impl_->Rule(ref).on).text);
}

std::vector<RuleExample> RuleSet::Examples(std::uint32_t rule) const {
  const RuleRef ref = impl_->Ref(rule);
  const Image& image = impl_->ImageOf(ref);
  std::vector<RuleExample> out;
  for (const ExampleDef& e : image.Get(image.At<ColdRule>(ref.index).examples)) {
    out.push_back(
        {std::string(image.Text(e.framework)), e.bad != 0, std::string(image.Text(e.text))});
  }
  return out;
}

std::vector<std::uint32_t> RuleSet::Match(std::string_view pattern) const {
  const std::string wanted = Normalise(pattern);
  std::vector<std::uint32_t> out;
  for (std::uint32_t i = 0; i < size(); ++i) {
    const RuleRef ref = impl_->Ref(i);
    const Image& image = impl_->ImageOf(ref);
    const RuleDef& rule = impl_->Rule(ref);
    bool match = GlobMatch(wanted, Normalise(image.Text(rule.id)));
    for (Str alias : image.Get(rule.aliases))
      match = match || GlobMatch(wanted, Normalise(image.Text(alias)));
    if (match) out.push_back(i);
  }
  return out;
}

}  // namespace plumbline::engine
