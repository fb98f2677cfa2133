#include "helm/functions/digest.h"

// The low-level digests: the others load a whole provider first.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/aes.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <cstdint>

namespace plumbline::helm {
namespace {

const unsigned char* Bytes(std::string_view s) {
  return reinterpret_cast<const unsigned char*>(s.data());
}
unsigned char* Bytes(std::string& s) { return reinterpret_cast<unsigned char*>(s.data()); }

}  // namespace

std::string Sha1(std::string_view bytes) {
  std::string out(SHA_DIGEST_LENGTH, '\0');
  SHA_CTX context;
  SHA1_Init(&context);
  SHA1_Update(&context, bytes.data(), bytes.size());
  SHA1_Final(Bytes(out), &context);
  return out;
}

std::string Sha256(std::string_view bytes) {
  std::string out(SHA256_DIGEST_LENGTH, '\0');
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, bytes.data(), bytes.size());
  SHA256_Final(Bytes(out), &context);
  return out;
}

std::string Sha512(std::string_view bytes) {
  std::string out(SHA512_DIGEST_LENGTH, '\0');
  SHA512_CTX context;
  SHA512_Init(&context);
  SHA512_Update(&context, bytes.data(), bytes.size());
  SHA512_Final(Bytes(out), &context);
  return out;
}

std::string HmacSha256(std::string_view key, std::string_view bytes) {
  std::string block = key.size() > SHA256_CBLOCK ? Sha256(key) : std::string(key);
  block.resize(SHA256_CBLOCK, '\0');
  std::string inner = block, outer = block;
  constexpr char kInner = 0x36, kOuter = 0x5C;
  for (char& c : inner) c = static_cast<char>(c ^ kInner);
  for (char& c : outer) c = static_cast<char>(c ^ kOuter);
  return Sha256(outer + Sha256(inner.append(bytes)));
}

std::string Hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (char c : bytes) {
    out += kDigits[static_cast<unsigned char>(c) >> 4];
    out += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

std::optional<std::string> Scrypt(std::string_view password, std::string_view salt) {
  constexpr std::uint64_t kCost = 32768, kBlock = 8, kParallel = 2, kMemory = 64u << 20;
  std::string key(64, '\0');
  int ok = EVP_PBE_scrypt(password.data(), password.size(), Bytes(salt), salt.size(), kCost, kBlock,
                          kParallel, kMemory, Bytes(key), key.size());
  if (ok != 1) return std::nullopt;
  return key;
}

std::string AesCbc(std::string_view key, std::string_view iv, std::string_view blocks,
                   bool encrypt) {
  AES_KEY schedule;
  constexpr int kBits = 256;
  if (encrypt) {
    AES_set_encrypt_key(Bytes(key), kBits, &schedule);
  } else {
    AES_set_decrypt_key(Bytes(key), kBits, &schedule);
  }
  std::string out(blocks.size(), '\0'), chain(iv);
  AES_cbc_encrypt(Bytes(blocks), Bytes(out), blocks.size(), &schedule, Bytes(chain),
                  encrypt ? AES_ENCRYPT : AES_DECRYPT);
  return out;
}

std::string SeededBytes(std::string_view seed, std::size_t n) {
  std::string out;
  for (std::uint64_t i = 0; out.size() < n; ++i)
    out += Sha256(std::string(seed) + ":" + std::to_string(i));
  out.resize(n);
  return out;
}

}  // namespace plumbline::helm
