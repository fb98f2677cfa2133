#include "cli/cel_command.h"

#include <cstdio>
#include <vector>

#include "cel/cel.h"
#include "cel/typed_json.h"
#include "cli/command.h"
#include "support/fs.h"
#include "value/json.h"

namespace plumbline::cli {
namespace {

constexpr const char* kUsage =
    "Usage: plumbline cel [OPTION]... EXPRESSION\n\n"
    "  --bindings FILE   JSON object of variables\n"
    "  --container NAME  where names are looked up first\n"
    "  --typed           write values with their types, read bindings so: {\"int\": \"1\"}\n"
    "  --no-check        no type check before evaluation\n"
    "  --lenient         the dialect of rules: what is absent is null\n";

struct Bindings {
  std::vector<cel::Variable> variables;
  std::vector<cel::Val> values;
};

Result<Bindings> ReadBindings(const CelArgs& args, const Limits& limits, Arena& arena) {
  Bindings out;
  if (args.bindings_file.empty()) return out;
  DiskFileSystem disk;
  PL_TRY(std::string text, disk.ReadFile(args.bindings_file, limits.max_file_bytes));
  PL_TRY(Value json, ParseJson(arena, text, limits));
  if (!json.is_mapping()) return Fail("the bindings must be a JSON object of variables");
  for (const Member& member : json.members()) {
    cel::Val value = cel::Val::FromValue(&member.value);
    if (args.typed) {
      PL_TRY(value, cel::FromTypedJson(member.value, arena));
    }
    out.variables.push_back({member.key, nullptr});
    out.values.push_back(value);
  }
  return out;
}

int Print(const CelArgs& args, cel::Val value, Arena& arena) {
  std::string out;
  if (args.typed) {
    cel::AppendTypedJson(out, value);
  } else if (value.is_error()) {
    UsageError("cel: " + std::string(value.as_error()));
    return 1;
  } else {
    AppendJson(out, cel::ToValue(value, arena));
  }
  std::printf("%s\n", out.c_str());
  return 0;
}

}  // namespace

int RunCel(const CelArgs& args) {
  Limits limits;
  Arena arena;
  auto bindings = ReadBindings(args, limits, arena);
  if (!bindings) {
    return UsageError("cel: " + bindings.error().message);
  }
  cel::CompileOptions options;
  options.variables = bindings->variables;
  options.container = args.container;
  options.lenient = args.lenient;
  options.check = !args.no_check;
  options.limits = &limits;
  auto code = cel::Compile(args.expression, options);
  if (!code) {
    std::string_view message = code.error().message;
    return Print(args, cel::Val::Error(&message), arena);
  }
  cel::Activation activation;
  activation.variables = bindings->values;
  activation.arena = &arena;
  activation.limits = &limits;
  return Print(args, cel::Evaluate(*code, activation), arena);
}

namespace {

/// Empty when the arguments are right, else what is wrong with them.
std::string ParseArguments(const std::vector<std::string>& args, CelArgs& out) {
  bool found = false, only_expression = false;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::string& arg = args[i];
    bool option = !only_expression && arg.starts_with("--");
    bool needs_value = option && (arg == "--bindings" || arg == "--container");
    if (needs_value && i + 1 == args.size()) return arg + " needs a value";
    if (!option) {
      if (found) return "one expression is expected, found another: " + arg;
      out.expression = arg;
      found = true;
    } else if (needs_value) {
      (arg == "--bindings" ? out.bindings_file : out.container) = args[++i];
    } else if (arg == "--") {
      only_expression = true;
    } else if (arg == "--typed") {
      out.typed = true;
    } else if (arg == "--no-check") {
      out.no_check = true;
    } else if (arg == "--lenient") {
      out.lenient = true;
    } else {
      return "unknown option " + arg;
    }
  }
  return found ? std::string() : "an expression is expected";
}

}  // namespace

int RunCelCommand(const std::vector<std::string>& args) {
  if (!args.empty() && (args[0] == "--help" || args[0] == "-h")) {
    std::fputs(kUsage, stdout);
    return kExitOk;
  }
  CelArgs parsed;
  std::string problem = ParseArguments(args, parsed);
  return problem.empty() ? RunCel(parsed) : UsageError("cel: " + problem);
}

}  // namespace plumbline::cli
