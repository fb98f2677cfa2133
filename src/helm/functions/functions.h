// The functions of Helm's templates: those of sprig (without env and expandenv) and Helm's own,
// with the answers of Helm v3.22 to the byte. What is random or a matter of time there is
// well-formed and always the same here.
#pragma once

#include <cstdint>
#include <string_view>

#include "gotmpl/function.h"

namespace plumbline::helm {

/// What the functions know of the world; the executor's `context` points to one, or to nothing.
struct FunctionContext {
  std::int64_t now = kDefaultNow;                             // seconds since 1970
  static constexpr std::int64_t kDefaultNow = 1'735'689'600;  // 2025-01-01T00:00:00Z
};

/// The messages of `required` and `fail` stand between these two, so that whoever shows an error
/// can find the user's own words in the chain of templates that led to them.
inline constexpr std::string_view kMessageBegin = "\x02", kMessageEnd = "\x03";

/// Whether a version keeps to a constraint, as Masterminds/semver has it; false for what is
/// neither.
bool InRange(std::string_view constraint, std::string_view version);

/// Whether a text is a version, in the lenient reading that takes "v1.2".
bool IsVersion(std::string_view version);

/// All functions, Go's own included.
void AddFunctions(gotmpl::FunctionSet& set);

}  // namespace plumbline::helm
