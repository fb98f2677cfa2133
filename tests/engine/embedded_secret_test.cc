#include "checks/general/embedded_secret.h"

#include <gtest/gtest.h>

#include <string>

#include "fixture.h"
#include "model/secret_text.h"

namespace plumbline::checks {
namespace {

TEST(EmbeddedSecret, KnowsShapes) {
  const std::string key = "-----BEGIN RSA PRIVATE KEY-----\n" + std::string(300, 'x') +
                          "\n-----END RSA PRIVATE KEY-----";
  const struct {
    std::string text;
    const char* expected;
  } cases[] = {
      {"AKIAQ3EGRIDLVU5JQ7ZT", "an AWS access key"},
      {"export KEY=AKIAQ3EGRIDLVU5JQ7ZT;", "an AWS access key"},
      {"AKIAIOSFODNN7EXAMPLE", ""},   // documentation's own
      {"AKIAQ3EGRIDLVU5JQ7ZTA", ""},  // too long
      {"XAKIAQ3EGRIDLVU5JQ7ZT", ""},  // inside of a word
      {"AKIAxxxxxxxxxxxxxxxx", ""},   // a placeholder
      {"ghp_0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX", "a GitHub token"},
      {"ghp_short", ""},
      {"sk_live_0aB1cD2eF3gH4iJ5kL6m", "a Stripe key"},
      {key, "a private key"},
      {"-----BEGIN RSA PRIVATE KEY-----", ""},
      {"-----BEGIN PUBLIC KEY-----" + std::string(300, 'x'), ""},
      {"", ""},
  };
  for (const auto& c : cases) EXPECT_EQ(model::FindSecret(c.text).what, c.expected) << c.text;
}

TEST(EmbeddedSecret, NamesThePlace) {
  engine::GraphMaker maker;
  maker.Add("x.a", R"({"n": 1, "list": [{"v": "AKIAQ3EGRIDLVU5JQ7ZT"}],
                      "t": {"$unknown": "u", "parts": ["AKIAQ3EGRIDLVU5JQ7ZA:", {"$unknown": "u"}]}})");
  maker.Add("x.b", R"({"v": "fine"})");
  maker.Add("x.c", "{}");
  const auto& graph = maker.Done();
  auto paths = [&](std::uint32_t id) {
    std::string out;
    for (const Outcome& o : EmbeddedSecret({graph, graph.at(id)})) {
      out += o.status == Outcome::Status::kPass ? "pass"
                                                : model::PathToString(o.path) + " " + o.message;
      out += '\n';
    }
    return out;
  };
  EXPECT_EQ(paths(0),
            "list[0].v an AWS access key is written into the configuration\n"
            "t an AWS access key is written into the configuration\n");
  EXPECT_EQ(paths(1), "pass\n");
  EXPECT_EQ(paths(2), "");
}

}  // namespace
}  // namespace plumbline::checks
