// Text forms of values and code-point arithmetic on UTF-8.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cel/cel.h"

namespace plumbline::cel {

/// Values built by an expression nest at most this deep where they are compared, printed or
/// converted.
inline constexpr std::uint32_t kMaxValueDepth = 1000;

/// Number of code points. Bytes that are not UTF-8 count one each at most.
std::size_t CodePoints(std::string_view s);
/// Byte offset of code point `index`; the size when `index` is the count; nothing beyond.
std::optional<std::size_t> ByteOffset(std::string_view s, std::int64_t index);
/// Bytes of the code point at the start of a non-empty string.
std::size_t CodePointSize(std::string_view s);
bool IsValidUtf8(std::string_view s);
/// Shortest text that reads back as the same double, in the style of Go's 'g' format: "1e+21",
/// "-0.0045", "NaN".
std::string DoubleText(double d);
/// What `string(x)` gives, for any scalar; a type's name; an address.
std::string ToText(Val v);
std::string Base64(std::string_view bytes);
/// With or without padding; nothing when it is no base64.
std::optional<std::string> FromBase64(std::string_view text);

}  // namespace plumbline::cel
