#include "terraform/modules/versions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace plumbline::terraform {
namespace {

using Op = VersionConstraint::Op;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsIdentifierChar(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '~';
}

bool IsDotted(std::string_view s) {
  if (s.empty() || s.front() == '.' || s.back() == '.') return false;
  if (s.find("..") != std::string_view::npos) return false;
  return std::ranges::all_of(s, [](char c) { return IsIdentifierChar(c) || c == '.'; });
}

std::string_view Trim(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t' || s.front() == '\n'))
    s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t' || s.back() == '\n'))
    s.remove_suffix(1);
  return s;
}

// Reads "1.2.3" off the front of `s`.
bool TakeSegments(std::string_view& s, Version& out) {
  while (true) {
    std::uint64_t n = 0;
    auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), n);
    if (error != std::errc() || end == s.data()) return false;
    s.remove_prefix(static_cast<std::size_t>(end - s.data()));
    out.segments.push_back(n);
    if (s.size() < 2 || s[0] != '.' || !IsDigit(s[1])) return true;
    s.remove_prefix(1);
  }
}

int Compare(std::uint64_t a, std::uint64_t b) { return a < b ? -1 : a > b ? 1 : 0; }

int ComparePart(std::string_view a, std::string_view b) {
  bool a_number = std::ranges::all_of(a, IsDigit), b_number = std::ranges::all_of(b, IsDigit);
  if (a_number != b_number) return a_number ? -1 : 1;
  if (a_number && a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b);
}

int ComparePrereleases(std::string_view a, std::string_view b) {
  if (a == b) return 0;
  if (a.empty() || b.empty()) return a.empty() ? 1 : -1;
  while (!a.empty() && !b.empty()) {
    std::size_t i = std::min(a.find('.'), a.size()), j = std::min(b.find('.'), b.size());
    if (int c = ComparePart(a.substr(0, i), b.substr(0, j)); c != 0) return c;
    a.remove_prefix(std::min(i + 1, a.size()));
    b.remove_prefix(std::min(j + 1, b.size()));
  }
  return a.empty() ? (b.empty() ? 0 : -1) : 1;
}

std::uint64_t Segment(const Version& v, std::size_t i) {
  return i < v.segments.size() ? v.segments[i] : 0;
}

bool SameSegments(const Version& a, const Version& b) {
  for (std::size_t i = 0; i < std::max(a.segments.size(), b.segments.size()); ++i) {
    if (Segment(a, i) != Segment(b, i)) return false;
  }
  return true;
}

// An ordering constraint says nothing about prereleases of other versions than its own.
bool PrereleaseFits(const Version& v, const Version& c) {
  if (v.prerelease.empty()) return true;
  return !c.prerelease.empty() && SameSegments(v, c);
}

bool MeetsPessimistic(const Version& v, const Version& c) {
  if (!PrereleaseFits(v, c) || (!c.prerelease.empty() && v.prerelease.empty())) return false;
  if (CompareVersions(v, c) < 0) return false;
  for (std::size_t i = 0; i + 1 < c.given; ++i) {
    if (Segment(v, i) != Segment(c, i)) return false;
  }
  return true;
}

bool MeetsOne(const Version& v, const VersionConstraint& c) {
  int order = CompareVersions(v, c.version);
  switch (c.op) {
    case Op::kEqual:
      return order == 0;
    case Op::kNotEqual:
      return order != 0;
    case Op::kGreater:
      return PrereleaseFits(v, c.version) && order > 0;
    case Op::kGreaterEqual:
      return PrereleaseFits(v, c.version) && order >= 0;
    case Op::kLess:
      return PrereleaseFits(v, c.version) && order < 0;
    case Op::kLessEqual:
      return PrereleaseFits(v, c.version) && order <= 0;
    case Op::kPessimistic:
      return MeetsPessimistic(v, c.version);
  }
  return false;
}

Result<VersionConstraint> ParseConstraint(std::string_view text) {
  // The longer spellings first.
  constexpr auto kOps = std::to_array<std::pair<std::string_view, Op>>({
      {"!=", Op::kNotEqual},
      {">=", Op::kGreaterEqual},
      {"<=", Op::kLessEqual},
      {"~>", Op::kPessimistic},
      {"=", Op::kEqual},
      {">", Op::kGreater},
      {"<", Op::kLess},
  });
  VersionConstraint out;
  std::string_view rest = Trim(text);
  for (const auto& [spelling, op] : kOps) {
    if (!rest.starts_with(spelling)) continue;
    out.op = op;
    rest = Trim(rest.substr(spelling.size()));
    break;
  }
  auto version = ParseVersion(rest);
  if (!version) {
    return Fail(fmt::format(
        "\"{}\" is no version constraint; expected a version behind =, !=, >, >=, <, <= or ~>",
        Trim(text)));
  }
  out.bare = rest.data() == Trim(text).data();
  out.version = std::move(*version);
  return out;
}

}  // namespace

std::optional<Version> ParseVersion(std::string_view text) {
  Version out;
  out.text = text;
  std::string_view s = text;
  if (s.starts_with('v')) s.remove_prefix(1);
  if (s.size() > 256 || !TakeSegments(s, out)) return std::nullopt;
  out.given = out.segments.size();
  while (out.segments.size() < 3) out.segments.push_back(0);
  std::size_t plus = std::min(s.find('+'), s.size());
  if (plus < s.size() && !IsDotted(s.substr(plus + 1))) return std::nullopt;
  s = s.substr(0, plus);
  if (s.empty()) return out;
  // "1.0-beta" and "1.0beta", but a number needs its hyphen.
  if (s.front() == '-') {
    s.remove_prefix(1);
  } else if (IsDigit(s.front())) {
    return std::nullopt;
  }
  if (!IsDotted(s)) return std::nullopt;
  out.prerelease = s;
  return out;
}

int CompareVersions(const Version& a, const Version& b) {
  for (std::size_t i = 0; i < std::max(a.segments.size(), b.segments.size()); ++i) {
    if (int c = Compare(Segment(a, i), Segment(b, i)); c != 0) return c;
  }
  return ComparePrereleases(a.prerelease, b.prerelease);
}

Result<VersionConstraints> ParseConstraints(std::string_view text) {
  VersionConstraints out;
  if (Trim(text).empty()) return out;
  for (std::size_t i = 0; i <= text.size();) {
    std::size_t end = std::min(text.find(',', i), text.size());
    PL_TRY(VersionConstraint c, ParseConstraint(text.substr(i, end - i)));
    out.push_back(std::move(c));
    i = end + 1;
  }
  return out;
}

bool Meets(const Version& version, const VersionConstraints& constraints) {
  if (!version.prerelease.empty() && (constraints.size() != 1 || !constraints[0].bare))
    return false;
  return std::ranges::all_of(constraints,
                             [&](const VersionConstraint& c) { return MeetsOne(version, c); });
}

std::string NewestMatching(const std::vector<std::string>& available,
                           const VersionConstraints& constraints) {
  std::optional<Version> best;
  for (const std::string& text : available) {
    auto v = ParseVersion(text);
    if (!v || !Meets(*v, constraints)) continue;
    if (!best || CompareVersions(*v, *best) > 0) best = std::move(v);
  }
  return best ? best->text : std::string();
}

std::string ExactVersion(const VersionConstraints& constraints) {
  for (const VersionConstraint& c : constraints) {
    if (c.op == Op::kEqual) return Meets(c.version, constraints) ? c.version.text : std::string();
  }
  return {};
}

}  // namespace plumbline::terraform
