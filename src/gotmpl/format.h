// Go's fmt package for template values: Sprint, Sprintln, Sprintf and the forms of numbers.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "gotmpl/value.h"

namespace plumbline::gotmpl {

/// Texts are made up to about so many bytes; what is longer breaks off behind that.
inline constexpr std::size_t kMaxPrinted = 32u << 20;

/// %v. nil and no value are "<nil>".
std::string Sprint(Value v);
/// `depth` > 0: `v` stands inside of something.
void AppendPrinted(std::string& out, Value v, int depth = 0);
/// Blanks between operands of which neither is a text.
std::string Sprint(std::span<const Value> values);
std::string Sprintln(std::span<const Value> values);
/// All verbs, flags, widths and argument indices; faults are told as Go tells them: %!d(string=x).
std::string Sprintf(std::string_view format, std::span<const Value> values);

/// strconv.FormatFloat with 'e', 'f' or 'g' and a number of digits, or -1 for as few as needed.
std::string FormatFloat(double d, char verb, int precision);

}  // namespace plumbline::gotmpl
