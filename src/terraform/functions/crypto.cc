// Digests and what is made of them. MD5, SHA-1 and the SHA-2 family are small enough to have here,
// which keeps a cryptographic library out of the program's start-up. Specifications: RFC 1321, FIPS
// 180-4, RFC 9562 (UUID).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <string>
#include <vector>

#include "terraform/functions/registry.h"

namespace plumbline::terraform::functions {
namespace {

// The first bits of the fractional parts of roots of the first primes (FIPS 180-4, 4.2 and 5.3),
// computed when first needed: for `cube` the constants of the rounds, for squares the initial
// state.
std::uint64_t RootBits(unsigned prime, bool cube) {
  // floor(root * 2^64) by bisection in 256-bit-safe steps: the root is below 2^9, so r = root *
  // 2^64 has 73 bits.
  using U = unsigned __int128;
  auto below = [&](U r) {
    // r^2 <= p * 2^128 or r^3 <= p * 2^192, compared in 32-bit limbs.
    std::array<std::uint64_t, 10> product{1}, target{};
    auto multiply = [](std::array<std::uint64_t, 10>& a, U b) {
      std::array<std::uint64_t, 10> out{};
      std::uint64_t limbs[3] = {static_cast<std::uint32_t>(b), static_cast<std::uint32_t>(b >> 32),
                                static_cast<std::uint32_t>(b >> 64)};
      for (std::size_t j = 0; j < 3; ++j) {
        std::uint64_t carry = 0;
        for (std::size_t i = 0; i + j < out.size(); ++i) {
          std::uint64_t t = out[i + j] + a[i] * limbs[j] + carry;
          out[i + j] = t & 0xFFFFFFFF;
          carry = t >> 32;
        }
      }
      a = out;
    };
    for (int i = 0; i < (cube ? 3 : 2); ++i) multiply(product, r);
    target[cube ? 6 : 4] = prime;
    return !std::lexicographical_compare(target.rbegin(), target.rend(), product.rbegin(),
                                         product.rend());
  };
  U low = 0, high = U{1} << 73;
  while (high - low > 1) {
    U middle = low + (high - low) / 2;
    (below(middle) ? low : high) = middle;
  }
  return static_cast<std::uint64_t>(low);
}

struct Sha2Constants {
  std::array<std::uint64_t, 80> rounds;
  std::array<std::uint64_t, 8> initial;
};

const Sha2Constants& Constants() {
  static const Sha2Constants kConstants = [] {
    Sha2Constants c;
    unsigned prime = 1;
    for (std::size_t i = 0; i < 80; ++i) {
      auto divisible = [&] {
        for (unsigned d = 2; d * d <= prime; ++d) {
          if (prime % d == 0) return true;
        }
        return false;
      };
      do ++prime;
      while (divisible());
      c.rounds[i] = RootBits(prime, true);
      if (i < 8) c.initial[i] = RootBits(prime, false);
    }
    return c;
  }();
  return kConstants;
}

// The message with its padding: a one bit, zeros, the length in bits.
std::string Padded(std::string_view s, std::size_t block, bool big_endian) {
  std::string m(s);
  m += static_cast<char>(0x80);
  std::size_t length_bytes = block / 8;
  while (m.size() % block != block - length_bytes) m += '\0';
  std::string bits(length_bytes, '\0');
  std::uint64_t n = static_cast<std::uint64_t>(s.size()) * 8;
  for (std::size_t i = 0; i < 8; ++i) bits[i] = static_cast<char>(n >> (8 * i));
  if (big_endian) std::ranges::reverse(bits);
  return m + bits;
}

template <typename Word>
Word ReadWord(const char* p, bool big_endian) {
  Word w = 0;
  for (std::size_t i = 0; i < sizeof(Word); ++i) {
    w |= static_cast<Word>(static_cast<unsigned char>(p[big_endian ? sizeof(Word) - 1 - i : i]))
         << (8 * i);
  }
  return w;
}

template <typename Word, std::size_t N>
std::string WriteWords(const std::array<Word, N>& words, bool big_endian) {
  std::string out;
  for (Word w : words) {
    for (std::size_t i = 0; i < sizeof(Word); ++i)
      out += static_cast<char>(w >> (8 * (big_endian ? sizeof(Word) - 1 - i : i)));
  }
  return out;
}

std::string Md5(std::string_view s) {
  // floor(2^32 * |sin(i + 1)|) of RFC 1321 as its table; the rotations repeat four by four.
  static constexpr std::array<std::uint32_t, 64> kSines = {
      0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613,
      0xfd469501, 0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193,
      0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d,
      0x02441453, 0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed,
      0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122,
      0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa,
      0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244,
      0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
      0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb,
      0xeb86d391};
  static constexpr int kTurns[4][4] = {
      {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
  std::array<std::uint32_t, 4> h = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  std::string m = Padded(s, 64, false);
  for (std::size_t at = 0; at < m.size(); at += 64) {
    auto [a, b, c, d] = h;
    for (unsigned i = 0; i < 64; ++i) {
      unsigned round = i / 16;
      std::uint32_t f = round == 0   ? (b & c) | (~b & d)
                        : round == 1 ? (d & b) | (~d & c)
                        : round == 2 ? b ^ c ^ d
                                     : c ^ (b | ~d);
      unsigned k = (round == 0 ? i : round == 1 ? 5 * i + 1 : round == 2 ? 3 * i + 5 : 7 * i) % 16;
      f += a + kSines[i] + ReadWord<std::uint32_t>(&m[at + 4 * k], false);
      a = d;
      d = c;
      c = b;
      b += std::rotl(f, kTurns[round][i % 4]);
    }
    h[0] += a, h[1] += b, h[2] += c, h[3] += d;
  }
  return WriteWords(h, false);
}

std::string Sha1(std::string_view s) {
  std::array<std::uint32_t, 5> h = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  static constexpr std::uint32_t kRounds[4] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
  std::string m = Padded(s, 64, true);
  std::array<std::uint32_t, 80> w;
  for (std::size_t at = 0; at < m.size(); at += 64) {
    for (std::size_t i = 0; i < 16; ++i) w[i] = ReadWord<std::uint32_t>(&m[at + 4 * i], true);
    for (std::size_t i = 16; i < 80; ++i)
      w[i] = std::rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    auto [a, b, c, d, e] = h;
    for (std::size_t i = 0; i < 80; ++i) {
      std::size_t round = i / 20;
      std::uint32_t f = round == 0   ? (b & c) | (~b & d)
                        : round == 2 ? (b & c) | (b & d) | (c & d)
                                     : b ^ c ^ d;
      std::uint32_t t = std::rotl(a, 5) + f + e + kRounds[round] + w[i];
      e = d;
      d = c;
      c = std::rotl(b, 30);
      b = a;
      a = t;
    }
    h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
  }
  return WriteWords(h, true);
}

// SHA-256 and SHA-512 differ in word size, rounds and rotations only.
template <typename Word, unsigned kRounds>
std::string Sha2(std::string_view s, const std::array<int, 12>& turn) {
  constexpr int kDropped = 64 - 8 * static_cast<int>(sizeof(Word));
  const Sha2Constants& k = Constants();
  std::array<Word, 8> h;
  for (std::size_t i = 0; i < 8; ++i) h[i] = static_cast<Word>(k.initial[i] >> kDropped);
  constexpr std::size_t kBlock = 16 * sizeof(Word);
  std::string m = Padded(s, kBlock, true);
  std::array<Word, kRounds> w;
  for (std::size_t at = 0; at < m.size(); at += kBlock) {
    for (std::size_t i = 0; i < 16; ++i) w[i] = ReadWord<Word>(&m[at + sizeof(Word) * i], true);
    for (std::size_t i = 16; i < kRounds; ++i) {
      Word x = w[i - 15], y = w[i - 2];
      w[i] = w[i - 16] + w[i - 7] +
             (std::rotr(x, turn[6]) ^ std::rotr(x, turn[7]) ^ (x >> turn[8])) +
             (std::rotr(y, turn[9]) ^ std::rotr(y, turn[10]) ^ (y >> turn[11]));
    }
    std::array<Word, 8> v = h;
    for (std::size_t i = 0; i < kRounds; ++i) {
      auto [a, b, c, d, e, f, g, z] = v;
      Word t1 = z + (std::rotr(e, turn[3]) ^ std::rotr(e, turn[4]) ^ std::rotr(e, turn[5])) +
                ((e & f) ^ (~e & g)) + static_cast<Word>(k.rounds[i] >> kDropped) + w[i];
      Word t2 = (std::rotr(a, turn[0]) ^ std::rotr(a, turn[1]) ^ std::rotr(a, turn[2])) +
                ((a & b) ^ (a & c) ^ (b & c));
      v = {t1 + t2, a, b, c, d + t1, e, f, g};
    }
    for (std::size_t i = 0; i < 8; ++i) h[i] += v[i];
  }
  return WriteWords(h, true);
}

std::string Sha256(std::string_view s) {
  return Sha2<std::uint32_t, 64>(s, {2, 13, 22, 6, 11, 25, 7, 18, 3, 17, 19, 10});
}
std::string Sha512(std::string_view s) {
  return Sha2<std::uint64_t, 80>(s, {28, 34, 39, 14, 18, 41, 1, 8, 7, 19, 61, 6});
}

std::string Hex(std::string_view bytes) {
  std::string out;
  for (char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

using Digest = std::string (*)(std::string_view);
using Writer = std::string (*)(std::string_view);

template <Digest kDigest, Writer kWrite>
Result<Value> OfText(Call& call) {
  return Text(call, kWrite(kDigest(call.args[0].as_string())));
}

template <Digest kDigest, Writer kWrite>
Result<Value> OfFile(Call& call) {
  PL_TRY(std::string bytes, ReadFileArgument(call, call.args[0].as_string()));
  return Text(call, kWrite(kDigest(bytes)));
}

Value AtApply(Call& call, std::string_view cause) {
  UnknownInfo info;
  info.type = StringType();
  info.not_null = true;
  info.cause = call.arena.New<Cause>(cause, Span{});
  return MakeUnknown(call.arena, info);
}

Result<Value> Bcrypt(Call& call) {
  return AtApply(call, "bcrypt() makes a new hash at every apply");
}
Result<Value> Uuid(Call& call) { return AtApply(call, "uuid() makes a new value at every apply"); }

// The sixteen bytes of a UUID in its usual form, or of a well-known namespace.
std::optional<std::string> NamespaceBytes(std::string_view name) {
  constexpr std::pair<std::string_view, char> kKnown[] = {
      {"dns", '\x10'}, {"url", '\x11'}, {"oid", '\x12'}, {"x500", '\x14'}};
  std::string text(name);
  for (auto [known, last] : kKnown) {
    if (name == known)
      text =
          fmt::format("6ba7b8{:02x}-9dad-11d1-80b4-00c04fd430c8", static_cast<unsigned char>(last));
  }
  if (text.starts_with("urn:uuid:")) text.erase(0, 9);
  if (text.size() == 38 && text.front() == '{' && text.back() == '}') text = text.substr(1, 36);
  if (text.size() == 36) {
    if (text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-')
      return std::nullopt;
    std::erase(text, '-');
  }
  if (text.size() != 32) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < 32; ++i) {
    char c = static_cast<char>(text[i] | 0x20);
    int d = c >= 'a' && c <= 'f'               ? c - 'a' + 10
            : text[i] >= '0' && text[i] <= '9' ? text[i] - '0'
                                               : -1;
    if (d < 0) return std::nullopt;
    if (i % 2 == 0)
      out += static_cast<char>(d << 4);
    else
      out.back() = static_cast<char>(out.back() | d);
  }
  return out;
}

Result<Value> UuidV5(Call& call) {
  auto space = NamespaceBytes(call.args[0].as_string());
  if (!space) return Fail("uuidv5() needs dns, url, oid, x500 or a UUID as its namespace");
  std::string h = Sha1(*space + std::string(call.args[1].as_string())).substr(0, 16);
  h[6] = static_cast<char>((h[6] & 0x0F) | 0x50);
  h[8] = static_cast<char>((h[8] & 0x3F) | 0x80);
  std::string hex = Hex(h);
  for (std::size_t at : {8u, 13u, 18u, 23u}) hex.insert(at, "-");
  return Text(call, hex);
}

using enum Accepts;

constexpr auto kFunctions = std::to_array<Function>({
    {"base64sha256", {{{kString}}}, {}, Returns::kString, &OfText<&Sha256, &EncodeBase64>},
    {"base64sha512", {{{kString}}}, {}, Returns::kString, &OfText<&Sha512, &EncodeBase64>},
    {"bcrypt", {{{kString}}}, {kNumber}, Returns::kString, &Bcrypt},
    {"filebase64sha256", {{{kString}}}, {}, Returns::kString, &OfFile<&Sha256, &EncodeBase64>},
    {"filebase64sha512", {{{kString}}}, {}, Returns::kString, &OfFile<&Sha512, &EncodeBase64>},
    {"filemd5", {{{kString}}}, {}, Returns::kString, &OfFile<&Md5, &Hex>},
    {"filesha1", {{{kString}}}, {}, Returns::kString, &OfFile<&Sha1, &Hex>},
    {"filesha256", {{{kString}}}, {}, Returns::kString, &OfFile<&Sha256, &Hex>},
    {"filesha512", {{{kString}}}, {}, Returns::kString, &OfFile<&Sha512, &Hex>},
    {"md5", {{{kString}}}, {}, Returns::kString, &OfText<&Md5, &Hex>},
    {"rsadecrypt", {{{kString}, {kString}}}, {}, Returns::kString, &RsaDecrypt},
    {"sha1", {{{kString}}}, {}, Returns::kString, &OfText<&Sha1, &Hex>},
    {"sha256", {{{kString}}}, {}, Returns::kString, &OfText<&Sha256, &Hex>},
    {"sha512", {{{kString}}}, {}, Returns::kString, &OfText<&Sha512, &Hex>},
    {"uuid", {}, {}, Returns::kString, &Uuid},
    {"uuidv5", {{{kString}, {kString}}}, {}, Returns::kString, &UuidV5},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

std::span<const Function> CryptoFunctions() { return kFunctions; }

}  // namespace plumbline::terraform::functions
