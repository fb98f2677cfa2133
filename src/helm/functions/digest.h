// Digests and pseudo-random bytes. The only place that knows OpenSSL.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace plumbline::helm {

std::string Sha1(std::string_view bytes);
std::string Sha256(std::string_view bytes);
std::string Sha512(std::string_view bytes);
std::string HmacSha256(std::string_view key, std::string_view bytes);
std::string Hex(std::string_view bytes);
/// RFC 7914 with N = 32768, r = 8, p = 2: 64 bytes.
std::optional<std::string> Scrypt(std::string_view password, std::string_view salt);
/// AES-256 in CBC mode; whole blocks only.
std::string AesCbc(std::string_view key, std::string_view iv, std::string_view blocks,
                   bool encrypt);
/// `n` bytes that follow from the seed: they look random and are the same every time.
std::string SeededBytes(std::string_view seed, std::size_t n);

}  // namespace plumbline::helm
