#include "hcl/admit.h"

#include <string>

#include "hcl/text.h"

namespace plumbline::hcl {

// The text as both parsers may read it; empty with a diagnostic when it is too large or no text at
// all.
std::string_view AdmitText(FileId file, std::string_view text, Arena& arena, const Limits& limits,
                           Diagnostics& diagnostics) {
  if (text.size() > limits.max_file_bytes) {
    diagnostics.push_back({DiagnosticCode::kLimit,
                           "the file has " + std::to_string(text.size()) +
                               " bytes: expected at most " + std::to_string(limits.max_file_bytes),
                           {file, 0, 0}});
    return {};
  }
  std::size_t bad = FindInvalidUtf8(text);
  if (bad == std::string_view::npos) return text;
  bool binary = text.substr(0, 8192).find('\0') != std::string_view::npos;
  auto at = static_cast<std::uint32_t>(bad);
  diagnostics.push_back({DiagnosticCode::kUnreadable,
                         binary ? "the file is binary: expected text in UTF-8"
                                : "the file holds a byte that is no UTF-8: expected text in UTF-8",
                         {file, at, at + 1}});
  return binary ? std::string_view() : RepairUtf8(arena, text);
}

}  // namespace plumbline::hcl
