// Credentials that are known by their shape: a fixed beginning and a body of a fixed alphabet and
// length. Words that only documentation uses ("EXAMPLE", a body of one repeated character) are
// none.
#include "model/secret_text.h"

#include <algorithm>
#include <array>
#include <string>

namespace plumbline::model {
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

SecretText FindShape(std::string_view text, const Shape& shape) {
  for (std::size_t at = text.find(shape.prefix); at != std::string_view::npos;
       at = text.find(shape.prefix, at + 1)) {
    if (at > 0 && kWord.find(text[at - 1]) != std::string_view::npos) continue;
    const std::size_t begin = at + shape.prefix.size();
    const std::size_t end = std::min(text.find_first_not_of(shape.alphabet, begin), text.size());
    const std::size_t size = end - begin;
    if (size < shape.min_body || (shape.max_body != 0 && size > shape.max_body)) continue;
    if (!IsPlaceholder(text.substr(begin, size))) return {shape.what, at, end};
  }
  return {};
}

SecretText FindPrivateKey(std::string_view text) {
  const std::size_t begin = text.find("-----BEGIN ");
  if (begin == std::string_view::npos) return {};
  const std::size_t label = text.find("PRIVATE KEY-----", begin);
  if (label == std::string_view::npos || label - begin > 40) return {};
  // A header alone, as in a check for its presence, is no key.
  if (text.size() - label <= 200) return {};
  return {"a private key", begin, text.size()};
}

}  // namespace

SecretText FindSecret(std::string_view text) {
  if (SecretText key = FindPrivateKey(text); !key.what.empty()) return key;
  for (const Shape& shape : kShapes) {
    if (text.size() < shape.prefix.size() + shape.min_body) continue;
    if (SecretText found = FindShape(text, shape); !found.what.empty()) return found;
  }
  return {};
}

}  // namespace plumbline::model
