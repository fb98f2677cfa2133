// Where things end in YAML text. yaml-cpp reports only where a node starts (its anchor or tag, when
// it has one), so the exact byte ranges are found by looking at the source again. Nothing here
// judges syntax: the text was accepted before.
#pragma once

#include <cstdint>
#include <string_view>

namespace plumbline::yaml {

/// Skips blanks, line breaks and comments.
std::uint32_t SkipBlank(std::string_view text, std::uint32_t at);
/// Skips anchors and tags (`&a !!str`) and the blanks behind them: the first character of the
/// node's content.
std::uint32_t SkipProperties(std::string_view text, std::uint32_t at);
/// The offset behind a scalar that starts at `at` (behind its properties) and whose decoded text is
/// `value`.
std::uint32_t ScalarEnd(std::string_view text, std::uint32_t at, std::string_view value);
/// The offset behind `*name`.
std::uint32_t AliasEnd(std::string_view text, std::uint32_t at);
/// The offset behind the bracket that closes a flow collection whose last child ends at `at`; `at`
/// when there is none.
std::uint32_t FlowEnd(std::string_view text, std::uint32_t at, char close);
/// The offset of the first quote at or behind `at` that is never closed; npos when there is none.
std::size_t FindUnclosedQuote(std::string_view text, std::size_t at);

}  // namespace plumbline::yaml
