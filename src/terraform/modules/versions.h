// Versions and version constraints of registry modules (`~> 1.2, != 1.2.5`), with the semantics
// terraform 1.11 has for them: a prerelease is only taken when it is all that the constraint says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"

namespace plumbline::terraform {

struct Version {
  std::vector<std::uint64_t> segments;  // three at least
  std::size_t given = 0;                // how many were written
  std::string prerelease;
  std::string text;
};

/// Absent when the text is no version ("1.2.3", "v1.2", "1.0.0-beta.1+build").
std::optional<Version> ParseVersion(std::string_view text);
/// <0, 0, >0. Build metadata does not count.
int CompareVersions(const Version& a, const Version& b);

struct VersionConstraint {
  enum class Op : std::uint8_t {
    kEqual,
    kNotEqual,
    kGreater,
    kGreaterEqual,
    kLess,
    kLessEqual,
    kPessimistic
  };
  Op op = Op::kEqual;
  Version version;
  bool bare = false;  // kEqual, written without an operator
};
using VersionConstraints = std::vector<VersionConstraint>;

/// An empty text means no constraint.
Result<VersionConstraints> ParseConstraints(std::string_view text);
bool Meets(const Version& version, const VersionConstraints& constraints);
/// The newest of `available` that meets the constraints, as it is written there; empty when none
/// does. Texts that are no versions are passed over.
std::string NewestMatching(const std::vector<std::string>& available,
                           const VersionConstraints& constraints);
/// The one version that the constraints can mean; empty when several could.
std::string ExactVersion(const VersionConstraints& constraints);

}  // namespace plumbline::terraform
