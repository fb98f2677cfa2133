// Terraform's functions. `try`, `can` and `templatefile`'s evaluation belong to the evaluator;
// everything else is here.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/arena.h"
#include "support/fs.h"
#include "support/limits.h"
#include "support/result.h"
#include "value/value.h"

namespace plumbline::terraform {

/// What a function may see beside its arguments.
struct FunctionContext {
  Arena& arena;
  const Limits& limits;
  const FileSystem& fs;
  std::string_view working_dir;   // relative paths of file() and friends start here
  std::string_view allowed_root;  // absolute; reading outside it is an error that says so
  std::string_view timestamp;     // RFC 3339, for plantimestamp(); empty: unknown
  /// Evaluates a template file's text with `vars` (templatefile, templatestring). `path` is for
  /// messages.
  std::function<Result<Value>(std::string_view text, std::string_view path, Value vars)>
      render_template;
  /// Further folders and files that may be read (--allow-path).
  std::span<const std::string> allowed_paths = {};
  /// The same for the folders (resolved) of the remote module that calls.
  std::span<const std::string_view> packages = {};
};

/// True for every function of Terraform 1.11, with and without the `core::` prefix, and for those
/// of providers (which CallFunction does not know).
bool IsFunction(std::string_view name);

/// The names of all functions of Terraform itself, sorted.
std::vector<std::string_view> FunctionNames();

/// Calls a function. Unknown and null arguments, marks, variadic expansion and conversions of
/// arguments are as in Terraform: the result is unknown where Terraform's would be, with the cause
/// of the argument it hangs on, its refs, and for jsonencode() its structure (UnknownInfo::json).
/// Errors are messages without a position.
Result<Value> CallFunction(std::string_view name, std::span<const Value> args,
                           FunctionContext& context);

}  // namespace plumbline::terraform
