#include "scan/masking.h"

#include <gtest/gtest.h>

#include "value/json.h"

namespace plumbline::scan {
namespace {

TEST(MaskingTest, NamesThatHoldSecrets) {
  for (const char* name :
       {"password", "master_password", "dbPassword", "DB_PASSWORD", "api_token", "client-secret",
        "private_key", "access_key", "secret_string", "apiKey", "connection_credentials"}) {
    EXPECT_TRUE(IsSecretName(name)) << name;
  }
  for (const char* name :
       {"", "key", "kms_key_id", "key_name", "password_policy", "secret_arn", "secretName",
        "token_ttl", "secretKeyRef", "minimum_password_length", "encrypted", "passwordless"}) {
    EXPECT_FALSE(IsSecretName(name)) << name;
  }
}

std::string Masked(std::string_view json, model::Path path = {}) {
  Arena arena;
  std::vector<std::string> secrets;
  return MaskedJson(*ParseJson(arena, json, Limits()), path, secrets);
}

TEST(MaskingTest, ValuesUnderSecretNames) {
  EXPECT_EQ(Masked(R"("hunter22")", {{"password"}}), R"("********")");
  EXPECT_EQ(Masked(R"("AES256")", {{"algorithm"}}), R"("AES256")");
  EXPECT_EQ(Masked(R"({"password":"hunter22","port":5})"), R"({"password":"********","port":5})");
  EXPECT_EQ(Masked(R"([{"name":"DB_PASSWORD","value":"x"},{"name":"A","value":"y"}])"),
            R"([{"name":"DB_PASSWORD","value":"********"},{"name":"A","value":"y"}])");
  EXPECT_EQ(Masked("true", {{"password"}}), "true");
}

TEST(MaskingTest, SensitiveValuesWhereverTheyStand) {
  std::vector<std::string> secrets;
  Value v = Value::String("topsecret").WithMarks(kSensitive);
  EXPECT_EQ(MaskedJson(v, {{"name"}}, secrets), R"("********")");
  ASSERT_EQ(secrets.size(), 1u);
  std::string message = "name is topsecret";
  MaskTexts(message, secrets);
  EXPECT_EQ(message, "name is ********");
}

TEST(MaskingTest, LongValuesAreCutButStayJson) {
  Arena arena;
  std::string out = Masked("\"" + std::string(100'000, 'x') + "\"");
  EXPECT_LT(out.size(), 5000u);
  EXPECT_TRUE(ParseJson(arena, out, Limits()).has_value());
}

TEST(MaskingTest, SourceLines) {
  EXPECT_EQ(MaskLine(R"(  password = "hunter22")"), R"(  password = "********")");
  EXPECT_EQ(MaskLine(R"(  "password": "hunter22",)"), R"(  "password": "********",)");
  EXPECT_EQ(MaskLine("  password: hunter22"), "  password: ********");
  EXPECT_EQ(MaskLine("  password = var.password"), "  password = var.password");
  EXPECT_EQ(MaskLine(R"(  password = "${var.p}")"), R"(  password = "${var.p}")");
  EXPECT_EQ(MaskLine("  automountServiceAccountToken: true"),
            "  automountServiceAccountToken: true");
  EXPECT_EQ(MaskLine("  bucket = \"b\""), "  bucket = \"b\"");
}

TEST(Masking, PlacesThatHoldSecretsWhateverTheirName) {
  Arena arena;
  model::Resource secret;
  secret.type = "v1/Secret";
  secret.attributes = *ParseJson(arena, R"({"data":{"a":"aHVudGVyMg=="}})", Limits());
  EXPECT_TRUE(IsSecretPlace(secret, {{"data"}, {"a"}}));
  EXPECT_FALSE(IsSecretPlace(secret, {{"metadata"}}));
  model::Resource pod;
  pod.type = "v1/Pod";
  pod.attributes = *ParseJson(
      arena, R"({"env":[{"name":"API_KEY","value":"x1"},{"name":"MODE","value":"y1"}]})", Limits());
  EXPECT_TRUE(IsSecretPlace(pod, {{"env"}, {"", 0}, {"value"}}));
  EXPECT_FALSE(IsSecretPlace(pod, {{"env"}, {"", 1}, {"value"}}));
  EXPECT_FALSE(IsSecretPlace(pod, {{"env"}, {"", 7}, {"value"}}));
  std::vector<std::string> secrets;
  EXPECT_EQ(
      MaskedJson(*ParseJson(arena, R"({"a":"aHVudGVyMg=="})", Limits()), {{"data"}}, secrets, true),
      R"({"a":"********"})");
}

TEST(Masking, CredentialsKnownByTheirShape) {
  Arena arena;
  std::vector<std::string> secrets;
  EXPECT_EQ(
      MaskedJson(*ParseJson(arena, R"({"script":"export K=AKIAQ3EGRIDLVU5JQ7ZT; run"})", Limits()),
                 {{"user_data"}}, secrets, false),
      R"({"script":"export K=********; run"})");
  EXPECT_EQ(secrets, std::vector<std::string>{"AKIAQ3EGRIDLVU5JQ7ZT"});
  EXPECT_EQ(MaskLine("  export K=AKIAQ3EGRIDLVU5JQ7ZT"), "  export K=********");
  secrets.clear();
  std::string body(64, 'q');
  std::string key = "-----BEGIN RSA PRIVATE KEY-----\n" + body + "\n" + body + "\n" + body + "\n" +
                    body + "\n-----END RSA PRIVATE KEY-----\n";
  EXPECT_EQ(MaskedJson(MakeString(arena, key), {{"content"}}, secrets, false), R"("********")");
  std::string line = "    " + body;
  MaskTexts(line, secrets);
  EXPECT_EQ(line, "    ********");
}

}  // namespace
}  // namespace plumbline::scan
