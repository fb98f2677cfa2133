// Text helpers shared by the formats: escaping, wrapping, counting.
#pragma once

#include <string>
#include <string_view>

#include "plumbline/finding.h"

namespace plumbline::report {

/// XML and HTML text and attribute values; characters that XML 1.0 forbids become U+FFFD.
void AppendXml(std::string& out, std::string_view text);
std::string Xml(std::string_view text);

/// Source text made safe for a terminal: control characters become U+FFFD, a tab two spaces.
std::string Printable(std::string_view text);
/// Unicode code points.
std::size_t Width(std::string_view text);

/// Breaks `text` at spaces so that lines stay within `width`; every line but the first starts with
/// `indent` spaces.
std::string Wrap(std::string_view text, std::size_t width, std::size_t indent);

/// "1 finding", "2 findings".
std::string Count(std::size_t n, std::string_view noun);

/// "main.tf:3:5", "main.tf:3", "main.tf" or "" as far as known.
std::string Place(const Location& location);

/// "fails in prod, qa; passes in dev; undetermined in lab"; "in every environment (dev, prod)";
/// empty without environments.
std::string EnvironmentsText(const Finding& finding);
/// The message with its environments behind it, for formats that have no place of their own for
/// them.
std::string MessageWithEnvironments(const Finding& finding);

/// Percent-encodes a path for use as a URI reference; an absolute path becomes a file: URI.
std::string Uri(std::string_view path);

}  // namespace plumbline::report
