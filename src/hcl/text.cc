#include "hcl/text.h"

#include <utf8proc.h>

#include <cstdlib>
#include <cstring>

namespace plumbline::hcl {

namespace {

// The code point at the start of `s` and its length; length 0 when it is no UTF-8.
struct CodePoint {
  std::int32_t value = 0;
  std::size_t length = 0;
};

CodePoint Decode(std::string_view s) {
  utf8proc_int32_t c = 0;
  auto n = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(s.data()),
                            static_cast<utf8proc_ssize_t>(s.size()), &c);
  if (n <= 0) return {};
  return {c, static_cast<std::size_t>(n)};
}

bool IsUnicodeIdent(std::int32_t c, bool start) {
  switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL:
      return true;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_PC:
      return !start;
    default:
      return false;
  }
}

bool IsSpace(std::int32_t c) {
  if (c == ' ' || (c >= '\t' && c <= '\r')) return true;
  return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

}  // namespace

bool IsAscii(std::string_view s) {
  std::size_t i = 0;
  std::uint64_t seen = 0;
  for (; i + 8 <= s.size(); i += 8) {
    std::uint64_t w;
    std::memcpy(&w, s.data() + i, 8);
    seen |= w;
  }
  for (; i < s.size(); ++i) seen |= static_cast<unsigned char>(s[i]);
  return (seen & 0x8080808080808080u) == 0;
}

std::size_t IdentifierLength(std::string_view s) {
  std::size_t i = 0;
  while (i < s.size()) {
    if (IsAscii(s[i])) {
      if (!HasClass(s[i], i == 0 ? kIdentStart : kIdentPart)) break;
      ++i;
      continue;
    }
    CodePoint c = Decode(s.substr(i));
    if (c.length == 0 || !IsUnicodeIdent(c.value, i == 0)) break;
    i += c.length;
  }
  return i;
}

std::size_t SpaceLength(std::string_view s) {
  if (s.empty()) return 0;
  if (IsAscii(s[0])) return IsSpace(s[0]) ? 1 : 0;
  CodePoint c = Decode(s);
  return IsSpace(c.value) ? c.length : 0;
}

std::string_view TrimSpaceLeft(std::string_view s) {
  while (std::size_t n = SpaceLength(s)) s.remove_prefix(n);
  return s;
}

std::string_view TrimSpaceRight(std::string_view s) {
  while (!s.empty()) {
    std::size_t n = 1;
    while (n < s.size() && n < 4 && (static_cast<unsigned char>(s[s.size() - n]) & 0xC0) == 0x80) {
      ++n;
    }
    if (SpaceLength(s.substr(s.size() - n)) != n) break;
    s.remove_suffix(n);
  }
  return s;
}

std::string_view Normalize(Arena& arena, std::string_view s) {
  if (IsAscii(s)) return s;
  utf8proc_uint8_t* out = nullptr;
  auto n = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(s.data()),
                        static_cast<utf8proc_ssize_t>(s.size()), &out,
                        static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  if (n < 0) return s;
  std::string_view normal(reinterpret_cast<const char*>(out), static_cast<std::size_t>(n));
  std::string_view result = normal == s ? s : arena.CopyString(normal);
  std::free(out);
  return result;
}

std::size_t FindInvalidUtf8(std::string_view s) {
  std::size_t i = 0;
  while (i < s.size()) {
    if (IsAscii(s.substr(i, 64))) {
      i += 64;
      continue;
    }
    std::size_t stop = i + 64;
    while (i < stop && i < s.size()) {
      std::size_t n = IsAscii(s[i]) ? 1 : Decode(s.substr(i)).length;
      if (n == 0) return i;
      i += n;
    }
  }
  return std::string_view::npos;
}

std::string_view RepairUtf8(Arena& arena, std::string_view s) {
  std::span<char> copy = arena.NewArray<char>(s.size());
  std::memcpy(copy.data(), s.data(), s.size());
  std::size_t i = 0;
  while (i < s.size()) {
    std::size_t bad = FindInvalidUtf8(s.substr(i));
    if (bad == std::string_view::npos) break;
    copy[i + bad] = '?';
    i += bad + 1;
  }
  return {copy.data(), copy.size()};
}

}  // namespace plumbline::hcl
