#include "cli/cel_command.h"

#include <cstdio>
#include <deque>
#include <vector>

#include "cel/cel.h"
#include "cel/typed_json.h"
#include "support/fs.h"
#include "value/json.h"

namespace plumbline::cli {
namespace {

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
    std::fprintf(stderr, "error: %.*s\n", static_cast<int>(value.as_error().size()),
                 value.as_error().data());
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
    std::fprintf(stderr, "error: %s\n", bindings.error().message.c_str());
    return 2;
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

}  // namespace plumbline::cli
