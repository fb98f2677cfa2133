// The single-byte character sets of textencodebase64() and textdecodebase64().
#pragma once

#include <span>
#include <string_view>

namespace plumbline::terraform::functions {

/// One set: its IANA names in lower case, each between blanks, and the characters of the bytes from
/// 0x80 on, U+FFFD where there is none. The bytes below are ASCII.
struct SingleByteCharset {
  std::string_view names;
  std::u16string_view upper;
};

std::span<const SingleByteCharset> SingleByteCharsets();

}  // namespace plumbline::terraform::functions
