// UTF-8 as Go's runes see it: a bad byte is one U+FFFD.
#pragma once

#include <string>
#include <string_view>

namespace plumbline::gotmpl {

/// The first rune of a text that is not empty, and how many bytes it takes.
char32_t DecodeUtf8(std::string_view text, std::size_t* width);
void AppendUtf8(std::string& out, char32_t rune);
std::size_t RuneCount(std::string_view text);
bool IsValidUtf8(std::string_view text);
/// unicode.IsLetter or unicode.IsDigit.
bool IsLetterOrDigit(char32_t rune);
bool IsLetter(char32_t rune);
/// strconv.IsPrint.
bool IsPrintable(char32_t rune);
/// strconv.Quote, or QuoteToASCII.
std::string Quote(std::string_view text, bool ascii_only = false);
/// strconv.Unquote of a Go literal with its quotes ('…' gives one rune); false when it is none.
bool Unquote(std::string_view literal, std::string* out);

}  // namespace plumbline::gotmpl
