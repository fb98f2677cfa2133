// rsadecrypt(): PKCS #1 v1.5 (RFC 8017, section 7.2) with a key in PEM form. The key is a
// "RSA PRIVATE KEY" (PKCS #1), a "PRIVATE KEY" (PKCS #8) or an "OPENSSH PRIVATE KEY", none of them
// encrypted. Nothing here has to keep a secret from whoever measures time: the key is in the
// configuration.
#include <fmt/format.h>

#include <boost/multiprecision/cpp_int.hpp>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "terraform/functions/registry.h"

namespace plumbline::terraform::functions {
namespace {

using Int = boost::multiprecision::cpp_int;

struct Key {
  Int modulus;
  Int exponent;  // the private one
};

Int ToInt(std::string_view bytes) {
  Int n;
  if (bytes.empty()) return n;
  std::vector<unsigned char> digits(bytes.begin(), bytes.end());
  boost::multiprecision::import_bits(n, digits.begin(), digits.end());
  return n;
}

/// Elements of DER (X.690), one after the other.
class DerReader {
 public:
  explicit DerReader(std::string_view bytes) : bytes_(bytes) {}

  /// The content of the next element, which must have the tag.
  std::optional<std::string_view> Take(unsigned char tag) {
    if (bytes_.size() < 2 || static_cast<unsigned char>(bytes_[0]) != tag) return std::nullopt;
    std::size_t size = static_cast<unsigned char>(bytes_[1]), at = 2;
    if (size >= 0x80) {
      std::size_t digits = size - 0x80;
      if (digits == 0 || digits > 4 || bytes_.size() < 2 + digits) return std::nullopt;
      for (size = 0; digits > 0; --digits)
        size = size << 8 | static_cast<unsigned char>(bytes_[at++]);
    }
    if (bytes_.size() - at < size) return std::nullopt;
    std::string_view content = bytes_.substr(at, size);
    bytes_.remove_prefix(at + size);
    return content;
  }

 private:
  std::string_view bytes_;
};

constexpr unsigned char kInteger = 0x02, kOctets = 0x04, kSequence = 0x30;

std::optional<Key> ParsePkcs1(std::string_view der) {
  auto sequence = DerReader(der).Take(kSequence);
  if (!sequence) return std::nullopt;
  DerReader in(*sequence);
  auto version = in.Take(kInteger), modulus = in.Take(kInteger), open = in.Take(kInteger),
       secret = in.Take(kInteger);
  if (!version || !modulus || !open || !secret) return std::nullopt;
  return Key{ToInt(*modulus), ToInt(*secret)};
}

std::optional<Key> ParsePkcs8(std::string_view der) {
  constexpr std::string_view kRsa("\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01", 11);
  auto sequence = DerReader(der).Take(kSequence);
  if (!sequence) return std::nullopt;
  DerReader in(*sequence);
  auto version = in.Take(kInteger), algorithm = in.Take(kSequence), inner = in.Take(kOctets);
  if (!version || !algorithm || !inner || !algorithm->starts_with(kRsa)) return std::nullopt;
  return ParsePkcs1(*inner);
}

/// Strings of SSH's wire format: four bytes of length, then the content.
class SshReader {
 public:
  explicit SshReader(std::string_view bytes) : bytes_(bytes) {}

  std::optional<std::string_view> Take(std::size_t n) {
    if (bytes_.size() < n) return std::nullopt;
    std::string_view out = bytes_.substr(0, n);
    bytes_.remove_prefix(n);
    return out;
  }
  std::optional<std::string_view> TakeString() {
    auto size = Take(4);
    if (!size) return std::nullopt;
    std::size_t n = 0;
    for (char c : *size) n = n << 8 | static_cast<unsigned char>(c);
    return Take(n);
  }

 private:
  std::string_view bytes_;
};

std::optional<Key> ParseOpenSsh(std::string_view bytes) {
  constexpr std::string_view kMagic("openssh-key-v1\0", 15);
  if (!bytes.starts_with(kMagic)) return std::nullopt;
  SshReader in(bytes.substr(kMagic.size()));
  auto cipher = in.TakeString();
  in.TakeString();  // how the cipher's key is made
  in.TakeString();  // and its options
  in.Take(4);       // the number of keys
  in.TakeString();  // the public key
  auto secret = in.TakeString();
  if (!secret || cipher != "none") return std::nullopt;
  SshReader key(*secret);
  key.Take(8);  // two equal numbers
  auto type = key.TakeString(), modulus = key.TakeString();
  key.TakeString();  // the public exponent
  auto power = key.TakeString();
  if (!power || type != "ssh-rsa") return std::nullopt;
  return Key{ToInt(*modulus), ToInt(*power)};
}

/// The first PEM block of a text (RFC 7468): its label and the bytes it holds.
struct Pem {
  std::string label;
  std::string bytes;
};

std::optional<Pem> ParsePem(std::string_view text) {
  constexpr std::string_view kBegin = "-----BEGIN ", kDashes = "-----";
  std::size_t begin = text.find(kBegin);
  if (begin == std::string_view::npos) return std::nullopt;
  text.remove_prefix(begin + kBegin.size());
  std::size_t dashes = text.find(kDashes);
  if (dashes == std::string_view::npos) return std::nullopt;
  Pem pem{std::string(text.substr(0, dashes)), {}};
  text.remove_prefix(dashes + kDashes.size());
  std::size_t end = text.find("-----END " + pem.label + "-----");
  if (end == std::string_view::npos) return std::nullopt;
  std::string base64;
  for (char c : text.substr(0, end)) {
    if (c != ' ' && c != '\t' && c != '\r' && c != '\n') base64 += c;
  }
  auto bytes = DecodeBase64(base64);
  if (!bytes) return std::nullopt;
  pem.bytes = *bytes;
  return pem;
}

Result<Key> ParseKey(std::string_view text) {
  auto pem = ParsePem(text);
  if (!pem) return Fail("rsadecrypt() needs a private key in PEM form, not encrypted");
  auto key = pem->label == "RSA PRIVATE KEY"       ? ParsePkcs1(pem->bytes)
             : pem->label == "PRIVATE KEY"         ? ParsePkcs8(pem->bytes)
             : pem->label == "OPENSSH PRIVATE KEY" ? ParseOpenSsh(pem->bytes)
                                                   : std::nullopt;
  if (!key) return Fail(fmt::format("rsadecrypt() found no RSA key in the \"{}\"", pem->label));
  return *key;
}

// The message behind its padding: 0, 2, at least eight bytes that are not zero, 0.
std::optional<std::string_view> Unpad(std::string_view block) {
  constexpr std::size_t kLeastPadding = 10;
  if (!block.starts_with(std::string_view("\0\x02", 2))) return std::nullopt;
  std::size_t zero = block.find('\0', 2);
  if (zero == std::string_view::npos || zero < kLeastPadding) return std::nullopt;
  return block.substr(zero + 1);
}

}  // namespace

Result<Value> RsaDecrypt(Call& call) {
  constexpr std::size_t kMostBits = 16'384;
  auto cipher = DecodeBase64(call.args[0].as_string());
  if (!cipher) return Fail("rsadecrypt() needs a ciphertext in base64");
  PL_TRY(Key key, ParseKey(call.args[1].as_string()));
  if (key.modulus < 2 || msb(key.modulus) >= kMostBits || key.exponent >= key.modulus)
    return Fail("rsadecrypt() got a key that is no RSA key of at most 16384 bits");
  std::size_t width = msb(key.modulus) / 8 + 1;
  Int number = ToInt(*cipher);
  if (cipher->size() > width || number >= key.modulus)
    return Fail("rsadecrypt() cannot decrypt the text: it is longer than the key");
  std::string digits;
  export_bits(Int(powm(number, key.exponent, key.modulus)), std::back_inserter(digits), 8);
  std::string block = std::string(width - std::min(width, digits.size()), '\0') + digits;
  auto message = Unpad(block);
  if (!message) return Fail("rsadecrypt() cannot decrypt the text: it was not made with this key");
  return Text(call, *message);
}

}  // namespace plumbline::terraform::functions
