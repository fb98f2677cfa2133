// Errors are values. `Result<T>` says that a call could not do its job (I/O, usage, a limit);
// faults in the user's files are `Diagnostic`s, collected while the work goes on.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace plumbline {

/// Why a call failed: one sentence that says what is wrong and what was expected.
struct Error {
  std::string message;
};

template <typename T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> Fail(std::string message) {
  return tl::unexpected<Error>(Error{std::move(message)});
}

}  // namespace plumbline

#define PL_CONCAT_(a, b) a##b
#define PL_CONCAT(a, b) PL_CONCAT_(a, b)
/// `PL_TRY(auto doc, ParseYaml(src));` returns the error to the caller or binds the value.
#define PL_TRY_(tmp, decl, expr)                                               \
  auto tmp = (expr);                                                           \
  if (!tmp) return tl::unexpected<::plumbline::Error>(std::move(tmp).error()); \
  decl = std::move(*tmp)
#define PL_TRY(decl, expr) PL_TRY_(PL_CONCAT(pl_try_, __LINE__), decl, expr)
/// `PL_CHECK_OK(Write(out));` for a `Result<void>`.
#define PL_CHECK_OK(expr)                                                 \
  do {                                                                    \
    if (auto pl_r = (expr); !pl_r)                                        \
      return tl::unexpected<::plumbline::Error>(std::move(pl_r).error()); \
  } while (false)
