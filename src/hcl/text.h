// Characters as HCL sees them: identifiers (UAX 31 and '-'), white space, NFC, UTF-8 validity.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "support/arena.h"

namespace plumbline::hcl {

enum CharClass : std::uint8_t {
  kIdentStart = 1,
  kIdentPart = 2,
  kDigit = 4,
  kQuotedPlain = 8,  // needs no look inside a quoted string
};

inline constexpr std::array<std::uint8_t, 256> kCharClass = [] {
  std::array<std::uint8_t, 256> t{};
  for (int c = 0x20; c < 0x80; ++c) t[static_cast<std::size_t>(c)] = kQuotedPlain;
  t['\t'] = kQuotedPlain;
  for (char c : {'"', '\\', '$', '%'}) t[static_cast<unsigned char>(c)] = 0;
  auto add = [&](int from, int to, int bits) {
    for (int c = from; c <= to; ++c) {
      auto& x = t[static_cast<std::size_t>(c)];
      x = static_cast<std::uint8_t>(x | bits);
    }
  };
  add('a', 'z', kIdentStart | kIdentPart);
  add('A', 'Z', kIdentStart | kIdentPart);
  add('_', '_', kIdentStart | kIdentPart);
  add('-', '-', kIdentPart);
  add('0', '9', kIdentPart | kDigit);
  return t;
}();

inline bool HasClass(char c, std::uint8_t bits) {
  return (kCharClass[static_cast<unsigned char>(c)] & bits) != 0;
}
inline bool IsDigit(char c) { return HasClass(c, kDigit); }
inline bool IsAscii(char c) { return static_cast<unsigned char>(c) < 0x80; }
bool IsAscii(std::string_view s);

/// Length in bytes of the identifier that `s` begins with; 0 when there is none.
std::size_t IdentifierLength(std::string_view s);
/// Length in bytes of the white-space character (Unicode's) that `s` begins with; 0 when it is
/// another character.
std::size_t SpaceLength(std::string_view s);
/// Length of the white space that ends `s`.
std::string_view TrimSpaceRight(std::string_view s);
std::string_view TrimSpaceLeft(std::string_view s);

/// `s` in Unicode's normal form C, as Terraform's strings are; `s` itself when it is so already.
std::string_view Normalize(Arena& arena, std::string_view s);

/// Offset of the first byte that is no UTF-8; npos when all is well.
std::size_t FindInvalidUtf8(std::string_view s);
/// A copy of the same length in which every byte that is no UTF-8 is a '?'.
std::string_view RepairUtf8(Arena& arena, std::string_view s);

}  // namespace plumbline::hcl
