#include "gotmpl/utf8.h"

#include <fmt/format.h>
#include <utf8proc.h>

namespace plumbline::gotmpl {
namespace {

constexpr char32_t kBad = 0xFFFD;

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

utf8proc_category_t Category(char32_t rune) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(rune));
}

// One escape behind a backslash; false when it is none that Go knows.
bool UnquoteEscape(std::string_view& rest, char quote, std::string* out) {
  if (rest.empty()) return false;
  char c = rest[0];
  rest.remove_prefix(1);
  constexpr std::string_view kNames = "abfnrtv\\", kValues = "\a\b\f\n\r\t\v\\";
  if (std::size_t at = kNames.find(c); at != std::string_view::npos) {
    *out += kValues[at];
    return true;
  }
  if (c == quote && (c == '"' || c == '\'')) {
    *out += c;
    return true;
  }
  std::size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
  if (digits > 0) {
    char32_t rune = 0;
    if (rest.size() < digits) return false;
    for (std::size_t i = 0; i < digits; ++i) {
      int d = HexDigit(rest[i]);
      if (d < 0) return false;
      rune = rune * 16 + static_cast<char32_t>(d);
    }
    rest.remove_prefix(digits);
    if (c == 'x') {
      *out += static_cast<char>(rune);
      return true;
    }
    if (rune > 0x10FFFF || (rune >= 0xD800 && rune <= 0xDFFF)) return false;
    AppendUtf8(*out, rune);
    return true;
  }
  if (c < '0' || c > '7' || rest.size() < 2) return false;
  unsigned byte = static_cast<unsigned>(c - '0');
  for (int i = 0; i < 2; ++i) {
    if (rest[i] < '0' || rest[i] > '7') return false;
    byte = byte * 8 + static_cast<unsigned>(rest[i] - '0');
  }
  rest.remove_prefix(2);
  if (byte > 255) return false;
  *out += static_cast<char>(byte);
  return true;
}

void AppendEscape(std::string& out, char32_t rune) {
  switch (rune) {
    case '\a':
      out += "\\a";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\v':
      out += "\\v";
      return;
    default:
      break;
  }
  auto code = static_cast<std::uint32_t>(rune);
  if (code < 0x20 || code == 0x7F) {
    out += fmt::format("\\x{:02x}", code);
  } else if (code < 0x10000) {
    out += fmt::format("\\u{:04x}", code);
  } else {
    out += fmt::format("\\U{:08x}", code);
  }
}

}  // namespace

char32_t DecodeUtf8(std::string_view text, std::size_t* width) {
  utf8proc_int32_t rune = 0;
  utf8proc_ssize_t n = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                        static_cast<utf8proc_ssize_t>(text.size()), &rune);
  if (n <= 0) {
    *width = 1;
    return kBad;
  }
  *width = static_cast<std::size_t>(n);
  return static_cast<char32_t>(rune);
}

void AppendUtf8(std::string& out, char32_t rune) {
  if (rune > 0x10FFFF || (rune >= 0xD800 && rune <= 0xDFFF)) rune = kBad;
  utf8proc_uint8_t buffer[4];
  utf8proc_ssize_t n = utf8proc_encode_char(static_cast<utf8proc_int32_t>(rune), buffer);
  out.append(reinterpret_cast<const char*>(buffer), static_cast<std::size_t>(n));
}

std::size_t RuneCount(std::string_view text) {
  std::size_t n = 0;
  for (std::size_t width = 0; !text.empty(); text.remove_prefix(width), ++n)
    DecodeUtf8(text, &width);
  return n;
}

bool IsValidUtf8(std::string_view text) {
  for (std::size_t width = 0; !text.empty(); text.remove_prefix(width)) {
    if (DecodeUtf8(text, &width) == kBad && width == 1) return false;
  }
  return true;
}

bool IsLetter(char32_t rune) {
  auto c = Category(rune);
  return c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_LO;
}

bool IsLetterOrDigit(char32_t rune) {
  if (rune < 0x80) {
    char32_t lower = rune | 0x20;
    return (lower >= 'a' && lower <= 'z') || (rune >= '0' && rune <= '9');
  }
  return IsLetter(rune) || Category(rune) == UTF8PROC_CATEGORY_ND;
}

bool IsPrintable(char32_t rune) {
  if (rune == ' ') return true;
  switch (Category(rune)) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CN:
      return false;
    default:
      return true;
  }
}

std::string Quote(std::string_view text, bool ascii_only) {
  std::string out = "\"";
  for (std::size_t width = 0; !text.empty(); text.remove_prefix(width)) {
    char32_t rune = DecodeUtf8(text, &width);
    if (rune == kBad && width == 1) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[0]));
    } else if (rune == '"' || rune == '\\') {
      out += '\\';
      out += static_cast<char>(rune);
    } else if (IsPrintable(rune) && (rune < 0x7F || !ascii_only)) {
      out.append(text.substr(0, width));
    } else {
      AppendEscape(out, rune);
    }
  }
  return out + '"';
}

bool Unquote(std::string_view literal, std::string* out) {
  out->clear();
  if (literal.size() < 2 || literal.front() != literal.back()) return false;
  char quote = literal.front();
  std::string_view rest = literal.substr(1, literal.size() - 2);
  if (quote == '`') {
    for (char c : rest) {
      if (c != '\r') *out += c;
    }
    return true;
  }
  while (!rest.empty()) {
    char c = rest[0];
    if (c == quote || c == '\n') return false;
    if (c != '\\') {
      *out += c;
      rest.remove_prefix(1);
      continue;
    }
    rest.remove_prefix(1);
    if (!UnquoteEscape(rest, quote, out)) return false;
  }
  return quote != '\'' || RuneCount(*out) == 1;
}

}  // namespace plumbline::gotmpl
