// rsadecrypt() with a key in each of its forms. The key was made for this test and guards nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

#include "terraform/functions.h"

namespace plumbline::terraform {
namespace {

constexpr char kCipher[] =
    "WNmPrpBcMVTrStzdjc7qrnYwslhCNBgKL0wpqx4BUztBQlmsAh9fDPOprHBWjW3oJfQoySC831O90DY43Bw+6LtF"
    "Q+h658LHzvhmbJV8BZFsgyn00a+cSaC+6Lg9IGP45DxL5PBKv3VH2oEJWgYCakjPW91apTm45vIM7NyJPSE=";
constexpr char kPkcs1[] =
    "MIICXgIBAAKBgQDSC33aBDNIQ2YOM+JxUDGXgqoONtER9P6GbJ6sv73KJv6kHE79EYAzsFyuK37+K4l6sC2MeU4c"
    "r3W2Mnzzftn3gmxb8sZoRzBZwOFX7RJ/PPv/2i6Z4bI1F4kbnYfN1kJn21tCak82hRywJKv7WYj4At/tnm5lY6zI"
    "cZnkCY+2mwIDAQABAoGAZvkNRNGkVnv8T2AuVkDrXwzG09sZ2gTStxIPJD+ICs/dLJVYQAbRZAXFGfnm8zJi3sv6"
    "OJDLs5JtUdokmbcJocMPgm8ka8XXXl7+uBHQOlSPf4HCw5dTNhoARQ/sY3zbYE9+hmW4rPZNcBImh6UjNeODAMIJ"
    "PzhGtsTruRklFqkCQQD1EQx//OWg0w3yYnTeibgzRtjJiHIdW7oNuYx2paMwG5bdAnS+mUxbmRXWeB4MmZvpbQ1s"
    "Bt92p/aRlCbJ1cW3AkEA22p0DjvRd04VcFq8dMSNJyiE3GCqJxHDIUf8NvWEbdwRgKWdV/WrEJA+q5C/ZlRslEZC"
    "7z47R1G/1KwXrW02PQJBANIUxGdvb5YXd0xCtLcUznA+mpbhPhoGyQ788fm/8o3KCOD7OwMtPTUEnaDWJcRdZjeL"
    "wcbKeYQpZojTvRCnDi8CQQCVDFhv/tSIzeMkYo7YZ1hXfF/ccFHFnnxGFGdRUjC2jCLbmCUtRjYBV2srEnXiZoEn"
    "rB718/lCtlaweoLPDXwlAkEAqkkAqcwQilUs7qZjMJAg3QMiwRQXqsRrOHsvImC1GvpGK3atPcQ1Ibj/gFnRZAr/"
    "utCZhFApIoWJTRFcEFY5/g==";
constexpr char kPkcs8[] =
    "MIICeAIBADANBgkqhkiG9w0BAQEFAASCAmIwggJeAgEAAoGBANILfdoEM0hDZg4z4nFQMZeCqg420RH0/oZsnqy/"
    "vcom/qQcTv0RgDOwXK4rfv4riXqwLYx5ThyvdbYyfPN+2feCbFvyxmhHMFnA4VftEn88+//aLpnhsjUXiRudh83W"
    "QmfbW0JqTzaFHLAkq/tZiPgC3+2ebmVjrMhxmeQJj7abAgMBAAECgYBm+Q1E0aRWe/xPYC5WQOtfDMbT2xnaBNK3"
    "Eg8kP4gKz90slVhABtFkBcUZ+ebzMmLey/o4kMuzkm1R2iSZtwmhww+CbyRrxddeXv64EdA6VI9/gcLDl1M2GgBF"
    "D+xjfNtgT36GZbis9k1wEiaHpSM144MAwgk/OEa2xOu5GSUWqQJBAPURDH/85aDTDfJidN6JuDNG2MmIch1bug25"
    "jHalozAblt0CdL6ZTFuZFdZ4HgyZm+ltDWwG33an9pGUJsnVxbcCQQDbanQOO9F3ThVwWrx0xI0nKITcYKonEcMh"
    "R/w29YRt3BGApZ1X9asQkD6rkL9mVGyURkLvPjtHUb/UrBetbTY9AkEA0hTEZ29vlhd3TEK0txTOcD6aluE+GgbJ"
    "Dvzx+b/yjcoI4Ps7Ay09NQSdoNYlxF1mN4vBxsp5hClmiNO9EKcOLwJBAJUMWG/+1IjN4yRijthnWFd8X9xwUcWe"
    "fEYUZ1FSMLaMItuYJS1GNgFXaysSdeJmgSesHvXz+UK2VrB6gs8NfCUCQQCqSQCpzBCKVSzupmMwkCDdAyLBFBeq"
    "xGs4ey8iYLUa+kYrdq09xDUhuP+AWdFkCv+60JmEUCkihYlNEVwQVjn+";
constexpr char kOpenSsh[] =
    "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAlwAAAAdzc2gtcnNhAAAAAwEAAQAAAIEA"
    "0gt92gQzSENmDjPicVAxl4KqDjbREfT+hmyerL+9yib+pBxO/RGAM7Bcrit+/iuJerAtjHlOHK91tjJ8837Z94Js"
    "W/LGaEcwWcDhV+0Sfzz7/9oumeGyNReJG52HzdZCZ9tbQmpPNoUcsCSr+1mI+ALf7Z5uZWOsyHGZ5AmPtpsAAAH4"
    "0oRtz9KEbc8AAAAHc3NoLXJzYQAAAIEA0gt92gQzSENmDjPicVAxl4KqDjbREfT+hmyerL+9yib+pBxO/RGAM7Bc"
    "rit+/iuJerAtjHlOHK91tjJ8837Z94JsW/LGaEcwWcDhV+0Sfzz7/9oumeGyNReJG52HzdZCZ9tbQmpPNoUcsCSr"
    "+1mI+ALf7Z5uZWOsyHGZ5AmPtpsAAAADAQABAAAAgGb5DUTRpFZ7/E9gLlZA618MxtPbGdoE0rcSDyQ/iArP3SyV"
    "WEAG0WQFxRn55vMyYt7L+jiQy7OSbVHaJJm3CaHDD4JvJGvF115e/rgR0DpUj3+BwsOXUzYaAEUP7GN822BPfoZl"
    "uKz2TXASJoelIzXjgwDCCT84RrbE67kZJRapAAAAQQCqSQCpzBCKVSzupmMwkCDdAyLBFBeqxGs4ey8iYLUa+kYr"
    "dq09xDUhuP+AWdFkCv+60JmEUCkihYlNEVwQVjn+AAAAQQD1EQx//OWg0w3yYnTeibgzRtjJiHIdW7oNuYx2paMw"
    "G5bdAnS+mUxbmRXWeB4MmZvpbQ1sBt92p/aRlCbJ1cW3AAAAQQDbanQOO9F3ThVwWrx0xI0nKITcYKonEcMhR/w2"
    "9YRt3BGApZ1X9asQkD6rkL9mVGyURkLvPjtHUb/UrBetbTY9AAAAAAEC";
constexpr char kOther[] =
    "MIICXgIBAAKBgQCvWNOgLBH7JNjKtXg7ZJ15B6vPNiaJcOepmWo3NvEEzesfGYFKCxiHkAFbqbgHoNc3lLB2KB6t"
    "sL3Wd1JDOHtfPbJioeJ3ETDdbkZ9JRa4WsgCS1PPw/YCYIHWUXZvlhlJelhu8OrRDsUqTIxDdIFnw2isrcYXLTY6"
    "mQ9/6mbfnwIDAQABAoGBAJ1gF/A2HZ1OoNSuss57q2opHGbJryTEFOf/LXmI8iDhwBkVhxixhL6G3PEsDmOqU/8q"
    "kIY70+0IKBoI1ehHFVIUPQUsRv/tpK0uTjl0Kpwn18/EX/hxf8hx8pTJurCwuW4FgYfGhI5FBewtsUumtbWZOzej"
    "Iu8K/Mrxr1DJj+ChAkEA5aNx8C1i7hEZE3lAK1xnLPIKlpzEnF6z8bpljdCXxA0kjj4S3wtnf0C16biRl7gDSltg"
    "4E/WaHdc24oe8ptBlQJBAMN54Ll0H+cltWeeCxaTBgN2W9v9r5gWWWAf+JIjhpwfVZ64wkum4bp29RfAsha3002u"
    "tYAD6xcbxRQNMYHPt2MCQDh5IosTTlIHqGgOmIZRWhpGh+4ULZHbBFu9ID5o/vm61bOZdmCd2F0GF/abakqqeTyv"
    "Djr7x1m3iQGAjS3SmqUCQQCWyJfBVkMZsSu6Tt3svuJfn1gCXTCq12p/zImYaND38u+/rHMrmgH7LLGobdqxzYCw"
    "JnkY02zveVtPOVIb+RdTAkEAhlUE5y7TLQW1GQxa8eE5Swx8MG8y9MM0NhU1Yk8rKlXk93+E3WI13fVWYahJJSby"
    "K5CWp03JqohifIWgcetE7A==";
constexpr char kElliptic[] =
    "MHcCAQEEIM9x8PhuU7K8ERSoV83Am4V2qDSkZ9795ky1uhHN26N6oAoGCCqGSM49AwEHoUQDQgAE04qcO95qWwIC"
    "RizEp2n0bYPmBJjRVPKmxzf5NxDiqGFNGq0CHZ3PS/rrskC/q6I8TQKqT9WiQSSksfwocz2hnQ==";

std::string Pem(std::string_view label, std::string_view body) {
  std::string dashes(5, '-'), out = dashes + "BEGIN " + std::string(label) + dashes + "\n";
  for (; !body.empty(); body.remove_prefix(std::min<std::size_t>(64, body.size())))
    out += std::string(body.substr(0, 64)) + "\n";
  return out + dashes + "END " + std::string(label) + dashes + "\n";
}

class RsaTest : public ::testing::Test {
 protected:
  std::string Decrypt(std::string_view cipher, std::string_view key) {
    std::array args{Value::String(cipher), Value::String(key)};
    auto r = CallFunction("rsadecrypt", args, context_);
    return r ? std::string(r->as_string()) : "!" + r.error().message;
  }

  Arena arena_;
  Limits limits_;
  DiskFileSystem fs_;
  FunctionContext context_{arena_, limits_, fs_, "/", "/", "2026-01-02T03:04:05Z", {}};
};

TEST_F(RsaTest, EveryFormOfKey) {
  EXPECT_EQ(Decrypt(kCipher, Pem("RSA PRIVATE KEY", kPkcs1)), "h\u00e9llo");
  EXPECT_EQ(Decrypt(kCipher, Pem("PRIVATE KEY", kPkcs8)), "h\u00e9llo");
  EXPECT_EQ(Decrypt(kCipher, Pem("OPENSSH PRIVATE KEY", kOpenSsh)), "h\u00e9llo");
}

TEST_F(RsaTest, WhatCannotBeDecrypted) {
  std::string key = Pem("RSA PRIVATE KEY", kPkcs1);
  auto fails = [&](std::string_view cipher, std::string_view with, std::string_view why) {
    std::string got = Decrypt(cipher, with);
    EXPECT_TRUE(got.starts_with("!") && got.find(why) != std::string::npos) << got;
  };
  fails("!", key, "ciphertext in base64");
  fails("", key, "not made with this key");
  fails("aGk=", key, "not made with this key");
  fails(kCipher, Pem("RSA PRIVATE KEY", kOther), "cannot decrypt");
  fails(std::string(400, 'A'), key, "longer than the key");
  fails(kCipher, "x", "in PEM form");
  fails(kCipher, Pem("RSA PRIVATE KEY", ""), "no RSA key");
  fails(kCipher, Pem("RSA PRIVATE KEY", "MIIC"), "no RSA key");
  fails(kCipher, Pem("EC PRIVATE KEY", kElliptic), "no RSA key");
  fails(kCipher, Pem("OPENSSH PRIVATE KEY", kPkcs1), "no RSA key");
  fails(kCipher, key.substr(0, 200), "in PEM form");
}

}  // namespace
}  // namespace plumbline::terraform
