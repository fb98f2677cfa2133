#include "kustomize/selector.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstdlib>

namespace plumbline::kustomize {
namespace {

class SelectorParser {
 public:
  SelectorParser(const StringMap& strings, std::string_view text)
      : strings_(strings), text_(text) {}

  Result<bool> Matches() {
    bool all = true;
    Skip();
    while (at_ < text_.size()) {
      PL_TRY(bool one, Requirement());
      all = all && one;
      Skip();
      if (at_ == text_.size()) break;
      if (text_[at_] != ',') return Bad("expected a comma");
      ++at_;
      Skip();
      if (at_ == text_.size()) return Bad("expected a requirement behind the comma");
    }
    return all;
  }

 private:
  tl::unexpected<Error> Bad(std::string_view why) const {
    return Fail("unable to parse the selector \"" + std::string(text_) + "\": " + std::string(why));
  }

  void Skip() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }

  std::string Word() {
    Skip();
    std::size_t from = at_;
    while (at_ < text_.size() &&
           std::string_view(" \t,=!()<>").find(text_[at_]) == std::string_view::npos) {
      ++at_;
    }
    return std::string(text_.substr(from, at_ - from));
  }

  bool Take(std::string_view token) {
    Skip();
    if (text_.substr(at_, token.size()) != token) return false;
    at_ += token.size();
    return true;
  }

  Result<bool> Requirement() {
    bool absent = Take("!");
    std::string key = Word();
    if (key.empty()) return Bad("expected a key");
    auto it = strings_.find(key);
    bool exists = it != strings_.end();
    if (absent) return !exists;
    if (Take("==") || Take("=")) return exists & (it_value(it) == Word());
    if (Take("!=")) return !(exists & (it_value(it) == Word()));
    if (Take(">")) return Number(exists, it, true);
    if (Take("<")) return Number(exists, it, false);
    std::size_t before = at_;
    std::string word = Word();
    if (word == "in" || word == "notin") {
      PL_TRY(auto values, Values());
      bool in = exists && std::ranges::find(values, it->second) != values.end();
      return word == "in" ? in : !in;
    }
    if (!word.empty()) return Bad("expected an operator");
    at_ = before;
    return exists;
  }

  std::string it_value(StringMap::const_iterator it) const {
    return it == strings_.end() ? std::string() : it->second;
  }

  Result<bool> Number(bool exists, StringMap::const_iterator it, bool greater) {
    std::string wanted = Word();
    char* end = nullptr;
    long long right = std::strtoll(wanted.c_str(), &end, 10);
    if (wanted.empty() || *end != '\0') return Bad("expected a whole number");
    if (!exists) return false;
    long long left = std::strtoll(it->second.c_str(), &end, 10);
    if (it->second.empty() || *end != '\0') return false;
    return greater ? left > right : left < right;
  }

  Result<std::vector<std::string>> Values() {
    std::vector<std::string> values;
    if (!Take("(")) return Bad("expected (");
    do {
      values.push_back(Word());
    } while (Take(","));
    if (!Take(")")) return Bad("expected )");
    return values;
  }

  const StringMap& strings_;
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<bool> MatchesRegex(std::string_view text, const std::string& pattern, bool whole) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  re2::RE2 regex(pattern, options);
  if (!regex.ok()) return Fail("bad regular expression \"" + pattern + "\": " + regex.error());
  re2::StringPiece subject(text.data(), text.size());
  return whole ? re2::RE2::FullMatch(subject, regex) : re2::RE2::PartialMatch(subject, regex);
}

Result<bool> MatchesSelector(const StringMap& strings, std::string_view selector) {
  return SelectorParser(strings, selector).Matches();
}

Result<std::vector<ResourcePtr>> SelectResources(const ResMap& resources, const Selector& s) {
  std::vector<ResourcePtr> out;
  auto matches = [](const std::string& pattern, std::string_view text) -> Result<bool> {
    if (pattern.empty()) return true;
    return MatchesRegex(text, pattern, true);
  };
  for (const ResourcePtr& r : resources.list) {
    ResId now = r->CurId(resources.schema()), org = r->OrgId(resources.schema());
    PL_TRY(bool ns_org, matches(s.ns, org.EffectiveNamespace()));
    PL_TRY(bool ns_now, matches(s.ns, now.EffectiveNamespace()));
    PL_TRY(bool name_org, matches(s.name, org.name));
    PL_TRY(bool name_now, matches(s.name, now.name));
    PL_TRY(bool group, matches(s.gvk.group, now.gvk.group));
    PL_TRY(bool version, matches(s.gvk.version, now.gvk.version));
    PL_TRY(bool kind, matches(s.gvk.kind, now.gvk.kind));
    PL_TRY(bool labels, MatchesSelector(r->StringsAt("labels"), s.label_selector));
    PL_TRY(bool annotations, MatchesSelector(r->StringsAt("annotations"), s.annotation_selector));
    bool id = (ns_org || ns_now) && (name_org || name_now) && group && version && kind;
    if (id && labels && annotations) out.push_back(r);
  }
  return out;
}

}  // namespace plumbline::kustomize
