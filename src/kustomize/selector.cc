#include "kustomize/selector.h"

#include <re2/re2.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <memory>

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

Result<Matcher> MakeMatcher(const std::string& pattern, bool whole) {
  // Most patterns of whole names are plain names.
  auto plain = [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '/'; };
  if (whole && std::ranges::all_of(pattern, plain))
    return Matcher([pattern](std::string_view text) { return text == pattern; });
  re2::RE2::Options options;
  options.set_log_errors(false);
  auto regex = std::make_shared<re2::RE2>(pattern, options);
  if (!regex->ok()) return Fail("bad regular expression \"" + pattern + "\": " + regex->error());
  return Matcher([regex, whole](std::string_view text) {
    re2::StringPiece subject(text.data(), text.size());
    return whole ? re2::RE2::FullMatch(subject, *regex) : re2::RE2::PartialMatch(subject, *regex);
  });
}

Result<bool> MatchesSelector(const StringMap& strings, std::string_view selector) {
  return SelectorParser(strings, selector).Matches();
}

Result<std::vector<ResourcePtr>> SelectResources(const ResMap& resources, const Selector& s) {
  std::vector<ResourcePtr> out;
  if (resources.list.empty()) return out;
  auto make = [](const std::string& pattern) -> Result<Matcher> {
    if (pattern.empty()) return Matcher([](std::string_view) { return true; });
    return MakeMatcher(pattern, true);
  };
  PL_TRY(auto ns, make(s.ns));
  PL_TRY(auto name, make(s.name));
  PL_TRY(auto group, make(s.gvk.group));
  PL_TRY(auto version, make(s.gvk.version));
  PL_TRY(auto kind, make(s.gvk.kind));
  for (const ResourcePtr& r : resources.list) {
    if (!s.label_selector.empty() || !s.annotation_selector.empty()) {
      PL_TRY(bool labels, MatchesSelector(r->StringsAt("labels"), s.label_selector));
      PL_TRY(bool annotations, MatchesSelector(r->StringsAt("annotations"), s.annotation_selector));
      if (!labels || !annotations) continue;
    }
    if (!kind(r->kind())) continue;
    ResId now = r->CurId(resources.schema()), org = r->OrgId(resources.schema());
    bool id = (ns(org.EffectiveNamespace()) || ns(now.EffectiveNamespace())) &&
              (name(org.name) || name(now.name)) && group(now.gvk.group) &&
              version(now.gvk.version);
    if (id) out.push_back(r);
  }
  return out;
}

}  // namespace plumbline::kustomize
