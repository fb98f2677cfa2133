#include "report/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace plumbline::report {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool IsControl(unsigned char c) { return c < 0x20 || c == 0x7F; }

// Bytes of the well-formed UTF-8 sequence at the start of `s`, or 0.
std::size_t SequenceLength(std::string_view s) {
  auto c = static_cast<unsigned char>(s[0]);
  std::size_t n = c < 0x80                ? 1
                  : c >= 0xC2 && c < 0xE0 ? 2
                  : (c & 0xF0) == 0xE0    ? 3
                  : c >= 0xF0 && c < 0xF5 ? 4
                                          : 0;
  if (n == 0 || n > s.size()) return 0;
  for (std::size_t i = 1; i < n; ++i) {
    if ((static_cast<unsigned char>(s[i]) & 0xC0) != 0x80) return 0;
  }
  return n;
}

std::string_view XmlEntity(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    // Kept as references so that attribute values do not lose them.
    case '\n':
      return "&#10;";
    case '\t':
      return "&#9;";
    default:
      return IsControl(static_cast<unsigned char>(c)) ? kReplacement : std::string_view();
  }
}

}  // namespace

void AppendXml(std::string& out, std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    std::size_t n = SequenceLength(text.substr(i));
    std::string_view entity = n == 1 ? XmlEntity(text[i]) : std::string_view();
    std::string_view bytes = text.substr(i, n);
    // U+FFFE and U+FFFF are no XML characters either.
    bool forbidden = n == 0 || bytes == "\xEF\xBF\xBE" || bytes == "\xEF\xBF\xBF";
    out += forbidden ? kReplacement : entity.empty() ? bytes : entity;
    i += std::max<std::size_t>(n, 1);
  }
}

std::string Xml(std::string_view text) {
  std::string out;
  AppendXml(out, text);
  return out;
}

std::string Printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t n = SequenceLength(text.substr(i));
    if (text[i] == '\t') {
      out += "  ";
    } else if (n == 0 || (n == 1 && IsControl(static_cast<unsigned char>(text[i]))) ||
               (n == 2 && text[i] == '\xC2' && static_cast<unsigned char>(text[i + 1]) < 0xA0)) {
      out += kReplacement;
    } else {
      out += text.substr(i, n);
    }
    i += std::max<std::size_t>(n, 1);
  }
  return out;
}

std::size_t Width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string Wrap(std::string_view text, std::size_t width, std::size_t indent) {
  std::string out;
  std::size_t column = indent;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = std::min(text.find_first_of(" \n", i), text.size());
    std::string_view word = text.substr(i, end - i);
    i = end + 1;
    if (word.empty()) continue;
    std::size_t w = Width(word);
    bool first = column == indent;
    if (!first && column + 1 + w > width) {
      out += '\n';
      out.append(indent, ' ');
      column = indent;
      first = true;
    }
    if (!first) out += ' ';
    out += word;
    column += w + (first ? 0 : 1);
  }
  return out;
}

std::string Count(std::size_t n, std::string_view noun) {
  return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
}

std::string Place(const Location& l) {
  if (l.line == 0) return l.file;
  if (l.column == 0) return fmt::format("{}:{}", l.file, l.line);
  return fmt::format("{}:{}:{}", l.file, l.line, l.column);
}

std::string Uri(std::string_view path) {
  std::string out = path.starts_with('/') ? "file://" : "";
  for (char c : path) {
    auto u = static_cast<unsigned char>(c);
    bool plain = (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') || (u >= '0' && u <= '9') ||
                 std::string_view("-._~/@+").find(c) != std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", u);
    }
  }
  return out;
}

std::string EnvironmentsText(const Finding& finding) {
  if (finding.environments.empty()) return {};
  std::string occurs = finding.status == Status::kFail      ? "fails"
                       : finding.status == Status::kPass    ? "passes"
                       : finding.status == Status::kIgnored ? "ignored"
                                                            : "undetermined";
  if (finding.environment_results.empty())
    return fmt::format("{} in every environment ({})", occurs,
                       fmt::join(finding.environments, ", "));
  std::string out = fmt::format("{} in {}", occurs, fmt::join(finding.environments, ", "));
  auto add = [&](std::string_view what, auto&& wanted) {
    std::vector<std::string_view> names;
    for (const EnvironmentResult& r : finding.environment_results) {
      bool listed = !r.absent && r.status == finding.status;
      if (!listed && wanted(r)) names.push_back(r.name);
    }
    if (!names.empty()) out += fmt::format("; {} in {}", what, fmt::join(names, ", "));
  };
  auto has = [](Status s) {
    return [s](const EnvironmentResult& r) { return !r.absent && r.status == s; };
  };
  add("ignored", has(Status::kIgnored));
  add("undetermined", has(Status::kUnknown));
  add("passes", has(Status::kPass));
  add("does not exist", [](const EnvironmentResult& r) { return r.absent; });
  return out;
}

std::string MessageWithEnvironments(const Finding& finding) {
  std::string environments = EnvironmentsText(finding);
  return environments.empty() ? finding.message
                              : fmt::format("{} ({})", finding.message, environments);
}

}  // namespace plumbline::report
