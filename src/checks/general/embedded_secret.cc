// Walks every text of a resource and looks for credentials that are known by their shape: a fixed
// beginning and a body of a fixed alphabet and length. CEL cannot walk a tree whose form it does
// not know. Words that only documentation uses
// ("EXAMPLE", a body of one repeated character) are no secrets.
#include "checks/general/embedded_secret.h"

#include <algorithm>
#include <array>
#include <string>

namespace plumbline::checks {
namespace {

constexpr std::string_view kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
constexpr std::string_view kWord =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
constexpr std::string_view kToken =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

struct Shape {
  std::string_view what, prefix, alphabet;
  std::size_t min_body;
  std::size_t max_body;  // a longer run is something else (base64 text, say); 0: no bound
};
constexpr auto kShapes = std::to_array<Shape>({
    {"an AWS access key", "AKIA", kUpper, 16, 16},
    {"a temporary AWS access key", "ASIA", kUpper, 16, 16},
    {"a GitHub token", "ghp_", kWord, 36, 36},
    {"a GitHub token", "github_pat_", kWord, 60, 0},
    {"a GitLab token", "glpat-", kToken, 20, 0},
    {"a Slack token", "xoxb-", kToken, 24, 0},
    {"a Slack token", "xoxp-", kToken, 24, 0},
    {"a Stripe key", "sk_live_", kWord, 20, 0},
    {"a Google API key", "AIza", kToken, 35, 35},
    {"an npm token", "npm_", kWord, 36, 36},
});

bool IsPlaceholder(std::string_view body) {
  std::string upper(body);
  std::ranges::transform(upper, upper.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  });
  if (upper.find("EXAMPLE") != std::string::npos || upper.find("XXXX") != std::string::npos)
    return true;
  return std::ranges::all_of(body, [&](char c) { return c == body.front(); });
}

bool HasShape(std::string_view text, const Shape& shape) {
  for (std::size_t at = text.find(shape.prefix); at != std::string_view::npos;
       at = text.find(shape.prefix, at + 1)) {
    if (at > 0 && kWord.find(text[at - 1]) != std::string_view::npos) continue;
    const std::size_t begin = at + shape.prefix.size();
    const std::size_t end = std::min(text.find_first_not_of(shape.alphabet, begin), text.size());
    const std::size_t size = end - begin;
    if (size < shape.min_body || (shape.max_body != 0 && size > shape.max_body)) continue;
    if (!IsPlaceholder(text.substr(begin, size))) return true;
  }
  return false;
}

bool HasPrivateKey(std::string_view text) {
  const std::size_t begin = text.find("-----BEGIN ");
  if (begin == std::string_view::npos) return false;
  const std::size_t label = text.find("PRIVATE KEY-----", begin);
  if (label == std::string_view::npos || label - begin > 40) return false;
  // A header alone, as in a check for its presence, is no key.
  return text.size() - label > 200;
}

class Walker {
 public:
  std::vector<Outcome> outcomes;

  // Values nest no deeper than their parsers allow, which Limits::max_depth bounds.
  void Walk(const Value& value) {
    if (value.is_string()) {
      ++texts_;
      if (const std::string_view what = FindSecret(value.as_string()); !what.empty()) {
        outcomes.push_back({Outcome::Status::kFail, path_,
                            std::string(what) + " is written into the configuration", ""});
      }
    } else if (value.is_unknown()) {
      // The known parts of a template are text like any other.
      for (const Value& part : value.unknown()->parts) {
        if (part.is_string()) Walk(part);
      }
    }
    std::int64_t index = 0;
    for (const Value& item : value.items()) {
      path_.push_back({{}, index++});
      Walk(item);
      path_.pop_back();
    }
    for (const Member& m : value.members()) {
      path_.push_back({m.key, -1});
      Walk(m.value);
      path_.pop_back();
    }
  }
  bool saw_text() const { return texts_ > 0; }

 private:
  model::Path path_;
  std::size_t texts_ = 0;
};

}  // namespace

std::string_view FindSecret(std::string_view text) {
  if (HasPrivateKey(text)) return "a private key";
  for (const Shape& shape : kShapes) {
    if (text.size() >= shape.prefix.size() + shape.min_body && HasShape(text, shape))
      return shape.what;
  }
  return {};
}

std::vector<Outcome> EmbeddedSecret(const CheckContext& context) {
  Walker walker;
  walker.Walk(context.resource.attributes);
  if (walker.outcomes.empty() && walker.saw_text()) walker.outcomes.push_back({});
  return std::move(walker.outcomes);
}

}  // namespace plumbline::checks
